//! What may stand after FROM.

use std::any::Any;
use std::rc::{Rc, Weak};
use std::sync::Arc;

use super::{Expr, Ident, Literal};
use crate::datatype::DataType;

/// The name of the table that stands for the row an upsert wanted to insert, where that is not
/// a table but a function (MySQL's `VALUES(x)`).
pub const INSERTED_ROW: &str = "\u{1}inserted";

/// A default of a column, as far as INSERT and UPDATE statements care.
#[derive(Clone, Debug)]
pub enum ColumnDefault {
    /// A plain value of Python. Alembic writes `NULL` for it.
    Value(Literal),
    /// What Python computes when the statement runs.
    Python,
    /// A SQL expression, rendered inline.
    Sql(Expr),
    /// `Sequence(…)`, with its qualified name's parts.
    Sequence(Option<Ident>, Ident),
}

/// A column of a table in an expression.
#[derive(Clone, Debug)]
pub struct TableColumn {
    /// Its name.
    pub name: Ident,
    /// The name that Python code knows it by (`key=`).
    pub key: Arc<str>,
    /// The attribute of a mapped class that stands for it, where that is called otherwise.
    pub attribute: Option<Arc<str>>,
    /// Its type.
    pub data_type: DataType,
    /// Part of the primary key.
    pub primary_key: bool,
    /// Whether it is the table's autoincrement column.
    pub autoincrement: bool,
    /// `default=`.
    pub default: Option<ColumnDefault>,
    /// `onupdate=`.
    pub onupdate: Option<ColumnDefault>,
    /// Whether the server fills it in.
    pub server_default: bool,
    /// Foreign keys: `table.column` or `schema.table.column` as written.
    pub foreign_keys: Vec<Arc<str>>,
}

impl TableColumn {
    /// A plain column, as `column("x")` in `table()`.
    pub fn new(name: impl Into<Ident>, data_type: DataType) -> Self {
        let name = name.into();
        Self {
            key: name.name.clone(),
            attribute: None,
            name,
            data_type,
            primary_key: false,
            autoincrement: false,
            default: None,
            onupdate: None,
            server_default: false,
            foreign_keys: Vec::new(),
        }
    }
}

/// A table or table-like name in an expression.
#[derive(Clone, Debug)]
pub struct TableClause {
    /// Its name.
    pub name: Ident,
    /// Its schema.
    pub schema: Option<Ident>,
    /// Its columns, as far as they are known.
    pub columns: Vec<TableColumn>,
    /// Whether it is a `Table` of a `MetaData` (then INSERT of a row may fetch generated keys)
    /// rather than a lightweight `table()`.
    pub is_schema_table: bool,
    /// What the front-end made it of.
    pub origin: Option<Weak<dyn Any>>,
}

impl TableClause {
    /// A lightweight table.
    pub fn new(name: impl Into<Ident>, schema: Option<Ident>, columns: Vec<TableColumn>) -> Self {
        Self {
            name: name.into(),
            schema,
            columns,
            is_schema_table: false,
            origin: None,
        }
    }
}

/// What may stand after FROM. Two of them are the same when they are the same object.
#[derive(Clone, Debug)]
pub enum FromClause {
    /// A table.
    Table(Rc<TableClause>),
    /// `alias()`, `subquery()`, `lateral()`.
    Alias(Rc<Alias>),
    /// `cte()`.
    Cte(Rc<Cte>),
    /// `join()`.
    Join(Rc<Join>),
    /// `values()`.
    Values(Rc<Values>),
    /// A function, `text()` or another element written as it is.
    Element(Expr),
}

/// What an alias stands for.
#[derive(Debug)]
pub enum AliasSource {
    /// A table or a function.
    From(FromClause),
    /// A statement: a subquery.
    Statement(Expr),
}

/// A name for a table or subquery.
#[derive(Debug)]
pub struct Alias {
    /// The name, perhaps anonymous.
    pub name: Ident,
    /// What it stands for.
    pub source: AliasSource,
    /// `LATERAL`.
    pub lateral: bool,
    /// `TABLESAMPLE`: the method and the seed.
    pub sample: Option<(Expr, Option<Expr>)>,
    /// Whether the columns' names are written after the alias, and with their types.
    pub render_columns: Option<bool>,
    /// `WITH ORDINALITY`.
    pub with_ordinality: bool,
    /// Its columns.
    pub columns: Vec<TableColumn>,
}

