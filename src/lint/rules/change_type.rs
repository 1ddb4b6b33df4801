//! `change-type`: a column's type changes so that rows are written anew

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Work;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct ChangeType;

static INFO: Info = Info {
    name: "change-type",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a column's type changes so that rows are written anew",
    why: "the table cannot be used while its rows are converted, values may not fit, and running code may not understand them",
    instead: "add a column of the new type, fill it in batches, and change over in later releases",
    dialect: "postgresql",
    bad: "ALTER TABLE orders ALTER COLUMN id TYPE BIGINT",
    good: "ALTER TABLE users ALTER COLUMN name TYPE TEXT",
    others: &[],
    peers: &[
        "atlas MY110",
        "atlas MY111",
        "atlas MY112",
        "atlas MY113",
        "atlas MY120",
        "atlas MY121",
        "atlas MY122",
        "atlas MY123",
        "squawk changing-column-type",
        "strong_migrations changing column type",
        "atlas PG301",
        "eugene E5",
    ],
};

impl Rule for ChangeType {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site.locks.iter().find(|used| used.form == Form::ChangeType);
        let Some(used) = used.filter(|used| used.row.work == Work::Rewrite) else {
            return;
        };
        let Some(Operation::AlterColumn(alter)) = site.operation() else {
            if !site.seen.is_new_name(&used.table.to_uppercase()) {
                let message = format!(
                    "a column of {} gets another type: all rows are written anew ({})",
                    used.table, used.row.lock
                );
                found.add(&INFO, site, message);
            }
            return;
        };
        if site.seen.is_new_column(&alter.table, &alter.column.name) {
            return;
        }
        let name = site.quote(&alter.column);
        let table = site.table_name(&alter.table);
        found.add(
            &INFO,
            site,
            format!(
                "column {name} of {table} gets another type: all rows are written anew ({})",
                used.row.lock
            ),
        );
    }
}
