//! The methods of `str`.

use std::rc::Rc;

use super::{clip, int_argument, text_argument};
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::{PyResult, Raise};
use crate::python::format;
use crate::python::value::{Dict, Str, Value};
use crate::python::vm::Vm;

pub(super) const NAMES: &[&str] = &[
    "capitalize",
    "casefold",
    "center",
    "count",
    "encode",
    "endswith",
    "expandtabs",
    "find",
    "format",
    "format_map",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "islower",
    "isnumeric",
    "isprintable",
    "isspace",
    "istitle",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
    "maketrans",
    "partition",
    "removeprefix",
    "removesuffix",
    "replace",
    "rfind",
    "rindex",
    "rjust",
    "rpartition",
    "rsplit",
    "rstrip",
    "split",
    "splitlines",
    "startswith",
    "strip",
    "swapcase",
    "title",
    "translate",
    "upper",
    "zfill",
];

/// Whether Python counts a character as white space.
pub(crate) fn is_space(c: char) -> bool {
    c.is_whitespace() || matches!(c, '\x1c'..='\x1f')
}

fn slice(text: &str, args: &mut Args, vm: &Vm) -> PyResult<Option<(usize, usize, usize)>> {
    let start = args.take("start");
    let end = args.take("end");
    if start.is_none() && end.is_none() {
        return Ok(Some((0, text.len(), 0)));
    }
    let length = text.chars().count();
    let start = int_argument(vm, start, 0)?;
    let end = int_argument(vm, end, i64::MAX)?;
    if start > i64::try_from(length).unwrap_or(i64::MAX) {
        return Ok(None);
    }
    let (start, end) = clip(start, end, length);
    if start > end {
        return Ok(None);
    }
    let byte = |n: usize| text.char_indices().nth(n).map_or(text.len(), |(i, _)| i);
    Ok(Some((byte(start), byte(end), start)))
}

