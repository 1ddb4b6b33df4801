//! Statements and functions.

use std::sync::Arc;

use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};

use super::super::super::value::Str;
use super::super::ast::*;
use super::super::bindings::{self, Bindings};
use super::expression::operator;
use super::{Converter, Scope, docstring, span};
use crate::diagnostic::Result;

impl Converter {
    pub(super) fn body(&mut self, body: impl IntoIterator<Item = ruff::Stmt>) -> Result<Vec<Stmt>> {
        body.into_iter().map(|stmt| self.stmt(stmt)).collect()
    }

    #[allow(clippy::too_many_lines)]
    pub(super) fn stmt(&mut self, stmt: ruff::Stmt) -> Result<Stmt> {
        let range = stmt.range();
        let before = self.yields;
        let kind = match stmt {
            ruff::Stmt::FunctionDef(def) => {
                let target = self.var(&def.name);
                let decorators =
                    self.exprs(def.decorator_list.into_iter().map(|d| d.expression))?;
                let found = bindings::of_body(&def.body);
                let doc = docstring(&def.body);
                let name = self.name(&def.name);
                let function = self.function(name, *def.parameters, found, range, doc, |this| {
                    this.body(def.body)
                })?;
                StmtKind::Function {
                    target,
                    decorators,
                    function,
                }
            }
            ruff::Stmt::ClassDef(def) => {
                let target = self.var(&def.name);
                let decorators =
                    self.exprs(def.decorator_list.into_iter().map(|d| d.expression))?;
                let (mut bases, mut keywords) = (Vec::new(), Vec::new());
                if let Some(arguments) = def.arguments {
                    bases = self.exprs(arguments.args)?;
                    keywords = self.keywords(arguments.keywords)?;
                }
                let found = bindings::of_body(&def.body);
                let doc = docstring(&def.body);
                let name = self.name(&def.name);
                let qualname = self.qualified(&name);
                self.scopes.push(Scope::Class {
                    name: name.clone(),
                    globals: found.global,
                    nonlocals: found.nonlocal,
                });
                let body = self.body(def.body);
                self.scopes.pop();
                let class = ClassDef {
                    name,
                    qualname,
                    bases,
                    keywords,
                    body: body?,
                    doc,
                    span: span(range),
                };
                StmtKind::Class {
                    target,
                    decorators,
                    class: Arc::new(class),
                }
            }
            ruff::Stmt::Return(s) => StmtKind::Return(self.optional(s.value)?.map(|b| *b)),
            ruff::Stmt::Delete(s) => StmtKind::Delete(self.exprs(s.targets)?),
            ruff::Stmt::TypeAlias(s) => {
                let value = self.expr(*s.value)?;
                StmtKind::Assign {
                    targets: vec![self.expr(*s.name)?],
                    value,
                }
            }
            ruff::Stmt::Assign(s) => {
                let value = self.expr(*s.value)?;
                StmtKind::Assign {
                    targets: self.exprs(s.targets)?,
                    value,
                }
            }
            ruff::Stmt::AugAssign(s) => StmtKind::AugAssign {
                target: self.expr(*s.target)?,
                op: operator(s.op),
                value: self.expr(*s.value)?,
            },
            ruff::Stmt::AnnAssign(s) => StmtKind::AnnAssign {
                target: self.expr(*s.target)?,
                annotation: self.expr(*s.annotation)?,
                value: self.optional(s.value)?.map(|b| *b),
            },
            ruff::Stmt::For(s) => StmtKind::For {
                target: self.expr(*s.target)?,
                iter: self.expr(*s.iter)?,
                body: self.body(s.body)?,
                orelse: self.body(s.orelse)?,
            },
            ruff::Stmt::While(s) => StmtKind::While {
                test: self.expr(*s.test)?,
                body: self.body(s.body)?,
                orelse: self.body(s.orelse)?,
            },
            ruff::Stmt::If(s) => {
                let mut branches = vec![(self.expr(*s.test)?, self.body(s.body)?)];
                let mut orelse = Vec::new();
                for clause in s.elif_else_clauses {
                    let body = self.body(clause.body)?;
                    match clause.test {
                        Some(test) => branches.push((self.expr(test)?, body)),
                        None => orelse = body,
                    }
                }
                StmtKind::If { branches, orelse }
            }
            ruff::Stmt::With(s) => {
                let mut items = Vec::with_capacity(s.items.len());
                for item in s.items {
                    let context = self.expr(item.context_expr)?;
                    items.push((context, self.optional(item.optional_vars)?.map(|b| *b)));
                }
                StmtKind::With {
                    items,
                    body: self.body(s.body)?,
                }
            }
            ruff::Stmt::Match(s) => {
                let subject = self.expr(*s.subject)?;
                let mut cases = Vec::with_capacity(s.cases.len());
                for case in s.cases {
                    cases.push(MatchCase {
                        pattern: self.pattern(case.pattern)?,
                        guard: self.optional(case.guard)?.map(|b| *b),
                        body: self.body(case.body)?,
                    });
                }
                StmtKind::Match { subject, cases }
            }
            ruff::Stmt::Raise(s) => StmtKind::Raise {
                exception: self.optional(s.exc)?.map(|b| *b),
                cause: self.optional(s.cause)?.map(|b| *b),
            },
            ruff::Stmt::Try(s) => {
                let body = self.body(s.body)?;
                let mut handlers = Vec::with_capacity(s.handlers.len());
                for ruff::ExceptHandler::ExceptHandler(handler) in s.handlers {
                    handlers.push(Handler {
                        class: self.optional(handler.type_)?.map(|b| *b),
                        target: handler.name.map(|name| self.var(&name)),
                        body: self.body(handler.body)?,
                    });
                }
                StmtKind::Try(Box::new(Try {
                    body,
                    handlers,
                    groups: s.is_star,
                    orelse: self.body(s.orelse)?,
                    finally: self.body(s.finalbody)?,
                }))
            }
            ruff::Stmt::Assert(s) => StmtKind::Assert {
                test: self.expr(*s.test)?,
                message: self.optional(s.msg)?.map(|b| *b),
            },
            ruff::Stmt::Import(s) => {
                let mut names = Vec::with_capacity(s.names.len());
                for alias in s.names {
                    let dotted = self.name(&alias.name);
                    match alias.asname {
                        Some(name) => {
                            let target = self.var(&name);
                            names.push((dotted, Some(self.name(&name)), target));
                        }
                        None => {
                            let target = self.var(dotted.split('.').next().unwrap_or(&dotted));
                            names.push((dotted, None, target));
                        }
                    }
                }
                StmtKind::Import(names)
            }
            ruff::Stmt::ImportFrom(s) => {
                let module = s.module.map(|module| self.name(&module));
                let star = s.names.iter().any(|alias| &*alias.name == "*");
                let mut names = Vec::new();
                if !star {
                    for alias in s.names {
                        let name = self.name(&alias.name);
                        let target = self.var(alias.asname.as_ref().unwrap_or(&alias.name));
                        names.push((name, target));
                    }
                }
                StmtKind::ImportFrom {
                    module,
                    level: s.level,
                    names,
                    star,
                }
            }
            ruff::Stmt::Global(_) | ruff::Stmt::Nonlocal(_) | ruff::Stmt::Pass(_) => StmtKind::Pass,
            ruff::Stmt::Expr(s) => StmtKind::Expr(self.expr(*s.value)?),
            ruff::Stmt::Break(_) => StmtKind::Break,
            ruff::Stmt::Continue(_) => StmtKind::Continue,
            ruff::Stmt::IpyEscapeCommand(_) => {
                return self.unsupported("an IPython command", range, "remove it");
            }
        };
        Ok(Stmt {
            yields: self.yields != before,
            span: span(range),
            kind,
        })
    }

