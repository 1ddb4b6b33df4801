//! What the functions that `env.py` gives to `context.configure` say of a comparison: `include_name`,
//! `include_object`, `compare_type`, `compare_server_default`.

use std::rc::Rc;

use super::Project;
use crate::catalog::{Table, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;
use crate::frontend::alembic::schema::{self, MetaDataObject, TableObject};
use crate::frontend::alembic::{bind, convert};
use crate::python::{Args, Dict, DictKey, PyResult, Raise, Value, Vm};

/// A part of a schema.
#[derive(Clone, Copy, Debug)]
pub struct Part<'a> {
    /// What Alembic calls its kind.
    pub kind: &'static str,
    /// Its name.
    pub name: Option<&'a str>,
    /// The table that it is, or is of.
    pub table: &'a Table,
    /// Whether the database has it, rather than the models.
    pub found: bool,
}

impl Project {
    /// `include_name=` of something that the database has.
    ///
    /// # Errors
    /// When the function fails.
    pub fn has_name(&self, context: usize, part: Part<'_>) -> Result<bool> {
        let Some(function) = self.function(context, "include_name")? else {
            return Ok(true);
        };
        self.asked("include_name", |vm| {
            let table = &part.table.name;
            let schema = table
                .schema
                .as_ref()
                .map_or(Value::None, convert::ident_value);
            let mut parents = Dict::default();
            let mut parent = |name: &str, value: Value| {
                parents.insert(DictKey::str(name), value);
            };
            parent("schema_name", schema);
            if part.kind != "table" {
                parent("table_name", convert::ident_value(&table.name));
            }
            parent("schema_qualified_table_name", Value::from(full_name(table)));
            let name = part.name.map_or(Value::None, Value::from);
            let arguments = vec![name, Value::from(part.kind), Value::dict(parents)];
            let answer = vm.call(&function, Args::of(arguments))?;
            vm.truth(&answer)
        })
    }

    /// `include_object=`.
    ///
    /// # Errors
    /// When the function fails.
    pub fn includes(
        &self,
        context: usize,
        part: Part<'_>,
        reflected: bool,
        other: Option<Part<'_>>,
    ) -> Result<bool> {
        let Some(function) = self.function(context, "include_object")? else {
            return Ok(true);
        };
        let metadata = self.metadata(context)?;
        self.asked("include_object", |vm| {
            let object = object(vm, &metadata, part)?;
            let other = match other {
                Some(other) => self::object(vm, &metadata, other)?,
                None => Value::None,
            };
            let name = part.name.map_or(Value::None, Value::from);
            let arguments = vec![
                object,
                name,
                Value::from(part.kind),
                Value::Bool(reflected),
                other,
            ];
            let answer = vm.call(&function, Args::of(arguments))?;
            vm.truth(&answer)
        })
    }

    /// `compare_type=` and `compare_server_default=`, for a column that the database has and the
    /// one that is wanted; `None` where the usual comparison goes on.
    ///
    /// # Errors
    /// When the function fails.
    pub fn differs(
        &self,
        context: usize,
        option: &'static str,
        found: Part<'_>,
        wanted: Part<'_>,
    ) -> Result<Option<bool>> {
        let Some(function) = self.function(context, option)? else {
            return Ok(None);
        };
        let metadata = self.metadata(context)?;
        self.asked(option, |vm| {
            let found = object(vm, &metadata, found)?;
            let wanted = object(vm, &metadata, wanted)?;
            let mut arguments = vec![bind::context(vm), found.clone(), wanted.clone()];
            let attribute = if option == "compare_type" {
                "type"
            } else {
                "server_default"
            };
            let (mut old, new) = (
                vm.get_attr(&found, attribute)?,
                vm.get_attr(&wanted, attribute)?,
            );
            if attribute == "type" {
                arguments.extend([old, new]);
            } else {
                let mut text = |value: &Value| -> PyResult {
                    if value.is_none() {
                        return Ok(Value::None);
                    }
                    let inner = vm.find_attr(value, "arg")?.unwrap_or_else(|| value.clone());
                    Ok(Value::Str(vm.str(&inner)?))
                };
                old = text(&old)?;
                let rendered = text(&new)?;
                arguments.extend([old, new, rendered]);
            }
            let answer = vm.call(&function, Args::of(arguments))?;
            Ok(match answer {
                Value::None => None,
                answer => Some(vm.truth(&answer)?),
            })
        })
    }

    fn function(&self, context: usize, option: &str) -> Result<Option<Value>> {
        Ok(self.wishes(context)?.function(option).cloned())
    }

    fn metadata(&self, context: usize) -> Result<Value> {
        let metadata = self.wishes(context)?.target_metadata.clone();
        Ok(metadata.unwrap_or(Value::None))
    }

    fn asked<T>(&self, option: &str, ask: impl FnOnce(&mut Vm) -> PyResult<T>) -> Result<T> {
        self.with_vm(|vm| ask(vm).map_err(|raise| wrong(vm, *raise, option)))
    }
}

/// The failure of a function that the project gives to `context.configure`.
pub(super) fn wrong(vm: &mut Vm, raise: Raise, option: &str) -> Box<Diagnostic> {
    let mut found = super::failure(vm, raise, &format!("`{option}`"));
    if found.code == Code::PythonException {
        found.help = vec![format!(
            "correct the function that `{option}=` is given in env.py"
        )];
    }
    found
}

/// `schema.table`.
pub(super) fn full_name(table: &TableName) -> String {
    match &table.schema {
        Some(schema) => format!("{}.{}", schema.name, table.name.name),
        None => table.name.name.to_string(),
    }
}

/// The table of that name in `target_metadata`, which may be several.
pub(super) fn table_object(
    vm: &mut Vm,
    metadata: &Value,
    name: &TableName,
) -> PyResult<Option<Rc<TableObject>>> {
    if let Value::List(_) | Value::Tuple(_) = metadata {
        for one in vm.iterate(metadata)? {
            if let Some(found) = table_object(vm, &one, name)? {
                return Ok(Some(found));
            }
        }
        return Ok(None);
    }
    let metadata = metadata.downcast::<MetaDataObject>();
    Ok(metadata.and_then(|metadata| metadata.table(&full_name(name))))
}

/// The object of SQLAlchemy that stands for a part.
fn object(vm: &mut Vm, metadata: &Value, part: Part<'_>) -> PyResult {
    let known = if part.found {
        None
    } else {
        table_object(vm, metadata, &part.table.name)?
    };
    let table = match known {
        Some(table) => table,
        None => schema::found_table(vm, part.table)?,
    };
    if part.kind == "table" {
        return Ok(Value::Native(table));
    }
    if part.kind == "column" {
        let named = |name: &Ident| part.name == Some(&*name.name);
        let columns = table.columns.borrow();
        let column = columns
            .iter()
            .find(|column| column.name().as_ref().is_some_and(named));
        return Ok(column.map_or(Value::None, |column| Value::Native(Rc::clone(column) as _)));
    }
    schema::found_item(vm, &table, part.table, part.kind, part.name)
}
