//! Setting and deleting attributes.

use std::rc::Rc;

use super::instance::bind;
use super::missing;
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::exec::descriptor::Property;
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// Sets an attribute past the class's own `__setattr__`, but not past its descriptors.
pub(super) fn set_plainly(vm: &mut Vm, this: &Value, name: &str, new: Value) -> PyResult<()> {
    let Value::Instance(instance) = this else {
        return set(vm, this, name, new);
    };
    let class = Rc::clone(&instance.class.borrow());
    let descriptor = class.lookup(name);
    if let Some(property) = descriptor.as_ref().and_then(Value::downcast::<Property>) {
        return property_set(vm, &property, this, &class, new, descriptor.as_ref());
    }
    if let Some(setter) = descriptor.as_ref().and_then(|d| hook(d, "__set__")) {
        let found = descriptor.unwrap_or(Value::None);
        let args = vec![found, this.clone(), new];
        return vm.call(&setter, Args::of(args)).map(drop);
    }
    instance.dict.borrow_mut().insert(Str::from(name), new);
    Ok(())
}

/// `object.__setattr__(self, name, value)`: past the class's own `__setattr__`.
pub(super) fn plain_setattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let this = args.require("__setattr__", "self")?;
    let name = args.require("__setattr__", "name")?;
    let new = args.require("__setattr__", "value")?;
    let name = vm.str(&name)?;
    set_plainly(vm, &this, &name, new)?;
    Ok(Value::None)
}

/// `object.__getattribute__(self, name)`: past the class's own `__getattr__`.
pub(super) fn plain_getattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let this = args.require("__getattribute__", "self")?;
    let name = args.require("__getattribute__", "name")?;
    let name = vm.str(&name)?;
    if let Value::Instance(instance) = &this {
        if let Some(found) = instance.dict.borrow().get(&name) {
            return Ok(found.clone());
        }
        let class = Rc::clone(&instance.class.borrow());
        return match class.lookup(&name) {
            Some(found) => bind(vm, &found, &this, &class),
            None => Err(missing(vm, &this, &name)),
        };
    }
    vm.get_attr(&this, &name)
}

/// `object.__delattr__(self, name)`.
pub(super) fn plain_delattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let this = args.require("__delattr__", "self")?;
    let name = args.require("__delattr__", "name")?;
    let name = vm.str(&name)?;
    if let Value::Instance(instance) = &this {
        let class = Rc::clone(&instance.class.borrow());
        if delete_by_descriptor(vm, &this, &class, &name)? {
            return Ok(Value::None);
        }
    }
    delete_plainly(vm, &this, &name)?;
    Ok(Value::None)
}

/// `value.name = new`.
pub fn set(vm: &mut Vm, value: &Value, name: &str, new: Value) -> PyResult<()> {
    vm.charge(16)?;
    match value {
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            let descriptor = class.lookup(name);
            if let Some(property) = descriptor.as_ref().and_then(Value::downcast::<Property>) {
                if let Some(setter) = class.lookup("__setattr__") {
                    let args = vec![value.clone(), Value::str(name), new];
                    return vm.call(&setter, Args::of(args)).map(drop);
                }
                return property_set(vm, &property, value, &class, new, descriptor.as_ref());
            }
            if let Some(setter) = class.lookup("__setattr__") {
                vm.call(
                    &setter,
                    Args::of(vec![value.clone(), Value::str(name), new]),
                )?;
                return Ok(());
            }
            if let Some(setter) = descriptor.as_ref().and_then(|d| hook(d, "__set__")) {
                let found = descriptor.unwrap_or(Value::None);
                return vm
                    .call(&setter, Args::of(vec![found, value.clone(), new]))
                    .map(drop);
            }
            if let Some(slots) = slots_refuse(vm, &class, name)? {
                return Err(slots);
            }
            let base = instance.base.borrow().clone();
            if let Some(Value::Native(native)) = &base
                && native.set_attr(value, vm, name, new.clone())?
            {
                return Ok(());
            }
            instance.dict.borrow_mut().insert(Str::from(name), new);
            Ok(())
        }
        Value::Class(class) => {
            if class.native.is_some() && &*class.module == "builtins" {
                let message = format!(
                    "cannot set '{name}' attribute of immutable type '{}'",
                    class.name
                );
                return Err(Raise::exception("TypeError", message));
            }
            class.dict.borrow_mut().insert(Str::from(name), new);
            Ok(())
        }
        Value::Module(module) => {
            module.dict.borrow_mut().insert(Str::from(name), new);
            Ok(())
        }
        Value::Function(function) => {
            function.dict.borrow_mut().insert(Str::from(name), new);
            Ok(())
        }
        Value::Native(native) => {
            if native.set_attr(value, vm, name, new)? {
                return Ok(());
            }
            let message = format!("'{}' object has no attribute '{name}'", native.type_name());
            Err(Raise::exception("AttributeError", message))
        }
        Value::Unknown(_) => Ok(()),
        other => {
            let message = format!("'{}' object has no attribute '{name}'", vm.type_name(other));
            Err(Raise::exception("AttributeError", message))
        }
    }
}

