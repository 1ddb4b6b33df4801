//! PyYAML's loading of plain data: projects keep settings in YAML files.
//!
//! Scalars are resolved as YAML 1.1 has it, which is what PyYAML does:
//! <https://yaml.org/type/>.

use std::rc::Rc;

use libyaml_safer::{EventData, Parser, ScalarStyle};

use crate::frontend::alembic::modules::lazy;
use crate::frontend::alembic::raise;
use crate::python::vm::Module;
use crate::python::{Args, Builtin, Dict, PyResult, Raise, Value, Vm};

/// The module of that name, when it is one of the package's.
pub(super) fn module(dotted: &str) -> Option<Rc<Module>> {
    matches!(dotted, "yaml" | "yaml.error" | "yaml.loader").then(|| lazy(dotted, attr))
}

fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "safe_load" | "load" | "full_load" | "unsafe_load" => {
            Builtin::value("load", |vm, mut args| {
                let mut documents = documents(vm, &mut args)?;
                match documents.len() {
                    0 => Ok(Value::None),
                    1 => Ok(documents.remove(0)),
                    _ => Err(failure(vm, "expected a single document in the stream")),
                }
            })
        }
        "safe_load_all" | "load_all" | "full_load_all" => {
            Builtin::value("load_all", |vm, mut args| {
                documents(vm, &mut args).map(Value::list)
            })
        }
        "YAMLError" => return Ok(raise::class(vm, "YAMLError").map(Value::Class)),
        "MarkedYAMLError" => return Ok(raise::class(vm, "MarkedYAMLError").map(Value::Class)),
        "__version__" => Value::from("6.0.3"),
        "error" | "loader" if module == "yaml" => {
            return vm.import(&format!("yaml.{name}")).map(Some);
        }
        _ => {
            let place = vm.location();
            Value::unknown(format!("`{module}.{name}`"), place)
        }
    }))
}

fn failure(vm: &mut Vm, message: impl Into<String>) -> Box<Raise> {
    raise::exception(vm, "MarkedYAMLError", message)
}

/// The documents of the text, bytes or file given as the first argument.
fn documents(vm: &mut Vm, args: &mut Args) -> PyResult<Vec<Value>> {
    let stream = args.require("load", "stream")?;
    let text = match &stream {
        Value::Str(text) => text.to_string(),
        Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
        file => {
            let read = vm.call_method(file, "read", Args::default())?;
            match &read {
                Value::Str(text) => text.to_string(),
                Value::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
                Value::Unknown(_) => return Ok(vec![read]),
                _ => return Err(failure(vm, "a stream that gives neither text nor bytes")),
            }
        }
    };
    // A node takes several times the room of its text.
    vm.charge(text.len().saturating_mul(8))?;
    let mut reader = Reader::default();
    let mut input = text.as_bytes();
    let mut parser = Parser::new();
    parser.set_input_string(&mut input);
    for event in parser {
        let event = event.map_err(|error| failure(vm, error.to_string()))?;
        reader.event(vm, event.data)?;
    }
    Ok(reader.documents)
}

/// A collection that is being read.
struct Open {
    value: Value,
    /// The key that waits for its value.
    key: Option<Value>,
    /// What `<<` names.
    merged: Vec<Value>,
}

#[derive(Default)]
struct Reader {
    open: Vec<Open>,
    anchors: Vec<(String, Value)>,
    documents: Vec<Value>,
}

impl Reader {
    fn event(&mut self, vm: &mut Vm, event: EventData) -> PyResult<()> {
        match event {
            EventData::Scalar {
                anchor,
                tag,
                value,
                style,
                ..
            } => {
                let plain = style == ScalarStyle::Plain;
                let value = scalar(vm, &value, plain, tag.as_deref())?;
                self.finish(vm, value, anchor)
            }
            EventData::Alias { anchor } => {
                let found = self.anchors.iter().rev().find(|(name, _)| *name == anchor);
                let value = found.map(|(_, value)| value.clone());
                let value = value.ok_or_else(|| failure(vm, "found undefined alias"))?;
                self.finish(vm, value, None)
            }
            EventData::SequenceStart { anchor, .. } => {
                self.begin(Value::list(Vec::new()), anchor);
                Ok(())
            }
            EventData::MappingStart { anchor, .. } => {
                self.begin(Value::dict(Dict::default()), anchor);
                Ok(())
            }
            EventData::SequenceEnd | EventData::MappingEnd => {
                let Some(done) = self.open.pop() else {
                    return Ok(());
                };
                merge(&done.value, &done.merged);
                self.finish(vm, done.value, None)
            }
            EventData::DocumentEnd { .. } => {
                self.anchors.clear();
                Ok(())
            }
            EventData::StreamStart { .. }
            | EventData::StreamEnd
            | EventData::DocumentStart { .. } => Ok(()),
        }
    }

    fn begin(&mut self, value: Value, anchor: Option<String>) {
        if let Some(anchor) = anchor {
            self.anchors.push((anchor, value.clone()));
        }
        self.open.push(Open {
            value,
            key: None,
            merged: Vec::new(),
        });
    }

