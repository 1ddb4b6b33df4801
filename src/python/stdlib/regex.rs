//! `re`, on a backtracking engine with a limit.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::{class_once, function, object};
use crate::python::args::Args;
use crate::python::builtins::{self, Lazy, unknown_among};
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::methods::{int_argument, text_argument};
use crate::python::native::{Builtin, Native, NativeClass};
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

const FLAGS: &[(&str, i64)] = &[
    ("IGNORECASE", 2),
    ("I", 2),
    ("LOCALE", 4),
    ("L", 4),
    ("MULTILINE", 8),
    ("M", 8),
    ("DOTALL", 16),
    ("S", 16),
    ("UNICODE", 32),
    ("U", 32),
    ("VERBOSE", 64),
    ("X", 64),
    ("ASCII", 256),
    ("A", 256),
    ("NOFLAG", 0),
    ("DEBUG", 128),
];

/// `re.Pattern`.
struct Pattern {
    source: Str,
    flags: i64,
    regex: Regex,
}

/// `re.Match`.
struct Match {
    text: Str,
    pattern: Rc<Pattern>,
    /// The range of bytes of each group.
    groups: Vec<Option<(usize, usize)>>,
}

struct Opaque;

impl NativeClass for Opaque {
    fn construct(&self, _vm: &mut Vm, class: &Rc<Class>, _args: Args) -> PyResult {
        Err(Raise::exception(
            "TypeError",
            format!("cannot create '{}' instances", class.name),
        ))
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }
}

fn pattern_class() -> Rc<Class> {
    class_once("re", "Pattern", object, Opaque)
}

fn match_class() -> Rc<Class> {
    class_once("re", "Match", object, Opaque)
}

fn error(message: impl std::fmt::Display) -> Box<Raise> {
    Raise::exception(
        "ValueError",
        format!("invalid regular expression: {message}"),
    )
}

thread_local! {
    static CACHE: RefCell<rustc_hash::FxHashMap<(Str, i64), Rc<Pattern>>> = RefCell::default();
}

/// Python's spelling as the engine wants it.
fn translate(source: &str) -> String {
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars().peekable();
    let mut in_class = false;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some('Z') => out.push_str("\\z"),
                Some('A') => out.push_str("\\A"),
                Some(c)
                    if in_class
                        || !matches!(
                            c,
                            '/' | '"' | '\'' | ',' | ':' | ';' | '@' | '=' | '!' | '%' | '`'
                        ) =>
                {
                    out.push('\\');
                    out.push(c);
                }
                Some(c) => out.push(c),
                None => out.push('\\'),
            },
            '[' if in_class => out.push_str("\\["),
            '[' => {
                in_class = true;
                out.push('[');
                if chars.peek() == Some(&'^') {
                    out.push('^');
                    chars.next();
                }
                if chars.peek() == Some(&']') {
                    out.push_str("\\]");
                    chars.next();
                }
            }
            ']' => {
                in_class = false;
                out.push(']');
            }
            '&' | '~' if in_class => {
                out.push('\\');
                out.push(c);
            }
            '(' if !in_class && chars.peek() == Some(&'?') => {
                out.push('(');
                let rest: String = chars.clone().take(3).collect();
                if rest.starts_with("?P=") {
                    chars.nth(2);
                    let name: String = chars.by_ref().take_while(|c| *c != ')').collect();
                    out.pop();
                    out.push_str(&format!("\\k<{name}>"));
                }
            }
            '$' if !in_class => out.push_str("(?=\\n?\\z)"),
            c => out.push(c),
        }
    }
    out
}

