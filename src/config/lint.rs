//! `[lint]` of `gensql.toml`.

use std::collections::BTreeMap;

use super::settings::Setting;
use super::toml::{Found, Table};
use crate::diagnostic::{Result, Severity};

/// How much rules matter; `None` is off.
pub type RuleLevels = BTreeMap<String, Setting<Option<Severity>>>;

/// `[lint]`.
#[derive(Clone, Debug, Default)]
pub struct LintSettings {
    /// For every dialect.
    pub levels: RuleLevels,
    /// `[lint.DIALECT]`: for one dialect, before those for every dialect.
    pub by_dialect: BTreeMap<String, Setting<RuleLevels>>,
    /// `[lint.names]`: the pattern that names of a kind of object match as a whole.
    pub names: BTreeMap<String, Setting<String>>,
}

/// The kinds of objects whose names can have a pattern.
pub const NAMED: &[&str] = &[
    "schema",
    "table",
    "column",
    "index",
    "unique",
    "primary_key",
    "foreign_key",
    "check",
];

pub(super) fn read(table: &Table<'_>) -> Result<LintSettings> {
    let mut settings = LintSettings::default();
    for value in table.entries() {
        if value.is_text() {
            let level = level(&value)?;
            settings.levels.insert(value.key().to_owned(), level);
        } else if value.key() == "names" {
            value.table()?.only(NAMED)?;
            for pattern in value.table()?.entries() {
                let setting = Setting {
                    value: pattern.text()?,
                    location: pattern.location(),
                };
                settings.names.insert(pattern.key().to_owned(), setting);
            }
        } else {
            let mut levels = RuleLevels::new();
            for rule in value.table()?.entries() {
                levels.insert(rule.key().to_owned(), level(&rule)?);
            }
            let setting = Setting {
                value: levels,
                location: value.location(),
            };
            settings.by_dialect.insert(value.key().to_owned(), setting);
        }
    }
    Ok(settings)
}

/// `"off"`, `"note"`, `"warning"` or `"error"`.
fn level(found: &Found<'_>) -> Result<Setting<Option<Severity>>> {
    let value = match found.text()?.as_str() {
        "off" => None,
        "note" => Some(Severity::Note),
        "warning" => Some(Severity::Warning),
        "error" => Some(Severity::Error),
        _ => return Err(found.wrong("\"off\", \"note\", \"warning\" or \"error\"")),
    };
    Ok(Setting {
        value,
        location: found.location(),
    })
}
