//! `decimal`, with the default context (28 digits, half to even).

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use bigdecimal::num_bigint::{BigInt, Sign};
use bigdecimal::{BigDecimal, RoundingMode};
use num_traits::{Signed, ToPrimitive, Zero};

use super::{class_once, function, object};
use crate::python::args::Args;
use crate::python::builtins::{self, unknown_among};
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::format::Spec;
use crate::python::native::{BinaryOp, CompareOp, Native, NativeClass, UnaryOp};
use crate::python::numbers::{Number, number, to_big};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `decimal.Decimal`, finite.
#[derive(Clone)]
pub struct Decimal {
    /// The number, with its own count of digits after the point.
    pub value: BigDecimal,
    /// Whether it is a negative zero.
    pub negative_zero: bool,
}

const DIGITS: u64 = 28;
const ROUNDINGS: &[(&str, RoundingMode)] = &[
    ("ROUND_HALF_EVEN", RoundingMode::HalfEven),
    ("ROUND_HALF_UP", RoundingMode::HalfUp),
    ("ROUND_HALF_DOWN", RoundingMode::HalfDown),
    ("ROUND_UP", RoundingMode::Up),
    ("ROUND_DOWN", RoundingMode::Down),
    ("ROUND_CEILING", RoundingMode::Ceiling),
    ("ROUND_FLOOR", RoundingMode::Floor),
];

fn class() -> Rc<Class> {
    class_once("decimal", "Decimal", object, DecimalClass)
}

fn wrap(value: BigDecimal) -> Value {
    Value::native(Decimal {
        value,
        negative_zero: false,
    })
}

/// Rounds to the digits of the context.
fn context(value: BigDecimal) -> BigDecimal {
    if value.digits() > DIGITS {
        let excess = i64::try_from(value.digits() - DIGITS).unwrap_or(0);
        let (_, scale) = value.as_bigint_and_exponent();
        let rounded = value.with_scale_round(scale - excess, RoundingMode::HalfEven);
        if rounded.digits() > DIGITS {
            context(rounded)
        } else {
            rounded
        }
    } else {
        value
    }
}

impl Decimal {
    /// `str(Decimal)`.
    pub fn text(&self) -> String {
        let (digits, scale) = self.value.as_bigint_and_exponent();
        let sign = if digits.is_negative() || self.negative_zero {
            "-"
        } else {
            ""
        };
        let digits = digits.magnitude().to_string();
        let length = i64::try_from(digits.len()).unwrap_or(i64::MAX);
        let adjusted = length - 1 - scale;
        if scale >= 0 && adjusted >= -6 {
            if scale == 0 {
                return format!("{sign}{digits}");
            }
            let point = length - scale;
            if point > 0 {
                let (whole, rest) = digits.split_at(usize::try_from(point).unwrap_or(0));
                return format!("{sign}{whole}.{rest}");
            }
            let zeros = "0".repeat(usize::try_from(-point).unwrap_or(0));
            return format!("{sign}0.{zeros}{digits}");
        }
        let (first, rest) = digits.split_at(1);
        let point = if rest.is_empty() { "" } else { "." };
        format!("{sign}{first}{point}{rest}E{adjusted:+}")
    }
}

/// The evaluator's integer from the one of the decimal crate, which has its own version of the type.
fn own(n: &BigInt) -> num_bigint::BigInt {
    num_bigint::BigInt::from_signed_bytes_le(&n.to_signed_bytes_le())
}

/// The other way.
fn theirs(n: &num_bigint::BigInt) -> BigInt {
    BigInt::from_signed_bytes_le(&n.to_signed_bytes_le())
}

