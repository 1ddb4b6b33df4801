//! Arithmetic of `int` and `float`.

use std::rc::Rc;

use num_bigint::BigInt;
use num_traits::{One, Signed, ToPrimitive, Zero};

use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, UnaryOp};
use crate::python::value::Value;
use crate::python::vm::Vm;

/// A number taken out of a value.
#[derive(Clone, Debug)]
pub enum Number {
    /// Fits 64 bits.
    Int(i64),
    /// Larger.
    Big(Rc<BigInt>),
    /// A `float`.
    Float(f64),
}

/// The number of an `int`, `bool` or `float`.
pub fn number(value: &Value) -> Option<Number> {
    Some(match value {
        Value::Int(n) => Number::Int(*n),
        Value::Bool(flag) => Number::Int(i64::from(*flag)),
        Value::BigInt(n) => Number::Big(Rc::clone(n)),
        Value::Float(n) => Number::Float(*n),
        _ => return None,
    })
}

impl Number {
    /// As `float`, with Python's error when it is too large.
    pub fn float(&self) -> PyResult<f64> {
        match self {
            #[allow(clippy::cast_precision_loss)]
            Self::Int(n) => Ok(*n as f64),
            Self::Big(n) => match n.to_f64() {
                Some(f) if f.is_finite() => Ok(f),
                _ => Err(Raise::exception(
                    "OverflowError",
                    "int too large to convert to float",
                )),
            },
            Self::Float(f) => Ok(*f),
        }
    }

    /// As an integer of any size; `None` for a `float`.
    pub fn big(&self) -> Option<BigInt> {
        match self {
            Self::Int(n) => Some(BigInt::from(*n)),
            Self::Big(n) => Some((**n).clone()),
            Self::Float(_) => None,
        }
    }
}

/// The integer of an `int` or `bool` value.
pub fn to_big(value: &Value) -> Option<BigInt> {
    number(value).and_then(|n| n.big())
}

/// An `int` value from an integer of any size.
pub fn normal(n: BigInt) -> Value {
    match n.to_i64() {
        Some(small) => Value::Int(small),
        None => Value::BigInt(Rc::new(n)),
    }
}

fn zero(message: &'static str) -> Box<Raise> {
    Raise::exception("ZeroDivisionError", message)
}

/// Floor division and remainder of integers, with the sign of the divisor.
fn floor(a: &BigInt, b: &BigInt) -> (BigInt, BigInt) {
    let (q, r) = (a / b, a % b);
    if !r.is_zero() && (r.is_negative() != b.is_negative()) {
        (q - BigInt::one(), r + b)
    } else {
        (q, r)
    }
}

fn float_mod(a: f64, b: f64) -> f64 {
    let r = a % b;
    if r == 0.0 {
        0.0f64.copysign(b)
    } else if (r < 0.0) != (b < 0.0) {
        r + b
    } else {
        r
    }
}

fn float_floor(a: f64, b: f64) -> f64 {
    let r = float_mod(a, b);
    let q = (a - r) / b;
    if q == 0.0 {
        return 0.0f64.copysign(a / b);
    }
    let f = q.floor();
    if q - f > 0.5 { f + 1.0 } else { f }
}

/// `divmod(a, b)`.
pub fn divmod(vm: &mut Vm, a: Number, b: Number) -> PyResult<Option<(Value, Value)>> {
    let Some(q) = binary(vm, BinaryOp::FloorDiv, a.clone(), b.clone())? else {
        return Ok(None);
    };
    let Some(r) = binary(vm, BinaryOp::Mod, a, b)? else {
        return Ok(None);
    };
    Ok(Some((q, r)))
}

