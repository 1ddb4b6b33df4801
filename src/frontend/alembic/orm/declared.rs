//! `@declared_attr`: what a mixin makes for each class that is mapped.

use std::any::Any;
use std::rc::Rc;

use crate::python::{Args, Native, PyResult, Value, Vm};

/// A function of a mixin that is called with the class.
pub struct Declared {
    function: Value,
}

impl Declared {
    /// What it makes for a class.
    pub fn resolve(&self, vm: &mut Vm, class: &Value) -> PyResult {
        // `@declared_attr` may stand above `@classmethod`.
        let inner = match &self.function {
            Value::Native(_) => vm.find_attr(&self.function, "__func__")?,
            _ => None,
        };
        let function = inner.unwrap_or_else(|| self.function.clone());
        vm.call(&function, Args::of(vec![class.clone()]))
    }
}

impl Native for Declared {
    fn type_name(&self) -> &str {
        "declared_attr"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// The decorator, and `declared_attr.directive` and `declared_attr.cascading`.
struct Decorator;

impl Native for Decorator {
    fn type_name(&self) -> &str {
        "declared_attr"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(matches!(name, "directive" | "cascading").then(|| this.clone()))
    }

    fn get_item(&self, this: &Value, _vm: &mut Vm, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn call(&self, _this: &Value, _vm: &mut Vm, mut args: Args) -> PyResult<Option<Value>> {
        let function = args.require("declared_attr", "fn")?;
        Ok(Some(Value::native(Declared { function })))
    }
}

/// `declared_attr`.
pub fn declared_attr() -> Value {
    Value::native(Decorator)
}
