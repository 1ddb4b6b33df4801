//! `prefer-text`: a column of VARCHAR with a length

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct PreferText;

static INFO: Info = Info {
    name: "prefer-text",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a column of VARCHAR with a length",
    why: "a smaller length later writes or reads the whole table",
    instead: "use TEXT, with a CHECK on the length where it matters",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, code VARCHAR(8))",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, code TEXT)",
    others: &[],
    peers: &["squawk prefer-text-field"],
};

impl Rule for PreferText {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        found.discouraged_types(&INFO, site);
    }
}
