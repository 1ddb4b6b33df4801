//! `prefer-timestamptz`: a column of TIMESTAMP without a time zone

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct PreferTimestamptz;

static INFO: Info = Info {
    name: "prefer-timestamptz",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a column of TIMESTAMP without a time zone",
    why: "which moment is meant depends on who wrote the row",
    instead: "use TIMESTAMP WITH TIME ZONE",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, at TIMESTAMP)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, at TIMESTAMP WITH TIME ZONE)",
    others: &[],
    peers: &["squawk prefer-timestamptz"],
};

impl Rule for PreferTimestamptz {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        found.discouraged_types(&INFO, site);
    }
}
