//! Questions about the rows of the version table, in the words that all databases know.

use std::sync::Arc;

use super::COLUMN;
use crate::dialect::Dialect;
use crate::revision::VersionRows;

/// The row that stands in the version table while a revision is at work that cannot be rolled
/// back as a whole. It is no identifier of a revision, since it has a colon, and 32 characters
/// are room enough for it.
pub(super) const UNFINISHED: &str = "gensql: unfinished";

/// What writes the conditions.
pub(super) struct Conditions<'a> {
    /// For which database.
    pub(super) dialect: &'a Dialect,
    /// The version table.
    pub(super) table: String,
    /// Whether the row of an unfinished revision counts as none.
    pub(super) but_unfinished: bool,
}

impl Conditions<'_> {
    /// A condition of SQL.
    pub(super) fn sql(&self, rows: &VersionRows) -> String {
        let table = &self.table;
        match rows {
            VersionRows::Empty if self.but_unfinished => {
                let mark = self.dialect.string(UNFINISHED);
                format!("NOT EXISTS (SELECT 1 FROM {table} WHERE {COLUMN} <> {mark})")
            }
            VersionRows::Empty => format!("NOT EXISTS (SELECT 1 FROM {table})"),
            VersionRows::Exactly(ids) => self.exactly(ids),
            VersionRows::All(ids) => {
                let each = ids.iter().map(|id| self.some(std::slice::from_ref(id)));
                each.collect::<Vec<_>>().join(" AND ")
            }
            VersionRows::NoneOf(ids) => format!("NOT {}", self.some(ids)),
            VersionRows::SomeOf(ids) => self.some(ids),
            VersionRows::Only(ids) => {
                let list = self.list(ids, "NOT IN", " AND ");
                format!("NOT EXISTS (SELECT 1 FROM {table} WHERE {list})")
            }
            VersionRows::Each(all) => {
                let each: Vec<String> = all.iter().map(|rows| self.sql(rows)).collect();
                each.join(" AND ")
            }
            VersionRows::Either(all) => {
                let each: Vec<String> = all
                    .iter()
                    .map(|rows| format!("({})", self.sql(rows)))
                    .collect();
                format!("({})", each.join(" OR "))
            }
        }
    }

    fn exactly(&self, ids: &[Arc<str>]) -> String {
        let table = &self.table;
        match ids {
            [] => format!("NOT EXISTS (SELECT 1 FROM {table})"),
            [_] => format!("(SELECT count(*) FROM {table}) = 1 AND {}", self.some(ids)),
            _ => {
                // Counted apart, since the table may have no key.
                let count = ids.len();
                let list = self.list(ids, "IN", " OR ");
                format!(
                    "(SELECT count(*) FROM {table}) = {count} AND (SELECT count(DISTINCT {COLUMN}) FROM {table} WHERE {list}) = {count}"
                )
            }
        }
    }

    fn some(&self, ids: &[Arc<str>]) -> String {
        let condition = match ids {
            [id] => format!("{COLUMN} = {}", self.dialect.string(id)),
            _ => self.list(ids, "IN", " OR "),
        };
        format!("EXISTS (SELECT 1 FROM {} WHERE {condition})", self.table)
    }

    /// `version_num IN (…)`, as often as the longest list of the database demands.
    fn list(&self, ids: &[Arc<str>], operator: &str, joined: &str) -> String {
        let longest = self
            .dialect
            .facts()
            .guard
            .longest_list
            .unwrap_or(usize::MAX);
        let lists: Vec<String> = ids
            .chunks(longest.max(1))
            .map(|ids| {
                let literals: Vec<String> = ids.iter().map(|id| self.dialect.string(id)).collect();
                format!("{COLUMN} {operator} ({})", literals.join(", "))
            })
            .collect();
        lists.join(joined)
    }
}

/// That a table holds that many rows.
pub(super) fn holds(table: &str, rows: usize) -> String {
    match rows {
        0 => format!("NOT EXISTS (SELECT 1 FROM {table})"),
        _ => format!("(SELECT count(*) FROM {table}) = {rows}"),
    }
}

/// Identifiers as a message names them.
pub(super) fn named(ids: &[Arc<str>]) -> String {
    if ids.is_empty() {
        "base".to_owned()
    } else {
        ids.join(", ")
    }
}