fn affix(vm: &mut Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let pattern = args.require(name, "prefix")?;
    let Some((start, end, _)) = slice(text, &mut args, vm)? else {
        return Ok(Value::Bool(false));
    };
    let part = &text[start..end];
    let patterns = match &pattern {
        Value::Tuple(items) => items.to_vec(),
        other => vec![other.clone()],
    };
    for pattern in patterns {
        let pattern = pattern.as_str().ok_or_else(|| {
            let found = vm.type_name(&pattern);
            Raise::exception(
                "TypeError",
                format!("{name} first arg must be str or a tuple of str, not {found}"),
            )
        })?;
        let hit = if name == "startswith" {
            part.starts_with(&*pattern)
        } else {
            part.ends_with(&*pattern)
        };
        if hit {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

fn strip(vm: &Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let set: Option<Vec<char>> = match args.take("chars") {
        None | Some(Value::None) => None,
        Some(chars) => Some(
            text_argument(vm, &chars, &format!("{name} arg"))?
                .chars()
                .collect(),
        ),
    };
    let hit = |c: char| {
        set.as_ref()
            .map_or_else(|| is_space(c), |set| set.contains(&c))
    };
    Ok(Value::str(match name {
        "lstrip" => text.trim_start_matches(hit),
        "rstrip" => text.trim_end_matches(hit),
        _ => text.trim_matches(hit),
    }))
}

fn strings<'a>(vm: &mut Vm, parts: impl Iterator<Item = &'a str>) -> PyResult {
    let mut out = Vec::new();
    for part in parts {
        vm.charge(part.len() + 32)?;
        out.push(Value::str(part));
    }
    Ok(Value::list(out))
}

fn split(vm: &mut Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let separator = args.take("sep");
    let limit = int_argument(vm, args.take("maxsplit"), -1)?;
    let limit = usize::try_from(limit).unwrap_or(usize::MAX - 1);
    match separator {
        None | Some(Value::None) => {
            let mut parts: Vec<&str> = Vec::new();
            if name == "split" {
                let mut rest = text.trim_start_matches(is_space);
                while !rest.is_empty() {
                    if parts.len() == limit {
                        parts.push(rest);
                        break;
                    }
                    let end = rest.find(is_space).unwrap_or(rest.len());
                    parts.push(&rest[..end]);
                    rest = rest[end..].trim_start_matches(is_space);
                }
            } else {
                let mut rest = text.trim_end_matches(is_space);
                while !rest.is_empty() {
                    if parts.len() == limit {
                        parts.push(rest);
                        break;
                    }
                    let start = rest
                        .char_indices()
                        .rev()
                        .find(|(_, c)| is_space(*c))
                        .map_or(0, |(i, c)| i + c.len_utf8());
                    parts.push(&rest[start..]);
                    rest = rest[..start].trim_end_matches(is_space);
                }
                parts.reverse();
            }
            strings(vm, parts.into_iter())
        }
        Some(separator) => {
            let separator = text_argument(vm, &separator, "sep")?;
            if separator.is_empty() {
                return Err(Raise::exception("ValueError", "empty separator"));
            }
            if name == "split" {
                strings(vm, text.splitn(limit + 1, &*separator))
            } else {
                let mut parts: Vec<&str> = text.rsplitn(limit + 1, &*separator).collect();
                parts.reverse();
                strings(vm, parts.into_iter())
            }
        }
    }
}

/// The lines of a text, as `str.splitlines` finds them.
pub(crate) fn lines(text: &str, keep: bool) -> Vec<&str> {
    let mut out = Vec::new();
    let mut start = 0;
    let mut chars = text.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        if matches!(
            c,
            '\n' | '\r' | '\x0b' | '\x0c' | '\x1c'..='\x1e' | '\u{85}' | '\u{2028}' | '\u{2029}'
        ) {
            let mut end = i + c.len_utf8();
            if c == '\r' && chars.peek().is_some_and(|(_, c)| *c == '\n') {
                chars.next();
                end += 1;
            }
            out.push(&text[start..if keep { end } else { i }]);
            start = end;
        }
    }
    if start < text.len() {
        out.push(&text[start..]);
    }
    out
}

fn justify(vm: &mut Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let width = int_argument(vm, Some(args.require(name, "width")?), 0)?;
    let fill = match args.take("fillchar") {
        None => ' ',
        Some(fill) => {
            let fill = text_argument(vm, &fill, "The fill character")?;
            let mut chars = fill.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => c,
                _ => {
                    return Err(Raise::exception(
                        "TypeError",
                        "The fill character must be exactly one character long",
                    ));
                }
            }
        }
    };
    let length = text.chars().count();
    let width = usize::try_from(width).unwrap_or(0);
    let missing = width.saturating_sub(length);
    vm.charge(missing.saturating_mul(4))?;
    let pad = |n: usize| fill.to_string().repeat(n);
    Ok(Value::from(match name {
        "ljust" => format!("{text}{}", pad(missing)),
        "rjust" => format!("{}{text}", pad(missing)),
        _ => {
            let left = missing / 2 + (missing & width & 1);
            format!("{}{text}{}", pad(left), pad(missing - left))
        }
    }))
}

/// Capital letters at the start of each word.
fn title(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut inside = false;
    for c in text.chars() {
        if inside {
            out.extend(c.to_lowercase());
        } else {
            // The rest of a letter that becomes several is lower-case: `Ss`.
            let mut upper = c.to_uppercase();
            out.extend(upper.next());
            out.extend(upper.flat_map(char::to_lowercase));
        }
        inside = c.is_alphabetic();
    }
    out
}

fn is_title(text: &str) -> bool {
    let mut inside = false;
    let mut any = false;
    for c in text.chars() {
        if c.is_uppercase() {
            if inside {
                return false;
            }
            inside = true;
            any = true;
        } else if c.is_lowercase() {
            if !inside {
                return false;
            }
        } else {
            inside = false;
        }
    }
    any
}

fn identifier(text: &str) -> bool {
    let mut chars = text.chars();
    chars.next().is_some_and(|c| c == '_' || c.is_alphabetic())
        && chars.all(|c| c == '_' || c.is_alphanumeric())
}

