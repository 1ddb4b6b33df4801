//! Revisions as `history`, `heads`, `branches`, `show` and `current` print them, which is as
//! Alembic does.

use std::fmt::Write;

use crate::revision::{Index, RevisionMap};

/// What a line says besides the identifier.
#[derive(Clone, Copy, Default)]
pub(super) struct Parts {
    pub(super) parents: bool,
    pub(super) labels: bool,
    pub(super) message: bool,
    /// Branch points and merge points.
    pub(super) tree: bool,
    pub(super) current: bool,
}

/// `a -> b (label) (head), message`
pub(super) fn line(map: &RevisionMap, index: Index, parts: Parts) -> String {
    let revision = map.revision(index);
    let mut text = String::new();
    if parts.parents {
        text.push_str(&below(map, index));
        if !revision.depends_on.is_empty() {
            let _ = write!(text, " ({})", revision.depends_on.join(", "));
        }
        text.push_str(" -> ");
    }
    text.push_str(&revision.id);
    if parts.labels {
        let labels = map.branch_labels(index);
        if !labels.is_empty() {
            let _ = write!(text, " ({})", labels.join(", "));
        }
    }
    if map.is_real_head(index) {
        text.push_str(" (head)");
    } else if map.is_head(index) {
        text.push_str(" (effective head)");
    }
    if parts.current {
        text.push_str(" (current)");
    }
    if parts.tree {
        text.push_str(tree(map, index));
    }
    if parts.message {
        let _ = write!(text, ", {}", revision.summary());
    }
    text
}

/// The paragraph of `show` and of `-v`; it ends with an empty line.
pub(super) fn entry(map: &RevisionMap, index: Index, current: bool) -> String {
    let revision = map.revision(index);
    let mut text = format!("Rev: {}", revision.id);
    if map.is_head(index) {
        text.push_str(" (head)");
    }
    text.push_str(tree(map, index));
    if current {
        text.push_str(" (current)");
    }
    let relation = if revision.is_merge_point() {
        "Merges"
    } else {
        "Parent"
    };
    let _ = writeln!(text, "\n{relation}: {}", below(map, index));
    if !revision.depends_on.is_empty() {
        let _ = writeln!(text, "Also depends on: {}", revision.depends_on.join(", "));
    }
    if map.is_branch_point(index) {
        let children: Vec<&str> = map.children(index).map(|c| &*map.revision(c).id).collect();
        let _ = writeln!(text, "Branches into: {}", children.join(", "));
    }
    let labels = map.branch_labels(index);
    if !labels.is_empty() {
        let _ = writeln!(text, "Branch names: {}", labels.join(", "));
    }
    let path = revision
        .path
        .canonicalize()
        .unwrap_or_else(|_| revision.path.clone());
    let _ = writeln!(text, "Path: {}\n", path.display());
    let message: Vec<String> = python_lines(revision.message())
        .map(|line| format!("    {line}"))
        .collect();
    let _ = writeln!(text, "{}", message.join("\n"));
    text
}

fn below(map: &RevisionMap, index: Index) -> String {
    let revision = map.revision(index);
    if revision.is_base() {
        "<base>".to_owned()
    } else {
        revision.down_revisions.join(", ")
    }
}

fn tree(map: &RevisionMap, index: Index) -> &'static str {
    match (
        map.is_branch_point(index),
        map.revision(index).is_merge_point(),
    ) {
        (false, false) => "",
        (true, false) => " (branchpoint)",
        (false, true) => " (mergepoint)",
        (true, true) => " (branchpoint) (mergepoint)",
    }
}

/// Lines as Python's `splitlines` sees them.
fn python_lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = |c: char| {
        matches!(
            c,
            '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{1c}'..='\u{1e}' | '\u{85}'
        ) || matches!(c, '\u{2028}' | '\u{2029}')
    };
    let mut rest = Some(text).filter(|text| !text.is_empty());
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(at) = text.find(ends) else {
            rest = None;
            return Some(text);
        };
        let after = match text[at..].strip_prefix("\r\n") {
            Some(after) => after,
            None => text[at..]
                .char_indices()
                .nth(1)
                .map_or("", |(next, _)| &text[at + next..]),
        };
        rest = (!after.is_empty()).then_some(after);
        Some(&text[..at])
    })
}
