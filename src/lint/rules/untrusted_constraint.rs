//! `untrusted-constraint`: a constraint is added without looking at the rows, and nothing validates it

use crate::diagnostic::Severity;
use crate::lint::rule::{Example, Family, Found, Info, Rule, StepSite};
use crate::lint::words::{contains, words};

/// The rule.
pub struct Untrusted;

static INFO: Info = Info {
    name: "untrusted-constraint",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a constraint is added without looking at the rows, and nothing validates it",
    why: "SQL Server and Oracle do not trust such a constraint: queries cannot use it, and wrong rows stay",
    instead: "validate it later in the release: WITH CHECK CHECK CONSTRAINT (SQL Server), ENABLE VALIDATE (Oracle)",
    dialect: "mssql",
    bad: "ALTER TABLE orders WITH NOCHECK ADD CONSTRAINT c CHECK (total > 0)",
    good: "ALTER TABLE orders WITH NOCHECK ADD CONSTRAINT c CHECK (total > 0); ALTER TABLE orders WITH CHECK CHECK CONSTRAINT c",
    others: &[Example {
        dialect: "oracle",
        bad: "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) ENABLE NOVALIDATE",
        good: "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) ENABLE NOVALIDATE; ALTER TABLE orders MODIFY CONSTRAINT c VALIDATE",
    }],
    peers: &[],
};

impl Rule for Untrusted {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        let advice = &site.table.advice;
        if advice.untrusted.is_empty() {
            return;
        }
        let mut open: Vec<(Option<String>, &crate::source::Location)> = Vec::new();
        let mut unplaced = false;
        for change in &site.step.changes {
            for text in &change.statements {
                let words = words(text);
                let name = crate::lint::words::name_behind(&words, "CONSTRAINT").map(str::to_owned);
                if advice.validated.iter().any(|shape| contains(&words, shape)) {
                    open.retain(|(known, _)| *known != name);
                    unplaced = false;
                } else if advice.untrusted.iter().any(|shape| contains(&words, shape)) {
                    match &change.located.location {
                        Some(location) => open.push((name, location)),
                        None => unplaced = true,
                    }
                }
            }
        }
        for (name, location) in open {
            let name = name.unwrap_or_default().to_lowercase();
            found.add_at(
                &INFO,
                site,
                location,
                format!("constraint {name} is not trusted: nothing in the revision validates it"),
            );
        }
        if unplaced {
            found.add_step(
                &INFO,
                site,
                "a constraint is not trusted: nothing in the revision validates it",
            );
        }
    }
}
