//! `gensql.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use super::lint::LintSettings;
use super::toml::{Found, Table, with_table};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile};

/// A setting with its place.
#[derive(Clone, Debug, PartialEq)]
pub struct Setting<T> {
    /// What is set.
    pub value: T,
    /// Where.
    pub location: Location,
}

/// What `gensql.toml` says. Nothing in it is required.
#[derive(Clone, Debug, Default)]
pub struct Settings {
    /// `dialect = "postgresql"` or `"postgresql:16"`.
    pub dialect: Option<Setting<String>>,
    /// `revisions`: directories of SQL revisions.
    pub revisions: Vec<Setting<String>>,
    /// `recursive`: whether their sub-directories belong to them.
    pub recursive: bool,
    /// `alembic`: an `alembic.ini`, a `pyproject.toml` or the directory of one.
    pub alembic: Option<Setting<String>>,
    /// `section`: the section of the ini file, as with `-n`.
    pub section: Option<Setting<String>>,
    /// `script_location`: the directory with `env.py` and `versions`.
    pub script_location: Option<Setting<String>>,
    /// `packages`: virtual environments, or directories of installed packages, which modules of the project import.
    pub packages: Vec<Setting<String>>,
    /// `stand_ins`: directories of modules that are evaluated in the place of those with their names.
    pub stand_ins: Vec<Setting<String>>,
    /// `version_table`: its name.
    pub version_table: Option<Setting<String>>,
    /// `version_table_schema`: its schema.
    pub version_table_schema: Option<Setting<String>>,
    /// `transaction_per_migration`.
    pub transaction_per_migration: Option<bool>,
    /// What scripts check and wait for.
    pub safety: SafetySettings,
    /// `[vars]`: values for the templates of SQL revisions.
    pub vars: BTreeMap<String, serde_json::Value>,
    /// `[lint]`: how much rules matter.
    pub lint: LintSettings,
    /// `[answers]`: what the database says to queries, by their text.
    pub answers: BTreeMap<String, serde_json::Value>,
    /// `[types]`: for names of types their spelling in each dialect; `default` is for the others.
    pub types: BTreeMap<String, BTreeMap<String, String>>,
}

/// What scripts check and wait for.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SafetySettings {
    /// `guard`: whether the script refuses a database that is not at its start.
    pub guard: Option<bool>,
    /// `idempotent`: whether each revision runs only if it is not applied.
    pub idempotent: bool,
    /// `lock_timeout`: how long a statement waits for a lock.
    pub lock_timeout: Option<Duration>,
    /// `statement_timeout`: how long a statement may run.
    pub statement_timeout: Option<Duration>,
    /// `advisory_lock`: whether no two scripts run at once.
    pub advisory_lock: bool,
    /// `client`: the command-line client that reads the scripts; `none` for any.
    pub client: Option<String>,
}

/// Reads `500ms`, `5s`, `2min` or `1h`.
///
/// # Errors
/// What is expected, where the text is something else.
pub fn duration(text: &str) -> Result<Duration, String> {
    let wrong = || "a duration is a number with ms, s, min or h, such as 5s".to_owned();
    let text = text.trim();
    let split = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    let (digits, unit) = text.split_at(split);
    let milliseconds: u64 = match unit.trim() {
        "ms" => 1,
        "s" => 1000,
        "m" | "min" => 60_000,
        "h" => 3_600_000,
        _ => return Err(wrong()),
    };
    let number: u64 = digits.parse().map_err(|_| wrong())?;
    let total = number.checked_mul(milliseconds).ok_or_else(wrong)?;
    // The units of databases are signed 32-bit numbers of milliseconds.
    if total == 0 || i32::try_from(total).is_err() {
        return Err("a duration is more than nothing and less than 24 days".to_owned());
    }
    Ok(Duration::from_millis(total))
}

const KEYS: &[&str] = &[
    "dialect",
    "revisions",
    "recursive",
    "alembic",
    "section",
    "script_location",
    "packages",
    "stand_ins",
    "version_table",
    "version_table_schema",
    "transaction_per_migration",
    "guard",
    "idempotent",
    "lock_timeout",
    "statement_timeout",
    "advisory_lock",
    "client",
    "vars",
    "answers",
    "types",
    "lint",
];

/// Those that say where the revisions are.
const PLACES: &[&str] = &[
    "revisions",
    "recursive",
    "alembic",
    "section",
    "script_location",
    "packages",
    "stand_ins",
];

impl Settings {
    /// Reads `gensql.toml`.
    pub fn parse(file: &Arc<SourceFile>) -> Result<Self> {
        with_table(file, |table| Self::read(&table))
    }

    /// Reads `[tool.gensql]` of a `pyproject.toml`, which says everything but where the revisions
    /// are: that is what the rest of the file says.
    pub fn of_tool(file: &Arc<SourceFile>) -> Result<Self> {
        with_table(file, |table| {
            let Some(tool) = table.get("tool") else {
                return Ok(Self::default());
            };
            let Some(own) = tool.table()?.get("gensql") else {
                return Ok(Self::default());
            };
            let own = own.table()?;
            let known: Vec<&str> = KEYS
                .iter()
                .copied()
                .filter(|key| !PLACES.contains(key))
                .collect();
            own.only(&known)?;
            Self::read(&own)
        })
    }

