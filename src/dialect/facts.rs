//! The shape of a dialect file.

use indexmap::IndexMap;
use serde::Deserialize;

use super::inspection::Inspection;
use super::reflection::Reflection;
use super::verify::Verify;
use crate::catalog::ServerNaming;

/// A dialect file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Facts {
    /// The name used with `--dialect`.
    pub name: String,
    /// The dialect that this one differs from; its facts hold where this file says nothing.
    #[serde(default)]
    pub extends: Option<String>,
    /// The product's name.
    pub title: String,
    /// Other names for `--dialect`.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What has run scripts of the dialect: `server` or `engine`; nothing when none has.
    #[serde(default)]
    pub verified: String,
    /// What options for this dialect begin with (`postgresql_where`); nothing for its name alone.
    #[serde(default)]
    pub option_prefixes: Vec<String>,
    /// How names are written.
    pub identifiers: Identifiers,
    /// How a script is framed.
    pub script: Script,
    /// The version table.
    pub version_table: VersionTable,
    /// Scripts that check what they need to be true.
    #[serde(default)]
    pub guard: Guard,
    /// How the catalog is compared with a schema.
    #[serde(default)]
    pub verify: Verify,
    /// Where the database keeps its catalog, as far as queries on it are answered.
    #[serde(default)]
    pub system_catalogs: SystemCatalogs,
    /// What the dialect can do, and which way.
    pub features: Features,
    /// What Python sees of the dialect.
    #[serde(default)]
    pub bind: Bind,
    /// The form of what `sa.inspect()` answers.
    #[serde(default)]
    pub inspection: Inspection,
    /// What portable SQL may say for it.
    #[serde(default)]
    pub portable: Portable,
    /// What each type is called, by SQLAlchemy's visit name; an empty text where there is none.
    pub types: IndexMap<String, String>,
    /// Spellings of types that the database takes, where SQLAlchemy's are refused. `--compat` has
    /// SQLAlchemy's.
    #[serde(default)]
    pub corrected: IndexMap<String, String>,
    /// The classes that `dialect.type_descriptor` gives for a class and those deriving from it.
    #[serde(default)]
    pub adapted: IndexMap<String, String>,
    /// What SQLAlchemy finds when it looks at a table.
    #[serde(default)]
    pub reflection: Option<Reflection>,
    /// What the words of a type in a SQL project stand for where no table is looked at, as
    /// `reflection.types`; a type in parentheses (`varchar(max)`) comes before its words.
    #[serde(default)]
    pub own_types: IndexMap<String, String>,
    /// Words of a type that the database takes for others, as `reflection.words`.
    #[serde(default)]
    pub own_words: IndexMap<String, String>,
    /// What is different on some versions of the server.
    #[serde(default)]
    pub versions: Vec<Versions>,
    /// How expressions are spelt, where it differs from the dialect that this one extends;
    /// [`super::Expressions`] says what there is.
    #[serde(default)]
    pub expressions: toml::Table,
    /// Statements that let others work on.
    #[serde(default)]
    pub online: Online,
    /// What the database does not have.
    #[serde(default)]
    pub lacks: IndexMap<Construct, Lack>,
    /// Options of tables, and how each is written behind the table: `%` is the value, `%q` the
    /// value as identifiers.
    #[serde(default)]
    pub table_options: Vec<(String, String)>,
}

/// What revisions can ask for and not every database has.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Hash)]
#[serde(rename_all = "kebab-case")]
pub enum Construct {
    /// Indexes of all kinds.
    Index,
    /// Unique indexes.
    UniqueIndex,
    /// Indexes with a condition.
    PartialIndex,
    /// Indexes that are made while the table is in use.
    ConcurrentIndex,
    /// Indexes with a method (`USING gist`).
    IndexMethod,
    /// Foreign keys.
    ForeignKey,
    /// ON DELETE and ON UPDATE.
    ForeignKeyAction,
    /// Check constraints.
    Check,
    /// Unique constraints.
    Unique,
    /// Exclusion constraints.
    Exclude,
    /// Generated columns.
    GeneratedColumn,
    /// Making a column NOT NULL, or not.
    AlterNullable,
    /// Giving a column another default.
    AlterDefault,
    /// Giving a column another type.
    AlterType,
    /// Dropping constraints.
    DropConstraint,
    /// Constraints written in ADD COLUMN.
    AddColumnConstraint,
    /// Sequences that revisions make.
    Sequence,
}

