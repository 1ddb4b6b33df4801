//! What a statement that is passed over would have done to the program around it.

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ruff, Expr, Stmt};
use ruff_text_size::Ranged;

use super::bindings;
use crate::source::{Location, SourceFile, Span};

/// What a statement would have done.
#[derive(Clone, Debug, Default)]
pub struct Effects {
    /// The names that it would have bound.
    pub binds: Vec<String>,
    /// The names that it mentions.
    pub mentions: Vec<String>,
    /// What it calls.
    pub calls: Vec<Call>,
    /// What it takes of objects without calling it there.
    pub attributes: Vec<Call>,
    /// The names that anything in it binds, functions that are written in it as well.
    pub locals: Vec<String>,
    /// The names that it imports, and the first part of the module that has them.
    pub imports: Vec<(String, String)>,
    /// The texts in it.
    pub texts: Vec<String>,
    /// Whether it may go elsewhere than to the next statement.
    pub leaves: bool,
    /// Whether it does nothing but give a value to names.
    pub assigns: bool,
}

/// What is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Callee {
    /// A function, by its name.
    Function,
    /// A method, or a function of a module.
    Method,
    /// A function of those that the evaluator has.
    BuiltIn,
    /// What cannot be said.
    Unsaid,
}

/// A call.
#[derive(Clone, Debug)]
pub struct Call {
    /// What is called.
    pub callee: Callee,
    /// The last part of its name.
    pub name: String,
    /// The names before it, where there is nothing else before it.
    pub path: Vec<String>,
    /// The first part of the module that the code around it imports the function from.
    pub module: Option<String>,
}

impl Call {
    /// A call by a name with nothing before it.
    pub fn plain(callee: Callee, name: &str) -> Self {
        Self {
            callee,
            name: name.to_owned(),
            path: Vec::new(),
            module: None,
        }
    }

    /// A call of what cannot be said.
    pub fn unsaid() -> Self {
        Self::plain(Callee::Unsaid, "")
    }

    fn of(attribute: &ruff::ExprAttribute) -> Self {
        let mut path = Vec::new();
        let mut before = &*attribute.value;
        loop {
            match before {
                Expr::Attribute(part) => {
                    path.push(part.attr.to_string());
                    before = &part.value;
                }
                Expr::Name(name) => {
                    path.push(name.id.to_string());
                    path.reverse();
                    break;
                }
                _ => {
                    path.clear();
                    break;
                }
            }
        }
        Self {
            callee: Callee::Method,
            name: attribute.attr.to_string(),
            path,
            module: None,
        }
    }
}

/// What the statement, or the function without a name, at a place would have done; `None` when
/// there is none.
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
    let range = last_function(&tree.body, function)?.range();
    Some(Span::new(range.start().to_usize(), range.end().to_usize()))
}

fn last_function<'a>(body: &'a [Stmt], name: &str) -> Option<&'a ruff::StmtFunctionDef> {
    body.iter().rev().find_map(|stmt| match stmt {
        Stmt::FunctionDef(def) if def.name == *name => Some(def),
        _ => None,
    })
}

/// What a function at the top of a file does from the statement on that holds a place, or as a
/// whole.
pub fn of_rest(file: &Arc<SourceFile>, function: &str, from: Option<Span>) -> Option<Effects> {
    let tree = super::tree::of(file)?;
    let def = last_function(&tree.body, function)?;
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
    effects.binds = bindings::of_body(&def.body).bound.into_iter().collect();
    let parameters = def.parameters.iter().map(|one| one.name().to_string());
    effects.binds.extend(parameters);
    effects.locals.extend(effects.binds.iter().cloned());
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

    fn visit_expr(&mut self, expr: &'a Expr) {
        if self.found.is_some() {
            return;
        }
        let range = expr.range();
        let span = Span::new(range.start().to_usize(), range.end().to_usize());
        if expr.is_lambda_expr() && span == self.wanted {
            let mut collector = Collector::default();
            collector.visit_expr(expr);
            self.found = Some(collector.effects);
            return;
        }
        visitor::walk_expr(self, expr);
    }
}

fn effects(stmt: &Stmt) -> Effects {
    let mut collector = Collector::default();
    collector.visit_stmt(stmt);
    let bound = bindings::of_body(std::slice::from_ref(stmt));
    let mut effects = collector.effects;
    effects.binds = bound.bound.into_iter().collect();
    effects.locals.extend(effects.binds.iter().cloned());
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

impl Collector {
    fn called(&mut self, call: &ruff::ExprCall) {
        let calls = &mut self.effects.calls;
        match &*call.func {
            Expr::Name(name) => calls.push(Call::plain(Callee::Function, &name.id)),
            Expr::Attribute(method) => calls.push(Call::of(method)),
            // What another call gives is of that call: it is written in a function that is called,
            // or handed on, so that its name is mentioned.
            Expr::Call(inner) if !gives_anything(inner) => {}
            _ => calls.push(Call::unsaid()),
        }
    }

    /// Keeps the names that are a function's own.
    fn binds(&mut self, parameters: &ruff::Parameters, bound: bindings::Bindings) {
        let named = parameters.iter().map(|one| one.name().to_string());
        self.effects.locals.extend(named.chain(bound.bound));
    }

    /// Keeps the names that an import binds; without a module, they are modules themselves.
    fn imported(&mut self, module: Option<&str>, names: &[ruff::Alias]) {
        for alias in names {
            let from = module.unwrap_or(alias.name.as_str());
            let first = from.split('.').next().unwrap_or_default().to_owned();
            let name = alias.asname.as_ref().unwrap_or(&alias.name).to_string();
            self.effects.imports.push((name, first));
        }
    }
}

/// Whether what a call gives may be found by a text.
fn gives_anything(call: &ruff::ExprCall) -> bool {
    const BY_TEXT: &[&str] = &["__import__", "eval", "getattr", "globals", "locals", "vars"];
    match &*call.func {
        Expr::Name(name) => BY_TEXT.contains(&name.id.as_str()),
        Expr::Attribute(_) => false,
        Expr::Call(inner) => gives_anything(inner),
        _ => true,
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        match stmt {
            Stmt::Return(_) | Stmt::Raise(_) => self.effects.leaves = true,
            Stmt::Break(_) | Stmt::Continue(_) => self.effects.leaves |= self.loops == 0,
            Stmt::FunctionDef(def) => {
                self.effects.locals.push(def.name.to_string());
                self.binds(&def.parameters, bindings::of_body(&def.body));
            }
            Stmt::Import(import) => self.imported(None, &import.names),
            Stmt::ImportFrom(import) => {
                let module = import.module.as_deref().filter(|_| import.level == 0);
                self.imported(Some(module.unwrap_or_default()), &import.names);
            }
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
            Expr::Call(call) => {
                self.called(call);
                // A method's own name is not taken of the object beside its being called.
                if let Expr::Attribute(method) = &*call.func {
                    self.visit_expr(&method.value);
                    self.visit_arguments(&call.arguments);
                    return;
                }
            }
            Expr::Lambda(lambda) => {
                let bound = bindings::of_expression(&lambda.body);
                match &lambda.parameters {
                    Some(parameters) => self.binds(parameters, bound),
                    None => self.effects.locals.extend(bound.bound),
                }
            }
            Expr::Attribute(part) => self.effects.attributes.push(Call::of(part)),
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
