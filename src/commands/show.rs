//! `gensql show`: revisions in detail.

use super::range::current_needed;
use super::workspace::Workspace;
use super::{At, Options, Outcome, listing};
use crate::diagnostic::Result;

/// Shows the revisions that an identifier stands for.
pub fn show(options: &Options, revision: &str, at: &At) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let current = workspace.at(options, at)?;
    let shown = if revision == "current" {
        current.ok_or_else(|| current_needed("show current"))?
    } else {
        workspace.map.show(revision)?
    };
    let mut output = String::new();
    for index in shown {
        output.push_str(&listing::entry(&workspace.map, index, false));
        output.push('\n');
    }
    Ok(output.into())
}
