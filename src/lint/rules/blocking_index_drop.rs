//! `blocking-index-drop`: an index is dropped under a lock that stops readers

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Fix, Found, Info, Rule, Site};

/// The rule.
pub struct BlockingIndexDrop;

static INFO: Info = Info {
    name: "blocking-index-drop",
    family: Family::Lock,
    severity: Severity::Note,
    opt_in: false,
    summary: "an index is dropped under a lock that stops readers",
    why: "it waits for all transactions on the table, and everybody waits for it",
    instead: "DROP INDEX CONCURRENTLY outside of the transaction, or set a lock timeout",
    dialect: "postgresql",
    bad: "DROP INDEX ix_name",
    good: "-- migrate:up transaction:false\nDROP INDEX CONCURRENTLY ix_name",
    others: &[],
    peers: &[
        "squawk require-concurrent-index-deletion",
        "atlas PG102",
        "online_migrations removing index non-concurrently",
    ],
};

static FIX: Fix = Fix {
    does: "drops it CONCURRENTLY, outside of the transaction",
    directive: "drop_index",
    keyword: "postgresql_concurrently=True",
    begins: &["DROP", "INDEX"],
    word: "CONCURRENTLY",
};

impl Rule for BlockingIndexDrop {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn fix(&self) -> Option<&'static Fix> {
        Some(&FIX)
    }

    fn can_fix(&self, site: &Site<'_>) -> bool {
        site.dialect.facts().online.concurrently
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site.locks.iter().find(|used| used.form == Form::DropIndex);
        if let Some(used) = used.filter(|used| used.row.blocks == Blocks::Reads)
            && !site.seen.has_timeout("lock")
            && site.served
        {
            found.add(
                &INFO,
                site,
                format!("{} while the index is dropped", used.row.lock),
            );
        }
    }
}