/// That a database lacks something.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Lack {
    /// What becomes of it.
    pub then: Then,
    /// Why, and what to do instead.
    pub why: String,
    /// The methods of indexes that there are all the same.
    #[serde(default)]
    pub allowed: Vec<String>,
}

/// What becomes of something that a database lacks.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Then {
    /// It is left out, with a warning: the tables hold the same rows without it.
    Omit,
    /// It is an error.
    Refuse,
}

/// What is different on some versions of the server, by their first number.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Versions {
    /// On this version and those behind it.
    #[serde(default)]
    pub since: u32,
    /// On the versions before this one.
    #[serde(default = "any")]
    pub before: u32,
    /// Types with another spelling.
    #[serde(default)]
    pub types: IndexMap<String, String>,
    /// Whether `Boolean(create_constraint=True)` makes a CHECK.
    pub boolean_check: Option<bool>,
    /// Which statements know IF EXISTS or IF NOT EXISTS.
    pub conditions: Option<Vec<Condition>>,
    /// Whether a computed column has to be called STORED.
    pub computed_is_stored: Option<bool>,
}

/// A statement that may know IF EXISTS or IF NOT EXISTS.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Condition {
    CreateTable,
    DropTable,
    AddColumn,
    DropColumn,
    CreateIndex,
    DropIndex,
    DropConstraint,
}

impl Condition {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::CreateTable,
        Self::DropTable,
        Self::AddColumn,
        Self::DropColumn,
        Self::CreateIndex,
        Self::DropIndex,
        Self::DropConstraint,
    ];
}

/// What Python sees of the dialect, where SQLAlchemy would be: the attributes of
/// `op.get_bind().dialect`, and its drivers.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Bind {
    /// The driver that SQLAlchemy takes when the URL names none.
    #[serde(default)]
    pub driver: String,
    /// The driver of SQLAlchemy that is asynchronous, if there is one.
    #[serde(default)]
    pub async_driver: String,
    /// What stands behind `dialect://` in an example of a URL.
    #[serde(default = "example_path")]
    pub example_path: String,
    /// The parameter style of each driver that has not the usual one (`named`).
    #[serde(default)]
    pub paramstyles: IndexMap<String, String>,
    /// Drivers that leave `%` alone, whatever their parameter style.
    #[serde(default)]
    pub keep_percent: Vec<String>,
    /// Whether SQLAlchemy's version of a server that it does not know is `()` rather than None.
    #[serde(default)]
    pub empty_version: bool,
    /// Flags of `bind.dialect` by their names.
    #[serde(default)]
    pub flags: IndexMap<String, bool>,
}

fn example_path() -> String {
    "user@localhost/app".to_owned()
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

/// What portable SQL may say for a dialect besides what all of them know.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Portable {
    /// The type, by its row of the registry, that a key must have to number its rows by itself.
    pub numbered_key: Option<String>,
    /// Clauses that become options: of indexes `concurrently`, `using`, `include`, `where`,
    /// `with`, `nulls_not_distinct` and `ops`; of tables `autoincrement`; of types that change
    /// `alter_using`.
    #[serde(default)]
    pub clauses: Vec<String>,
}

/// How statements are written so that others can use the table meanwhile.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Online {
    /// Whether indexes are built and dropped CONCURRENTLY, and keys are made of indexes.
    pub concurrently: bool,
    /// What makes a constraint without looking at the rows, which is done by a later statement; an
    /// empty text where there is no such thing.
    pub unvalidated: String,
    /// Whether a validated check proves NOT NULL, so that no rows are read for it.
    pub not_null_by_check: bool,
    /// What is written behind statements, by what they do: `create_index`, `drop_index`,
    /// `add_column`, `drop_column`, `alter_column` (its type stays), `alter_type`, `add_unique`,
    /// `add_primary_key`, `drop_foreign_key`.
    pub tails: IndexMap<String, String>,
}

/// Which constraints can be DEFERRABLE.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Deferrable {
    /// All kinds.
    #[default]
    All,
    /// Foreign keys only.
    ForeignKeys,
    /// None.
    None,
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
    /// The longest name of an index or constraint, where it is a shorter one.
    pub max_object_length: Option<usize>,
    /// What happens to longer ones.
    pub over_limit: OverLimit,
    /// Whether a schema may have parts, as a database and its owner.
    #[serde(default)]
    pub schema_in_parts: bool,
    /// Words that have to be quoted, in lower case.
    pub reserved: Vec<String>,
}

