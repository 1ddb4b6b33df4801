//! The difference of two schemas, as the operations that lead from one to the other. Rank 6.
//!
//! Two definitions are the same when the dialect would write them the same: what a type or an
//! expression is called in Python does not matter to a database.

mod columns;
mod describe;
mod objects;
mod order;
pub mod proposal;
mod spelling;
mod tables;

pub use describe::describe;

use crate::catalog::{Catalog, Key, Table};
use crate::dialect::Dialect;
use crate::operation::Operation;
use spelling::Spelling;

/// What leads from one schema to another.
#[derive(Debug, Default)]
pub struct Difference {
    /// The operations, in an order in which a database accepts them.
    pub operations: Vec<Operation>,
    /// What differs and no operation changes.
    pub unchanged: Vec<String>,
}

impl Difference {
    /// Whether the schemas are the same.
    pub fn is_empty(&self) -> bool {
        self.operations.is_empty() && self.unchanged.is_empty()
    }

    /// Each difference in a few words.
    pub fn lines(&self) -> Vec<String> {
        let operations = self.operations.iter().map(describe);
        operations.chain(self.unchanged.iter().cloned()).collect()
    }
}

/// The operations that lead from the schema `from` to the schema `to` on a dialect.
///
/// The order of a table's columns is not compared: no database changes it in place.
pub fn difference(from: &Catalog, to: &Catalog, dialect: &Dialect) -> Difference {
    compared(from, to, dialect, false)
}

/// The same where one of the schemas is what somebody has written: a name that only the server gives,
/// and that is another one because a table or column once had another name, is no difference.
pub fn difference_of_written(from: &Catalog, to: &Catalog, dialect: &Dialect) -> Difference {
    compared(from, to, dialect, true)
}

fn compared(from: &Catalog, to: &Catalog, dialect: &Dialect, written: bool) -> Difference {
    Comparison {
        from,
        to,
        dialect,
        spelling: Spelling::new(dialect),
        written,
        out: Difference::default(),
    }
    .run()
}

/// A comparison that is being made.
struct Comparison<'a> {
    from: &'a Catalog,
    to: &'a Catalog,
    dialect: &'a Dialect,
    spelling: Spelling<'a>,
    /// Whether one of the schemas is what somebody has written.
    written: bool,
    out: Difference,
}

impl<'a> Comparison<'a> {
    fn run(mut self) -> Difference {
        self.old_views();
        self.written(true);
        self.new_objects();
        let changes = self.kept_tables();
        let created: Vec<&Key> = self
            .to
            .tables_beside(self.from)
            .map(|(key, _)| key)
            .filter(|key| self.from.table_by_key(key).is_none())
            .collect();
        let dropped: Vec<&Key> = self
            .from
            .tables_beside(self.to)
            .map(|(key, _)| key)
            .filter(|key| self.to.table_by_key(key).is_none())
            .collect();
        self.detached();
        if self.dialect.facts().features.alter_constraints {
            self.out
                .operations
                .extend(changes.iter().flat_map(|change| change.removals()));
            self.drop_tables(&dropped);
            let late = self.create_tables(&created);
            self.out
                .operations
                .extend(changes.iter().flat_map(|change| change.columns()));
            self.out
                .operations
                .extend(changes.iter().flat_map(|change| change.additions()));
            self.out.operations.extend(late);
            self.out
                .operations
                .extend(changes.iter().flat_map(|change| change.references()));
        } else {
            self.free_names(&created, &dropped);
            let late = self.create_tables(&created);
            self.out.operations.extend(late);
            for change in changes {
                self.out.operations.extend(change.as_batch());
            }
            self.drop_tables(&dropped);
        }
        self.unwritten(false);
        self.written(false);
        self.new_views();
        self.attached();
        self.old_objects();
        self.unwritten(true);
        self.out
    }

    /// Tables that are there before and after, with what changes in them.
    fn kept_tables(&mut self) -> Vec<tables::TableChange<'a>> {
        let mut changes = Vec::new();
        for (key, after) in self.to.tables_beside(self.from) {
            let Some(before) = self.from.table_by_key(key) else {
                continue;
            };
            let change = self.table(before, after);
            if !change.is_empty() {
                changes.push(change);
            }
        }
        changes
    }

    fn table(&mut self, before: &'a Table, after: &'a Table) -> tables::TableChange<'a> {
        let naming = self.dialect.facts().features.server_naming;
        let naming = self.written.then_some(naming);
        tables::compare(
            before,
            after,
            &self.spelling,
            naming,
            &mut self.out.unchanged,
        )
    }
}
