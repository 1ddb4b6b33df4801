//! `duplicate-assignment`: a column is given a value twice in one statement

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct DuplicateAssignment;

static INFO: Info = Info {
    name: "duplicate-assignment",
    family: Family::DataDependent,
    severity: Severity::Error,
    opt_in: false,
    summary: "a column is given a value twice in one statement",
    why: "the database refuses the statement, or takes one of the values",
    instead: "name each column once",
    dialect: "postgresql",
    bad: "UPDATE users SET age = 1, age = 2 WHERE id = 1",
    good: "UPDATE users SET age = 1, name = 'x' WHERE id = 1",
    others: &[],
    peers: &["squawk ban-duplicate-column-assignments"],
};

impl Rule for DuplicateAssignment {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql() else { return };
        let mut names = super::super::seen::assigned(&sql.words);
        names.extend(super::super::seen::inserted(&sql.words));
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows::<2>().find(|[one, other]| one == other) {
            found.add(
                &INFO,
                site,
                format!("{} is given a value twice", name.to_lowercase()),
            );
        }
    }
}
