//! What a review says. `docs/review.schema.json` describes its JSON, and a test holds the two
//! against each other: a change that readers can see gets another version.

use serde::Serialize;

/// The version of the JSON's schema.
pub const VERSION: u32 = 2;

/// The review of a release.
#[derive(Debug, Serialize)]
pub struct Review {
    /// The version of this schema.
    pub version: u32,
    /// What made it.
    pub tool: Tool,
    /// What is reviewed.
    pub range: Range,
    /// One for each context of `env.py`; usually one.
    pub databases: Vec<Database>,
    /// What the estimates take for granted; nothing where no sizes were given.
    pub assumed: Option<&'static str>,
}

/// What made a review.
#[derive(Debug, Serialize)]
pub struct Tool {
    /// `gensql`.
    pub name: &'static str,
    /// Its version.
    pub version: &'static str,
}

/// From where to where a release goes.
#[derive(Debug, Default, Serialize)]
pub struct Range {
    /// The revisions before it; none for an empty database.
    pub from: Vec<String>,
    /// The revisions after it.
    pub to: Vec<String>,
    /// The command that prints its script.
    pub upgrade: String,
    /// The command that prints the script that takes it back; empty where no single target names
    /// its start.
    pub downgrade: String,
}

/// A release on one database.
#[derive(Debug, Serialize)]
pub struct Database {
    /// The dialect.
    pub dialect: String,
    /// The database as people call it.
    pub title: String,
    /// The version of the server that is assumed; the newest where there is none.
    pub server_version: Option<String>,
    /// Whether statements of DDL can be rolled back, and so run in a transaction.
    pub transactional: bool,
    /// Whether each revision has a transaction of its own.
    pub transaction_per_revision: bool,
    /// The whole in figures.
    pub summary: Summary,
    /// What the rules of lint found, the worst first.
    pub risks: Vec<Risk>,
    /// What is locked, in the order of the script.
    pub locks: Vec<Lock>,
    /// The revisions, in the order of the script.
    pub steps: Vec<Step>,
}

/// A release in figures.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    /// Revisions.
    pub revisions: usize,
    /// Statements of the script, without those of its frame.
    pub statements: usize,
    /// Tables that it changes.
    pub tables: usize,
    /// Open findings.
    pub findings: Counts,
    /// Findings that a revision acknowledges.
    pub acknowledged: usize,
    /// Tables in use whose readers have to wait.
    pub blocks_reads: usize,
    /// Tables in use whose writers have to wait, and not their readers.
    pub blocks_writes: usize,
    /// Statements that write all rows of a table in use anew.
    pub rewrites: usize,
    /// Statements that read all rows of a table in use, or build an index over them.
    pub scans: usize,
    /// Statements outside of a transaction.
    pub outside_transactions: usize,
    /// Revisions whose rollback loses data.
    pub lossy_rollbacks: usize,
    /// Revisions that cannot be taken back.
    pub no_rollback: usize,
    /// Revisions that could not be read to their end.
    pub unread: usize,
    /// The whole in one word: `clear`, `look`, `stop` or `incomplete`.
    pub verdict: &'static str,
}

/// How many findings of each severity.
#[derive(Debug, Default, Serialize)]
#[allow(missing_docs)]
pub struct Counts {
    pub error: usize,
    pub warning: usize,
    pub note: usize,
}

/// What a rule found.
#[derive(Debug, Serialize)]
pub struct Risk {
    /// Its number, from 1.
    pub number: usize,
    /// `error`, `warning` or `note`.
    pub severity: &'static str,
    /// The rule.
    pub rule: &'static str,
    /// What kind of danger.
    pub family: &'static str,
    /// What is found.
    pub message: String,
    /// What to do instead.
    pub remedy: String,
    /// The revision.
    pub revision: String,
    /// The number of the statement, where it is about one.
    pub statement: Option<usize>,
    /// The file.
    pub file: String,
    /// The line, from 1; 0 where there is none.
    pub line: usize,
    /// The reason with which the revision acknowledges it.
    pub acknowledged: Option<String>,
}

