//! `gensql stamp`: the script that only changes the version table.

use super::range::Range;
use super::script::script;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Index;

/// The script that makes the version table name the targets; with `purge`, whatever it names
/// before.
pub fn stamp(options: &Options, revisions: &[String], at: &At, purge: bool) -> Result<Outcome> {
    let mut workspace = Workspace::open(options)?;
    let range = Range::parse(revisions, "Stamp")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    if purge {
        return anew(&workspace, options, &range, &start);
    }
    script(&workspace, options, &|given| {
        workspace.map.stamp(given.unwrap_or(&start), &range.targets)
    })
}

/// With `--purge` the rows that are there do not matter, so that a start makes no sense.
fn anew(
    workspace: &Workspace,
    options: &Options,
    range: &Range<'_>,
    start: &[Index],
) -> Result<Outcome> {
    if range.start.is_some() || !start.is_empty() {
        let message = "--purge removes all rows, so that it does not matter where the stamp starts";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message).with_help("leave out the start, or `--purge`"),
        ));
    }
    script(workspace, options, &|_| {
        workspace.map.stamp_anew(&range.targets)
    })
}
