//! What a database's SQL looks like: facts from `dialects/*.toml`, identifiers, types, literals.

mod facts;
mod identifier;
mod literal;
mod spelling;

pub use facts::{
    AlterColumn, Autoincrement, Batch, Bind, ColumnLayout, Comments, Condition, DateTimeLiteral,
    DefinitionOptions, DropConstraint, EnumStrategy, Facts, Features, OverLimit, Portable,
    SchemaInIndex, StatementQuotes, UuidLiteral,
};

use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::diagnostic::{Code, Diagnostic, Result};

/// A dialect, loaded.
pub struct Dialect {
    facts: Facts,
    reserved: FxHashSet<String>,
    version: Option<String>,
    compat: bool,
}

/// The dialects that are built in: names and texts.
const BUILTIN: &[(&str, &str)] = &[
    ("postgresql", include_str!("../../dialects/postgresql.toml")),
    ("sqlite", include_str!("../../dialects/sqlite.toml")),
    ("mssql", include_str!("../../dialects/mssql.toml")),
    ("oracle", include_str!("../../dialects/oracle.toml")),
    ("mysql", include_str!("../../dialects/mysql.toml")),
    ("mariadb", include_str!("../../dialects/mariadb.toml")),
];

impl Dialect {
    /// Loads a built-in dialect by its name or an alias. `compat` keeps SQLAlchemy's refusals
    /// where a value could be written after all.
    ///
    /// # Errors
    /// [`Code::DialectUnknown`] with the names that there are.
    pub fn load(name: &str, version: Option<&str>, compat: bool) -> Result<Rc<Self>> {
        let wanted = name.to_ascii_lowercase();
        for (known, text) in BUILTIN {
            let direct = *known == wanted;
            // Only a text that mentions the alias has to be read.
            if !direct && !text.contains(&format!("\"{wanted}\"")) {
                continue;
            }
            let facts = parse(known, text)?;
            if direct || facts.aliases.contains(&wanted) {
                return Ok(Rc::new(Self::new(facts, version, compat)));
            }
        }
        let names: Vec<&str> = Self::names().collect();
        let mut diagnostic = Diagnostic::error(
            Code::DialectUnknown,
            format!("there is no dialect `{name}`"),
        )
        .with_note(format!("the dialects are {}", names.join(", ")));
        let close = names
            .iter()
            .map(|known| (strsim::jaro_winkler(known, &wanted), *known))
            .filter(|(score, _)| *score > 0.8)
            .max_by(|a, b| a.0.total_cmp(&b.0));
        if let Some((_, close)) = close {
            diagnostic = diagnostic.with_help(format!("did you mean `{close}`?"));
        }
        Err(Box::new(diagnostic))
    }

    /// Some dialect, for what is the same in all of them.
    ///
    /// # Errors
    /// When there is none.
    pub fn first(compat: bool) -> Result<Rc<Self>> {
        let name = Self::names().next().unwrap_or_default();
        Self::load(name, None, compat)
    }

    fn new(mut facts: Facts, version: Option<&str>, compat: bool) -> Self {
        if !compat {
            facts.types.extend(std::mem::take(&mut facts.corrected));
        }
        // Offline, SQLAlchemy knows no version of the server.
        let number = version.filter(|_| !compat).and_then(major);
        for versions in std::mem::take(&mut facts.versions) {
            if number.is_some_and(|n| n >= versions.since && n < versions.before) {
                facts.types.extend(versions.types);
                if let Some(check) = versions.boolean_check {
                    facts.features.boolean_check = check;
                }
                if let Some(conditions) = versions.conditions {
                    facts.features.conditions = conditions;
                }
                if let Some(stored) = versions.computed_is_stored {
                    facts.features.computed_is_stored = stored;
                }
            }
        }
        let reserved = facts.identifiers.reserved.iter().cloned().collect();
        Self {
            facts,
            reserved,
            version: version.map(str::to_owned),
            compat,
        }
    }

    /// The names of the built-in dialects.
    pub fn names() -> impl Iterator<Item = &'static str> {
        BUILTIN.iter().map(|(name, _)| *name)
    }

    /// Every built-in dialect's name and title.
    pub fn list() -> Result<Vec<(String, String, Vec<String>)>> {
        BUILTIN
            .iter()
            .map(|(name, text)| {
                let facts = parse(name, text)?;
                Ok((facts.name, facts.title, facts.aliases))
            })
            .collect()
    }

    /// The dialect's name.
    pub fn name(&self) -> &str {
        &self.facts.name
    }

    /// Whether it is the dialect of that name, or extends it.
    pub fn is_a(&self, name: &str) -> bool {
        self.facts.name == name || self.facts.extends.as_deref() == Some(name)
    }

    /// Whether this is its name or an alias.
    pub fn is_called(&self, name: &str) -> bool {
        self.facts.name == name || self.facts.aliases.iter().any(|alias| alias == name)
    }

    /// The version that the user stated (`postgresql:15`).
    pub fn version(&self) -> Option<&str> {
        self.version.as_deref()
    }

    /// The facts.
    pub fn facts(&self) -> &Facts {
        &self.facts
    }

    /// Whether SQLAlchemy's faults are kept.
    pub fn compat(&self) -> bool {
        self.compat
    }
}

fn major(version: &str) -> Option<u32> {
    let digits = version.split(|c: char| !c.is_ascii_digit()).next()?;
    digits.parse().ok()
}

fn parse(name: &str, text: &str) -> Result<Facts> {
    let invalid = |error: &toml::de::Error| {
        Box::new(Diagnostic::error(
            Code::ConfigInvalid,
            format!(
                "the dialect file `{name}.toml` is not valid: {}",
                error.message()
            ),
        ))
    };
    if !text.contains("\nextends = ") {
        return toml::from_str(text).map_err(|error| invalid(&error));
    }
    let mut own: toml::Table = toml::from_str(text).map_err(|error| invalid(&error))?;
    let base = own.get("extends").and_then(toml::Value::as_str);
    let Some((_, base)) = BUILTIN.iter().find(|(known, _)| Some(*known) == base) else {
        return Err(Box::new(Diagnostic::error(
            Code::ConfigInvalid,
            format!("the dialect file `{name}.toml` extends a dialect that is not there"),
        )));
    };
    let mut merged: toml::Table = toml::from_str(base).map_err(|error| invalid(&error))?;
    // Another name is no name of this one.
    merged.remove("aliases");
    merge(&mut merged, &mut own);
    toml::Value::Table(merged)
        .try_into()
        .map_err(|error| invalid(&error))
}

/// Lays one file's facts over another's; tables are laid over each other, all else takes the place.
fn merge(under: &mut toml::Table, over: &mut toml::Table) {
    for (key, value) in std::mem::take(over) {
        match (under.get_mut(&key), value) {
            (Some(toml::Value::Table(under)), toml::Value::Table(mut over)) => {
                merge(under, &mut over);
            }
            (_, value) => {
                under.insert(key, value);
            }
        }
    }
}
