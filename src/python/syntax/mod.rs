//! Python source to a tree of our own. Ruff's parser is named here and nowhere else.
//!
//! The tree can be shared between threads, so that files can be parsed ahead of their evaluation.
//! Names are resolved while it is built: a local variable is a slot, not a look-up by name.

pub mod ast;
mod bindings;
mod convert;
pub mod effects;
mod guard;
pub mod objects;
pub mod texts;
mod tree;

use std::sync::Arc;

pub use ast::Module;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// Parses a file.
///
/// # Errors
/// [`Code::PythonSyntax`] with the place of the first error.
pub fn parse(file: &Arc<SourceFile>) -> Result<Arc<Module>> {
    if let Some((message, offset)) = guard::too_deep(file.text()) {
        return Err(syntax_error(file, &message, offset, offset + 1));
    }
    let parsed = ruff_python_parser::parse_module(file.text()).map_err(|error| {
        let range = error.location;
        let message = error.error.to_string();
        syntax_error(
            file,
            &message,
            range.start().to_usize(),
            range.end().to_usize(),
        )
    })?;
    convert::module(file, parsed.into_syntax()).map(Arc::new)
}

fn syntax_error(
    file: &Arc<SourceFile>,
    message: &str,
    start: usize,
    end: usize,
) -> Box<Diagnostic> {
    let message = message.strip_prefix("SyntaxError: ").unwrap_or(message);
    Box::new(
        Diagnostic::error(
            Code::PythonSyntax,
            format!("the file is not valid Python: {message}"),
        )
        .at(Location::new(Arc::clone(file), Span::new(start, end)))
        .with_help("correct the syntax; `python -m py_compile` shows the same error"),
    )
}