fn parse(text: &str) -> Option<Decimal> {
    let text = text.trim().replace('_', "");
    let (mantissa, exponent) = match text.find(['e', 'E']) {
        Some(at) => (&text[..at], text[at + 1..].parse::<i64>().ok()?),
        None => (&text[..], 0),
    };
    if exponent.abs() > 10_000 {
        return None;
    }
    let (negative, digits) = match mantissa.as_bytes().first()? {
        b'-' => (true, &mantissa[1..]),
        b'+' => (false, &mantissa[1..]),
        _ => (false, mantissa),
    };
    let (whole, rest) = digits.split_once('.').unwrap_or((digits, ""));
    let all = format!("{whole}{rest}");
    if all.is_empty() || !all.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let number = BigInt::parse_bytes(all.as_bytes(), 10)?;
    let zero = number.is_zero();
    let number = if negative { -number } else { number };
    let scale = i64::try_from(rest.len()).ok()? - exponent;
    Some(Decimal {
        value: BigDecimal::new(number, scale),
        negative_zero: zero && negative,
    })
}

fn of(value: &Value) -> Option<BigDecimal> {
    if let Some(decimal) = value.downcast::<Decimal>() {
        return Some(decimal.value.clone());
    }
    to_big(value).map(|n| BigDecimal::new(theirs(&n), 0))
}

struct DecimalClass;

impl NativeClass for DecimalClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "a number") {
            return Ok(unknown);
        }
        let Some(value) = args.take("value") else {
            return Ok(wrap(BigDecimal::zero()));
        };
        if let Some(value) = of(&value) {
            return Ok(wrap(value));
        }
        if let Some(Number::Float(x)) = number(&value) {
            let (a, b) = crate::python::methods::float_ratio(x)?;
            // A power of two divides a power of ten exactly.
            let shift = b.bits() - 1;
            let digits = theirs(&a) * BigInt::from(5).pow(u32::try_from(shift).unwrap_or(0));
            return Ok(wrap(BigDecimal::new(
                digits,
                i64::try_from(shift).unwrap_or(0),
            )));
        }
        if let Value::Tuple(parts) = &value
            && let [sign, digits, exponent] = &parts[..]
        {
            let digits: String = vm
                .iterate(digits)?
                .iter()
                .filter_map(Value::as_int)
                .map(|d| d.to_string())
                .collect();
            let sign = if sign.as_int() == Some(1) { "-" } else { "" };
            let text = format!("{sign}{digits}e{}", exponent.as_int().unwrap_or(0));
            return parse(&text).map(Value::native).ok_or_else(invalid);
        }
        let text = value.as_str().ok_or_else(|| {
            let found = vm.type_name(&value);
            Raise::exception(
                "TypeError",
                format!("conversion from {found} to Decimal is not supported"),
            )
        })?;
        vm.charge(text.len())?;
        vm.step(text.len() as u64 / 8)?;
        parse(&text).map(Value::native).ok_or_else(invalid)
    }

    fn get_attr(&self, _vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        let class = Rc::clone(class);
        Ok((name == "from_float").then(|| Value::Class(class)))
    }
}

fn invalid() -> Box<Raise> {
    Raise::exception("ArithmeticError", "[<class 'decimal.ConversionSyntax'>]")
}

fn rounding(value: Option<&Value>) -> RoundingMode {
    let name = value.and_then(Value::as_str);
    ROUNDINGS
        .iter()
        .find(|(n, _)| name.as_deref() == Some(*n))
        .map_or(RoundingMode::HalfEven, |(_, mode)| *mode)
}

fn divide(a: &BigDecimal, b: &BigDecimal) -> PyResult<BigDecimal> {
    if b.is_zero() {
        return Err(Raise::exception(
            "ZeroDivisionError",
            "[<class 'decimal.DivisionByZero'>]",
        ));
    }
    let ((x, sx), (y, sy)) = (a.as_bigint_and_exponent(), b.as_bigint_and_exponent());
    if x.is_zero() {
        return Ok(BigDecimal::new(x, sx - sy));
    }
    let shift = 40 + y.magnitude().to_string().len();
    let scaled = x * BigInt::from(10).pow(u32::try_from(shift).unwrap_or(0));
    let mut quotient = &scaled / &y;
    if !(&scaled % &y).is_zero() {
        // A last digit that only rounding looks at.
        quotient = quotient * 10
            + if scaled.is_negative() == y.is_negative() {
                1
            } else {
                -1
            };
    } else {
        quotient *= 10;
    }
    let shift = i64::try_from(shift).unwrap_or(0);
    let mut value = context(BigDecimal::new(quotient, sx - sy + shift + 1));
    // An exact quotient keeps no more zeros than it needs.
    let ideal = sx - sy;
    loop {
        let (digits, scale) = value.as_bigint_and_exponent();
        if scale <= ideal || digits.is_zero() || !(&digits % BigInt::from(10)).is_zero() {
            break;
        }
        value = BigDecimal::new(digits / 10, scale - 1);
    }
    Ok(value)
}

