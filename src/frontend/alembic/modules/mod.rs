//! The modules `sqlalchemy.*` and `alembic.*`.

mod alembic;
mod metadata;
mod sqlalchemy;

use std::rc::Rc;

use crate::python::class::Namespace;
use crate::python::vm::Module;
use crate::python::{PyResult, Str, Value, Vm};

/// The module `dotted`, made when first asked for.
pub fn module(vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
    let attr: fn(&mut Vm, &str, &str) -> PyResult<Option<Value>> = if sqlalchemy::exists(dotted) {
        sqlalchemy::attr
    } else if alembic::exists(dotted) {
        alembic::attr
    } else if metadata::exists(dotted) {
        metadata::attr
    } else {
        return super::third_party::module(vm, dotted);
    };
    Ok(Some(lazy(dotted, attr)))
}

/// A module whose attributes are made when first asked for.
pub fn lazy(dotted: &str, attr: fn(&mut Vm, &str, &str) -> PyResult<Option<Value>>) -> Rc<Module> {
    let name = Str::from(dotted);
    let key = name.clone();
    Rc::new(Module {
        name,
        dict: std::cell::RefCell::new(Namespace::default()),
        lazy: Some(Box::new(move |vm, name| {
            if name.starts_with("__") && !matches!(name, "__version__" | "__all__") {
                return Ok(None);
            }
            attr(vm, &key, name)
        })),
        file: None,
    })
}