fn translate(vm: &mut Vm, text: &str, table: &Value) -> PyResult {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        vm.step(1)?;
        let code = Value::Int(i64::from(u32::from(c)));
        let found = match table {
            Value::Dict(items) => {
                let key = vm.key(&code)?;
                items.borrow().get(&key).cloned()
            }
            other => match vm.get_item(other, &code) {
                Ok(value) => Some(value),
                Err(raise) if builtins::is_raise(vm, &raise, "LookupError") => None,
                Err(raise) => return Err(raise),
            },
        };
        match found {
            None => out.push(c),
            Some(Value::None) => {}
            Some(value) => match (value.as_str(), value.as_int()) {
                (Some(text), _) => out.push_str(&text),
                (None, Some(code)) => {
                    out.extend(u32::try_from(code).ok().and_then(char::from_u32));
                }
                _ => {
                    return Err(Raise::exception(
                        "TypeError",
                        "character mapping must return integer, None or str",
                    ));
                }
            },
        }
    }
    vm.charge(out.len())?;
    Ok(Value::from(out))
}

fn maketrans(vm: &mut Vm, mut args: Args) -> PyResult {
    let first = args.require("maketrans", "x")?;
    let mut table = Dict::default();
    let code = |c: char| Value::Int(i64::from(u32::from(c)));
    match args.take("y") {
        None => {
            let Value::Dict(items) = &first else {
                return Err(Raise::exception(
                    "TypeError",
                    "if you give only one argument to maketrans it must be a dict",
                ));
            };
            for (key, value) in items.borrow().clone() {
                let key = match key.value().as_str().and_then(|t| t.chars().next()) {
                    Some(c) => code(c),
                    None => key.value().clone(),
                };
                table.insert(vm.key(&key)?, value);
            }
        }
        Some(second) => {
            let from = text_argument(vm, &first, "maketrans arg 1")?;
            let to = text_argument(vm, &second, "maketrans arg 2")?;
            if from.chars().count() != to.chars().count() {
                return Err(Raise::exception(
                    "ValueError",
                    "the first two maketrans arguments must have equal length",
                ));
            }
            for (a, b) in from.chars().zip(to.chars()) {
                table.insert(vm.key(&code(a))?, code(b));
            }
            if let Some(removed) = args.take("z") {
                for c in text_argument(vm, &removed, "maketrans arg 3")?.chars() {
                    table.insert(vm.key(&code(c))?, Value::None);
                }
            }
        }
    }
    Ok(Value::dict(table))
}

/// `replace(old, new, count)`, with Python's rule for an empty `old`.
fn replace(vm: &mut Vm, text: &str, mut args: Args) -> PyResult {
    let old = args.require("replace", "old")?;
    let old = text_argument(vm, &old, "replace() argument 1")?;
    let new = args.require("replace", "new")?;
    let new = text_argument(vm, &new, "replace() argument 2")?;
    let count = int_argument(vm, args.take("count"), -1)?;
    let limit = usize::try_from(count).unwrap_or(usize::MAX);
    let hits = if old.is_empty() {
        text.chars().count() + 1
    } else {
        text.matches(&*old).count()
    };
    vm.charge(
        text.len()
            .saturating_add(hits.min(limit).saturating_mul(new.len())),
    )?;
    Ok(Value::from(text.replacen(&*old, &new, limit)))
}

fn find(vm: &mut Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let needle = args.require(name, "sub")?;
    let needle = text_argument(vm, &needle, &format!("{name}() argument 1"))?;
    let range = slice(text, &mut args, vm)?;
    if name == "count" {
        let Some((start, end, _)) = range else {
            return Ok(Value::Int(0));
        };
        let part = &text[start..end];
        let n = if needle.is_empty() {
            part.chars().count() + 1
        } else {
            part.matches(&*needle).count()
        };
        return Ok(Value::Int(i64::try_from(n).unwrap_or(i64::MAX)));
    }
    let found = range.and_then(|(start, end, skipped)| {
        let part = &text[start..end];
        let at = if name.starts_with('r') {
            part.rfind(&*needle)
        } else {
            part.find(&*needle)
        }?;
        i64::try_from(skipped + part[..at].chars().count()).ok()
    });
    match found {
        Some(at) => Ok(Value::Int(at)),
        None if name.ends_with("find") => Ok(Value::Int(-1)),
        None => Err(Raise::exception("ValueError", "substring not found")),
    }
}

