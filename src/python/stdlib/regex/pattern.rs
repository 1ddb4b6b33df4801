//! A compiled pattern, and searching with it.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use fancy_regex::{Captures, Regex, RegexBuilder};

use super::super::{class_once, object};
use super::matched::Match;
use super::translate::translate;
use super::{Opaque, error};
use crate::python::args::Args;
use crate::python::builtins::{Lazy, unknown_among};
use crate::python::class::Class;
use crate::python::error::PyResult;
use crate::python::methods::{int_argument, text_argument};
use crate::python::native::{Builtin, Native};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `re.Pattern`.
pub(super) struct Pattern {
    pub(super) source: Str,
    pub(super) flags: i64,
    pub(super) regex: Regex,
}

pub(super) fn pattern_class() -> Rc<Class> {
    class_once("re", "Pattern", object, Opaque)
}

thread_local! {
    static CACHE: RefCell<rustc_hash::FxHashMap<(Str, i64), Rc<Pattern>>> = RefCell::default();
}

pub(super) fn compile(vm: &mut Vm, source: &Value, flags: i64) -> PyResult<Rc<Pattern>> {
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

pub(super) fn found(pattern: &Rc<Pattern>, text: &Str, captures: &Captures<'_, str>) -> Match {
    Match {
        text: text.clone(),
        pattern: Rc::clone(pattern),
        groups: (0..captures.len())
            .map(|i| captures.get(i).map(|m| (m.start(), m.end())))
            .collect(),
    }
}

#[derive(Clone, Copy, PartialEq)]
pub(super) enum How {
    Search,
    Start,
    Whole,
}

pub(super) fn run(
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
pub(super) fn every(
    vm: &mut Vm,
    pattern: &Rc<Pattern>,
    text: &Str,
    limit: usize,
) -> PyResult<Vec<Match>> {
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

pub(super) const METHODS: &[&str] = &[
    "match",
    "search",
    "fullmatch",
    "findall",
    "finditer",
    "sub",
    "subn",
    "split",
];

pub(super) fn method(vm: &mut Vm, pattern: &Rc<Pattern>, name: &str, mut args: Args) -> PyResult {
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
