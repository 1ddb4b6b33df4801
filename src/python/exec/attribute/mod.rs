//! `value.name`, and how functions in classes become methods.

mod change;
mod class;
mod instance;
mod object;

pub use change::{delete, set};
use class::class_attribute;
use instance::instance_attribute;
pub use instance::{bind, inherited};
pub use object::{attribute as of_object, representation};

use std::borrow::Cow;
use std::rc::Rc;

use super::import;
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::methods;
use crate::python::value::{Dict, DictKey, Str, Unknown, Value};
use crate::python::vm::{Module, Vm};

/// The `AttributeError` for a missing attribute.
pub fn missing(vm: &mut Vm, value: &Value, name: &str) -> Box<Raise> {
    let message = match value {
        Value::Module(module) => format!("module '{}' has no attribute '{name}'", module.name),
        Value::Class(class) => format!("type object '{}' has no attribute '{name}'", class.name),
        other => format!("'{}' object has no attribute '{name}'", vm.type_name(other)),
    };
    Raise::exception("AttributeError", message)
}

/// A part of an unknown value.
pub fn unknown_part(vm: &Vm, unknown: &Rc<Unknown>, what: impl Into<String>) -> Value {
    // A long chain of derived values keeps only its first links.
    let depth = std::iter::successors(Some(unknown), |u| u.from.as_ref())
        .take(16)
        .count();
    if depth >= 16 {
        return Value::Unknown(Rc::clone(unknown));
    }
    Value::Unknown(Rc::new(Unknown {
        what: what.into(),
        origin: vm.location(),
        from: Some(Rc::clone(unknown)),
        read: false,
        compared: None,
    }))
}

/// The attribute, or `None`.
pub fn find(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Option<Value>> {
    match value {
        Value::Module(module) => module_attribute(vm, module, name),
        Value::Native(native) => {
            if let Some(found) = native.get_attr(value, vm, name)? {
                return Ok(Some(found));
            }
            let class = vm.class_of(value);
            if let Some(found) = class.lookup(name) {
                return bind(vm, &found, value, &class).map(Some);
            }
            common(&class, name)
        }
        Value::Instance(instance) => instance_attribute(vm, value, instance, name),
        Value::Class(class) => class_attribute(vm, value, class, name),
        Value::Function(function) => {
            if let Some(found) = function.dict.borrow().get(name) {
                return Ok(Some(found.clone()));
            }
            Ok(Some(match name {
                "__name__" => Value::Str(function.name.clone()),
                "__qualname__" => Value::Str(function.def.qualname.clone()),
                "__defaults__" => {
                    let given: Vec<Value> = function.defaults.iter().flatten().cloned().collect();
                    if given.is_empty() {
                        Value::None
                    } else {
                        Value::tuple(given)
                    }
                }
                "__kwdefaults__" => {
                    let named = &function.def.parameters.keyword_only;
                    let given: Dict = named
                        .iter()
                        .zip(&function.keyword_defaults)
                        .filter_map(|(p, d)| Some((DictKey::str(&p.name), d.clone()?)))
                        .collect();
                    if given.is_empty() {
                        Value::None
                    } else {
                        Value::dict(given)
                    }
                }
                "__doc__" => function.def.doc.clone().map_or(Value::None, Value::Str),
                "__module__" => Value::Str(function.globals.name.clone()),
                "__dict__" => Value::dict(Dict::default()),
                "__wrapped__" => return Ok(None),
                "__call__" => value.clone(),
                "__get__" => return Ok(None),
                _ => return Ok(None),
            }))
        }
        Value::BoundMethod(method) => match name {
            "__self__" => Ok(Some(method.1.clone())),
            "__func__" => Ok(Some(method.0.clone())),
            _ => find(vm, &method.0.clone(), name),
        },
        Value::Builtin(builtin) => Ok(match name {
            "__name__" | "__qualname__" => Some(Value::str(builtin.name)),
            "__doc__" | "__module__" => Some(Value::None),
            _ => None,
        }),
        Value::Unknown(unknown) => {
            let what = format!("`.{name}` of {}", named(unknown));
            Ok(Some(unknown_part(vm, unknown, what)))
        }
        _ => {
            if let Some(found) = methods::get(vm, value, name)? {
                return Ok(Some(found));
            }
            let class = vm.class_of(value);
            common(&class, name)
        }
    }
}

/// How long what a value is may be before it is told by where it comes from, in bytes.
const LONG: usize = 120;

/// What a value is that another one is computed from: where that has become long, what it comes from
/// in the end.
pub(super) fn named(unknown: &Unknown) -> Cow<'_, str> {
    if unknown.what.len() <= LONG {
        return Cow::Borrowed(&unknown.what);
    }
    match std::iter::successors(unknown.from.as_deref(), |unknown| unknown.from.as_deref()).last() {
        Some(root) => Cow::Owned(format!("a value computed from {}", root.what)),
        None => Cow::Borrowed(&unknown.what),
    }
}

/// What every object answers through its class.
pub(super) fn common(class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "__class__" => Some(Value::Class(Rc::clone(class))),
        "__doc__" => Some(Value::None),
        "__module__" => Some(Value::Str(class.module.clone())),
        _ => None,
    })
}

pub(super) fn module_attribute(
    vm: &mut Vm,
    module: &Rc<Module>,
    name: &str,
) -> PyResult<Option<Value>> {
    if let Some(found) = module.dict.borrow().get(name) {
        return Ok(Some(found.clone()));
    }
    if let Some(lazy) = &module.lazy
        && let Some(made) = lazy(vm, name)?
    {
        module
            .dict
            .borrow_mut()
            .insert(Str::from(name), made.clone());
        return Ok(Some(made));
    }
    match name {
        "__name__" => return Ok(Some(Value::Str(module.name.clone()))),
        "__dict__" => return Ok(Some(super::names::of_module(module))),
        "__doc__" | "__file__" | "__path__" => return Ok(None),
        _ => {}
    }
    if let Some(found) = import::submodule(vm, module, name)? {
        return Ok(Some(found));
    }
    if let Some(found) = module_fallback(vm, module, name)? {
        return Ok(Some(found));
    }
    Ok(missing_name(vm, module, name))
}

/// A name that is not in a module of which not everything could be evaluated.
pub(super) fn missing_name(vm: &Vm, module: &Module, name: &str) -> Option<Value> {
    if name.starts_with("__") {
        return None;
    }
    match module.dict.borrow().get(import::INCOMPLETE) {
        Some(Value::Unknown(reason)) => {
            let what = format!("`{name}` of {}", named(reason));
            Some(unknown_part(vm, reason, what))
        }
        _ => None,
    }
}

/// What the module's own `__getattr__` answers.
pub(super) fn module_fallback(
    vm: &mut Vm,
    module: &Rc<Module>,
    name: &str,
) -> PyResult<Option<Value>> {
    if name.starts_with("__") {
        return Ok(None);
    }
    let fallback = module.dict.borrow().get("__getattr__").cloned();
    let Some(fallback) = fallback else {
        return Ok(None);
    };
    match vm.call(&fallback, Args::of(vec![Value::str(name)])) {
        Ok(found) => Ok(Some(found)),
        Err(raise) if super::exception::is(vm, &raise, "AttributeError") => Ok(None),
        Err(raise) => Err(raise),
    }
}