pub(super) fn binary(vm: &mut Vm, op: BinaryOp, a: Number, b: Number) -> PyResult<Option<Value>> {
    if matches!(a, Number::Float(_)) || matches!(b, Number::Float(_)) {
        return float_binary(op, a.float()?, b.float()?);
    }
    if let (Number::Int(x), Number::Int(y)) = (&a, &b) {
        let (x, y) = (*x, *y);
        let quick = match op {
            BinaryOp::Add => x.checked_add(y),
            BinaryOp::Sub => x.checked_sub(y),
            BinaryOp::Mul => x.checked_mul(y),
            BinaryOp::FloorDiv if y > 0 => Some(x.div_euclid(y)),
            BinaryOp::Mod if y > 0 => Some(x.rem_euclid(y)),
            BinaryOp::BitAnd => Some(x & y),
            BinaryOp::BitOr => Some(x | y),
            BinaryOp::BitXor => Some(x ^ y),
            _ => None,
        };
        if let Some(result) = quick {
            return Ok(Some(Value::Int(result)));
        }
    }
    let (Some(x), Some(y)) = (a.big(), b.big()) else {
        return Ok(None);
    };
    let bytes = |n: &BigInt| usize::try_from(n.bits() / 8 + 1).unwrap_or(usize::MAX);
    if x.bits() + y.bits() > 256 {
        let work = bytes(&x).saturating_add(bytes(&y));
        vm.charge(work)?;
        vm.step((work as u64 / 64).saturating_mul(work as u64 / 512 + 1))?;
    }
    Ok(Some(match op {
        BinaryOp::Add => normal(x + y),
        BinaryOp::Sub => normal(x - y),
        BinaryOp::Mul => normal(x * y),
        BinaryOp::FloorDiv => {
            if y.is_zero() {
                return Err(zero("integer division or modulo by zero"));
            }
            normal(floor(&x, &y).0)
        }
        BinaryOp::Mod => {
            if y.is_zero() {
                return Err(zero("integer modulo by zero"));
            }
            normal(floor(&x, &y).1)
        }
        BinaryOp::Div => {
            if y.is_zero() {
                return Err(zero("division by zero"));
            }
            Value::Float(divide(&x, &y)?)
        }
        BinaryOp::Pow => {
            if y.is_negative() {
                if x.is_zero() {
                    return Err(zero("0.0 cannot be raised to a negative power"));
                }
                return Ok(Some(Value::Float(a.float()?.powf(b.float()?))));
            }
            power(vm, &x, &y)?
        }
        BinaryOp::LShift => {
            if y.is_negative() {
                return Err(Raise::exception("ValueError", "negative shift count"));
            }
            if x.is_zero() {
                return Ok(Some(Value::Int(0)));
            }
            let shift = y.to_u64().unwrap_or(u64::MAX);
            vm.charge(
                usize::try_from(shift / 8)
                    .unwrap_or(usize::MAX)
                    .saturating_add(bytes(&x)),
            )?;
            let Ok(shift) = u32::try_from(shift) else {
                return Err(Raise::exception(
                    "OverflowError",
                    "too many digits in integer",
                ));
            };
            normal(x << shift)
        }
        BinaryOp::RShift => {
            if y.is_negative() {
                return Err(Raise::exception("ValueError", "negative shift count"));
            }
            match y.to_u32() {
                Some(shift) => normal(x >> shift),
                None => Value::Int(if x.is_negative() { -1 } else { 0 }),
            }
        }
        BinaryOp::BitAnd => normal(x & y),
        BinaryOp::BitOr => normal(x | y),
        BinaryOp::BitXor => normal(x ^ y),
        BinaryOp::MatMul => return Ok(None),
    }))
}

/// True division, correctly rounded.
fn divide(x: &BigInt, y: &BigInt) -> PyResult<f64> {
    let (bits_x, bits_y) = (x.bits(), y.bits());
    if bits_x <= 53 && bits_y <= 53 {
        return Ok(x.to_f64().unwrap_or(0.0) / y.to_f64().unwrap_or(1.0));
    }
    // Scale so that the quotient has at least 66 bits; its conversion rounds once, with the
    // remainder kept as a sticky bit.
    let shift = 66i64 + i64::try_from(bits_y).unwrap_or(0) - i64::try_from(bits_x).unwrap_or(0);
    let (num, den) = if shift >= 0 {
        (x.abs() << u32::try_from(shift).unwrap_or(0), y.abs())
    } else {
        (x.abs(), y.abs() << u32::try_from(-shift).unwrap_or(0))
    };
    let (mut q, r) = (&num / &den, &num % &den);
    if !r.is_zero() {
        q |= BigInt::one();
    }
    let value =
        q.to_f64().unwrap_or(f64::INFINITY) * 2f64.powi(i32::try_from(-shift).unwrap_or(i32::MAX));
    if value.is_infinite() {
        return Err(Raise::exception(
            "OverflowError",
            "integer division result too large for a float",
        ));
    }
    Ok(if x.is_negative() == y.is_negative() {
        value
    } else {
        -value
    })
}

fn power(vm: &mut Vm, x: &BigInt, y: &BigInt) -> PyResult {
    if x.bits() <= 1 {
        // 0, 1 and -1 stay small whatever the exponent is.
        let odd = (y % BigInt::from(2)).is_one();
        return Ok(normal(match (y.is_zero(), x.is_zero(), x.is_negative()) {
            (true, ..) => BigInt::one(),
            (_, true, _) => BigInt::zero(),
            (_, _, true) if odd => -BigInt::one(),
            _ => BigInt::one(),
        }));
    }
    let size = y.to_u64().unwrap_or(u64::MAX).saturating_mul(x.bits()) / 8;
    vm.charge(usize::try_from(size).unwrap_or(usize::MAX))?;
    vm.step((size / 64).saturating_mul(size / 512 + 1))?;
    let Some(exponent) = y.to_u32() else {
        return Err(Raise::exception("OverflowError", "the power is too large"));
    };
    Ok(normal(x.pow(exponent)))
}

/// `pow(base, exponent, modulus)`.
pub fn power_modulo(base: &BigInt, exponent: &BigInt, modulus: &BigInt) -> PyResult {
    if modulus.is_zero() {
        return Err(Raise::exception(
            "ValueError",
            "pow() 3rd argument cannot be 0",
        ));
    }
    let base = if exponent.is_negative() {
        let inverse = base.modinv(modulus).ok_or_else(|| {
            Raise::exception("ValueError", "base is not invertible for the given modulus")
        })?;
        return Ok(normal(
            floor(&inverse.modpow(&exponent.abs(), modulus), modulus).1,
        ));
    } else {
        base
    };
    Ok(normal(floor(&base.modpow(exponent, modulus), modulus).1))
}

