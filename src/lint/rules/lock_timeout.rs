//! `lock-timeout`: a lock that stops others is waited for without a limit

use crate::diagnostic::Severity;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct LockTimeout;

static INFO: Info = Info {
    name: "lock-timeout",
    family: Family::Lock,
    severity: Severity::Note,
    opt_in: true,
    summary: "a lock that stops others is waited for without a limit",
    why: "the statement queues behind the longest transaction, and everybody queues behind the statement",
    instead: "set a limit (`lock_timeout`, `lock_wait_timeout`, `DDL_LOCK_TIMEOUT`) and try again, or use `--lock-timeout`",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER",
    good: "SET lock_timeout = '1s'; ALTER TABLE users ADD COLUMN x INTEGER",
    others: &[],
    peers: &[
        "squawk require-lock-timeout",
        "eugene E9",
        "pgfence missing lock_timeout",
    ],
};

impl Rule for LockTimeout {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.row.blocks >= Blocks::Writes);
        let new = site
            .effect
            .table
            .as_ref()
            .is_some_and(|table| site.is_new(table));
        let counts = !matches!(site.operation(), Some(Operation::CreateTable { .. }));
        if let Some(used) = used
            && !new
            && counts
            && !site.seen.has_timeout("lock")
            && site.served
        {
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {} is waited for without a limit",
                    used.row.lock, used.table
                ),
            );
        }
    }
}
