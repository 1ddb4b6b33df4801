//! The schema model: what tables, columns, constraints and indexes are. Rank 3.
//! The words are those of information_schema and of SQLAlchemy's schema items.

mod asking;
mod contents;
mod invented;
mod options;
mod ordered;
mod places;
mod rows;
mod server_name;
mod state;
mod written;

pub use contents::{Contents, Doubt};
pub use invented::Invented;
pub use options::{DialectOptions, OptionValue, option};
pub use places::TableMut;
pub use rows::{Counting, KnownRows, Row};
pub use server_name::{ServerNaming, object_name};
pub use state::{Catalog, Key, Opaque, Taint, key};
pub use written::{Written, WrittenKind};

use std::sync::Arc;

use crate::datatype::DataType;
use crate::expression::{Expr, Ident};

/// A table, perhaps in a schema (a dotted schema is split when it is quoted).
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct TableName {
    /// The schema.
    pub schema: Option<Ident>,
    /// The name.
    pub name: Ident,
}

/// A constraint's or index's name and how far it is decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ConstraintName {
    /// None was given; a naming convention may make one.
    None,
    /// Given; a naming convention with `%(constraint_name)s` still applies.
    Given(Ident),
    /// `op.f(…)`: final.
    Final(Ident),
    /// The one that the server invented, whatever it is.
    Invented(Arc<Invented>),
}

/// A column as it is defined.
#[derive(Clone, Debug)]
pub struct Column {
    /// Its name.
    pub name: Ident,
    /// Its type.
    pub data_type: DataType,
    /// `nullable=`; `None` when not given (then: not null for primary keys and identities).
    pub nullable: Option<bool>,
    /// `primary_key=True`.
    pub primary_key: bool,
    /// `autoincrement=`.
    pub autoincrement: Autoincrement,
    /// What the server fills in.
    pub default: Option<ServerDefault>,
    /// Whether there is a Python-side `default=` (it never reaches DDL, but changes bulk inserts),
    /// or a `Sequence`.
    pub python_default: Option<PythonDefault>,
    /// `unique=True`.
    pub unique: bool,
    /// `index=True`.
    pub index: bool,
    /// The comment.
    pub comment: Option<Arc<str>>,
    /// `ForeignKey(…)`s and `CheckConstraint(…)`s written inside the column, in order.
    pub constraints: Vec<Constraint>,
    /// `system=True`: left out of CREATE TABLE.
    pub system: bool,
    /// Options for particular dialects.
    pub options: DialectOptions,
}

impl Column {
    /// Whether it refuses NULL: as given, or else when it is a key or an identity.
    pub fn is_not_null(&self) -> bool {
        let identity = matches!(self.default, Some(ServerDefault::Identity(_)));
        match self.nullable {
            Some(nullable) => !nullable,
            None => self.primary_key || identity,
        }
    }

    /// Whether a foreign key stands beside it.
    pub fn has_foreign_key(&self) -> bool {
        let mut own = self.constraints.iter();
        own.any(|constraint| matches!(constraint.kind, ConstraintKind::ForeignKey(_)))
    }

    /// Whether it refers to another, by what stands beside it or by one of its table's constraints.
    pub fn refers(&self, constraints: &[Constraint]) -> bool {
        let mut of_table = constraints.iter();
        self.has_foreign_key()
            || of_table.any(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) => key.columns.contains(&self.name),
                _ => false,
            })
    }
}

/// An index or trigger as it was written.
#[derive(Clone, Debug)]
pub struct Attached {
    /// Which it is.
    pub kind: AttachedKind,
    /// Its name.
    pub name: Arc<str>,
    /// The statement that creates it.
    pub sql: Arc<str>,
}

/// What is attached to a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum AttachedKind {
    Index,
    Trigger,
}

/// `autoincrement=` of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Autoincrement {
    /// `"auto"`: the single integer primary key column.
    #[default]
    Auto,
    /// `True`.
    Yes,
    /// `False`.
    No,
    /// `"ignore_fk"`.
    IgnoreForeignKey,
}

/// A Python-side default.
#[derive(Clone, Debug)]
pub enum PythonDefault {
    /// A value or callable; what it gives is decided at run time.
    Value,
    /// `Sequence(…)`.
    Sequence(Box<Sequence>),
}

/// What the server fills in when a row gives no value.
#[derive(Clone, Debug)]
pub enum ServerDefault {
    /// A string: written as a quoted literal.
    Str(Arc<str>),
    /// `text()`, a function or another expression.
    Expr(Expr),
    /// `FetchedValue()`: the server does something that the DDL does not say.
    Fetched,
    /// `Identity(…)`.
    Identity(Identity),
    /// `Computed(…)`.
    Computed {
        /// The expression.
        sql: Expr,
        /// `persisted=`.
        persisted: Option<bool>,
    },
}

/// `Identity(…)`.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Identity {
    /// `GENERATED ALWAYS` rather than `BY DEFAULT`.
    pub always: bool,
    /// `on_null=` (Oracle).
    pub on_null: Option<bool>,
    /// The generator's options.
    pub sequence: SequenceOptions,
}

