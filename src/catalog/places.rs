//! Which tables may hold what has a name: foreign keys to a table, indexes, words of SQL.

use std::ops::{Deref, DerefMut};
use std::sync::Arc;

use super::ordered::Ordered;
use super::{ConstraintKind, Key, Table};

/// Tables by what they hold. A table stays in it after it has lost the thing: whoever asks looks
/// at the table again.
#[derive(Clone, Debug, Default)]
pub(super) struct Places(Ordered<Ordered<()>>);

impl Places {
    /// Notes that an object holds something of that name.
    pub(super) fn add(&mut self, name: &Arc<str>, holder: &Key) {
        let name: Key = (None, Arc::clone(name));
        match self.0.get(&name) {
            Some(holders) if holders.get(holder).is_some() => {}
            Some(_) => {
                if let Some(holders) = self.0.get_mut(&name) {
                    holders.insert(holder.clone(), ());
                }
            }
            None => {
                let mut holders = Ordered::default();
                holders.insert(holder.clone(), ());
                self.0.insert(name, holders);
            }
        }
    }

    /// The objects that hold, or held, something of that name in some letter case.
    pub(super) fn of(&self, name: &str) -> impl Iterator<Item = &Key> {
        let holders = self.0.named(name).map(|(_, holders)| holders);
        holders.flat_map(|holders| holders.iter().map(|(key, ())| key))
    }
}

/// What tables and views may hold.
#[derive(Clone, Debug, Default)]
pub(super) struct Holdings {
    /// Which tables refer to a table.
    pub(super) referring: Places,
    /// Which tables have an index, trigger or constraint of a name.
    pub(super) having: Places,
    /// Which views, and which tables by what is attached to them, have a word in their SQL.
    pub(super) mentioning: Places,
}

impl Holdings {
    /// Notes the words of a statement that belongs to a table or is a view.
    pub(super) fn note_words(&mut self, sql: &str, holder: &Key) {
        for word in sql.split(between_words).filter(|word| !word.is_empty()) {
            self.mentioning.add(&Arc::from(word), holder);
        }
    }
}

/// A table that is being changed. What it holds in the end is noted.
pub struct TableMut<'a> {
    pub(super) table: &'a mut Table,
    pub(super) key: Key,
    pub(super) holdings: &'a mut Holdings,
}

impl Deref for TableMut<'_> {
    type Target = Table;

    fn deref(&self) -> &Table {
        self.table
    }
}

impl DerefMut for TableMut<'_> {
    fn deref_mut(&mut self) -> &mut Table {
        self.table
    }
}

impl Drop for TableMut<'_> {
    fn drop(&mut self) {
        for constraint in &self.table.constraints {
            if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                self.holdings
                    .referring
                    .add(&key.referent.name.name, &self.key);
            }
            if let Some(name) = constraint.name.ident() {
                self.holdings.having.add(&name.name, &self.key);
            }
        }
        for index in &self.table.indexes {
            if let Some(name) = index.name.ident() {
                self.holdings.having.add(&name.name, &self.key);
            }
        }
        for attached in &self.table.attached {
            self.holdings.having.add(&attached.name, &self.key);
            self.holdings.note_words(&attached.sql, &self.key);
        }
    }
}

pub(super) fn between_words(c: char) -> bool {
    !c.is_alphanumeric() && c != '_'
}
