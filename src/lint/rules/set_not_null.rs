//! `set-not-null`: a column is made NOT NULL

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct SetNotNull;

static INFO: Info = Info {
    name: "set-not-null",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a column is made NOT NULL",
    why: "the statement fails if a row has NULL, and reads the whole table under its lock",
    instead: "fill the column first; on PostgreSQL add a CHECK (… IS NOT NULL) NOT VALID, validate it, then set NOT NULL",
    dialect: "postgresql",
    bad: "ALTER TABLE users ALTER COLUMN age SET NOT NULL",
    good: "UPDATE users SET age = 0 WHERE age IS NULL; ALTER TABLE users ALTER COLUMN age SET NOT NULL",
    others: &[],
    peers: &[
        "squawk adding-not-nullable-field",
        "strong_migrations SET NOT NULL",
        "atlas MF104",
        "atlas PG303",
        "atlas LT101",
    ],
};

impl Rule for SetNotNull {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::AlterColumn(alter)) = site.operation() else {
            return;
        };
        let form = site.locks.iter().find(|used| used.form == Form::SetNotNull);
        if form.is_none() || site.seen.is_new_column(&alter.table, &alter.column.name) {
            return;
        }
        let name = site.quote(&alter.column);
        let table = site.table_name(&alter.table);
        if site.seen.is_filled(&alter.table, &alter.column.name) {
            return;
        }
        found.add(
            &INFO,
            site,
            format!("column {name} of {table} becomes NOT NULL, which fails if a row has none"),
        );
    }
}
