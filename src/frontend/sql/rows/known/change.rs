//! What a table holds behind an INSERT, UPDATE or DELETE.

use std::collections::HashSet;
use std::sync::Arc;

use sqlparser::ast::{
    self, Assignment, AssignmentTarget, Expr, FromTable, Statement, TableFactor, TableObject,
};

use super::insert::{Draws, inserted};
use super::{literal, world};
use crate::catalog::{Catalog, ConstraintKind, Counting, KnownRows, TableName};
use crate::frontend::sql::rows::spelled::Spelled;
use crate::frontend::sql::rows::text;
use crate::frontend::sql::system::{self, World};

/// What a statement makes of the rows of a table.
pub(in crate::frontend::sql::rows) struct Change {
    /// The table.
    pub(in crate::frontend::sql::rows) table: TableName,
    /// What it holds afterwards; `None` where that is not known.
    pub(in crate::frontend::sql::rows) rows: Option<KnownRows>,
    /// How many rows were changed or put in, where it is known.
    pub(in crate::frontend::sql::rows) count: Option<usize>,
    /// Other tables whose rows may change along.
    pub(in crate::frontend::sql::rows) along: Vec<TableName>,
    /// The sequences that were drawn from, and what they give next.
    pub(in crate::frontend::sql::rows) drawn: Vec<(Arc<str>, i64)>,
}

/// What an INSERT, UPDATE or DELETE of one table does; `None` for other statements.
pub(in crate::frontend::sql::rows) fn change(
    statement: &Statement,
    spelled: &Spelled,
    catalog: &Catalog,
    counting: Counting,
) -> Option<Change> {
    let world = world(catalog, spelled);
    match statement {
        Statement::Insert(insert) => {
            let TableObject::TableName(name) = &insert.table else {
                return None;
            };
            let table = text::table_name(name)?;
            let known = catalog.rows(&table, counting);
            let mut draws = Draws {
                catalog,
                counting,
                drawn: Vec::new(),
            };
            let rows = known.and_then(|known| inserted(insert, known, &world, &mut draws));
            let count = rows.as_ref().map(|(_, count)| *count);
            Some(Change {
                table,
                rows: rows.map(|(rows, _)| rows),
                count,
                along: Vec::new(),
                drawn: draws.drawn,
            })
        }
        Statement::Update(update) => {
            let table = text::relation(&update.table)?;
            let plain = update.from.is_none()
                && update.limit.is_none()
                && update.or.is_none()
                && update.output.is_none();
            let alias = alias(&update.table.relation);
            let known = catalog.rows(&table, counting).filter(|_| plain);
            let found = known.and_then(|known| {
                let values = &update.assignments;
                updated(values, update.selection.as_ref(), alias, known, &world)
            });
            Some(changed(table, found, catalog, |key| key.onupdate.is_some()))
        }
        Statement::Delete(delete) => {
            let (FromTable::WithFromKeyword(from) | FromTable::WithoutKeyword(from)) = &delete.from;
            let [only] = from.as_slice() else {
                return None;
            };
            let table = text::relation(only).filter(|_| delete.tables.is_empty())?;
            let plain = delete.using.is_none() && delete.limit.is_none() && delete.output.is_none();
            let alias = alias(&only.relation);
            let known = catalog.rows(&table, counting).filter(|_| plain);
            let found = known.and_then(|mut known| {
                let gone = chosen(delete.selection.as_ref(), alias, &known, &world)?;
                let count = gone.len();
                known.delete(&gone);
                Some((known, count))
            });
            Some(changed(table, found, catalog, |key| key.ondelete.is_some()))
        }
        _ => None,
    }
}

fn changed(
    table: TableName,
    found: Option<(KnownRows, usize)>,
    catalog: &Catalog,
    passes_on: impl Fn(&crate::catalog::ForeignKey) -> bool,
) -> Change {
    let count = found.as_ref().map(|(_, count)| *count);
    let along = match count {
        Some(0) => Vec::new(),
        _ => referring(&table, catalog, passes_on),
    };
    Change {
        table,
        rows: found.map(|(rows, _)| rows),
        count,
        along,
        drawn: Vec::new(),
    }
}

