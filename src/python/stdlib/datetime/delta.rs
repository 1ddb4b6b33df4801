//! `timedelta`: a difference.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::super::function;
use super::date::overflow;
use super::{DAY, DeltaClass, SECOND, delta_class, outcome};
use crate::python::args::Args;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, CompareOp, Native, NativeClass, UnaryOp};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// `datetime.timedelta`.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Delta {
    /// Its length in microseconds.
    pub micros: i128,
}

impl NativeClass for DeltaClass {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, "a difference of times") {
            return Ok(unknown);
        }
        let mut total: i128 = 0;
        for (name, unit) in [
            ("days", DAY),
            ("seconds", SECOND),
            ("microseconds", 1),
            ("milliseconds", 1000),
            ("minutes", 60 * SECOND),
            ("hours", 3600 * SECOND),
            ("weeks", 7 * DAY),
        ] {
            let Some(value) = args.take(name) else {
                continue;
            };
            total += match value.as_int() {
                Some(n) => i128::from(n) * unit,
                None => scaled(crate::python::builtins::to_float(vm, &value)?, unit),
            };
        }
        args.finish("timedelta")?;
        if total.abs() >= 1_000_000_000 * DAY {
            return Err(Raise::exception(
                "OverflowError",
                format!(
                    "days={}; must have magnitude <= 999999999",
                    total.div_euclid(DAY)
                ),
            ));
        }
        Ok(Value::native(Delta { micros: total }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "min" => Some(Value::native(Delta {
                micros: -999_999_999 * DAY,
            })),
            "max" => Some(Value::native(Delta {
                micros: 1_000_000_000 * DAY - 1,
            })),
            "resolution" => Some(Value::native(Delta { micros: 1 })),
            _ => None,
        })
    }
}

#[allow(clippy::cast_precision_loss, clippy::cast_possible_truncation)]
pub(super) fn scaled(x: f64, unit: i128) -> i128 {
    (x * unit as f64).round_ties_even() as i128
}

impl Delta {
    pub(super) fn parts(self) -> (i128, i128, i128) {
        let rest = self.micros.rem_euclid(DAY);
        (self.micros.div_euclid(DAY), rest / SECOND, rest % SECOND)
    }
}

impl Native for Delta {
    fn type_name(&self) -> &str {
        "datetime.timedelta"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(delta_class())
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let (days, seconds, micros) = self.parts();
        let int = |n: i128| Value::Int(i64::try_from(n).unwrap_or(i64::MAX));
        #[allow(clippy::cast_precision_loss)]
        let total = self.micros as f64 / 1e6;
        Ok(match name {
            "days" => Some(int(days)),
            "seconds" => Some(int(seconds)),
            "microseconds" => Some(int(micros)),
            "total_seconds" => function("total_seconds", move |_, _| Ok(Value::Float(total))),
            "__abs__" => {
                let micros = self.micros.abs();
                function("__abs__", move |_, _| Ok(Value::native(Delta { micros })))
            }
            _ => None,
        })
    }

    #[allow(clippy::cast_precision_loss)]
    fn binary(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        let delta = |micros: i128| Ok(Some(Value::native(Delta { micros })));
        let zero = || Raise::exception("ZeroDivisionError", "division by zero");
        if let Some(other) = other.downcast::<Delta>() {
            let (a, b) = if reflected {
                (other.micros, self.micros)
            } else {
                (self.micros, other.micros)
            };
            return match op {
                BinaryOp::Add => delta(a + b),
                BinaryOp::Sub => delta(a - b),
                BinaryOp::Div if b != 0 => Ok(Some(Value::Float(a as f64 / b as f64))),
                BinaryOp::FloorDiv if b != 0 => {
                    let q = if b < 0 {
                        (-a).div_euclid(-b)
                    } else {
                        a.div_euclid(b)
                    };
                    Ok(Some(Value::Int(i64::try_from(q).unwrap_or(i64::MAX))))
                }
                BinaryOp::Mod if b > 0 => delta(a.rem_euclid(b)),
                BinaryOp::Div | BinaryOp::FloorDiv | BinaryOp::Mod => Err(zero()),
                _ => Ok(None),
            };
        }
        match (op, other) {
            (BinaryOp::Mul, Value::Int(n)) => match self.micros.checked_mul(i128::from(*n)) {
                Some(micros) => delta(micros),
                None => Err(overflow()),
            },
            (BinaryOp::Mul, Value::Float(x)) => delta(scaled(*x, self.micros)),
            (BinaryOp::Div, Value::Int(0)) | (BinaryOp::FloorDiv, Value::Int(0)) if !reflected => {
                Err(zero())
            }
            (BinaryOp::Div, Value::Int(n)) if !reflected => {
                delta((self.micros as f64 / *n as f64).round_ties_even() as i128)
            }
            (BinaryOp::Div, Value::Float(x)) if !reflected && *x != 0.0 => {
                delta((self.micros as f64 / x).round_ties_even() as i128)
            }
            (BinaryOp::FloorDiv, Value::Int(n)) if !reflected && *n > 0 => {
                delta(self.micros.div_euclid(i128::from(*n)))
            }
            _ => Ok(None),
        }
    }

    fn unary(&self, _this: &Value, _vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        Ok(match op {
            UnaryOp::Neg => Some(Value::native(Delta {
                micros: -self.micros,
            })),
            UnaryOp::Pos => Some(Value::native(*self)),
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
        Ok(other
            .downcast::<Delta>()
            .map(|other| outcome(op, self.cmp(&other))))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(self.micros != 0))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        let (days, seconds, micros) = self.parts();
        let mut out = String::new();
        if days != 0 {
            let plural = if days.abs() == 1 { "" } else { "s" };
            out.push_str(&format!("{days} day{plural}, "));
        }
        out.push_str(&format!(
            "{}:{:02}:{:02}",
            seconds / 3600,
            seconds / 60 % 60,
            seconds % 60
        ));
        if micros != 0 {
            out.push_str(&format!(".{micros:06}"));
        }
        Ok(Some(out.into()))
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        let (days, seconds, micros) = self.parts();
        let parts: Vec<String> = [
            ("days", days),
            ("seconds", seconds),
            ("microseconds", micros),
        ]
        .into_iter()
        .filter(|(_, n)| *n != 0)
        .map(|(name, n)| format!("{name}={n}"))
        .collect();
        let inner = if parts.is_empty() {
            "0".to_owned()
        } else {
            parts.join(", ")
        };
        Ok(Some(format!("datetime.timedelta({inner})").into()))
    }

    fn key(&self) -> Option<Value> {
        Some(Value::tuple(vec![
            Value::str("datetime.timedelta"),
            Value::from(self.micros.to_string()),
        ]))
    }

    fn order(&self, other: &Value) -> Option<Ordering> {
        other.downcast::<Delta>().map(|other| self.cmp(&other))
    }
}
