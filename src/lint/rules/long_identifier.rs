//! `long-revision-id`: a revision's identifier is longer than 32 characters

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, StepSite};

/// The rule.
pub struct LongIdentifier;

static INFO: Info = Info {
    name: "long-revision-id",
    family: Family::Hygiene,
    severity: Severity::Error,
    opt_in: false,
    summary: "a revision's identifier is longer than 32 characters",
    why: "the version table's column holds 32 characters: the script fails, or the identifier is cut off",
    instead: "choose a shorter identifier",
    dialect: "postgresql",
    bad: "-- revision: 2024_01_15_add_the_new_orders_table_with_indexes",
    good: "-- revision: 2024_01_15_orders",
    others: &[],
    peers: &["safe-migrate chain-conflict"],
};

impl Rule for LongIdentifier {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        let length = site.step.revision.chars().count();
        if length > 32 {
            found.add_step(
                &INFO,
                site,
                format!("the identifier has {length} characters, the version table holds 32"),
            );
        }
    }
}
