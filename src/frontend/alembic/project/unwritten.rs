//! Downgrades that nobody wrote.

use std::sync::Arc;

use crate::diagnostic::Result;
use crate::python::syntax;
use crate::python::syntax::ast::{ExprKind, Stmt, StmtKind};
use crate::revision::Revision;

/// Whether the revision has no `downgrade()`, or one that does nothing or only raises.
pub(super) fn is_unwritten(revision: &Revision, limit: usize) -> Result<bool> {
    let file = match &revision.location {
        Some(location) => Arc::clone(&location.file),
        None => super::files::read_source(&revision.path, limit)?,
    };
    let module = syntax::parse(&file)?;
    let downgrade = module
        .body
        .iter()
        .rev()
        .find_map(|statement| match &statement.kind {
            StmtKind::Function { function, .. } if &*function.name == "downgrade" => Some(function),
            _ => None,
        });
    Ok(downgrade.is_none_or(|function| function.body.iter().all(says_nothing)))
}

fn says_nothing(statement: &Stmt) -> bool {
    match &statement.kind {
        StmtKind::Pass | StmtKind::Raise { .. } | StmtKind::Return(None) => true,
        StmtKind::Expr(value) => matches!(value.kind, ExprKind::Const(_)),
        _ => false,
    }
}
