//! Foreign keys, which are told apart by what they say, and checks, by name.

use super::indexes::reversed;
use super::{Change, Comparing, Thing};
use crate::catalog::{Constraint, ConstraintKind, Table};
use crate::compare::spelling::names;
use crate::compare::tables::{add_constraint, drop_constraint};
use crate::diagnostic::Result;

impl Comparing<'_> {
    /// Foreign keys that go, then those that come.
    pub(super) fn keys(&self, found: &Table, after: &Table) -> Result<Vec<Change>> {
        let keys = |table: &'_ Table| -> Vec<(String, usize)> {
            let all = table.constraints.iter().enumerate();
            all.filter_map(|(at, c)| Some((self.key_says(c)?, at)))
                .collect()
        };
        let (old, new) = (keys(found), keys(after));
        let mut changes = Vec::new();
        for (says, at) in &old {
            let Some(constraint) = found.constraints.get(*at) else {
                continue;
            };
            let thing = Thing::ForeignKey(found, constraint);
            if new.iter().any(|(other, _)| other == says) || !self.judge.has_name(thing)? {
                continue;
            }
            let other = namesake(constraint, after).map(|c| Thing::ForeignKey(after, c));
            if self.judge.includes(thing, true, other)? {
                changes.push(reversed(self.added_constraint(found, constraint)));
            }
        }
        for (says, at) in &new {
            let Some(constraint) = after.constraints.get(*at) else {
                continue;
            };
            if old.iter().any(|(other, _)| other == says) {
                continue;
            }
            let other = namesake(constraint, found).map(|c| Thing::ForeignKey(found, c));
            let thing = Thing::ForeignKey(after, constraint);
            if self.judge.includes(thing, false, other)? {
                changes.push(self.added_constraint(after, constraint));
            }
        }
        Ok(changes)
    }

    /// Checks that come and go, by their names: Alembic does not look at them.
    pub(super) fn checks(&self, found: &Table, before: &Table, after: &Table) -> Vec<Change> {
        let says = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::Check {
                condition,
                from_type: false,
                in_column: _,
            } => Some(self.spelling.expr(condition)),
            _ => None,
        };
        let has = |table: &Table, wanted: &Constraint| {
            table.constraints.iter().any(|constraint| {
                let unnamed = constraint.name.ident().is_none() || wanted.name.ident().is_none();
                match (says(constraint), says(wanted)) {
                    (Some(a), Some(b)) if unnamed => a == b,
                    (Some(a), Some(b)) => a == b && constraint.name.ident() == wanted.name.ident(),
                    _ => false,
                }
            })
        };
        let checks = |table: &'_ Table| -> Vec<usize> {
            let all = table.constraints.iter().enumerate();
            all.filter(|(_, c)| says(c).is_some())
                .map(|(at, _)| at)
                .collect()
        };
        let mut changes = Vec::new();
        for at in checks(before) {
            if let (Some(written), Some(constraint)) =
                (before.constraints.get(at), found.constraints.get(at))
                && constraint.name.ident().is_some()
                && !has(after, written)
            {
                changes.push(reversed(self.added_constraint(found, constraint)));
            }
        }
        for at in checks(after) {
            if let Some(constraint) = after.constraints.get(at)
                && !has(before, constraint)
            {
                changes.push(self.added_constraint(after, constraint));
            }
        }
        changes
    }

    /// What adds a constraint, and what takes it back.
    pub(super) fn added_constraint(&self, table: &Table, constraint: &Constraint) -> Change {
        Change::new(
            add_constraint(&table.name, constraint),
            drop_constraint(&table.name, &self.with_server_name(table, constraint)),
        )
    }

    /// What tells a foreign key from others.
    fn key_says(&self, constraint: &Constraint) -> Option<String> {
        let ConstraintKind::ForeignKey(key) = &constraint.kind else {
            return None;
        };
        let action = |action: &Option<std::sync::Arc<str>>| {
            let action = action.as_deref().unwrap_or_default().to_lowercase();
            if action == "no action" {
                String::new()
            } else {
                action
            }
        };
        let deferred = constraint
            .initially
            .as_deref()
            .is_some_and(|words| words.eq_ignore_ascii_case("deferred"));
        let timing = match (deferred, constraint.deferrable) {
            (true, _) => "deferred",
            (false, Some(true)) => "deferrable",
            (false, _) => "",
        };
        Some(format!(
            "{} {} {} {} {} {timing}",
            names(&key.columns),
            self.dialect.table_name(&key.referent),
            names(&key.referent_columns),
            action(&key.onupdate),
            action(&key.ondelete),
        ))
    }
}

/// The constraint of the same name.
fn namesake<'a>(constraint: &Constraint, table: &'a Table) -> Option<&'a Constraint> {
    let name = constraint.name.ident()?;
    let mut others = table.constraints.iter();
    others.find(|other| other.name.ident() == Some(name))
}
