//! `index-gap`: an index is dropped before the one that replaces it is built

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct IndexGap;

static INFO: Info = Info {
    name: "index-gap",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "an index is dropped before the one that replaces it is built",
    why: "between the two, queries that need the index read the whole table",
    instead: "build the new index first, then drop the old one",
    dialect: "postgresql",
    bad: "DROP INDEX ix_name; CREATE INDEX ix_name_2 ON users (name, age)",
    good: "CREATE INDEX ix_name_2 ON users (name, age); DROP INDEX ix_name",
    others: &[],
    peers: &["online_migrations replacing an index"],
};

impl Rule for IndexGap {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::CreateIndex { table, index, .. }) = site.operation() else {
            return;
        };
        let Some(first) = super::super::seen::first_column(index) else {
            return;
        };
        if let Some(old) = site
            .seen
            .dropped_index(table, first)
            .filter(|_| !site.is_new(table))
        {
            found.add(
                &INFO,
                site,
                format!(
                    "{old} on the same column of {} was dropped before",
                    site.table_name(table)
                ),
            );
        }
    }
}
