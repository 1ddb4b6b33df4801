//! `held-locks`: several tables in use are locked against readers in one transaction

use crate::diagnostic::Severity;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct HeldLocks;

static INFO: Info = Info {
    name: "held-locks",
    family: Family::Transaction,
    severity: Severity::Note,
    opt_in: false,
    summary: "several tables in use are locked against readers in one transaction",
    why: "each lock is held until the end: the last statement makes everybody wait for the first table, and deadlocks with running code are likely",
    instead: "one table a revision, with `transaction_per_migration`",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER; ALTER TABLE orders ADD COLUMN y INTEGER",
    good: "ALTER TABLE users ADD COLUMN x INTEGER; ALTER TABLE users ADD COLUMN y INTEGER",
    others: &[],
    peers: &["pgfence compounded ACCESS EXCLUSIVE", "eugene E4"],
};

impl Rule for HeldLocks {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(used) = site
            .locks
            .iter()
            .find(|used| used.row.blocks == Blocks::Reads)
        else {
            return;
        };
        let new = site
            .effect
            .table
            .as_ref()
            .is_some_and(|table| site.is_new(table));
        if new || site.change.autocommit || !site.release.transactional || !site.served {
            return;
        }
        let others = site.seen.others_held(&used.table);
        if others == 1 {
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {}, while another table is locked in the same transaction",
                    used.row.lock, used.table
                ),
            );
        }
    }
}
