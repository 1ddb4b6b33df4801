//! Attributes of instances, and what they inherit from classes written in Rust.

use std::rc::Rc;

use super::change::{hook, no_accessor, plain_delattr, plain_getattr, set_plainly};
use super::{find, object};
use crate::python::args::Args;
use crate::python::class::{Class, Instance};
use crate::python::error::{PyResult, Raise};
use crate::python::exec::descriptor::{ClassMethod, Property, StaticMethod};
use crate::python::native::Builtin;
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) fn instance_attribute(
    vm: &mut Vm,
    value: &Value,
    instance: &Rc<Instance>,
    name: &str,
) -> PyResult<Option<Value>> {
    let class = Rc::clone(&instance.class.borrow());
    let inherited_value = class.lookup(name);
    if let Some(Value::Native(native)) = &inherited_value
        && native.type_name() == "property"
    {
        return bind(vm, &Value::Native(Rc::clone(native)), value, &class).map(Some);
    }
    if let Some(descriptor @ Value::Instance(_)) = &inherited_value
        && hook(descriptor, "__set__").is_some()
    {
        return bind(vm, descriptor, value, &class).map(Some);
    }
    if let Some(found) = instance.dict.borrow().get(name) {
        return Ok(Some(found.clone()));
    }
    if let Some(found) = inherited_value {
        let base = instance.base.borrow().clone();
        if let Some(Value::Native(object)) = &base {
            if let Some(held) = object.held(name) {
                return Ok(Some(held));
            }
            // What is not known of all instances, the host may know of this one.
            if matches!(found, Value::Unknown(_))
                && let Some(own) = object.get_attr(value, vm, name)?
            {
                return Ok(Some(own));
            }
        }
        return bind(vm, &found, value, &class).map(Some);
    }
    match name {
        "__class__" => return Ok(Some(Value::Class(class))),
        "__dict__" if class.dict.borrow().contains_key("__slots__") => return Ok(None),
        "__dict__" => return Ok(Some(super::super::names::of_instance(instance))),
        "__doc__" => return Ok(Some(Value::None)),
        "__module__" => return Ok(Some(Value::Str(class.module.clone()))),
        _ => {}
    }
    let native = class.native_base();
    if let Some(found) = inherited(vm, value, native.as_ref(), name)? {
        return Ok(Some(found));
    }
    if native.is_none()
        && let Some(found) = object::attribute(name)
    {
        return bind(vm, &found, value, &class).map(Some);
    }
    if name != "__getattr__"
        && let Some(fallback) = class.lookup("__getattr__")
    {
        let method = bind(vm, &fallback, value, &class)?;
        return vm.call(&method, Args::of(vec![Value::str(name)])).map(Some);
    }
    Ok(None)
}

/// What a Python class inherits from a class written in Rust.
pub fn inherited(
    vm: &mut Vm,
    value: &Value,
    native: Option<&Rc<Class>>,
    name: &str,
) -> PyResult<Option<Value>> {
    if let Value::Instance(instance) = value {
        let base = instance.base.borrow().clone();
        match &base {
            Some(Value::Native(object)) => {
                if let Some(found) = object.get_attr(value, vm, name)? {
                    return Ok(Some(found));
                }
                let class = vm.class_of(&Value::Native(Rc::clone(object)));
                if let Some(found) = class.lookup(name) {
                    return bind(vm, &found, value, &class).map(Some);
                }
            }
            Some(builtin) => {
                if let Some(found) = find(vm, builtin, name)? {
                    return Ok(Some(found));
                }
            }
            None => {}
        }
    }
    if name == "__init__" {
        let native = native.cloned();
        let this = value.clone();
        return Ok(Some(Builtin::value("__init__", move |vm, args| {
            if let (Some(native), Value::Instance(instance)) = (&native, &this)
                && let Some(class) = &native.native
            {
                let own = Rc::clone(&instance.class.borrow());
                let made = class.construct(vm, &own, args)?;
                super::super::call::adopt(instance, made);
            }
            Ok(Value::None)
        })));
    }
    if matches!(name, "__init_subclass__" | "__set_name__" | "__post_init__") {
        return Ok((name == "__init_subclass__")
            .then(|| Builtin::value("__init_subclass__", |_, _| Ok(Value::None))));
    }
    if name == "__setattr__" {
        let this = value.clone();
        return Ok(Some(Builtin::value("__setattr__", move |vm, mut args| {
            let name = args.require("__setattr__", "name")?;
            let new = args.require("__setattr__", "value")?;
            let name = vm.str(&name)?;
            set_plainly(vm, &this, &name, new)?;
            Ok(Value::None)
        })));
    }
    if name == "__delattr__" {
        let this = value.clone();
        return Ok(Some(Builtin::value("__delattr__", move |vm, mut args| {
            args.pos.insert(0, this.clone());
            plain_delattr(vm, args)
        })));
    }
    if name == "__getattribute__" && matches!(value, Value::Instance(_)) {
        let this = value.clone();
        return Ok(Some(Builtin::value(
            "__getattribute__",
            move |vm, mut args| {
                args.pos.insert(0, this.clone());
                plain_getattr(vm, args)
            },
        )));
    }
    let class = match value {
        Value::Class(class) => Some(Rc::clone(class)),
        Value::Instance(instance) => Some(Rc::clone(&instance.class.borrow())),
        _ => None,
    };
    if let (Some(native), Some(class)) = (native, class)
        && let Some(behaviour) = &native.native
    {
        if name == "__new__" {
            return Ok(Some(Value::native(NativeNew(Rc::clone(native)))));
        }
        return behaviour.get_attr(vm, &class, name);
    }
    if name == "__new__" {
        return Ok(Some(Builtin::value("__new__", |_, mut args| {
            match args.require("object.__new__", "cls")? {
                Value::Class(class) => Ok(super::super::call::bare_instance(&class)),
                _ => Err(Raise::exception(
                    "TypeError",
                    "object.__new__(X): X is not a type object",
                )),
            }
        })));
    }
    Ok(None)
}

