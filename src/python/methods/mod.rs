//! The methods of builtin values.

use super::args::Args;
use super::error::PyResult;
use super::value::Value;
use super::vm::Vm;

/// The bound method `value.name`, or `None` when builtin values of that type have none.
#[allow(unused_variables)]
pub fn get(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Option<Value>> {
    Ok(None)
}

/// `value.name(args)` without making a bound method. `None` when there is no such method.
#[allow(unused_variables)]
pub fn call(vm: &mut Vm, value: &Value, name: &str, args: Args) -> PyResult<Option<Value>> {
    Ok(None)
}
