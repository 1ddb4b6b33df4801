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
    pub(super) deleter: Value,
    doc: Value,
}

impl Property {
    fn with(&self, what: &'static str) -> Value {
        let (getter, setter) = (self.getter.clone(), self.setter.clone());
        let (deleter, doc) = (self.deleter.clone(), self.doc.clone());
        Builtin::value(what, move |_, mut args| {
            let given = args.require(what, "function")?;
            let mut made = Property {
                getter: getter.clone(),
                setter: setter.clone(),
                deleter: deleter.clone(),
                doc: doc.clone(),
            };
            match what {
                "getter" => made.getter = given,
                "setter" => made.setter = given,
                _ => made.deleter = given,
            }
            Ok(Value::native(made))
        })
    }
}

impl Native for Property {
    fn type_name(&self) -> &str {
        "property"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "getter" => self.with("getter"),
            "setter" => self.with("setter"),
            "deleter" => self.with("deleter"),
            "fget" => self.getter.clone(),
            "fset" => self.setter.clone(),
            "fdel" => self.deleter.clone(),
            "__doc__" if !self.doc.is_none() => self.doc.clone(),
            "__doc__" | "__isabstractmethod__" if !self.getter.is_none() => {
                let getter = self.getter.clone();
                return vm.find_attr(&getter, name);
            }
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
        Ok(match name {
            "__func__" | "__wrapped__" => Some(self.0.clone()),
            _ => None,
        })
    }
}

/// A `staticmethod`.
pub struct StaticMethod(pub(super) Value);

impl StaticMethod {
    /// The function itself.
    pub fn function(&self) -> Value {
        self.0.clone()
    }
}

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
        Ok(match name {
            "__func__" | "__wrapped__" => Some(self.0.clone()),
            _ => None,
        })
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
        let (class, through_meta) = match &self.object {
            Value::Class(class) if class.is_subclass(&self.after) || class.meta.is_none() => {
                (Rc::clone(class), None)
            }
            Value::Class(class) => (vm.class_of(&self.object), Some(Rc::clone(class))),
            object => (vm.class_of(object), None),
        };
        let line = std::iter::once(&class).chain(&class.mro);
        let mut after = line.skip_while(|c| !Rc::ptr_eq(c, &self.after)).skip(1);
        let mut native = None;
        for ancestor in after.by_ref() {
            let found = ancestor.dict.borrow().get(name).cloned();
            if let Some(found) = found {
                return match &through_meta {
                    Some(_) => super::metaclass::bind(vm, &found, &self.object, &class),
                    None => super::attribute::bind(vm, &found, &self.object, &class),
                }
                .map(Some);
            }
            if ancestor.native.is_some() && native.is_none() {
                native = Some(Rc::clone(ancestor));
            }
        }
        if let Some(own) = &through_meta
            && let Some(found) = super::metaclass::of_type(own, name)
        {
            return Ok(Some(found));
        }
        match super::attribute::inherited(vm, &self.object, native.as_ref(), name)? {
            None if native.is_none() => match super::attribute::of_object(name) {
                Some(found) => super::attribute::bind(vm, &found, &self.object, &class).map(Some),
                None => Ok(None),
            },
            found => Ok(found),
        }
    }
}

/// The descriptors by name; the rest of the builtins are elsewhere.
pub(super) fn lookup(name: &str) -> Option<Value> {
    Some(match name {
        "property" => Builtin::value("property", |_, mut args| {
            let getter = args.take("fget").unwrap_or(Value::None);
            let setter = args.take("fset").unwrap_or(Value::None);
            let deleter = args.take("fdel").unwrap_or(Value::None);
            let doc = args.take("doc").unwrap_or(Value::None);
            Ok(Value::native(Property {
                getter,
                setter,
                deleter,
                doc,
            }))
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
