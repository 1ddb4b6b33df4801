//! Which lane each revision and each line is in.

use std::collections::BTreeSet;

use super::{Picture, Relation};

/// A line from a revision to an older one.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line {
    /// The row of the newer one.
    pub(super) from: usize,
    /// The row of the older one.
    pub(super) to: usize,
    /// The lane that it runs in between them.
    pub(super) lane: usize,
    /// Why it is there.
    pub(super) relation: Relation,
}

/// A picture with places: the row of a revision is its place in the list.
#[derive(Debug, Default)]
pub(super) struct Layout {
    /// The lane of each row.
    pub(super) lanes: Vec<usize>,
    /// The lines, by their newer ends.
    pub(super) lines: Vec<Line>,
    /// Of each row the lines that arrive there, by their places in `lines`.
    pub(super) arriving: Vec<Vec<usize>>,
    /// Of each row the lines that begin there.
    pub(super) leaving: Vec<Vec<usize>>,
}

/// Lanes that are free, the leftmost first.
#[derive(Default)]
struct Free {
    given_back: BTreeSet<usize>,
    next: usize,
}

impl Free {
    fn take(&mut self) -> usize {
        self.given_back.pop_first().unwrap_or_else(|| {
            self.next += 1;
            self.next - 1
        })
    }
}

impl Layout {
    /// Gives each revision the leftmost lane that waits for it, else one that is free; what it
    /// follows first goes on in its lane, the rest in lanes of their own.
    pub(super) fn of(picture: &Picture) -> Self {
        let count = picture.nodes.len();
        let mut layout = Self {
            lanes: Vec::with_capacity(count),
            lines: Vec::new(),
            arriving: vec![Vec::new(); count],
            leaving: vec![Vec::new(); count],
        };
        let mut free = Free::default();
        for (row, node) in picture.nodes.iter().enumerate() {
            let arriving = layout.arriving.get(row).cloned().unwrap_or_default();
            let lines: Vec<Line> = arriving
                .iter()
                .filter_map(|at| layout.lines.get(*at).copied())
                .collect();
            let leftmost = |relation: Relation| {
                let fitting = lines.iter().filter(|line| line.relation == relation);
                fitting.map(|line| line.lane).min()
            };
            let lane = leftmost(Relation::Follows).or_else(|| leftmost(Relation::DependsOn));
            let lane = match lane {
                Some(lane) => lane,
                None => free.take(),
            };
            let ended = lines.iter().map(|line| line.lane);
            free.given_back.extend(ended.filter(|ended| *ended != lane));
            layout.lanes.push(lane);
            for (number, edge) in node.edges.iter().enumerate() {
                let at = layout.lines.len();
                layout.lines.push(Line {
                    from: row,
                    to: edge.to,
                    lane: if number == 0 { lane } else { free.take() },
                    relation: edge.relation,
                });
                if let Some(arriving) = layout.arriving.get_mut(edge.to) {
                    arriving.push(at);
                }
                if let Some(leaving) = layout.leaving.get_mut(row) {
                    leaving.push(at);
                }
            }
            if node.edges.is_empty() {
                free.given_back.insert(lane);
            }
        }
        layout
    }
}
