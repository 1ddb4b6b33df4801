//! Metaclasses: classes whose instances are classes.

use std::rc::Rc;

use super::super::args::Args;
use super::super::builtins;
use super::super::class::{Class, Namespace};
use super::super::error::{PyResult, Raise};
use super::super::native::Builtin;
use super::super::value::{Str, Value};
use super::super::vm::Vm;
use super::descriptor::{ClassMethod, Property, StaticMethod};
use super::{attribute, call, class_body, expression};

/// What makes a class.
pub(super) enum Maker {
    /// `type`.
    Plain,
    /// A class that derives from `type`.
    Class(Rc<Class>),
    /// Any other callable that was given as `metaclass`.
    Function(Value),
}

fn is_metaclass(class: &Rc<Class>) -> bool {
    class.native.is_none() && builtins::class("type").is_some_and(|kind| class.is_subclass(&kind))
}

/// What makes a class with these bases, where `given` stands behind `metaclass=`.
pub(super) fn maker(given: Option<Value>, bases: &[Value]) -> PyResult<Maker> {
    let first = match given {
        Some(Value::Class(class)) if is_metaclass(&class) => Some(class),
        Some(function @ (Value::Function(_) | Value::BoundMethod(_))) => {
            return Ok(Maker::Function(function));
        }
        _ => None,
    };
    let metas = bases.iter().filter_map(|base| match base {
        Value::Class(class) => class.meta.clone(),
        _ => None,
    });
    Ok(match most_derived(first, metas)? {
        Some(meta) => Maker::Class(meta),
        None => Maker::Plain,
    })
}

fn most_derived(
    first: Option<Rc<Class>>,
    others: impl Iterator<Item = Rc<Class>>,
) -> PyResult<Option<Rc<Class>>> {
    let mut winner = first;
    for meta in others {
        winner = match winner {
            Some(winner) if winner.is_subclass(&meta) => Some(winner),
            Some(winner) if !meta.is_subclass(&winner) => {
                return Err(Raise::exception(
                    "TypeError",
                    "metaclass conflict: the metaclass of a derived class must be a (non-strict) \
                     subclass of the metaclasses of all its bases",
                ));
            }
            _ => Some(meta),
        };
    }
    Ok(winner)
}

/// The names that a class body starts with.
pub(super) fn prepared(
    vm: &mut Vm,
    meta: &Rc<Class>,
    name: &Str,
    bases: &[Value],
    keywords: &Args,
) -> PyResult<Namespace> {
    let mut namespace = Namespace::default();
    if meta.lookup("__prepare__").is_none() {
        return Ok(namespace);
    }
    let mut args = keywords.clone();
    args.pos = vec![Value::Str(name.clone()), Value::tuple(bases.to_vec())];
    let names = vm.call_method(&Value::Class(Rc::clone(meta)), "__prepare__", args)?;
    for (key, value) in expression::mapping_items(vm, &names)? {
        if let Some(name) = key.value().as_str() {
            namespace.insert(name, value);
        }
    }
    Ok(namespace)
}

/// `Meta(name, bases, namespace)`.
pub fn call_metaclass(vm: &mut Vm, meta: &Rc<Class>, mut args: Args) -> PyResult {
    let made = match meta.lookup("__new__") {
        Some(new) => {
            let function = new.downcast::<StaticMethod>().map_or(new, |m| m.0.clone());
            let mut with_meta = args.clone();
            with_meta.pos.insert(0, Value::Class(Rc::clone(meta)));
            vm.call(&function, with_meta)?
        }
        None => made_class(vm, meta, args.clone())?,
    };
    if let Value::Class(class) = &made
        && class.meta.as_ref().is_some_and(|own| own.is_subclass(meta))
        && let Some(init) = meta.lookup("__init__")
    {
        args.pos.insert(0, made.clone());
        vm.call(&init, args)?;
    }
    Ok(made)
}

/// `type.__new__(meta, name, bases, namespace)`.
pub fn made_class(vm: &mut Vm, meta: &Rc<Class>, args: Args) -> PyResult {
    let Args { pos, kw } = args;
    let [name, bases, names] = &pos[..] else {
        return Err(Raise::exception(
            "TypeError",
            "type() takes 1 or 3 arguments",
        ));
    };
    let Some(name) = name.as_str() else {
        let found = vm.type_name(name);
        return Err(Raise::exception(
            "TypeError",
            format!("type.__new__() argument 1 must be str, not {found}"),
        ));
    };
    let bases = vm.iterate(bases)?;
    let mut namespace = Namespace::default();
    for (key, value) in expression::mapping_items(vm, names)? {
        if let Some(name) = key.value().as_str() {
            namespace.insert(name, value);
        }
    }
    vm.charge(namespace.len() * 48)?;
    let module = vm.frames.last().map(|frame| frame.globals.name.clone());
    if let Some(module) = module
        && !namespace.contains_key("__module__")
    {
        namespace.insert(Str::from("__module__"), Value::Str(module));
    }
    let keywords = Args { pos: vec![], kw };
    let own = is_metaclass(meta).then(|| Rc::clone(meta));
    let winner = match maker(own.clone().map(Value::Class), &bases)? {
        Maker::Class(winner) => Some(winner),
        _ => None,
    };
    if let Some(winner) = &winner
        && own.as_ref().is_none_or(|own| !Rc::ptr_eq(own, winner))
        && winner.lookup("__new__").is_some()
    {
        let args = Args {
            pos,
            kw: keywords.kw,
        };
        return call_metaclass(vm, winner, args);
    }
    class_body::make(vm, &name, bases, namespace, keywords, winner)
}

