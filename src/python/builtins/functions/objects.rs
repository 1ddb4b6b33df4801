//! Functions that ask what an object is and has.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::super::unknown_among;
use super::{one, unsupported};
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::numbers::plain;
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

pub(super) fn callable(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "callable")?;
    Ok(Value::Bool(match &value {
        Value::Function(_) | Value::BoundMethod(_) | Value::Builtin(_) | Value::Class(_) => true,
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            class.lookup("__call__").is_some()
        }
        Value::Native(_) => vm.find_attr(&value, "__call__")?.is_some(),
        Value::Unknown(_) => return Ok(value),
        _ => false,
    }))
}

pub(super) fn getattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "getattr")?;
    let name = one(&mut args, "getattr")?;
    let Some(name) = name.as_str() else {
        return Err(Raise::exception(
            "TypeError",
            "attribute name must be string",
        ));
    };
    match args.take("default") {
        None => vm.get_attr(&value, &name),
        Some(default) => Ok(vm.find_attr(&value, &name)?.unwrap_or(default)),
    }
}

pub(super) fn hasattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "hasattr")?;
    let name = one(&mut args, "hasattr")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "an attribute") {
        return Ok(unknown);
    }
    let name = vm.str(&name)?;
    Ok(Value::Bool(vm.find_attr(&value, &name)?.is_some()))
}

pub(super) fn setattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "setattr")?;
    let name = one(&mut args, "setattr")?;
    let new = one(&mut args, "setattr")?;
    let name = vm.str(&name)?;
    vm.set_attr(&value, &name, new)?;
    Ok(Value::None)
}

pub(super) fn delattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "delattr")?;
    let name = one(&mut args, "delattr")?;
    let name = vm.str(&name)?;
    vm.del_attr(&value, &name)?;
    Ok(Value::None)
}

pub(super) fn namespace(value: &Value) -> Option<Dict> {
    let from = |dict: &crate::python::class::Namespace| -> Dict {
        dict.iter()
            .map(|(k, v)| (DictKey::str(&**k), v.clone()))
            .collect()
    };
    Some(match value {
        Value::Instance(instance) => from(&instance.dict.borrow()),
        Value::Class(class) => from(&class.dict.borrow()),
        Value::Module(module) => from(&module.dict.borrow()),
        _ => return None,
    })
}

pub(super) fn vars(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "vars")?;
    match namespace(&value).filter(|_| matches!(value, Value::Class(_))) {
        Some(dict) => Ok(Value::dict(dict)),
        None => {
            let dict = vm.find_attr(&value, "__dict__")?;
            dict.ok_or_else(|| {
                Raise::exception("TypeError", "vars() argument must have __dict__ attribute")
            })
        }
    }
}

pub(super) fn dir(vm: &mut Vm, mut args: Args) -> PyResult {
    let Some(value) = args.take("object") else {
        return Err(unsupported(
            vm,
            "`dir()` without an argument",
            "it lists local names",
        ));
    };
    let mut names: Vec<Str> = Vec::new();
    let mut add = |dict: &Dict| names.extend(dict.keys().filter_map(|k| k.value().as_str()));
    if let Some(dict) = namespace(&value) {
        add(&dict);
    }
    if !matches!(value, Value::Module(_)) {
        let class = match &value {
            Value::Class(class) => Rc::clone(class),
            value => vm.class_of(value),
        };
        for class in std::iter::once(&class).chain(&class.mro) {
            names.extend(class.dict.borrow().keys().cloned());
            names.extend(
                crate::python::methods::names(&class.name)
                    .iter()
                    .map(|n| Str::from(*n)),
            );
        }
    }
    names.sort();
    names.dedup();
    Ok(Value::list(names.into_iter().map(Value::Str).collect()))
}

/// `hash(value)`: fixed, unlike CPython's for text.
pub fn hash(vm: &mut Vm, value: &Value) -> PyResult {
    match plain(value) {
        Value::Int(n) if n != -1 => return Ok(Value::Int(n % ((1 << 61) - 1))),
        Value::Bool(flag) => return Ok(Value::Int(i64::from(flag))),
        #[allow(clippy::cast_possible_truncation)]
        Value::Float(x) if x.fract() == 0.0 && x.abs() < 9.0e15 => {
            return hash(vm, &Value::Int(x as i64));
        }
        _ => {}
    }
    if let Value::Instance(_) = value
        && let Some(method) = vm.find_attr(value, "__hash__")?
        && !method.is_none()
    {
        return vm.call(&method, Args::default());
    }
    let key = vm.key(value)?;
    let mut state = rustc_hash::FxHasher::default();
    key.hash(&mut state);
    Ok(Value::Int((state.finish() >> 3) as i64))
}

