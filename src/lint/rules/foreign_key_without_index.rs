//! `foreign-key-without-index`: the columns of a foreign key have no index

use crate::catalog::ConstraintKind;
use crate::catalog::{Constraint, Index, IndexElement, TableName};
use crate::diagnostic::Severity;
use crate::expression::Ident;
use crate::lint::release::Action;
use crate::lint::rule::{Family, Found, Info, Rule, StepSite};
use crate::operation::Operation;

/// The rule.
pub struct ForeignKeyIndex;

static INFO: Info = Info {
    name: "foreign-key-without-index",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "the columns of a foreign key have no index",
    why: "each delete in the table referred to reads the whole table that refers to it; on Oracle it locks it",
    instead: "make an index that begins with the columns",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, u BIGINT REFERENCES users (id))",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, u BIGINT REFERENCES users (id)); CREATE INDEX ix ON fresh (u)",
    others: &[],
    peers: &["eugene E15"],
};

impl Rule for ForeignKeyIndex {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        if site.table.advice.foreign_keys_have_indexes {
            return;
        }
        let operations = || {
            site.step
                .changes
                .iter()
                .flat_map(|change| &change.effects)
                .filter_map(|effect| match &effect.action {
                    Action::Operation(operation) => Some((operation, effect)),
                    Action::Sql(_) => None,
                })
        };
        for (operation, effect) in operations() {
            let constraints: Vec<&Constraint> = match operation {
                Operation::CreateTable { table, .. } => table
                    .columns
                    .iter()
                    .flat_map(|column| &column.constraints)
                    .chain(&table.constraints)
                    .collect(),
                Operation::AddColumn { column, .. } => column.constraints.iter().collect(),
                Operation::AddConstraint { constraint, .. } => vec![constraint],
                _ => continue,
            };
            let Some(table) = &effect.table else { continue };
            for constraint in constraints {
                let ConstraintKind::ForeignKey(key) = &constraint.kind else {
                    continue;
                };
                let Some(first) = key.columns.first() else {
                    continue;
                };
                let before = effect
                    .before
                    .iter()
                    .any(|table| leads(&table.constraints, &table.indexes, first));
                let here = operations().any(|(other, _)| covers(other, table, first));
                if !before
                    && !here
                    && let Some(location) = &effect.location
                {
                    found.add_at(
                        &INFO,
                        site,
                        location,
                        format!("no index begins with {}", site.dialect.quote(first)),
                    );
                }
            }
        }
    }
}

fn covers(operation: &Operation, table: &TableName, column: &Ident) -> bool {
    match operation {
        Operation::CreateIndex {
            table: on, index, ..
        } => on == table && begins(index, column),
        Operation::AddConstraint {
            table: on,
            constraint,
        } => on == table && leads(std::slice::from_ref(constraint), &[], column),
        Operation::CreateTable { table: made, .. } if made.name == *table => {
            leads(&made.constraints, &made.indexes, column)
                || made.columns.iter().any(|known| {
                    known.name.name == column.name
                        && (known.primary_key
                            && made
                                .columns
                                .iter()
                                .find(|c| c.primary_key)
                                .is_some_and(|c| c.name.name == known.name.name)
                            || known.unique
                            || known.index)
                })
        }
        Operation::AddColumn {
            table: on,
            column: made,
            ..
        } => on == table && made.name.name == column.name && (made.unique || made.index),
        _ => false,
    }
}

fn begins(index: &Index, column: &Ident) -> bool {
    matches!(index.elements.first(), Some(IndexElement::Column(name)) if name.name == column.name)
}

fn leads(constraints: &[Constraint], indexes: &[Index], column: &Ident) -> bool {
    indexes.iter().any(|index| begins(index, column))
        || constraints.iter().any(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
                columns.first().is_some_and(|name| name.name == column.name)
            }
            _ => false,
        })
}
