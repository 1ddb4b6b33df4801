//! What happens to the rows of the version table as revisions are walked.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::{Index, RevisionMap};

/// One statement on the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionChange {
    /// A row is added.
    Insert(Arc<str>),
    /// A row is removed.
    Delete(Arc<str>),
    /// A row gets another identifier.
    Update {
        /// The identifier in the row before.
        from: Arc<str>,
        /// The identifier in the row after.
        to: Arc<str>,
    },
}

impl VersionChange {
    /// Makes the change in a list of rows.
    pub fn apply(&self, rows: &mut Vec<Arc<str>>) {
        match self {
            Self::Insert(id) => rows.push(Arc::clone(id)),
            Self::Delete(id) => rows.retain(|row| row != id),
            Self::Update { from, to } => {
                rows.retain(|row| row != from);
                rows.push(Arc::clone(to));
            }
        }
    }
}

/// The rows as they would be, and which revisions they stand for.
pub(super) struct Rows<'a> {
    map: &'a RevisionMap,
    rows: FxHashSet<Index>,
    /// The revisions in the rows and all that they need.
    applied: Vec<bool>,
    /// How many applied revisions require this one.
    users: Vec<u32>,
    /// Which look-up saw a revision last.
    seen: Vec<u32>,
    lookups: u32,
    /// For some revisions a row that was found above them; it may be gone by now.
    witness: Vec<Option<Index>>,
}

impl<'a> Rows<'a> {
    pub(super) fn new(map: &'a RevisionMap, start: &[Index]) -> Self {
        let applied = map.with_ancestors(start);
        let mut users = vec![0; map.len()];
        for index in (0..map.len()).filter(|i| applied[*i]) {
            for below in map.requirements.of(index) {
                users[below] += 1;
            }
        }
        let rows = start.iter().copied().collect();
        Self {
            map,
            rows,
            applied,
            users,
            seen: vec![0; map.len()],
            lookups: 0,
            witness: vec![None; map.len()],
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.rows.is_empty()
    }

    /// The changes for applying a revision.
    pub(super) fn apply(&mut self, index: Index) -> Vec<VersionChange> {
        let below: Vec<Index> = self.map.requirements.of(index).collect();
        let present: Vec<Index> = below
            .iter()
            .copied()
            .filter(|d| self.rows.contains(d))
            .collect();
        let replaced = if present.len() > 1 {
            self.uncovered(&present, &below)
        } else {
            present
        };
        for parent in &below {
            self.users[*parent] += 1;
        }
        self.applied[index] = true;
        self.rows.insert(index);
        let Some((last, others)) = replaced.split_last() else {
            return vec![VersionChange::Insert(self.map.id(index))];
        };
        for row in &replaced {
            self.rows.remove(row);
        }
        let mut changes: Vec<VersionChange> = others
            .iter()
            .map(|row| VersionChange::Delete(self.map.id(*row)))
            .collect();
        changes.push(VersionChange::Update {
            from: self.map.id(*last),
            to: self.map.id(index),
        });
        changes
    }

    /// The changes for taking a revision back.
    pub(super) fn take_back(&mut self, index: Index) -> Vec<VersionChange> {
        let below: Vec<Index> = self.map.requirements.of(index).collect();
        self.rows.remove(&index);
        self.applied[index] = false;
        for parent in &below {
            self.users[*parent] = self.users[*parent].saturating_sub(1);
        }
        let alone = self.rows.is_empty();
        let mut left = Vec::new();
        for parent in below.iter().copied() {
            let covered = if self.users[parent] == 0 {
                self.rows.contains(&parent)
            } else {
                alone || below.len() == 1 || self.is_below(parent, |_| true)
            };
            if !covered {
                left.push(parent);
            }
        }
        let Some((last, others)) = left.split_last() else {
            return vec![VersionChange::Delete(self.map.id(index))];
        };
        self.rows.extend(left.iter().copied());
        let mut changes: Vec<VersionChange> = others
            .iter()
            .map(|row| VersionChange::Insert(self.map.id(*row)))
            .collect();
        changes.push(VersionChange::Update {
            from: self.map.id(index),
            to: self.map.id(*last),
        });
        changes
    }

    /// Of the rows that a revision replaces, those that no other row stands for as well.
    fn uncovered(&mut self, present: &[Index], below: &[Index]) -> Vec<Index> {
        let mut kept = Vec::with_capacity(present.len());
        for row in present.iter().copied() {
            let covered =
                self.users[row] > 0 && self.is_below(row, |other| !below.contains(&other));
            if !covered {
                kept.push(row);
            }
        }
        if kept.is_empty() {
            present.to_vec()
        } else {
            kept
        }
    }

    /// Whether an applied revision is, or is needed by, a row that `counts`.
    fn is_below(&mut self, index: Index, counts: impl Fn(Index) -> bool) -> bool {
        self.lookups += 1;
        let mut todo = vec![index];
        while let Some(node) = todo.pop() {
            if std::mem::replace(&mut self.seen[node], self.lookups) == self.lookups {
                continue;
            }
            let known = [Some(node), self.witness[node]];
            let above = known
                .into_iter()
                .flatten()
                .find(|row| self.rows.contains(row) && counts(*row));
            if above.is_some() {
                self.witness[index] = above;
                return true;
            }
            todo.extend(self.map.required_by.of(node).filter(|up| self.applied[*up]));
        }
        false
    }

    /// Applies the changes of a stamp, which the caller has worked out. False when a row that
    /// must be there is not.
    pub(super) fn stamp(&mut self, changes: &[VersionChange]) -> bool {
        changes.iter().all(|change| {
            let index = |id: &Arc<str>| self.map.index_of(id);
            let (removed, added) = match change {
                VersionChange::Insert(id) => (None, index(id)),
                VersionChange::Delete(id) => (index(id), None),
                VersionChange::Update { from, to } => (index(from), index(to)),
            };
            removed.is_none_or(|row| self.rows.remove(&row))
                && added.is_none_or(|row| self.rows.insert(row))
        })
    }

    pub(super) fn contains(&self, index: Index) -> bool {
        self.rows.contains(&index)
    }
}
