//! Operators and comparisons of builtin values.

use super::error::PyResult;
use super::native::{BinaryOp, CompareOp, UnaryOp};
use super::value::Value;
use super::vm::Vm;

/// `a op b` of builtin values (numbers, text, sequences, sets, dictionaries). `None` when they do not support it.
#[allow(unused_variables)]
pub fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    Ok(None)
}

/// `op a` of a builtin value. `None` when it does not support it.
#[allow(unused_variables)]
pub fn unary(vm: &mut Vm, op: UnaryOp, a: &Value) -> PyResult<Option<Value>> {
    Ok(None)
}

/// `a op b` of builtin values. `None` when they have no such order; `==` of different types is known.
#[allow(unused_variables)]
pub fn compare(vm: &mut Vm, op: CompareOp, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    Ok(None)
}
