//! The methods of `bytes`. Most go through text with one character a byte.

use std::rc::Rc;

use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::{PyResult, Raise};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

pub(super) const NAMES: &[&str] = &[
    "capitalize",
    "center",
    "count",
    "decode",
    "endswith",
    "find",
    "fromhex",
    "hex",
    "index",
    "isalnum",
    "isalpha",
    "isascii",
    "isdigit",
    "islower",
    "isspace",
    "isupper",
    "join",
    "ljust",
    "lower",
    "lstrip",
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
    "upper",
    "zfill",
];

fn latin(bytes: &[u8]) -> Str {
    bytes
        .iter()
        .map(|b| char::from(*b))
        .collect::<String>()
        .into()
}

fn to_text(value: Value) -> Value {
    match &value {
        Value::Bytes(bytes) => Value::Str(latin(bytes)),
        Value::Tuple(items) => Value::tuple(items.iter().cloned().map(to_text).collect()),
        _ => value,
    }
}

fn from_text(value: Value) -> Value {
    match &value {
        Value::Str(text) => Value::Bytes(text.chars().map(|c| c as u32 as u8).collect()),
        Value::List(items) => Value::list(items.borrow().iter().cloned().map(from_text).collect()),
        Value::Tuple(items) => Value::tuple(items.iter().cloned().map(from_text).collect()),
        _ => value,
    }
}

/// Hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes
        .iter()
        .fold(String::with_capacity(bytes.len() * 2), |mut out, b| {
            let _ = write!(out, "{b:02x}");
            out
        })
}

/// Bytes from hexadecimal digits.
pub(crate) fn unhex(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u32> = text
        .chars()
        .filter(|c| !c.is_ascii_whitespace())
        .map(|c| c.to_digit(16))
        .collect::<Option<_>>()?;
    if !digits.len().is_multiple_of(2) {
        return None;
    }
    Some(
        digits
            .chunks(2)
            .map(|pair| u8::try_from(pair[0] * 16 + pair[1]).unwrap_or(0))
            .collect(),
    )
}

pub(super) fn call(
    vm: &mut Vm,
    this: &Rc<[u8]>,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    vm.charge(this.len())?;
    Ok(Some(match name {
        "decode" => {
            let encoding = args.take("encoding").and_then(|e| e.as_str());
            let errors = args.take("errors").and_then(|e| e.as_str());
            builtins::decode(vm, this, encoding.as_deref(), errors.as_deref())?
        }
        "hex" => {
            let separator = args.take("sep").and_then(|s| s.as_str());
            let text = hex(this);
            Value::from(match separator {
                None => text,
                Some(mark) => this
                    .iter()
                    .map(|b| format!("{b:02x}"))
                    .collect::<Vec<_>>()
                    .join(&mark),
            })
        }
        "fromhex" => {
            let text = args.require(name, "string")?;
            let text = super::text_argument(vm, &text, "fromhex() argument")?;
            Value::Bytes(
                unhex(&text)
                    .ok_or_else(|| {
                        Raise::exception(
                            "ValueError",
                            "non-hexadecimal number found in fromhex() arg",
                        )
                    })?
                    .into(),
            )
        }
        "join" => {
            let items = args.require(name, "iterable")?;
            let mut out: Vec<u8> = Vec::new();
            for (i, item) in vm.iterate(&items)?.into_iter().enumerate() {
                let Value::Bytes(bytes) = &item else {
                    let found = vm.type_name(&item);
                    return Err(Raise::exception(
                        "TypeError",
                        format!("sequence item {i}: expected a bytes-like object, {found} found"),
                    ));
                };
                vm.charge(bytes.len() + this.len())?;
                if i > 0 {
                    out.extend_from_slice(this);
                }
                out.extend_from_slice(bytes);
            }
            Value::Bytes(out.into())
        }
        "upper" => Value::Bytes(this.to_ascii_uppercase().into()),
        "lower" => Value::Bytes(this.to_ascii_lowercase().into()),
        name if NAMES.contains(&name) => {
            let args = Args {
                pos: args.pos.into_iter().map(to_text).collect(),
                kw: args.kw.into_iter().map(|(k, v)| (k, to_text(v))).collect(),
            };
            match super::text::call(vm, &latin(this), name, args)? {
                Some(value) => from_text(value),
                None => return Ok(None),
            }
        }
        _ => return Ok(None),
    }))
}
