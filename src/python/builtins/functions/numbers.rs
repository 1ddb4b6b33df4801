//! Functions of numbers.

use super::one;
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::native::BinaryOp;
use crate::python::numbers;
use crate::python::numbers::{Number, normal, number, plain, to_big};
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) fn abs(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "abs")?;
    match number(&plain(&value)) {
        Some(Number::Float(x)) => Ok(Value::Float(x.abs())),
        Some(n) => Ok(normal(
            n.big().unwrap_or_default().magnitude().clone().into(),
        )),
        None => match vm.find_attr(&value, "__abs__")? {
            Some(method) => vm.call(&method, Args::default()),
            None => match &value {
                Value::Unknown(_) => Ok(value),
                _ => {
                    let name = vm.type_name(&value);
                    Err(Raise::exception(
                        "TypeError",
                        format!("bad operand type for abs(): '{name}'"),
                    ))
                }
            },
        },
    }
}

pub(super) fn radix(vm: &Vm, mut args: Args, name: &str, prefix: &str, base: u32) -> PyResult {
    let value = one(&mut args, name)?;
    let Some(n) = to_big(&plain(&value)) else {
        let found = vm.type_name(&value);
        return Err(Raise::exception(
            "TypeError",
            format!("'{found}' object cannot be interpreted as an integer"),
        ));
    };
    let sign = if n.sign() == num_bigint::Sign::Minus {
        "-"
    } else {
        ""
    };
    Ok(Value::from(format!(
        "{sign}{prefix}{}",
        n.magnitude().to_str_radix(base)
    )))
}

pub(super) fn bin(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "bin", "0b", 2)
}

pub(super) fn oct(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "oct", "0o", 8)
}

pub(super) fn hex(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "hex", "0x", 16)
}

pub(super) fn chr(vm: &mut Vm, mut args: Args) -> PyResult {
    let code = one(&mut args, "chr")?;
    if code.as_int().is_none() && !matches!(code, Value::Unknown(_)) {
        let found = vm.type_name(&code);
        return Err(Raise::exception(
            "TypeError",
            format!("'{found}' object cannot be interpreted as an integer"),
        ));
    }
    match code
        .as_int()
        .and_then(|n| u32::try_from(n).ok())
        .and_then(char::from_u32)
    {
        Some(c) => Ok(Value::from(c.to_string())),
        None => Err(Raise::exception(
            "ValueError",
            "chr() arg not in range(0x110000)",
        )),
    }
}

pub(super) fn ord(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "ord")?;
    match plain(&value) {
        Value::Str(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Value::Int(i64::from(u32::from(c)))),
                _ => Err(Raise::exception(
                    "TypeError",
                    format!(
                        "ord() expected a character, but string of length {} found",
                        text.chars().count()
                    ),
                )),
            }
        }
        Value::Bytes(bytes) if bytes.len() == 1 => Ok(Value::Int(i64::from(bytes[0]))),
        _ => {
            let name = vm.type_name(&value);
            Err(Raise::exception(
                "TypeError",
                format!("ord() expected string of length 1, but {name} found"),
            ))
        }
    }
}

pub(super) fn divmod(vm: &mut Vm, mut args: Args) -> PyResult {
    let a = one(&mut args, "divmod")?;
    let b = one(&mut args, "divmod")?;
    if let (Some(x), Some(y)) = (number(&plain(&a)), number(&plain(&b)))
        && let Some((q, r)) = numbers::divmod(vm, x, y)?
    {
        return Ok(Value::tuple(vec![q, r]));
    }
    if let Value::Instance(_) = &a
        && let Some(method) = vm.find_attr(&a, "__divmod__")?
    {
        return vm.call(&method, Args::of(vec![b]));
    }
    let q = vm.binary(BinaryOp::FloorDiv, &a, &b)?;
    let r = vm.binary(BinaryOp::Mod, &a, &b)?;
    Ok(Value::tuple(vec![q, r]))
}