impl Identifiers {
    /// The longest name of an index or constraint.
    pub fn object_limit(&self) -> usize {
        self.max_object_length.unwrap_or(self.max_length)
    }
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
    /// The first words of statements that cannot run in a transaction. `*` is any word.
    #[serde(default)]
    pub outside_transaction: Vec<String>,
    /// Whether a batch separator follows what begins a transaction.
    #[serde(default)]
    pub begin_separator: bool,
    /// What makes changed rows stay at the end of a script without transactions, where clients
    /// may roll them back. Alembic writes none.
    #[serde(default)]
    pub keep_rows: String,
}

/// The version table.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct VersionTable {
    /// In an INSERT, where the template has it, with `{table}` and `{column}`.
    pub returning: String,
    /// Whether only Alembic writes that, and databases refuse it.
    #[serde(default)]
    pub returning_fails: bool,
}

/// Scripts that check what they need to be true, or run each revision only if it is due. How the
/// checks are spelt is in the templates.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Guard {
    /// How a client is called that stops at the first error.
    #[serde(default)]
    pub apply: String,
    /// The command-line clients, and the commands by which a script tells each to stop at the
    /// first error; empty for one that does so anyway.
    #[serde(default)]
    pub clients: IndexMap<String, String>,
    /// What begins a transaction, where others are not enough: one that takes the lock at once.
    #[serde(default)]
    pub begin: String,
    /// Whether DDL is transactional, although scripts usually have no transaction.
    #[serde(default)]
    pub transaction: bool,
    /// Whether an error spoils the rest of its transaction, whatever the client does.
    #[serde(default)]
    pub spoils_transaction: bool,
    /// Whether the version table must be there for it to be read, so that it is made first.
    #[serde(default)]
    pub table_first: bool,
    /// What makes several changes of the version table one, where DDL is not transactional.
    #[serde(default)]
    pub rows_begin: String,
    /// What ends that.
    #[serde(default)]
    pub rows_commit: String,
    /// How statements are quoted that are run only if they are due.
    #[serde(default)]
    pub quotes: StatementQuotes,
    /// Whether each of them must stand alone.
    #[serde(default)]
    pub single_statements: bool,
    /// The longest literal, in bytes; longer ones are put together.
    pub longest_literal: Option<usize>,
    /// Such a part, with `{literal}`.
    #[serde(default)]
    pub literal_part: String,
    /// The first words of statements that can be run so; empty for all. `*` is any word.
    #[serde(default)]
    pub dynamic: Vec<String>,
    /// The client whose commands make a script stop at a step that is left to a person, where
    /// nothing in SQL does.
    pub manual_client: Option<String>,
    /// The client without which nothing can be skipped.
    pub skip_client: Option<String>,
    /// The client without which what runs outside of transactions cannot be skipped.
    pub outside_client: Option<String>,
    /// The most values that a list may have.
    pub longest_list: Option<usize>,
}

