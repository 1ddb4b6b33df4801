//! Python values as literals.

use std::fmt::Write;
use std::sync::Arc;

use super::fail;
use crate::expression::Literal;
use crate::python::{PyResult, Value, Vm};

/// How deep lists and dictionaries may nest.
const MAX_DEPTH: usize = 64;

/// A Python value as a literal. Objects without a literal form become [`Literal::Other`].
pub fn literal_of(vm: &mut Vm, value: &Value) -> PyResult<Literal> {
    literal(vm, value, 0)
}

fn literal(vm: &mut Vm, value: &Value, depth: usize) -> PyResult<Literal> {
    if depth > MAX_DEPTH {
        return Err(fail::type_error("the value is nested too deeply"));
    }
    Ok(match value {
        Value::Unknown(reason) => return Err(fail::unknown(vm, reason)),
        Value::None => Literal::Null,
        Value::Bool(flag) => Literal::Bool(*flag),
        Value::Int(number) => Literal::Int(Arc::from(number.to_string())),
        Value::BigInt(number) => Literal::Int(Arc::from(number.to_string())),
        Value::Float(number) => Literal::Float(*number),
        Value::Str(text) => Literal::Str(text.clone()),
        Value::Bytes(bytes) => Literal::Bytes(Arc::from(&bytes[..])),
        Value::List(_) | Value::Tuple(_) | Value::Set(_) | Value::FrozenSet(_) => {
            let items = vm.iterate(value)?;
            let mut list = Vec::with_capacity(items.len());
            for item in &items {
                list.push(literal(vm, item, depth + 1)?);
            }
            Literal::List(list)
        }
        Value::Dict(_) => {
            let mut text = String::new();
            json(vm, value, &mut text, depth)?;
            Literal::Json(Arc::from(text))
        }
        _ => object(vm, value, depth)?,
    })
}

fn object(vm: &mut Vm, value: &Value, depth: usize) -> PyResult<Literal> {
    if let Some(literal) = member(vm, value, depth)? {
        return Ok(literal);
    }
    if let Some(text) = value.as_str() {
        return Ok(Literal::Str(text));
    }
    let class = vm.type_name(value);
    match class.rsplit('.').next().unwrap_or_default() {
        "date" => return Ok(Literal::Date(vm.str(value)?)),
        "datetime" => {
            let text = vm.str(value)?;
            if let Some(literal) = date_time(&text) {
                return Ok(literal);
            }
        }
        "time" => {
            let text = vm.str(value)?;
            if let Some((time, micros, offset)) = time_parts(&text) {
                return Ok(Literal::Time {
                    time: Arc::from(time),
                    micros,
                    offset,
                });
            }
        }
        "timedelta" => {
            let days = integer(vm, value, "days")?;
            let seconds = integer(vm, value, "seconds")?;
            let micros = integer(vm, value, "microseconds")?;
            return Ok(Literal::Interval {
                days,
                seconds,
                micros,
            });
        }
        "Decimal" => return Ok(Literal::Decimal(vm.str(value)?)),
        "UUID" => return Ok(Literal::Uuid(vm.str(value)?)),
        "range" | "dict_keys" | "dict_values" | "dict_items" | "generator" | "deque" => {
            let items = vm.iterate(value)?;
            let mut list = Vec::with_capacity(items.len());
            for item in &items {
                list.push(literal(vm, item, depth + 1)?);
            }
            return Ok(Literal::List(list));
        }
        _ => {}
    }
    if let Some(number) = value.as_int() {
        return Ok(Literal::Int(Arc::from(number.to_string())));
    }
    Ok(Literal::Other(vm.repr(value)?))
}

/// A member of an enumeration: its name and value.
fn member(vm: &mut Vm, value: &Value, depth: usize) -> PyResult<Option<Literal>> {
    let class = vm.class_of(value);
    let is_enum = class.mro.iter().any(|base| &*base.name == "Enum");
    if !is_enum {
        return Ok(None);
    }
    let Some(name) = vm.find_attr(value, "name")?.and_then(|name| name.as_str()) else {
        return Ok(None);
    };
    let inner = match vm.find_attr(value, "value")? {
        Some(inner) => literal(vm, &inner, depth + 1)?,
        None => Literal::Null,
    };
    Ok(Some(Literal::Member(name, Box::new(inner))))
}

