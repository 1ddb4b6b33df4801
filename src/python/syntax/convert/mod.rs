//! From ruff's tree to ours, with names resolved.

mod expression;
mod pattern;
mod statement;

use std::sync::Arc;

use ruff_python_ast as ruff;
use ruff_text_size::TextRange;
use rustc_hash::{FxBuildHasher, FxHashSet};

use super::super::value::Str;
use super::ast::*;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// Expressions nested deeper than this are refused.
pub(super) const MAX_DEPTH: usize = 900;

/// Names that an ordinary revision has.
const NAMES: usize = 56;

/// Converts a file.
pub(super) fn module(file: &Arc<SourceFile>, module: ruff::ModModule) -> Result<Module> {
    let mut converter = Converter {
        file: Arc::clone(file),
        names: FxHashSet::with_capacity_and_hasher(NAMES, FxBuildHasher),
        scopes: vec![Scope::Module],
        depth: 0,
        yields: 0,
    };
    let doc = docstring(&module.body);
    let body = converter.body(module.body)?;
    Ok(Module {
        file: Arc::clone(file),
        body,
        doc,
    })
}

pub(super) enum Scope {
    Module,
    Class {
        name: Str,
        globals: FxHashSet<String>,
        nonlocals: FxHashSet<String>,
    },
    Function {
        name: Str,
        slots: Vec<Str>,
        globals: FxHashSet<String>,
    },
}

pub(super) struct Converter {
    file: Arc<SourceFile>,
    names: FxHashSet<Str>,
    scopes: Vec<Scope>,
    depth: usize,
    /// How many `yield`s of the current function were converted.
    yields: usize,
}

pub(super) fn span(range: TextRange) -> Span {
    Span {
        start: range.start().to_u32(),
        end: range.end().to_u32(),
    }
}

pub(super) fn docstring(body: &[ruff::Stmt]) -> Option<Str> {
    match body.first()? {
        ruff::Stmt::Expr(statement) => match &*statement.value {
            ruff::Expr::StringLiteral(text) => Some(Str::from(text.value.to_str())),
            _ => None,
        },
        _ => None,
    }
}

impl Converter {
    pub(super) fn name(&mut self, name: &str) -> Str {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let made = Str::from(name);
        self.names.insert(made.clone());
        made
    }

    /// A name with those of the classes and functions around it.
    pub(super) fn qualified(&mut self, name: &Str) -> Str {
        let mut parts: Vec<&str> = Vec::new();
        for scope in &self.scopes {
            match scope {
                Scope::Module => {}
                Scope::Class { name, .. } => parts.push(name),
                Scope::Function { name, .. } if name.is_empty() => {}
                Scope::Function { name, .. } => parts.extend([&**name, "<locals>"]),
            }
        }
        if parts.is_empty() {
            return name.clone();
        }
        parts.push(name);
        let joined = parts.join(".");
        self.name(&joined)
    }

    pub(super) fn unsupported<T>(&self, what: &str, range: TextRange, help: &str) -> Result<T> {
        Err(Box::new(
            Diagnostic::error(Code::PythonUnsupported, format!("{what} is not evaluated"))
                .at(Location::new(Arc::clone(&self.file), span(range)))
                .with_help(help),
        ))
    }

    /// A name of a class's own (`__name`), which gets the class's name in front.
    pub(super) fn private(&mut self, name: &str) -> Str {
        if !name.starts_with("__") || name.ends_with("__") {
            return self.name(name);
        }
        let class = self.scopes.iter().rev().find_map(|scope| match scope {
            Scope::Class { name, .. } => Some(name.trim_start_matches('_').to_owned()),
            _ => None,
        });
        match class {
            Some(class) if !class.is_empty() => self.name(&format!("_{class}{name}")),
            _ => self.name(name),
        }
    }

    pub(super) fn var(&mut self, name: &str) -> Var {
        if matches!(self.scopes.last(), Some(Scope::Class { .. })) {
            let own = self.private(name);
            return self.plain_var(&own);
        }
        self.plain_var(name)
    }

    pub(super) fn plain_var(&mut self, name: &str) -> Var {
        let interned = self.name(name);
        let mut outer = 0u32;
        let mut class = false;
        for (distance, scope) in self.scopes.iter().rev().enumerate() {
            match scope {
                Scope::Module => break,
                Scope::Class {
                    globals, nonlocals, ..
                } => {
                    if distance == 0 {
                        if globals.contains(name) {
                            return Var::Global(interned);
                        }
                        class = !nonlocals.contains(name);
                    }
                }
                Scope::Function { slots, globals, .. } => {
                    if globals.contains(name) {
                        break;
                    }
                    if let Some(slot) = slots.iter().position(|s| **s == *name) {
                        let slot = u32::try_from(slot).unwrap_or(u32::MAX);
                        let var = if outer == 0 && !class && distance == 0 {
                            Var::Local(slot, interned.clone())
                        } else {
                            Var::Outer(outer, slot, interned.clone())
                        };
                        return if class {
                            Var::Class(interned, Box::new(var))
                        } else {
                            var
                        };
                    }
                    outer += 1;
                }
            }
        }
        let var = Var::Global(interned.clone());
        if class {
            Var::Class(interned, Box::new(var))
        } else {
            var
        }
    }

    #[allow(clippy::boxed_local)]
    pub(super) fn boxed(&mut self, expr: Box<ruff::Expr>) -> Result<Box<Expr>> {
        self.expr(*expr).map(Box::new)
    }

    pub(super) fn optional(&mut self, expr: Option<Box<ruff::Expr>>) -> Result<Option<Box<Expr>>> {
        expr.map(|expr| self.boxed(expr)).transpose()
    }

    pub(super) fn exprs(
        &mut self,
        exprs: impl IntoIterator<Item = ruff::Expr>,
    ) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }
}
