//! `overbroad-grant`: rights are given to everybody, or all rights at once

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains};

/// The rule.
pub struct OverbroadGrant;

static INFO: Info = Info {
    name: "overbroad-grant",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "rights are given to everybody, or all rights at once",
    why: "whoever reaches the database has them",
    instead: "name the rights and the role",
    dialect: "postgresql",
    bad: "GRANT ALL ON users TO PUBLIC",
    good: "GRANT SELECT ON users TO reader",
    others: &[],
    peers: &["safe-migrate overbroad-grant"],
};

impl Rule for OverbroadGrant {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(sql) = site.sql().filter(|sql| begins(&sql.words, "GRANT"))
            && (contains(&sql.words, "GRANT ALL") || contains(&sql.words, "TO PUBLIC"))
        {
            found.add(
                &INFO,
                site,
                "more rights than a role needs, or for more than one",
            );
        }
    }
}
