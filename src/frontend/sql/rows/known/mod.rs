//! Statements executed over rows that are known.

mod change;
mod insert;
mod query;

use std::sync::{Arc, LazyLock};

use sqlparser::ast::Statement;

pub(super) use self::change::{Change, change};
pub(super) use self::query::query;

use super::super::system::{Datum, World};
use super::spelled::{Spelled, spelled};
use super::{Binds, text};
use crate::catalog::{Catalog, Contents};
use crate::dialect::SystemCatalogs;
use crate::expression::{ExprKind, Literal};
use crate::operation::Executable;

static NONE: LazyLock<SystemCatalogs> = LazyLock::new(SystemCatalogs::default);

/// What is known of a database but for its own catalog.
fn world<'a>(catalog: &'a Catalog, spelled: &'a Spelled) -> World<'a> {
    World {
        catalog,
        own: &NONE,
        default_schema: None,
        version_table: None,
        parser: "generic",
        spell: &|_| None,
        // What a migration's own text means by it is the database's to say.
        joins: !spelled.is_own || catalog.contents().is_some_and(Contents::joins_texts),
        binds: &spelled.binds,
    }
}

/// The text of a statement with its parameters, where it is one that is looked into.
pub(super) fn text_of(statement: &Executable) -> Option<Spelled> {
    if let Some(sql) = statement.text() {
        return Some(Spelled::own(sql, statement.parameters()));
    }
    let Executable::Expr(expr) = statement else {
        return None;
    };
    match &expr.kind {
        ExprKind::TextualSelect { text, .. } => match &text.kind {
            ExprKind::Text(clause) => Some(Spelled::own(&clause.sql, &clause.binds)),
            _ => None,
        },
        _ => spelled(expr),
    }
}

impl Spelled {
    /// A text as a migration wrote it.
    fn own(sql: &str, binds: &Binds) -> Self {
        Self {
            sql: sql.to_owned(),
            is_own: true,
            binds: binds.to_vec(),
        }
    }

    /// The statements of a part of the text.
    pub(super) fn parse(&self, part: &str, dialect: &str) -> Option<Vec<Statement>> {
        text::parse(part, if self.is_own { dialect } else { "generic" })
    }
}

/// A value as rows hold it; none of what is no value of a column.
fn literal(datum: &Datum) -> Option<Literal> {
    match datum {
        Datum::Null => Some(Literal::Null),
        Datum::Bool(value) => Some(Literal::Bool(*value)),
        Datum::Int(number) => Some(Literal::Int(number.to_string().into())),
        Datum::Text(text) => Some(Literal::Str(Arc::clone(text))),
        _ => None,
    }
}
