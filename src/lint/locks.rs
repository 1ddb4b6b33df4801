//! What each form of statement locks and how much work it is, from the tables in
//! `dialects/locks`.

use std::sync::OnceLock;

use serde::Deserialize;

use super::advice::Advice;
use super::form::Form;
use super::words::words;
use crate::dialect::Dialect;

/// The tables, by the dialect that they were written for.
const TABLES: &[(&str, &str)] = &[
    (
        "postgresql",
        include_str!("../../dialects/locks/postgresql.toml"),
    ),
    ("mariadb", include_str!("../../dialects/locks/mariadb.toml")),
    ("mysql", include_str!("../../dialects/locks/mysql.toml")),
    ("mssql", include_str!("../../dialects/locks/mssql.toml")),
    ("oracle", include_str!("../../dialects/locks/oracle.toml")),
    ("sqlite", include_str!("../../dialects/locks/sqlite.toml")),
];

/// Who has to wait while the lock is held.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Blocks {
    /// Nobody.
    Nothing,
    /// Other changes of the schema.
    Schema,
    /// Those that change rows.
    Writes,
    /// Those that read as well.
    Reads,
}

/// What is done with the rows that are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Work {
    /// Nothing.
    Nothing,
    /// All of them are read.
    Scan,
    /// An index over all of them is built.
    Build,
    /// All of them are written anew.
    Rewrite,
}

/// One row of a lock table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Row {
    /// The form.
    pub form: Form,
    /// The lock, or the algorithm, in the product's own words.
    pub lock: String,
    /// Who waits while it is held.
    pub blocks: Blocks,
    /// What happens to the rows.
    pub work: Work,
    /// What else there is to know.
    #[serde(default)]
    pub note: String,
    /// Where it is documented; the table's own source where this is empty.
    #[serde(default)]
    pub source: String,
    /// The first version, by its first number, of which it is true.
    #[serde(default)]
    pub since: u32,
    /// The first version of which it is no longer true.
    #[serde(default = "any")]
    pub before: u32,
}

fn any() -> u32 {
    u32::MAX
}

/// The lock table of a dialect.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LockTable {
    /// Where the rows are documented.
    #[serde(default)]
    pub source: String,
    /// Whether others use the database while a script runs.
    #[serde(default)]
    pub served: bool,
    /// Whether a generated column without a word about it is stored.
    #[serde(default)]
    pub generated_is_stored: bool,
    /// Functions, in upper case, whose value each row needs for itself.
    #[serde(default)]
    volatile: Vec<String>,
    /// Types, in upper case, whose first argument may grow.
    #[serde(default)]
    grows: Vec<String>,
    /// Lengths beyond which a text's length is kept in more bytes, so that a change across one
    /// is no growth.
    #[serde(default)]
    steps: Vec<u64>,
    /// Pairs of types, without arguments, of which the first can be taken as the second.
    #[serde(default)]
    compatible: Vec<(String, String)>,
    /// Types, in upper case, whose values are listed, and may get further ones at the end.
    #[serde(default)]
    appends: Vec<String>,
    /// The query that lists tables with their rows and bytes, where there is one.
    #[serde(default)]
    pub sizes: String,
    /// What else rules ask for.
    #[serde(default)]
    pub advice: Advice,
    #[serde(default)]
    row: Vec<Row>,
}

/// What an effect locks.
#[derive(Clone, Debug)]
pub struct Use<'a> {
    /// The form.
    pub form: Form,
    /// The table.
    pub table: String,
    /// What the table of locks says.
    pub row: &'a Row,
}

