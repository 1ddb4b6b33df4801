//! Pictures of the revision graph: one layout, and a file for each format.
//!
//! The cost is linear in revisions and edges in every format; lanes beyond [`WIDEST`] are drawn as
//! one, since nobody follows them.

mod dot;
mod layout;
mod mermaid;
mod svg;
mod text;

use std::collections::HashMap;

use crate::report::plain_text;
use crate::revision::{Index, RevisionMap};

pub use dot::dot;
pub use mermaid::mermaid;
pub use svg::svg;
pub use text::text;

/// The number of lanes that are told apart.
const WIDEST: usize = 40;

/// Revisions as they are drawn, newest first.
#[derive(Clone, Debug, Default)]
pub struct Picture {
    /// The revisions.
    pub nodes: Vec<Node>,
}

/// One revision of a picture.
#[derive(Clone, Debug, Default)]
pub struct Node {
    /// Its identifier.
    pub id: String,
    /// The first line of its message.
    pub message: String,
    /// The branch labels that it declares.
    pub labels: Vec<String>,
    /// What else there is to say: `head`, `branchpoint`, `mergepoint`, `current`.
    pub marks: Vec<&'static str>,
    /// What it follows and depends on, in the picture.
    pub edges: Vec<Edge>,
    /// What it depends on, by name.
    pub needs: Vec<String>,
    /// What it follows outside of the picture, by name.
    pub outside: Vec<String>,
}

/// One line of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Edge {
    /// The place of the older revision in the picture.
    pub to: usize,
    /// Why there is a line.
    pub relation: Relation,
}

/// How a revision hangs on an older one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Relation {
    /// `down_revision`.
    Follows,
    /// `depends_on`.
    DependsOn,
}

impl Picture {
    /// The picture of some revisions, newest first; `current` are those that a database is at.
    pub fn new(map: &RevisionMap, listed: &[Index], current: &[Index]) -> Self {
        let places: HashMap<Index, usize> = listed
            .iter()
            .enumerate()
            .map(|(place, index)| (*index, place))
            .collect();
        let nodes = listed
            .iter()
            .enumerate()
            .map(|(place, index)| {
                let revision = map.revision(*index);
                let mut node = Node {
                    id: revision.id.to_string(),
                    message: one_line(revision.summary()),
                    needs: revision.depends_on.iter().map(|n| n.to_string()).collect(),
                    labels: revision
                        .branch_labels
                        .iter()
                        .map(|l| l.to_string())
                        .collect(),
                    ..Node::default()
                };
                let follows = revision.down_revisions.iter();
                let needs = revision.depends_on.iter();
                let related = follows
                    .map(|name| (name, Relation::Follows))
                    .chain(needs.map(|name| (name, Relation::DependsOn)));
                for (name, relation) in related {
                    let known = map.index_of(name).and_then(|index| places.get(&index));
                    match known {
                        // Lines go down; what is not below is only named.
                        Some(to) if *to > place => node.edges.push(Edge { to: *to, relation }),
                        _ if relation == Relation::Follows => {
                            node.outside.push(name.to_string());
                        }
                        _ => {}
                    }
                }
                if map.is_real_head(*index) {
                    node.marks.push("head");
                } else if map.is_head(*index) {
                    node.marks.push("effective head");
                }
                if map.is_branch_point(*index) {
                    node.marks.push("branchpoint");
                }
                if revision.is_merge_point() {
                    node.marks.push("mergepoint");
                }
                if current.contains(index) {
                    node.marks.push("current");
                }
                node
            })
            .collect();
        Self { nodes }
    }
}

impl Node {
    /// Everything in one line: `id (label) (head) (depends on x), message`.
    fn caption(&self) -> String {
        let mut text = self.id.clone();
        if !self.labels.is_empty() {
            text.push_str(&format!(" ({})", self.labels.join(", ")));
        }
        for mark in &self.marks {
            text.push_str(&format!(" ({mark})"));
        }
        for name in &self.outside {
            text.push_str(&format!(" (follows {name})"));
        }
        if !self.needs.is_empty() {
            text.push_str(&format!(" (depends on {})", self.needs.join(", ")));
        }
        if !self.message.is_empty() {
            text.push_str(&format!(", {}", self.message));
        }
        text
    }
}

