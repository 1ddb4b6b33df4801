//! `render_item=`: how the project writes the parts of proposed operations.

use super::Project;
use super::directives::objects::column_object;
use super::written::{Rendered, Writing};
use crate::catalog::{Column, Constraint, ConstraintKind, ServerDefault, TableName};
use crate::datatype::DataType;
use crate::diagnostic::Result;
use crate::frontend::alembic::schema::{Item, ItemKind, constraint_value, default_value};
use crate::frontend::alembic::types;
use crate::python::{PyResult, Value, Vm};

/// A part of an operation.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum Thing<'a> {
    Type(&'a DataType),
    Default(&'a ServerDefault),
    Column(&'a TableName, &'a Column),
    Constraint(&'a Constraint),
}

impl Project {
    /// Whether a context has `render_item=`.
    ///
    /// # Errors
    /// When `env.py` fails.
    pub fn renders_items(&self, context: usize) -> Result<bool> {
        Ok(self.wishes(context)?.has_function("render_item"))
    }

    /// How `render_item=` of a context writes a thing; `None` where there is no such function.
    ///
    /// # Errors
    /// When the function fails.
    pub fn written_item(&self, context: usize, thing: Thing<'_>) -> Result<Option<Rendered>> {
        let wishes = self.wishes(context)?;
        if !wishes.has_function("render_item") {
            return Ok(None);
        }
        let metadata = wishes.target_metadata.clone().unwrap_or(Value::None);
        self.with_vm(|vm| {
            let outcome = object(vm, &metadata, thing).and_then(|object| match object {
                Some((kind, value)) => {
                    let writing = Writing::new(vm, &metadata, &wishes)?;
                    writing.rendered(vm, kind, &value)
                }
                None => Ok(None),
            });
            outcome.map_err(|raise| super::judge::wrong(vm, *raise, "render_item"))
        })
    }
}

/// What Alembic calls the kind of a thing, and its object.
fn object(
    vm: &mut Vm,
    metadata: &Value,
    thing: Thing<'_>,
) -> PyResult<Option<(&'static str, Value)>> {
    Ok(Some(match thing {
        Thing::Type(data_type) => ("type", types::value_of(vm, data_type)?),
        Thing::Default(default) => {
            let value = default_value(vm, default);
            let value = match default {
                ServerDefault::Str(_) | ServerDefault::Expr(_) => {
                    let clause = Item::made(vm, ItemKind::DefaultClause, vec![("arg", value)]);
                    Value::Native(clause)
                }
                ServerDefault::Fetched
                | ServerDefault::Identity(_)
                | ServerDefault::Computed { .. } => value,
            };
            ("server_default", value)
        }
        Thing::Column(table, column) => ("column", column_object(vm, metadata, table, column)?),
        Thing::Constraint(constraint) => {
            let kind = match &constraint.kind {
                ConstraintKind::PrimaryKey { .. } => "primary_key",
                ConstraintKind::Unique { .. } => "unique",
                ConstraintKind::Check { .. } => "check",
                ConstraintKind::ForeignKey(_) => "foreign_key",
                ConstraintKind::Exclude(_) => return Ok(None),
            };
            match constraint_value(vm, constraint) {
                Some(item) => (kind, Value::Native(item)),
                None => return Ok(None),
            }
        }
    }))
}
