//! What earlier changes of a release did, which makes later ones harmless, or worse.

use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::{FxHashMap, FxHashSet};

use super::release::{Action, Change, Effect};
use super::words::{begins, contains, name_behind};
use crate::catalog::{ConstraintKind, Index, IndexElement, Key, Table, TableName, key, option};
use crate::expression::Ident;
use crate::operation::Operation;

/// What happened earlier in the release.
#[derive(Debug, Default)]
pub struct Seen {
    /// The tables that the release made, by their names in upper case without the schema.
    tables: FxHashMap<String, FxHashSet<Key>>,
    columns: FxHashSet<(Key, Arc<str>)>,
    /// Tables, by upper-case name, with the upper-case names of columns that were given values.
    filled: FxHashSet<(String, String)>,
    /// Constraints that the open transaction made without looking at the rows there are, by their
    /// names in upper case.
    not_valid_here: FxHashSet<String>,
    timeouts: FxHashSet<&'static str>,
    /// Tables that the open transaction holds in a mode that stops readers, the last one behind.
    held: IndexSet<String>,
    /// Indexes that were dropped, by their table and their first column.
    dropped: FxHashMap<(Key, Arc<str>), Arc<str>>,
    /// Columns that were unique in their tables before something was dropped.
    unique: FxHashMap<Key, FxHashSet<Vec<Arc<str>>>>,
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
        self.tables
            .get(&table.name.name.to_uppercase())
            .is_some_and(|keys| keys.contains(&key(table)))
    }

    /// The same by a name in upper case, in any schema.
    pub fn is_new_name(&self, name: &str) -> bool {
        self.tables.contains_key(name)
    }

    /// How many other tables the open transaction holds against readers; none where it holds
    /// this one already.
    pub fn others_held(&self, table: &str) -> usize {
        if self.held.contains(table) {
            return 0;
        }
        self.held.len()
    }

    /// One table that the open transaction holds against readers.
    pub fn first_held(&self) -> Option<&str> {
        self.held.first().map(String::as_str)
    }

    /// The index of the table that began with the column and was dropped.
    pub fn dropped_index(&self, table: &TableName, column: &str) -> Option<&str> {
        let found = self.dropped.get(&(key(table), Arc::from(column)));
        found.map(|name| &**name)
    }

    /// Whether some of the columns were unique in the table, by a key or index that the release has
    /// dropped, and were given no values since it began.
    pub fn were_unique(&self, table: &TableName, columns: &[&Ident]) -> bool {
        let keys = self.unique.get(&key(table)).into_iter().flatten();
        keys.into_iter().any(|known| {
            known.iter().all(|name| {
                columns.iter().any(|column| column.name == *name) && !self.is_filled(table, name)
            })
        })
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

    /// Whether the open transaction made a constraint of that name without looking at the rows.
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

    /// The open transaction holds a table in a mode that stops readers.
    pub(super) fn hold(&mut self, table: &str) {
        self.held.insert(table.to_owned());
    }

    /// Takes in what the statements of a change say as a whole.
    pub(super) fn take_in_statements(&mut self, change: &Change) {
        for text in &change.statements {
            let upper = text.to_uppercase();
            if let Some(at) = upper.find("NOT VALID")
                && let words = super::words::words(&upper[..at])
                && let Some(name) = name_behind(&words, "CONSTRAINT")
            {
                self.not_valid_here.insert(name.to_owned());
            }
        }
    }

    /// Takes in one effect.
    pub(super) fn take_in(&mut self, effect: &Effect) {
        if let Action::Operation(Operation::DropIndex { .. } | Operation::DropConstraint { .. }) =
            &effect.action
            && let Some(table) = effect.before.as_deref()
        {
            let known = self.unique.entry(key(&table.name)).or_default();
            known.extend(unique_columns(table));
        }
        match &effect.action {
            Action::Operation(Operation::DropIndex { name, .. }) => {
                let before = effect.before.as_deref();
                let name = name.ident().map(|name| &name.name);
                if let (Some(table), Some(name)) = (before, name)
                    && let Some(index) = table
                        .indexes
                        .iter()
                        .find(|index| index.name.ident().is_some_and(|known| known.name == *name))
                    && let Some(first) = first_column(index)
                {
                    let place = (key(&table.name), Arc::from(first));
                    self.dropped.insert(place, name.clone());
                }
            }
            Action::Operation(operation) => self.operation(operation),
            Action::Sql(sql) => self.sql(&sql.words),
        }
    }

    fn made(&mut self, table: Key) {
        let name = table.1.to_uppercase();
        self.tables.entry(name).or_default().insert(table);
    }

    /// Forgets a table; whether the release had made it.
    fn gone(&mut self, table: &TableName) -> bool {
        let name = table.name.name.to_uppercase();
        let Some(keys) = self.tables.get_mut(&name) else {
            return false;
        };
        let known = keys.remove(&key(table));
        if keys.is_empty() {
            self.tables.remove(&name);
        }
        known
    }

    fn operation(&mut self, operation: &Operation) {
        match operation {
            Operation::CreateTable { table, .. } => {
                self.made(key(&table.name));
            }
            Operation::DropTable { table, .. } => {
                self.gone(table);
            }
            Operation::RenameTable { table, new_name } => {
                if self.gone(table) {
                    let mut renamed = table.clone();
                    renamed.name = new_name.clone();
                    self.made(key(&renamed));
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
            self.made((None, Arc::from(table.to_lowercase())));
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

/// The columns of each key and index that lets no two rows be alike.
pub(super) fn unique_columns(table: &Table) -> Vec<Vec<Arc<str>>> {
    let names = |columns: &[Ident]| columns.iter().map(|name| name.name.clone()).collect();
    let keys = table
        .constraints
        .iter()
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
                Some(names(columns))
            }
            _ => None,
        });
    let whole = |index: &&Index| index.unique && option(&index.options, "where").is_none();
    let indexes = table.indexes.iter().filter(whole).filter_map(|index| {
        let columns = index.elements.iter().map(|element| match element {
            IndexElement::Column(name) => Some(name.name.clone()),
            IndexElement::Expr(_) => None,
        });
        columns.collect::<Option<Vec<_>>>()
    });
    keys.chain(indexes)
        .filter(|columns: &Vec<_>| !columns.is_empty())
        .collect()
}

/// The column that an index begins with.
pub(super) fn first_column(index: &Index) -> Option<&str> {
    match index.elements.first()? {
        IndexElement::Column(name) => Some(&name.name),
        IndexElement::Expr(_) => None,
    }
}

/// The columns that an INSERT names.
pub(super) fn inserted(words: &[String]) -> Vec<&str> {
    if !begins(words, "INSERT INTO") {
        return Vec::new();
    }
    let open = words.iter().position(|word| word == "(");
    let before = open.and_then(|open| words.get(..open)).unwrap_or_default();
    if before
        .iter()
        .any(|word| word == "VALUES" || word == "SELECT")
    {
        return Vec::new();
    }
    let inside = words.iter().skip(open.map_or(words.len(), |open| open + 1));
    inside
        .take_while(|word| *word != ")")
        .filter(|word| *word != ",")
        .map(String::as_str)
        .collect()
}

/// The columns on the left of `=` behind SET.
pub(super) fn assigned(words: &[String]) -> Vec<&str> {
    let set = words.iter().position(|word| word == "SET");
    let Some(set) = set.filter(|_| begins(words, "UPDATE")) else {
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
