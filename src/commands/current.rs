//! `gensql current`: which revisions the rows of a version table stand for.

use super::listing::{self, Parts};
use super::range::current_needed;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Lists the revisions that a database is at. With `check_heads` it is an error when these are
/// not all heads.
pub fn current(options: &Options, at: &At, check_heads: bool) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let rows = workspace
        .at(options, at)?
        .ok_or_else(|| current_needed("current"))?;
    if check_heads {
        let missing: Vec<&str> = map
            .heads()
            .iter()
            .filter(|head| !rows.contains(*head))
            .map(|head| &*map.revision(*head).id)
            .collect();
        if !missing.is_empty() || rows.len() != map.heads().len() {
            let mut found =
                Diagnostic::error(Code::NotAtHeads, "Database is not on all head revisions");
            if !missing.is_empty() {
                found = found.with_note(format!("missing: {}", missing.join(", ")));
            }
            return Err(Box::new(
                found.with_help("print the script with `gensql upgrade heads`"),
            ));
        }
    }
    let mut output = String::new();
    for index in map.current(&rows) {
        if options.verbose {
            output.push_str(&listing::entry(map, index, false));
        } else {
            let parts = Parts {
                tree: true,
                ..Parts::default()
            };
            output.push_str(&listing::line(map, index, parts));
        }
        output.push('\n');
    }
    Ok(output.into())
}
