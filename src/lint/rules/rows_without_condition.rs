//! `rows-without-condition`: UPDATE or DELETE without a condition

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains, name_behind};

/// The rule.
pub struct RowsWithoutCondition;

static INFO: Info = Info {
    name: "rows-without-condition",
    family: Family::Destructive,
    severity: Severity::Warning,
    opt_in: false,
    summary: "UPDATE or DELETE without a condition",
    why: "every row is changed in one statement: locks are held until the end of the transaction, and there is no way back",
    instead: "say which rows, and change large tables in batches outside of the transaction",
    dialect: "postgresql",
    bad: "UPDATE users SET age = 0",
    good: "UPDATE users SET age = 0 WHERE age IS NULL",
    others: &[],
    peers: &[
        "pgfence bulk UPDATE without WHERE",
        "bytebase WHERE_REQUIRE_UPDATE_DELETE",
    ],
};

impl Rule for RowsWithoutCondition {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql() else { return };
        let mut shapes = ["UPDATE", "DELETE FROM"].into_iter();
        let Some(shape) = shapes.find(|shape| begins(&sql.words, shape)) else {
            return;
        };
        let new = name_behind(&sql.words, shape).is_some_and(|name| site.seen.is_new_name(name));
        if !new && !contains(&sql.words, "WHERE") {
            found.add(
                &INFO,
                site,
                "the statement has no condition: every row is changed",
            );
        }
    }
}
