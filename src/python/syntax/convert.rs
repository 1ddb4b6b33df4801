//! From ruff's tree to ours, with names resolved.

use std::sync::Arc;

use num_bigint::BigInt;
use ruff_python_ast as ruff;
use ruff_text_size::{Ranged, TextRange};
use rustc_hash::{FxHashMap, FxHashSet};

use super::super::native::{BinaryOp, CompareOp, UnaryOp};
use super::super::value::Str;
use super::ast::*;
use super::bindings::{self, Bindings};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// Expressions nested deeper than this are refused.
const MAX_DEPTH: usize = 900;

/// Converts a file.
pub(super) fn module(file: &Arc<SourceFile>, module: ruff::ModModule) -> Result<Module> {
    let mut converter = Converter {
        file: Arc::clone(file),
        names: FxHashMap::default(),
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

enum Scope {
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

struct Converter {
    file: Arc<SourceFile>,
    names: FxHashMap<String, Str>,
    scopes: Vec<Scope>,
    depth: usize,
    /// How many `yield`s of the current function were converted.
    yields: usize,
}

fn span(range: TextRange) -> Span {
    Span {
        start: range.start().to_u32(),
        end: range.end().to_u32(),
    }
}

fn docstring(body: &[ruff::Stmt]) -> Option<Str> {
    match body.first()? {
        ruff::Stmt::Expr(statement) => match &*statement.value {
            ruff::Expr::StringLiteral(text) => Some(Str::from(text.value.to_str())),
            _ => None,
        },
        _ => None,
    }
}

impl Converter {
    fn name(&mut self, name: &str) -> Str {
        if let Some(known) = self.names.get(name) {
            return known.clone();
        }
        let made = Str::from(name);
        self.names.insert(name.to_owned(), made.clone());
        made
    }

    /// A name with those of the classes and functions around it.
    fn qualified(&mut self, name: &Str) -> Str {
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

    fn unsupported<T>(&self, what: &str, range: TextRange, help: &str) -> Result<T> {
        Err(Box::new(
            Diagnostic::error(Code::PythonUnsupported, format!("{what} is not evaluated"))
                .at(Location::new(Arc::clone(&self.file), span(range)))
                .with_help(help),
        ))
    }

    /// A name of a class's own (`__name`), which gets the class's name in front.
    fn private(&mut self, name: &str) -> Str {
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

    fn var(&mut self, name: &str) -> Var {
        if matches!(self.scopes.last(), Some(Scope::Class { .. })) {
            let own = self.private(name);
            return self.plain_var(&own);
        }
        self.plain_var(name)
    }

    fn plain_var(&mut self, name: &str) -> Var {
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

    fn body(&mut self, body: impl IntoIterator<Item = ruff::Stmt>) -> Result<Vec<Stmt>> {
        body.into_iter().map(|stmt| self.stmt(stmt)).collect()
    }

    #[allow(clippy::boxed_local)]
    fn boxed(&mut self, expr: Box<ruff::Expr>) -> Result<Box<Expr>> {
        self.expr(*expr).map(Box::new)
    }

    fn optional(&mut self, expr: Option<Box<ruff::Expr>>) -> Result<Option<Box<Expr>>> {
        expr.map(|expr| self.boxed(expr)).transpose()
    }

    fn exprs(&mut self, exprs: impl IntoIterator<Item = ruff::Expr>) -> Result<Vec<Expr>> {
        exprs.into_iter().map(|expr| self.expr(expr)).collect()
    }

    #[allow(clippy::too_many_lines)]
    fn stmt(&mut self, stmt: ruff::Stmt) -> Result<Stmt> {
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

    fn function(
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

    fn keywords(
        &mut self,
        keywords: impl IntoIterator<Item = ruff::Keyword>,
    ) -> Result<Vec<(Option<Str>, Expr)>> {
        keywords
            .into_iter()
            .map(|keyword| {
                let name = keyword.arg.map(|name| self.name(&name));
                Ok((name, self.expr(keyword.value)?))
            })
            .collect()
    }

    fn expr(&mut self, expr: ruff::Expr) -> Result<Expr> {
        self.depth += 1;
        if self.depth > MAX_DEPTH {
            self.depth -= 1;
            return Err(Box::new(
                Diagnostic::error(Code::PythonSyntax, "the expression is nested too deeply")
                    .at(Location::new(Arc::clone(&self.file), span(expr.range())))
                    .with_help("split the expression into several statements"),
            ));
        }
        let converted = self.expr_inner(expr);
        self.depth -= 1;
        converted
    }

    #[allow(clippy::too_many_lines)]
    fn expr_inner(&mut self, expr: ruff::Expr) -> Result<Expr> {
        let range = expr.range();
        let kind = match expr {
            ruff::Expr::BoolOp(e) => {
                let values = self.exprs(e.values)?;
                match e.op {
                    ruff::BoolOp::And => ExprKind::And(values),
                    ruff::BoolOp::Or => ExprKind::Or(values),
                }
            }
            ruff::Expr::Named(e) => ExprKind::Named(self.boxed(e.target)?, self.boxed(e.value)?),
            ruff::Expr::BinOp(e) => return self.chain(e),
            ruff::Expr::UnaryOp(e) => {
                let operand = self.boxed(e.operand)?;
                match e.op {
                    ruff::UnaryOp::Not => ExprKind::Not(operand),
                    ruff::UnaryOp::Invert => ExprKind::Unary(UnaryOp::Invert, operand),
                    ruff::UnaryOp::UAdd => ExprKind::Unary(UnaryOp::Pos, operand),
                    ruff::UnaryOp::USub => match operand.kind {
                        ExprKind::Const(Const::Int(n)) if n != i64::MIN => {
                            ExprKind::Const(Const::Int(-n))
                        }
                        ExprKind::Const(Const::Float(n)) => ExprKind::Const(Const::Float(-n)),
                        _ => ExprKind::Unary(UnaryOp::Neg, operand),
                    },
                }
            }
            ruff::Expr::Lambda(e) => {
                let found = bindings::of_expression(&e.body);
                let name = self.name("<lambda>");
                let parameters = e.parameters.map(|p| *p).unwrap_or_default();
                let body = e.body;
                let function = self.function(name, parameters, found, range, None, |this| {
                    let value = this.expr(*body)?;
                    Ok(vec![Stmt {
                        yields: this.yields != 0,
                        span: value.span,
                        kind: StmtKind::Return(Some(value)),
                    }])
                })?;
                ExprKind::Lambda(function)
            }
            ruff::Expr::If(e) => ExprKind::If(Box::new((
                self.expr(*e.test)?,
                self.expr(*e.body)?,
                self.expr(*e.orelse)?,
            ))),
            ruff::Expr::Dict(e) => {
                let mut items = Vec::with_capacity(e.items.len());
                for item in e.items {
                    let key = item.key.map(|key| self.expr(key)).transpose()?;
                    items.push((key, self.expr(item.value)?));
                }
                ExprKind::Dict(items)
            }
            ruff::Expr::Set(e) => ExprKind::Set(self.exprs(e.elts)?),
            ruff::Expr::ListComp(e) => {
                self.comprehension(ComprehensionKind::List, *e.elt, None, e.generators)?
            }
            ruff::Expr::SetComp(e) => {
                self.comprehension(ComprehensionKind::Set, *e.elt, None, e.generators)?
            }
            ruff::Expr::Generator(e) => {
                self.comprehension(ComprehensionKind::Generator, *e.elt, None, e.generators)?
            }
            ruff::Expr::DictComp(e) => match e.key {
                Some(key) => {
                    self.comprehension(ComprehensionKind::Dict, *key, Some(*e.value), e.generators)?
                }
                None => return self.unsupported("`**` in a comprehension", range, "use a loop"),
            },
            ruff::Expr::Await(e) => ExprKind::Await(self.boxed(e.value)?),
            ruff::Expr::Yield(e) => {
                self.yields += 1;
                ExprKind::Yield(self.optional(e.value)?)
            }
            ruff::Expr::YieldFrom(e) => {
                self.yields += 1;
                ExprKind::YieldFrom(self.boxed(e.value)?)
            }
            ruff::Expr::Compare(e) => {
                let left = self.boxed(e.left)?;
                let mut rest = Vec::with_capacity(e.ops.len());
                for (op, right) in e.ops.iter().zip(e.comparators) {
                    rest.push((comparison(*op), self.expr(right)?));
                }
                ExprKind::Compare(left, rest)
            }
            ruff::Expr::Call(e) => ExprKind::Call(Box::new(Call {
                function: self.expr(*e.func)?,
                args: self.exprs(e.arguments.args)?,
                keywords: self.keywords(e.arguments.keywords)?,
            })),
            ruff::Expr::FString(e) => {
                let mut parts = Vec::new();
                for part in &e.value {
                    match part {
                        ruff::FStringPart::Literal(text) => {
                            parts.push(FStringPart::Literal(Str::from(text.as_str())));
                        }
                        ruff::FStringPart::FString(text) => {
                            self.interpolated(&text.elements, &mut parts)?;
                        }
                    }
                }
                ExprKind::FString(parts)
            }
            ruff::Expr::TString(_) => {
                return self.unsupported("a template string", range, "use an f-string");
            }
            ruff::Expr::StringLiteral(e) => {
                ExprKind::Const(Const::Str(Str::from(e.value.to_str())))
            }
            ruff::Expr::BytesLiteral(e) => {
                ExprKind::Const(Const::Bytes(e.value.bytes().collect::<Vec<u8>>().into()))
            }
            ruff::Expr::NumberLiteral(e) => match e.value {
                ruff::Number::Int(number) => match number.as_i64() {
                    Some(number) => ExprKind::Const(Const::Int(number)),
                    None => ExprKind::Const(Const::BigInt(Arc::new(big(&number.to_string())))),
                },
                ruff::Number::Float(number) => ExprKind::Const(Const::Float(number)),
                ruff::Number::Complex { .. } => {
                    return self.unsupported("a complex number", range, "use a float");
                }
            },
            ruff::Expr::BooleanLiteral(e) => ExprKind::Const(Const::Bool(e.value)),
            ruff::Expr::NoneLiteral(_) => ExprKind::Const(Const::None),
            ruff::Expr::EllipsisLiteral(_) => ExprKind::Const(Const::Ellipsis),
            ruff::Expr::Attribute(e) => {
                let attribute = self.private(&e.attr);
                ExprKind::Attribute(self.boxed(e.value)?, attribute)
            }
            ruff::Expr::Subscript(e) => {
                ExprKind::Subscript(self.boxed(e.value)?, self.boxed(e.slice)?)
            }
            ruff::Expr::Starred(e) => ExprKind::Starred(self.boxed(e.value)?),
            ruff::Expr::Name(e) => ExprKind::Name(self.var(&e.id)),
            ruff::Expr::List(e) => ExprKind::List(self.exprs(e.elts)?),
            ruff::Expr::Tuple(e) => ExprKind::Tuple(self.exprs(e.elts)?),
            ruff::Expr::Slice(e) => ExprKind::Slice(
                self.optional(e.lower)?,
                self.optional(e.upper)?,
                self.optional(e.step)?,
            ),
            ruff::Expr::IpyEscapeCommand(_) => {
                return self.unsupported("an IPython command", range, "remove it");
            }
        };
        Ok(Expr {
            span: span(range),
            kind,
        })
    }

    /// `a + b + c` leans to the left as deep as it is long: taken apart in a loop.
    fn chain(&mut self, outermost: ruff::ExprBinOp) -> Result<Expr> {
        let range = outermost.range;
        let mut rest = Vec::new();
        let mut current = outermost;
        let first = loop {
            rest.push((operator(current.op), *current.right));
            match *current.left {
                ruff::Expr::BinOp(inner) => current = inner,
                other => break other,
            }
        };
        let first = Box::new(self.expr(first)?);
        let mut chain = Vec::with_capacity(rest.len());
        for (op, right) in rest.into_iter().rev() {
            chain.push((op, self.expr(right)?));
        }
        Ok(Expr {
            span: span(range),
            kind: ExprKind::Binary(first, chain),
        })
    }

    fn interpolated(
        &mut self,
        elements: &ruff::InterpolatedStringElements,
        parts: &mut Vec<FStringPart>,
    ) -> Result<()> {
        for element in elements {
            match element {
                ruff::InterpolatedStringElement::Literal(text) => {
                    parts.push(FStringPart::Literal(Str::from(&*text.value)));
                }
                ruff::InterpolatedStringElement::Interpolation(value) => {
                    let mut conversion = value.conversion.to_char();
                    if let Some(debug) = &value.debug_text {
                        parts.push(FStringPart::Literal(Str::from(debug.as_str())));
                        if value.format_spec.is_none() && conversion.is_none() {
                            conversion = Some('r');
                        }
                    }
                    let spec = match &value.format_spec {
                        None => None,
                        Some(spec) => {
                            let mut inner = Vec::new();
                            self.interpolated(&spec.elements, &mut inner)?;
                            Some(inner)
                        }
                    };
                    let value = self.expr((*value.expression).clone())?;
                    parts.push(FStringPart::Value {
                        value,
                        conversion,
                        spec,
                    });
                }
            }
        }
        Ok(())
    }

    fn comprehension(
        &mut self,
        kind: ComprehensionKind,
        element: ruff::Expr,
        value: Option<ruff::Expr>,
        generators: Vec<ruff::Comprehension>,
    ) -> Result<ExprKind> {
        let mut slots: Vec<Str> = Vec::new();
        for generator in &generators {
            for name in bindings::targets(&generator.target) {
                let name = self.name(&name);
                if !slots.contains(&name) {
                    slots.push(name);
                }
            }
        }
        let mut generators = generators.into_iter();
        let Some(head) = generators.next() else {
            return Ok(ExprKind::Tuple(Vec::new()));
        };
        let first = self.expr(head.iter)?;
        self.scopes.push(Scope::Function {
            name: Str::from(""),
            slots: slots.clone(),
            globals: FxHashSet::default(),
        });
        let inner: Result<_> = (|| {
            let mut clauses = vec![Clause {
                target: self.expr(head.target)?,
                iter: None,
                conditions: self.exprs(head.ifs)?,
            }];
            for generator in generators {
                let iter = Some(self.expr(generator.iter)?);
                clauses.push(Clause {
                    target: self.expr(generator.target)?,
                    iter,
                    conditions: self.exprs(generator.ifs)?,
                });
            }
            let element = self.expr(element)?;
            let value = value.map(|value| self.expr(value)).transpose()?;
            Ok((clauses, element, value))
        })();
        self.scopes.pop();
        let (clauses, element, value) = inner?;
        Ok(ExprKind::Comprehension(Arc::new(Comprehension {
            kind,
            element,
            value,
            first,
            clauses,
            slots,
        })))
    }

    fn pattern(&mut self, pattern: ruff::Pattern) -> Result<Pattern> {
        Ok(match pattern {
            ruff::Pattern::MatchValue(p) => Pattern::Value(self.expr(*p.value)?),
            ruff::Pattern::MatchSingleton(p) => Pattern::Singleton(match p.value {
                ruff::Singleton::None => Const::None,
                ruff::Singleton::True => Const::Bool(true),
                ruff::Singleton::False => Const::Bool(false),
            }),
            ruff::Pattern::MatchSequence(p) => Pattern::Sequence(self.patterns(p.patterns)?),
            ruff::Pattern::MatchMapping(p) => {
                let mut keys = Vec::new();
                for (key, pattern) in p.keys.into_iter().zip(p.patterns) {
                    keys.push((self.expr(key)?, self.pattern(pattern)?));
                }
                Pattern::Mapping {
                    keys,
                    rest: p.rest.map(|name| self.var(&name)),
                }
            }
            ruff::Pattern::MatchClass(p) => {
                let class = self.expr(*p.cls)?;
                let positional = self.patterns(p.arguments.patterns)?;
                let mut keywords = Vec::new();
                for keyword in p.arguments.keywords {
                    let name = self.name(&keyword.attr);
                    keywords.push((name, self.pattern(keyword.pattern)?));
                }
                Pattern::Class {
                    class,
                    positional,
                    keywords,
                }
            }
            ruff::Pattern::MatchStar(p) => Pattern::Star(p.name.map(|name| self.var(&name))),
            ruff::Pattern::MatchAs(p) => {
                let inner = p
                    .pattern
                    .map(|p| self.pattern(*p))
                    .transpose()?
                    .map(Box::new);
                Pattern::As(inner, p.name.map(|name| self.var(&name)))
            }
            ruff::Pattern::MatchOr(p) => Pattern::Or(self.patterns(p.patterns)?),
        })
    }

    fn patterns(
        &mut self,
        patterns: impl IntoIterator<Item = ruff::Pattern>,
    ) -> Result<Vec<Pattern>> {
        patterns
            .into_iter()
            .map(|pattern| self.pattern(pattern))
            .collect()
    }
}

fn operator(op: ruff::Operator) -> BinaryOp {
    match op {
        ruff::Operator::Add => BinaryOp::Add,
        ruff::Operator::Sub => BinaryOp::Sub,
        ruff::Operator::Mult => BinaryOp::Mul,
        ruff::Operator::MatMult => BinaryOp::MatMul,
        ruff::Operator::Div => BinaryOp::Div,
        ruff::Operator::Mod => BinaryOp::Mod,
        ruff::Operator::Pow => BinaryOp::Pow,
        ruff::Operator::LShift => BinaryOp::LShift,
        ruff::Operator::RShift => BinaryOp::RShift,
        ruff::Operator::BitOr => BinaryOp::BitOr,
        ruff::Operator::BitXor => BinaryOp::BitXor,
        ruff::Operator::BitAnd => BinaryOp::BitAnd,
        ruff::Operator::FloorDiv => BinaryOp::FloorDiv,
    }
}

fn comparison(op: ruff::CmpOp) -> Comparison {
    match op {
        ruff::CmpOp::Eq => Comparison::Rich(CompareOp::Eq),
        ruff::CmpOp::NotEq => Comparison::Rich(CompareOp::Ne),
        ruff::CmpOp::Lt => Comparison::Rich(CompareOp::Lt),
        ruff::CmpOp::LtE => Comparison::Rich(CompareOp::Le),
        ruff::CmpOp::Gt => Comparison::Rich(CompareOp::Gt),
        ruff::CmpOp::GtE => Comparison::Rich(CompareOp::Ge),
        ruff::CmpOp::Is => Comparison::Is,
        ruff::CmpOp::IsNot => Comparison::IsNot,
        ruff::CmpOp::In => Comparison::In,
        ruff::CmpOp::NotIn => Comparison::NotIn,
    }
}

/// A number in Python's notation that does not fit 64 bits.
fn big(text: &str) -> BigInt {
    let text = text.replace('_', "").to_ascii_lowercase();
    let (digits, radix) = match text.get(..2) {
        Some("0x") => (&text[2..], 16),
        Some("0o") => (&text[2..], 8),
        Some("0b") => (&text[2..], 2),
        _ => (&*text, 10),
    };
    BigInt::parse_bytes(digits.as_bytes(), radix).unwrap_or_default()
}
