//! `truncate`: all rows of a table are removed

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains};

/// The rule.
pub struct Truncate;

static INFO: Info = Info {
    name: "truncate",
    family: Family::Destructive,
    severity: Severity::Warning,
    opt_in: false,
    summary: "all rows of a table are removed",
    why: "the rows are gone",
    instead: "name each table, without CASCADE, or delete in batches",
    dialect: "postgresql",
    bad: "TRUNCATE orders",
    good: "DELETE FROM orders WHERE created_at < '2020-01-01'",
    others: &[],
    peers: &["bytebase STATEMENT_DISALLOW_TRUNCATE"],
};

impl Rule for Truncate {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql().filter(|sql| begins(&sql.words, "TRUNCATE")) else {
            return;
        };
        if !contains(&sql.words, "CASCADE") {
            found.add(&INFO, site, "the table is emptied");
        }
    }
}
