//! Queries on the database's own catalog (`information_schema`, `pg_catalog`, `sqlite_master`,
//! `PRAGMA`), answered from the replayed schema.
//!
//! Migrations ask whether a table, a column, a constraint, an index or a type is there. Such a
//! query is executed over relations made of the catalog. What the catalog cannot tell is a value
//! of its own, [`Datum::Unknown`]: a query has an answer only where no such value decides it.

mod aggregate;
mod datum;
mod expression;
mod group;
mod order;
mod relations;
mod select;
mod union;

use std::rc::Rc;
use std::sync::Arc;

use sqlparser::ast::{self, Statement};

pub use datum::Datum;

use crate::catalog::{Catalog, Row, Table};
use crate::datatype::DataType;
use crate::dialect::SystemCatalogs;
use crate::expression::{BindParameter, Literal};

/// Rows of the system catalog.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    /// What the columns are called.
    pub columns: Vec<Arc<str>>,
    /// The rows.
    pub rows: Vec<Vec<Datum>>,
    /// Whether they can only come in this order.
    pub ordered: bool,
}

/// What is known of a database.
pub struct World<'a> {
    /// The replayed schema.
    pub catalog: &'a Catalog,
    /// Where the database keeps its catalog, and what else is in it.
    pub own: &'a SystemCatalogs,
    /// The schema of unqualified names, where its name is known.
    pub default_schema: Option<Arc<str>>,
    /// The version table, which is there although no revision creates it.
    pub version_table: Option<Rc<Table>>,
    /// The name of the parser's dialect.
    pub parser: &'a str,
    /// What the server calls a type, with its arguments.
    pub spell: &'a dyn Fn(&DataType) -> Option<String>,
    /// Whether `||` joins texts, as everywhere but in MySQL's words.
    pub joins: bool,
    /// The values of the statement's parameters.
    pub binds: &'a [(Arc<str>, BindParameter)],
}

/// The rows of a query on the system catalog; `None` when it is no such query, or the catalog
/// cannot tell. Single values in them may not be known.
pub fn answer(sql: &str, world: &World<'_>) -> Option<Rows> {
    if world.own.kept.is_empty() {
        return None;
    }
    if let Some((name, table)) = pragma(sql) {
        return relations::pragma(world, name, table)?.all();
    }
    let statements = super::rows::parse(sql, world.parser)?;
    let [statement] = statements.as_slice() else {
        return None;
    };
    match statement {
        Statement::Query(query) => select::Executor::new(world).query(query, None),
        _ => None,
    }
}

/// The rows of a query on tables whose rows are known.
pub(super) fn select(query: &ast::Query, world: &World<'_>) -> Option<Rows> {
    select::Executor::new(world).query(query, None)
}

/// The value of an expression without columns.
pub(super) fn value(expr: &ast::Expr, world: &World<'_>) -> Datum {
    select::Executor::new(world).evaluate(expr, &select::empty(None))
}

/// The value of an expression over a row of a table; an assignment with a query that is not
/// understood has none.
pub(super) fn of_row(
    expr: &ast::Expr,
    alias: &str,
    table: &Table,
    row: &Row,
    world: &World<'_>,
) -> Datum {
    let executor = select::Executor::new(world);
    executor.over_row(alias, table, row, |scope| executor.evaluate(expr, scope))
}

/// Whether a condition holds for a row of a table; `None` where it is not known.
pub(super) fn holds(
    condition: &ast::Expr,
    alias: &str,
    table: &Table,
    row: &Row,
    world: &World<'_>,
) -> Option<bool> {
    match of_row(condition, alias, table, row, world).truth() {
        datum::Truth::True => Some(true),
        datum::Truth::False | datum::Truth::Null => Some(false),
        datum::Truth::Unknown => None,
    }
}

/// `PRAGMA name(table)`, which the parser only takes with some kinds of names.
fn pragma(sql: &str) -> Option<(&str, &str)> {
    let (word, rest) = sql.trim().split_once(char::is_whitespace)?;
    let (name, argument) = rest.trim_end_matches([';', ' ', '\n']).split_once('(')?;
    let argument = argument.strip_suffix(')')?.trim();
    let plain = argument.trim_matches(['"', '\'', '`', '[', ']']);
    let name = name.trim();
    let name = name.rsplit_once('.').map_or(name, |(_, name)| name);
    word.eq_ignore_ascii_case("pragma").then_some((name, plain))
}

/// Whether the text names anything of a system catalog, which most statements do not.
pub(super) fn mentions(sql: &str) -> bool {
    const WORDS: &[&str] = &[
        "information_schema",
        "pg_",
        "to_regclass",
        "current_schema",
        "sqlite_master",
        "sqlite_schema",
        "pragma",
        "sys.",
        "object_id",
        "col_length",
    ];
    let lower = sql.to_ascii_lowercase();
    WORDS.iter().any(|word| lower.contains(word))
}

fn text_of(value: &ast::Value) -> Option<String> {
    match value {
        ast::Value::SingleQuotedString(text)
        | ast::Value::DoubleQuotedString(text)
        | ast::Value::NationalStringLiteral(text)
        | ast::Value::EscapedStringLiteral(text) => Some(text.clone()),
        ast::Value::Placeholder(text) => Some(text.clone()),
        _ => None,
    }
}

/// A parameter's value.
fn bound(literal: &Literal) -> Datum {
    match literal {
        Literal::Null => Datum::Null,
        Literal::Bool(value) => Datum::Bool(*value),
        Literal::Int(number) => number.parse().map_or(Datum::Unknown, Datum::Int),
        Literal::Str(text) => Datum::Text(Arc::clone(text)),
        _ => Datum::Unknown,
    }
}
