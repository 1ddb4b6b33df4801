//! `math`.

use num_bigint::BigInt;
use num_traits::{One, Signed, Zero};

use super::function;
use crate::python::args::Args;
use crate::python::builtins::{to_float, truncate, unknown_among};
use crate::python::error::{PyResult, Raise};
use crate::python::native::BinaryOp;
use crate::python::numbers::{Number, normal, number, to_big};
use crate::python::value::Value;
use crate::python::vm::Vm;

type Real = fn(f64) -> f64;

const REAL: &[(&str, Real)] = &[
    ("sqrt", f64::sqrt),
    ("sin", f64::sin),
    ("cos", f64::cos),
    ("tan", f64::tan),
    ("asin", f64::asin),
    ("acos", f64::acos),
    ("atan", f64::atan),
    ("sinh", f64::sinh),
    ("cosh", f64::cosh),
    ("tanh", f64::tanh),
    ("exp", f64::exp),
    ("expm1", f64::exp_m1),
    ("log2", f64::log2),
    ("log10", f64::log10),
    ("log1p", f64::ln_1p),
    ("fabs", f64::abs),
    ("cbrt", f64::cbrt),
    ("degrees", f64::to_degrees),
    ("radians", f64::to_radians),
];

fn domain() -> Box<Raise> {
    Raise::exception("ValueError", "math domain error")
}

fn rounded(vm: &mut Vm, value: &Value, special: &str, round: Real) -> PyResult {
    match number(value) {
        Some(Number::Float(x)) => truncate(round(x)),
        Some(n) => Ok(normal(n.big().unwrap_or_default())),
        None => match vm.find_attr(value, special)? {
            Some(method) => vm.call(&method, Args::default()),
            None => truncate(round(to_float(vm, value)?)),
        },
    }
}

fn gcd(mut a: BigInt, mut b: BigInt) -> BigInt {
    while !b.is_zero() {
        (a, b) = (b.clone(), a % b);
    }
    a.abs()
}

fn whole(vm: &Vm, value: Option<Value>) -> PyResult<BigInt> {
    let value = value.unwrap_or(Value::None);
    to_big(&value).ok_or_else(|| {
        let found = vm.type_name(&value);
        Raise::exception(
            "TypeError",
            format!("'{found}' object cannot be interpreted as an integer"),
        )
    })
}

