//! Models, with a project's own types as they are written in a migration.

use std::sync::Arc;

use super::judge::table_object;
use crate::frontend::alembic::env::Options;
use crate::frontend::alembic::{bind, third_party, types};
use crate::operation::{Located, Operation};
use crate::python::{Args, Dict, DictKey, PyResult, Value, Vm};

/// What `target_metadata` holds.
#[derive(Debug, Default)]
pub struct Models {
    /// What creates it.
    pub operations: Vec<Located>,
    /// Types as they are written, each with a line of imports that it needs.
    pub imports: Vec<(Arc<str>, String)>,
}

/// Puts into the recorded creation how types are written that are the project's own, or that
/// `render_item=` writes.
pub(super) fn models(
    vm: &mut Vm,
    metadata: &Value,
    options: Option<&Options>,
    mut operations: Vec<Located>,
) -> PyResult<Models> {
    let render = options.and_then(|options| options.function("render_item").cloned());
    let prefix = options.and_then(|options| options.user_module_prefix.clone());
    let context = match &render {
        Some(_) => context(vm, metadata)?,
        None => Value::None,
    };
    let mut imports = Vec::new();
    for located in &mut operations {
        let Operation::CreateTable { table, .. } = &mut located.operation else {
            continue;
        };
        let Some(object) = table_object(vm, metadata, &table.name)? else {
            continue;
        };
        for column in &mut table.columns {
            let objects = object.columns.borrow().clone();
            let known = objects
                .into_iter()
                .find(|other| other.name().is_some_and(|name| name == column.name));
            let Some(known) = known else {
                continue;
            };
            let value = vm.get_attr(&Value::Native(known), "type")?;
            let mut text = None;
            let mut lines = Vec::new();
            if let Some(render) = &render {
                let arguments = vec![Value::from("type"), value.clone(), context.clone()];
                let answer = vm.call(render, Args::of(arguments))?;
                text = answer.as_str().map(|text| text.to_string());
                let set = vm.get_attr(&context, "imports")?;
                for line in vm.iterate(&set)? {
                    lines.push(vm.str(&line)?.to_string());
                }
                vm.call_method(&set, "clear", Args::default())?;
            }
            if text.is_none()
                && let Some((written, module)) = own(vm, &value, prefix.as_deref())?
            {
                text = Some(written);
                // Alembic leaves it to the reader to add this line.
                lines.extend(module.map(|module| format!("import {module}")));
            }
            if let Some(text) = text {
                let text: Arc<str> = Arc::from(text);
                imports.extend(lines.into_iter().map(|line| (Arc::clone(&text), line)));
                column.data_type.written.0 = Some(text);
            }
        }
    }
    Ok(Models {
        operations,
        imports,
    })
}

/// `AutogenContext`.
fn context(vm: &mut Vm, metadata: &Value) -> PyResult {
    let Some(class) = third_party::name(vm, "alembic_autogenerate_api", "AutogenContext")? else {
        return Ok(Value::None);
    };
    let mut options = Dict::default();
    for (name, prefix) in [
        ("sqlalchemy_module_prefix", "sa."),
        ("alembic_module_prefix", "op."),
    ] {
        options.insert(DictKey::str(name), Value::from(prefix));
    }
    options.insert(DictKey::str("user_module_prefix"), Value::None);
    let arguments = vec![bind::context(vm), metadata.clone(), Value::dict(options)];
    vm.call(&class, Args::of(arguments))
}

/// A type of the project as its class and its arguments, and the module that it is in where that
/// is written before it; nothing for SQLAlchemy's own.
fn own(
    vm: &mut Vm,
    value: &Value,
    prefix: Option<&str>,
) -> PyResult<Option<(String, Option<String>)>> {
    let Some(object) = types::type_object(vm, value) else {
        return Ok(None);
    };
    let Value::Class(class) = vm.get_attr(value, "__class__")? else {
        return Ok(None);
    };
    if class.module.split('.').next() == Some("sqlalchemy") {
        return Ok(None);
    }
    let module = prefix.is_none().then(|| class.module.to_string());
    let prefix = prefix.map_or_else(|| format!("{}.", class.module), str::to_owned);
    if !object.variants.borrow().is_empty() {
        return Ok(None);
    }
    let shown = match class.lookup("__repr__") {
        Some(Value::Function(_)) => {
            return Ok(Some((format!("{prefix}{}", vm.repr(value)?), module)));
        }
        _ => match object.attr("impl") {
            Some(inner) if types::type_object(vm, &inner).is_some() => {
                let text = vm.repr(&inner)?;
                let arguments = text.split_once('(').map_or(")", |(_, rest)| rest);
                arguments.strip_suffix(')').unwrap_or(arguments).to_owned()
            }
            _ => {
                let show = third_party::name(vm, "alembic_autogenerate_api", "arguments")?;
                match show {
                    Some(show) => {
                        let text = vm.call(&show, Args::of(vec![value.clone()]))?;
                        vm.str(&text)?.to_string()
                    }
                    None => String::new(),
                }
            }
        },
    };
    Ok(Some((format!("{prefix}{}({shown})", class.name), module)))
}
