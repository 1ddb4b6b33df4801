//! Attributes of classes.

use std::rc::Rc;

use super::super::metaclass;
use super::change::{plain_delattr, plain_getattr, plain_setattr};
use super::instance::inherited;
use super::object;
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::PyResult;
use crate::python::exec::descriptor::{ClassMethod, StaticMethod};
use crate::python::native::Builtin;
use crate::python::value::{Dict, DictKey, Value};
use crate::python::vm::Vm;

pub(super) fn class_attribute(
    vm: &mut Vm,
    value: &Value,
    class: &Rc<Class>,
    name: &str,
) -> PyResult<Option<Value>> {
    let Some(meta) = &class.meta else {
        return own_class_attribute(vm, value, class, name);
    };
    if class.lookup(name).is_none()
        && let Some(found) = metaclass::attribute_of(vm, class, meta, name)?
    {
        return Ok(Some(found));
    }
    match own_class_attribute(vm, value, class, name)? {
        Some(found) => Ok(Some(found)),
        None => metaclass::fallback(vm, class, meta, name),
    }
}

pub(super) fn own_class_attribute(
    vm: &mut Vm,
    value: &Value,
    class: &Rc<Class>,
    name: &str,
) -> PyResult<Option<Value>> {
    if let Some(found) = class.lookup(name) {
        return match &found {
            Value::Instance(descriptor) => {
                let owner = Rc::clone(&descriptor.class.borrow());
                match owner.lookup("__get__") {
                    Some(getter) => {
                        let args = vec![found.clone(), Value::None, value.clone()];
                        vm.call(&getter, Args::of(args)).map(Some)
                    }
                    None => Ok(Some(found)),
                }
            }
            Value::Native(_) => {
                if let Some(method) = found.downcast::<ClassMethod>() {
                    Ok(Some(Value::BoundMethod(Rc::new((
                        method.0.clone(),
                        value.clone(),
                    )))))
                } else if let Some(function) = found.downcast::<StaticMethod>() {
                    Ok(Some(function.0.clone()))
                } else {
                    Ok(Some(found))
                }
            }
            _ => Ok(Some(found)),
        };
    }
    let classes =
        |classes: &[Rc<Class>]| classes.iter().map(|c| Value::Class(Rc::clone(c))).collect();
    match name {
        "__name__" | "__qualname__" => return Ok(Some(Value::Str(class.name.clone()))),
        "__module__" => return Ok(Some(Value::Str(class.module.clone()))),
        "__doc__" => return Ok(Some(Value::None)),
        "__bases__" => return Ok(Some(Value::tuple(classes(&class.bases)))),
        "__mro__" => {
            let mut line = vec![value.clone()];
            line.extend::<Vec<Value>>(classes(&class.mro));
            return Ok(Some(Value::tuple(line)));
        }
        "__dict__" => {
            let mut dict = Dict::default();
            for (key, value) in class.dict.borrow().iter() {
                dict.insert(DictKey::str(key), value.clone());
            }
            return Ok(Some(Value::dict(dict)));
        }
        "__annotations__" => return Ok(Some(Value::dict(Dict::default()))),
        "mro" => {
            let mut line = vec![value.clone()];
            line.extend::<Vec<Value>>(classes(&class.mro));
            return Ok(Some(Builtin::value("mro", move |_, _| {
                Ok(Value::list(line.clone()))
            })));
        }
        "__subclasses__" => {
            let class = Rc::clone(class);
            return Ok(Some(Builtin::value("__subclasses__", move |_, _| {
                let derived = class.derived.borrow();
                let alive = derived.iter().filter_map(std::rc::Weak::upgrade);
                Ok(Value::list(alive.map(Value::Class).collect()))
            })));
        }
        "__base__" => {
            return Ok(Some(
                class
                    .bases
                    .first()
                    .map_or(Value::None, |base| Value::Class(Rc::clone(base))),
            ));
        }
        "__class__" => return Ok(Some(Value::Class(vm.class_of(value)))),
        _ => {}
    }
    match name {
        "__setattr__" => return Ok(Some(Builtin::value("__setattr__", plain_setattr))),
        "__getattribute__" => return Ok(Some(Builtin::value("__getattribute__", plain_getattr))),
        "__delattr__" => return Ok(Some(Builtin::value("__delattr__", plain_delattr))),
        _ => {}
    }
    let native = class.native_base();
    if name == "__init__" && native.is_some() {
        // `Base.__init__(self, …)`
        return Ok(Some(Builtin::value("__init__", move |vm, mut args| {
            let this = args.require("__init__", "self")?;
            match inherited(vm, &this, native.as_ref(), "__init__")? {
                Some(init) => vm.call(&init, args),
                None => Ok(Value::None),
            }
        })));
    }
    if name == "__init__" {
        return Ok(Some(Builtin::value("__init__", |_, _| Ok(Value::None))));
    }
    match inherited(vm, value, native.as_ref(), name)? {
        None if native.is_none() => Ok(object::attribute(name)),
        found => Ok(found),
    }
}
