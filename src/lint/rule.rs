//! What a rule is, and what it may look at.

use crate::catalog::{Column, TableName};
use crate::diagnostic::Severity;
use crate::dialect::Dialect;
use crate::expression::Ident;
use crate::operation::Operation;
use crate::source::Location;

use super::coming::Coming;
use super::levels::NamePatterns;
use super::locks::{LockTable, Use};
use super::release::{Action, Change, Effect, Release, Sql, Step};
use super::seen::Seen;
use super::words::begins;

/// What kind of danger a rule is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Family {
    /// Data are lost.
    Destructive,
    /// It depends on the rows whether the statement succeeds.
    DataDependent,
    /// Readers or writers have to wait.
    Lock,
    /// Application code that is running fails.
    Compatibility,
    /// What is done together, and what stays behind after a failure.
    Transaction,
    /// Names, types, and what other databases make of them.
    Naming,
    /// The chain of revisions itself.
    Hygiene,
}

impl Family {
    /// Its name in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Destructive => "destructive change",
            Self::DataDependent => "data-dependent failure",
            Self::Lock => "lock and rewrite",
            Self::Compatibility => "backward compatibility",
            Self::Transaction => "transaction safety",
            Self::Naming => "naming and portability",
            Self::Hygiene => "revision hygiene",
        }
    }
}

/// What there is to say of a rule. This is what `gensql explain` prints and what the table in the
/// documentation shows.
#[derive(Debug)]
pub struct Info {
    /// Its name, such as `drop-column`.
    pub name: &'static str,
    /// What kind of danger.
    pub family: Family,
    /// How much it matters where the configuration says nothing.
    pub severity: Severity,
    /// Whether it is off until the configuration turns it on.
    pub opt_in: bool,
    /// One sentence: what is found.
    pub summary: &'static str,
    /// Why that is dangerous.
    pub why: &'static str,
    /// What to do instead.
    pub instead: &'static str,
    /// The dialect for which `bad` and `good` are.
    pub dialect: &'static str,
    /// A revision's SQL that is found.
    pub bad: &'static str,
    /// One that is not.
    pub good: &'static str,
    /// The same for other dialects.
    pub others: &'static [Example],
    /// The rules of other tools that look for the same.
    pub peers: &'static [&'static str],
}

/// What a rule has done where the safe form is mechanical: an index is made or dropped in a form of
/// the statement that needs to be outside of a transaction.
#[derive(Debug)]
pub struct Fix {
    /// What is done, for people.
    pub does: &'static str,
    /// Alembic's directive.
    pub directive: &'static str,
    /// The keyword that it gets.
    pub keyword: &'static str,
    /// The words that the statement begins with; `?` marks one that may be missing.
    pub begins: &'static [&'static str],
    /// The word that comes behind them.
    pub word: &'static str,
}

/// SQL of one dialect that a rule finds, and SQL that it does not.
#[derive(Debug)]
pub struct Example {
    /// The dialect.
    pub dialect: &'static str,
    /// A revision's SQL that is found.
    pub bad: &'static str,
    /// One that is not.
    pub good: &'static str,
}

impl Info {
    /// All examples.
    pub fn examples(&self) -> impl Iterator<Item = Example> {
        let first = Example {
            dialect: self.dialect,
            bad: self.bad,
            good: self.good,
        };
        let others = self.others.iter().map(|example| Example { ..*example });
        std::iter::once(first).chain(others)
    }
}

/// A rule.
pub trait Rule: Sync {
    /// What there is to say of it.
    fn info(&self) -> &'static Info;

