//! Checks of the version table, and what else a script does before its first change and behind its
//! last.

use std::sync::Arc;
use std::time::Duration;

use super::condition::{self, Conditions, UNFINISHED, named};
use super::{COLUMN, Script};
use crate::catalog::TableName;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;
use crate::lower::Statement;
use crate::revision::{Plan, Rerun, VersionChange, VersionRows};

/// How many tables are asked for their rows in one condition: SQLite nests a thousand at most.
const TABLES_AT_ONCE: usize = 100;

/// What is said of a database whose tables hold other rows.
const OTHER_ROWS: &str = "a table holds other rows than the revisions wrote into a new database";

/// What stands before the first step.
pub(super) struct Opening {
    /// The rows that the database must have; none are asked of a new one.
    start: Option<VersionRows>,
    /// What the message says where it has not.
    message: String,
    /// Whether there may be no version table.
    missing: bool,
    /// The check of a new database.
    fresh: Option<Statement>,
    /// How many rows tables must hold.
    holding: Vec<(TableName, usize)>,
}

impl Script<'_> {
    /// Says which steps will come. `fresh` is the check of a new database.
    ///
    /// # Errors
    /// What the dialect has no way for, and what rendering fails with.
    pub fn plan(
        &mut self,
        plan: &Plan,
        rerun: Option<Rerun>,
        fresh: Option<Statement>,
    ) -> Result<()> {
        if self.options.compat || plan.steps.is_empty() {
            return Ok(());
        }
        self.rows.clone_from(&plan.start);
        let end = plan.end();
        self.header(&plan.start, &end)?;
        self.planned = true;
        self.steps = plan.steps.len();
        let safety = self.options.safety.clone();
        let mut opening = Opening {
            start: None,
            message: format!(
                "the database is not at {}, where this script begins",
                named(&plan.start)
            ),
            missing: plan.start.is_empty(),
            fresh,
            holding: Vec::new(),
        };
        if let Some(rerun) = rerun {
            self.needs_client(self.dialect.facts().guard.skip_client.as_deref(), None)?;
            opening.missing = plan.start.is_empty() || end.is_empty();
            opening.message = format!(
                "the database is not at a revision between {} and {}",
                named(&plan.start),
                named(&end)
            );
            opening.start = Some(rerun.start);
            self.due = rerun.steps.into_iter();
        } else if safety.guard && opening.fresh.is_none() {
            opening.start = Some(VersionRows::Exactly(plan.start.clone()));
        }
        self.opening = Some(opening);
        Ok(())
    }

    /// Has the script refuse a database whose tables do not hold that many rows. It is for a script
    /// that says which steps will come, and checks its start.
    pub fn expect_rows(&mut self, tables: Vec<(TableName, usize)>) {
        if let Some(opening) = &mut self.opening {
            opening.holding = tables;
        }
    }

    /// The first lines: who reads the script, and how long it waits.
    fn header(&mut self, start: &[Arc<str>], end: &[Arc<str>]) -> Result<()> {
        let facts = &self.dialect.clone();
        let guard = &facts.facts().guard;
        let safety = self.options.safety.clone();
        let mut header = String::new();
        if safety.checks() {
            let refused = if safety.idempotent {
                format!(
                    "-- For a database at any revision between {} and {}; others are refused.",
                    named(start),
                    named(end)
                )
            } else {
                format!("-- For a database at {}; others are refused.", named(start))
            };
            header.push_str(&refused.replace(['\n', '\r'], " "));
            if safety.client.is_none() {
                header.push_str("\n-- The client must stop at the first error: ");
                header.push_str(&guard.apply);
            }
            header.push_str("\n\n");
        }
        if let Some(client) = &safety.client {
            let Some(commands) = guard.clients.get(&**client) else {
                let known: Vec<&str> = guard.clients.keys().map(String::as_str).collect();
                let title = &facts.facts().title;
                return Err(Box::new(
                    Diagnostic::error(Code::Usage, format!("{client} is no client of {title}"))
                        .with_help(format!("the clients of {title}: {}", known.join(", "))),
                ));
            };
            if !commands.is_empty() {
                header.push_str(commands);
                header.push_str("\n\n");
            }
        }
        let before = std::mem::replace(&mut self.out, header);
        for (name, duration) in [
            ("lock_timeout", safety.lock_timeout),
            ("statement_timeout", safety.statement_timeout),
        ] {
            if let Some(duration) = duration {
                let length = self.out.len();
                self.statement(&timed(Statement::new(name), Some(duration)))?;
                if self.out.len() == length {
                    return Err(no_option(name, &facts.facts().title));
                }
            }
        }
        if safety.checks() {
            self.statement(&Statement::new("guard_begin"))?;
        }
        self.header = std::mem::replace(&mut self.out, before);
        Ok(())
    }

    /// What stands in the first transaction before all else. Whether the version table is there
    /// behind it.
    pub(super) fn open(&mut self, creates: bool) -> Result<bool> {
        let Some(opening) = self.opening.take() else {
            return Ok(false);
        };
        let Opening {
            start,
            message,
            missing,
            fresh,
            holding,
        } = opening;
        if self.options.safety.advisory_lock {
            let length = self.out.len();
            let statement = self.locking("advisory_lock").fragment(
                "message",
                self.dialect.string("another script holds the lock"),
            );
            self.statement(&timed(statement, self.options.safety.lock_timeout))?;
            if self.out.len() == length && self.dialect.facts().guard.begin.is_empty() {
                return Err(no_option("advisory_lock", &self.dialect.facts().title));
            }
        }
        if let Some(fresh) = fresh {
            let length = self.out.len();
            self.statement(&fresh)?;
            self.unguarded = self.out.len() == length;
        }
        let Some(start) = start else {
            return Ok(false);
        };
        let create = missing && (creates || self.options.safety.idempotent);
        let first = self.dialect.facts().guard.table_first;
        if create && first {
            self.version_create_missing()?;
        }
        self.check(&start, missing, &message)?;
        if create && !first {
            self.version_create_missing()?;
        }
        for tables in holding.chunks(TABLES_AT_ONCE) {
            let conditions = tables
                .iter()
                .map(|(table, rows)| condition::holds(&self.dialect.table_name(table), *rows));
            let condition = conditions.collect::<Vec<_>>().join("\n    AND ");
            self.check_that(condition, false, OTHER_ROWS)?;
        }
        Ok(create)
    }

    /// What stands behind the last step, in its transaction.
    pub(super) fn arrive(&mut self) -> Result<()> {
        if !self.options.safety.checks() {
            return Ok(());
        }
        let rows = self.rows.clone();
        let message = format!(
            "the database is not at {}, where this script ends",
            named(&rows)
        );
        self.check(&VersionRows::Exactly(rows), false, &message)
    }

    /// What stands behind the last transaction.
    pub(super) fn close(&mut self) -> Result<()> {
        if !self.planned {
            return Ok(());
        }
        if self.options.safety.advisory_lock {
            let statement = self.locking("advisory_unlock");
            self.statement(&statement)?;
        }
        if self.options.safety.checks() {
            self.statement(&Statement::new("guard_end"))?;
        }
        Ok(())
    }

    /// Fails where the rows are others. Only in a transaction that an error spoils is it worth
    /// saying again.
    pub(super) fn check_again(&mut self) -> Result<()> {
        if !self.options.safety.guard
            || self.options.safety.idempotent
            || !self.dialect.facts().guard.spoils_transaction
        {
            return Ok(());
        }
        let mut rows = self.rows.clone();
        let message = format!(
            "the database is not at {}, where this script has come to",
            named(&rows)
        );
        if self.marked {
            rows.push(UNFINISHED.into());
        }
        self.check(&VersionRows::Exactly(rows), false, &message)
    }

    pub(super) fn check(&mut self, rows: &VersionRows, missing: bool, message: &str) -> Result<()> {
        self.check_that(self.condition(rows, false), missing, message)
    }

    /// Fails where a condition of SQL does not hold. `missing`: whether there may be no version
    /// table.
    fn check_that(&mut self, condition: String, missing: bool, message: &str) -> Result<()> {
        let table = self.version_table();
        let name = self.dialect.table_name(&table);
        let national = |text: &str| self.dialect.national(text);
        let statement = Statement::new("guard_version")
            .table(&table)
            .ident("column", &Ident::new(COLUMN))
            .fragment("name", national(&name))
            .fragment("bare", self.dialect.string(&table.name.name))
            .optional(
                "schema",
                table.schema.as_ref().map(|s| self.dialect.string(&s.name)),
            )
            .fragment(
                "query",
                self.quoted(&format!("SELECT count(*) FROM dual WHERE {condition}")),
            )
            .fragment("tag", tag("gensql", &[&condition, message]))
            .fragment("condition", condition)
            .flag("missing", missing)
            .fragment("message", self.dialect.string(message))
            .fragment("label", self.dialect.quote_always(message));
        let length = self.out.len();
        self.statement(&statement)?;
        if self.out.len() == length {
            return Err(no_option("guard", &self.dialect.facts().title));
        }
        Ok(())
    }

    pub(super) fn condition(&self, rows: &VersionRows, but_unfinished: bool) -> String {
        let conditions = Conditions {
            dialect: &self.dialect,
            table: self.dialect.table_name(&self.version_table()),
            but_unfinished,
        };
        conditions.sql(rows)
    }

    pub(super) fn version_create_missing(&mut self) -> Result<()> {
        let create = self.version_create()?;
        let text = (self.render)(&create)?.unwrap_or_default();
        let name = self.dialect.table_name(&self.version_table());
        let statement = create
            .renamed("version_create_missing")
            .fragment("name", self.dialect.national(&name))
            .fragment("statement", self.quoted(&text));
        self.statement(&statement)
    }

    /// Marks that a revision has begun which cannot be rolled back as a whole, or takes the mark
    /// away.
    pub(super) fn mark(&self, set: bool) -> Statement {
        let id: Arc<str> = UNFINISHED.into();
        let mut statement = self.version_change(&if set {
            VersionChange::Insert(id)
        } else {
            VersionChange::Delete(id)
        });
        if set {
            statement = statement.without("returning").fragment("returning", "");
        }
        statement
    }

    fn locking(&self, name: &'static str) -> Statement {
        let resource = format!("gensql {}", self.dialect.table_name(&self.version_table()));
        let key = hash(&resource);
        Statement::new(name)
            .fragment("key", key.to_string())
            // DBMS_LOCK has 30 bits for users.
            .fragment("small_key", (key & 0x3fff_ffff).to_string())
            .fragment("resource", self.dialect.string(&resource))
    }

    /// Refuses what only a client can do, unless it is the one that reads the script.
    pub(super) fn needs_client(
        &self,
        client: Option<&str>,
        statement: Option<&Statement>,
    ) -> Result<()> {
        let Some(client) = client else { return Ok(()) };
        if self.options.safety.client.as_deref() == Some(client) {
            return Ok(());
        }
        let title = &self.dialect.facts().title;
        let (message, location) = match statement {
            Some(statement) => (
                "a statement that runs outside of transactions cannot be skipped in SQL",
                statement.location.clone(),
            ),
            None => ("nothing can be skipped in SQL alone", None),
        };
        Err(Box::new(
            Diagnostic::error(Code::Unsupported, format!("{message} ({title}, --idempotent)"))
                .at(location)
                .with_help(format!(
                    "add `--client {client}`: commands of {client} then decide what runs, and only {client} can read the script; or write a script with `--guard`"
                )),
        ))
    }
}

