//! The shape of a dialect file.

use indexmap::IndexMap;
use serde::Deserialize;

use crate::catalog::ServerNaming;

/// A dialect file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The name used with `--dialect`.
    pub name: String,
    /// The product's name.
    pub title: String,
    /// Other names for `--dialect`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// How names are written.
    pub identifiers: Identifiers,
    /// How a script is framed.
    pub script: Script,
    /// The version table.
    pub version_table: VersionTable,
    /// What the dialect can do, and which way.
    pub features: Features,
    /// What Python sees of the dialect.
    #[serde(default)]
    pub bind: Bind,
    /// What each type is called, by SQLAlchemy's visit name.
    pub types: IndexMap<String, String>,
}

/// What Python sees of the dialect, where SQLAlchemy would be: the attributes of
/// `op.get_bind().dialect`, and its drivers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bind {
    /// The driver that SQLAlchemy takes when the URL names none.
    #[serde(default)]
    pub driver: String,
    /// The parameter style of each driver that has not the usual one (`named`).
    #[serde(default)]
    pub paramstyles: IndexMap<String, String>,
    /// Drivers that leave `%` alone, whatever their parameter style.
    #[serde(default)]
    pub keep_percent: Vec<String>,
    /// Flags of `bind.dialect` by their names.
    #[serde(default)]
    pub flags: IndexMap<String, bool>,
}

impl Bind {
    /// The parameter style of a driver, or of the usual one.
    pub fn paramstyle(&self, driver: Option<&str>) -> &str {
        let driver = driver.unwrap_or(&self.driver);
        self.paramstyles.get(driver).map_or("named", String::as_str)
    }

    /// Whether a driver, or the usual one, leaves `%` alone.
    pub fn keeps_percent(&self, driver: Option<&str>) -> bool {
        let driver = driver.unwrap_or(&self.driver);
        self.keep_percent.iter().any(|known| known == driver)
    }
}

/// How names are written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Identifiers {
    /// The quote before a name.
    pub open: String,
    /// The quote behind a name; inside it is doubled.
    pub close: String,
    /// Characters that a bare name cannot begin with.
    pub illegal_initial: String,
    /// The longest name, in bytes.
    pub max_length: usize,
    /// What happens to longer ones.
    pub over_limit: OverLimit,
    /// Words that have to be quoted, in lower case.
    pub reserved: Vec<String>,
}

/// What happens to a name that is too long.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum OverLimit {
    /// It is an error.
    Error,
    /// It is written as it is.
    Ignore,
}

/// How a script is framed.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Behind each statement.
    pub terminator: String,
    /// A line of its own behind each statement; empty for none.
    pub batch_separator: String,
    /// Whether DDL can be rolled back.
    pub transactional_ddl: bool,
    /// What begins a transaction.
    pub begin: String,
    /// What ends it.
    pub commit: String,
}

/// The version table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionTable {
    /// Behind the VALUES of an INSERT, with `{table}` and `{column}`.
    pub returning: String,
}

/// What the dialect can do, and which way. Each is a strategy that `lower` knows by name.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Features {
    /// How enum types are made.
    #[serde(rename = "enum")]
    pub enumeration: EnumStrategy,
    /// How a column is altered.
    pub alter_column: AlterColumn,
    /// Whether constraints can be added and dropped.
    pub alter_constraints: bool,
    /// How an integer primary key counts by itself.
    pub autoincrement: Autoincrement,
    /// Whether there are identity columns.
    pub identity: bool,
    /// Which name in CREATE INDEX has the schema.
    pub schema_in_index: SchemaInIndex,
    /// Whether columns have comments.
    pub column_comments: bool,
    /// Whether tables have comments.
    pub table_comments: bool,
    /// What a batch block does.
    pub batch: Batch,
    /// Whether `Boolean(create_constraint=True)` makes a CHECK.
    pub boolean_check: bool,
    /// True and false.
    pub boolean_literals: [String; 2],
    /// Whether an expression as default stands in parentheses.
    pub default_parentheses: bool,
    /// How dates and times are written.
    pub datetime_literal: DateTimeLiteral,
    /// How UUIDs are written.
    pub uuid_literal: UuidLiteral,
    /// Whether intervals have a literal form.
    pub interval_literal: bool,
    /// An array, with `{items}`.
    pub array_literal: String,
    /// Bytes, with `{hex}`.
    pub binary_literal: String,
    /// Whether a foreign key names the schema of the table referred to.
    pub foreign_key_schema: bool,
    /// The schema that unqualified names live in.
    pub default_schema: String,
    /// The names that the server gives to unnamed constraints.
    pub server_naming: ServerNaming,
    /// Whether introspection lists unique constraints among the indexes.
    pub unique_constraints_are_indexes: bool,
}

/// How enum types are made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum EnumStrategy {
    /// `CREATE TYPE`, used by its name.
    NamedType,
    /// As long as the longest label.
    Varchar,
}

/// How a column is altered.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AlterColumn {
    /// PostgreSQL's clauses, type first.
    Postgresql,
    /// Alembic's generic text, which the database refuses; outside `--compat`, a rebuild.
    Generic,
}

/// How an integer primary key counts by itself.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Autoincrement {
    /// The type becomes `SERIAL`.
    Serial,
    /// It does so anyway.
    None,
}

/// Which name in CREATE INDEX has the schema.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SchemaInIndex {
    /// The table's.
    Table,
    /// The index's.
    Index,
}

/// What a batch block does.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Batch {
    /// The operations one by one.
    Alter,
    /// A new table takes the old one's place, where ALTER is not enough.
    Recreate,
}

/// How dates and times are written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum DateTimeLiteral {
    /// ISO 8601, with the offset.
    Iso,
    /// SQLAlchemy's storage format for SQLite: microseconds, no offset.
    Storage,
}

/// How UUIDs are written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum UuidLiteral {
    /// With hyphens.
    Canonical,
    /// 32 hexadecimal digits.
    Hex,
}
