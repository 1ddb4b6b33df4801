//! `backfill-under-lock`: rows are changed while the transaction holds a lock that stops readers

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, name_behind};

/// The rule.
pub struct BackfillHeld;

static INFO: Info = Info {
    name: "backfill-under-lock",
    family: Family::Transaction,
    severity: Severity::Warning,
    opt_in: false,
    summary: "rows are changed while the transaction holds a lock that stops readers",
    why: "the lock of the statement before is held until the transaction ends, so that readers wait for the whole change of rows",
    instead: "change the rows in a revision of their own, in batches",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER; UPDATE orders SET total = 0 WHERE total IS NULL",
    good: "UPDATE users SET age = 0 WHERE age IS NULL",
    others: &[],
    peers: &[
        "strong_migrations backfilling in the DDL transaction",
        "eugene E10",
    ],
};

impl Rule for BackfillHeld {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site
            .sql()
            .filter(|_| site.served && site.release.transactional && !site.change.autocommit)
        else {
            return;
        };
        let Some(shape) = ["UPDATE", "DELETE FROM"]
            .into_iter()
            .find(|shape| begins(&sql.words, shape))
        else {
            return;
        };
        let new = name_behind(&sql.words, shape).is_some_and(|name| site.seen.is_new_name(name));
        if let Some(held) = site.seen.first_held().filter(|_| !new) {
            found.add(
                &INFO,
                site,
                format!("the transaction holds {held} against its readers meanwhile"),
            );
        }
    }
}