pub(super) fn id(_vm: &mut Vm, mut args: Args) -> PyResult {
    identity(&one(&mut args, "id")?)
}

/// `id(value)`.
pub fn identity(value: &Value) -> PyResult {
    let address = match value {
        Value::List(v) => Rc::as_ptr(v).addr(),
        Value::Dict(v) => Rc::as_ptr(v).addr(),
        Value::Instance(v) => Rc::as_ptr(v).addr(),
        Value::Native(v) => Rc::as_ptr(v).cast::<()>().addr(),
        Value::Class(v) => Rc::as_ptr(v).addr(),
        Value::Function(v) => Rc::as_ptr(v).addr(),
        Value::Int(n) => return Ok(Value::Int(n.wrapping_mul(32).wrapping_add(1 << 40))),
        _ => return Ok(Value::Int(1)),
    };
    Ok(Value::Int(i64::try_from(address).unwrap_or(0)))
}

/// Whether `value` is an instance of a class, of one of a tuple or union of classes.
pub(super) fn instance_of(
    vm: &mut Vm,
    value: &Value,
    classes: &Value,
    depth: usize,
) -> PyResult<bool> {
    match classes {
        Value::Class(class) => {
            if let Some(meta) = &class.meta
                && let Some(check) = meta.lookup("__instancecheck__")
            {
                let answer = vm.call(&check, Args::of(vec![classes.clone(), value.clone()]))?;
                return vm.truth(&answer);
            }
            if let Some(native) = &class.native
                && let Some(answer) = native.is_instance(vm, class, value)?
            {
                return Ok(answer);
            }
            Ok(&*class.name == "object" && &*class.module == "builtins"
                || vm.is_instance(value, class))
        }
        Value::Tuple(items) if depth < 20 => {
            for class in items.iter() {
                if instance_of(vm, value, class, depth + 1)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::None => Ok(value.is_none()),
        other => {
            if let Some(union) = other.downcast::<super::super::Union>() {
                for class in &union.members {
                    if instance_of(vm, value, class, depth + 1)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            if let Value::Builtin(builtin) = other
                && matches!(
                    builtin.name,
                    "property" | "classmethod" | "staticmethod" | "super"
                )
            {
                return Ok(&*vm.type_name(value) == builtin.name);
            }
            if let Some(check) = vm.find_attr(other, "__instancecheck__")? {
                let answer = vm.call(&check, Args::of(vec![value.clone()]))?;
                return vm.truth(&answer);
            }
            Err(Raise::exception(
                "TypeError",
                "isinstance() arg 2 must be a type, a tuple of types, or a union",
            ))
        }
    }
}

pub(super) fn isinstance(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "isinstance")?;
    let classes = one(&mut args, "isinstance")?;
    if let Some(unknown) = unknown_among(&[value.clone(), classes.clone()], "the type") {
        return Ok(unknown);
    }
    instance_of(vm, &value, &classes, 0).map(Value::Bool)
}

pub(super) fn subclass_of(
    vm: &mut Vm,
    value: &Rc<crate::python::Class>,
    classes: &Value,
    depth: usize,
) -> PyResult<bool> {
    match classes {
        Value::Class(class) => {
            if let Some(meta) = &class.meta
                && let Some(check) = meta.lookup("__subclasscheck__")
            {
                let asked = Value::Class(Rc::clone(value));
                let answer = vm.call(&check, Args::of(vec![classes.clone(), asked]))?;
                return vm.truth(&answer);
            }
            Ok(value.is_subclass(class)
                || (&*class.name == "object" && &*class.module == "builtins"))
        }
        Value::Tuple(items) if depth < 20 => {
            for class in items.iter() {
                if subclass_of(vm, value, class, depth + 1)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        other => match other.downcast::<super::super::Union>() {
            Some(union) if depth < 20 => {
                let members = Value::tuple(union.members.clone());
                subclass_of(vm, value, &members, depth + 1)
            }
            _ => Err(Raise::exception(
                "TypeError",
                "issubclass() arg 2 must be a class, a tuple of classes, or a union",
            )),
        },
    }
}

pub(super) fn issubclass(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "issubclass")?;
    let classes = one(&mut args, "issubclass")?;
    if let Some(unknown) = unknown_among(&[value.clone(), classes.clone()], "the type") {
        return Ok(unknown);
    }
    let Value::Class(class) = &value else {
        return Err(Raise::exception(
            "TypeError",
            "issubclass() arg 1 must be a class",
        ));
    };
    subclass_of(vm, class, &classes, 0).map(Value::Bool)
}