    /// What `lint --fix` does about it, where the safe form is mechanical.
    fn fix(&self) -> Option<&'static Fix> {
        None
    }

    /// Whether it can be done on the site's database.
    fn can_fix(&self, _site: &Site<'_>) -> bool {
        false
    }

    /// Looks at one effect.
    fn effect(&self, _site: &Site<'_>, _found: &mut Found) {}

    /// Looks at one step, after its effects.
    fn step(&self, _site: &StepSite<'_>, _found: &mut Found) {}
}

/// An effect with all that stands around it.
#[derive(Clone, Copy)]
pub struct Site<'a> {
    /// The release.
    pub release: &'a Release,
    /// The step.
    pub step: &'a Step,
    /// The change.
    pub change: &'a Change,
    /// The effect.
    pub effect: &'a Effect,
    /// Its number among the effects of the release.
    pub place: usize,
    /// What came before in this release.
    pub seen: &'a Seen,
    /// What comes later in this release.
    pub coming: &'a Coming,
    /// What it locks.
    pub locks: &'a [Use<'a>],
    /// Whether others use the database while the script runs: a file has one user.
    pub served: bool,
    /// What forms of statements lock here.
    pub table: &'a LockTable,
    /// What names shall look like.
    pub names: &'a NamePatterns,
    /// The dialect.
    pub dialect: &'a Dialect,
}

/// A step with all that stands around it.
#[derive(Clone, Copy)]
pub struct StepSite<'a> {
    /// The release.
    pub release: &'a Release,
    /// The step.
    pub step: &'a Step,
    /// What came in this release up to the end of the step.
    pub seen: &'a Seen,
    /// What forms of statements lock here.
    pub table: &'a LockTable,
    /// The dialect.
    pub dialect: &'a Dialect,
}

impl<'a> Site<'a> {
    /// The table that the effect is done to, where it was there before the release.
    pub fn existing(&self) -> Option<&'a TableName> {
        let table = self.effect.table.as_ref()?;
        (!self.is_new(table)).then_some(table)
    }

    /// Whether the effect is done to a table that was there before, or nothing says to which.
    pub fn existing_or_unknown(&self) -> bool {
        self.effect.table.is_none() || self.existing().is_some()
    }

    /// Whether the version that was named is older than `version`; not where none was named.
    pub fn is_before(&self, version: u32) -> bool {
        let stated = self.dialect.version();
        let major = stated.and_then(|text| text.split('.').next()?.parse::<u32>().ok());
        major.is_some_and(|major| major < version)
    }

    /// A column's type as it is spelt, in upper case and without arguments.
    fn plain_type(&self, column: &Column) -> Option<String> {
        let data_type = column.data_type.for_dialect(self.dialect.name());
        let text = self.dialect.type_sql(data_type).ok()?.to_uppercase();
        let plain = match text.split_once('(') {
            Some((name, rest)) => {
                let behind = rest.split_once(')').map_or("", |(_, behind)| behind);
                format!("{}{behind}", name.trim())
            }
            None => text,
        };
        Some(plain)
    }

    /// A column's type, where the rule advises against it.
    fn discouraged(&self, rule: &str, column: &Column) -> Option<String> {
        let plain = self.plain_type(column)?;
        let mut lists = self.table.advice.discouraged.iter();
        lists
            .any(|list| list.rule == rule && list.types.contains(&plain))
            .then_some(plain)
    }

    /// A type that the rule advises against in a definition that is no operation.
    fn discouraged_word(&self, rule: &str) -> Option<&'a str> {
        let words = &self.sql()?.words;
        if !begins(words, "CREATE TABLE") && !begins(words, "ALTER TABLE") {
            return None;
        }
        let lists = self.table.advice.discouraged.iter();
        let types = lists.filter(|list| list.rule == rule);
        types
            .flat_map(|list| &list.types)
            .find(|wanted| words.iter().skip(3).any(|word| word == *wanted))
            .map(String::as_str)
    }

    /// The bytes of a column of fixed width.
    pub fn width(&self, column: &Column) -> Option<u32> {
        let plain = self.plain_type(column)?;
        let mut widths = self.table.advice.widths.iter();
        widths
            .find(|width| width.types.contains(&plain))
            .map(|width| width.bytes)
    }

    /// The operation, where it is one.
    pub fn operation(&self) -> Option<&'a Operation> {
        match &self.effect.action {
            Action::Operation(operation) => Some(operation),
            Action::Sql(_) => None,
        }
    }

    /// The statement, where it is no operation.
    pub fn sql(&self) -> Option<&'a Sql> {
        match &self.effect.action {
            Action::Operation(_) => None,
            Action::Sql(sql) => Some(sql),
        }
    }

    /// Whether the table was made in this release, so that it has no rows and no users yet.
    pub fn is_new(&self, table: &TableName) -> bool {
        self.seen.is_new(table)
    }

    /// The columns that the effect makes, with their table.
    pub fn new_columns(&self) -> Vec<(&'a TableName, &'a Column)> {
        match self.operation() {
            Some(Operation::CreateTable { table, .. }) => table
                .columns
                .iter()
                .map(|column| (&table.name, column))
                .collect(),
            Some(Operation::AddColumn { table, column, .. }) => vec![(table, column)],
            _ => Vec::new(),
        }
    }

    /// The table as people write it.
    pub fn table_name(&self, table: &TableName) -> String {
        self.dialect.table_name(table)
    }

    /// A name as people write it.
    pub fn quote(&self, ident: &Ident) -> String {
        self.dialect.quote(ident)
    }
}

