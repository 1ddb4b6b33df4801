//! Operators and comparisons of builtin values.

mod arithmetic;
mod compare;
mod sequences;

pub use arithmetic::{
    Number, divmod, normal, number, parse_float, parse_int, power_modulo, to_big,
};
pub use compare::compare;

use super::error::PyResult;
use super::native::{BinaryOp, UnaryOp};
use super::value::Value;
use super::vm::Vm;

/// The builtin value behind an instance of a class that derives from a builtin type.
pub fn plain(value: &Value) -> Value {
    match value {
        Value::Instance(instance) => match &*instance.base.borrow() {
            Some(base) if !matches!(base, Value::Native(_)) => base.clone(),
            _ => value.clone(),
        },
        Value::Native(_) => super::exec::names::plain(value),
        _ => value.clone(),
    }
}

/// `a op b` of builtin values (numbers, text, sequences, sets, dictionaries). `None` when they do
/// not support it.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    if let (Value::Int(x), Value::Int(y)) = (a, b) {
        let quick = match op {
            BinaryOp::Add => x.checked_add(*y),
            BinaryOp::Sub => x.checked_sub(*y),
            BinaryOp::Mul => x.checked_mul(*y),
            _ => None,
        };
        if let Some(result) = quick {
            return Ok(Some(Value::Int(result)));
        }
    }
    let (a, b) = (plain(a), plain(b));
    if let (Some(x), Some(y)) = (number(&a), number(&b)) {
        if let (Value::Bool(x), Value::Bool(y)) = (&a, &b) {
            match op {
                BinaryOp::BitAnd => return Ok(Some(Value::Bool(x & y))),
                BinaryOp::BitOr => return Ok(Some(Value::Bool(x | y))),
                BinaryOp::BitXor => return Ok(Some(Value::Bool(x ^ y))),
                _ => {}
            }
        }
        return arithmetic::binary(vm, op, x, y);
    }
    sequences::binary(vm, op, &a, &b)
}

/// `op a` of a builtin value. `None` when it does not support it.
pub fn unary(_vm: &mut Vm, op: UnaryOp, a: &Value) -> PyResult<Option<Value>> {
    Ok(number(&plain(a)).and_then(|n| arithmetic::unary(op, n)))
}
