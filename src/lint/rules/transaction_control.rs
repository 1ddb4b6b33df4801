//! `transaction-control`: a revision begins or ends a transaction itself

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct TransactionControl;

static INFO: Info = Info {
    name: "transaction-control",
    family: Family::Transaction,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a revision begins or ends a transaction itself",
    why: "the script's own transaction ends there: what follows is no longer undone by a failure",
    instead: "leave transactions to the script; use `autocommit_block()` or `transaction:false`",
    dialect: "postgresql",
    bad: "COMMIT",
    good: "-- migrate:up transaction:false\nVACUUM orders",
    others: &[],
    peers: &[
        "squawk transaction-nesting",
        "squawk ban-uncommitted-transaction",
        "bytebase STATEMENT_DISALLOW_COMMIT",
    ],
};

impl Rule for TransactionControl {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let shapes = [
            "BEGIN",
            "BEGIN TRANSACTION",
            "START TRANSACTION",
            "COMMIT",
            "ROLLBACK",
        ];
        let Some(sql) = site.sql() else { return };
        let whole = sql
            .words
            .iter()
            .filter(|word| *word != ";")
            .map(String::as_str)
            .collect::<Vec<_>>()
            .join(" ");
        if shapes.contains(&&*whole) && site.release.transactional {
            found.add(
                &INFO,
                site,
                format!("`{whole}` inside the transaction of the script"),
            );
        }
    }
}
