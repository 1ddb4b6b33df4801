//! What a revision wants, the same for every dialect, in the words of Alembic's `op.*`. Rank 4.

mod apply;
mod rebuild;
mod unnamed;

pub use apply::apply;
pub use unnamed::{kind_of, unnamed};

use std::sync::Arc;

use crate::catalog::{
    Column, Constraint, ConstraintName, DialectOptions, Index, Sequence, ServerDefault, Table,
    TableName,
};
use crate::datatype::{DataType, EnumType};
use crate::expression::{BindParameter, Expr, ExprKind, Ident, Literal, TableClause, TextClause};
use crate::source::Location;

/// An operation and where it was written.
#[derive(Clone, Debug)]
pub struct Located {
    /// The operation.
    pub operation: Operation,
    /// The innermost place in the revision's own file, when it came from a file.
    pub location: Option<Location>,
    /// The other places on the call stack (helper functions), outermost first.
    pub stack: Vec<Location>,
    /// Statements that the project spells itself, each for the next one of its template.
    pub spelled: Vec<Spelled>,
}

/// The text of a statement that the project spells itself (`@compiles(CreateTable)`).
#[derive(Clone, Debug)]
pub struct Spelled {
    /// The template that it is in place of.
    pub template: &'static str,
    /// The text, without a terminator.
    pub text: Arc<str>,
}

/// A three-way argument: not given, given as `None`, or a value.
#[derive(Clone, Debug, Default)]
pub enum Change<T> {
    /// Not given.
    #[default]
    Keep,
    /// Given as `None`: remove.
    Drop,
    /// Set to this.
    Set(T),
}

/// A naming convention: kinds and patterns.
pub type NamingPatterns = Arc<[(Arc<str>, Arc<str>)]>;

/// What is made along with a table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Along {
    /// Its types, indexes and comments: `op.create_table`.
    Everything,
    /// All but the types, which `metadata.create_all` makes before the first table.
    AllButTypes,
    /// Nothing: the statement `CreateTable(table)` by itself.
    Nothing,
}

/// One intent.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Operation {
    /// `op.create_table`.
    CreateTable {
        /// The table.
        table: Table,
        /// `if_not_exists=`.
        if_not_exists: bool,
        /// What is made with it.
        along: Along,
        /// The naming convention of the table's metadata, where that is not the environment's.
        convention: Option<NamingPatterns>,
    },
    /// `op.drop_table`.
    DropTable {
        /// The table.
        table: TableName,
        /// `if_exists=`.
        if_exists: bool,
        /// Options for particular dialects.
        options: DialectOptions,
    },
    /// `op.rename_table`.
    RenameTable {
        /// The old name with its schema.
        table: TableName,
        /// The new name, in the same schema.
        new_name: Ident,
    },
    /// `op.create_table_comment` and `op.drop_table_comment`.
    TableComment {
        /// The table.
        table: TableName,
        /// The comment; `None` drops it.
        comment: Option<Arc<str>>,
        /// `existing_comment=`.
        existing: Option<Arc<str>>,
    },
    /// `op.add_column`.
    AddColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Column,
        /// `if_not_exists=`.
        if_not_exists: bool,
        /// `inline_references=`.
        inline_references: bool,
        /// `inline_primary_key=`.
        inline_primary_key: bool,
        /// In a batch: the column that it comes before or after.
        position: Option<Position>,
    },
    /// `op.drop_column`.
    DropColumn {
        /// The table.
        table: TableName,
        /// The column.
        column: Ident,
        /// `if_exists=`.
        if_exists: bool,
        /// `mssql_drop_default` and its like.
        options: DialectOptions,
    },
    /// `op.alter_column`.
    AlterColumn(Box<AlterColumn>),
    /// `op.create_index`.
    CreateIndex {
        /// The table.
        table: TableName,
        /// The index.
        index: Index,
        /// `if_not_exists=`.
        if_not_exists: bool,
    },
    /// `op.drop_index`.
    DropIndex {
        /// The name.
        name: ConstraintName,
        /// The schema.
        schema: Option<Ident>,
        /// `table_name=`.
        table: Option<Ident>,
        /// `if_exists=`.
        if_exists: bool,
        /// Options for particular dialects.
        options: DialectOptions,
    },
    /// `op.create_primary_key`, `create_unique_constraint`, `create_foreign_key`,
    /// `create_check_constraint`, `create_exclude_constraint`.
    AddConstraint {
        /// The table.
        table: TableName,
        /// The constraint.
        constraint: Constraint,
    },
    /// `op.drop_constraint`.
    DropConstraint {
        /// The table.
        table: TableName,
        /// The name.
        name: ConstraintName,
        /// `type_=`.
        kind: Option<DropConstraintKind>,
        /// `if_exists=`.
        if_exists: bool,
    },
    /// `op.bulk_insert`.
    BulkInsert {
        /// The table with the types of its columns.
        table: std::rc::Rc<TableClause>,
        /// The columns with a Python-side default, which Alembic writes as NULL when absent.
        defaulted: Vec<Arc<str>>,
        /// The rows; each is its columns in the order given with their values.
        rows: Vec<Vec<(Arc<str>, RowValue)>>,
        /// `multiinsert=`.
        multiinsert: bool,
    },
    /// `op.execute` of a string, of `text()` or of any SQL expression, and `bind.execute`.
    Execute {
        /// What is executed.
        statement: Executable,
    },
    /// `CREATE TYPE … AS ENUM`, from `Enum.create(bind)`.
    CreateEnum {
        /// The type.
        enumeration: Arc<EnumType>,
        /// The dialect that the object belongs to (`postgresql.ENUM`), if it is a dialect's own.
        checkfirst: bool,
    },
    /// `DROP TYPE`, from `Enum.drop(bind)`.
    DropEnum {
        /// The type.
        enumeration: Arc<EnumType>,
        /// `checkfirst=`.
        checkfirst: bool,
    },
    /// The labels of an enum type change. There is no such directive in Alembic.
    AlterEnum {
        /// The type as it is.
        before: Arc<EnumType>,
        /// The type as it shall be, under the same name.
        after: Arc<EnumType>,
    },
    /// `op.batch_alter_table`: the operations queued in the block.
    BatchAlterTable(Box<BatchAlterTable>),
    /// `op.get_context().autocommit_block()`: what is inside runs outside the transaction.
    BeginAutocommit,
    /// The end of the autocommit block.
    EndAutocommit,
}

