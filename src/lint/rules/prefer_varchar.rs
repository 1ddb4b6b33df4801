//! `prefer-varchar`: a column of CHAR, which is filled up with blanks

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct PreferVarchar;

static INFO: Info = Info {
    name: "prefer-varchar",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "a column of CHAR, which is filled up with blanks",
    why: "values get blanks at the end that comparisons treat in their own way, and it saves nothing",
    instead: "use VARCHAR or TEXT",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, code CHAR(8))",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, code VARCHAR(8))",
    others: &[],
    peers: &["squawk ban-char-field"],
};

impl Rule for PreferVarchar {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        found.discouraged_types(&INFO, site);
    }
}
