//! Text from values: `repr`, `%`, `str.format` and format specifications.

mod float;
mod percent;
mod spec;
mod template;

pub use float::{fixed, float_repr, general, scientific};
pub use percent::{percent, percent_bytes};
pub use spec::{Spec, format_spec};
pub use template::{format_map, str_format};

use std::fmt::Write;

use super::error::{PyResult, Raise};
use super::numbers::plain;
use super::value::{Str, Value};
use super::vm::Vm;

thread_local! {
    static ACTIVE: std::cell::RefCell<Vec<usize>> = const { std::cell::RefCell::new(Vec::new()) };
}

/// Runs `body` unless the object at `address` is being printed already, which gives `None`.
pub(crate) fn guarded<T>(
    address: usize,
    body: impl FnOnce() -> PyResult<T>,
) -> PyResult<Option<T>> {
    let depth = ACTIVE.with_borrow(|active| {
        if active.contains(&address) {
            None
        } else {
            Some(active.len())
        }
    });
    let Some(depth) = depth else { return Ok(None) };
    if depth > 150 {
        return Err(Raise::exception(
            "RecursionError",
            "maximum recursion depth exceeded while getting the repr of an object",
        ));
    }
    ACTIVE.with_borrow_mut(|active| active.push(address));
    let result = body();
    ACTIVE.with_borrow_mut(|active| active.truncate(depth));
    result.map(Some)
}

/// Whether CPython's `repr` prints a character as it is.
pub(crate) fn printable(c: char) -> bool {
    match c {
        ' ' => true,
        c if c.is_ascii() => !c.is_ascii_control(),
        c => {
            !c.is_control()
                && !c.is_whitespace()
                && !matches!(c as u32, 0xAD | 0x200B..=0x200F | 0x2028..=0x202E | 0x2060..=0x206F
                    | 0xE000..=0xF8FF | 0xFEFF | 0xFFF0..=0xFFFB | 0xFFFE..=0xFFFF | 0xE0000..=0x10FFFF)
        }
    }
}

/// `repr` of text, or `ascii` when only ASCII may remain.
pub fn quote(text: &str, ascii: bool) -> String {
    let mark = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(mark);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == mark => {
                out.push('\\');
                out.push(c);
            }
            c if printable(c) && (!ascii || c.is_ascii()) => out.push(c),
            c => {
                let code = c as u32;
                let _ = match code {
                    0..=0xFF => write!(out, "\\x{code:02x}"),
                    0x100..=0xFFFF => write!(out, "\\u{code:04x}"),
                    _ => write!(out, "\\U{code:08x}"),
                };
            }
        }
    }
    out.push(mark);
    out
}

