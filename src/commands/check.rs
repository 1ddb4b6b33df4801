//! `gensql check`: whether the revisions lead to the schema that is wanted.

use std::fmt::Write;

use super::wanted::compared;
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::Result;

/// Lists what differs; it fails when anything does.
pub fn check(options: &Options) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let mut outcome = Outcome::default();
    let mut lines = Vec::new();
    for found in compared(&workspace, options, &[], &mut outcome.diagnostics)? {
        lines.extend(found.lines());
    }
    outcome.failed = !lines.is_empty();
    if lines.is_empty() {
        outcome
            .output
            .push_str("No new upgrade operations detected.\n");
    } else {
        outcome
            .output
            .push_str("New upgrade operations detected:\n");
    }
    for line in lines {
        let _ = writeln!(outcome.output, "  {line}");
    }
    Ok(outcome)
}
