//! What later changes of a release do, which makes earlier ones harmless.

use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::release::{Action, Effect, Release};
use crate::catalog::{ConstraintKind, ForeignKey, Key, key};
use crate::expression::Ident;
use crate::operation::Operation;

/// What happens later in the release, for each of its effects by their number from its start.
#[derive(Debug, Default)]
pub struct Coming {
    /// The effects that drop a foreign key which is not missed.
    unmissed: FxHashSet<usize>,
}

/// A column by whatever names it has in the course of the release.
type Identity = usize;

/// What comes later for one table.
#[derive(Debug, Default)]
struct Later {
    /// The columns by the names they have where the walk is.
    columns: FxHashMap<Arc<str>, Identity>,
    identities: usize,
    /// The columns of each foreign key that is made.
    keys: FxHashSet<Vec<Identity>>,
    dropped: FxHashSet<Identity>,
}

impl Coming {
    /// Walks the release from its end to its start once.
    pub(super) fn of(release: &Release) -> Self {
        let changes = release.steps.iter().flat_map(|step| &step.changes);
        let effects: Vec<&Effect> = changes.flat_map(|change| &change.effects).collect();
        let mut tables: FxHashMap<Key, Later> = FxHashMap::default();
        let mut coming = Self::default();
        for (place, effect) in effects.iter().enumerate().rev() {
            let Action::Operation(operation) = &effect.action else {
                continue;
            };
            let Some(table) = &effect.table else {
                continue;
            };
            match operation {
                Operation::DropConstraint { .. } => {
                    if let Some(dropped) = dropped_foreign_key(effect)
                        && let Some(later) = tables.get_mut(&key(table))
                        && later.makes_up_for(&dropped.columns)
                    {
                        coming.unmissed.insert(place);
                    }
                }
                Operation::AddConstraint { constraint, .. } => {
                    if let ConstraintKind::ForeignKey(made) = &constraint.kind {
                        let later = tables.entry(key(table)).or_default();
                        let columns = later.identities_of(&made.columns);
                        later.keys.insert(columns);
                    }
                }
                Operation::DropColumn { column, .. } => {
                    let later = tables.entry(key(table)).or_default();
                    let gone = later.identity_of(column);
                    later.dropped.insert(gone);
                }
                Operation::AddColumn { column, .. } => {
                    // What had the name before is another column.
                    if let Some(later) = tables.get_mut(&key(table)) {
                        later.columns.remove(&column.name.name);
                    }
                }
                Operation::AlterColumn(alter) => {
                    if let Some(new) = &alter.new_name
                        && let Some(later) = tables.get_mut(&key(table))
                    {
                        let known = later.identity_of(new);
                        later.columns.remove(&new.name);
                        later.columns.insert(alter.column.name.clone(), known);
                    }
                }
                Operation::CreateTable { .. }
                | Operation::DropTable { .. }
                | Operation::RenameTable { .. }
                | Operation::TableComment { .. }
                | Operation::CreateIndex { .. }
                | Operation::DropIndex { .. }
                | Operation::BulkInsert { .. }
                | Operation::Execute { .. }
                | Operation::CreateEnum { .. }
                | Operation::AlterEnum { .. }
                | Operation::DropEnum { .. }
                | Operation::BatchAlterTable(_)
                | Operation::BeginAutocommit
                | Operation::EndAutocommit => {}
            }
        }
        coming
    }

    /// Whether the release, behind its effect number `place` that drops a foreign key, goes on to
    /// make one of the same columns, under whatever names they have by then, or drops one of them,
    /// with which there is nothing to check any more.
    pub fn makes_up_for_key(&self, place: usize) -> bool {
        self.unmissed.contains(&place)
    }
}

impl Later {
    fn identity_of(&mut self, column: &Ident) -> Identity {
        let next = self.identities;
        let known = *self.columns.entry(column.name.clone()).or_insert(next);
        if known == next {
            self.identities += 1;
        }
        known
    }

    fn identities_of(&mut self, columns: &[Ident]) -> Vec<Identity> {
        columns.iter().map(|name| self.identity_of(name)).collect()
    }

    fn makes_up_for(&mut self, columns: &[Ident]) -> bool {
        let columns = self.identities_of(columns);
        self.keys.contains(&columns) || columns.iter().any(|column| self.dropped.contains(column))
    }
}

/// The foreign key that an effect drops, as it is before it.
pub(super) fn dropped_foreign_key(effect: &Effect) -> Option<&ForeignKey> {
    let Action::Operation(Operation::DropConstraint { name, .. }) = &effect.action else {
        return None;
    };
    let name = name.ident()?;
    let before = effect.before.as_deref()?;
    let inline = before.columns.iter().flat_map(|column| &column.constraints);
    inline.chain(&before.constraints).find_map(|constraint| {
        let known = constraint.name.ident()?;
        match &constraint.kind {
            ConstraintKind::ForeignKey(key) if known.name == name.name => Some(key),
            _ => None,
        }
    })
}
