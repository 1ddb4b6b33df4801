//! The text of values.

use std::rc::Rc;

use super::{attribute, builtin_base, native_of, special};
use crate::python::error::{PyResult, Raise};
use crate::python::format as formatting;
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `str(value)`.
pub fn str(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        Value::Instance(_) => {
            if let Some(result) = special(vm, value, "__str__", Vec::new())? {
                return text_result(vm, &result, "__str__");
            }
            if let Some(native) = native_of(value)
                && let Some(text) = native.str(value, vm)?
            {
                return Ok(text);
            }
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            match builtin_base(value) {
                Some(base) => str(vm, &base),
                None => repr(vm, value),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.str(value, vm)? {
                Some(text) => Ok(text),
                None => repr(vm, value),
            }
        }
        Value::Class(class) if class.meta.is_some() => {
            if let Some(result) = special(vm, value, "__str__", Vec::new())? {
                return text_result(vm, &result, "__str__");
            }
            repr(vm, value)
        }
        _ => formatting::str(vm, value),
    }
}

pub(super) fn text_result(vm: &mut Vm, result: &Value, method: &str) -> PyResult<Str> {
    match result.as_str() {
        Some(text) => Ok(text),
        None => match result {
            Value::Unknown(unknown) => {
                let unknown = Rc::clone(unknown);
                Err(vm.unknown(&unknown, "its text is needed"))
            }
            other => Err(Raise::exception(
                "TypeError",
                format!(
                    "{method} returned non-string (type {})",
                    vm.type_name(other)
                ),
            )),
        },
    }
}

/// `repr(value)`.
pub fn repr(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match value {
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        Value::Instance(_) => {
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            if let Some(native) = native_of(value)
                && let Some(text) = native.repr(value, vm)?
            {
                return Ok(text);
            }
            match builtin_base(value) {
                Some(base) => repr(vm, &base),
                None => Ok(attribute::representation(vm, value)),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.repr(value, vm)? {
                Some(text) => Ok(text),
                None => match native.as_text() {
                    Some(text) => formatting::repr(vm, &Value::Str(text)),
                    None => Ok(Str::from(format!("<{} object>", native.type_name()))),
                },
            }
        }
        Value::Class(class) if class.meta.is_some() => {
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            formatting::repr(vm, value)
        }
        _ => formatting::repr(vm, value),
    }
}

/// `format(value, spec)`.
pub fn format(vm: &mut Vm, value: &Value, spec: &str) -> PyResult<Str> {
    match value {
        Value::Instance(_) => {
            if let Some(result) = special(vm, value, "__format__", vec![Value::str(spec)])? {
                return text_result(vm, &result, "__format__");
            }
            if spec.is_empty() {
                return str(vm, value);
            }
            match builtin_base(value) {
                Some(base) => format(vm, &base, spec),
                None if native_of(value).is_some() => {
                    let text = Value::Str(str(vm, value)?);
                    formatting::format_spec(vm, &text, spec)
                }
                None => Err(Raise::exception(
                    "TypeError",
                    format!(
                        "unsupported format string passed to {}.__format__",
                        vm.type_name(value)
                    ),
                )),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if let Some(text) = native.format(value, vm, spec)? {
                return Ok(text);
            }
            let text = str(vm, value)?;
            if spec.is_empty() {
                Ok(text)
            } else {
                formatting::format_spec(vm, &Value::Str(text), spec)
            }
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        _ if spec.is_empty() => str(vm, value),
        _ => formatting::format_spec(vm, value, spec),
    }
}

/// Escapes what is not ASCII, as `ascii()`.
pub fn ascii(text: &str) -> Str {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            0..=0x7f => out.push(c),
            n @ 0x80..=0xff => out.push_str(&format!("\\x{n:02x}")),
            n @ 0x100..=0xffff => out.push_str(&format!("\\u{n:04x}")),
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    Str::from(out)
}
