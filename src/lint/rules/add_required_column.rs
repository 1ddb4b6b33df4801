//! `add-required-column`: a column is added that is NOT NULL and has no default

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct AddRequiredColumn;

static INFO: Info = Info {
    name: "add-required-column",
    family: Family::DataDependent,
    severity: Severity::Error,
    opt_in: false,
    summary: "a column is added that is NOT NULL and has no default",
    why: "the statement fails on a table with rows (MySQL fills in an implicit zero instead), and code that does not know the column can no longer insert",
    instead: "add it nullable or with a default, fill it, and make it NOT NULL in a later release",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN city TEXT NOT NULL",
    good: "ALTER TABLE users ADD COLUMN city TEXT DEFAULT '' NOT NULL",
    others: &[],
    peers: &["squawk adding-required-field", "atlas MF103", "atlas MY101"],
};

impl Rule for AddRequiredColumn {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let required = site
            .locks
            .iter()
            .any(|used| used.form == Form::AddColumnRequired);
        if let Some(Operation::AddColumn { table, column, .. }) = site.operation()
            && required
            && !site.is_new(table)
        {
            let name = site.quote(&column.name);
            let message = format!(
                "column {name} of {} is NOT NULL without a default",
                site.table_name(table)
            );
            found.add(&INFO, site, message);
        }
    }
}
