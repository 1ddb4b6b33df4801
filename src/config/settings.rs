//! `gensql.toml`.

use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// `version_table`: its name.
    pub version_table: Option<Setting<String>>,
    /// `version_table_schema`: its schema.
    pub version_table_schema: Option<Setting<String>>,
    /// `transaction_per_migration`.
    pub transaction_per_migration: Option<bool>,
    /// `guard`: whether the script checks first that the database is at its start.
    pub guard: Option<Setting<bool>>,
    /// `[vars]`: values for the templates of SQL revisions.
    pub vars: BTreeMap<String, serde_json::Value>,
    /// `[types]`: for names of types their spelling in each dialect; `default` is for the others.
    pub types: BTreeMap<String, BTreeMap<String, String>>,
}

const KEYS: &[&str] = &[
    "dialect",
    "revisions",
    "recursive",
    "alembic",
    "section",
    "script_location",
    "version_table",
    "version_table_schema",
    "transaction_per_migration",
    "guard",
    "vars",
    "types",
];

impl Settings {
    /// Reads `gensql.toml`.
    pub fn parse(file: &Arc<SourceFile>) -> Result<Self> {
        with_table(file, |table| Self::read(&table))
    }

    fn read(table: &Table<'_>) -> Result<Self> {
        table.only(KEYS)?;
        let text = |key: &str| table.get(key).map(|found| setting(&found)).transpose();
        let flag = |key: &str| table.get(key).map(|found| found.flag()).transpose();
        let mut settings = Self {
            dialect: text("dialect")?,
            recursive: flag("recursive")?.unwrap_or(false),
            alembic: text("alembic")?,
            section: text("section")?,
            script_location: text("script_location")?,
            version_table: text("version_table")?,
            version_table_schema: text("version_table_schema")?,
            transaction_per_migration: flag("transaction_per_migration")?,
            guard: match table.get("guard") {
                Some(found) => Some(Setting {
                    value: found.flag()?,
                    location: found.location(),
                }),
                None => None,
            },
            ..Self::default()
        };
        if let Some(found) = table.get("revisions") {
            let place = |value| Setting {
                value,
                location: found.location(),
            };
            settings.revisions = found.texts()?.into_iter().map(place).collect();
        }
        if let Some(found) = table.get("vars") {
            for value in found.table()?.entries() {
                settings.vars.insert(value.key().to_owned(), value.data()?);
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
