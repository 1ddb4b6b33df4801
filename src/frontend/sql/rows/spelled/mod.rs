//! Statements that are built of expressions, as SQL in no dialect's words: for being executed over
//! rows that are known, never for a script.

mod change;
mod expression;
mod select;

use std::fmt::Write as _;
use std::sync::Arc;

use super::shape::DEPTH;
use crate::expression::{BindParameter, Expr, ExprKind, FromClause, Ident, Literal};

/// A statement as text, with the values that its placeholders stand for.
pub(in crate::frontend::sql::rows) struct Spelled {
    pub(in crate::frontend::sql::rows) sql: String,
    /// Whether it is in the words of the dialect rather than in general ones.
    pub(in crate::frontend::sql::rows) is_own: bool,
    pub(in crate::frontend::sql::rows) binds: Vec<(Arc<str>, BindParameter)>,
}

/// The statement as text; `None` where a part of it is not looked into.
pub(in crate::frontend::sql::rows) fn spelled(expr: &Expr) -> Option<Spelled> {
    let mut writer = Writer {
        sql: String::new(),
        binds: Vec::new(),
        depth: 0,
        around: Vec::new(),
    };
    writer.statement(expr)?;
    Some(Spelled {
        sql: writer.sql,
        is_own: false,
        binds: writer.binds,
    })
}

struct Writer {
    sql: String,
    binds: Vec<(Arc<str>, BindParameter)>,
    depth: usize,
    /// What the statements around take rows from.
    around: Vec<FromClause>,
}

impl Writer {
    fn put(&mut self, text: &str) -> Option<()> {
        self.sql.push_str(text);
        Some(())
    }

    fn name(&mut self, ident: &Ident) -> Option<()> {
        let name = match ident.anonymous_parts() {
            Some((id, base)) => format!("anon {id} {base}"),
            None => ident.name.to_string(),
        };
        let name = name.replace('"', "\"\"");
        write!(self.sql, "\"{name}\"").ok()
    }

    fn value(&mut self, value: &Literal) -> Option<()> {
        let key: Arc<str> = format!("p{}", self.binds.len()).into();
        self.put(":")?;
        self.put(&key)?;
        let bind = BindParameter {
            key: None,
            value: Some(value.clone()),
            data_type: crate::expression::null_type(),
            expanding: false,
        };
        self.binds.push((key, bind));
        Some(())
    }

    fn statement(&mut self, expr: &Expr) -> Option<()> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        match &expr.kind {
            ExprKind::Select(select) => self.select(select)?,
            ExprKind::Compound(compound) => self.compound(compound)?,
            ExprKind::Insert(insert) => self.insert(insert)?,
            ExprKind::Update(update) => self.update(update)?,
            ExprKind::Delete(delete) => self.delete(delete)?,
            ExprKind::Grouping(inner) | ExprKind::ScalarSelect(inner) => self.statement(inner)?,
            _ => return None,
        }
        self.depth -= 1;
        Some(())
    }
}