/// `repr` of bytes.
pub fn quote_bytes(bytes: &[u8]) -> String {
    let mark = if bytes.contains(&b'\'') && !bytes.contains(&b'"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::from("b");
    out.push(mark);
    for b in bytes {
        match *b {
            b'\\' => out.push_str("\\\\"),
            b'\n' => out.push_str("\\n"),
            b'\r' => out.push_str("\\r"),
            b'\t' => out.push_str("\\t"),
            b if char::from(b) == mark => {
                out.push('\\');
                out.push(mark);
            }
            0x20..=0x7e => out.push(char::from(*b)),
            b => {
                let _ = write!(out, "\\x{b:02x}");
            }
        }
    }
    out.push(mark);
    out
}

fn sequence(
    vm: &mut Vm,
    open: &str,
    items: &[Value],
    close: &str,
    out: &mut String,
) -> PyResult<()> {
    out.push_str(open);
    for (i, item) in items.iter().enumerate() {
        vm.step(1)?;
        if i > 0 {
            out.push_str(", ");
        }
        out.push_str(&vm.repr(item)?);
        if out.len() > 1 << 16 {
            vm.charge(64)?;
        }
    }
    out.push_str(close);
    Ok(())
}

/// `repr(value)` of a builtin value (containers call [`Vm::repr`] for their items).
pub fn repr(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    let text = match value {
        Value::None => "None".to_owned(),
        Value::Bool(flag) => if *flag { "True" } else { "False" }.to_owned(),
        Value::Int(n) => n.to_string(),
        Value::BigInt(n) => {
            let size = usize::try_from(n.bits() / 3).unwrap_or(usize::MAX);
            if size > 4300 * 11 / 10 {
                return Err(Raise::exception(
                    "ValueError",
                    "Exceeds the limit (4300 digits) for integer string conversion; \
                     use sys.set_int_max_str_digits() to increase the limit",
                ));
            }
            n.to_string()
        }
        Value::Float(n) => float_repr(*n),
        Value::Str(text) => {
            vm.charge(text.len())?;
            quote(text, false)
        }
        Value::Bytes(bytes) => {
            vm.charge(bytes.len())?;
            quote_bytes(bytes)
        }
        Value::List(items) => {
            let address = std::rc::Rc::as_ptr(items).addr();
            let copy = items.borrow().clone();
            guarded(address, || {
                let mut out = String::new();
                sequence(vm, "[", &copy, "]", &mut out)?;
                Ok(out)
            })?
            .unwrap_or_else(|| "[...]".to_owned())
        }
        Value::Tuple(items) => guarded(items.as_ptr().addr(), || {
            let mut out = String::new();
            sequence(
                vm,
                "(",
                items,
                if items.len() == 1 { ",)" } else { ")" },
                &mut out,
            )?;
            Ok(out)
        })?
        .unwrap_or_else(|| "(...)".to_owned()),
        Value::Dict(items) => {
            let address = std::rc::Rc::as_ptr(items).addr();
            let copy: Vec<(Value, Value)> = items
                .borrow()
                .iter()
                .map(|(k, v)| (k.value().clone(), v.clone()))
                .collect();
            guarded(address, || {
                let mut out = String::from("{");
                for (i, (key, value)) in copy.iter().enumerate() {
                    vm.step(1)?;
                    if i > 0 {
                        out.push_str(", ");
                    }
                    out.push_str(&vm.repr(key)?);
                    out.push_str(": ");
                    out.push_str(&vm.repr(value)?);
                }
                out.push('}');
                Ok(out)
            })?
            .unwrap_or_else(|| "{...}".to_owned())
        }
        Value::Set(items) => {
            let copy: Vec<Value> = items.borrow().iter().map(|k| k.value().clone()).collect();
            if copy.is_empty() {
                "set()".to_owned()
            } else {
                let mut out = String::new();
                sequence(vm, "{", &copy, "}", &mut out)?;
                out
            }
        }
        Value::FrozenSet(items) => {
            let copy: Vec<Value> = items.iter().map(|k| k.value().clone()).collect();
            if copy.is_empty() {
                "frozenset()".to_owned()
            } else {
                let mut out = String::new();
                sequence(vm, "frozenset({", &copy, "})", &mut out)?;
                out
            }
        }
        Value::Function(function) => format!("<function {} at 0x7f0000000000>", function.name),
        Value::BoundMethod(pair) => {
            let name = match &pair.0 {
                Value::Function(function) => function.name.to_string(),
                Value::Builtin(function) => function.name.to_owned(),
                _ => "?".to_owned(),
            };
            let owner = vm.type_name(&pair.1);
            let this = vm.repr(&pair.1)?;
            format!("<bound method {owner}.{name} of {this}>")
        }
        Value::Builtin(function) => format!("<built-in function {}>", function.name),
        Value::Class(class) => {
            if let Some(kind) = crate::python::stdlib::enums::kind(class) {
                format!("<{kind} '{}'>", class.name)
            } else if &*class.module == "builtins" {
                format!("<class '{}'>", class.name)
            } else {
                format!("<class '{}.{}'>", class.module, class.name)
            }
        }
        Value::Module(module) => match &module.file {
            Some(file) => format!("<module '{}' from '{}'>", module.name, file.display()),
            None => format!("<module '{}' (built-in)>", module.name),
        },
        Value::Ellipsis => "Ellipsis".to_owned(),
        Value::NotImplemented => "NotImplemented".to_owned(),
        Value::Instance(instance) => {
            let base = instance.base.borrow().clone();
            match base {
                Some(base) => return vm.repr(&base),
                None => {
                    let class = instance.class.borrow().clone();
                    format!("<{}.{} object at 0x7f0000000000>", class.module, class.name)
                }
            }
        }
        Value::Native(native) => {
            format!("<{} object at 0x7f0000000000>", native.type_name())
        }
        Value::Unknown(unknown) => format!("<unknown: {}>", unknown.what),
    };
    vm.charge(text.len())?;
    Ok(Str::from(text))
}

/// `str(value)` of a builtin value.
pub fn str(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match plain(value) {
        Value::Str(text) => Ok(text),
        other => repr(vm, &other),
    }
}