fn compile(vm: &mut Vm, source: &Value, flags: i64) -> PyResult<Rc<Pattern>> {
    if let Some(pattern) = source.downcast::<Pattern>() {
        return Ok(pattern);
    }
    let text = match source {
        Value::Bytes(bytes) => Str::from(String::from_utf8_lossy(bytes).into_owned()),
        other => text_argument(vm, other, "first argument")?,
    };
    let key = (text.clone(), flags);
    if let Some(pattern) = CACHE.with_borrow(|cache| cache.get(&key).cloned()) {
        return Ok(pattern);
    }
    vm.charge(text.len() * 200)?;
    vm.step(text.len() as u64)?;
    let multiline =
        flags & 8 != 0 || text.contains("(?m") || text.contains("(?sm") || text.contains("(?im");
    let mut translated = translate(&text);
    if multiline {
        translated = translated.replace("(?=\\n?\\z)", "$");
    }
    let letters: String = [(2, 'i'), (8, 'm'), (16, 's'), (64, 'x')]
        .iter()
        .filter(|(bit, _)| flags & bit != 0)
        .map(|(_, c)| *c)
        .collect();
    if !letters.is_empty() {
        translated = format!("(?{letters}){translated}");
    }
    let regex = RegexBuilder::new(&translated)
        .backtrack_limit(200_000)
        .build()
        .map_err(error)?;
    let pattern = Rc::new(Pattern {
        source: text,
        flags,
        regex,
    });
    CACHE.with_borrow_mut(|cache| {
        if cache.len() > 500 {
            cache.clear();
        }
        cache.insert(key, Rc::clone(&pattern));
    });
    Ok(pattern)
}

fn found(pattern: &Rc<Pattern>, text: &Str, captures: &Captures<'_, str>) -> Match {
    Match {
        text: text.clone(),
        pattern: Rc::clone(pattern),
        groups: (0..captures.len())
            .map(|i| captures.get(i).map(|m| (m.start(), m.end())))
            .collect(),
    }
}

#[derive(Clone, Copy, PartialEq)]
enum How {
    Search,
    Start,
    Whole,
}

fn run(
    vm: &mut Vm,
    pattern: &Rc<Pattern>,
    text: &Str,
    at: usize,
    how: How,
) -> PyResult<Option<Match>> {
    vm.step(1 + text.len() as u64 / 64)?;
    match how {
        How::Search => {
            let captures = pattern
                .regex
                .captures_from_pos(&**text, at)
                .map_err(error)?;
            Ok(captures.map(|c| found(pattern, text, &c)))
        }
        How::Start | How::Whole => {
            // Anchored with the same groups: a pattern of its own, kept like the others.
            let end = if how == How::Whole { "\\Z" } else { "" };
            // In verbose mode the line break ends a comment; elsewhere it would match.
            let tail = if pattern.flags & 64 == 0 { "" } else { "\n" };
            let is_flags = |letters: &str| {
                !letters.is_empty() && letters.bytes().all(|b| b"imsxau".contains(&b))
            };
            let leading = pattern
                .source
                .strip_prefix("(?")
                .and_then(|rest| rest.split_once(')'));
            let source = match leading {
                Some((letters, body)) if is_flags(letters) => {
                    format!("(?{letters})\\A(?:{body}{tail}){end}")
                }
                _ => format!("\\A(?:{}{tail}){end}", pattern.source),
            };
            let anchored = compile(vm, &Value::from(source), pattern.flags)?;
            let rest: Str = if at == 0 {
                text.clone()
            } else {
                Str::from(&text[at..])
            };
            let captures = anchored.regex.captures(&*rest).map_err(error)?;
            Ok(captures.map(|c| {
                let mut hit = found(pattern, text, &c);
                for group in hit.groups.iter_mut().flatten() {
                    group.0 += at;
                    group.1 += at;
                }
                hit
            }))
        }
    }
}

/// Every match, from left to right.
fn every(vm: &mut Vm, pattern: &Rc<Pattern>, text: &Str, limit: usize) -> PyResult<Vec<Match>> {
    let mut out: Vec<Match> = Vec::new();
    let mut at = 0;
    while at <= text.len() && out.len() < limit {
        let Some(hit) = run(vm, pattern, text, at, How::Search)? else {
            break;
        };
        let Some((start, end)) = hit.groups.first().copied().flatten() else {
            break;
        };
        vm.charge(64)?;
        at = if end > start {
            end
        } else {
            end + text[end..].chars().next().map_or(1, char::len_utf8)
        };
        let repeated = start == end
            && out
                .last()
                .and_then(|m| m.groups[0])
                .is_some_and(|(s, e)| e == start && s == e);
        if !repeated {
            out.push(hit);
        }
    }
    Ok(out)
}

