//! `gensql upgrade`: the script that applies what is missing.

use super::range::Range;
use super::script::script;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::Result;

/// The script from the start of the range, or from nothing, up to the targets.
pub fn upgrade(options: &Options, revisions: &[String], at: &At) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let range = Range::parse(revisions, "Upgrade")?;
    let start = workspace.start(range.start, at)?.unwrap_or_default();
    let plan = workspace.map.upgrade(&start, &range.targets)?;
    script(&workspace, options, &plan)
}