/// A part of a revision that is proposed: an operation, or the changes of one table.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Directive {
    /// One that stands by itself.
    Single(Operation),
    /// Changes of one table.
    Table {
        /// The table.
        table: TableName,
        /// In order.
        operations: Vec<Operation>,
    },
}

/// Where a column goes among the others.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub enum Position {
    Before(Ident),
    After(Ident),
}

/// `type_=` of `op.drop_constraint`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum DropConstraintKind {
    ForeignKey,
    Primary,
    Unique,
    Check,
}

/// `op.alter_column`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct AlterColumn {
    pub table: TableName,
    pub column: Ident,
    pub nullable: Option<bool>,
    pub comment: Change<Arc<str>>,
    pub default: Change<ServerDefault>,
    pub new_name: Option<Ident>,
    pub data_type: Option<DataType>,
    pub existing_type: Option<DataType>,
    /// Whether the type that counts was given by its class: Alembic then does not see what it is.
    pub type_is_class: bool,
    pub existing_default: Change<ServerDefault>,
    pub existing_nullable: Option<bool>,
    pub existing_comment: Option<Arc<str>>,
    pub autoincrement: Option<bool>,
    pub existing_autoincrement: Option<bool>,
    pub position: Option<Position>,
    /// `postgresql_using` and its like.
    pub options: DialectOptions,
}

impl AlterColumn {
    /// A change of nothing.
    pub fn new(table: TableName, column: Ident) -> Self {
        Self {
            table,
            column,
            nullable: None,
            comment: Change::Keep,
            default: Change::Keep,
            new_name: None,
            data_type: None,
            existing_type: None,
            type_is_class: false,
            existing_default: Change::Keep,
            existing_nullable: None,
            existing_comment: None,
            autoincrement: None,
            existing_autoincrement: None,
            position: None,
            options: Vec::new(),
        }
    }
}

/// A value in a row of `op.bulk_insert`.
#[derive(Clone, Debug)]
pub enum RowValue {
    /// A value.
    Literal(Literal),
    /// `op.inline_literal(…)`, `text()` or another expression, written in place.
    Expr(Expr),
}

