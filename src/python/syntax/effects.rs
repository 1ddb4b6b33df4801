//! What a statement that is passed over would have done to the program around it.

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ruff, Expr, Stmt};
use ruff_text_size::Ranged;

use rustc_hash::FxHashSet;

use super::bindings;
use crate::source::{Location, SourceFile, Span};

/// What a statement would have done.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The names that it would have bound.
    pub binds: Vec<String>,
    /// The names that it mentions.
    pub mentions: Vec<String>,
    /// The functions and methods that it calls: the last part of the name, and whether there is
    /// one before it.
    pub calls: Vec<(String, bool)>,
    /// The texts in it.
    pub texts: Vec<String>,
    /// Whether it may go elsewhere than to the next statement.
    pub leaves: bool,
    /// Whether it does nothing but give a value to names.
    pub assigns: bool,
}

/// What the statement at a place would have done; `None` when there is none.
pub fn of_statement(place: &Location) -> Option<Effects> {
    let tree = super::tree::of(&place.file)?;
    let mut finder = Finder {
        wanted: place.span,
        found: None,
    };
    finder.visit_body(&tree.body);
    finder.found
}

/// The names that a file has from modules, or from packages in which they are, and does not
/// define again.
pub fn imported_from(file: &Arc<SourceFile>, modules: &[&str]) -> Vec<String> {
    let Some(tree) = super::tree::of(file) else {
        return Vec::new();
    };
    let mut found: Vec<String> = Vec::new();
    for stmt in &tree.body {
        match stmt {
            Stmt::ImportFrom(import) if import.level == 0 => {
                let module = import.module.as_deref().unwrap_or_default();
                let package = module.split('.').next().unwrap_or_default();
                let known = modules.contains(&package);
                for alias in &import.names {
                    let name = alias.asname.as_ref().unwrap_or(&alias.name).as_str();
                    found.retain(|other| other != name);
                    if known {
                        found.push(name.to_owned());
                    }
                }
            }
            Stmt::FunctionDef(def) => found.retain(|name| def.name != **name),
            _ => {}
        }
    }
    found
}

/// The last function of that name at the top of a file.
pub fn end_of_function(file: &Arc<SourceFile>, function: &str) -> Option<Span> {
    let tree = super::tree::of(file)?;
    let mut body = tree.body.iter().rev();
    body.find_map(|stmt| match stmt {
        Stmt::FunctionDef(def) if def.name == *function => {
            let range = def.range();
            Some(Span::new(range.start().to_usize(), range.end().to_usize()))
        }
        _ => None,
    })
}

/// What a function at the top of a file does from the statement on that holds a place, or as a
/// whole, with the functions of the file that it calls.
pub fn of_rest(file: &Arc<SourceFile>, function: &str, from: Option<Span>) -> Option<Effects> {
    let tree = super::tree::of(file)?;
    let functions: Vec<&ruff::StmtFunctionDef> = tree
        .body
        .iter()
        .filter_map(|stmt| match stmt {
            Stmt::FunctionDef(def) => Some(def),
            _ => None,
        })
        .collect();
    let named = |name: &str| functions.iter().rev().find(|def| def.name == *name);
    let def = named(function)?;
    let within = |span: &Span| {
        let range = def.range();
        range.start().to_usize() <= span.start as usize
            && span.end as usize <= range.end().to_usize()
    };
    let start = from.filter(within).map_or(0, |span| span.start as usize);
    let mut collector = Collector::default();
    for stmt in &def.body {
        if stmt.range().end().to_usize() > start {
            collector.visit_stmt(stmt);
        }
    }
    let mut effects = collector.effects;
    // What is made here is an object, whose class is elsewhere.
    let bound = bindings::of_body(&def.body).bound;
    let bound: FxHashSet<String> = bound.into_iter().collect();
    effects
        .calls
        .retain(|(name, method)| *method || !bound.contains(name));
    let mut seen = vec![function.to_owned()];
    let mut at = 0;
    while let Some((name, method)) = effects.calls.get(at).cloned() {
        at += 1;
        let Some(def) = named(&name).filter(|_| !method) else {
            continue;
        };
        at -= 1;
        effects.calls.remove(at);
        if !seen.contains(&name) {
            seen.push(name);
            let mut collector = Collector::default();
            collector.visit_body(&def.body);
            effects.calls.extend(collector.effects.calls);
            effects.texts.extend(collector.effects.texts);
        }
    }
    Some(effects)
}

