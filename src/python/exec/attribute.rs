//! `value.name`, and how functions in classes become methods.

use std::rc::Rc;

use super::super::class::{Class, Instance};
use super::super::error::{PyResult, Raise};
use super::super::native::Builtin;
use super::super::value::{Dict, DictKey, Str, Unknown, Value};
use super::super::vm::{Module, Vm};
use super::super::{args::Args, methods};
use super::descriptor::{ClassMethod, Property, StaticMethod};
use super::{import, metaclass};

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
            let what = format!("`.{name}` of {}", short(&unknown.what));
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

fn short(text: &str) -> &str {
    match text.char_indices().nth(120) {
        Some((at, _)) => &text[..at],
        None => text,
    }
}

/// What every object answers through its class.
fn common(class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "__class__" => Some(Value::Class(Rc::clone(class))),
        "__doc__" => Some(Value::None),
        "__module__" => Some(Value::Str(class.module.clone())),
        _ => None,
    })
}

fn module_attribute(vm: &mut Vm, module: &Rc<Module>, name: &str) -> PyResult<Option<Value>> {
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
            let what = format!("`{name}` of {}", short(&reason.what));
            Some(unknown_part(vm, reason, what))
        }
        _ => None,
    }
}

/// What the module's own `__getattr__` answers.
fn module_fallback(vm: &mut Vm, module: &Rc<Module>, name: &str) -> PyResult<Option<Value>> {
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

fn instance_attribute(
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
        return bind(vm, &found, value, &class).map(Some);
    }
    match name {
        "__class__" => return Ok(Some(Value::Class(class))),
        "__dict__" if class.dict.borrow().contains_key("__slots__") => return Ok(None),
        "__dict__" => return Ok(Some(super::names::of_instance(instance))),
        "__doc__" => return Ok(Some(Value::None)),
        "__module__" => return Ok(Some(Value::Str(class.module.clone()))),
        _ => {}
    }
    let native = class.native_base();
    if let Some(found) = inherited(vm, value, native.as_ref(), name)? {
        return Ok(Some(found));
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
                super::call::adopt(instance, made);
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
                Value::Class(class) => Ok(super::call::bare_instance(&class)),
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
struct NativeNew(Rc<Class>);

impl super::super::native::Native for NativeNew {
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
        let instance = super::call::bare_instance(&class);
        if let Value::Instance(object) = &instance {
            if let Value::Instance(other) = &made
                && Rc::ptr_eq(&other.class.borrow(), &class)
            {
                return Ok(Some(made.clone()));
            }
            super::call::adopt(object, made);
        }
        Ok(Some(instance))
    }
}

fn class_attribute(
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

fn own_class_attribute(
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
    inherited(vm, value, native.as_ref(), name)
}

/// Sets an attribute past the class's own `__setattr__`, but not past its descriptors.
fn set_plainly(vm: &mut Vm, this: &Value, name: &str, new: Value) -> PyResult<()> {
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
fn plain_setattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let this = args.require("__setattr__", "self")?;
    let name = args.require("__setattr__", "name")?;
    let new = args.require("__setattr__", "value")?;
    let name = vm.str(&name)?;
    set_plainly(vm, &this, &name, new)?;
    Ok(Value::None)
}

/// `object.__getattribute__(self, name)`: past the class's own `__getattr__`.
fn plain_getattr(vm: &mut Vm, mut args: Args) -> PyResult {
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
fn plain_delattr(vm: &mut Vm, mut args: Args) -> PyResult {
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
fn hook(descriptor: &Value, name: &str) -> Option<Value> {
    match descriptor {
        Value::Instance(instance) => instance.class.borrow().lookup(name),
        _ => None,
    }
}

/// The error for a property without the accessor that is needed.
fn no_accessor(class: &Class, property: &Value, what: &str) -> Box<Raise> {
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

fn property_set(
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
fn slots_refuse(vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Box<Raise>>> {
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
fn delete_by_hook(vm: &mut Vm, value: &Value, name: &str) -> PyResult<bool> {
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

fn delete_by_descriptor(
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
fn delete_plainly(vm: &mut Vm, value: &Value, name: &str) -> PyResult<()> {
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
