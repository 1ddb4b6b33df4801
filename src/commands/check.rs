//! `gensql check`: whether the revisions lead to the schema that is wanted.

use std::fmt::Write;

use super::directed;
use super::wanted::{Compared, compared};
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::Result;

/// Lists what differs; it fails when anything does.
pub fn check(options: &Options) -> Result<Outcome> {
    let workspace = Workspace::open_to_evaluate(options)?;
    let mut outcome = Outcome::default();
    let mut lines = Vec::new();
    let found = compared(&workspace, options, &[], &mut outcome.diagnostics)?;
    match directed::checked(&workspace, options, &found)? {
        Some(left) => lines.extend(left),
        None => lines.extend(found.iter().flat_map(Compared::lines)),
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