impl Native for Decimal {
    fn type_name(&self) -> &str {
        "decimal.Decimal"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let value = self.value.clone();
        Ok(match name {
            "quantize" => function("quantize", move |_, mut args| {
                let exponent = args.require("quantize", "exp")?;
                let mode = args.take("rounding");
                let scale = of(&exponent).map_or(0, |e| e.as_bigint_and_exponent().1);
                Ok(wrap(value.with_scale_round(scale, rounding(mode.as_ref()))))
            }),
            "__float__" => {
                let x: f64 = self.text().parse().unwrap_or(f64::NAN);
                function("__float__", move |_, _| Ok(Value::Float(x)))
            }
            "__int__" | "__trunc__" => function("__int__", move |_, _| {
                let whole = value.with_scale_round(0, RoundingMode::Down);
                Ok(crate::python::numbers::normal(own(&whole
                    .as_bigint_and_exponent()
                    .0)))
            }),
            "__round__" => function("__round__", move |_, mut args| match args.take("n") {
                Some(n) => Ok(wrap(value.with_scale_round(
                    n.as_int().unwrap_or(0).clamp(-1000, 1000),
                    RoundingMode::HalfEven,
                ))),
                None => {
                    let whole = value.with_scale_round(0, RoundingMode::HalfEven);
                    Ok(crate::python::numbers::normal(own(&whole
                        .as_bigint_and_exponent()
                        .0)))
                }
            }),
            "__abs__" | "copy_abs" => function("__abs__", move |_, _| Ok(wrap(value.abs()))),
            "is_zero" => function("is_zero", move |_, _| Ok(Value::Bool(value.is_zero()))),
            "is_finite" => function("is_finite", |_, _| Ok(Value::Bool(true))),
            "is_nan" | "is_infinite" => function("is_nan", |_, _| Ok(Value::Bool(false))),
            "normalize" => function("normalize", move |_, _| {
                let mut out = value.normalized();
                if out.is_zero() {
                    out = BigDecimal::zero();
                }
                Ok(wrap(out))
            }),
            "to_integral_value" | "to_integral" => {
                function("to_integral_value", move |_, mut args| {
                    let mode = args.take("rounding");
                    Ok(wrap(value.with_scale_round(0, rounding(mode.as_ref()))))
                })
            }
            "as_tuple" => function("as_tuple", move |_, _| {
                let (digits, scale) = value.as_bigint_and_exponent();
                let sign = i64::from(digits.sign() == Sign::Minus);
                let digits = digits.magnitude().to_string();
                let digits = digits
                    .bytes()
                    .map(|b| Value::Int(i64::from(b - b'0')))
                    .collect();
                Ok(Value::tuple(vec![
                    Value::Int(sign),
                    Value::tuple(digits),
                    Value::Int(-scale),
                ]))
            }),
            _ => None,
        })
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        let Some(other) = of(other) else {
            return Ok(None);
        };
        vm.step(1 + (self.value.digits() + other.digits()) / 32)?;
        let (a, b) = if reflected {
            (&other, &self.value)
        } else {
            (&self.value, &other)
        };
        Ok(Some(wrap(match op {
            BinaryOp::Add => context(a + b),
            BinaryOp::Sub => context(a - b),
            BinaryOp::Mul => context(a * b),
            BinaryOp::Div => divide(a, b)?,
            BinaryOp::FloorDiv | BinaryOp::Mod => {
                if b.is_zero() {
                    return Err(Raise::exception(
                        "ZeroDivisionError",
                        "[<class 'decimal.DivisionByZero'>]",
                    ));
                }
                let quotient = (a / b).with_scale_round(0, RoundingMode::Down);
                if op == BinaryOp::FloorDiv {
                    quotient
                } else {
                    context(a - quotient * b)
                }
            }
            BinaryOp::Pow => {
                let Some(n) = b.to_i64().filter(|n| b.is_integer() && n.abs() <= 10_000) else {
                    return Ok(None);
                };
                let mut out = BigDecimal::new(BigInt::from(1), 0);
                for _ in 0..n.abs() {
                    vm.step(1)?;
                    out = context(out * a);
                }
                if n < 0 {
                    divide(&BigDecimal::new(BigInt::from(1), 0), &out)?
                } else {
                    out
                }
            }
            _ => return Ok(None),
        })))
    }

