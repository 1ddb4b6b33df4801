//! `missing-downgrade`: a revision does not say how it is taken back

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, StepSite};

/// The rule.
pub struct MissingDowngrade;

static INFO: Info = Info {
    name: "missing-downgrade",
    family: Family::Hygiene,
    severity: Severity::Note,
    opt_in: true,
    summary: "a revision does not say how it is taken back",
    why: "a failed release cannot be undone step by step",
    instead: "write the downgrade, or derive it with `--derive-downgrade`",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN x INTEGER",
    good: "ALTER TABLE users ADD COLUMN x INTEGER;\n-- migrate:down\nALTER TABLE users DROP COLUMN x",
    others: &[],
    peers: &["safe-migrate irreversible-migration"],
};

impl Rule for MissingDowngrade {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        if !site.step.taken_back && !site.step.changes.is_empty() {
            found.add_step(&INFO, site, "the revision has no downgrade");
        }
    }
}