impl Match {
    fn index(&self, vm: &Vm, group: &Value) -> PyResult<usize> {
        let missing = || Raise::exception("IndexError", "no such group");
        let _ = vm;
        if let Some(n) = group.as_int() {
            return usize::try_from(n)
                .ok()
                .filter(|n| *n < self.groups.len())
                .ok_or_else(missing);
        }
        let name = group.as_str().ok_or_else(missing)?;
        self.pattern
            .regex
            .capture_names()
            .position(|n| n == Some(&*name))
            .ok_or_else(missing)
    }

    fn text_of(&self, index: usize) -> Value {
        match self.groups.get(index).copied().flatten() {
            Some((start, end)) => Value::str(&self.text[start..end]),
            None => Value::None,
        }
    }

    fn place(&self, byte: usize) -> Value {
        Value::Int(i64::try_from(self.text[..byte].chars().count()).unwrap_or(0))
    }

    fn method(&self, vm: &mut Vm, name: &str, mut args: Args) -> PyResult {
        Ok(match name {
            "group" => match args.pos.len() {
                0 => self.text_of(0),
                1 => {
                    let index = self.index(vm, &args.pos[0])?;
                    self.text_of(index)
                }
                _ => {
                    let mut out = Vec::new();
                    for group in &args.pos {
                        let index = self.index(vm, group)?;
                        out.push(self.text_of(index));
                    }
                    Value::tuple(out)
                }
            },
            "groups" => {
                let default = args.take("default").unwrap_or(Value::None);
                Value::tuple(
                    (1..self.groups.len())
                        .map(|i| {
                            if self.groups[i].is_some() {
                                self.text_of(i)
                            } else {
                                default.clone()
                            }
                        })
                        .collect(),
                )
            }
            "groupdict" => {
                let default = args.take("default").unwrap_or(Value::None);
                let mut out = Dict::default();
                for (i, name) in self.pattern.regex.capture_names().enumerate() {
                    if let Some(name) = name {
                        let value = if self.groups[i].is_some() {
                            self.text_of(i)
                        } else {
                            default.clone()
                        };
                        out.insert(DictKey::str(name), value);
                    }
                }
                Value::dict(out)
            }
            "start" | "end" | "span" => {
                let group = args.take("group").unwrap_or(Value::Int(0));
                let index = self.index(vm, &group)?;
                match (self.groups[index], name) {
                    (Some((start, _)), "start") => self.place(start),
                    (Some((_, end)), "end") => self.place(end),
                    (Some((start, end)), _) => {
                        Value::tuple(vec![self.place(start), self.place(end)])
                    }
                    (None, "span") => Value::tuple(vec![Value::Int(-1), Value::Int(-1)]),
                    (None, _) => Value::Int(-1),
                }
            }
            "expand" => {
                let template = args.require("expand", "template")?;
                let template = vm.str(&template)?;
                Value::from(self.expand(vm, &template)?)
            }
            _ => Value::None,
        })
    }

    /// A replacement template with the groups filled in.
    fn expand(&self, vm: &Vm, template: &str) -> PyResult<String> {
        let mut out = String::new();
        let mut chars = template.chars().peekable();
        while let Some(c) = chars.next() {
            if c != '\\' {
                out.push(c);
                continue;
            }
            match chars.next() {
                Some('g') if chars.peek() == Some(&'<') => {
                    chars.next();
                    let name: String = chars.by_ref().take_while(|c| *c != '>').collect();
                    let group = name
                        .parse::<i64>()
                        .map_or_else(|_| Value::str(&name), Value::Int);
                    let index = self.index(vm, &group)?;
                    if let Value::Str(text) = self.text_of(index) {
                        out.push_str(&text);
                    }
                }
                Some(c) if c.is_ascii_digit() => {
                    let mut n = c.to_digit(10).unwrap_or(0);
                    if let Some(d) = chars.peek().and_then(|c| c.to_digit(10)) {
                        n = n * 10 + d;
                        chars.next();
                    }
                    let index = self.index(vm, &Value::Int(i64::from(n)))?;
                    if let Value::Str(text) = self.text_of(index) {
                        out.push_str(&text);
                    }
                }
                Some('n') => out.push('\n'),
                Some('t') => out.push('\t'),
                Some('r') => out.push('\r'),
                Some(c) if c.is_ascii_alphabetic() => {
                    return Err(error(format!("bad escape \\{c}")));
                }
                Some(c) => {
                    if c != '\\' {
                        out.push('\\');
                    }
                    out.push(c);
                }
                None => out.push('\\'),
            }
        }
        Ok(out)
    }
}

