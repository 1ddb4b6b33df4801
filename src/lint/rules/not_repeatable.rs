//! `not-repeatable`: a statement outside of a transaction cannot be run again after a failure

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains, words};

/// The rule.
pub struct NotRepeatable;

static INFO: Info = Info {
    name: "not-repeatable",
    family: Family::Transaction,
    severity: Severity::Note,
    opt_in: true,
    summary: "a statement outside of a transaction cannot be run again after a failure",
    why: "what came before it stays, so that the second attempt fails at the first statement; an index that failed to build stays invalid",
    instead: "write IF [NOT] EXISTS, and drop an invalid index first",
    dialect: "postgresql",
    bad: "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY ix ON users (email)",
    good: "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY IF NOT EXISTS ix ON users (email)",
    others: &[],
    peers: &["squawk prefer-robust-stmts"],
};

impl Rule for NotRepeatable {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let undone = site.release.transactional && !site.change.autocommit;
        let guarded = |text: &String| {
            let words = words(text);
            let makes = [
                "CREATE TABLE",
                "CREATE INDEX",
                "CREATE UNIQUE INDEX",
                "DROP TABLE",
                "DROP INDEX",
                "ALTER TABLE",
                "ALTER TYPE",
                "CREATE TYPE",
            ];
            !makes.iter().any(|shape| begins(&words, shape))
                || contains(&words, "IF NOT EXISTS")
                || contains(&words, "IF EXISTS")
        };
        if !undone && site.change.statements.iter().any(|text| !guarded(text)) {
            found.add(&INFO, site, "the statement fails if it has run before");
        }
    }
}