impl LockTable {
    /// The table for a dialect: its own, or that of the dialect that it extends. Empty where there
    /// is none.
    pub fn of(dialect: &Dialect) -> &'static Self {
        static LOADED: OnceLock<Vec<(&'static str, LockTable)>> = OnceLock::new();
        static NONE: OnceLock<LockTable> = OnceLock::new();
        let loaded = LOADED.get_or_init(|| {
            let read =
                |(name, text): &(&'static str, &str)| Some((*name, toml::from_str(text).ok()?));
            TABLES.iter().filter_map(read).collect()
        });
        loaded
            .iter()
            .find(|(name, _)| dialect.is_a(name))
            .map_or_else(|| NONE.get_or_init(Self::default), |(_, table)| table)
    }

    /// The row of a form, on a version of the server; without one, the newest.
    pub fn row(&self, form: Form, version: Option<u32>) -> Option<&Row> {
        let holds = |row: &&Row| match version {
            Some(version) => row.since <= version && version < row.before,
            None => row.before == u32::MAX,
        };
        self.row.iter().filter(|row| row.form == form).find(holds)
    }

    /// Whether one of the statements calls a function whose value each row needs for itself.
    pub fn is_volatile(&self, statements: &[String]) -> bool {
        statements.iter().any(|text| {
            words(text)
                .iter()
                .any(|word| self.volatile.iter().any(|known| known == word))
        })
    }

    /// Whether listed values only get further ones at the end, in as many bytes; `None` for other
    /// types.
    fn appended(&self, from: &str, to: &str) -> Option<bool> {
        let ((from, old), (to, new)) = (listed(from)?, listed(to)?);
        if from != to || !self.appends.contains(&from) {
            return None;
        }
        let width = |values: &[&str]| listed_width(&from, values.len());
        Some(new.starts_with(&old) && width(&old) == width(&new))
    }

    /// Whether rows of the type `from` can stay as they are when it becomes `to`.
    pub fn is_compatible(&self, from: &str, to: &str) -> bool {
        if let Some(appended) = self.appended(from, to) {
            return appended;
        }
        let (from, old) = arguments(from);
        let (to, new) = arguments(to);
        if from == to && self.grows.contains(&from) {
            return match (old.split_first(), new.split_first()) {
                (Some((old, old_rest)), Some((new, new_rest))) => {
                    let crosses = |step: &u64| *old <= *step && *new > *step;
                    new >= old && old_rest == new_rest && !self.steps.iter().any(crosses)
                }
                (Some(_), None) => self.steps.is_empty(),
                (None, _) => false,
            };
        }
        self.compatible
            .iter()
            .any(|(known_from, known_to)| *known_from == from && *known_to == to)
            && (new.is_empty()
                || self.steps.is_empty() && old.first() <= new.first() && !old.is_empty())
    }
}

/// How many bytes a value of a type with so many listed values takes: one or two for one of them,
/// a bit for each where it is a set.
fn listed_width(name: &str, values: usize) -> usize {
    match name {
        "SET" => match values.div_ceil(8) {
            bytes @ 0..=4 => bytes,
            _ => 8,
        },
        _ => 1 + usize::from(values > 255),
    }
}

/// The listed values of `ENUM('a','b')`, as they are written.
fn listed(text: &str) -> Option<(String, Vec<&str>)> {
    let (name, rest) = text.split_once('(')?;
    let (inside, _) = rest.rsplit_once(')')?;
    let mut values = Vec::new();
    let (mut quoted, mut start) = (false, 0);
    for (at, sign) in inside.char_indices() {
        match sign {
            '\'' => quoted = !quoted,
            ',' if !quoted => {
                values.push(inside.get(start..at)?.trim());
                start = at + 1;
            }
            _ => {}
        }
    }
    values.push(inside.get(start..)?.trim());
    Some((name.trim().to_uppercase(), values))
}

/// `VARCHAR(80)` as `VARCHAR` and 80.
fn arguments(text: &str) -> (String, Vec<u64>) {
    let upper = text.to_uppercase();
    let Some((name, rest)) = upper.split_once('(') else {
        return (upper, Vec::new());
    };
    let (inside, behind) = rest.split_once(')').unwrap_or((rest, ""));
    let numbers = inside
        .split(',')
        .filter_map(|number| number.trim().split(' ').next()?.parse().ok());
    (format!("{}{behind}", name.trim()), numbers.collect())
}