/// Options of a number generator.
#[derive(Clone, Debug, Default, PartialEq)]
#[allow(missing_docs)]
pub struct SequenceOptions {
    pub start: Option<i64>,
    pub increment: Option<i64>,
    pub minvalue: Option<i64>,
    pub maxvalue: Option<i64>,
    pub nominvalue: bool,
    pub nomaxvalue: bool,
    pub cycle: Option<bool>,
    pub cache: Option<i64>,
    pub order: Option<bool>,
}

/// A sequence.
#[derive(Clone, Debug, PartialEq)]
pub struct Sequence {
    /// Its name.
    pub name: Ident,
    /// Its schema.
    pub schema: Option<Ident>,
    /// Its options.
    pub options: SequenceOptions,
    /// Its type.
    pub data_type: Option<DataType>,
    /// Whether a key that numbers its rows by itself does without it.
    pub optional: bool,
}

impl ConstraintKind {
    /// The class of such constraints in SQLAlchemy.
    pub fn class(&self) -> &'static str {
        match self {
            Self::PrimaryKey { .. } => "PrimaryKeyConstraint",
            Self::Unique { .. } => "UniqueConstraint",
            Self::Check { .. } => "CheckConstraint",
            Self::ForeignKey(_) => "ForeignKeyConstraint",
            Self::Exclude(_) => "ExcludeConstraint",
        }
    }
}

/// A constraint.
#[derive(Clone, Debug)]
pub struct Constraint {
    /// Its name.
    pub name: ConstraintName,
    /// What it demands.
    pub kind: ConstraintKind,
    /// `deferrable=`.
    pub deferrable: Option<bool>,
    /// `initially=`.
    pub initially: Option<Arc<str>>,
    /// Options for particular dialects.
    pub options: DialectOptions,
    /// The comment, where one was given.
    pub comment: Option<Arc<str>>,
}

/// What a constraint demands.
#[derive(Clone, Debug)]
pub enum ConstraintKind {
    /// `PRIMARY KEY`.
    PrimaryKey {
        /// The columns.
        columns: Vec<Ident>,
    },
    /// `UNIQUE`.
    Unique {
        /// The columns.
        columns: Vec<Ident>,
    },
    /// `CHECK`.
    Check {
        /// The condition.
        condition: Expr,
        /// Whether it came with a type (`Boolean`, `Enum`).
        from_type: bool,
        /// Whether the server keeps it with a column, by whose name it calls it (MariaDB).
        in_column: bool,
    },
    /// `FOREIGN KEY`.
    ForeignKey(ForeignKey),
    /// PostgreSQL's `EXCLUDE`.
    Exclude(Exclude),
}

/// A foreign key.
#[derive(Clone, Debug)]
pub struct ForeignKey {
    /// The columns of this table.
    pub columns: Vec<Ident>,
    /// The table referred to.
    pub referent: TableName,
    /// Its columns (none: the referred table's key).
    pub referent_columns: Vec<Ident>,
    /// `ON DELETE`.
    pub ondelete: Option<Arc<str>>,
    /// `ON UPDATE`.
    pub onupdate: Option<Arc<str>>,
    /// `MATCH`.
    pub match_type: Option<Arc<str>>,
    /// `use_alter=True`.
    pub use_alter: bool,
    /// Written as `ForeignKey()` in a column rather than as a table constraint.
    pub from_column: bool,
}

/// An exclusion constraint.
#[derive(Clone, Debug)]
pub struct Exclude {
    /// Expression and operator pairs.
    pub elements: Vec<(Expr, Arc<str>)>,
    /// The index method.
    pub using: Arc<str>,
    /// The condition.
    pub condition: Option<Expr>,
    /// Operator classes by element.
    pub ops: Vec<(Arc<str>, Arc<str>)>,
}

/// An index.
#[derive(Clone, Debug)]
pub struct Index {
    /// Its name.
    pub name: ConstraintName,
    /// What it is on.
    pub elements: Vec<IndexElement>,
    /// `UNIQUE`.
    pub unique: bool,
    /// Options for particular dialects.
    pub options: DialectOptions,
}

/// One part of an index.
#[derive(Clone, Debug)]
pub enum IndexElement {
    /// A column by its name.
    Column(Ident),
    /// An expression.
    Expr(Expr),
}

/// A table as it is defined.
#[derive(Clone, Debug)]
pub struct Table {
    /// Its name.
    pub name: TableName,
    /// Its columns, in order.
    pub columns: Vec<Column>,
    /// Its table constraints, in the order they were written.
    pub constraints: Vec<Constraint>,
    /// Indexes written as `Index(…)` in the table.
    pub indexes: Vec<Index>,
    /// The comment.
    pub comment: Option<Arc<str>>,
    /// `prefixes=`: words between CREATE and TABLE.
    pub prefixes: Vec<Arc<str>>,
    /// Options for particular dialects.
    pub options: DialectOptions,
    /// Indexes and triggers of it that are only known as SQL.
    pub attached: Vec<Attached>,
}
