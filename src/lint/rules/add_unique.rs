//! `add-unique`: a unique index or constraint is added to a table that may hold rows

use crate::catalog::{ConstraintKind, IndexElement, option};
use crate::diagnostic::Severity;
use crate::expression::Ident;
use crate::lint::form::{column_of, is_nullable};
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::lint::seen::unique_columns;
use crate::operation::Operation;

/// The rule.
pub struct AddUnique;

static INFO: Info = Info {
    name: "add-unique",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a unique index or constraint is added to a table that may hold rows",
    why: "the statement fails if two rows are alike",
    instead: "look for duplicates first, in the same script or before it",
    dialect: "postgresql",
    bad: "CREATE UNIQUE INDEX ix ON users (email)",
    good: "ALTER TABLE users ADD COLUMN code INTEGER; CREATE UNIQUE INDEX ix ON users (code, age)",
    others: &[
        Example {
            dialect: "postgresql",
            bad: "CREATE UNIQUE INDEX ix ON users (name, email)",
            good: "CREATE UNIQUE INDEX ix ON users (id, name)",
        },
        Example {
            dialect: "postgresql",
            bad: "ALTER TABLE users DROP CONSTRAINT users_pkey; UPDATE users SET id = 1; CREATE UNIQUE INDEX ix ON users (id, name)",
            good: "ALTER TABLE users DROP CONSTRAINT users_pkey; CREATE UNIQUE INDEX ix ON users (id, name)",
        },
    ],
    peers: &["atlas MF101", "atlas MF102", "bytebase add unique key"],
};

impl Rule for AddUnique {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let (table, what, columns, options) = match site.operation() {
            Some(Operation::CreateIndex { table, index, .. }) if index.unique => {
                let names = index.elements.iter().filter_map(|element| match element {
                    IndexElement::Column(name) => Some(name),
                    IndexElement::Expr(_) => None,
                });
                (table, "index", names.collect::<Vec<_>>(), &index.options)
            }
            Some(Operation::AddConstraint { table, constraint })
                if let ConstraintKind::Unique { columns } = &constraint.kind =>
            {
                (
                    table,
                    "constraint",
                    columns.iter().collect(),
                    &constraint.options,
                )
            }
            _ => return,
        };
        // A column that the release adds without a value is NULL in every row, and NULLs differ.
        let unfilled = |name: &&Ident| {
            let known = site.effect.before.as_deref();
            site.seen.is_new_column(table, &name.name)
                && !site.seen.is_filled(table, &name.name)
                && known
                    .and_then(|known| column_of(known, &name.name))
                    .is_some_and(|column| column.default.is_none() && is_nullable(column))
        };
        let apart = site.table.advice.nulls_differ && columns.iter().any(unfilled);
        // What is unique by fewer of its columns, or was until this release, has no two rows alike.
        let strict = option(options, "nulls_not_distinct").is_some();
        let before = site.effect.before.as_deref();
        let unique_now = before.is_some_and(|before| {
            unique_columns(before).iter().any(|known| {
                known
                    .iter()
                    .all(|name| columns.iter().any(|c| c.name == *name))
            })
        });
        let known = !strict && (unique_now || site.seen.were_unique(table, &columns));
        if !site.is_new(table) && !apart && !known {
            let name = site.table_name(table);
            found.add(
                &INFO,
                site,
                format!("the unique {what} on {name} fails if two rows are alike"),
            );
        }
    }
}
