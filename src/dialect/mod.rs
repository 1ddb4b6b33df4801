//! What a database's SQL looks like: facts from `dialects/*.toml`, identifiers, types, literals.

mod expressions;
mod facts;
mod identifier;
mod inspection;
mod layers;
mod library;
mod literal;
mod reflection;
mod spelling;
mod verify;

pub use expressions::Expressions;
pub use facts::{
    AlterColumn, Autoincrement, Batch, Bind, ColumnLayout, Comments, Condition, Construct,
    DateTimeLiteral, Deferrable, DefinitionOptions, DropConstraint, EnumStrategy, Facts, Features,
    Lack, OverLimit, Portable, SchemaInIndex, StatementQuotes, SystemCatalog, SystemCatalogs, Then,
    UuidLiteral,
};
pub use inspection::{Counts, Inspection};
pub use library::{Library, Listed};
pub use verify::{VerifiedTypes, Verify};

use std::cell::OnceCell;
use std::rc::Rc;

use rustc_hash::FxHashSet;

use crate::diagnostic::Result;

/// A dialect, loaded.
pub struct Dialect {
    facts: Facts,
    reserved: FxHashSet<String>,
    version: Option<String>,
    compat: bool,
    lineage: Vec<String>,
    composed: Option<&'static Composed>,
    expressions: OnceCell<Expressions>,
    library: Rc<Library>,
}

/// The dialect of what is evaluated before any dialect is known, as when revisions are listed.
pub const PROVISIONAL: &str = "postgresql";

/// The dialects that are built in: names and texts.
const BUILTIN: &[(&str, &str)] = &[
    ("postgresql", include_str!("../../dialects/postgresql.toml")),
    ("sqlite", include_str!("../../dialects/sqlite.toml")),
    ("mssql", include_str!("../../dialects/mssql.toml")),
    ("oracle", include_str!("../../dialects/oracle.toml")),
    ("mysql", include_str!("../../dialects/mysql.toml")),
    ("mariadb", include_str!("../../dialects/mariadb.toml")),
    (
        "cockroachdb",
        include_str!("../../dialects/cockroachdb.toml"),
    ),
    ("redshift", include_str!("../../dialects/redshift.toml")),
    ("duckdb", include_str!("../../dialects/duckdb.toml")),
];

/// A built-in dialect, composed by the build of all the files that it is made of.
struct Composed {
    name: &'static str,
    /// The names of what it is made of, itself first.
    lineage: &'static [&'static str],
    /// Its [`Facts`], as JSON.
    facts: &'static str,
    /// Its [`Expressions`], as JSON.
    expressions: &'static str,
}

impl Composed {
    fn of(name: &str) -> Option<&'static Self> {
        let all: &'static [Self] = include!(concat!(env!("OUT_DIR"), "/dialects.rs"));
        all.iter().find(|composed| composed.name == name)
    }
}

impl Dialect {
    /// Loads a built-in dialect.
    ///
    /// # Errors
    /// As [`Library::load`].
    pub fn load(name: &str, version: Option<&str>, compat: bool) -> Result<Rc<Self>> {
        Library::built_in().load(name, version, compat)
    }

    fn new(
        library: Rc<Library>,
        made: library::Made,
        (version, compat): (Option<&str>, bool),
    ) -> Result<Self> {
        let library::Made {
            mut facts,
            lineage,
            composed,
        } = made;
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
        Ok(Self {
            facts,
            reserved,
            version: version.map(str::to_owned),
            compat,
            lineage,
            composed,
            expressions: OnceCell::new(),
            library,
        })
    }

    /// This dialect's name and the names of those that it extends.
    pub fn lineage(&self) -> &[String] {
        &self.lineage
    }

    /// The dialects that this one was chosen from.
    pub fn library(&self) -> &Rc<Library> {
        &self.library
    }

    /// How it spells expressions.
    pub fn expressions(&self) -> &Expressions {
        self.expressions.get_or_init(|| {
            let composed = self.composed.map(|composed| composed.expressions);
            let read = composed.and_then(|text| serde_json::from_str(text).ok());
            read.unwrap_or_else(|| Expressions::of(&self.lineage, &self.facts.expressions))
        })
    }

    /// The dialect's name.
    pub fn name(&self) -> &str {
        &self.facts.name
    }

    /// Whether it is the dialect of that name, or extends it.
    pub fn is_a(&self, name: &str) -> bool {
        self.lineage.iter().any(|known| known == name)
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

    /// Whether an INSERT draws a key from the sequence that its column names.
    pub fn supports_sequences(&self) -> bool {
        self.facts.bind.flags.get("supports_sequences") != Some(&false)
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
