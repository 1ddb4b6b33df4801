//! Models, with a project's own types as they are written in a migration.

use std::sync::Arc;

use super::judge::table_object;
use crate::datatype::DataType;
use crate::frontend::alembic::env::Options;
use crate::frontend::alembic::{bind, raise, third_party, types};
use crate::operation::{Located, Operation};
use crate::python::{Args, Dict, DictKey, PyResult, Str, Value, Vm};

/// Types as they are written, each with a line of imports that it needs.
pub type Imports = Vec<(Arc<str>, String)>;

/// What `target_metadata` holds.
#[derive(Debug, Default)]
pub struct Models {
    /// What creates it.
    pub operations: Vec<Located>,
    /// Types as they are written, each with a line of imports that it needs.
    pub imports: Imports,
}

/// The Python that `render_item=` gives for a thing, where it does (`Some(None)` leaves the thing
/// away), and lines of imports.
pub type Rendered = (Option<Option<String>>, Vec<String>);

/// How types are written that are the project's own, or that `render_item=` writes.
pub(super) struct Writing {
    render: Option<Value>,
    prefix: Option<Str>,
    context: Value,
}

impl Writing {
    pub(super) fn new(vm: &mut Vm, metadata: &Value, options: &Options) -> PyResult<Self> {
        let render = options.function("render_item").cloned();
        let context = match &render {
            Some(_) => context(vm, metadata, options)?,
            None => Value::None,
        };
        Ok(Self {
            render,
            prefix: options.user_module_prefix.clone(),
            context,
        })
    }

    /// What `render_item=` writes for a thing, with the imports that it asks for; nothing where there
    /// is no such function.
    pub(super) fn rendered(
        &self,
        vm: &mut Vm,
        kind: &str,
        value: &Value,
    ) -> PyResult<Option<Rendered>> {
        let Some(render) = &self.render else {
            return Ok(None);
        };
        let arguments = vec![Value::from(kind), value.clone(), self.context.clone()];
        let answer = vm.call(render, Args::of(arguments))?;
        let set = vm.get_attr(&self.context, "imports")?;
        let mut lines = Vec::new();
        for line in vm.iterate(&set)? {
            lines.push(vm.str(&line)?.to_string());
        }
        vm.call_method(&set, "clear", Args::default())?;
        raise::known(vm, &answer, "what `render_item` writes")?;
        let text = match answer {
            Value::Bool(false) => None,
            Value::None => Some(None),
            answer => Some(Some(vm.str(&answer)?.to_string())),
        };
        Ok(Some((text, lines)))
    }

    /// Puts into a type how it is written.
    pub(super) fn set(
        &self,
        vm: &mut Vm,
        value: &Value,
        data_type: &mut DataType,
        imports: &mut Imports,
    ) -> PyResult<()> {
        let (said, lines) = self.rendered(vm, "type", value)?.unwrap_or_default();
        let found = match said {
            Some(text) => text.map(|text| (text, lines)),
            None => {
                // What the function imports without writing the type is needed all the same.
                imports.extend(lines.into_iter().map(|line| (Arc::from(""), line)));
                own(vm, value, self.prefix.as_deref())?.map(|(text, module)| {
                    // Alembic leaves it to the reader to add this line.
                    let line = module.map(|module| format!("import {module}"));
                    (text, line.into_iter().collect())
                })
            }
        };
        if let Some((text, lines)) = found {
            let text: Arc<str> = Arc::from(text);
            imports.extend(lines.into_iter().map(|line| (Arc::clone(&text), line)));
            data_type.written.0 = Some(text);
        }
        Ok(())
    }
}

/// Puts into the recorded creation how types are written that are the project's own, or that
/// `render_item=` writes.
pub(super) fn models(
    vm: &mut Vm,
    metadata: &Value,
    options: &Options,
    mut operations: Vec<Located>,
) -> PyResult<Models> {
    let writing = Writing::new(vm, metadata, options)?;
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
            writing.set(vm, &value, &mut column.data_type, &mut imports)?;
        }
    }
    Ok(Models {
        operations,
        imports,
    })
}

/// What is written before names of SQLAlchemy, of Alembic and of the project, as `opts` have it.
pub(super) fn prefixes(given: &Options) -> [(&'static str, Value); 3] {
    let or = |prefix: &Option<Str>, usual: Value| prefix.clone().map_or(usual, Value::Str);
    [
        (
            "sqlalchemy_module_prefix",
            or(&given.sqlalchemy_module_prefix, Value::from("sa.")),
        ),
        (
            "alembic_module_prefix",
            or(&given.alembic_module_prefix, Value::from("op.")),
        ),
        (
            "user_module_prefix",
            or(&given.user_module_prefix, Value::None),
        ),
    ]
}

/// `AutogenContext`.
fn context(vm: &mut Vm, metadata: &Value, given: &Options) -> PyResult {
    let Some(class) = third_party::name(vm, "alembic_autogenerate_api", "AutogenContext")? else {
        return Ok(Value::None);
    };
    let mut options = Dict::default();
    for (name, prefix) in prefixes(given) {
        options.insert(DictKey::str(name), prefix);
    }
    let batch = Value::Bool(given.render_as_batch);
    options.insert(DictKey::str("render_as_batch"), batch);
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
