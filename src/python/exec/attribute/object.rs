//! What every class has from `object`, for code that names it: `__hash__ = object.__hash__`,
//! `super().__eq__(other)`. Operators and `str()` do not come here: where a class defines nothing,
//! they know by themselves what `object` does.

use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::PyResult;
use crate::python::exec::operator;
use crate::python::native::Builtin;
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

thread_local! {
    /// One object a name, since code asks `cls.__repr__ is object.__repr__`.
    static METHODS: Vec<(&'static str, Value)> = vec![
        method("__hash__", |vm, this, _| hash(vm, &this)),
        method("__eq__", |_, this, mut args| {
            let other = args.require("__eq__", "value")?;
            Ok(if this.is(&other) { Value::Bool(true) } else { Value::NotImplemented })
        }),
        method("__ne__", |vm, this, args| match vm.call_method(&this, "__eq__", args)? {
            Value::NotImplemented => Ok(Value::NotImplemented),
            equal => Ok(Value::Bool(!vm.truth(&equal)?)),
        }),
        method("__lt__", |_, _, _| Ok(Value::NotImplemented)),
        method("__le__", |_, _, _| Ok(Value::NotImplemented)),
        method("__gt__", |_, _, _| Ok(Value::NotImplemented)),
        method("__ge__", |_, _, _| Ok(Value::NotImplemented)),
        method("__repr__", |vm, this, _| Ok(Value::Str(representation(vm, &this)))),
        method("__str__", |vm, this, _| vm.repr(&this).map(Value::Str)),
        method("__format__", |vm, this, mut args| {
            let spec = args.require("__format__", "format_spec")?;
            let text = Value::Str(vm.str(&this)?);
            let spec = vm.str(&spec)?;
            operator::format(vm, &text, &spec).map(Value::Str)
        }),
    ];
}

fn method(
    name: &'static str,
    call: impl Fn(&mut Vm, Value, Args) -> PyResult + 'static,
) -> (&'static str, Value) {
    let function = Builtin::value(name, move |vm, mut args| {
        let this = args.require(name, "self")?;
        call(vm, this, args)
    });
    (name, function)
}

/// The method that `object` gives to a class without one of its own.
pub fn attribute(name: &str) -> Option<Value> {
    METHODS.with(|all| {
        let found = all.iter().find(|(known, _)| *known == name);
        found.map(|(_, method)| method.clone())
    })
}

/// By identity, whatever the class says.
fn hash(vm: &mut Vm, value: &Value) -> PyResult {
    match value {
        Value::Instance(_) => builtins::identity(value),
        other => builtins::hash(vm, other),
    }
}

/// `<module.Class object>`: the address, which differs from run to run, is left out.
pub fn representation(vm: &mut Vm, value: &Value) -> Str {
    let class = vm.class_of(value);
    Str::from(match &*class.module {
        "builtins" => format!("<{} object>", class.name),
        module => format!("<{module}.{} object>", class.name),
    })
}
