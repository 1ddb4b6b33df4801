//! `several-heads`: two revisions follow the same one, and nothing brings them together

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, StepSite};

/// The rule.
pub struct SeveralHeads;

static INFO: Info = Info {
    name: "several-heads",
    family: Family::Hygiene,
    severity: Severity::Warning,
    opt_in: false,
    summary: "two revisions follow the same one, and nothing brings them together",
    why: "`upgrade head` is refused, and which of the two runs first differs between databases",
    instead: "merge them: `gensql merge heads`",
    dialect: "postgresql",
    bad: "-- second: before",
    good: "-- migrate:up\nSELECT 1",
    others: &[],
    peers: &[],
};

impl Rule for SeveralHeads {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        let heads = &site.release.heads;
        let mut others = heads.iter().filter(|head| **head != site.step.revision);
        if let Some(other) = others.next()
            && heads.contains(&site.step.revision)
        {
            found.add_step(
                &INFO,
                site,
                format!("{} and {other} are both heads", site.step.revision),
            );
        }
    }
}
