//! The ORM in migrations: declarative classes, their objects, and queries.

mod annotation;
mod collection;
mod declarative;
mod declared;
mod held;
mod loaded;
mod mapper;
mod object;
mod property;
mod registry;
mod relation;

pub use collection::Changed;
pub use declarative::{declarative_base, declarative_class, mapped_column};
pub use declared::declared_attr;
pub use loaded::Objects;
pub use mapper::{inspect, mapper_of};
pub use object::{Saved, bulk_insert, bulk_update, delete, has_identity, insert};
pub use property::property;
pub use registry::registry;
pub use relation::{relationship, unwritten};

use std::rc::Rc;

use super::classes::{self, Maker};
use crate::python::{Class, Value, Vm};

/// Classes of `sqlalchemy.orm` that appear in annotations only.
pub fn marker(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    if let Some(class) = annotation::container(vm, name) {
        return Some(class);
    }
    const MARKERS: &[&str] = &[
        "Query",
        "Mapper",
        "MappedAsDataclass",
        "AbstractConcreteBase",
    ];
    let name = MARKERS.iter().find(|known| **known == name)?;
    Some(classes::plain(vm, "sqlalchemy.orm", name, || {
        Maker::new(|_, _, _| Ok(Value::None))
    }))
}
