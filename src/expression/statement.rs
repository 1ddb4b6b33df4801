//! SELECT, INSERT, UPDATE and DELETE.

use std::sync::Arc;

use super::{Expr, ExprKind, FromClause, Ident, TableColumn};

/// Words with the dialect they are meant for.
pub type Phrases = Vec<(Expr, Option<Arc<str>>)>;

/// How the columns of a SELECT are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum LabelStyle {
    /// Names that are used twice get a number.
    #[default]
    Disambiguate,
    /// Names as they are.
    None,
    /// `table_column`.
    TablePlusColumn,
}

/// `FOR UPDATE`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct ForUpdate {
    pub nowait: bool,
    pub read: bool,
    pub skip_locked: bool,
    pub key_share: bool,
    pub of: Vec<Expr>,
}

/// `select().join(…)`, before its left side is found.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct JoinStep {
    pub left: Option<FromClause>,
    pub right: FromClause,
    pub on: Option<Expr>,
    pub outer: bool,
    pub full: bool,
}

/// `FETCH FIRST`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Fetch {
    pub count: Expr,
    pub percent: bool,
    pub with_ties: bool,
}

/// `SELECT`.
#[derive(Clone, Debug, Default)]
#[allow(missing_docs)]
pub struct Select {
    /// Columns; one of kind `From` stands for all its columns.
    pub columns: Vec<Expr>,
    /// `select_from`.
    pub from: Vec<FromClause>,
    pub joins: Vec<JoinStep>,
    pub where_: Vec<Expr>,
    pub group_by: Vec<Expr>,
    pub having: Vec<Expr>,
    pub order_by: Vec<Expr>,
    pub distinct: bool,
    pub distinct_on: Vec<Expr>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
    pub fetch: Option<Fetch>,
    pub for_update: Option<ForUpdate>,
    pub prefixes: Phrases,
    pub suffixes: Phrases,
    /// `correlate`.
    pub correlate: Vec<FromClause>,
    /// `correlate_except`.
    pub correlate_except: Option<Vec<FromClause>>,
    /// Whether correlation is not automatic.
    pub explicit_correlation: bool,
    pub label_style: LabelStyle,
    pub ctes: Vec<FromClause>,
}

/// `UNION` and its like.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Compound {
    /// `UNION ALL`.
    pub keyword: &'static str,
    pub selects: Vec<Expr>,
    pub group_by: Vec<Expr>,
    pub order_by: Vec<Expr>,
    pub limit: Option<Expr>,
    pub offset: Option<Expr>,
    pub fetch: Option<Fetch>,
    pub for_update: Option<ForUpdate>,
    pub ctes: Vec<FromClause>,
}

/// The left side of an assignment.
#[derive(Clone, Debug)]
pub enum Target {
    /// A column, by the key it has in its table.
    Key(Arc<str>),
    /// A column or another expression.
    Expr(Expr),
}

impl Target {
    /// Whether it is a column of a table.
    pub fn is(&self, column: &TableColumn) -> bool {
        match self {
            Self::Key(key) => *key == column.key || column.attribute.as_ref() == Some(key),
            Self::Expr(expr) => {
                matches!(&expr.kind, ExprKind::Column { name, .. } if name.name == column.name.name)
            }
        }
    }
}

/// Assignments in the order given. A plain Python value has become a `Bind` of type `NullType`
/// without a key, and takes the column's type.
pub type Assignments = Vec<(Target, Expr)>;

/// `ON CONFLICT`, `ON DUPLICATE KEY UPDATE`.
#[derive(Clone, Debug)]
pub struct Upsert {
    /// The constraint's name.
    pub constraint: Option<Ident>,
    /// The columns that must be unique: names, or expressions.
    pub elements: Option<Vec<Target>>,
    /// The partial index's condition.
    pub index_where: Option<Expr>,
    /// What is done.
    pub action: UpsertAction,
}

/// What an upsert does.
#[derive(Clone, Debug)]
pub enum UpsertAction {
    /// `DO NOTHING`.
    Nothing,
    /// `DO UPDATE SET … WHERE …`.
    Update(Assignments, Option<Expr>),
    /// MySQL's `ON DUPLICATE KEY UPDATE`; whether the order was given.
    DuplicateKey(Assignments, bool),
}

/// `INSERT`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Insert {
    pub table: FromClause,
    /// The rows; more than one makes a multi-row VALUES.
    pub rows: Vec<Assignments>,
    /// Whether the rows were given as a list.
    pub multi: bool,
    /// `from_select(names, select)`.
    pub from_select: Option<(Vec<Target>, Expr)>,
    pub include_defaults: bool,
    pub inline: bool,
    pub returning: Vec<Expr>,
    pub upsert: Vec<Upsert>,
    pub prefixes: Phrases,
    pub ctes: Vec<FromClause>,
}

/// `UPDATE`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Update {
    pub table: FromClause,
    pub values: Assignments,
    /// `ordered_values`: keep the order given rather than the table's.
    pub ordered: bool,
    pub where_: Vec<Expr>,
    pub returning: Vec<Expr>,
    pub inline: bool,
    pub prefixes: Phrases,
    pub ctes: Vec<FromClause>,
    /// `mysql_limit` and its like.
    pub limit: Option<Expr>,
}

/// `DELETE`.
#[derive(Clone, Debug)]
#[allow(missing_docs)]
pub struct Delete {
    pub table: FromClause,
    pub where_: Vec<Expr>,
    pub returning: Vec<Expr>,
    pub prefixes: Phrases,
    pub ctes: Vec<FromClause>,
    pub limit: Option<Expr>,
}