    fn unary(&self, _this: &Value, _vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        Ok(match op {
            UnaryOp::Neg => Some(wrap(context(-self.value.clone()))),
            UnaryOp::Pos => Some(wrap(context(self.value.clone()))),
            UnaryOp::Invert => None,
        })
    }

    fn compare(
        &self,
        _: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let other = match (of(other), number(other)) {
            (Some(other), _) => other,
            (None, Some(Number::Float(x))) if x.is_finite() => {
                let (a, b) = crate::python::methods::float_ratio(x)?;
                let shift = b.bits() - 1;
                let digits = theirs(&a) * BigInt::from(5).pow(u32::try_from(shift).unwrap_or(0));
                BigDecimal::new(digits, i64::try_from(shift).unwrap_or(0))
            }
            _ => return Ok(None),
        };
        let order = self.value.cmp(&other);
        Ok(Some(Value::Bool(match op {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        })))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(!self.value.is_zero()))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.text().into()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(format!("Decimal('{}')", self.text()).into()))
    }

    fn format(&self, _this: &Value, _vm: &mut Vm, spec: &str) -> PyResult<Option<Str>> {
        if spec.is_empty() {
            return Ok(None);
        }
        let spec = Spec::parse(spec, "Decimal")?;
        let percent = spec.kind == Some('%');
        let value = if percent {
            &self.value * BigDecimal::new(BigInt::from(100), 0)
        } else {
            self.value.clone()
        };
        let value = match (spec.kind, spec.precision) {
            (Some('f' | 'F' | '%'), Some(p)) => value.with_scale_round(
                i64::try_from(p).unwrap_or(0).min(10_000),
                RoundingMode::HalfEven,
            ),
            _ => value,
        };
        let (digits, scale) = value.as_bigint_and_exponent();
        let negative = digits.is_negative();
        let body = if scale >= 0 || spec.kind.is_none() {
            Decimal {
                value,
                negative_zero: false,
            }
            .text()
            .trim_start_matches('-')
            .to_owned()
        } else {
            value.to_plain_string().trim_start_matches('-').to_owned()
        };
        let body = if percent { body + "%" } else { body };
        Ok(Some(spec.decimal(negative, &body).into()))
    }

    fn key(&self) -> Option<Value> {
        let value = self.value.normalized();
        let (digits, scale) = value.as_bigint_and_exponent();
        if scale <= 0 && scale > -100 {
            let whole = digits * BigInt::from(10).pow(u32::try_from(-scale).unwrap_or(0));
            return Some(crate::python::numbers::normal(own(&whole)));
        }
        Some(Value::tuple(vec![
            Value::str("Decimal"),
            Value::from(value.to_string()),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        of(other).map(|other| self.value.cmp(&other))
    }
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((name, _)) = ROUNDINGS.iter().find(|(n, _)| *n == name) {
        return Ok(Some(Value::str(*name)));
    }
    Ok(match name {
        "Decimal" => Some(Value::Class(class())),
        "InvalidOperation" | "DecimalException" | "ConversionSyntax" | "Inexact" | "Overflow" => {
            builtins::class("ArithmeticError").map(Value::Class)
        }
        "DivisionByZero" => builtins::class("ZeroDivisionError").map(Value::Class),
        "getcontext" | "localcontext" | "setcontext" | "Context" => {
            function("getcontext", |vm, _| {
                Ok(Value::unknown("the decimal context", vm.location()))
            })
        }
        _ => None,
    })
}
