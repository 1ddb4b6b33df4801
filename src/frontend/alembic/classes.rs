//! Classes written in Rust: made once per evaluator, when first needed.

use std::rc::Rc;

use super::host::host;
use crate::python::{Args, Class, NativeClass, PyResult, Value, Vm};

/// How `Class(args)` makes an object.
pub type Construct = fn(&mut Vm, &Rc<Class>, Args) -> PyResult;
/// `Class.name`.
pub type ClassAttr = fn(&mut Vm, &Rc<Class>, &str) -> PyResult<Option<Value>>;

/// A class made of functions.
pub struct Maker {
    construct: Construct,
    attr: Option<ClassAttr>,
}

impl Maker {
    /// A class whose objects `construct` makes.
    pub fn new(construct: Construct) -> Self {
        Self {
            construct,
            attr: None,
        }
    }

    /// Adds class methods and constants.
    #[must_use]
    pub fn with_attrs(mut self, attr: ClassAttr) -> Self {
        self.attr = Some(attr);
        self
    }
}

impl NativeClass for Maker {
    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
        (self.construct)(vm, class, args)
    }

    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        match self.attr {
            Some(attr) => attr(vm, class, name),
            None => Ok(None),
        }
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }
}

/// The class kept under `key`, made when first asked for.
pub fn get(vm: &mut Vm, key: &str, make: impl FnOnce(&mut Vm) -> Rc<Class>) -> Rc<Class> {
    if let Some(class) = host(vm).cached_class(key) {
        return class;
    }
    let class = make(vm);
    host(vm).keep_class(key, &class);
    class
}

/// A class without a parent.
pub fn plain(
    vm: &mut Vm,
    module: &str,
    name: &'static str,
    maker: impl FnOnce() -> Maker,
) -> Rc<Class> {
    get(vm, &format!("{module}.{name}"), |_| {
        Class::native(module, name, Vec::new(), maker())
    })
}
