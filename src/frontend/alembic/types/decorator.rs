//! `TypeDecorator` and `UserDefinedType`, which projects derive their own types from.

use std::rc::Rc;

use super::super::classes::{self, Maker};
use super::super::raise;
use super::engine_class;
use super::object::{Kind, TypeObject};
use crate::python::class::Namespace;
use crate::python::{Args, Class, PyResult, Raise, Str, Value, Vm};

/// `TypeDecorator`.
pub fn decorator_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "TypeDecorator", |vm| {
        let base = engine_class(vm);
        Class::native(
            "sqlalchemy.sql.type_api",
            "TypeDecorator",
            vec![base],
            Maker::new(construct_decorator).with_attrs(|_, _, name| {
                Ok(match name {
                    "cache_ok" => Some(Value::None),
                    "coerce_to_is_types" => Some(Value::tuple(Vec::new())),
                    _ => None,
                })
            }),
        )
    })
}

fn construct_decorator(vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
    let Some(implementation) = class.lookup("impl") else {
        return Err(Raise::exception(
            "AttributeError",
            "TypeDecorator implementations require a class-level variable 'impl' which refers \
             to the class of type being decorated",
        ));
    };
    let implementation = match implementation {
        Value::Class(_) => vm.call(&implementation, args)?,
        other => other,
    };
    let native = decorator_class(vm);
    let mut attrs = Namespace::default();
    attrs.insert(Str::from("impl"), implementation);
    Ok(Value::native(TypeObject::new(
        &native,
        Kind::Decorator,
        attrs,
    )))
}

/// `UserDefinedType`.
pub fn user_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "UserDefinedType", |vm| {
        let base = engine_class(vm);
        Class::native(
            "sqlalchemy.sql.type_api",
            "UserDefinedType",
            vec![base],
            Maker::new(|vm, class, args| {
                if !args.pos.is_empty() && class.native.is_some() {
                    return Err(raise::type_error("UserDefinedType() takes no arguments"));
                }
                let native = user_class(vm);
                Ok(Value::native(TypeObject::new(
                    &native,
                    Kind::User,
                    args.kw.into_iter().collect(),
                )))
            }),
        )
    })
}