const METHODS: &[&str] = &[
    "match",
    "search",
    "fullmatch",
    "findall",
    "finditer",
    "sub",
    "subn",
    "split",
];

fn method(vm: &mut Vm, pattern: &Rc<Pattern>, name: &str, mut args: Args) -> PyResult {
    if let Some(unknown) = unknown_among(&args.pos, "a match") {
        return Ok(unknown);
    }
    if matches!(name, "sub" | "subn") {
        let replacement = args.require(name, "repl")?;
        let source = args.require(name, "string")?;
        let text = text_argument(vm, &source, "expected string or bytes-like object, string")?;
        let count = int_argument(vm, args.take("count"), 0)?;
        let limit = if count > 0 {
            usize::try_from(count).unwrap_or(usize::MAX)
        } else {
            usize::MAX
        };
        let hits = every(vm, pattern, &text, limit)?;
        let n = hits.len();
        let mut out = String::new();
        let mut at = 0;
        for hit in hits {
            let Some((start, end)) = hit.groups[0] else {
                continue;
            };
            out.push_str(&text[at..start]);
            let piece = match replacement.as_str() {
                Some(template) if template.contains('\\') => hit.expand(vm, &template)?,
                Some(template) => template.to_string(),
                None => {
                    let result = vm.call(&replacement, Args::of(vec![Value::native(hit)]))?;
                    vm.str(&result)?.to_string()
                }
            };
            vm.charge(piece.len())?;
            out.push_str(&piece);
            at = end;
        }
        out.push_str(&text[at..]);
        vm.charge(out.len())?;
        let out = Value::from(out);
        return Ok(if name == "sub" {
            out
        } else {
            Value::tuple(vec![out, Value::Int(i64::try_from(n).unwrap_or(0))])
        });
    }
    let source = args.require(name, "string")?;
    let text = match &source {
        Value::Bytes(bytes) => Str::from(String::from_utf8_lossy(bytes).into_owned()),
        other => text_argument(vm, other, "expected string or bytes-like object, string")?,
    };
    Ok(match name {
        "match" | "search" | "fullmatch" => {
            let start = int_argument(vm, args.take("pos"), 0)?;
            let skip = usize::try_from(start).unwrap_or(0);
            let at = text.char_indices().nth(skip).map_or(text.len(), |(i, _)| i);
            let how = match name {
                "match" => How::Start,
                "fullmatch" => How::Whole,
                _ => How::Search,
            };
            run(vm, pattern, &text, at, how)?.map_or(Value::None, Value::native)
        }
        "finditer" => {
            let hits = every(vm, pattern, &text, usize::MAX)?;
            Lazy::over(
                "callable_iterator",
                hits.into_iter().map(Value::native).collect(),
            )
        }
        "findall" => {
            let empty = |value: Value| {
                if value.is_none() {
                    Value::str("")
                } else {
                    value
                }
            };
            let mut out = Vec::new();
            for hit in every(vm, pattern, &text, usize::MAX)? {
                out.push(match hit.groups.len() {
                    1 => hit.text_of(0),
                    2 => empty(hit.text_of(1)),
                    n => Value::tuple((1..n).map(|i| empty(hit.text_of(i))).collect()),
                });
            }
            Value::list(out)
        }
        _ => {
            let limit = int_argument(vm, args.take("maxsplit"), 0)?;
            let limit = if limit > 0 {
                usize::try_from(limit).unwrap_or(usize::MAX)
            } else {
                usize::MAX
            };
            let mut out = Vec::new();
            let mut at = 0;
            for hit in every(vm, pattern, &text, limit)? {
                let Some((start, end)) = hit.groups[0] else {
                    continue;
                };
                out.push(Value::str(&text[at..start]));
                out.extend((1..hit.groups.len()).map(|i| hit.text_of(i)));
                at = end;
            }
            out.push(Value::str(&text[at..]));
            Value::list(out)
        }
    })
}

