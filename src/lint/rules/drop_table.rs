//! `drop-table`: a table is dropped with its rows

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct DropTable;

static INFO: Info = Info {
    name: "drop-table",
    family: Family::Destructive,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a table is dropped with its rows",
    why: "the rows are gone, and a way back brings back the structure only",
    instead: "deploy the code that no longer uses it first, keep a copy (rename it), and drop it in a later release",
    dialect: "postgresql",
    bad: "DROP TABLE orders",
    good: "ALTER TABLE orders RENAME TO orders_old",
    others: &[],
    peers: &[
        "strong_migrations create_table force",
        "squawk ban-drop-table",
        "atlas DS102",
        "bytebase SCHEMA_BACKWARD_COMPATIBILITY",
    ],
};

impl Rule for DropTable {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(Operation::DropTable { table, .. }) = site.operation()
            && !site.is_new(table)
        {
            found.add(
                &INFO,
                site,
                format!("table {} is dropped with its rows", site.table_name(table)),
            );
        }
    }
}
