//! `unread-statement`: a statement that no rule can judge

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::begins;

/// The rule.
pub struct UnreadStatement;

static INFO: Info = Info {
    name: "unread-statement",
    family: Family::Hygiene,
    severity: Severity::Note,
    opt_in: true,
    summary: "a statement that no rule can judge",
    why: "what it locks and destroys has to be read by a person",
    instead: "say it with an operation or with portable DDL",
    dialect: "postgresql",
    bad: "DO $$ BEGIN PERFORM 1; END $$",
    good: "UPDATE users SET age = 0 WHERE age IS NULL",
    others: &[],
    peers: &[
        "strong_migrations executing SQL",
        "safe-migrate opaque-dynamic-sql",
    ],
};

impl Rule for UnreadStatement {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql().filter(|_| site.locks.is_empty()) else {
            return;
        };
        let harmless = [
            "SELECT",
            "SET",
            "COMMENT",
            "GRANT",
            "REVOKE",
            "ANALYZE",
            "INSERT",
            "PRAGMA",
            "VACUUM",
            "CREATE VIEW",
            "CREATE OR REPLACE VIEW",
            "CREATE EXTENSION",
            "CREATE SEQUENCE",
            "CREATE TYPE",
        ];
        if !harmless.iter().any(|shape| begins(&sql.words, shape)) {
            found.add(&INFO, site, "no rule can say what this statement locks");
        }
    }
}
