//! `edited-released-revision`: the file of a released revision was edited

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, StepSite};

/// The rule.
pub struct EditedReleased;

static INFO: Info = Info {
    name: "edited-released-revision",
    family: Family::Hygiene,
    severity: Severity::Error,
    opt_in: false,
    summary: "the file of a revision that is in gensql.lock was edited since",
    why: "databases that have the revision do not get the change",
    instead: "undo the edit and write a new revision; `gensql lock --check` shows whether the script has changed, `gensql lock --update` accepts it",
    dialect: "postgresql",
    bad: "-- locked as: ALTER TABLE users ADD COLUMN x INTEGER\nALTER TABLE users ADD COLUMN x TEXT",
    good: "-- locked as: ALTER TABLE users ADD COLUMN x INTEGER\nALTER TABLE users ADD COLUMN x INTEGER",
    others: &[],
    peers: &["atlas.sum"],
};

impl Rule for EditedReleased {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        if site.step.edited {
            found.add_step(
                &INFO,
                site,
                "the revision was released, and its file was edited since",
            );
        }
    }
}
