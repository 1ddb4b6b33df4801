//! How long statements take and how much space they need, from the sizes of tables. An estimate: it
//! knows neither the disk nor what else the server does.

use std::collections::BTreeMap;

use super::locks::{Blocks, LockTable, Work};
use super::release::Release;
use super::{Seen, locked};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;

/// Bytes that are read in a second when all rows are looked at.
const SCAN: u64 = 200_000_000;
/// Bytes of a table that an index is built over in a second.
const BUILD: u64 = 50_000_000;
/// Bytes that are written anew in a second, indexes included.
const REWRITE: u64 = 40_000_000;
/// Bytes that an entry of an index takes.
const ENTRY: u64 = 40;

/// What the estimates take for granted, for whoever reads them.
pub const ASSUMED: &str = "assumed: 200 MB/s read, 50 MB/s of a table indexed, 40 MB/s written anew, 40 bytes an entry of an index, nothing else to do for the server";

/// The size of a table.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Size {
    /// Its rows.
    pub rows: u64,
    /// Its bytes, without indexes.
    pub bytes: u64,
}

/// What work with all rows of a table is believed to take.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cost {
    /// How long it takes.
    pub seconds: f64,
    /// How many bytes it needs beside the table.
    pub space: u64,
}

impl Size {
    /// What work with all rows takes.
    pub fn cost(self, work: Work) -> Cost {
        let (speed, space) = match work {
            Work::Nothing => (u64::MAX, 0),
            Work::Scan => (SCAN, 0),
            Work::Build => (BUILD, self.rows.saturating_mul(ENTRY)),
            Work::Rewrite => (REWRITE, self.bytes),
        };
        Cost {
            seconds: self.bytes as f64 / speed as f64,
            space,
        }
    }
}

/// The sizes of tables, by name in lower case, with and without the schema.
#[derive(Clone, Debug, Default)]
pub struct Stats {
    sizes: BTreeMap<String, Size>,
}

impl Stats {
    /// Reads lines of `table,rows,bytes`, separated by commas, tabs or bars, perhaps with a header.
    ///
    /// # Errors
    /// A line that is something else.
    pub fn parse(text: &str) -> Result<Self> {
        let mut sizes = BTreeMap::new();
        for (index, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let mut parts = line
                .rsplitn(3, [',', '\t', '|'])
                .map(|part| part.trim().trim_matches('"'));
            let (bytes, rows, name) = (parts.next(), parts.next(), parts.next());
            // Servers that have not counted say -1.
            let number = |text: Option<&str>| Some(text?.parse::<f64>().ok()?.max(0.0) as u64);
            match (name, number(rows), number(bytes)) {
                (Some(name), Some(rows), Some(bytes)) => {
                    let name = name.to_lowercase();
                    let size = Size { rows, bytes };
                    if let Some((_, last)) = name.rsplit_once('.') {
                        sizes.entry(last.to_owned()).or_insert(size);
                    }
                    sizes.insert(name, size);
                }
                _ if index == 0 => {}
                _ => {
                    let message = format!(
                        "line {} of the statistics is not `table,rows,bytes`",
                        index + 1
                    );
                    return Err(Box::new(Diagnostic::error(Code::Usage, message).with_help(
                        "export what `gensql lint --stats-query` prints as CSV",
                    )));
                }
            }
        }
        Ok(Self { sizes })
    }

    /// The size of a table, by its name as a statement has it.
    pub fn of(&self, table: &str) -> Option<Size> {
        let plain: String = table
            .to_lowercase()
            .chars()
            .filter(|c| !matches!(c, '"' | '`' | '[' | ']'))
            .collect();
        let last = plain.rsplit('.').next();
        let found = self.sizes.get(&plain);
        found.or_else(|| self.sizes.get(last?)).copied()
    }
}

/// What a statement is believed to take.
#[derive(Clone, Debug)]
pub struct Estimate {
    /// The revision.
    pub revision: std::sync::Arc<str>,
    /// The table.
    pub table: String,
    /// The lock, in the product's words.
    pub lock: String,
    /// Who waits meanwhile.
    pub blocks: Blocks,
    /// What is done with the rows.
    pub work: Work,
    /// The size of the table, where it is known.
    pub size: Option<Size>,
    /// How long it takes.
    pub seconds: Option<f64>,
    /// How much space it needs beside the table.
    pub space: Option<u64>,
    /// The statement.
    pub statement: String,
}

/// The estimates of a release: for each statement that does something with the rows of a table that
/// was there before. Where the size is not known, that is said.
pub fn estimates(release: &Release, dialect: &Dialect, stats: &Stats) -> Vec<Estimate> {
    let locks = LockTable::of(dialect);
    let mut seen = Seen::default();
    let mut found = Vec::new();
    for step in &release.steps {
        for change in &step.changes {
            for effect in &change.effects {
                let new = effect
                    .table
                    .as_ref()
                    .is_some_and(|table| seen.is_new(table));
                for used in locked(change, effect, dialect, locks) {
                    if new || used.row.work == Work::Nothing {
                        continue;
                    }
                    let size = stats.of(&used.table);
                    let cost = size.map(|size| size.cost(used.row.work));
                    found.push(Estimate {
                        revision: step.revision.clone(),
                        lock: used.row.lock.clone(),
                        blocks: used.row.blocks,
                        work: used.row.work,
                        seconds: cost.map(|cost| cost.seconds),
                        space: cost.map(|cost| cost.space),
                        size,
                        table: used.table,
                        statement: change.statements.first().cloned().unwrap_or_default(),
                    });
                }
                seen.take_in(effect);
            }
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exports_of_several_clients() {
        let stats = Stats::parse("table,rows,bytes\npublic.users,1000,8192\n").unwrap();
        let users = Size {
            rows: 1000,
            bytes: 8192,
        };
        assert_eq!(stats.of("users"), Some(users));
        assert_eq!(stats.of("\"public\".\"Users\""), Some(users));
        let tabs = Stats::parse("users\t-1\t0").unwrap();
        assert_eq!(tabs.of("users"), Some(Size::default()));
        assert!(Stats::parse("users,1,2\nnonsense").is_err());
    }
}