/// How a statement is quoted that is run only if it is due.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum StatementQuotes {
    /// As text.
    #[default]
    Text,
    /// As text that may have any character.
    National,
    /// Between `$tags$`.
    Dollars,
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
    /// Whether the name of a trigger is one within its table, so that `DROP TRIGGER` names the table.
    #[serde(default)]
    pub triggers_of_table: bool,
    /// Whether constraints can be added and dropped.
    pub alter_constraints: bool,
    /// What there is although constraints can neither be added nor dropped: `sequences`, `schemas`,
    /// `ADD COLUMN IF NOT EXISTS`, `DROP COLUMN IF EXISTS`.
    #[serde(default)]
    pub has: Vec<String>,
    /// The statements of SQLAlchemy's that are syntax errors here: `ALTER COLUMN`, `COMMENT`. A migration
    /// that catches the error goes on without them.
    #[serde(default)]
    pub syntax_errors: Vec<String>,
    /// How an integer primary key counts by itself, where the column's layout does not say it.
    #[serde(default)]
    pub autoincrement: Autoincrement,
    /// Which keys of a new table get the numbers 1, 2, 3, … in the order of the INSERTs, whatever the
    /// server's settings are.
    #[serde(default)]
    pub counts_keys: crate::catalog::Counting,
    /// Whether there are identity columns in the words of the standard.
    #[serde(default)]
    pub identity: bool,
    /// In which order a column's definition has its parts.
    pub column_layout: ColumnLayout,
    /// What `NO MINVALUE` and its like begin with.
    #[serde(default = "no")]
    pub sequence_no: String,
    /// How a sequence is told not to begin again at its end.
    #[serde(default = "no_cycle")]
    pub sequence_no_cycle: String,
    /// Whether `CREATE SEQUENCE` has `AS` and a type.
    #[serde(default)]
    pub sequence_types: bool,
    /// The options in the definition of tables, indexes and constraints.
    pub definition_options: DefinitionOptions,
    /// The words by which constraints of each kind are dropped, where each has its own.
    pub drop_constraint: Option<DropConstraint>,
    /// Whether indexes can be on expressions.
    #[serde(default = "yes")]
    pub expression_indexes: bool,
    /// Whether a column can go that a unique constraint has among others.
    #[serde(default = "yes")]
    pub unique_loses_column: bool,
    /// Whether generated columns can be NOT NULL.
    #[serde(default = "yes")]
    pub generated_not_null: bool,
    /// Which statements know IF EXISTS or IF NOT EXISTS.
    #[serde(default = "all_conditions")]
    pub conditions: Vec<Condition>,
    /// Whether a computed column has to be called STORED, since there is no other kind.
    #[serde(default)]
    pub computed_is_stored: bool,
    /// Whether the elements of an index can be NULLS FIRST and NULLS LAST.
    #[serde(default = "yes")]
    pub index_nulls_order: bool,
    /// Whether a foreign key can be MATCH FULL.
    #[serde(default = "yes")]
    pub match_full: bool,
    /// Words between CREATE and TABLE that the database does not know.
    #[serde(default)]
    pub refused_prefixes: Vec<String>,
    /// Whether a table can be without columns.
    #[serde(default)]
    pub empty_tables: bool,
    /// How many identity columns a table may have, where there is a limit.
    pub most_identities: Option<usize>,
    /// Whether an integer key gets a number that it is not given.
    #[serde(default = "yes")]
    pub keys_count: bool,
    /// Numbers that are not finite, with `{name}` for `NaN` and `Infinity`; empty where there is
    /// no literal for them.
    #[serde(default)]
    pub not_finite: String,
    /// Whether a CHECK inside of a column's definition can have a name.
    #[serde(default = "yes")]
    pub named_column_checks: bool,
    /// Whether `DROP SCHEMA` has CASCADE.
    #[serde(default = "yes")]
    pub drop_schema_cascade: bool,
    /// Whether `DROP CONSTRAINT` has CASCADE.
    #[serde(default = "yes")]
    pub drop_constraint_cascade: bool,
    /// Which constraints can be DEFERRABLE.
    #[serde(default)]
    pub deferrable: Deferrable,
    /// Whether `ON DELETE SET NULL` may name columns.
    #[serde(default)]
    pub action_columns: bool,
    /// Words that stand for a length.
    #[serde(default)]
    pub length_words: Vec<String>,
    /// Whether a backslash in quotes is written twice.
    #[serde(default)]
    pub backslash_escapes: bool,
    /// Whether there are exclusion constraints.
    #[serde(default)]
    pub exclude_constraints: bool,
    /// Whether `ADD COLUMN` takes clauses beside the column: IF NOT EXISTS, REFERENCES, CHECK.
    #[serde(default = "yes")]
    pub add_column_clauses: bool,
    /// Whether Alembic drops the constraints of a table before it copies the table.
    #[serde(default)]
    pub copies_drop_constraints: bool,
    /// Whether foreign keys are turned off before a table is copied.
    #[serde(default)]
    pub copies_turn_keys_off: bool,
    /// Whether a row of defaults is `DEFAULT VALUES`.
    #[serde(default = "yes")]
    pub default_values: bool,
    /// Whether foreign keys have ON UPDATE.
    #[serde(default = "yes")]
    pub on_update: bool,
    /// Whether explicit values for identity columns have to be allowed first.
    #[serde(default)]
    pub identity_insert: bool,
    /// Which name in CREATE INDEX has the schema.
    pub schema_in_index: SchemaInIndex,
    /// Whether a table with indexes cannot be altered: they are dropped before and made again.
    #[serde(default)]
    pub indexes_block_alter: bool,
    /// What makes a column count by itself, behind its type, where that is `words`.
    #[serde(default)]
    pub autoincrement_words: String,
    /// How tables and columns get comments.
    pub comments: Comments,
    /// What a batch block does.
    pub batch: Batch,
    /// Whether `Boolean(create_constraint=True)` makes a CHECK.
    pub boolean_check: bool,
    /// True and false.
    pub boolean_literals: [String; 2],
    /// Whether an expression as default stands in parentheses.
    pub default_parentheses: bool,
    /// Types, by their first word, whose default has to be an expression: in parentheses, also
    /// where it is a literal.
    #[serde(default)]
    pub no_literal_defaults: Vec<String>,
    /// How dates and times are written.
    pub datetime_literal: DateTimeLiteral,
    /// How UUIDs are written.
    pub uuid_literal: UuidLiteral,
    /// An interval, with `{seconds}`; empty where there is no literal form.
    pub interval_literal: String,
    /// What stands before the quotes of text that may have any character.
    #[serde(default)]
    pub national_prefix: String,
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

