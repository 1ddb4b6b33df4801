//! `gensql heads`: the newest revision of each branch.

use super::listing::{self, Parts};
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::Result;

/// Lists the heads; without those that another revision depends on if `resolve_dependencies`.
pub fn heads(options: &Options, resolve_dependencies: bool) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let heads = if resolve_dependencies {
        map.real_heads()
    } else {
        map.heads()
    };
    let mut output = String::new();
    for index in heads.iter().copied() {
        if options.verbose {
            output.push_str(&listing::entry(map, index, false));
        } else {
            let parts = Parts {
                labels: true,
                ..Parts::default()
            };
            output.push_str(&listing::line(map, index, parts));
        }
        output.push('\n');
    }
    Ok(workspace.with_note(output.into()))
}