/// The lines of a statement, without the indentation that they share.
pub fn lines(file: &Arc<SourceFile>, span: Span) -> Vec<Arc<str>> {
    let text = file.text();
    let start = text[..(span.start as usize).min(text.len())]
        .rfind('\n')
        .map_or(0, |at| at + 1);
    let whole = text.get(start..span.end as usize).unwrap_or_default();
    let indent = |line: &str| line.len() - line.trim_start().len();
    let filled = whole.lines().filter(|line| !line.trim().is_empty());
    let shared = filled.map(indent).min().unwrap_or(0);
    whole
        .lines()
        .map(|line| Arc::from(line.get(shared..).unwrap_or_default().trim_end()))
        .collect()
}

struct Finder {
    wanted: Span,
    found: Option<Effects>,
}

impl<'a> Visitor<'a> for Finder {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if self.found.is_some() {
            return;
        }
        let range = stmt.range();
        let (start, end) = (range.start().to_usize(), range.end().to_usize());
        if Span::new(start, end) == self.wanted {
            self.found = Some(effects(stmt));
            return;
        }
        visitor::walk_stmt(self, stmt);
    }
}

fn effects(stmt: &Stmt) -> Effects {
    let mut collector = Collector::default();
    collector.visit_stmt(stmt);
    let bound = bindings::of_body(std::slice::from_ref(stmt));
    let mut effects = collector.effects;
    effects.binds = bound.bound.into_iter().collect();
    let mut declared: Vec<String> = bound.global.into_iter().chain(bound.nonlocal).collect();
    declared.sort();
    effects.binds.extend(declared);
    effects.leaves |= bound.yields;
    effects.assigns = match stmt {
        Stmt::Assign(assign) => assign.targets.iter().all(is_plain),
        Stmt::AnnAssign(assign) => is_plain(&assign.target),
        _ => false,
    };
    effects
}

fn is_plain(target: &Expr) -> bool {
    match target {
        Expr::Name(_) => true,
        Expr::Tuple(ruff::ExprTuple { elts, .. }) | Expr::List(ruff::ExprList { elts, .. }) => {
            elts.iter().all(is_plain)
        }
        _ => false,
    }
}

#[derive(Default)]
struct Collector {
    effects: Effects,
    loops: usize,
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) => self.effects.leaves = true,
            Stmt::Break(_) | Stmt::Continue(_) => self.effects.leaves |= self.loops == 0,
            _ => {}
        }
        match stmt {
            Stmt::For(ruff::StmtFor { orelse, .. })
            | Stmt::While(ruff::StmtWhile { orelse, .. }) => {
                self.loops += 1;
                visitor::walk_stmt(self, stmt);
                self.loops -= 1;
                // What is behind `else` belongs to the loop around.
                let mut outer = Self {
                    loops: self.loops,
                    ..Self::default()
                };
                outer.visit_body(orelse);
                self.effects.leaves |= outer.effects.leaves;
            }
            Stmt::FunctionDef(_) | Stmt::ClassDef(_) => {
                let before = self.effects.leaves;
                visitor::walk_stmt(self, stmt);
                self.effects.leaves = before;
            }
            _ => visitor::walk_stmt(self, stmt),
        }
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::Name(name) => self.effects.mentions.push(name.id.to_string()),
            Expr::Call(call) => match &*call.func {
                Expr::Name(name) => self.effects.calls.push((name.id.to_string(), false)),
                Expr::Attribute(method) => {
                    self.effects.calls.push((method.attr.to_string(), true));
                }
                // What is called cannot be said.
                _ => self.effects.calls.push((String::new(), false)),
            },
            Expr::StringLiteral(text) => self.effects.texts.push(text.value.to_str().to_owned()),
            Expr::FString(text) => {
                for element in text.value.elements() {
                    if let ruff::InterpolatedStringElement::Literal(literal) = element {
                        self.effects.texts.push(literal.value.to_string());
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
