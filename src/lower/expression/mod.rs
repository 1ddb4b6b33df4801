//! Expressions and statements as text, in the spelling of a dialect.
//!
//! The layout (newlines, spaces, parentheses, numbers of anonymous names) is SQLAlchemy's, to the
//! byte. What differs between databases is in `dialects/expressions.toml`.

mod cte;
mod dml;
mod driver;
mod elements;
mod from;
mod functions;
mod literals;
mod operators;
mod select;
mod spelling;
mod text;

use std::collections::HashMap;
use std::sync::Arc;

use rustc_hash::FxBuildHasher;

use crate::datatype::DataType;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Expressions;
use crate::expression::{Expr, FromClause, Ident, Literal};
pub use driver::{Driver, ParamStyle};
pub use spelling::{stringify, stringify_type};

/// Nested nodes beyond which an expression is refused.
const MAX_DEPTH: usize = 400;

/// What the compiler asks a dialect.
pub trait Spelling {
    /// The dialect's name.
    fn name(&self) -> &str;
    /// How it spells expressions.
    fn expressions(&self) -> &Expressions;
    /// An identifier, quoted if it must be.
    fn quote(&self, ident: &Ident) -> String;
    /// A table with its schema.
    fn qualify(&self, schema: Option<&Ident>, name: &Ident) -> String;
    /// A type.
    fn type_sql(&self, data_type: &DataType) -> Result<String>;
    /// A value as a literal of a type.
    fn literal(&self, value: &Literal, data_type: &DataType) -> Result<String>;
    /// Whether `%` is written twice.
    fn doubles_percent(&self) -> bool {
        false
    }
    /// Whether an INSERT draws a key from the sequence that its column names.
    fn supports_sequences(&self) -> bool {
        true
    }
    /// A placeholder for a value.
    fn placeholder(&self, name: &str) -> String {
        format!(":{name}")
    }
}

/// How an expression is written.
#[derive(Clone, Copy)]
pub struct CompileContext<'a> {
    /// The dialect.
    pub dialect: &'a dyn Spelling,
    /// Whether values are written as literals rather than as `:name`.
    pub literal_binds: bool,
    /// Whether columns are written with their table.
    pub include_table: bool,
    /// Whether Alembic's and SQLAlchemy's faults are kept.
    pub compat: bool,
}

impl<'a> CompileContext<'a> {
    /// Statements: literals, and columns with their tables.
    pub fn statement(dialect: &'a dyn Spelling, compat: bool) -> Self {
        Self {
            dialect,
            literal_binds: true,
            include_table: true,
            compat,
        }
    }

    /// Parts of DDL: columns without their tables.
    pub fn ddl(dialect: &'a dyn Spelling, compat: bool) -> Self {
        Self {
            include_table: false,
            ..Self::statement(dialect, compat)
        }
    }
}

/// Writes an expression or statement.
pub fn compile(expr: &Expr, context: &CompileContext) -> Result<String> {
    let mut compiler = Compiler::new(context);
    let flags = Flags {
        table: context.include_table,
        literal: context.literal_binds,
        ..Flags::default()
    };
    compiler.expr(expr, flags)
}

/// Where a node stands, as far as that changes how it is written.
#[derive(Clone, Copy, Default)]
struct Flags {
    /// In the column list of a SELECT.
    columns: bool,
    /// Inside `… AS name`.
    in_label: bool,
    /// Columns are written with their table.
    table: bool,
    /// Values are written as literals.
    literal: bool,
    /// Inside another operator.
    operator: bool,
    /// Inside an operator that wants its operations in parentheses.
    eager: bool,
    /// Right of `NOT IN`.
    not_in: bool,
    /// A JSON access inside the CAST that it needs.
    cast_applied: bool,
    /// In a FROM list.
    as_from: bool,
}

/// What is known while a SELECT is written.
struct Frame {
    correlate: Vec<usize>,
    as_from: Vec<usize>,
    columns: Vec<Expr>,
    froms: Vec<FromClause>,
    is_compound: bool,
}

struct WrittenCte {
    id: usize,
    restates: Option<usize>,
    name: String,
    text: Option<String>,
    recursive: bool,
}

struct Compiler<'a> {
    context: &'a CompileContext<'a>,
    dialect: &'a dyn Spelling,
    facts: &'a Expressions,
    depth: usize,
    anonymous: HashMap<Arc<str>, String, FxBuildHasher>,
    counters: HashMap<String, usize, FxBuildHasher>,
    stack: Vec<Frame>,
    ctes: Vec<WrittenCte>,
}

impl<'a> Compiler<'a> {
    fn new(context: &'a CompileContext<'a>) -> Self {
        Self {
            context,
            dialect: context.dialect,
            facts: context.dialect.expressions(),
            depth: 0,
            anonymous: HashMap::default(),
            counters: HashMap::default(),
            stack: Vec::new(),
            ctes: Vec::new(),
        }
    }

    /// The name that an identifier stands for, anonymous ones with their number.
    fn resolve(&mut self, ident: &Ident) -> Ident {
        let Some((_, base)) = ident.anonymous_parts() else {
            return ident.clone();
        };
        if let Some(name) = self.anonymous.get(&ident.name) {
            return Ident::new(name);
        }
        // The base may hold an anonymous name of its own.
        let base = base.to_owned();
        let counter = self.counters.entry(base.clone()).or_insert(0);
        *counter += 1;
        let name = format!("{base}_{counter}");
        self.anonymous.insert(ident.name.clone(), name.clone());
        Ident::new(name)
    }

    fn quote(&mut self, ident: &Ident) -> String {
        let resolved = self.resolve(ident);
        self.dialect.quote(&resolved)
    }

    fn unsupported(&self, what: impl std::fmt::Display) -> Box<Diagnostic> {
        Box::new(Diagnostic::error(
            Code::Unsupported,
            format!("{} has no {what}", self.dialect.name()),
        ))
    }

    fn list(&mut self, items: &[Expr], separator: &str, flags: Flags) -> Result<String> {
        let mut text = String::new();
        for item in items {
            let part = self.expr(item, flags)?;
            if part.is_empty() {
                continue;
            }
            if !text.is_empty() {
                text.push_str(separator);
            }
            text.push_str(&part);
        }
        Ok(text)
    }

    /// Words meant for this dialect, each followed by a space.
    fn phrases(&mut self, phrases: &[(Expr, Option<Arc<str>>)], flags: Flags) -> Result<String> {
        let mut text = String::new();
        for (phrase, dialect) in phrases {
            let here = match dialect.as_deref() {
                None | Some("*") => true,
                Some(name) => name == self.dialect.name(),
            };
            if here {
                text.push_str(&self.expr(phrase, flags)?);
                text.push(' ');
            }
        }
        Ok(text)
    }
}

fn too_deep() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::BudgetExceeded,
            format!("the expression is nested more than {MAX_DEPTH} levels deep"),
        )
        .with_help("split the expression into several statements"),
    )
}
