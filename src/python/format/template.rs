//! `template.format(args)`.

use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

struct Fields<'a> {
    args: Args,
    mapping: Option<&'a Value>,
    automatic: usize,
    manual: bool,
}

fn error(message: &str) -> Box<Raise> {
    Raise::exception("ValueError", message)
}

/// `template.format(args)`.
pub fn str_format(vm: &mut Vm, template: &str, args: Args) -> PyResult<Str> {
    let mut fields = Fields {
        args,
        mapping: None,
        automatic: 0,
        manual: false,
    };
    render(vm, template, &mut fields, 0).map(Str::from)
}

/// `template.format_map(mapping)`.
pub fn format_map(vm: &mut Vm, template: &str, mapping: &Value) -> PyResult<Str> {
    let mut fields = Fields {
        args: Args::default(),
        mapping: Some(mapping),
        automatic: 0,
        manual: false,
    };
    render(vm, template, &mut fields, 0).map(Str::from)
}

fn render(vm: &mut Vm, template: &str, fields: &mut Fields<'_>, depth: usize) -> PyResult<String> {
    if depth > 2 {
        return Err(error("Max string recursion exceeded"));
    }
    let chars: Vec<char> = template.chars().collect();
    vm.charge(template.len())?;
    let mut out = String::with_capacity(template.len());
    let mut at = 0;
    while at < chars.len() {
        match chars[at] {
            '{' if chars.get(at + 1) == Some(&'{') => {
                out.push('{');
                at += 2;
            }
            '}' if chars.get(at + 1) == Some(&'}') => {
                out.push('}');
                at += 2;
            }
            '}' => return Err(error("Single '}' encountered in format string")),
            '{' => {
                let start = at + 1;
                let mut level = 1;
                let mut end = start;
                let mut bracket = false;
                let mut in_spec = false;
                while end < chars.len() {
                    match chars[end] {
                        '[' if !in_spec => bracket = true,
                        ']' if !in_spec => bracket = false,
                        ':' | '!' if !bracket => in_spec = true,
                        '{' if !bracket => level += 1,
                        '}' if !bracket => {
                            level -= 1;
                            if level == 0 {
                                break;
                            }
                        }
                        _ => {}
                    }
                    end += 1;
                }
                if end >= chars.len() {
                    return Err(error(if start >= chars.len() {
                        "Single '{' encountered in format string"
                    } else {
                        "expected '}' before end of string"
                    }));
                }
                let field = &chars[start..end];
                out.push_str(&replacement(vm, field, fields, depth)?);
                at = end + 1;
            }
            c => {
                out.push(c);
                at += 1;
            }
        }
    }
    Ok(out)
}

fn replacement(
    vm: &mut Vm,
    field: &[char],
    fields: &mut Fields<'_>,
    depth: usize,
) -> PyResult<Str> {
    vm.step(1)?;
    let mut bracket = false;
    let end = field
        .iter()
        .position(|c| {
            match c {
                '[' => bracket = true,
                ']' => bracket = false,
                _ => {}
            }
            !bracket && matches!(c, ':' | '!')
        })
        .unwrap_or(field.len());
    let name: String = field[..end].iter().collect();
    let mut rest = &field[end..];
    let mut conversion = None;
    if rest.first() == Some(&'!') {
        conversion = rest.get(1).copied();
        if conversion.is_none() {
            return Err(error(
                "end of string while looking for conversion specifier",
            ));
        }
        rest = &rest[2..];
        if !rest.is_empty() && rest[0] != ':' {
            return Err(error("expected ':' after conversion specifier"));
        }
    }
    let spec: String = rest.iter().skip(1).collect();
    let value = lookup(vm, &name, fields)?;
    let spec = if spec.contains(['{', '}']) {
        render(vm, &spec, fields, depth + 1)?
    } else {
        spec
    };
    let value = match conversion {
        None => value,
        Some('s') => Value::Str(vm.str(&value)?),
        Some('r') => Value::Str(vm.repr(&value)?),
        Some('a') => {
            let text = vm.repr(&value)?;
            Value::from(crate::python::builtins::to_ascii(&text))
        }
        Some(other) => {
            return Err(error(&format!("Unknown conversion specifier '{other}'")));
        }
    };
    vm.format(&value, &spec)
}

fn lookup(vm: &mut Vm, name: &str, fields: &mut Fields<'_>) -> PyResult {
    let end = name.find(['.', '[']).unwrap_or(name.len());
    let (first, mut rest) = name.split_at(end);
    let index = if first.is_empty() {
        if fields.manual {
            return Err(error(
                "cannot switch from manual field specification to automatic field numbering",
            ));
        }
        fields.automatic += 1;
        Some(fields.automatic - 1)
    } else if first.bytes().all(|b| b.is_ascii_digit()) {
        if fields.automatic > 0 {
            return Err(error(
                "cannot switch from automatic field numbering to manual field specification",
            ));
        }
        fields.manual = true;
        first.parse().ok()
    } else {
        None
    };
    let mut value = match (index, fields.mapping) {
        (Some(_), Some(_)) => {
            return Err(error("Format string contains positional fields"));
        }
        (Some(index), None) => fields.args.pos.get(index).cloned().ok_or_else(|| {
            Raise::exception(
                "IndexError",
                format!("Replacement index {index} out of range for positional args tuple"),
            )
        })?,
        (None, Some(mapping)) => {
            let mapping = mapping.clone();
            vm.get_item(&mapping, &Value::str(first))?
        }
        (None, None) => fields
            .args
            .kw
            .iter()
            .find(|(key, _)| &**key == first)
            .map(|(_, value)| value.clone())
            .ok_or_else(|| Raise::exception("KeyError", first))?,
    };
    while !rest.is_empty() {
        vm.step(1)?;
        if let Some(tail) = rest.strip_prefix('.') {
            let end = tail.find(['.', '[']).unwrap_or(tail.len());
            if end == 0 {
                return Err(error("Empty attribute in format string"));
            }
            value = vm.get_attr(&value, &tail[..end])?;
            rest = &tail[end..];
        } else if let Some(tail) = rest.strip_prefix('[') {
            let end = tail
                .find(']')
                .ok_or_else(|| error("Missing ']' in format string"))?;
            let key = &tail[..end];
            if key.is_empty() {
                return Err(error("Empty attribute in format string"));
            }
            let key = match key.parse::<i64>() {
                Ok(n) if key.bytes().all(|b| b.is_ascii_digit()) => Value::Int(n),
                _ => Value::str(key),
            };
            value = vm.get_item(&value, &key)?;
            rest = &tail[end + 1..];
        } else {
            return Err(error(
                "Only '.' or '[' may follow ']' in format field specifier",
            ));
        }
    }
    Ok(value)
}
