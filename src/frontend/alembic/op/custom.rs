//! Directives that projects add: `Operations.register_operation`, `implementation_for`, `invoke`.

use std::rc::Rc;

use super::{Batch, Operations};
use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::raise;
use crate::python::{Args, Builtin, Class, PyResult, Raise, Value, Vm};

/// The class `alembic.operations.Operations`.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "alembic.operations.base", "Operations", || {
        Maker::new(|_, _, _| Ok(Operations::value())).with_attrs(class_attr)
    })
}

/// The class `alembic.operations.BatchOperations`.
pub fn batch_class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "alembic.operations.base", "BatchOperations", || {
        Maker::new(|vm, _, _| Err(raise::unsupported(vm, "a bare BatchOperations()")))
            .with_attrs(class_attr)
    })
}

/// `alembic.operations.MigrateOperation`, which custom operations derive from.
pub fn migrate_operation(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "MigrateOperation", |_| {
        Rc::new(Class {
            name: "MigrateOperation".into(),
            module: "alembic.operations.ops".into(),
            bases: Vec::new(),
            mro: Vec::new(),
            dict: std::cell::RefCell::default(),
            native: None,
            meta: None,
            derived: std::cell::RefCell::default(),
        })
    })
}

fn class_attr(_vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
    let prefix = if &*class.name == "BatchOperations" {
        "batch "
    } else {
        ""
    };
    Ok(match name {
        "register_operation" => Some(Builtin::value("register_operation", move |_, mut args| {
            let name = args.require("register_operation", "name")?;
            let source = args
                .take("sourcename")
                .filter(|source| !source.is_none())
                .unwrap_or_else(|| name.clone());
            let (Some(name), Some(source)) = (name.as_str(), source.as_str()) else {
                return Err(raise::type_error("register_operation() takes names"));
            };
            let key: Rc<str> = Rc::from(format!("{prefix}{name}"));
            Ok(Builtin::value("register", move |vm, mut args| {
                let class = args.require("register", "op_cls")?;
                let method = vm.get_attr(&class, &source)?;
                host(vm)
                    .directives
                    .borrow_mut()
                    .push((key.as_ref().into(), method));
                Ok(class)
            }))
        })),
        "implementation_for" => Some(Builtin::value("implementation_for", |_, mut args| {
            let class = args.require("implementation_for", "op_cls")?;
            Ok(Builtin::value("decorate", move |vm, mut args| {
                let function = args.require("decorate", "fn")?;
                if let Value::Class(class) = &class {
                    host(vm)
                        .implementations
                        .borrow_mut()
                        .push((Rc::clone(class), function.clone()));
                }
                Ok(function)
            }))
        })),
        "context" => Some(Builtin::value("context", |_, _| Ok(Operations::value()))),
        _ => None,
    })
}

fn registered(vm: &mut Vm, key: &str) -> Option<Value> {
    let host = host(vm);

    host.directives
        .borrow()
        .iter()
        .rev()
        .find(|(name, _)| &**name == key)
        .map(|(_, method)| method.clone())
}

/// A custom directive: a class method that gets the operations first.
pub fn directive(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(registered(vm, name).map(|method| bound(method, Operations::value())))
}

/// A custom directive of a batch.
pub fn batch_directive(vm: &mut Vm, this: &Value, name: &str) -> PyResult<Option<Value>> {
    let key = format!("batch {name}");
    Ok(registered(vm, &key).map(|method| bound(method, this.clone())))
}

fn bound(method: Value, operations: Value) -> Value {
    Builtin::value("directive", move |vm, mut args| {
        args.pos.insert(0, operations.clone());
        vm.call(&method, args)
    })
}

/// `op.invoke(operation)`.
pub fn invoke(vm: &mut Vm, mut args: Args, _batch: Batch<'_>) -> PyResult {
    let operation = args.require("invoke", "operation")?;
    raise::known(vm, &operation, "the operation")?;
    let class = vm.class_of(&operation);
    let host = host(vm);
    let found = std::iter::once(&class).chain(&class.mro).find_map(|class| {
        host.implementations
            .borrow()
            .iter()
            .rev()
            .find(|(known, _)| Rc::ptr_eq(known, class))
            .map(|(_, function)| function.clone())
    });
    match found {
        Some(function) => vm.call(&function, Args::of(vec![Operations::value(), operation])),
        None => Err(Raise::exception(
            "KeyError",
            format!("no dispatch function for object: {}", class.name),
        )),
    }
}
