//! Which locks are held from when to when.

use rustc_hash::FxHashSet;

use super::model::{Estimate, Lock};
use crate::dialect::Dialect;
use crate::lint::Action;
use crate::lint::{self, Blocks, Change, Effect, LockTable, Release, Stats, Step, Work};
use crate::operation::Operation;

/// Follows a release statement by statement.
pub(super) struct Timeline<'a> {
    dialect: &'a Dialect,
    table: &'static LockTable,
    stats: Option<&'a Stats>,
    transactional: bool,
    per_step: bool,
    /// The number of the last statement.
    statement: usize,
    /// The number of the open transaction.
    transaction: usize,
    /// Whether it has statements.
    open: bool,
    /// The first lock of the open transaction in `locks`.
    held_from: usize,
    /// Tables that the release made, as the dialect writes them.
    new: FxHashSet<String>,
    pub(super) locks: Vec<Lock>,
}

impl<'a> Timeline<'a> {
    pub(super) fn new(release: &Release, dialect: &'a Dialect, stats: Option<&'a Stats>) -> Self {
        Self {
            dialect,
            table: LockTable::of(dialect),
            stats,
            transactional: release.transactional,
            per_step: release.transaction_per_step,
            statement: 0,
            transaction: 1,
            open: false,
            held_from: 0,
            new: FxHashSet::default(),
            locks: Vec::new(),
        }
    }

    /// How many statements there were.
    pub(super) fn statements(&self) -> usize {
        self.statement
    }

    /// Takes in a change: the numbers of its statements with their transactions, and the places of
    /// its locks.
    pub(super) fn change(
        &mut self,
        step: &Step,
        change: &Change,
    ) -> (Vec<(usize, Option<usize>)>, Vec<usize>) {
        let alone = change.autocommit || !self.transactional;
        if alone {
            self.end_transaction();
        }
        let first = self.statement + 1;
        let numbers: Vec<_> = change
            .statements
            .iter()
            .map(|_| {
                self.statement += 1;
                (self.statement, (!alone).then_some(self.transaction))
            })
            .collect();
        let begin = self.locks.len();
        if !numbers.is_empty() {
            self.open |= !alone;
            for effect in &change.effects {
                self.effect(step, change, effect, first);
            }
        }
        if alone {
            self.held_from = self.locks.len();
        }
        (numbers, (begin..self.locks.len()).collect())
    }

    fn effect(&mut self, step: &Step, change: &Change, effect: &Effect, first: usize) {
        if let Action::Operation(Operation::CreateTable { table, .. }) = &effect.action {
            self.new.insert(self.dialect.table_name(&table.name));
        }
        let until = first + change.statements.len().saturating_sub(1);
        for used in lint::locked(change, effect, self.dialect, self.table) {
            let row = used.row;
            if row.blocks == Blocks::Nothing && row.work == Work::Nothing {
                continue;
            }
            let source = match row.source.is_empty() {
                true => &self.table.source,
                false => &row.source,
            };
            let new_table = self.new.contains(&used.table);
            let size = self.stats.and_then(|stats| stats.of(&used.table));
            let worked = size.filter(|_| !new_table && row.work != Work::Nothing);
            self.locks.push(Lock {
                statement: first,
                until,
                revision: step.revision.to_string(),
                new_table,
                table: used.table,
                lock: row.lock.clone(),
                blocks: blocks(row.blocks),
                work: work(row.work),
                note: row.note.clone(),
                source: source.clone(),
                estimate: worked.map(|size| {
                    let cost = size.cost(row.work);
                    Estimate {
                        rows: size.rows,
                        bytes: size.bytes,
                        seconds: cost.seconds,
                        space: cost.space,
                    }
                }),
            });
        }
        if let Action::Operation(Operation::RenameTable { table, new_name }) = &effect.action
            && self.new.remove(&self.dialect.table_name(table))
        {
            let mut renamed = table.clone();
            renamed.name = new_name.clone();
            self.new.insert(self.dialect.table_name(&renamed));
        }
    }

    /// A revision ends.
    pub(super) fn end_step(&mut self) {
        if self.per_step || !self.transactional {
            self.end_transaction();
        }
    }

    /// The open transaction ends here: its locks were held until its last statement.
    pub(super) fn end_transaction(&mut self) {
        if !self.open {
            return;
        }
        let held = self.locks.get_mut(self.held_from..).unwrap_or_default();
        for lock in held {
            lock.until = self.statement;
        }
        self.held_from = self.locks.len();
        self.transaction += 1;
        self.open = false;
    }
}

fn blocks(blocks: Blocks) -> &'static str {
    match blocks {
        Blocks::Nothing => "nothing",
        Blocks::Schema => "schema",
        Blocks::Writes => "writes",
        Blocks::Reads => "reads",
    }
}

fn work(work: Work) -> &'static str {
    match work {
        Work::Nothing => "nothing",
        Work::Scan => "scan",
        Work::Build => "build",
        Work::Rewrite => "rewrite",
    }
}
