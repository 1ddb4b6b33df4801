//! Comparisons of builtin values.

use std::cmp::Ordering;

use num_bigint::BigInt;
use num_traits::FromPrimitive;

use super::arithmetic::{Number, number};
use super::plain;
use crate::python::error::{PyResult, Raise};
use crate::python::native::CompareOp;
use crate::python::value::{Set, Value};
use crate::python::vm::Vm;

thread_local! {
    static DEPTH: std::cell::Cell<usize> = const { std::cell::Cell::new(0) };
}

fn result(op: CompareOp, order: Ordering) -> bool {
    match op {
        CompareOp::Eq => order.is_eq(),
        CompareOp::Ne => order.is_ne(),
        CompareOp::Lt => order.is_lt(),
        CompareOp::Le => order.is_le(),
        CompareOp::Gt => order.is_gt(),
        CompareOp::Ge => order.is_ge(),
    }
}

/// The exact order of two numbers; `None` when one is not a number.
fn order(a: &Number, b: &Number) -> Option<Ordering> {
    match (a, b) {
        (Number::Int(x), Number::Int(y)) => Some(x.cmp(y)),
        (Number::Float(x), Number::Float(y)) => x.partial_cmp(y),
        (Number::Float(x), other) => float_order(*x, other),
        (other, Number::Float(y)) => float_order(*y, other).map(Ordering::reverse),
        (x, y) => Some(x.big()?.cmp(&y.big()?)),
    }
}

fn float_order(x: f64, other: &Number) -> Option<Ordering> {
    if x.is_nan() {
        return None;
    }
    if x.is_infinite() {
        return Some(if x > 0.0 {
            Ordering::Greater
        } else {
            Ordering::Less
        });
    }
    let whole = BigInt::from_f64(x.trunc())?;
    Some(
        whole
            .cmp(&other.big()?)
            .then_with(|| x.fract().partial_cmp(&0.0).unwrap_or(Ordering::Equal)),
    )
}

fn subset(a: &Set, b: &Set) -> bool {
    a.len() <= b.len() && a.iter().all(|item| b.contains(item))
}

fn sets(op: CompareOp, a: &Set, b: &Set) -> bool {
    match op {
        CompareOp::Eq => a.len() == b.len() && subset(a, b),
        CompareOp::Ne => !(a.len() == b.len() && subset(a, b)),
        CompareOp::Le => subset(a, b),
        CompareOp::Lt => a.len() < b.len() && subset(a, b),
        CompareOp::Ge => subset(b, a),
        CompareOp::Gt => b.len() < a.len() && subset(b, a),
    }
}

fn sequences(vm: &mut Vm, op: CompareOp, a: &[Value], b: &[Value]) -> PyResult<Option<Value>> {
    if matches!(op, CompareOp::Eq | CompareOp::Ne) && a.len() != b.len() {
        return Ok(Some(Value::Bool(op == CompareOp::Ne)));
    }
    let depth = DEPTH.get();
    if depth > 150 {
        return Err(Raise::exception(
            "RecursionError",
            "maximum recursion depth exceeded in comparison",
        ));
    }
    DEPTH.set(depth + 1);
    let outcome = (|| {
        for (x, y) in a.iter().zip(b) {
            vm.step(1)?;
            if x.is(y) || vm.equal(x, y)? {
                continue;
            }
            return match op {
                CompareOp::Eq => Ok(Some(Value::Bool(false))),
                CompareOp::Ne => Ok(Some(Value::Bool(true))),
                _ => vm.compare(op, x, y).map(Some),
            };
        }
        Ok(Some(Value::Bool(result(op, a.len().cmp(&b.len())))))
    })();
    DEPTH.set(depth);
    outcome
}

/// `a op b` of builtin values. `None` when they have no such order; `==` of different types is
/// known to be false.
pub fn compare(vm: &mut Vm, op: CompareOp, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    let (a, b) = (plain(a), plain(b));
    let equality = match op {
        CompareOp::Eq => Some(false),
        CompareOp::Ne => Some(true),
        _ => None,
    };
    if let (Some(x), Some(y)) = (number(&a), number(&b)) {
        return Ok(Some(Value::Bool(match order(&x, &y) {
            Some(order) => result(op, order),
            None => op == CompareOp::Ne,
        })));
    }
    match (&a, &b) {
        (Value::Str(x), Value::Str(y)) => return Ok(Some(Value::Bool(result(op, x.cmp(y))))),
        (Value::Bytes(x), Value::Bytes(y)) => return Ok(Some(Value::Bool(result(op, x.cmp(y))))),
        (Value::List(x), Value::List(y)) => {
            if std::rc::Rc::ptr_eq(x, y) {
                return Ok(Some(Value::Bool(result(op, Ordering::Equal))));
            }
            let (x, y) = (x.borrow().clone(), y.borrow().clone());
            return sequences(vm, op, &x, &y);
        }
        (Value::Tuple(x), Value::Tuple(y)) => return sequences(vm, op, x, y),
        (Value::Set(x), Value::Set(y)) => {
            return Ok(Some(Value::Bool(sets(op, &x.borrow(), &y.borrow()))));
        }
        (Value::Set(x), Value::FrozenSet(y)) => {
            return Ok(Some(Value::Bool(sets(op, &x.borrow(), y))));
        }
        (Value::FrozenSet(x), Value::Set(y)) => {
            return Ok(Some(Value::Bool(sets(op, x, &y.borrow()))));
        }
        (Value::FrozenSet(x), Value::FrozenSet(y)) => return Ok(Some(Value::Bool(sets(op, x, y)))),
        (Value::Dict(x), Value::Dict(y)) if equality.is_some() => {
            if std::rc::Rc::ptr_eq(x, y) {
                return Ok(Some(Value::Bool(op == CompareOp::Eq)));
            }
            if x.borrow().len() != y.borrow().len() {
                return Ok(equality.map(Value::Bool));
            }
            let pairs: Vec<(Value, Option<Value>)> = x
                .borrow()
                .iter()
                .map(|(k, v)| (v.clone(), y.borrow().get(k).cloned()))
                .collect();
            let depth = DEPTH.get();
            if depth > 150 {
                return Err(Raise::exception(
                    "RecursionError",
                    "maximum recursion depth exceeded in comparison",
                ));
            }
            DEPTH.set(depth + 1);
            let same = (|| -> PyResult<bool> {
                for (x, y) in pairs {
                    vm.step(1)?;
                    match y {
                        Some(y) if x.is(&y) || vm.equal(&x, &y)? => {}
                        _ => return Ok(false),
                    }
                }
                Ok(true)
            })();
            DEPTH.set(depth);
            return Ok(Some(Value::Bool(same? == (op == CompareOp::Eq))));
        }
        _ => {}
    }
    if matches!(a, Value::Native(_) | Value::Instance(_) | Value::Unknown(_))
        || matches!(b, Value::Native(_) | Value::Instance(_) | Value::Unknown(_))
    {
        return Ok(None);
    }
    Ok(equality.map(|unequal| Value::Bool(if a.is(&b) { !unequal } else { unequal })))
}
