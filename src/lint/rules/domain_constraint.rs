//! `domain-constraint`: a domain has a constraint

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains, words};

/// The rule.
pub struct DomainConstraint;

static INFO: Info = Info {
    name: "domain-constraint",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a domain has a constraint",
    why: "every change of it reads all tables that use the domain under a lock, and there is no way to do that in steps",
    instead: "put the check on the table",
    dialect: "postgresql",
    bad: "CREATE DOMAIN money_amount AS NUMERIC CHECK (VALUE >= 0)",
    good: "CREATE DOMAIN money_amount AS NUMERIC",
    others: &[],
    peers: &[
        "squawk ban-create-domain-with-constraint",
        "squawk ban-alter-domain-with-add-constraint",
    ],
};

impl Rule for DomainConstraint {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        for text in &site.change.statements {
            let words = words(text);
            let made = begins(&words, "CREATE DOMAIN")
                && (contains(&words, "CHECK") || contains(&words, "NOT NULL"));
            let changed = begins(&words, "ALTER DOMAIN")
                && contains(&words, "ADD")
                && (contains(&words, "CHECK") || contains(&words, "CONSTRAINT"))
                && !contains(&words, "NOT VALID");
            if made || changed {
                found.add(
                    &INFO,
                    site,
                    "the constraint of a domain holds for every table that uses it",
                );
                return;
            }
        }
    }
}
