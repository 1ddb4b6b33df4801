//! `--baseline`: what a database holds before the first revision.

use std::sync::Arc;

use super::Options;
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::sql::{Reader, follow};
use crate::operation::Located;
use crate::source::{Location, SourceFile, Span};

/// Applies the definitions of the file, when there is one, to the catalog.
///
/// # Errors
/// When the file cannot be read, or holds no table.
pub(super) fn read(options: &Options, dialect: &Dialect, catalog: &mut Catalog) -> Result<()> {
    let Some(path) = &options.baseline else {
        return Ok(());
    };
    let unreadable = |reason: &str| {
        let message = format!("the baseline {} cannot be read: {reason}", path.display());
        Box::new(
            Diagnostic::error(Code::Io, message)
                .with_help("give a text file with CREATE statements, such as a dump of the schema"),
        )
    };
    let size = std::fs::metadata(path).map_err(|error| unreadable(&error.to_string()))?;
    if !size.is_file() {
        return Err(unreadable("it is not a file"));
    }
    if size.len() > options.budget.memory as u64 {
        return Err(unreadable("it is larger than --max-memory allows"));
    }
    let text = std::fs::read_to_string(path).map_err(|error| unreadable(&error.to_string()))?;
    let file = SourceFile::new(path.clone(), text);
    for (operation, range) in
        Reader::new(Some(dialect), &std::collections::BTreeMap::new()).read(file.text())
    {
        let located = Located {
            operation,
            location: Some(Location::new(
                Arc::clone(&file),
                Span::new(range.start, range.end),
            )),
            stack: Vec::new(),
            spelled: Vec::new(),
        };
        follow(&located, Some(dialect), catalog);
    }
    if catalog.tables().next().is_none() {
        return Err(unreadable("it defines no table"));
    }
    Ok(())
}