/// The words by which constraints are dropped.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DropConstraint {
    /// Of a check.
    pub check: String,
}

/// How enum types are made.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum EnumStrategy {
    /// `CREATE TYPE`, used by its name.
    NamedType,
    /// As long as the longest label.
    Varchar,
    /// The labels are the column's type.
    Inline,
}

/// A database's own catalog.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SystemCatalogs {
    /// Where it is kept.
    pub kept: Vec<SystemCatalog>,
    /// Schemas that every database of the product has.
    #[serde(default)]
    pub schemas: Vec<String>,
    /// Tables and views in them whose names an application could use as well.
    #[serde(default)]
    pub tables: Vec<String>,
    /// Types that no revision creates: the server's own and those of usual extensions.
    #[serde(default)]
    pub types: Vec<String>,
}

/// Where a database keeps its catalog.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum SystemCatalog {
    /// The standard's schema `information_schema`.
    InformationSchema,
    /// PostgreSQL's `pg_catalog`.
    PgCatalog,
    /// SQLite's `sqlite_master` and `PRAGMA`.
    SqliteSchema,
    /// SQL Server's schema `sys`.
    SysViews,
    /// A foreign key has an index, which is listed with the others (InnoDB).
    InnodbIndexes,
}

/// How a column is altered.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum AlterColumn {
    /// PostgreSQL's clauses, type first.
    Postgresql,
    /// Alembic's generic text, which the database refuses; outside `--compat`, a rebuild.
    Generic,
    /// The same order, in words that the database takes.
    Clauses,
    /// SQL Server: type and nullability are one statement, and defaults are constraints.
    SqlServer,
    /// MySQL: the whole column is stated again.
    Mysql,
}

/// In which order a column's definition has its parts.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum ColumnLayout {
    /// Type, default, generated, identity, not null.
    Standard,
    /// The same; a nullable identity says NULL.
    Postgresql,
    /// Type, default, not null, generated.
    GeneratedLast,
    /// Type or generated, null or not null, identity or default.
    SqlServer,
    /// Type, generated, not null, comment, AUTO_INCREMENT or default.
    Mysql,
}

/// The options in the definition of tables, indexes and constraints.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum DefinitionOptions {
    Postgresql,
    Sqlite,
    SqlServer,
    Oracle,
    Mysql,
}

/// How tables and columns get comments.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Comments {
    /// They have none.
    None,
    /// `COMMENT ON`.
    Statement,
    /// An extended property, which is added, updated or dropped.
    Property,
    /// A part of the definition of the table or column.
    Definition,
}

/// How an integer primary key counts by itself.
#[derive(Clone, Copy, Debug, Default, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum Autoincrement {
    /// The type becomes `SERIAL`.
    Serial,
    /// The column says `autoincrement_words` behind its type.
    Words,
    /// A sequence of its own is the column's default.
    Sequence,
    /// It does so anyway, or the column's layout has the words (`IDENTITY`, `AUTO_INCREMENT`).
    #[default]
    #[serde(alias = "identity", alias = "auto-increment")]
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
    /// Both.
    Both,
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
    /// `TO_DATE` and `TO_TIMESTAMP` with the format.
    ToDate,
}

/// How UUIDs are written.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "kebab-case")]
pub enum UuidLiteral {
    /// With hyphens.
    Canonical,
    /// 32 hexadecimal digits.
    Hex,
    /// As given.
    Verbatim,
}

fn no_cycle() -> String {
    "NO CYCLE".to_owned()
}

fn no() -> String {
    "NO ".into()
}

fn any() -> u32 {
    u32::MAX
}

fn all_conditions() -> Vec<Condition> {
    Condition::ALL.to_vec()
}

fn yes() -> bool {
    true
}