/// A number for a name (FNV-1a), positive as a signed one, and the same for ever.
fn hash(text: &str) -> u64 {
    let start: u64 = 0xcbf2_9ce4_8422_2325;
    let hashed = text.bytes().fold(start, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    hashed >> 1
}

/// A `$tag$` that none of the texts contains.
pub(super) fn tag(name: &str, texts: &[&str]) -> String {
    let mut tag = format!("${name}$");
    let mut number = 0;
    while texts.iter().any(|text| text.contains(&tag)) {
        number += 1;
        tag = format!("${name}{number}$");
    }
    tag
}

/// Adds a duration in the units that databases have.
fn timed(statement: Statement, duration: Option<Duration>) -> Statement {
    let milliseconds = duration.map(|d| d.as_millis());
    statement
        .optional("milliseconds", milliseconds.map(|n| n.to_string()))
        .optional(
            "seconds",
            milliseconds.map(|n| n.div_ceil(1000).to_string()),
        )
        .optional("fraction", duration.map(|d| d.as_secs_f64().to_string()))
}

pub(super) fn no_option(name: &str, title: &str) -> Box<Diagnostic> {
    let option = name.replace('_', "-");
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            format!("{title} has no statement for --{option}"),
        )
        .with_help(if name == "guard" {
            "write `--no-guard`, or `guard = false` in gensql.toml".to_owned()
        } else {
            format!("leave out --{option}, or `{name}` in gensql.toml")
        }),
    )
}
