//! Which names the texts of a program may say.

use std::sync::Arc;

use ruff_python_ast::visitor::{self, Visitor};
use ruff_python_ast::{Expr, Stmt};
use rustc_hash::FxHashSet;

use crate::source::SourceFile;

/// The words that a definition in SQL begins with.
const DEFINITIONS: &[&str] = &["ALTER", "CREATE", "DROP", "RENAME", "DO", "COMMENT"];

/// Whether a text is SQL that defines something.
pub fn defines(text: &str) -> bool {
    let first = text.split_whitespace().next().unwrap_or_default();
    DEFINITIONS
        .iter()
        .any(|word| first.eq_ignore_ascii_case(word))
}

/// The names in lower case that texts say, each once: a text that is nothing but a name, with or
/// without what qualifies it, and all words of SQL that defines something.
pub fn names<'a>(texts: impl IntoIterator<Item = &'a str>) -> Vec<Arc<str>> {
    let mut found = Vec::new();
    let mut seen = FxHashSet::default();
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    for text in texts {
        let alone = text.rsplit('.').next().unwrap_or(text);
        let words: Vec<&str> = match defines(text) {
            true => text.split(|c| !is_part(c)).collect(),
            false if alone.chars().all(is_part) => vec![alone],
            false => Vec::new(),
        };
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            let word: Arc<str> = word.to_lowercase().into();
            if seen.insert(Arc::clone(&word)) {
                found.push(word);
            }
        }
    }
    found
}

/// The texts that the names at the top of a file stand for.
pub fn constants(file: &Arc<SourceFile>) -> Vec<String> {
    let mut collector = Constants::default();
    if let Some(tree) = super::tree::of(file) {
        for stmt in &tree.body {
            if matches!(stmt, Stmt::Assign(_) | Stmt::AnnAssign(_)) {
                collector.visit_stmt(stmt);
            }
        }
    }
    collector.0
}

#[derive(Default)]
struct Constants(Vec<String>);

impl<'a> Visitor<'a> for Constants {
    fn visit_expr(&mut self, expr: &'a Expr) {
        if let Expr::StringLiteral(text) = expr {
            self.0.push(text.value.to_str().to_owned());
        }
        visitor::walk_expr(self, expr);
    }
}