/// A common table expression.
#[derive(Debug)]
pub struct Cte {
    /// The name, perhaps anonymous.
    pub name: Ident,
    /// The statement.
    pub statement: Expr,
    /// `WITH RECURSIVE`.
    pub recursive: bool,
    /// `nesting=True`.
    pub nesting: bool,
    /// For the union of a recursive one: the part that it restates.
    pub restates: Option<Rc<Cte>>,
    /// Words before the parenthesis (`MATERIALIZED`), with the dialect they are for.
    pub prefixes: Vec<(Expr, Option<Arc<str>>)>,
    /// Words after it.
    pub suffixes: Vec<(Expr, Option<Arc<str>>)>,
    /// For `cte.alias()`: what is named anew.
    pub alias_of: Option<Rc<Cte>>,
    /// Its columns.
    pub columns: Vec<TableColumn>,
}

/// A join.
#[derive(Debug)]
pub struct Join {
    /// The left side.
    pub left: FromClause,
    /// The right side.
    pub right: FromClause,
    /// `ON`.
    pub on: Expr,
    /// `LEFT OUTER JOIN`.
    pub outer: bool,
    /// `FULL OUTER JOIN`.
    pub full: bool,
}

/// `values(…)`.
#[derive(Debug)]
pub struct Values {
    /// The name.
    pub name: Option<Ident>,
    /// The columns.
    pub columns: Vec<TableColumn>,
    /// The rows, each an expression of kind `Tuple`.
    pub rows: Vec<Expr>,
    /// `LATERAL`.
    pub lateral: bool,
}

impl FromClause {
    /// The object's identity.
    pub fn id(&self) -> usize {
        match self {
            Self::Table(table) => Rc::as_ptr(table).addr(),
            Self::Alias(alias) => Rc::as_ptr(alias).addr(),
            Self::Cte(cte) => Rc::as_ptr(cte).addr(),
            Self::Join(join) => Rc::as_ptr(join).addr(),
            Self::Values(values) => Rc::as_ptr(values).addr(),
            Self::Element(element) => Rc::as_ptr(element).addr(),
        }
    }

    /// Whether two are the same object.
    pub fn same(&self, other: &Self) -> bool {
        self.id() == other.id()
    }

    /// The name that columns are qualified with.
    pub fn name(&self) -> Option<&Ident> {
        match self {
            Self::Table(table) => Some(&table.name),
            Self::Alias(alias) => Some(&alias.name),
            Self::Cte(cte) => Some(&cte.name),
            Self::Values(values) => values.name.as_ref(),
            Self::Join(_) | Self::Element(_) => None,
        }
    }

    /// The schema that columns are qualified with.
    pub fn schema(&self) -> Option<&Ident> {
        match self {
            Self::Table(table) => table.schema.as_ref(),
            _ => None,
        }
    }

    /// The columns as expressions.
    pub fn columns(&self) -> Vec<(Arc<str>, Expr)> {
        let list: &[TableColumn] = match self {
            Self::Table(table) => &table.columns,
            Self::Alias(alias) => &alias.columns,
            Self::Cte(cte) => &cte.columns,
            Self::Values(values) => &values.columns,
            Self::Join(join) => {
                let mut all: Vec<(Arc<str>, Expr)> = Vec::new();
                for side in [&join.left, &join.right] {
                    let prefix = side.name().map(|name| name.name.clone());
                    for (key, column) in side.columns() {
                        let key = match (&prefix, matches!(side, Self::Join(_))) {
                            (Some(prefix), false) => Arc::from(format!("{prefix}_{key}")),
                            _ => key,
                        };
                        all.push((key, column));
                    }
                }
                return all;
            }
            Self::Element(_) => &[],
        };
        list.iter()
            .map(|column| (column.key.clone(), self.column(column)))
            .collect()
    }

    /// One of its columns as an expression.
    pub fn column(&self, column: &TableColumn) -> Expr {
        super::column(
            Some(self.clone()),
            column.name.clone(),
            column.data_type.clone(),
        )
    }

    /// This and what it is made of.
    pub fn from_objects(&self) -> Vec<FromClause> {
        match self {
            Self::Join(join) => {
                let mut all = vec![self.clone()];
                all.extend(join.left.from_objects());
                all.extend(join.right.from_objects());
                all
            }
            Self::Element(element) if matches!(element.kind, super::ExprKind::Text(_)) => {
                vec![self.clone()]
            }
            _ => vec![self.clone()],
        }
    }

    /// What need not be listed beside it.
    pub fn hidden(&self) -> Vec<FromClause> {
        match self {
            Self::Join(join) => {
                let mut all = join.left.from_objects();
                all.extend(join.right.from_objects());
                all
            }
            _ => Vec::new(),
        }
    }
}
