//! `gensql history`: the revisions, newest first.

use super::listing::{self, Parts};
use super::range::current_needed;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Index;

/// Lists the revisions of a range, or all; marks those the database is at with `indicate`.
pub fn history(options: &Options, range: Option<&str>, indicate: bool, at: &At) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let current = workspace.at(options, at)?;
    let found = listed(&workspace, range, current.as_deref(), indicate)?;
    let rows: Vec<Index> = match (indicate, current) {
        (true, Some(rows)) => rows,
        _ => Vec::new(),
    };
    let mut output = String::new();
    for index in found {
        let is_current = rows.contains(&index);
        if options.verbose {
            output.push_str(&listing::entry(map, index, is_current));
        } else {
            let parts = Parts {
                parents: true,
                labels: true,
                message: true,
                tree: true,
                current: is_current,
            };
            output.push_str(&listing::line(map, index, parts));
        }
        output.push('\n');
    }
    Ok(workspace.with_note(output.into()))
}

/// The revisions of a range, newest first. `current` are those that the database is at, which must
/// be known where they are `needed` or named.
pub(super) fn listed(
    workspace: &Workspace,
    range: Option<&str>,
    current: Option<&[Index]>,
    needed: bool,
) -> Result<Vec<Index>> {
    let (start, end) = split(range)?;
    let map = &workspace.map;
    let asked = needed || start == Some("current") || end == Some("current");
    let rows = match current {
        Some(rows) => rows,
        None if asked => return Err(current_needed("history with the current revision")),
        None => &[],
    };
    if start.is_none() && end.is_none() {
        return Ok(map.newest_to_oldest());
    }
    let names: Vec<&str> = rows.iter().map(|index| &*map.revision(*index).id).collect();
    let ends = |end, open| match end {
        None => vec![open],
        Some("current") => names.clone(),
        Some(other) => vec![other],
    };
    map.history(&ends(start, "base"), &ends(end, "heads"))
}

type Ends<'a> = (Option<&'a str>, Option<&'a str>);

fn split(range: Option<&str>) -> Result<Ends<'_>> {
    let Some(range) = range else {
        return Ok((None, None));
    };
    let some = |end| Some(end).filter(|end: &&str| !end.is_empty());
    match range.trim().split_once(':') {
        Some((start, end)) if !end.contains(':') => Ok((some(start), some(end))),
        _ => {
            let message = "History range requires [start]:[end], [start]:, or :[end]";
            Err(Box::new(
                Diagnostic::error(Code::RangeInvalid, message)
                    .with_help(format!("write `-r {range}:` for what came after {range}, or `-r :{range}` for what came before")),
            ))
        }
    }
}
