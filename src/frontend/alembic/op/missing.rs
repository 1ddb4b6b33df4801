//! What the database refuses at once where the migration catches it: a drop of what is not there, or of a
//! column that something holds on to.

use std::rc::Rc;

use crate::catalog::{Catalog, Constraint, ConstraintKind, ConstraintName, Table, TableName};
use crate::dialect::Batch as DialectBatch;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::inspect::Introspection;
use crate::frontend::alembic::raise;
use crate::operation::{Operation, apply};
use crate::python::{PyResult, Vm};

/// Raises what SQLAlchemy raises when the server says that a constraint, index or column is not there.
/// Only where all that is there is known, since the database began empty, and only where the
/// migration goes on behind it.
pub(super) fn refuse_missing(vm: &mut Vm, operation: &Operation) -> PyResult<()> {
    if vm.catching == 0 || host(vm).compat {
        return Ok(());
    }
    let Some(view) = vm.host::<Introspection>() else {
        return Ok(());
    };
    let missing = missing(operation, &view.catalog.borrow());
    match missing {
        Some(name) => Err(raise::exception(
            vm,
            "OperationalError",
            format!("`{name}` is not there"),
        )),
        None => Ok(()),
    }
}

/// Raises what SQLAlchemy raises when the server says that it cannot drop a column, since a key, a constraint
/// or an index has it. Only where a table is made anew instead when nothing catches the error.
pub(super) fn refuse_held(vm: &mut Vm, operation: &Operation) -> PyResult<()> {
    let recreates = {
        let loaded = host(vm).target.loaded.clone();
        loaded.is_some_and(|dialect| dialect.facts().features.batch == DialectBatch::Recreate)
    };
    if vm.catching == 0 || host(vm).compat || !recreates {
        return Ok(());
    }
    let Some(view) = vm.host::<Introspection>() else {
        return Ok(());
    };
    let held = held(operation, &view.catalog.borrow());
    match held {
        Some(message) => Err(raise::exception(vm, "OperationalError", message)),
        None => Ok(()),
    }
}

fn held(operation: &Operation, catalog: &Catalog) -> Option<String> {
    let Operation::DropColumn { table, column, .. } = operation else {
        return None;
    };
    let known = catalog.table(table)?;
    if catalog.taint_of(table).is_some() {
        return None;
    }
    let name = &column.name;
    let own = known.columns.iter().find(|own| own.name.name == *name)?;
    let is_key = |constraint: &Constraint| {
        matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }) && constraint.uses(name)
    };
    if own.primary_key || known.constraints.iter().any(is_key) {
        return Some(format!("cannot drop PRIMARY KEY column: \"{name}\""));
    }
    if known.columns.len() == 1 {
        return Some(format!(
            "cannot drop column \"{name}\": no other columns exist"
        ));
    }
    let is_held = known.constraints.iter().any(|own| own.uses(name))
        || known.indexes.iter().any(|index| index.uses(name));
    is_held.then(|| {
        let table = &known.name.name.name;
        format!("error in table {table} after drop column: no such column: {name}")
    })
}

/// The name of what an operation drops, where it is certain that there is no such thing.
fn missing(operation: &Operation, catalog: &Catalog) -> Option<String> {
    catalog.contents()?;
    let (table, name) = match operation {
        Operation::DropConstraint {
            table,
            name: ConstraintName::Given(name) | ConstraintName::Final(name),
            if_exists: false,
            ..
        } => (table.clone(), name),
        Operation::DropIndex {
            name: ConstraintName::Given(name) | ConstraintName::Final(name),
            table: Some(table),
            schema,
            if_exists: false,
            ..
        } => {
            let table = TableName {
                schema: schema.clone(),
                name: table.clone(),
            };
            (table, name)
        }
        Operation::DropColumn {
            table,
            column,
            if_exists: false,
            ..
        } => (table.clone(), column),
        _ => return None,
    };
    let before = catalog.table(&table)?;
    if catalog.taint_of(&table).is_some() || has(before, &name.name) {
        return None;
    }
    // What the server named is found by its rules.
    let mut after = catalog.clone();
    apply(operation, &mut after);
    let same = after
        .table(&table)
        .is_some_and(|after| parts(before) == parts(after));
    same.then(|| name.name.to_string())
}

/// Whether something of the table is called so.
fn has(table: &Rc<Table>, name: &str) -> bool {
    let is = |own: &ConstraintName| match own {
        ConstraintName::Given(own) | ConstraintName::Final(own) => {
            own.name.eq_ignore_ascii_case(name)
        }
        ConstraintName::None | ConstraintName::Invented(_) => false,
    };
    let columns = &table.columns;
    table
        .constraints
        .iter()
        .any(|constraint| is(&constraint.name))
        || table.indexes.iter().any(|index| is(&index.name))
        || table
            .attached
            .iter()
            .any(|own| own.name.eq_ignore_ascii_case(name))
        || columns.iter().any(|column| {
            column
                .constraints
                .iter()
                .any(|constraint| is(&constraint.name))
        })
}

fn parts(table: &Table) -> [usize; 4] {
    [
        table.columns.len(),
        table.constraints.len(),
        table.indexes.len(),
        table.attached.len(),
    ]
}