fn partition(vm: &mut Vm, text: &str, name: &str, mut args: Args) -> PyResult {
    let separator = args.require(name, "sep")?;
    let separator = text_argument(vm, &separator, "sep")?;
    if separator.is_empty() {
        return Err(Raise::exception("ValueError", "empty separator"));
    }
    let parts = if name == "partition" {
        text.split_once(&*separator)
            .map_or((text, "", ""), |(a, b)| (a, &separator, b))
    } else {
        text.rsplit_once(&*separator)
            .map_or(("", "", text), |(a, b)| (a, &separator, b))
    };
    Ok(Value::tuple(vec![
        Value::str(parts.0),
        Value::str(parts.1),
        Value::str(parts.2),
    ]))
}

/// Text in which a value among these stands, when one of them is not known.
pub(in crate::python) fn made_from<'a>(
    mut values: impl Iterator<Item = &'a Value>,
) -> Option<Value> {
    values.find_map(|value| match value {
        Value::Unknown(unknown) => Some(Value::Unknown(Rc::new(crate::python::value::Unknown {
            what: format!("text made from {}", unknown.what),
            origin: unknown.origin.clone(),
            from: Some(Rc::clone(unknown)),
            read: false,
            compared: None,
        }))),
        _ => None,
    })
}

fn join(vm: &mut Vm, separator: &str, mut args: Args) -> PyResult {
    let items = args.require("join", "iterable")?;
    let items = vm.iterate(&items)?;
    let mut out = String::new();
    for (i, item) in items.iter().enumerate() {
        let Some(text) = item.as_str() else {
            if let Value::Unknown(unknown) = item {
                return Ok(Value::Unknown(Rc::clone(unknown)));
            }
            let found = vm.type_name(item);
            return Err(Raise::exception(
                "TypeError",
                format!("sequence item {i}: expected str instance, {found} found"),
            ));
        };
        vm.charge(text.len() + separator.len())?;
        if i > 0 {
            out.push_str(separator);
        }
        out.push_str(&text);
    }
    Ok(Value::from(out))
}

fn cased(text: &str, wanted: fn(char) -> bool, other: fn(char) -> bool) -> bool {
    text.chars().any(wanted) && !text.chars().any(other)
}

