//! `drop-column`: a column is dropped with its values

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct DropColumn;

static INFO: Info = Info {
    name: "drop-column",
    family: Family::Destructive,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a column is dropped with its values",
    why: "the values are gone, and code that still names the column fails",
    instead: "deploy the code that no longer uses it first, and drop it in a later release",
    dialect: "postgresql",
    bad: "ALTER TABLE users DROP COLUMN age",
    good: "ALTER TABLE users ALTER COLUMN age DROP NOT NULL",
    others: &[],
    peers: &[
        "squawk ban-drop-column",
        "strong_migrations removing a column",
        "atlas DS103",
    ],
};

impl Rule for DropColumn {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(Operation::DropColumn { table, column, .. }) = site.operation()
            && !site.seen.is_new_column(table, &column.name)
        {
            let name = site.quote(column);
            found.add(
                &INFO,
                site,
                format!(
                    "column {name} of {} is dropped with its values",
                    site.table_name(table)
                ),
            );
        }
    }
}
