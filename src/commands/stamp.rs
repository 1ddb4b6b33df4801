//! `gensql stamp`: the script that only changes the version table.

use super::range::Range;
use super::script::script;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::Result;

/// The script that makes the version table name the targets.
pub fn stamp(options: &Options, revisions: &[String], at: &At) -> Result<Outcome> {
    let mut workspace = Workspace::open(options)?;
    let range = Range::parse(revisions, "Stamp")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    script(&workspace, options, &|given| {
        workspace.map.stamp(given.unwrap_or(&start), &range.targets)
    })
}