/// The method of a descriptor written in Python.
pub(super) fn hook(descriptor: &Value, name: &str) -> Option<Value> {
    match descriptor {
        Value::Instance(instance) => instance.class.borrow().lookup(name),
        _ => None,
    }
}

/// The error for a property without the accessor that is needed.
pub(super) fn no_accessor(class: &Class, property: &Value, what: &str) -> Box<Raise> {
    let line = std::iter::once(&class.dict).chain(class.mro.iter().map(|c| &c.dict));
    let name = line
        .filter_map(|dict| {
            let dict = dict.borrow();
            let mut found = dict.iter().filter(|(_, value)| value.is(property));
            found.next().map(|(name, _)| name.clone())
        })
        .next()
        .unwrap_or_else(|| Str::from("?"));
    let message = format!("property '{name}' of '{}' object has no {what}", class.name);
    Raise::exception("AttributeError", message)
}

pub(super) fn property_set(
    vm: &mut Vm,
    property: &Property,
    value: &Value,
    class: &Class,
    new: Value,
    found: Option<&Value>,
) -> PyResult<()> {
    if property.setter.is_none() {
        return Err(no_accessor(class, found.unwrap_or(&Value::None), "setter"));
    }
    vm.call(&property.setter, Args::of(vec![value.clone(), new]))?;
    Ok(())
}

/// The error for a name that `__slots__` does not have, where every class has slots.
pub(super) fn slots_refuse(
    vm: &mut Vm,
    class: &Rc<Class>,
    name: &str,
) -> PyResult<Option<Box<Raise>>> {
    if !class.dict.borrow().contains_key("__slots__") {
        return Ok(None);
    }
    for class in std::iter::once(class).chain(&class.mro) {
        if class.is_object() {
            continue;
        }
        let slots = class.dict.borrow().get("__slots__").cloned();
        let Some(slots) = slots else { return Ok(None) };
        let names = match &slots {
            Value::Str(_) => vec![slots],
            other => vm.iterate(other)?,
        };
        let mut names = names.iter().filter_map(Value::as_str);
        if names.any(|slot| &*slot == name || &*slot == "__dict__") {
            return Ok(None);
        }
    }
    let message = format!("'{}' object has no attribute '{name}'", class.name);
    Ok(Some(Raise::exception("AttributeError", message)))
}

/// Deletes through a property, a descriptor or `__delattr__`; whether there was one.
pub(super) fn delete_by_hook(vm: &mut Vm, value: &Value, name: &str) -> PyResult<bool> {
    let Value::Instance(instance) = value else {
        return Ok(false);
    };
    let class = Rc::clone(&instance.class.borrow());
    if let Some(method) = class.lookup("__delattr__") {
        vm.call(&method, Args::of(vec![value.clone(), Value::str(name)]))?;
        return Ok(true);
    }
    delete_by_descriptor(vm, value, &class, name)
}

pub(super) fn delete_by_descriptor(
    vm: &mut Vm,
    value: &Value,
    class: &Rc<Class>,
    name: &str,
) -> PyResult<bool> {
    let Some(descriptor) = class.lookup(name) else {
        return Ok(false);
    };
    if let Some(property) = descriptor.downcast::<Property>() {
        if property.deleter.is_none() {
            return Err(no_accessor(class, &descriptor, "deleter"));
        }
        vm.call(&property.deleter, Args::of(vec![value.clone()]))?;
        return Ok(true);
    }
    match hook(&descriptor, "__delete__") {
        Some(method) => {
            vm.call(&method, Args::of(vec![descriptor, value.clone()]))?;
            Ok(true)
        }
        None => Ok(false),
    }
}

/// `del value.name`.
pub fn delete(vm: &mut Vm, value: &Value, name: &str) -> PyResult<()> {
    if delete_by_hook(vm, value, name)? {
        return Ok(());
    }
    delete_plainly(vm, value, name)
}

/// `object.__delattr__(value, name)`.
pub(super) fn delete_plainly(vm: &mut Vm, value: &Value, name: &str) -> PyResult<()> {
    let removed = match value {
        Value::Instance(instance) => instance.dict.borrow_mut().shift_remove(name).is_some(),
        Value::Class(class) => class.dict.borrow_mut().shift_remove(name).is_some(),
        Value::Module(module) => module.dict.borrow_mut().shift_remove(name).is_some(),
        Value::Function(function) => function.dict.borrow_mut().shift_remove(name).is_some(),
        Value::Unknown(_) => true,
        _ => false,
    };
    if removed {
        Ok(())
    } else {
        Err(missing(vm, value, name))
    }
}