pub(super) fn call(vm: &mut Vm, this: &Str, name: &str, mut args: Args) -> PyResult<Option<Value>> {
    let text: &str = this;
    let every = |test: fn(char) -> bool| Value::Bool(!text.is_empty() && text.chars().all(test));
    let value = match name {
        "format" => {
            let unknown = made_from(
                args.pos
                    .iter()
                    .chain(args.kw.iter().map(|(_, value)| value)),
            );
            match (format::str_format(vm, text, args), unknown) {
                (Err(raise), Some(unknown)) if raise.is_unknown_value() => unknown,
                (result, _) => Value::Str(result?),
            }
        }
        "format_map" => {
            let mapping = args.require(name, "mapping")?;
            Value::Str(format::format_map(vm, text, &mapping)?)
        }
        "join" => return join(vm, text, args).map(Some),
        "replace" => return replace(vm, text, args).map(Some),
        "split" | "rsplit" => return split(vm, text, name, args).map(Some),
        "splitlines" => {
            let keep = match args.take("keepends") {
                Some(keep) => vm.truth(&keep)?,
                None => false,
            };
            return strings(vm, lines(text, keep).into_iter()).map(Some);
        }
        "strip" | "lstrip" | "rstrip" => return strip(vm, text, name, args).map(Some),
        "startswith" | "endswith" => return affix(vm, text, name, args).map(Some),
        "find" | "rfind" | "index" | "rindex" | "count" => {
            return find(vm, text, name, args).map(Some);
        }
        "partition" | "rpartition" => return partition(vm, text, name, args).map(Some),
        "center" | "ljust" | "rjust" => return justify(vm, text, name, args).map(Some),
        "translate" => {
            let table = args.require(name, "table")?;
            return translate(vm, text, &table).map(Some);
        }
        "maketrans" => return maketrans(vm, args).map(Some),
        "lower" => Value::from(text.to_lowercase()),
        "casefold" => Value::from(text.to_lowercase().replace('ß', "ss").replace('ς', "σ")),
        "upper" => Value::from(text.to_uppercase()),
        "capitalize" => {
            let mut chars = text.chars();
            Value::from(match chars.next() {
                Some(c) => c.to_uppercase().collect::<String>() + &chars.as_str().to_lowercase(),
                None => String::new(),
            })
        }
        "title" => Value::from(title(text)),
        "swapcase" => Value::from(
            text.chars()
                .flat_map(|c| -> Vec<char> {
                    if c.is_uppercase() {
                        c.to_lowercase().collect()
                    } else {
                        c.to_uppercase().collect()
                    }
                })
                .collect::<String>(),
        ),
        "zfill" => {
            let width = int_argument(vm, Some(args.require(name, "width")?), 0)?;
            let missing = usize::try_from(width)
                .unwrap_or(0)
                .saturating_sub(text.chars().count());
            vm.charge(missing)?;
            let (sign, rest) = match text.as_bytes().first() {
                Some(b'+' | b'-') => text.split_at(1),
                _ => ("", text),
            };
            Value::from(format!("{sign}{}{rest}", "0".repeat(missing)))
        }
        "expandtabs" => {
            let size = usize::try_from(int_argument(vm, args.take("tabsize"), 8)?).unwrap_or(0);
            let mut out = String::new();
            let mut column = 0usize;
            for c in text.chars() {
                match c {
                    '\t' => {
                        if size > 0 {
                            let n = size - column % size;
                            vm.charge(n)?;
                            out.push_str(&" ".repeat(n));
                            column += n;
                        }
                    }
                    '\n' | '\r' => {
                        out.push(c);
                        column = 0;
                    }
                    c => {
                        out.push(c);
                        column += 1;
                    }
                }
            }
            Value::from(out)
        }
        "removeprefix" | "removesuffix" => {
            let affix = args.require(name, "prefix")?;
            let affix = text_argument(vm, &affix, &format!("{name}() argument"))?;
            let rest = if name == "removeprefix" {
                text.strip_prefix(&*affix)
            } else {
                text.strip_suffix(&*affix)
            };
            rest.map_or_else(|| Value::Str(this.clone()), Value::str)
        }
        "encode" => {
            let encoding = args.take("encoding").and_then(|e| e.as_str());
            let errors = args.take("errors").and_then(|e| e.as_str());
            return builtins::encode(vm, text, encoding.as_deref(), errors.as_deref()).map(Some);
        }
        "isalnum" => every(char::is_alphanumeric),
        "isalpha" => every(char::is_alphabetic),
        "isascii" => Value::Bool(text.is_ascii()),
        "isdecimal" => every(|c| c.is_ascii_digit() || (!c.is_ascii() && c.is_numeric())),
        "isdigit" => {
            every(|c| c.is_ascii_digit() || matches!(c, '²' | '³' | '¹' | '⁰'..='⁹' | '٠'..='٩'))
        }
        "isnumeric" => every(char::is_numeric),
        "isidentifier" => Value::Bool(identifier(text)),
        "islower" => Value::Bool(cased(text, char::is_lowercase, char::is_uppercase)),
        "isupper" => Value::Bool(cased(text, char::is_uppercase, char::is_lowercase)),
        "isprintable" => Value::Bool(text.chars().all(format::printable)),
        "isspace" => every(is_space),
        "istitle" => Value::Bool(is_title(text)),
        _ => return Ok(None),
    };
    if let Value::Str(text) = &value {
        vm.charge(text.len())?;
    }
    Ok(Some(value))
}