    pub(super) fn function(
        &mut self,
        name: Str,
        parameters: ruff::Parameters,
        found: Bindings,
        range: TextRange,
        doc: Option<Str>,
        body: impl FnOnce(&mut Self) -> Result<Vec<Stmt>>,
    ) -> Result<Arc<FunctionDef>> {
        let ruff::Parameters {
            posonlyargs,
            args,
            vararg,
            kwonlyargs,
            kwarg,
            ..
        } = parameters;
        let mut slots = Vec::new();
        let mut made = Parameters {
            positional_only: posonlyargs.len(),
            ..Parameters::default()
        };
        // Defaults belong to the enclosing scope.
        for parameter in posonlyargs.into_iter().chain(args) {
            let name = self.name(&parameter.parameter.name);
            slots.push(name.clone());
            let default = self.optional(parameter.default)?.map(|b| *b);
            made.positional.push(Parameter { name, default });
        }
        if let Some(parameter) = vararg {
            slots.push(self.name(&parameter.name));
            made.vararg = true;
        }
        for parameter in kwonlyargs {
            let name = self.name(&parameter.parameter.name);
            slots.push(name.clone());
            let default = self.optional(parameter.default)?.map(|b| *b);
            made.keyword_only.push(Parameter { name, default });
        }
        if let Some(parameter) = kwarg {
            slots.push(self.name(&parameter.name));
            made.kwarg = true;
        }
        for name in &found.bound {
            if !slots.iter().any(|slot| **slot == **name) {
                slots.push(self.name(name));
            }
        }
        let qualname = self.qualified(&name);
        self.scopes.push(Scope::Function {
            name: name.clone(),
            slots: slots.clone(),
            globals: found.global,
        });
        let outer = std::mem::take(&mut self.yields);
        let body = body(self);
        self.yields = outer;
        self.scopes.pop();
        Ok(Arc::new(FunctionDef {
            name,
            qualname,
            parameters: made,
            body: body?,
            slots,
            is_generator: found.yields,
            doc,
            file: Arc::clone(&self.file),
            span: span(range),
            is_async: false,
        }))
    }
}
