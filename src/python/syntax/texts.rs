//! The texts of a file.

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{self as ruff, Expr, Stmt};
use rustc_hash::FxHashSet;

use crate::source::SourceFile;

/// The words in the texts of a file that may be names, in lower case, each once. Texts that stand
/// alone, such as docstrings, do not count. All words of a file that is no Python.
pub fn names(file: &Arc<SourceFile>) -> Vec<Arc<str>> {
    let mut collector = Collector::default();
    match ruff_python_parser::parse_module(file.text()) {
        Ok(parsed) => collector.visit_body(&parsed.syntax().body),
        Err(_) => collector.text(file.text()),
    }
    collector.names
}

#[derive(Default)]
struct Collector {
    names: Vec<Arc<str>>,
    seen: FxHashSet<Arc<str>>,
}

impl Collector {
    fn text(&mut self, text: &str) {
        let words = text.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '$');
        for word in words.filter(|word| !word.is_empty()) {
            let word: Arc<str> = word.to_lowercase().into();
            if self.seen.insert(Arc::clone(&word)) {
                self.names.push(word);
            }
        }
    }
}

impl<'a> Visitor<'a> for Collector {
    fn visit_stmt(&mut self, stmt: &'a Stmt) {
        if let Stmt::Expr(alone) = stmt
            && alone.value.is_string_literal_expr()
        {
            return;
        }
        visitor::walk_stmt(self, stmt);
    }

    fn visit_expr(&mut self, expr: &'a Expr) {
        match expr {
            Expr::StringLiteral(text) => self.text(text.value.to_str()),
            Expr::FString(text) => {
                for element in text.value.elements() {
                    if let ruff::InterpolatedStringElement::Literal(literal) = element {
                        self.text(&literal.value);
                    }
                }
            }
            _ => {}
        }
        visitor::walk_expr(self, expr);
    }
}
