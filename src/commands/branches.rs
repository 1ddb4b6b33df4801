//! `gensql branches`: the revisions that several others follow.

use std::fmt::Write;

use super::listing::{self, Parts};
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::Result;

/// Lists the branch points, each with the revisions that follow it.
pub fn branches(options: &Options) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let mut output = String::new();
    for index in map.newest_to_oldest() {
        if !map.is_branch_point(index) {
            continue;
        }
        let parts = Parts {
            labels: true,
            tree: true,
            ..Parts::default()
        };
        output.push_str(&if options.verbose {
            listing::entry(map, index, false)
        } else {
            listing::line(map, index, parts)
        });
        output.push('\n');
        let indent = map.revision(index).id.chars().count();
        for child in map.children(index) {
            let parts = Parts {
                message: options.verbose,
                ..parts
            };
            let _ = writeln!(
                output,
                "{:indent$} -> {}",
                "",
                listing::line(map, child, parts)
            );
        }
        output.push('\n');
    }
    Ok(output.into())
}
