//! How constraints and columns of a table agree: the columns that a constraint names are the
//! table's, and of several primary keys one is.

use super::super::raise;
use super::table::TableObject;
use crate::catalog::{Column, ConstraintKind};
use crate::expression::Ident;
use crate::python::{PyResult, Vm};

/// Makes the columns that a constraint names by their keys those of the table, with their names and
/// their quoting.
///
/// # Errors
/// `ConstraintColumnNotFoundError`, as SQLAlchemy raises it, for a column that the table lacks.
pub(super) fn resolve(
    vm: &mut Vm,
    table: &TableObject,
    columns: &[Column],
    kind: &mut ConstraintKind,
) -> PyResult<()> {
    let (class, named) = match kind {
        ConstraintKind::PrimaryKey { columns } => ("PrimaryKeyConstraint", columns),
        ConstraintKind::Unique { columns } => ("UniqueConstraint", columns),
        ConstraintKind::ForeignKey(key) => ("ForeignKeyConstraint", &mut key.columns),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => return Ok(()),
    };
    for name in named {
        if let Some(column) = column(vm, table, columns, class, name)? {
            *name = column.name.clone();
        }
    }
    Ok(())
}

/// Where the column with a key, or else with a name, is among those of a table.
fn position(table: &TableObject, columns: &[Column], name: &Ident) -> Option<usize> {
    let own = table.columns.borrow();
    own.iter()
        .position(|column| column.key().is_some_and(|key| *key == *name.name))
        .or_else(|| columns.iter().position(|c| c.name.name == name.name))
}

/// The column of a table that a constraint or an index names; `None` where the table's columns are
/// not known.
///
/// # Errors
/// `ConstraintColumnNotFoundError`, as SQLAlchemy raises it, for a column that the table lacks.
pub(super) fn column<'a>(
    vm: &mut Vm,
    table: &TableObject,
    columns: &'a [Column],
    class: &str,
    name: &Ident,
) -> PyResult<Option<&'a Column>> {
    let found = position(table, columns, name).and_then(|at| columns.get(at));
    if found.is_some() || columns.is_empty() {
        return Ok(found);
    }
    let message = format!(
        "Can't create {class} on table '{}': no column named '{}' is present.",
        table.name.borrow().name,
        name.name
    );
    Err(raise::exception(
        vm,
        "ConstraintColumnNotFoundError",
        message,
    ))
}

/// Makes the columns agree with a `PrimaryKeyConstraint` of their table, and tells whether it is
/// part of the table: of several it is the one given last (`is_key`), as in SQLAlchemy, where each
/// takes the place of the one before. What belonged to a key once is `NOT NULL` unless it says
/// otherwise. A constraint without columns takes those that say `primary_key=True`.
pub(super) fn settle(columns: &mut [Column], named: &mut Vec<Ident>, is_key: bool) -> bool {
    let holds =
        |named: &[Ident], column: &Column| named.iter().any(|name| name.name == column.name.name);
    if !is_key {
        for column in columns.iter_mut().filter(|column| holds(named, column)) {
            column.nullable.get_or_insert(false);
        }
        return false;
    }
    if named.is_empty() {
        let keys = columns.iter().filter(|column| column.primary_key);
        named.extend(keys.map(|column| column.name.clone()));
        return !named.is_empty();
    }
    for column in columns.iter_mut() {
        if column.primary_key && !holds(named, column) {
            column.primary_key = false;
            column.nullable.get_or_insert(false);
        }
    }
    true
}
