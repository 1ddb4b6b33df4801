//! `blocking-reindex`: an index is built anew while writers wait

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};

/// The rule.
pub struct BlockingReindex;

static INFO: Info = Info {
    name: "blocking-reindex",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "an index is built anew while writers wait",
    why: "building takes as long as the table is large",
    instead: "REINDEX … CONCURRENTLY (PostgreSQL), REBUILD WITH (ONLINE = ON) (SQL Server), REBUILD ONLINE (Oracle)",
    dialect: "postgresql",
    bad: "REINDEX TABLE orders",
    good: "-- migrate:up transaction:false\nREINDEX TABLE CONCURRENTLY orders",
    others: &[
        Example {
            dialect: "mssql",
            bad: "ALTER INDEX ix_name ON users REBUILD",
            good: "ALTER INDEX ix_name ON users REBUILD WITH (ONLINE = ON)",
        },
        Example {
            dialect: "oracle",
            bad: "ALTER INDEX ix_name REBUILD",
            good: "ALTER INDEX ix_name REBUILD ONLINE",
        },
    ],
    peers: &["squawk require-concurrent-reindex"],
};

impl Rule for BlockingReindex {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site.locks.iter().find(|used| used.form == Form::Reindex);
        if let Some(used) = used.filter(|used| used.row.blocks >= Blocks::Writes)
            && site.served
        {
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {} while the index is built anew",
                    used.row.lock, used.table
                ),
            );
        }
    }
}