/// The tables whose foreign keys change their rows along with those of a table, and theirs.
fn referring(
    table: &TableName,
    catalog: &Catalog,
    passes_on: impl Fn(&crate::catalog::ForeignKey) -> bool,
) -> Vec<TableName> {
    let mut found: Vec<TableName> = Vec::new();
    let mut seen: HashSet<String> = HashSet::from([table.name.name.to_lowercase()]);
    let mut next = vec![table.name.name.to_lowercase()];
    while let Some(referent) = next.pop() {
        for (_, other) in catalog.tables() {
            let inside = other.columns.iter().flat_map(|column| &column.constraints);
            let mut keys = other.constraints.iter().chain(inside);
            let refers = keys.any(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    key.referent.name.name.to_lowercase() == referent && passes_on(key)
                }
                _ => false,
            });
            let name = other.name.name.name.to_lowercase();
            if refers && seen.insert(name.clone()) {
                found.push(other.name.clone());
                next.push(name);
            }
        }
    }
    found
}

fn alias(factor: &TableFactor) -> Option<&str> {
    match factor {
        TableFactor::Table { name, alias, .. } => match alias {
            Some(alias) => Some(&alias.name.value),
            None => name.0.last()?.as_ident().map(|ident| &*ident.value),
        },
        _ => None,
    }
}

/// The positions of the rows for which a condition holds; `None` where it is not known of all.
fn chosen(
    condition: Option<&Expr>,
    alias: Option<&str>,
    known: &KnownRows,
    world: &World<'_>,
) -> Option<Vec<usize>> {
    let Some(condition) = condition else {
        return Some((0..known.rows().len()).collect());
    };
    let mut found = Vec::new();
    for (at, row) in known.rows().iter().enumerate() {
        if system::holds(condition, alias?, known.table(), row, world)? {
            found.push(at);
        }
    }
    Some(found)
}

/// Whether an expression names one of these columns.
fn names_any(expr: &Expr, names: &[&str]) -> bool {
    use std::ops::ControlFlow;
    let is_one = |name: &str| names.iter().any(|known| known.eq_ignore_ascii_case(name));
    ast::visit_expressions(expr, |inner| {
        let found = match inner {
            Expr::Identifier(name) => is_one(&name.value),
            Expr::CompoundIdentifier(parts) => parts.last().is_some_and(|name| is_one(&name.value)),
            _ => false,
        };
        match found {
            true => ControlFlow::Break(()),
            false => ControlFlow::Continue(()),
        }
    })
    .is_break()
}

fn updated(
    assignments: &[Assignment],
    condition: Option<&Expr>,
    alias: Option<&str>,
    mut known: KnownRows,
    world: &World<'_>,
) -> Option<(KnownRows, usize)> {
    let chosen = chosen(condition, alias, &known, world)?;
    let mut changes = Vec::new();
    for at in &chosen {
        let row = known.rows().get(*at)?;
        let mut values = Vec::new();
        let mut assigned: Vec<&str> = Vec::new();
        for assignment in assignments {
            let AssignmentTarget::ColumnName(name) = &assignment.target else {
                return None;
            };
            // Which value a column has that was assigned before differs between databases.
            if names_any(&assignment.value, &assigned) {
                return None;
            }
            let name = &name.0.last()?.as_ident()?.value;
            assigned.push(name);
            let position = known.position(name)?;
            let value = system::of_row(&assignment.value, alias?, known.table(), row, world);
            values.push((position, literal(&value)));
        }
        changes.push(values);
    }
    for (at, values) in chosen.iter().zip(&changes) {
        known.update(*at, values);
    }
    let count = chosen.len();
    Some((known, count))
}
