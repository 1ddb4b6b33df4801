//! `add-unique`: a unique index or constraint is added to a table that may hold rows

use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
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
    good: "CREATE INDEX ix ON users (email)",
    others: &[],
    peers: &["atlas MF101", "atlas MF102", "bytebase add unique key"],
};

impl Rule for AddUnique {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let (table, what) = match site.operation() {
            Some(Operation::CreateIndex { table, index, .. }) if index.unique => (table, "index"),
            Some(Operation::AddConstraint { table, constraint })
                if matches!(constraint.kind, ConstraintKind::Unique { .. }) =>
            {
                (table, "constraint")
            }
            _ => return,
        };
        if !site.is_new(table) {
            let name = site.table_name(table);
            found.add(
                &INFO,
                site,
                format!("the unique {what} on {name} fails if two rows are alike"),
            );
        }
    }
}
