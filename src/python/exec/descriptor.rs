//! `property`, `classmethod`, `staticmethod`, `super`.

use std::any::Any;
use std::rc::Rc;

use super::super::args::Args;
use super::super::class::Class;
use super::super::error::{PyResult, Raise};
use super::super::native::{Builtin, Native};
use super::super::value::Value;
use super::super::vm::Vm;

/// A `property`.
pub struct Property {
    pub(super) getter: Value,
    pub(super) setter: Value,
}

impl Native for Property {
    fn type_name(&self) -> &str {
        "property"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let (getter, setter) = (self.getter.clone(), self.setter.clone());
        Ok(Some(match name {
            "getter" => Builtin::value("getter", move |_, mut args| {
                let getter = args.require("getter", "fget")?;
                Ok(Value::native(Property {
                    getter,
                    setter: setter.clone(),
                }))
            }),
            "setter" => Builtin::value("setter", move |_, mut args| {
                let setter = args.require("setter", "fset")?;
                Ok(Value::native(Property {
                    getter: getter.clone(),
                    setter,
                }))
            }),
            "deleter" => Builtin::value("deleter", move |_, _| {
                Ok(Value::native(Property {
                    getter: getter.clone(),
                    setter: setter.clone(),
                }))
            }),
            "fget" => getter,
            "fset" => setter,
            _ => return Ok(None),
        }))
    }
}

/// A `classmethod`.
pub struct ClassMethod(pub(super) Value);

impl Native for ClassMethod {
    fn type_name(&self) -> &str {
        "classmethod"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "__func__").then(|| self.0.clone()))
    }
}

/// A `staticmethod`.
pub struct StaticMethod(pub(super) Value);

impl Native for StaticMethod {
    fn type_name(&self) -> &str {
        "staticmethod"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn call(&self, _this: &Value, vm: &mut Vm, args: Args) -> PyResult<Option<Value>> {
        vm.call(&self.0, args).map(Some)
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "__func__").then(|| self.0.clone()))
    }
}

/// `super()`: looks attributes up behind a class in the order of another one.
pub struct Super {
    pub(super) object: Value,
    pub(super) after: Rc<Class>,
}

impl Native for Super {
    fn type_name(&self) -> &str {
        "super"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let class = match &self.object {
            Value::Class(class) => Rc::clone(class),
            object => vm.class_of(object),
        };
        let line = std::iter::once(&class).chain(&class.mro);
        let mut after = line.skip_while(|c| !Rc::ptr_eq(c, &self.after)).skip(1);
        let mut native = None;
        for ancestor in after.by_ref() {
            if let Some(found) = ancestor.dict.borrow().get(name).cloned() {
                return super::attribute::bind(vm, &found, &self.object, &class).map(Some);
            }
            if ancestor.native.is_some() && native.is_none() {
                native = Some(Rc::clone(ancestor));
            }
        }
        super::attribute::inherited(vm, &self.object, native.as_ref(), name)
    }
}

/// The descriptors by name; the rest of the builtins are elsewhere.
pub(super) fn lookup(name: &str) -> Option<Value> {
    Some(match name {
        "property" => Builtin::value("property", |_, mut args| {
            let getter = args.take("fget").unwrap_or(Value::None);
            let setter = args.take("fset").unwrap_or(Value::None);
            Ok(Value::native(Property { getter, setter }))
        }),
        "classmethod" => Builtin::value("classmethod", |_, mut args| {
            Ok(Value::native(ClassMethod(
                args.require("classmethod", "function")?,
            )))
        }),
        "staticmethod" => Builtin::value("staticmethod", |_, mut args| {
            Ok(Value::native(StaticMethod(
                args.require("staticmethod", "function")?,
            )))
        }),
        "super" => Builtin::value("super", |vm, mut args| {
            let class = args.take("type");
            let object = args.take("object_or_type");
            match (class, object) {
                (Some(Value::Class(after)), Some(object)) => {
                    Ok(Value::native(Super { object, after }))
                }
                (None, None) => zero_argument_super(vm),
                _ => Err(Raise::exception(
                    "TypeError",
                    "super() argument 1 must be a type",
                )),
            }
        }),
        _ => return None,
    })
}

fn zero_argument_super(vm: &mut Vm) -> PyResult {
    let frame = vm.frames.last();
    let owner = frame.and_then(|frame| frame.owner.clone());
    let first = frame.and_then(|frame| {
        let mut env = frame.env.clone()?;
        // A comprehension's variables lie inside its function's.
        while env.parent.is_some() && env.slots.borrow().is_empty() {
            let outer = env.parent.clone()?;
            env = outer;
        }

        env.slots.borrow().first().cloned().flatten()
    });
    match (owner, first) {
        (Some(after), Some(object)) => Ok(Value::native(Super { object, after })),
        _ => Err(Raise::exception("RuntimeError", "super(): no arguments")),
    }
}
