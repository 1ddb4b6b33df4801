//! Which names a function's body binds: those are its local variables.

use indexmap::IndexSet;
use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ruff, Expr, Pattern, Stmt};
use rustc_hash::{FxBuildHasher, FxHashSet};

/// The names bound in a body, and those declared `global` or `nonlocal`.
#[derive(Default)]
pub(super) struct Bindings {
    pub(super) bound: IndexSet<String, FxBuildHasher>,
    pub(super) global: FxHashSet<String>,
    pub(super) nonlocal: FxHashSet<String>,
    pub(super) yields: bool,
}

/// Collects the bindings of a body.
pub(super) fn of_body(body: &[Stmt]) -> Bindings {
    let mut collector = Collector(Bindings::default());
    collector.visit_body(body);
    collector.finish()
}

/// Collects the bindings of an expression (a lambda's body).
pub(super) fn of_expression(body: &Expr) -> Bindings {
    let mut collector = Collector(Bindings::default());
    collector.visit_expr(body);
    collector.finish()
}

struct Collector(Bindings);

impl Collector {
    fn finish(self) -> Bindings {
        let mut bindings = self.0;
        let Bindings {
            bound,
            global,
            nonlocal,
            yields: _,
        } = &mut bindings;
        bound.retain(|name| !global.contains(name) && !nonlocal.contains(name));
        bindings
    }

    fn bind(&mut self, name: &str) {
        if !self.0.bound.contains(name) {
            self.0.bound.insert(name.to_owned());
        }
    }

    fn walrus(self) -> Vec<String> {
        self.0.bound.into_iter().collect()
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::FunctionDef(ruff::StmtFunctionDef {
                name,
                decorator_list,
                parameters,
                ..
            }) => {
                self.bind(name);
                for decorator in decorator_list {
                    self.visit_expr(&decorator.expression);
                }
                for parameter in parameters.iter_non_variadic_params() {
                    if let Some(default) = parameter.default() {
                        self.visit_expr(default);
                    }
                }
            }
            Stmt::ClassDef(ruff::StmtClassDef { name, .. }) => self.bind(name),
            Stmt::Import(ruff::StmtImport { names, .. }) => {
                for alias in names {
                    match &alias.asname {
                        Some(name) => self.bind(name),
                        None => self.bind(alias.name.split('.').next().unwrap_or(&alias.name)),
                    }
                }
            }
            Stmt::ImportFrom(ruff::StmtImportFrom { names, .. }) => {
                for alias in names {
                    self.bind(alias.asname.as_ref().unwrap_or(&alias.name));
                }
            }
            Stmt::Global(ruff::StmtGlobal { names, .. }) => {
                self.0.global.extend(names.iter().map(ToString::to_string));
            }
            Stmt::Nonlocal(ruff::StmtNonlocal { names, .. }) => {
                self.0
                    .nonlocal
                    .extend(names.iter().map(ToString::to_string));
            }
            Stmt::Try(ruff::StmtTry { handlers, .. }) => {
                for ruff::ExceptHandler::ExceptHandler(handler) in handlers {
                    if let Some(name) = &handler.name {
                        self.bind(name);
                    }
                }
                visitor::walk_stmt(self, stmt);
            }
            // Annotations bind nothing.
            Stmt::AnnAssign(ruff::StmtAnnAssign { target, value, .. }) => {
                self.visit_expr(target);
                if let Some(value) = value {
                    self.visit_expr(value);
                }
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) if !name.ctx.is_load() => self.bind(&name.id),
            Expr::Lambda(_) => {}
            Expr::ListComp(ruff::ExprListComp {
                elt, generators, ..
            })
            | Expr::SetComp(ruff::ExprSetComp {
                elt, generators, ..
            })
            | Expr::Generator(ruff::ExprGenerator {
                elt, generators, ..
            }) => {
                self.comprehension(&[elt], generators);
            }
            Expr::DictComp(ruff::ExprDictComp {
                key,
                value,
                generators,
                ..
            }) => {
                let mut elements: Vec<&Expr> = vec![value];
                elements.extend(key.as_deref());
                self.comprehension(&elements, generators);
            }
            Expr::Yield(_) | Expr::YieldFrom(_) => {
                self.0.yields = true;
                visitor::walk_expr(self, expr);
            }
            _ => visitor::walk_expr(self, expr),
        }
    }

    fn visit_pattern(&mut self, pattern: &'a Pattern) {
        match pattern {
            Pattern::MatchStar(ruff::PatternMatchStar {
                name: Some(name), ..
            })
            | Pattern::MatchAs(ruff::PatternMatchAs {
                name: Some(name), ..
            })
            | Pattern::MatchMapping(ruff::PatternMatchMapping {
                rest: Some(name), ..
            }) => {
                self.bind(name);
            }
            _ => {}
        }
        visitor::walk_pattern(self, pattern);
    }
}

impl Collector {
    /// Only `:=` inside a comprehension binds outside of it.
    fn comprehension(&mut self, elements: &[&Expr], generators: &[ruff::Comprehension]) {
        if let Some(first) = generators.first() {
            self.visit_expr(&first.iter);
        }
        let own: FxHashSet<String> = generators.iter().flat_map(|g| targets(&g.target)).collect();
        let mut inner = Vec::new();
        for element in elements {
            inner.push(*element);
        }
        for (index, generator) in generators.iter().enumerate() {
            if index > 0 {
                inner.push(&generator.iter);
            }
            inner.extend(&generator.ifs);
        }
        for expression in inner {
            let mut collector = Collector(Bindings::default());
            collector.visit_expr(expression);
            for name in collector.walrus() {
                if !own.contains(&name) {
                    self.bind(&name);
                }
            }
        }
    }
}

/// The names that a target binds.
pub(super) fn targets(target: &Expr) -> Vec<String> {
    let mut collector = Collector(Bindings::default());
    collector.visit_expr(target);
    collector.walrus()
}
