//! `truncate-cascade`: a table is emptied together with all that refer to it

use crate::diagnostic::Severity;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains};

/// The rule.
pub struct TruncateCascade;

static INFO: Info = Info {
    name: "truncate-cascade",
    family: Family::Destructive,
    severity: Severity::Error,
    opt_in: false,
    summary: "a table is emptied together with all that refer to it",
    why: "which tables lose their rows is not written in the revision: every foreign key that leads to the table takes another one along",
    instead: "name each table, without CASCADE",
    dialect: "postgresql",
    bad: "TRUNCATE orders CASCADE",
    good: "TRUNCATE orders",
    others: &[Example {
        dialect: "oracle",
        bad: "TRUNCATE TABLE orders CASCADE",
        good: "TRUNCATE TABLE orders",
    }],
    peers: &["squawk ban-truncate-cascade"],
};

impl Rule for TruncateCascade {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql().filter(|sql| begins(&sql.words, "TRUNCATE")) else {
            return;
        };
        if contains(&sql.words, "CASCADE") {
            found.add(
                &INFO,
                site,
                "the table and all that refer to it are emptied",
            );
        }
    }
}
