//! Questions about the schema that are answered without looking at all of it.

use std::rc::Rc;
use std::sync::Arc;

use super::places::between_words;
use super::{Catalog, ConstraintKind, Key, Sequence, Table};
use crate::datatype::EnumType;

impl Catalog {
    /// The tables of that name in any letter case and schema, in order of creation.
    pub fn tables_named(&self, name: &str) -> impl Iterator<Item = (&Key, &Rc<Table>)> {
        self.tables.named(name)
    }

    /// The tables that are not the same in the other schema, in order of creation.
    pub fn tables_beside(&self, other: &Self) -> impl Iterator<Item = (&Key, &Rc<Table>)> {
        self.tables.beside(&other.tables, Rc::ptr_eq)
    }

    /// The tables with a foreign key to a table of that name, in any letter case and schema.
    pub fn referring_to(&self, name: &str) -> impl Iterator<Item = &Rc<Table>> {
        let tables = self
            .holdings
            .referring
            .of(name)
            .filter_map(|key| self.tables.get(key));
        tables.filter(move |table| {
            let mut constraints = table.constraints.iter();
            constraints.any(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => {
                    key.referent.name.name.to_lowercase() == name.to_lowercase()
                }
                _ => false,
            })
        })
    }

    /// The tables that may have an index, trigger or constraint of that name, in whichever letter
    /// case: it may be gone since.
    pub fn tables_having(&self, name: &str) -> impl Iterator<Item = (&Key, &Rc<Table>)> {
        let holders = self.holdings.having.of(name);
        holders.filter_map(|key| self.tables.get(key).map(|table| (key, table)))
    }

    /// The statements of views, and of what is attached to tables, that may have that word in
    /// them. A name that is not one word may be in any of them.
    pub fn statements_with(&self, name: &str) -> impl Iterator<Item = &Arc<str>> {
        let one_word = !name.contains(between_words);
        let some = one_word.then(|| self.holdings.mentioning.of(name));
        let all = (!one_word).then(|| {
            let tables = self.tables.iter().map(|(key, _)| key);
            let without_table = |key: &&Key| self.tables.get(key).is_none();
            let views = self.views.iter().map(|(key, _)| key);
            tables.chain(views.filter(without_table))
        });
        let keys = some.into_iter().flatten().chain(all.into_iter().flatten());
        keys.flat_map(|key| {
            let table = self.tables.get(key).into_iter();
            let attached = table.flat_map(|table| table.attached.iter().map(|item| &item.sql));
            attached.chain(self.views.get(key))
        })
    }

    /// The views that are not the same in the other schema, in order of creation.
    pub fn views_beside(&self, other: &Self) -> impl DoubleEndedIterator<Item = (&Key, &Arc<str>)> {
        self.views.beside(&other.views, |one, other| one == other)
    }

    /// The enum types that are not the same in the other schema, in order of creation.
    pub fn enums_beside(&self, other: &Self) -> impl Iterator<Item = (&Key, &Arc<EnumType>)> {
        self.enums.beside(&other.enums, Arc::ptr_eq)
    }

    /// The sequences that are not the same in the other schema, in order of creation.
    pub fn sequences_beside(&self, other: &Self) -> impl Iterator<Item = (&Key, &Rc<Sequence>)> {
        self.sequences.beside(&other.sequences, Rc::ptr_eq)
    }
}