fn integer(vm: &mut Vm, value: &Value, name: &str) -> PyResult<i64> {
    Ok(vm
        .find_attr(value, name)?
        .and_then(|found| found.as_int())
        .unwrap_or(0))
}

fn offset_of(text: &str) -> Option<(usize, Option<i32>)> {
    let Some(at) = text.rfind(['+', '-']) else {
        return Some((text.len(), None));
    };
    let sign = if text[at..].starts_with('-') { -1 } else { 1 };
    let mut parts = text[at + 1..].split(':');
    let hours: i32 = parts.next()?.parse().ok()?;
    let minutes: i32 = parts.next().unwrap_or("0").parse().ok()?;
    let seconds: i32 = parts
        .next()
        .unwrap_or("0")
        .split('.')
        .next()?
        .parse()
        .ok()?;
    Some((at, Some(sign * (hours * 3600 + minutes * 60 + seconds))))
}

/// `HH:MM:SS[.ffffff][+HH:MM]`.
fn time_parts(text: &str) -> Option<(&str, u32, Option<i32>)> {
    let (end, offset) = offset_of(text)?;
    let clock = &text[..end];
    let (time, micros) = match clock.split_once('.') {
        Some((time, fraction)) => (time, format!("{fraction:0<6}").parse().ok()?),
        None => (clock, 0),
    };
    Some((time, micros, offset))
}

/// `YYYY-MM-DD HH:MM:SS[.ffffff][+HH:MM]`.
fn date_time(text: &str) -> Option<Literal> {
    let (date, rest) = text.split_once([' ', 'T'])?;
    let (time, micros, offset) = time_parts(rest)?;
    Some(Literal::DateTime {
        date: Arc::from(date),
        time: Arc::from(time),
        micros,
        offset,
    })
}

/// A value as Python's `json.dumps` writes it.
fn json(vm: &mut Vm, value: &Value, out: &mut String, depth: usize) -> PyResult<()> {
    if depth > MAX_DEPTH {
        return Err(fail::type_error("the value is nested too deeply"));
    }
    match value {
        Value::Unknown(reason) => return Err(fail::unknown(vm, reason)),
        Value::None => out.push_str("null"),
        Value::Bool(flag) => {
            let _ = write!(out, "{flag}");
        }
        Value::Int(_) | Value::BigInt(_) | Value::Float(_) => out.push_str(&vm.repr(value)?),
        Value::Dict(entries) => {
            let entries: Vec<(Value, Value)> = entries
                .borrow()
                .iter()
                .map(|(key, value)| (key.value().clone(), value.clone()))
                .collect();
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                match key.as_str() {
                    Some(text) => json_string(&text, out),
                    None => {
                        let mut text = String::new();
                        json(vm, key, &mut text, depth + 1)?;
                        json_string(&text, out);
                    }
                }
                out.push_str(": ");
                json(vm, value, out, depth + 1)?;
            }
            out.push('}');
        }
        Value::List(_) | Value::Tuple(_) => {
            let items = vm.iterate(value)?;
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push_str(", ");
                }
                json(vm, item, out, depth + 1)?;
            }
            out.push(']');
        }
        _ => match value.as_str() {
            Some(text) => json_string(&text, out),
            None => {
                let class = vm.type_name(value);
                return Err(fail::type_error(format!(
                    "Object of type {class} is not JSON serializable"
                )));
            }
        },
    }
    Ok(())
}

fn json_string(text: &str, out: &mut String) {
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            c if (c as u32) < 0x20 || !c.is_ascii() => {
                let mut units = [0u16; 2];
                for unit in c.encode_utf16(&mut units) {
                    let _ = write!(out, "\\u{unit:04x}");
                }
            }
            c => out.push(c),
        }
    }
    out.push('"');
}