impl Native for Pattern {
    fn type_name(&self) -> &str {
        "re.Pattern"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(pattern_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(name) = METHODS.iter().copied().find(|n| *n == name) {
            let Some(pattern) = this.downcast::<Pattern>() else {
                return Ok(None);
            };
            return Ok(Some(Builtin::value(name, move |vm, args| {
                method(vm, &pattern, name, args)
            })));
        }
        Ok(match name {
            "pattern" => Some(Value::Str(self.source.clone())),
            "flags" => Some(Value::Int(self.flags | 32)),
            "groups" => Some(Value::Int(
                i64::try_from(self.regex.captures_len()).unwrap_or(1) - 1,
            )),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(
            format!(
                "re.compile({})",
                crate::python::format::quote(&self.source, false)
            )
            .into(),
        ))
    }
}

impl Native for Match {
    fn type_name(&self) -> &str {
        "re.Match"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(match_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let names = [
            "group",
            "groups",
            "groupdict",
            "start",
            "end",
            "span",
            "expand",
        ];
        if let Some(name) = names.into_iter().find(|n| *n == name) {
            let Some(hit) = this.downcast::<Match>() else {
                return Ok(None);
            };
            return Ok(Some(Builtin::value(name, move |vm, args| {
                hit.method(vm, name, args)
            })));
        }
        Ok(match name {
            "string" => Some(Value::Str(self.text.clone())),
            "re" => Some(Value::Native(Rc::clone(&self.pattern) as Rc<dyn Native>)),
            "lastindex" => Some(
                self.groups
                    .iter()
                    .skip(1)
                    .rposition(Option::is_some)
                    .and_then(|i| i64::try_from(i + 1).ok())
                    .map_or(Value::None, Value::Int),
            ),
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let index = self.index(vm, index)?;
        Ok(Some(self.text_of(index)))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let (start, end) = self.groups.first().copied().flatten().unwrap_or((0, 0));
        let (a, b) = (vm.repr(&self.place(start))?, vm.repr(&self.place(end))?);
        let text = crate::python::format::quote(&self.text[start..end], false);
        Ok(Some(
            format!("<re.Match object; span=({a}, {b}), match={text}>").into(),
        ))
    }
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((_, bits)) = FLAGS.iter().find(|(n, _)| *n == name) {
        return Ok(Some(Value::Int(*bits)));
    }
    if let Some(name) = METHODS.iter().copied().find(|n| *n == name) {
        return Ok(function(name, move |vm, mut args| {
            let source = args.require(name, "pattern")?;
            let mut flags = args.keyword("flags");
            // The flags come last when given by position.
            let own = if name.starts_with("sub") {
                3
            } else {
                usize::from(name == "split") + 1
            };
            if args.pos.len() > own {
                flags = args.pos.pop();
            }
            if let Some(unknown) = unknown_among(std::slice::from_ref(&source), "a pattern") {
                return Ok(unknown);
            }
            let flags = int_argument(vm, flags, 0)?;
            let pattern = compile(vm, &source, flags)?;
            method(vm, &pattern, name, args)
        }));
    }
    Ok(match name {
        "compile" => function("compile", |vm, mut args| {
            let source = args.require("compile", "pattern")?;
            let flags = int_argument(vm, args.take("flags"), 0)?;
            Ok(Value::Native(compile(vm, &source, flags)? as Rc<dyn Native>))
        }),
        "escape" => function("escape", |vm, mut args| {
            let source = args.require("escape", "pattern")?;
            let text = vm.str(&source)?;
            let mut out = String::new();
            for c in text.chars() {
                if c.is_ascii() && !c.is_ascii_alphanumeric() && !"_!\"%',/:;<=>@`".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(Value::from(out))
        }),
        "purge" => function("purge", |_, _| Ok(Value::None)),
        "Pattern" => Some(Value::Class(pattern_class())),
        "Match" => Some(Value::Class(match_class())),
        "error" | "PatternError" => builtins::class("ValueError").map(Value::Class),
        _ => None,
    })
}