    fn read(table: &Table<'_>) -> Result<Self> {
        table.only(KEYS)?;
        let text = |key: &str| table.get(key).map(|found| setting(&found)).transpose();
        let flag = |key: &str| table.get(key).map(|found| found.flag()).transpose();
        let time = |key: &str| -> Result<Option<Duration>> {
            let Some(found) = table.get(key) else {
                return Ok(None);
            };
            let read = duration(&found.text()?);
            read.map(Some)
                .map_err(|_| found.wrong("a duration, such as \"5s\" or \"500ms\""))
        };
        let mut settings = Self {
            dialect: text("dialect")?,
            recursive: flag("recursive")?.unwrap_or(false),
            alembic: text("alembic")?,
            section: text("section")?,
            script_location: text("script_location")?,
            version_table: text("version_table")?,
            version_table_schema: text("version_table_schema")?,
            transaction_per_migration: flag("transaction_per_migration")?,
            safety: SafetySettings {
                guard: flag("guard")?,
                idempotent: flag("idempotent")?.unwrap_or(false),
                advisory_lock: flag("advisory_lock")?.unwrap_or(false),
                lock_timeout: time("lock_timeout")?,
                statement_timeout: time("statement_timeout")?,
                client: text("client")?.map(|client| client.value),
            },
            ..Self::default()
        };
        for (key, list) in [
            ("revisions", &mut settings.revisions),
            ("packages", &mut settings.packages),
            ("stand_ins", &mut settings.stand_ins),
        ] {
            let Some(found) = table.get(key) else {
                continue;
            };
            let place = |value| Setting {
                value,
                location: found.location(),
            };
            *list = found.texts()?.into_iter().map(place).collect();
        }
        if let Some(found) = table.get("vars") {
            for value in found.table()?.entries() {
                settings.vars.insert(value.key().to_owned(), value.data()?);
            }
        }
        if let Some(found) = table.get("answers") {
            for value in found.table()?.entries() {
                let answer = value.data()?;
                if !is_answer(&answer) {
                    return Err(value.wrong("a value, a list of values, or a list of rows"));
                }
                settings.answers.insert(value.key().to_owned(), answer);
            }
        }
        if let Some(found) = table.get("types") {
            for value in found.table()?.entries() {
                if !is_dotted(value.key()) {
                    let message = format!("'{}' is no name of a type", value.key());
                    return Err(Box::new(
                        Diagnostic::error(Code::ConfigInvalid, message)
                            .at(value.location())
                            .with_help("write `\"package.module.Type\" = …`, or the name of a type in SQL revisions"),
                    ));
                }
                settings
                    .types
                    .insert(value.key().to_owned(), spellings(&value)?);
            }
        }
        if let Some(found) = table.get("lint") {
            settings.lint = super::lint::read(&found.table()?)?;
        }
        let alembic = settings
            .alembic
            .as_ref()
            .or(settings.script_location.as_ref());
        if let (Some(first), Some(other)) = (settings.revisions.first(), alembic) {
            return Err(Box::new(
                Diagnostic::error(
                    Code::ConfigInvalid,
                    "a project has either SQL revisions or Alembic revisions, not both",
                )
                .at(other.location.clone())
                .label(first.location.clone(), "SQL revisions are named here")
                .with_help("remove one of the two, or write two files and choose with `-c`"),
            ));
        }
        Ok(settings)
    }
}

fn setting(found: &Found<'_>) -> Result<Setting<String>> {
    let value = found.text()?;
    if value.is_empty() {
        return Err(found.wrong("a text that is not empty"));
    }
    Ok(Setting {
        value,
        location: found.location(),
    })
}

/// Whether data say the rows of a query: one value, one a row, or rows of values.
fn is_answer(data: &serde_json::Value) -> bool {
    let is_cell =
        |value: &serde_json::Value| value.is_string() || value.is_boolean() || value.is_i64();
    let is_row = |row: &serde_json::Value| match row {
        serde_json::Value::Array(cells) => !cells.is_empty() && cells.iter().all(is_cell),
        cell => is_cell(cell),
    };
    match data {
        serde_json::Value::Array(rows) => rows.iter().all(is_row),
        cell => is_cell(cell),
    }
}

/// Whether a name is that of a type in a Python module, or of one in SQL.
fn is_dotted(name: &str) -> bool {
    let word = |part: &str| {
        part.starts_with(|c: char| c.is_alphabetic() || c == '_')
            && part.chars().all(|c| c.is_alphanumeric() || c == '_')
    };
    name.split('.').all(word)
}

fn spellings(found: &Found<'_>) -> Result<BTreeMap<String, String>> {
    if found.is_text() {
        return Ok(BTreeMap::from([("default".to_owned(), found.text()?)]));
    }
    found
        .table()?
        .entries()
        .map(|e| Ok((e.key().to_owned(), e.text()?)))
        .collect()
}
