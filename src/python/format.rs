//! Text from values: `repr`, `%`, `str.format` and format specifications.

use super::args::Args;
use super::error::PyResult;
use super::value::{Str, Value};
use super::vm::Vm;

/// `template % values`.
#[allow(unused_variables)]
pub fn percent(vm: &mut Vm, template: &str, values: &Value) -> PyResult<Str> {
    Ok(Str::from(""))
}

/// `template.format(args)`.
#[allow(unused_variables)]
pub fn str_format(vm: &mut Vm, template: &str, args: Args) -> PyResult<Str> {
    Ok(Str::from(""))
}

/// `format(value, spec)` of a builtin value.
#[allow(unused_variables)]
pub fn format_spec(vm: &mut Vm, value: &Value, spec: &str) -> PyResult<Str> {
    Ok(Str::from(""))
}

/// `repr(value)` of a builtin value (containers call [`Vm::repr`] for their items).
#[allow(unused_variables)]
pub fn repr(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    Ok(Str::from(""))
}

/// `str(value)` of a builtin value.
pub fn str(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        _ => repr(vm, value),
    }
}
