//! `wide-index`: an index on more than three columns that is not unique

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct WideIndex;

static INFO: Info = Info {
    name: "wide-index",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "an index on more than three columns that is not unique",
    why: "the columns behind the third rarely make it faster, and each write has to keep them",
    instead: "keep the columns that choose most rows",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (a BIGINT PRIMARY KEY, b INTEGER, c INTEGER, d INTEGER); CREATE INDEX ix ON fresh (a, b, c, d)",
    good: "CREATE TABLE fresh (a BIGINT PRIMARY KEY, b INTEGER, c INTEGER, d INTEGER); CREATE INDEX ix ON fresh (a, b, c)",
    others: &[],
    peers: &["strong_migrations non-unique index > 3 columns"],
};

impl Rule for WideIndex {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(Operation::CreateIndex { table, index, .. }) = site.operation()
            && !index.unique
            && index.elements.len() > 3
        {
            found.add(
                &INFO,
                site,
                format!(
                    "an index of {} columns on {}",
                    index.elements.len(),
                    site.table_name(table)
                ),
            );
        }
    }
}
