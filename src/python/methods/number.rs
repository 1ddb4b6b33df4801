//! The methods of `int` and `float`.

use num_bigint::{BigInt, Sign};
use num_traits::{FromPrimitive, One, Zero};

use super::int_argument;
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::numbers::{Number, normal, number};
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) const INT: &[&str] = &[
    "as_integer_ratio",
    "bit_count",
    "bit_length",
    "conjugate",
    "from_bytes",
    "is_integer",
    "to_bytes",
];
pub(super) const FLOAT: &[&str] = &[
    "as_integer_ratio",
    "conjugate",
    "fromhex",
    "hex",
    "is_integer",
];

fn float_hex(x: f64) -> String {
    if !x.is_finite() {
        return crate::python::format::float_repr(x);
    }
    let bits = x.to_bits();
    let sign = if x.is_sign_negative() { "-" } else { "" };
    let exponent = i64::try_from((bits >> 52) & 0x7ff).unwrap_or(0);
    let mantissa = bits & ((1 << 52) - 1);
    match (exponent, mantissa) {
        (0, 0) => format!("{sign}0x0.0p+0"),
        (0, m) => format!("{sign}0x0.{m:013x}p-1022"),
        (e, m) => format!("{sign}0x1.{m:013x}p{:+}", e - 1023),
    }
}

/// A `float` as an exact fraction.
pub(crate) fn ratio(x: f64) -> PyResult<(BigInt, BigInt)> {
    if !x.is_finite() {
        let class = if x.is_nan() {
            "ValueError"
        } else {
            "OverflowError"
        };
        let what = if x.is_nan() { "NaN" } else { "Infinity" };
        return Err(Raise::exception(
            class,
            format!("cannot convert {what} to integer ratio"),
        ));
    }
    let mut value = x;
    let mut shift = 0u32;
    while value.fract() != 0.0 && shift < 1100 {
        value *= 2.0;
        shift += 1;
    }
    Ok((
        BigInt::from_f64(value).unwrap_or_default(),
        BigInt::one() << shift,
    ))
}

pub(super) fn call(
    vm: &mut Vm,
    this: &Value,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    let Some(n) = number(this) else {
        return Ok(None);
    };
    if let Number::Float(x) = n {
        return Ok(Some(match name {
            "is_integer" => Value::Bool(x.is_finite() && x.fract() == 0.0),
            "hex" => Value::from(float_hex(x)),
            "conjugate" => Value::Float(x),
            "as_integer_ratio" => {
                let (a, b) = ratio(x)?;
                Value::tuple(vec![normal(a), normal(b)])
            }
            _ => return Ok(None),
        }));
    }
    let Some(big) = n.big() else { return Ok(None) };
    Ok(Some(match name {
        "bit_length" => Value::Int(i64::try_from(big.bits()).unwrap_or(i64::MAX)),
        "bit_count" => Value::Int(
            big.magnitude()
                .iter_u64_digits()
                .map(|d| i64::from(d.count_ones()))
                .sum(),
        ),
        "conjugate" => normal(big),
        "is_integer" => Value::Bool(true),
        "as_integer_ratio" => Value::tuple(vec![normal(big), Value::Int(1)]),
        "to_bytes" => {
            let length = usize::try_from(int_argument(vm, args.take("length"), 1)?).unwrap_or(0);
            let order = args.take("byteorder").and_then(|o| o.as_str());
            let signed = match args.keyword("signed") {
                Some(signed) => vm.truth(&signed)?,
                None => false,
            };
            vm.charge(length)?;
            let too_big = || Raise::exception("OverflowError", "int too big to convert");
            let negative = big.sign() == Sign::Minus;
            if negative && !signed {
                return Err(Raise::exception(
                    "OverflowError",
                    "can't convert negative int to unsigned",
                ));
            }
            let mut bytes = if signed {
                big.to_signed_bytes_be()
            } else {
                big.magnitude().to_bytes_be()
            };
            if big.is_zero() {
                bytes.clear();
            }
            if bytes.len() > length {
                return Err(too_big());
            }
            let fill = if negative { 0xff } else { 0 };
            let mut out = vec![fill; length - bytes.len()];
            out.extend(bytes);
            if order.as_deref() == Some("little") {
                out.reverse();
            }
            Value::Bytes(out.into())
        }
        _ => return Ok(None),
    }))
}

/// `int.from_bytes(bytes, byteorder, signed=False)`.
pub(crate) fn from_bytes(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("from_bytes", "bytes")?;
    let mut bytes: Vec<u8> = match &source {
        Value::Bytes(bytes) => bytes.to_vec(),
        other => vm
            .iterate(other)?
            .iter()
            .map(|b| b.as_int().and_then(|b| u8::try_from(b).ok()).unwrap_or(0))
            .collect(),
    };
    vm.charge(bytes.len())?;
    let order = args.take("byteorder").and_then(|o| o.as_str());
    let signed = match args.keyword("signed") {
        Some(signed) => vm.truth(&signed)?,
        None => false,
    };
    if order.as_deref() == Some("little") {
        bytes.reverse();
    }
    Ok(normal(if signed {
        BigInt::from_signed_bytes_be(&bytes)
    } else {
        BigInt::from_bytes_be(Sign::Plus, &bytes)
    }))
}