/// An attribute of a class that its metaclass gives.
pub(super) fn attribute_of(
    vm: &mut Vm,
    class: &Rc<Class>,
    meta: &Rc<Class>,
    name: &str,
) -> PyResult<Option<Value>> {
    // Special methods of the class itself are not those of its metaclass.
    if name.starts_with("__") && !matches!(name, "__subclasscheck__" | "__instancecheck__") {
        return Ok(None);
    }
    match meta.lookup(name) {
        Some(found) => bind(vm, &found, &Value::Class(Rc::clone(class)), meta).map(Some),
        None => Ok(None),
    }
}

/// What the metaclass's `__getattr__` answers.
pub(super) fn fallback(
    vm: &mut Vm,
    class: &Rc<Class>,
    meta: &Rc<Class>,
    name: &str,
) -> PyResult<Option<Value>> {
    let Some(method) = meta
        .lookup("__getattr__")
        .filter(|_| !name.starts_with("__"))
    else {
        return Ok(None);
    };
    let args = vec![Value::Class(Rc::clone(class)), Value::str(name)];
    match vm.call(&method, Args::of(args)) {
        Ok(found) => Ok(Some(found)),
        Err(raise) if super::exception::is(vm, &raise, "AttributeError") => Ok(None),
        Err(raise) => Err(raise),
    }
}

/// A value found on a metaclass, as seen through one of its classes.
pub(super) fn bind(vm: &mut Vm, found: &Value, class: &Value, meta: &Rc<Class>) -> PyResult {
    match found {
        Value::Function(_) => Ok(Value::BoundMethod(Rc::new((found.clone(), class.clone())))),
        Value::Native(_) if found.downcast::<Property>().is_some() => {
            match found.downcast::<Property>() {
                Some(property) => vm.call(&property.getter, Args::of(vec![class.clone()])),
                None => Ok(found.clone()),
            }
        }
        Value::Native(_) if found.downcast::<ClassMethod>().is_some() => {
            attribute::bind(vm, found, &Value::Class(Rc::clone(meta)), meta)
        }
        _ => attribute::bind(vm, found, class, meta),
    }
}

/// What `super()` finds behind the last metaclass: the methods of `type` itself.
pub(super) fn of_type(class: &Rc<Class>, name: &str) -> Option<Value> {
    let class = Rc::clone(class);
    Some(match name {
        "__init__" => Builtin::value("__init__", |_, _| Ok(Value::None)),
        "__call__" => Builtin::value("__call__", move |vm, args| {
            call::make_instance(vm, &class, args)
        }),
        "__instancecheck__" => Builtin::value("__instancecheck__", move |vm, mut args| {
            let value = args.require("__instancecheck__", "instance")?;
            Ok(Value::Bool(vm.is_instance(&value, &class)))
        }),
        "__subclasscheck__" => Builtin::value("__subclasscheck__", move |_, mut args| {
            let value = args.require("__subclasscheck__", "subclass")?;
            Ok(Value::Bool(
                matches!(&value, Value::Class(other) if other.is_subclass(&class)),
            ))
        }),
        _ => return None,
    })
}

/// Refuses instances of a class whose abstract methods are not all there.
pub(super) fn refuse_abstract(vm: &mut Vm, class: &Rc<Class>) -> PyResult<()> {
    let names = class.dict.borrow().get("__abstractmethods__").cloned();
    let Some(names) = names else { return Ok(()) };
    let mut names: Vec<String> = vm
        .iterate(&names)?
        .iter()
        .filter_map(|name| name.as_str().map(|name| name.to_string()))
        .collect();
    if names.is_empty() {
        return Ok(());
    }
    names.sort();
    let plural = if names.len() == 1 { "" } else { "s" };
    Err(Raise::exception(
        "TypeError",
        format!(
            "Can't instantiate abstract class {} with abstract method{plural} {}",
            class.name,
            names.join(", ")
        ),
    ))
}
