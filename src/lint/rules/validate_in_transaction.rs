//! `validate-in-transaction`: a constraint is made NOT VALID and validated in the same transaction

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::name_behind;

/// The rule.
pub struct ValidateInTransaction;

static INFO: Info = Info {
    name: "validate-in-transaction",
    family: Family::Transaction,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a constraint is made NOT VALID and validated in the same transaction",
    why: "the lock of the first statement is held while the second reads the table, as without NOT VALID",
    instead: "validate it in the next revision, with `transaction_per_migration`, or outside of the transaction",
    dialect: "postgresql",
    bad: "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID; ALTER TABLE orders VALIDATE CONSTRAINT c",
    good: "ALTER TABLE orders VALIDATE CONSTRAINT c",
    others: &[],
    peers: &[
        "squawk constraint-missing-not-valid",
        "pgfence NOT VALID+VALIDATE same tx",
    ],
};

impl Rule for ValidateInTransaction {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql() else { return };
        if let Some(name) = name_behind(&sql.words, "VALIDATE CONSTRAINT")
            && !site.change.autocommit
            && site.seen.is_not_valid_here(name)
        {
            found.add(
                &INFO,
                site,
                format!(
                    "constraint {} is validated in the transaction that made it",
                    name.to_lowercase()
                ),
            );
        }
    }
}
