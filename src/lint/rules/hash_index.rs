//! `hash-index`: a hash index, which this version does not write to its log

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{contains, words};

/// The rule.
pub struct HashIndex;

static INFO: Info = Info {
    name: "hash-index",
    family: Family::DataDependent,
    severity: Severity::Error,
    opt_in: false,
    summary: "a hash index, which this version does not write to its log",
    why: "after a crash the index is wrong, and replicas never have it",
    instead: "use a B-tree, or PostgreSQL 10 and newer",
    dialect: "postgresql:9",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY); CREATE INDEX ix ON fresh USING hash (id)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY); CREATE INDEX ix ON fresh (id)",
    others: &[],
    peers: &["online_migrations hash indexes"],
};

impl Rule for HashIndex {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let hash = |text: &String| {
            let words = words(text);
            contains(&words, "INDEX") && contains(&words, "USING HASH")
        };
        if site.is_before(site.table.advice.hash_indexes_unsafe_before)
            && site.change.statements.iter().any(hash)
        {
            found.add(
                &INFO,
                site,
                "hash indexes are not written to the log before version 10",
            );
        }
    }
}
