//! `gensql dialects`: the databases that scripts can be written for.

use std::fmt::Write;

use super::{Options, Outcome};
use crate::config::Config;
use crate::diagnostic::{Code, Result};
use crate::dialect::Library;

/// Lists the dialects, with the other names they go by, and says which ones no server has
/// verified. Inside a project, its own are among them.
///
/// # Errors
/// What is wrong with the configuration, where there is one.
pub fn dialects(options: &Options) -> Result<Outcome> {
    let library = match Config::load(&options.request) {
        Ok(config) => Library::new(config.beside()),
        Err(found) if found.code == Code::ConfigNotFound && options.request.files.is_empty() => {
            Library::built_in()
        }
        Err(found) => return Err(found),
    };
    let mut output = String::new();
    let (listed, broken) = library.list();
    for dialect in listed {
        let _ = write!(output, "{:<12} {}", dialect.name, dialect.title);
        let mut notes = Vec::new();
        if !dialect.aliases.is_empty() {
            notes.push(format!("also {}", dialect.aliases.join(", ")));
        }
        if let Some(file) = &dialect.file {
            notes.push(format!("from {}", file.display()));
        }
        if dialect.verified.is_empty() {
            notes.push("no server has verified it".to_owned());
        }
        if !notes.is_empty() {
            let _ = write!(output, " ({})", notes.join("; "));
        }
        output.push('\n');
    }
    Ok(Outcome {
        output,
        diagnostics: broken,
        ..Outcome::default()
    })
}
