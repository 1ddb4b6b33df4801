//! `key-over-nullable`: a primary key is made over columns that may hold NULL

use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct KeyOverNullable;

static INFO: Info = Info {
    name: "key-over-nullable",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a primary key is made over columns that may hold NULL",
    why: "the columns become NOT NULL: the statement reads all rows under its lock, and fails if one has NULL",
    instead: "fill the columns and make them NOT NULL first",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD PRIMARY KEY (age)",
    good: "ALTER TABLE users ADD COLUMN k BIGINT; ALTER TABLE users ADD CONSTRAINT u UNIQUE (k)",
    others: &[],
    peers: &["atlas PG304", "eugene W14"],
};

impl Rule for KeyOverNullable {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::AddConstraint { table, constraint }) = site.operation() else {
            return;
        };
        let (ConstraintKind::PrimaryKey { columns }, Some(before)) =
            (&constraint.kind, site.effect.before.as_deref())
        else {
            return;
        };
        let loose = columns.iter().find(|name| {
            crate::lint::form::column_of(before, &name.name)
                .is_some_and(crate::lint::form::is_nullable)
        });
        if let Some(name) = loose.filter(|name| !site.seen.is_new_column(table, &name.name)) {
            found.add(
                &INFO,
                site,
                format!(
                    "column {} of {} may hold NULL, which a primary key does not take",
                    site.quote(name),
                    site.table_name(table)
                ),
            );
        }
    }
}