/// `Base.__new__` of a class written in Rust.
pub(super) struct NativeNew(Rc<Class>);

impl crate::python::native::Native for NativeNew {
    fn type_name(&self) -> &str {
        "builtin_function_or_method"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn std::any::Any> {
        self
    }

    fn call(&self, _this: &Value, vm: &mut Vm, mut args: Args) -> PyResult<Option<Value>> {
        let Value::Class(class) = args.require("__new__", "cls")? else {
            return Err(Raise::exception(
                "TypeError",
                "__new__(X): X is not a type object",
            ));
        };
        let Some(native) = &self.0.native else {
            return Ok(None);
        };
        let made = native.construct(vm, &class, args)?;
        if class.native.is_some() || matches!(made, Value::Class(_)) {
            return Ok(Some(made));
        }
        let instance = super::super::call::bare_instance(&class);
        if let Value::Instance(object) = &instance {
            if let Value::Instance(other) = &made
                && Rc::ptr_eq(&other.class.borrow(), &class)
            {
                return Ok(Some(made.clone()));
            }
            super::super::call::adopt(object, made);
        }
        Ok(Some(instance))
    }
}

/// A value found on a class, as seen through an instance.
pub fn bind(vm: &mut Vm, found: &Value, this: &Value, class: &Rc<Class>) -> PyResult {
    match found {
        Value::Function(_) | Value::Builtin(_) => {
            if matches!(this, Value::Class(_)) {
                return Ok(found.clone());
            }
            Ok(Value::BoundMethod(Rc::new((found.clone(), this.clone()))))
        }
        Value::Native(native) => {
            if let Some(property) = found.downcast::<Property>() {
                if matches!(this, Value::Class(_)) {
                    return Ok(found.clone());
                }
                if property.getter.is_none() {
                    return Err(no_accessor(class, found, "getter"));
                }
                return vm.call(&property.getter, Args::of(vec![this.clone()]));
            }
            if let Some(method) = found.downcast::<ClassMethod>() {
                let class = match this {
                    Value::Class(class) => Rc::clone(class),
                    _ => Rc::clone(class),
                };
                return Ok(Value::BoundMethod(Rc::new((
                    method.0.clone(),
                    Value::Class(class),
                ))));
            }
            if let Some(function) = found.downcast::<StaticMethod>() {
                return Ok(function.0.clone());
            }
            // Other descriptors written in Rust (cached_property, …).
            if let Some(getter) = native.get_attr(found, vm, "__get__")? {
                return vm.call(
                    &getter,
                    Args::of(vec![this.clone(), Value::Class(Rc::clone(class))]),
                );
            }
            Ok(found.clone())
        }
        Value::Instance(descriptor) => {
            let owner = Rc::clone(&descriptor.class.borrow());
            match owner.lookup("__get__") {
                Some(getter) => vm.call(
                    &getter,
                    Args::of(vec![
                        found.clone(),
                        this.clone(),
                        Value::Class(Rc::clone(class)),
                    ]),
                ),
                None => Ok(found.clone()),
            }
        }
        _ => Ok(found.clone()),
    }
}