/// What `op.execute` executes.
#[derive(Clone, Debug)]
pub enum Executable {
    /// A plain string: `:name` in it counts as a bind, as `text()`'s.
    Str(Arc<str>),
    /// An expression: `text()`, `select`, `insert`, `update`, `delete`.
    Expr(Expr),
    /// `DDL("…")`: text after `%` formatting, without binds.
    Ddl(Arc<str>),
    /// `CreateSequence`.
    CreateSequence(Sequence, bool),
    /// `DropSequence`.
    DropSequence(Sequence, bool),
    /// `DOMAIN.create(bind)`.
    CreateDomain(std::rc::Rc<DataType>),
    /// `DOMAIN.drop(bind)`.
    DropDomain(std::rc::Rc<DataType>),
    /// `CreateSchema(name, if_not_exists)`.
    CreateSchema(Ident, bool),
    /// `DropSchema(name, cascade, if_exists)`.
    DropSchema(Ident, bool, bool),
    /// `CreateTable`, `DropTable`, `CreateIndex`… of `sqlalchemy.schema`, and other DDL elements.
    Operation(Box<Operation>, Box<Element>),
    /// Verbatim: a statement of a SQL revision, by source slice.
    Verbatim(Arc<str>),
    /// Text for the script as it is, which may be a comment or a command of the client.
    Output(Arc<str>),
    /// A step that a person has to write, since only a database could know what it does.
    Manual(Box<ManualStep>),
}

impl Executable {
    /// The SQL that a migration wrote itself; none of what is made of expressions.
    pub fn text(&self) -> Option<&Arc<str>> {
        match self {
            Self::Str(text) | Self::Ddl(text) | Self::Verbatim(text) => Some(text),
            Self::Expr(_)
            | Self::CreateSequence(..)
            | Self::DropSequence(..)
            | Self::CreateDomain(_)
            | Self::DropDomain(_)
            | Self::CreateSchema(..)
            | Self::DropSchema(..)
            | Self::Operation(..)
            | Self::Output(_)
            | Self::Manual(_) => self.clause().map(|clause| &clause.sql),
        }
    }

    /// The values of the parameters that [`Self::text`] names.
    pub fn parameters(&self) -> &[(Arc<str>, BindParameter)] {
        self.clause().map_or(&[], |clause| &clause.binds)
    }

    /// `text(…)`.
    fn clause(&self) -> Option<&TextClause> {
        match self {
            Self::Expr(expr) => match &expr.kind {
                ExprKind::Text(clause) => Some(clause),
                _ => None,
            },
            _ => None,
        }
    }
}

/// What a DDL element says besides its operation.
#[derive(Clone, Debug, Default)]
pub struct Element {
    /// The column whose comment is set, as its table has it: MySQL states it whole.
    pub column: Option<Column>,
    /// How many columns are the primary key of that column's table.
    pub key_columns: usize,
    /// `cascade=` of `DropConstraint`.
    pub cascade: bool,
}

/// A step that is left to a person.
#[derive(Clone, Debug)]
pub struct ManualStep {
    /// The revision and direction: `revision a1b2, upgrade()`.
    pub of: Arc<str>,
    /// Why it cannot be written: the message of the diagnostic.
    pub reason: Arc<str>,
    /// The file's name and the line where it begins.
    pub place: Arc<str>,
    /// The migration's own lines.
    pub source: Vec<Arc<str>>,
    /// What the names in them are, as far as it is known: name and value as Python writes it.
    pub values: Vec<(Arc<str>, Arc<str>)>,
    /// Whether it is all that comes from there on, and not one statement.
    pub rest: bool,
    /// Whether it may change the schema, and not only rows.
    pub schema: bool,
    /// The names in lower case that tables have which it may change; `None` when it cannot be said.
    pub tables: Option<Vec<Arc<str>>>,
}

/// `op.batch_alter_table`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct BatchAlterTable {
    pub table: TableName,
    pub recreate: Recreate,
    pub copy_from: Option<Table>,
    pub partial_reordering: Vec<Vec<Ident>>,
    /// Further constraints and columns given in `table_args`.
    pub table_constraints: Vec<Constraint>,
    pub table_options: DialectOptions,
    /// `reflect_args`: columns that override what reflection finds.
    pub reflect_columns: Vec<Column>,
    pub naming_convention: Vec<(Arc<str>, Arc<str>)>,
    /// The operations of the block, in order. `batch_op.execute` runs at once and is not here.
    pub operations: Vec<Located>,
}

/// `recreate=`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
#[allow(missing_docs)]
pub enum Recreate {
    #[default]
    Auto,
    Always,
    Never,
}