    /// A node is whole: it goes into the collection that is open.
    fn finish(&mut self, vm: &mut Vm, value: Value, anchor: Option<String>) -> PyResult<()> {
        if let Some(anchor) = anchor {
            self.anchors.push((anchor, value.clone()));
        }
        let Some(open) = self.open.last_mut() else {
            self.documents.push(value);
            return Ok(());
        };
        if let Value::List(items) = &open.value {
            items.borrow_mut().push(value);
            return Ok(());
        }
        let Some(key) = open.key.take() else {
            open.key = Some(value);
            return Ok(());
        };
        if matches!(&key, Value::Str(key) if &**key == "<<") {
            open.merged.push(value);
            return Ok(());
        }
        let target = open.value.clone();
        vm.set_item(&target, &key, value)
    }
}

/// `<<`: the entries of one mapping or of several stand before the mapping's own, which win.
fn merge(target: &Value, sources: &[Value]) {
    let Value::Dict(target) = target else { return };
    if sources.is_empty() {
        return;
    }
    let mut whole = Dict::default();
    for source in sources {
        let several = match source {
            Value::List(several) => several.borrow().iter().rev().cloned().collect(),
            single => vec![single.clone()],
        };
        for source in several {
            if let Value::Dict(source) = &source
                && !Rc::ptr_eq(target, source)
            {
                for (key, value) in source.borrow().iter() {
                    whole.insert(key.clone(), value.clone());
                }
            }
        }
    }
    for (key, value) in target.borrow().iter() {
        whole.insert(key.clone(), value.clone());
    }
    *target.borrow_mut() = whole;
}

fn scalar(vm: &mut Vm, text: &str, plain: bool, tag: Option<&str>) -> PyResult {
    match tag.map(|tag| (tag, tag.strip_prefix("tag:yaml.org,2002:"))) {
        Some(("!", _) | (_, Some("str"))) => return Ok(Value::from(text)),
        Some((tag, None)) => {
            return Err(failure(
                vm,
                format!("could not determine a constructor for the tag '{tag}'"),
            ));
        }
        Some((_, Some("int" | "float" | "bool" | "null" | "timestamp" | "seq" | "map"))) | None => {
        }
        Some((tag, Some(_))) => {
            return Err(failure(
                vm,
                format!("could not determine a constructor for the tag '{tag}'"),
            ));
        }
    }
    if !plain {
        return Ok(Value::from(text));
    }
    Ok(match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::None,
        "yes" | "Yes" | "YES" | "true" | "True" | "TRUE" | "on" | "On" | "ON" => Value::Bool(true),
        "no" | "No" | "NO" | "false" | "False" | "FALSE" | "off" | "Off" | "OFF" => {
            Value::Bool(false)
        }
        _ => {
            if let Some(value) = integer(text) {
                return Ok(Value::Int(value));
            }
            if let Some(value) = float(text) {
                return Ok(Value::Float(value));
            }
            if is_date(text) {
                let datetime = vm.import("datetime")?;
                let date = vm.get_attr(&datetime, "date")?;
                return vm.call_method(&date, "fromisoformat", Args::of(vec![Value::from(text)]));
            }
            Value::from(text)
        }
    })
}

/// `0b`, `0x`, a leading 0 for octal, `_` between digits, base 60.
fn integer(text: &str) -> Option<i64> {
    let (sign, digits) = match text.as_bytes().first()? {
        b'-' => (-1, &text[1..]),
        b'+' => (1, &text[1..]),
        _ => (1, text),
    };
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let plain = digits.replace('_', "");
    let value = if let Some(binary) = plain.strip_prefix("0b") {
        i64::from_str_radix(binary, 2).ok()?
    } else if let Some(hex) = plain.strip_prefix("0x") {
        i64::from_str_radix(hex, 16).ok()?
    } else if plain.len() > 1 && plain.starts_with('0') && !plain.contains(':') {
        i64::from_str_radix(&plain, 8).ok()?
    } else if plain.contains(':') {
        let mut parts = plain.split(':');
        let mut value = parts.next()?.parse::<i64>().ok()?;
        for part in parts {
            let part = part.parse::<i64>().ok().filter(|part| *part < 60)?;
            value = value.checked_mul(60)?.checked_add(part)?;
        }
        value
    } else {
        plain.parse().ok()?
    };
    Some(sign * value)
}

/// A number with a point, with an exponent only where it has a sign.
fn float(text: &str) -> Option<f64> {
    let unsigned = text.trim_start_matches(['-', '+']);
    match unsigned {
        ".inf" | ".Inf" | ".INF" => {
            return Some(if text.starts_with('-') {
                f64::NEG_INFINITY
            } else {
                f64::INFINITY
            });
        }
        ".nan" | ".NaN" | ".NAN" => return Some(f64::NAN),
        _ => {}
    }
    let numeric = |c: char| c.is_ascii_digit() || matches!(c, '.' | '_' | 'e' | 'E' | '+' | '-');
    let signed = unsigned
        .find(['e', 'E'])
        .is_none_or(|at| unsigned[at + 1..].starts_with(['+', '-']));
    if !unsigned.contains('.') || !unsigned.chars().all(numeric) || !signed {
        return None;
    }
    text.replace('_', "").parse().ok()
}

fn is_date(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.len() == 10
        && bytes.iter().enumerate().all(|(at, byte)| {
            if at == 4 || at == 7 {
                *byte == b'-'
            } else {
                byte.is_ascii_digit()
            }
        })
}
