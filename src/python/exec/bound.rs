//! The names that a statement would bind.

use super::super::syntax::ast::{Expr, ExprKind, Stmt, StmtKind};
use super::super::value::Str;

/// The names, in order.
pub(super) fn names(stmt: &Stmt) -> Vec<Str> {
    let mut found = Vec::new();
    collect(stmt, &mut found);
    found
}

fn collect(stmt: &Stmt, found: &mut Vec<Str>) {
    let mut block = |body: &[Stmt]| body.iter().for_each(|stmt| collect(stmt, found));
    match &stmt.kind {
        StmtKind::If { branches, orelse } => {
            branches.iter().for_each(|(_, body)| block(body));
            block(orelse);
        }
        StmtKind::While { body, orelse, .. } => {
            block(body);
            block(orelse);
        }
        StmtKind::Try(parts) => {
            block(&parts.body);
            parts
                .handlers
                .iter()
                .for_each(|handler| block(&handler.body));
            block(&parts.orelse);
            block(&parts.finally);
        }
        StmtKind::Match { cases, .. } => cases.iter().for_each(|case| block(&case.body)),
        StmtKind::For {
            target,
            body,
            orelse,
            ..
        } => {
            block(body);
            block(orelse);
            bind(target, found);
        }
        StmtKind::With { items, body } => {
            block(body);
            items
                .iter()
                .filter_map(|(_, target)| target.as_ref())
                .for_each(|t| bind(t, found));
        }
        StmtKind::Assign { targets, .. } => targets.iter().for_each(|target| bind(target, found)),
        StmtKind::AnnAssign { target, .. } | StmtKind::AugAssign { target, .. } => {
            bind(target, found);
        }
        StmtKind::Function { target, .. } | StmtKind::Class { target, .. } => {
            found.push(target.name().clone());
        }
        StmtKind::Import(names) => {
            found.extend(names.iter().map(|(_, _, target)| target.name().clone()));
        }
        StmtKind::ImportFrom { names, .. } => {
            found.extend(names.iter().map(|(_, target)| target.name().clone()));
        }
        StmtKind::Return(_)
        | StmtKind::Delete(_)
        | StmtKind::Raise { .. }
        | StmtKind::Assert { .. }
        | StmtKind::Expr(_)
        | StmtKind::Pass
        | StmtKind::Break
        | StmtKind::Continue => {}
    }
}

fn bind(target: &Expr, found: &mut Vec<Str>) {
    match &target.kind {
        ExprKind::Name(var) => found.push(var.name().clone()),
        ExprKind::Tuple(targets) | ExprKind::List(targets) => {
            targets.iter().for_each(|target| bind(target, found));
        }
        ExprKind::Starred(inner) => bind(inner, found),
        _ => {}
    }
}
