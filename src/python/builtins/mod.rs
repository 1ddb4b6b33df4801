//! The builtin functions and classes.

use std::rc::Rc;

use super::class::Class;
use super::error::PyResult;
use super::value::Value;
use super::vm::Vm;

/// The builtin called `name`.
#[allow(unused_variables)]
pub fn lookup(vm: &mut Vm, name: &str) -> Option<Value> {
    None
}

/// The builtin class called `name` (`int`, `ValueError`). One object per thread.
#[allow(unused_variables)]
pub fn class(name: &str) -> Option<Rc<Class>> {
    None
}

/// The class of a builtin value (`type(value)`); for instances and natives, the class that they name.
#[allow(unused_variables, clippy::todo)]
pub fn class_for(vm: &mut Vm, value: &Value) -> Rc<Class> {
    todo!()
}

/// The exception object of a builtin class, such as for `Raise::Builtin`.
#[allow(unused_variables)]
pub fn exception(vm: &mut Vm, class: &str, args: Vec<Value>) -> PyResult {
    Ok(Value::None)
}
