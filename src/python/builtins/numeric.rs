//! Conversions to numbers.

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::numbers::{Number, normal, number, parse_float, parse_int, plain};
use crate::python::value::Value;
use crate::python::vm::Vm;

/// `int(float)`.
pub fn truncate(x: f64) -> PyResult {
    if x.is_nan() {
        return Err(Raise::exception(
            "ValueError",
            "cannot convert float NaN to integer",
        ));
    }
    match BigInt::from_f64(x.trunc()) {
        Some(n) => Ok(normal(n)),
        None => Err(Raise::exception(
            "OverflowError",
            "cannot convert float infinity to integer",
        )),
    }
}

fn special(vm: &mut Vm, value: &Value, names: &[&str]) -> PyResult<Option<Value>> {
    for name in names {
        if let Some(method) = vm.find_attr(value, name)? {
            return vm.call(&method, Args::default()).map(Some);
        }
    }
    Ok(None)
}

/// `int(value)`.
pub fn to_int(vm: &mut Vm, value: &Value) -> PyResult {
    let plain = plain(value);
    match number(&plain) {
        Some(Number::Float(x)) => return truncate(x),
        Some(Number::Int(n)) => return Ok(Value::Int(n)),
        Some(Number::Big(_)) => return Ok(plain),
        None => {}
    }
    match &plain {
        Value::Str(text) => parse(vm, text, 10),
        Value::Bytes(bytes) => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            parse(vm, &text, 10)
        }
        _ => match special(vm, value, &["__int__", "__index__", "__trunc__"])? {
            Some(result) => Ok(result),
            None => {
                let name = vm.type_name(value);
                Err(Raise::exception(
                    "TypeError",
                    format!(
                        "int() argument must be a string, a bytes-like object or a real number, not '{name}'"
                    ),
                ))
            }
        },
    }
}

/// `int(text, base)`.
pub(super) fn parse(vm: &mut Vm, text: &str, base: i64) -> PyResult {
    let Some(base) = u32::try_from(base)
        .ok()
        .filter(|b| *b == 0 || (2..=36).contains(b))
    else {
        return Err(Raise::exception(
            "ValueError",
            "int() base must be >= 2 and <= 36, or 0",
        ));
    };
    vm.charge(text.len())?;
    if base == 10 && text.len() > 4300 {
        return Err(Raise::exception(
            "ValueError",
            "Exceeds the limit (4300 digits) for integer string conversion: value has more digits; \
             use sys.set_int_max_str_digits() to increase the limit",
        ));
    }
    parse_int(text, base).map(normal).ok_or_else(|| {
        let text = crate::python::format::quote(text, false);
        Raise::exception(
            "ValueError",
            format!("invalid literal for int() with base {base}: {text}"),
        )
    })
}

/// `float(value)`.
pub fn to_float(vm: &mut Vm, value: &Value) -> PyResult<f64> {
    let plain = plain(value);
    if let Some(n) = number(&plain) {
        return n.float();
    }
    if let Value::Str(text) = &plain {
        return parse_float(text).ok_or_else(|| {
            let text = crate::python::format::quote(text, false);
            Raise::exception(
                "ValueError",
                format!("could not convert string to float: {text}"),
            )
        });
    }
    match special(vm, value, &["__float__", "__index__"])? {
        Some(result) => match number(&result) {
            Some(n) => n.float(),
            None => Err(Raise::exception(
                "TypeError",
                "__float__ returned non-float",
            )),
        },
        None => {
            let name = vm.type_name(value);
            Err(Raise::exception(
                "TypeError",
                format!("float() argument must be a string or a real number, not '{name}'"),
            ))
        }
    }
}
