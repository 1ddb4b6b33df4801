//! SQL expressions and statements as a tree, as SQLAlchemy's Core has them. Rank 2.
//! How a dialect writes them is the business of `lower::expression`.

mod literal;

pub use literal::Literal;

use std::rc::Rc;
use std::sync::Arc;

use crate::datatype::DataType;

/// An identifier with its quoting request.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Ident {
    /// The name.
    pub name: Arc<str>,
    /// `quoted_name(…, True)` or `quote=True`: always quote; `Some(false)`: never.
    pub quote: Option<bool>,
}

impl Ident {
    /// A name that is quoted when it needs to be.
    pub fn new(name: impl AsRef<str>) -> Self {
        Self {
            name: Arc::from(name.as_ref()),
            quote: None,
        }
    }
}

impl From<&str> for Ident {
    fn from(name: &str) -> Self {
        Self::new(name)
    }
}

/// The expressions of SQL. Shared by `Rc`: SQLAlchemy's identity rules (correlation, anonymous
/// names) depend on which object is used twice.
pub type Expr = Rc<Expression>;

/// A node with its type (`DataType` of spec `NullType` where none is known).
#[derive(Debug)]
pub struct Expression {
    /// What it is.
    pub kind: ExprKind,
    /// The SQL type, which decides operators and literals.
    pub data_type: DataType,
}

/// What an expression is. The full set belongs to the expression compiler's author; rendering
/// matches exhaustively.
#[derive(Debug)]
pub enum ExprKind {
    /// `text("…")`: raw SQL with `:name` binds.
    Text(TextClause),
    /// `literal_column("…")`: raw SQL used as a column.
    LiteralColumn(Arc<str>),
    /// A value that is rendered as a literal.
    Bind(BindParameter),
    /// `NULL`.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A column, of a table or free.
    Column {
        /// Its table.
        table: Option<Rc<TableClause>>,
        /// Its name.
        name: Ident,
    },
    /// `func.name(args)`.
    Function {
        /// The dotted name, `now` or `pkg.fn`.
        name: Vec<Ident>,
        /// The arguments.
        args: Vec<Expr>,
    },
}

/// `text("…")`.
#[derive(Debug)]
pub struct TextClause {
    /// The text as it was given.
    pub sql: Arc<str>,
    /// Binds that got a value or a type.
    pub binds: Vec<(Arc<str>, BindParameter)>,
}

/// A bound value.
#[derive(Clone, Debug)]
pub struct BindParameter {
    /// The name it was given.
    pub key: Option<Arc<str>>,
    /// The value; `None` when it is required but absent.
    pub value: Option<Literal>,
    /// Its type.
    pub data_type: DataType,
    /// Whether it is a list for `IN`.
    pub expanding: bool,
}

/// A table or table-like name in an expression.
#[derive(Debug)]
pub struct TableClause {
    /// Its name.
    pub name: Ident,
    /// Its schema.
    pub schema: Option<Ident>,
    /// Its columns, as far as they are known.
    pub columns: Vec<(Ident, DataType)>,
}