pub(super) fn pow(vm: &mut Vm, mut args: Args) -> PyResult {
    let base = args.require("pow", "base")?;
    let exponent = args.require("pow", "exp")?;
    match args.take("mod").filter(|m| !m.is_none()) {
        None => vm.binary(BinaryOp::Pow, &base, &exponent),
        Some(modulus) => match (to_big(&base), to_big(&exponent), to_big(&modulus)) {
            (Some(base), Some(exponent), Some(modulus)) => {
                vm.step(exponent.bits().saturating_mul(modulus.bits() / 64 + 1))?;
                numbers::power_modulo(&base, &exponent, &modulus)
            }
            _ => Err(Raise::exception(
                "TypeError",
                "pow() 3rd argument not allowed unless all arguments are integers",
            )),
        },
    }
}

pub(super) fn round(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("round", "number")?;
    let digits = args.take("ndigits").filter(|d| !d.is_none());
    let Some(n) = number(&plain(&value)) else {
        if let Some(method) = vm.find_attr(&value, "__round__")? {
            return vm.call(&method, Args::of(digits.into_iter().collect()));
        }
        if let Value::Unknown(_) = value {
            return Ok(value);
        }
        let name = vm.type_name(&value);
        return Err(Raise::exception(
            "TypeError",
            format!("type {name} doesn't define __round__ method"),
        ));
    };
    let digits = digits.and_then(|d| d.as_int());
    match (n, digits) {
        (Number::Float(x), None) => super::super::truncate(x.round_ties_even()),
        (Number::Float(x), Some(d)) => {
            if !x.is_finite() || d > 330 {
                return Ok(Value::Float(x));
            }
            if d < -310 {
                return Ok(Value::Float(0.0f64.copysign(x)));
            }
            if d >= 0 {
                let text = format!("{x:.*}", usize::try_from(d).unwrap_or(0));
                return Ok(Value::Float(text.parse().unwrap_or(x)));
            }
            let scale = 10f64.powi(i32::try_from(-d).unwrap_or(0));
            Ok(Value::Float((x / scale).round_ties_even() * scale))
        }
        (n, Some(d)) if d < 0 && d > -5000 => {
            let value = n.big().unwrap_or_default();
            let unit = num_bigint::BigInt::from(10).pow(u32::try_from(-d).unwrap_or(0));
            let half = &unit / 2;
            let quotient = num_integer_floor(&value, &unit);
            let rest = &value - &quotient * &unit;
            let odd = (&quotient % 2) != num_bigint::BigInt::from(0);
            let up = rest > half || (rest == half && odd);
            Ok(normal((quotient + i32::from(up)) * unit))
        }
        (n, _) => Ok(normal(n.big().unwrap_or_default())),
    }
}

pub(super) fn num_integer_floor(
    a: &num_bigint::BigInt,
    b: &num_bigint::BigInt,
) -> num_bigint::BigInt {
    let (q, r) = (a / b, a % b);
    if r.sign() == num_bigint::Sign::Minus {
        q - 1
    } else {
        q
    }
}

pub(super) fn sum(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("sum", "iterable")?;
    let mut total = args.take("start").unwrap_or(Value::Int(0));
    if let Value::Str(_) = total {
        return Err(Raise::exception(
            "TypeError",
            "sum() can't sum strings [use ''.join(seq) instead]",
        ));
    }
    let items = vm.iterate(&source)?;
    // CPython adds floats with compensation; so does this.
    let floats: Option<Vec<f64>> = items
        .iter()
        .map(|item| match item {
            Value::Float(x) => Some(*x),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(n) => Some(*n as f64),
            _ => None,
        })
        .collect();
    if items.iter().any(|item| matches!(item, Value::Float(_)))
        && let (Some(floats), Some(start)) = (floats, number(&total))
    {
        let mut sum = start.float()?;
        let mut lost = 0.0;
        for x in floats {
            vm.step(1)?;
            let next = sum + x;
            lost += if sum.abs() >= x.abs() {
                (sum - next) + x
            } else {
                (x - next) + sum
            };
            sum = next;
        }
        return Ok(Value::Float(if lost.is_finite() && lost != 0.0 {
            sum + lost
        } else {
            sum
        }));
    }
    for item in items {
        vm.step(1)?;
        total = vm.binary(BinaryOp::Add, &total, &item)?;
    }
    Ok(total)
}