/// What a statement locks.
#[derive(Debug, Serialize)]
pub struct Lock {
    /// The number of the statement that takes it.
    pub statement: usize,
    /// The number of the last statement before it is given back.
    pub until: usize,
    /// The revision.
    pub revision: String,
    /// The table.
    pub table: String,
    /// Whether the release itself made the table, so that nobody waits.
    pub new_table: bool,
    /// The lock or algorithm, in the product's own words.
    pub lock: String,
    /// Who waits: `nothing`, `schema`, `writes` or `reads`.
    pub blocks: &'static str,
    /// What is done with the rows: `nothing`, `scan`, `build` or `rewrite`.
    pub work: &'static str,
    /// What else there is to know.
    pub note: String,
    /// Where that is documented.
    pub source: String,
    /// What the work with the rows is believed to take, where the size of the table was given.
    pub estimate: Option<Estimate>,
}

/// How long something takes and how much space it needs, as far as the size of a table tells.
#[derive(Debug, Serialize)]
pub struct Estimate {
    /// The rows of the table.
    pub rows: u64,
    /// Its bytes, without indexes.
    pub bytes: u64,
    /// How long it takes.
    pub seconds: f64,
    /// How many bytes it needs beside the table.
    pub space: u64,
}

impl Estimate {
    /// In words.
    pub fn text(&self) -> String {
        let megabytes = |bytes: u64| bytes.div_ceil(1_000_000);
        format!(
            "{} rows, {} MB: about {} s, {} MB of space",
            self.rows,
            megabytes(self.bytes),
            self.seconds.ceil(),
            megabytes(self.space)
        )
    }
}

/// One revision.
#[derive(Debug, Serialize)]
pub struct Step {
    /// Its number, from 1.
    pub number: usize,
    /// Its identifier.
    pub revision: String,
    /// The first paragraph of its message.
    pub message: String,
    /// The revisions that it follows.
    pub follows: Vec<String>,
    /// Its file.
    pub file: String,
    /// The line on which its identifier is.
    pub line: usize,
    /// The worst open finding: `error`, `warning`, `note` or `none`.
    pub severity: &'static str,
    /// The numbers of the findings that are about no statement.
    pub risks: Vec<usize>,
    /// What it does.
    pub changes: Vec<Change>,
    /// The tables that it changes, before and after.
    pub tables: Vec<TableChange>,
    /// How it is taken back.
    pub rollback: Rollback,
    /// Why it could not be read to its end.
    pub failure: Option<String>,
}

/// One operation.
#[derive(Debug, Serialize)]
pub struct Change {
    /// What it does, in words.
    pub effect: String,
    /// The file that asks for it.
    pub file: String,
    /// The line.
    pub line: usize,
    /// Its statements.
    pub statements: Vec<Statement>,
    /// The numbers of the findings about it.
    pub risks: Vec<usize>,
    /// The places of its locks in the list of locks, from 0.
    pub locks: Vec<usize>,
}

/// One statement.
#[derive(Debug, Serialize)]
pub struct Statement {
    /// Its number, from 1.
    pub number: usize,
    /// Its text.
    pub sql: String,
    /// The number of its transaction, from 1; none where it runs outside of one.
    pub transaction: Option<usize>,
}

/// A table before and after a revision.
#[derive(Debug, Serialize)]
pub struct TableChange {
    /// Its name.
    pub table: String,
    /// `created`, `dropped` or `changed`.
    pub change: &'static str,
    /// Its definition, with what goes and what comes.
    pub lines: Vec<Line>,
}

/// One line of a definition.
#[derive(Debug, Serialize)]
pub struct Line {
    /// Whether it goes, comes or stays.
    pub kind: LineKind,
    /// The text.
    pub text: String,
}

/// What happens to a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum LineKind {
    /// It is there before and after.
    Same,
    /// It is there before.
    Removed,
    /// It is there after.
    Added,
}

/// How a revision is taken back.
#[derive(Debug, Default, Serialize)]
pub struct Rollback {
    /// The statements, in order.
    pub statements: Vec<String>,
    /// What does not come back.
    pub loses: Vec<String>,
    /// Why it cannot be taken back.
    pub failure: Option<String>,
}