/// The attributes of the module.
pub(super) fn math(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((name, real)) = REAL.iter().find(|(n, _)| *n == name) {
        return Ok(function(name, move |vm, mut args| {
            if let Some(unknown) = unknown_among(&args.pos, "a number") {
                return Ok(unknown);
            }
            let x = args.require(name, "x")?;
            let x = to_float(vm, &x)?;
            let y = real(x);
            if (y.is_nan() && !x.is_nan()) || (y.is_infinite() && x.is_finite()) {
                return Err(domain());
            }
            Ok(Value::Float(y))
        }));
    }
    Ok(match name {
        "pi" => Some(Value::Float(std::f64::consts::PI)),
        "e" => Some(Value::Float(std::f64::consts::E)),
        "tau" => Some(Value::Float(std::f64::consts::TAU)),
        "inf" => Some(Value::Float(f64::INFINITY)),
        "nan" => Some(Value::Float(f64::NAN)),
        "floor" => function("floor", |vm, mut args| {
            let x = args.require("floor", "x")?;
            rounded(vm, &x, "__floor__", f64::floor)
        }),
        "ceil" => function("ceil", |vm, mut args| {
            let x = args.require("ceil", "x")?;
            rounded(vm, &x, "__ceil__", f64::ceil)
        }),
        "trunc" => function("trunc", |vm, mut args| {
            let x = args.require("trunc", "x")?;
            rounded(vm, &x, "__trunc__", f64::trunc)
        }),
        "log" => function("log", |vm, mut args| {
            let x = args.require("log", "x")?;
            let x = to_float(vm, &x)?;
            if x <= 0.0 {
                return Err(domain());
            }
            match args.take("base") {
                None => Ok(Value::Float(x.ln())),
                Some(base) => Ok(Value::Float(x.ln() / to_float(vm, &base)?.ln())),
            }
        }),
        "pow" => function("pow", |vm, mut args| {
            let (x, y) = (args.require("pow", "x")?, args.require("pow", "y")?);
            Ok(Value::Float(to_float(vm, &x)?.powf(to_float(vm, &y)?)))
        }),
        "fmod" | "hypot" | "atan2" | "copysign" => {
            let name = name.to_owned();
            function("fmod", move |vm, mut args| {
                let (x, y) = (args.require(&name, "x")?, args.require(&name, "y")?);
                let (x, y) = (to_float(vm, &x)?, to_float(vm, &y)?);
                Ok(Value::Float(match name.as_str() {
                    "fmod" => x % y,
                    "hypot" => x.hypot(y),
                    "atan2" => x.atan2(y),
                    _ => x.copysign(y),
                }))
            })
        }
        "isnan" | "isinf" | "isfinite" => {
            let name = name.to_owned();
            function("isnan", move |vm, mut args| {
                let x = args.require(&name, "x")?;
                let x = to_float(vm, &x)?;
                Ok(Value::Bool(match name.as_str() {
                    "isnan" => x.is_nan(),
                    "isinf" => x.is_infinite(),
                    _ => x.is_finite(),
                }))
            })
        }
        "isclose" => function("isclose", |vm, mut args| {
            let (a, b) = (args.require("isclose", "a")?, args.require("isclose", "b")?);
            let (a, b) = (to_float(vm, &a)?, to_float(vm, &b)?);
            let relative = match args.keyword("rel_tol") {
                Some(t) => to_float(vm, &t)?,
                None => 1e-9,
            };
            let absolute = match args.keyword("abs_tol") {
                Some(t) => to_float(vm, &t)?,
                None => 0.0,
            };
            let difference = (a - b).abs();
            Ok(Value::Bool(
                a == b || difference <= (relative * a.abs().max(b.abs())).max(absolute),
            ))
        }),
        "gcd" => function("gcd", |vm, args| {
            let mut out = BigInt::zero();
            for value in args.pos {
                vm.step(8)?;
                out = gcd(out, whole(vm, Some(value))?);
            }
            Ok(normal(out))
        }),
        "lcm" => function("lcm", |vm, args| {
            let mut out = BigInt::one();
            for value in args.pos {
                let n = whole(vm, Some(value))?;
                if n.is_zero() {
                    return Ok(Value::Int(0));
                }
                vm.charge(usize::try_from(out.bits() + n.bits()).unwrap_or(usize::MAX) / 8)?;
                out = (&out / gcd(out.clone(), n.clone()) * n).abs();
            }
            Ok(normal(out))
        }),
        "isqrt" => function("isqrt", |vm, mut args| {
            let n = whole(vm, args.take("n"))?;
            if n.is_negative() {
                return Err(Raise::exception(
                    "ValueError",
                    "isqrt() argument must be nonnegative",
                ));
            }
            Ok(normal(n.sqrt()))
        }),
        "factorial" => function("factorial", |vm, mut args| {
            let n = args.take("n").and_then(|n| n.as_int()).unwrap_or(0);
            if n < 0 {
                return Err(Raise::exception(
                    "ValueError",
                    "factorial() not defined for negative values",
                ));
            }
            let mut out = BigInt::one();
            for i in 2..=n {
                vm.step(1 + out.bits() / 512)?;
                out *= i;
            }
            Ok(normal(out))
        }),
        "comb" => function("comb", |vm, mut args| {
            let n = args.take("n").and_then(|n| n.as_int()).unwrap_or(0);
            let k = args.take("k").and_then(|n| n.as_int()).unwrap_or(0);
            if k > n {
                return Ok(Value::Int(0));
            }
            let mut out = BigInt::one();
            for i in 0..k.min(n - k) {
                vm.step(1 + out.bits() / 512)?;
                out = out * (n - i) / (i + 1);
            }
            Ok(normal(out))
        }),
        "prod" => function("prod", |vm, mut args| {
            let items = args.require("prod", "iterable")?;
            let mut out = args.take("start").unwrap_or(Value::Int(1));
            for item in vm.iterate(&items)? {
                out = vm.binary(BinaryOp::Mul, &out, &item)?;
            }
            Ok(out)
        }),
        "fsum" => function("fsum", |vm, mut args| {
            let items = args.require("fsum", "seq")?;
            let mut partials: Vec<f64> = Vec::new();
            for item in vm.iterate(&items)? {
                let mut x = to_float(vm, &item)?;
                let mut kept = Vec::new();
                for mut y in partials {
                    if x.abs() < y.abs() {
                        (x, y) = (y, x);
                    }
                    let high = x + y;
                    let low = y - (high - x);
                    if low != 0.0 {
                        kept.push(low);
                    }
                    x = high;
                }
                kept.push(x);
                partials = kept;
            }
            Ok(Value::Float(partials.iter().rev().sum()))
        }),
        _ => None,
    })
}
