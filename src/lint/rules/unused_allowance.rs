//! `unused-allowance`: a finding is acknowledged that is not there, or without a reason

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Info, Rule};

/// The rule.
pub struct UnusedAllowance;

static INFO: Info = Info {
    name: "unused-allowance",
    family: Family::Hygiene,
    severity: Severity::Note,
    opt_in: false,
    summary: "a finding is acknowledged that is not there, or without a reason",
    why: "the comment hides a finding that comes later, or hides nothing at all",
    instead: "remove it, or write a reason behind the rule",
    dialect: "postgresql",
    bad: "-- gensql:allow drop-table we know\nALTER TABLE users ADD COLUMN x INTEGER",
    good: "ALTER TABLE users ADD COLUMN x INTEGER",
    others: &[],
    peers: &["squawk unused-ignore"],
};

impl Rule for UnusedAllowance {
    fn info(&self) -> &'static Info {
        &INFO
    }
}

/// What is said of the rule.
pub(in crate::lint) static OF_ALLOWANCES: &Info = &INFO;
