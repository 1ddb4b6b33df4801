//! `edition-dependent`: a statement that only some editions of the server take

use crate::diagnostic::Severity;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::lint::words::{contains, words};

/// The rule.
pub struct EditionDependent;

static INFO: Info = Info {
    name: "edition-dependent",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a statement that only some editions of the server take",
    why: "on the others it fails in the middle of the release",
    instead: "make sure of the edition, or leave the option out",
    dialect: "mssql",
    bad: "CREATE INDEX ix ON users (email) WITH (ONLINE = ON)",
    good: "CREATE INDEX ix ON users (email)",
    others: &[Example {
        dialect: "oracle",
        bad: "CREATE INDEX ix ON users (age) ONLINE",
        good: "CREATE INDEX ix ON users (age)",
    }],
    peers: &[],
};

impl Rule for EditionDependent {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        for text in &site.change.statements {
            let words = words(text);
            if let Some((shape, edition)) = site
                .table
                .advice
                .editions
                .iter()
                .find(|(shape, _)| contains(&words, shape))
            {
                found.add(&INFO, site, format!("{shape} needs {edition}"));
                return;
            }
        }
    }
}
