//! `statement-timeout`: a statement that stops others may run without a limit

use crate::diagnostic::Severity;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct StatementTimeout;

static INFO: Info = Info {
    name: "statement-timeout",
    family: Family::Lock,
    severity: Severity::Note,
    opt_in: true,
    summary: "a statement that stops others may run without a limit",
    why: "nobody ends it when it takes longer than expected",
    instead: "set a limit (`statement_timeout`, `max_statement_time`), or use `--statement-timeout`",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER",
    good: "SET statement_timeout = '5s'; ALTER TABLE users ADD COLUMN x INTEGER",
    others: &[],
    peers: &[
        "squawk require-statement-timeout",
        "pgfence missing statement_timeout",
    ],
};

impl Rule for StatementTimeout {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.row.blocks >= Blocks::Writes);
        let counts = !matches!(site.operation(), Some(Operation::CreateTable { .. }))
            && site.existing_or_unknown();
        if let Some(used) = used
            && counts
            && site.served
            && !site.seen.has_timeout("statement")
        {
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {} may be held without a limit",
                    used.row.lock, used.table
                ),
            );
        }
    }
}