fn float_binary(op: BinaryOp, x: f64, y: f64) -> PyResult<Option<Value>> {
    Ok(Some(Value::Float(match op {
        BinaryOp::Add => x + y,
        BinaryOp::Sub => x - y,
        BinaryOp::Mul => x * y,
        BinaryOp::Div if y == 0.0 => return Err(zero("float division by zero")),
        BinaryOp::Div => x / y,
        BinaryOp::FloorDiv if y == 0.0 => return Err(zero("float floor division by zero")),
        BinaryOp::FloorDiv => float_floor(x, y),
        BinaryOp::Mod if y == 0.0 => return Err(zero("float modulo")),
        BinaryOp::Mod => float_mod(x, y),
        BinaryOp::Pow => {
            if x == 0.0 && y < 0.0 {
                return Err(zero("0.0 cannot be raised to a negative power"));
            }
            if x < 0.0 && y.is_finite() && y.fract() != 0.0 {
                return Err(Raise::exception(
                    "ValueError",
                    "complex numbers are not supported",
                ));
            }
            let result = x.powf(y);
            if result.is_infinite() && x.is_finite() && y.is_finite() {
                return Err(Raise::exception(
                    "OverflowError",
                    "(34, 'Numerical result out of range')",
                ));
            }
            result
        }
        _ => return Ok(None),
    })))
}

pub(super) fn unary(op: UnaryOp, n: Number) -> Option<Value> {
    Some(match (op, n) {
        (UnaryOp::Pos, Number::Int(n)) => Value::Int(n),
        (UnaryOp::Pos, Number::Big(n)) => Value::BigInt(n),
        (UnaryOp::Pos, Number::Float(f)) => Value::Float(f),
        (UnaryOp::Neg, Number::Float(f)) => Value::Float(-f),
        (UnaryOp::Neg, n) => normal(-n.big()?),
        (UnaryOp::Invert, Number::Float(_)) => return None,
        (UnaryOp::Invert, n) => normal(-n.big()? - BigInt::one()),
    })
}

/// Digits in `base` with the underscores and prefix that Python allows.
pub fn parse_int(text: &str, base: u32) -> Option<BigInt> {
    let text = text.trim();
    let (negative, digits) = match text.as_bytes().first()? {
        b'-' => (true, &text[1..]),
        b'+' => (false, &text[1..]),
        _ => (false, text),
    };
    let lower = digits.get(..2).map(str::to_ascii_lowercase);
    let prefixed = match lower.as_deref() {
        Some("0x") => Some(16),
        Some("0o") => Some(8),
        Some("0b") => Some(2),
        _ => None,
    };
    let (digits, radix) = match (base, prefixed) {
        (0, Some(radix)) => (&digits[2..], radix),
        (0, None) => {
            if digits.len() > 1
                && digits.starts_with('0')
                && digits.bytes().any(|b| b != b'0' && b != b'_')
            {
                return None;
            }
            (digits, 10)
        }
        (base, Some(radix)) if base == radix => (&digits[2..], base),
        (base, _) => (digits, base),
    };
    let digits = if prefixed == Some(radix) {
        digits.strip_prefix('_').unwrap_or(digits)
    } else {
        digits
    };
    if digits.is_empty()
        || digits.starts_with('_')
        || digits.ends_with('_')
        || digits.contains("__")
        || digits.starts_with(['+', '-'])
    {
        return None;
    }
    let clean: String = digits.chars().filter(|c| *c != '_').collect();
    let value = BigInt::parse_bytes(clean.as_bytes(), radix)?;
    Some(if negative { -value } else { value })
}

/// The text of a `float`.
pub fn parse_float(text: &str) -> Option<f64> {
    let text = text.trim();
    let bytes = text.as_bytes();
    if text.starts_with('_') || text.ends_with('_') || text.contains("__") {
        return None;
    }
    for (i, b) in bytes.iter().enumerate() {
        if *b == b'_'
            && !(bytes[i - 1].is_ascii_digit() && bytes.get(i + 1).is_some_and(u8::is_ascii_digit))
        {
            return None;
        }
    }
    let clean: String = text.chars().filter(|c| *c != '_').collect();
    let lower = clean.to_ascii_lowercase();
    match lower.trim_start_matches(['+', '-']) {
        "inf" | "infinity" | "nan" => {
            let value = if lower.ends_with("nan") {
                f64::NAN
            } else {
                f64::INFINITY
            };
            return Some(if lower.starts_with('-') {
                -value
            } else {
                value
            });
        }
        _ => {}
    }
    if !lower
        .bytes()
        .all(|b| b.is_ascii_digit() || matches!(b, b'+' | b'-' | b'.' | b'e'))
    {
        return None;
    }
    lower.parse().ok()
}
