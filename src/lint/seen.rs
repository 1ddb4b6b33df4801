//! What earlier changes of a release did, which makes later ones harmless, or worse.

use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::release::{Action, Change, Effect};
use super::words::{begins, contains, name_behind};
use crate::catalog::{Key, TableName, key};
use crate::operation::Operation;

/// What happened earlier in the release.
#[derive(Debug, Default)]
pub struct Seen {
    tables: FxHashSet<Key>,
    columns: FxHashSet<(Key, Arc<str>)>,
    /// Tables, by upper-case name, with the upper-case names of columns that were given values.
    filled: FxHashSet<(String, String)>,
    /// Constraints that were made without looking at the rows there are: upper-case names.
    not_valid: FxHashSet<String>,
    /// Those of the transaction that is open.
    not_valid_here: FxHashSet<String>,
    timeouts: FxHashSet<&'static str>,
    /// Tables that the open transaction holds in a mode that stops readers.
    pub(super) held: Vec<(String, &'static str)>,
}

/// Words that set a limit on waiting, and what they limit.
const TIMEOUTS: &[(&str, &str)] = &[
    ("LOCK_TIMEOUT", "lock"),
    ("LOCK_WAIT_TIMEOUT", "lock"),
    ("INNODB_LOCK_WAIT_TIMEOUT", "lock"),
    ("DDL_LOCK_TIMEOUT", "lock"),
    ("BUSY_TIMEOUT", "lock"),
    ("STATEMENT_TIMEOUT", "statement"),
    ("MAX_STATEMENT_TIME", "statement"),
];

impl Seen {
    /// Whether the table was made in this release.
    pub fn is_new(&self, table: &TableName) -> bool {
        self.tables.contains(&key(table))
    }

    /// The same by a name in upper case, in any schema.
    pub fn is_new_name(&self, name: &str) -> bool {
        self.tables
            .iter()
            .any(|(_, table)| table.to_uppercase() == name)
    }

    /// How many other tables the open transaction holds against readers; none where it holds
    /// this one already.
    pub fn others_held(&self, table: &str) -> usize {
        if self.held.iter().any(|(name, _)| name == table) {
            return 0;
        }
        let others: FxHashSet<&str> = self
            .held
            .iter()
            .map(|(name, _)| name.as_str())
            .filter(|name| *name != table)
            .collect();
        others.len()
    }

    /// Whether the column was made in this release.
    pub fn is_new_column(&self, table: &TableName, column: &str) -> bool {
        self.is_new(table) || self.columns.contains(&(key(table), Arc::from(column)))
    }

    /// Whether rows of the table were given a value for the column.
    pub fn is_filled(&self, table: &TableName, column: &str) -> bool {
        let pair = (table.name.name.to_uppercase(), column.to_uppercase());
        self.filled.contains(&pair)
    }

    /// Whether a constraint of that name was made without looking at the rows.
    pub fn is_not_valid(&self, name: &str) -> bool {
        self.not_valid.contains(&name.to_uppercase())
    }

    /// The same, in the transaction that is still open.
    pub fn is_not_valid_here(&self, name: &str) -> bool {
        self.not_valid_here.contains(&name.to_uppercase())
    }

    /// Whether a limit on waiting (`lock`, `statement`) has been set.
    pub fn has_timeout(&self, what: &str) -> bool {
        self.timeouts.contains(what)
    }

    /// A transaction ends here.
    pub(super) fn end_transaction(&mut self) {
        self.not_valid_here.clear();
        self.held.clear();
    }

    pub(super) fn take_in(&mut self, change: &Change, effect: &Effect) {
        for text in &change.statements {
            let upper = text.to_uppercase();
            if let Some(at) = upper.find("NOT VALID")
                && let words = super::words::words(&upper[..at])
                && let Some(name) = name_behind(&words, "CONSTRAINT")
            {
                self.not_valid.insert(name.to_owned());
                self.not_valid_here.insert(name.to_owned());
            }
        }
        match &effect.action {
            Action::Operation(operation) => self.operation(operation),
            Action::Sql(sql) => self.sql(&sql.words),
        }
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable { table, .. } => {
                self.tables.insert(key(&table.name));
            }
            Operation::DropTable { table, .. } => {
                self.tables.remove(&key(table));
            }
            Operation::RenameTable { table, new_name } => {
                if self.tables.remove(&key(table)) {
                    let mut renamed = table.clone();
                    renamed.name = new_name.clone();
                    self.tables.insert(key(&renamed));
                }
            }
            Operation::AddColumn { table, column, .. } => {
                self.columns.insert((key(table), column.name.name.clone()));
            }
            Operation::TableComment { .. }
            | Operation::DropColumn { .. }
            | Operation::AlterColumn(_)
            | Operation::CreateIndex { .. }
            | Operation::DropIndex { .. }
            | Operation::AddConstraint { .. }
            | Operation::DropConstraint { .. }
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

    fn sql(&mut self, words: &[String]) {
        if begins(words, "UPDATE")
            && let Some(table) = name_behind(words, "UPDATE")
        {
            for column in assigned(words) {
                self.filled.insert((table.to_owned(), column.to_owned()));
            }
        }
        if begins(words, "CREATE TABLE")
            && let Some(table) = name_behind(words, "CREATE TABLE IF NOT EXISTS")
                .or_else(|| name_behind(words, "CREATE TABLE"))
        {
            self.tables.insert((None, Arc::from(table.to_lowercase())));
        }
        if begins(words, "SET") || begins(words, "ALTER SESSION") || begins(words, "PRAGMA") {
            for (word, what) in TIMEOUTS {
                if contains(words, word) {
                    self.timeouts.insert(what);
                }
            }
        }
    }
}

/// The columns on the left of `=` behind SET.
fn assigned(words: &[String]) -> Vec<&str> {
    let Some(set) = words.iter().position(|word| word == "SET") else {
        return Vec::new();
    };
    let mut depth = 0_usize;
    let mut found = Vec::new();
    let mut expects = true;
    for pair in words.get(set + 1..).unwrap_or_default().windows(2) {
        let [word, next] = pair else { continue };
        match word.as_str() {
            "(" => depth += 1,
            ")" => depth = depth.saturating_sub(1),
            "WHERE" | "FROM" if depth == 0 => break,
            "," if depth == 0 => expects = true,
            name if expects && depth == 0 && next == "=" => {
                found.push(name);
                expects = false;
            }
            _ => {}
        }
    }
    found
}