/// What the rules found.
#[derive(Debug)]
pub struct Found {
    pub(super) findings: Vec<Finding>,
    /// How much the rule that looks now matters.
    pub(super) severity: Severity,
}

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub rule: &'static Info,
    /// How much it matters here.
    pub severity: Severity,
    /// What is found, as one sentence in lower case.
    pub message: String,
    /// What to do instead, here.
    pub remedy: String,
    /// The revision.
    pub revision: std::sync::Arc<str>,
    /// Where.
    pub location: Option<Location>,
    /// The statement that it is about.
    pub statement: Option<String>,
    /// The reason with which it was acknowledged in the revision.
    pub allowed: Option<String>,
    /// What `--fix` does about it.
    pub fix: Option<&'static Fix>,
}

impl Found {
    pub(super) fn new() -> Self {
        Self {
            findings: Vec::new(),
            severity: Severity::Note,
        }
    }

    /// Adds a finding about an effect.
    pub fn add(&mut self, rule: &'static Info, site: &Site<'_>, message: impl Into<String>) {
        let statement = match &site.effect.action {
            Action::Sql(sql) => Some(sql.text.clone()),
            // Which of a change's statements an operation has become is not known of a batch.
            Action::Operation(_) if site.change.effects.len() == 1 => {
                site.change.statements.first().cloned()
            }
            Action::Operation(_) => None,
        };
        let location = site.effect.location.as_ref();
        self.push(rule, site.step, location, statement, message.into());
    }

    /// Adds a finding for each new column of a type that the rule advises against.
    pub fn discouraged_types(&mut self, rule: &'static Info, site: &Site<'_>) {
        for (table, column) in site.new_columns() {
            if let Some(kind) = site.discouraged(rule.name, column) {
                let (column, table) = (site.quote(&column.name), site.table_name(table));
                self.add(rule, site, format!("column {column} of {table} is {kind}"));
            }
        }
        if let Some(word) = site.discouraged_word(rule.name) {
            self.add(rule, site, format!("a column is {word}"));
        }
    }

    /// Adds a finding about a revision as a whole.
    pub fn add_step(
        &mut self,
        rule: &'static Info,
        site: &StepSite<'_>,
        message: impl Into<String>,
    ) {
        self.push(rule, site.step, None, None, message.into());
    }

    /// Adds a finding about a place of a revision.
    pub fn add_at(
        &mut self,
        rule: &'static Info,
        site: &StepSite<'_>,
        location: &Location,
        message: impl Into<String>,
    ) {
        self.push(rule, site.step, Some(location), None, message.into());
    }

    /// Without a place of its own, a finding is where the revision is declared.
    fn push(
        &mut self,
        rule: &'static Info,
        step: &Step,
        location: Option<&Location>,
        statement: Option<String>,
        message: String,
    ) {
        self.findings.push(Finding {
            rule,
            severity: self.severity,
            message,
            remedy: rule.instead.to_owned(),
            revision: step.revision.clone(),
            location: location.or(step.location.as_ref()).cloned(),
            statement,
            allowed: None,
            fix: None,
        });
    }
}