/// The first line of a message.
fn one_line(text: &str) -> String {
    let line = text.lines().next().unwrap_or_default();
    line.trim().to_owned()
}

/// A name without anything that steers a terminal, in one line.
fn shown(text: &str) -> String {
    plain_text(text).replace('\n', " ")
}

/// A text as XML; what XML cannot have becomes a replacement character.
pub(in crate::report) fn xml(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&#39;"),
            '\n' | '\t' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => out.push('\u{FFFD}'),
            c if is_bidi(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// Characters that change the direction of what stands around them.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::*;
    use crate::revision::Revision;

    fn picture(revisions: Vec<Revision>) -> Picture {
        let map = RevisionMap::new(revisions).unwrap();
        Picture::new(&map, &map.newest_to_oldest(), &[])
    }

    fn diamond() -> Picture {
        let mut left = Revision::new("l1", &["a"]);
        left.branch_labels = vec!["left".into()];
        let mut other = Revision::new("x2", &["x1"]);
        other.depends_on = vec!["l1".into()];
        picture(vec![
            Revision::new("a", &[]),
            left,
            Revision::new("l2", &["l1"]),
            Revision::new("r1", &["a"]),
            Revision::new("m", &["l2", "r1"]),
            Revision::new("x1", &[]),
            other,
        ])
    }

    #[test]
    fn text_of_branches_merges_and_dependencies() {
        insta::assert_snapshot!(text(&diamond()), @r"
        ● m (head) (mergepoint)
        ├─╮
        ● │ l2
        │ │ ● x2 (head) (depends on l1)
        │ │ ├─╮
        │ │ ● ┆ x1
        ├─│───╯
        ● │ l1 (left)
        │ ● r1
        ├─╯
        ● a (branchpoint)
        ");
    }

    #[test]
    fn names_stay_data() {
        let mut hostile = Revision::new("a\"];x<script>", &[]);
        hostile.doc = "\u{1b}[2J</svg> & \"quoted\" \\ \u{202e}#quot; `x`".into();
        hostile.branch_labels = vec!["b'<b>".into()];
        let picture = picture(vec![hostile]);
        let drawn = text(&picture);
        assert!(
            !drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'),
            "{drawn:?}"
        );
        let drawn = svg(&picture);
        assert!(
            !drawn.contains("<script") && !drawn.contains("<b>"),
            "{drawn}"
        );
        assert_eq!(drawn.matches("</svg>").count(), 1);
        assert!(!drawn.contains('\u{1b}') && !drawn.contains('\u{202e}'));
        let drawn = mermaid(&picture);
        let label = drawn.lines().find(|line| line.contains('[')).unwrap();
        assert_eq!(label.matches('"').count(), 2, "{drawn}");
        assert!(
            !drawn.contains("<script") && !drawn.contains('`'),
            "{drawn}"
        );
        let drawn = dot(&picture);
        assert!(drawn.contains("a\\\"];x<script>"), "{drawn}");
        assert!(
            drawn.contains("\\\\") && !drawn.contains('\u{1b}'),
            "{drawn}"
        );
    }

    #[test]
    fn many_branches_cost_what_they_are() {
        let size = |count: usize| {
            let mut revisions = vec![Revision::new("base", &[])];
            for number in 0..count {
                revisions.push(Revision::new(&format!("r{number:05}"), &["base"]));
            }
            let picture = picture(revisions);
            text(&picture).len() + svg(&picture).len() + mermaid(&picture).len()
        };
        let begun = Instant::now();
        let (small, large) = (size(1_000), size(10_000));
        assert!(large < small * 12, "{small} {large}");
        assert!(begun.elapsed().as_secs() < 20);
    }
}
