//! `gensql dialects`: the databases that scripts can be written for.

use std::fmt::Write;

use super::Outcome;
use crate::diagnostic::Result;
use crate::dialect::Dialect;

/// Lists the dialects, with the other names they go by.
pub fn dialects() -> Result<Outcome> {
    let mut output = String::new();
    for (name, title, aliases) in Dialect::list()? {
        let _ = write!(output, "{name:<12} {title}");
        if !aliases.is_empty() {
            let _ = write!(output, " (also {})", aliases.join(", "));
        }
        output.push('\n');
    }
    Ok(output.into())
}
