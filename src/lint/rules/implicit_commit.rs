//! `implicit-commit`: rows are changed before a statement of DDL, which commits them

use crate::diagnostic::Severity;
use crate::lint::release::{Action, Effect};
use crate::lint::rule::{Example, Family, Found, Info, Rule, StepSite};
use crate::lint::words::begins;
use crate::operation::Operation;

/// The rule.
pub struct ImplicitCommit;

static INFO: Info = Info {
    name: "implicit-commit",
    family: Family::Transaction,
    severity: Severity::Note,
    opt_in: false,
    summary: "rows are changed before a statement of DDL, which commits them",
    why: "if the rest of the revision fails, the rows stay changed, and running it again changes them twice",
    instead: "put the rows into a revision of their own, behind the DDL",
    dialect: "mysql",
    bad: "UPDATE users SET age = 0 WHERE age IS NULL; ALTER TABLE users ADD COLUMN x INTEGER",
    good: "ALTER TABLE users ADD COLUMN x INTEGER; UPDATE users SET age = 0 WHERE age IS NULL",
    others: &[Example {
        dialect: "oracle",
        bad: "UPDATE users SET age = 0 WHERE age IS NULL; ALTER TABLE users ADD COLUMN x INTEGER",
        good: "ALTER TABLE users ADD COLUMN x INTEGER; UPDATE users SET age = 0 WHERE age IS NULL",
    }],
    peers: &[],
};

impl Rule for ImplicitCommit {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn step(&self, site: &StepSite<'_>, found: &mut Found) {
        if !site.table.advice.ddl_commits {
            return;
        }
        let is_change = |effect: &Effect| match &effect.action {
            Action::Sql(sql) => ["UPDATE", "DELETE", "INSERT", "MERGE"]
                .iter()
                .any(|shape| begins(&sql.words, shape)),
            Action::Operation(_) => false,
        };
        let is_ddl = |effect: &Effect| match &effect.action {
            Action::Sql(sql) => ["ALTER", "CREATE", "DROP", "TRUNCATE"]
                .iter()
                .any(|shape| begins(&sql.words, shape)),
            Action::Operation(operation) => !matches!(
                operation,
                Operation::BulkInsert { .. } | Operation::Execute { .. }
            ),
        };
        let effects = || site.step.changes.iter().flat_map(|change| &change.effects);
        let Some(at) = effects().position(is_change) else {
            return;
        };
        if effects().skip(at).any(is_ddl)
            && let Some(location) = effects()
                .nth(at)
                .and_then(|effect| effect.location.as_ref())
        {
            found.add_at(
                &INFO,
                site,
                location,
                "a later statement commits these rows, even if the revision fails",
            );
        }
    }
}
