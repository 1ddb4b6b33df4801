//! Which tables calls are about that say them by objects: `Base.metadata.create_all(tables=[A.__table__])`,
//! `table.drop()`.

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ruff, Expr, Stmt};
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::FxHashSet;

use crate::source::SourceFile;

/// How many names may stand for others, one behind another.
const DEPTH: usize = 8;

/// The names of the tables that the functions of a file make or drop by calling methods of
/// objects; `None` where an object is not defined at the top of the file, or its table has no
/// plain name. `collections` are methods that are told their tables, `own` those of a table.
pub fn tables(file: &Arc<SourceFile>, collections: &[&str], own: &[&str]) -> Option<Vec<String>> {
    let tree = super::tree::of(file)?;
    let mut calls = Calls {
        body: &tree.body,
        collections,
        own,
        values: FxHashSet::default(),
        found: Some(Vec::new()),
    };
    for stmt in calls.body {
        if let Stmt::FunctionDef(def) = stmt {
            calls.visit_body(&def.body);
        }
    }
    calls.found
}

struct Calls<'a> {
    body: &'a [Stmt],
    collections: &'a [&'a str],
    own: &'a [&'a str],
    /// Calls whose value another call is given. A table's methods give none back: these are of
    /// something else (`Column("token", encrypted.create(String))`).
    values: FxHashSet<TextRange>,
    found: Option<Vec<String>>,
}

impl<'a> Visitor<'a> for Calls<'a> {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::Call(call) = expr {
            let named = call.arguments.keywords.iter().map(|keyword| &keyword.value);
            let given = call.arguments.args.iter().chain(named);
            self.values.extend(
                given
                    .filter(|value| value.is_call_expr())
                    .map(Ranged::range),
            );
        }
        if let Expr::Call(call) = expr
            && let Expr::Attribute(method) = &*call.func
        {
            let name = method.attr.as_str();
            let said = if self.collections.contains(&name) {
                Some(call.arguments.find_argument_value("tables", 1))
            } else if self.own.contains(&name) && !self.values.contains(&call.range()) {
                Some(Some(&*method.value))
            } else {
                None
            };
            if let Some(said) = said
                && let Some(found) = &mut self.found
                && said
                    .and_then(|said| resolve(self.body, said, found, DEPTH))
                    .is_none()
            {
                self.found = None;
            }
        }
        visitor::walk_expr(self, expr);
    }
}

/// Adds the names of the tables that an expression stands for.
fn resolve(body: &[Stmt], expr: &Expr, found: &mut Vec<String>, depth: usize) -> Option<()> {
    let depth = depth.checked_sub(1)?;
    match expr {
        Expr::List(ruff::ExprList { elts, .. })
        | Expr::Tuple(ruff::ExprTuple { elts, .. })
        | Expr::Set(ruff::ExprSet { elts, .. }) => elts
            .iter()
            .try_for_each(|element| resolve(body, element, found, depth)),
        Expr::Attribute(part) if part.attr.as_str() == "__table__" => {
            resolve(body, &part.value, found, depth)
        }
        Expr::Call(call) => {
            let made = match &*call.func {
                Expr::Name(name) => name.id.as_str(),
                Expr::Attribute(part) => part.attr.as_str(),
                _ => return None,
            };
            let Some(Expr::StringLiteral(name)) = call.arguments.args.first() else {
                return None;
            };
            (made == "Table").then(|| found.push(name.value.to_str().to_owned()))
        }
        Expr::Name(name) => match binding(body, name.id.as_str())? {
            Bound::Class(class) => {
                let name = class.body.iter().find_map(|stmt| match assigned(stmt) {
                    Some(("__tablename__", Expr::StringLiteral(text))) => Some(text),
                    _ => None,
                })?;
                found.push(name.value.to_str().to_owned());
                Some(())
            }
            Bound::Value(value) => resolve(body, value, found, depth),
        },
        _ => None,
    }
}

enum Bound<'a> {
    Class(&'a ruff::StmtClassDef),
    Value(&'a Expr),
}

/// What a name stands for at the top of a file, if it is bound there once.
fn binding<'a>(body: &'a [Stmt], name: &str) -> Option<Bound<'a>> {
    let mut bound = body.iter().filter_map(|stmt| match stmt {
        Stmt::ClassDef(class) if class.name == *name => Some(Bound::Class(class)),
        _ => match assigned(stmt) {
            Some((target, value)) if target == name => Some(Bound::Value(value)),
            _ => None,
        },
    });
    let first = bound.next()?;
    bound.next().is_none().then_some(first)
}

/// The name that a statement gives a value to, and the value.
fn assigned(stmt: &Stmt) -> Option<(&str, &Expr)> {
    let (target, value) = match stmt {
        Stmt::Assign(assign) => match assign.targets.as_slice() {
            [target] => (target, &*assign.value),
            _ => return None,
        },
        Stmt::AnnAssign(assign) => (&*assign.target, assign.value.as_deref()?),
        _ => return None,
    };
    match target {
        Expr::Name(name) => Some((name.id.as_str(), value)),
        _ => None,
    }
}
