//! `concurrently-in-transaction`: CONCURRENTLY inside a transaction

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{contains, words};

/// The rule.
pub struct ConcurrentlyInTransaction;

static INFO: Info = Info {
    name: "concurrently-in-transaction",
    family: Family::Transaction,
    severity: Severity::Error,
    opt_in: false,
    summary: "CONCURRENTLY inside a transaction",
    why: "the server refuses it",
    instead: "put it into `with op.get_context().autocommit_block():`, or write `transaction:false` in a SQL revision",
    dialect: "postgresql",
    bad: "CREATE INDEX CONCURRENTLY ix ON users (email)",
    good: "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY ix ON users (email)",
    others: &[],
    peers: &[
        "squawk ban-concurrent-index-creation-in-transaction",
        "atlas PG103",
    ],
};

impl Rule for ConcurrentlyInTransaction {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let concurrently = site
            .change
            .statements
            .iter()
            .any(|text| contains(&words(text), "CONCURRENTLY"));
        if concurrently && !site.change.autocommit && site.release.transactional {
            found.add(
                &INFO,
                site,
                "CONCURRENTLY cannot run inside the transaction",
            );
        }
    }
}
