//! Reachability and single steps along the graph.

use super::edges::Edges;
use super::failure::{Failure, Resolved};
use super::{Index, RevisionMap};

/// A set of revisions.
pub(super) type Nodes = Vec<bool>;

/// Where a walk stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Position {
    /// Below every base.
    Base,
    /// On a revision.
    At(Index),
}

impl RevisionMap {
    /// The given revisions and all that is needed for them.
    pub(super) fn with_ancestors(&self, from: &[Index]) -> Nodes {
        self.reach(&self.requirements, from)
    }

    /// The given revisions and their ancestors by `down_revision`.
    pub(super) fn with_own_ancestors(&self, from: &[Index]) -> Nodes {
        self.reach(&self.parents, from)
    }

    /// The given revisions and all that need them.
    pub(super) fn with_descendants(&self, from: &[Index]) -> Nodes {
        self.reach(&self.dependents, from)
    }

    /// The given revisions and their descendants by `down_revision`.
    pub(super) fn with_own_descendants(&self, from: &[Index]) -> Nodes {
        self.reach(&self.children, from)
    }

    /// All that is above or below one of the given revisions, or is one of them.
    pub(super) fn lineage(&self, of: &[Index], dependencies: bool) -> Nodes {
        let (mut above, below) = if dependencies {
            (self.with_descendants(of), self.with_ancestors(of))
        } else {
            (self.with_own_descendants(of), self.with_own_ancestors(of))
        };
        for (node, below) in above.iter_mut().zip(below) {
            *node |= below;
        }
        above
    }

    fn reach(&self, edges: &Edges, from: &[Index]) -> Nodes {
        let mut seen = vec![false; self.len()];
        let mut todo: Vec<Index> = from.to_vec();
        while let Some(node) = todo.pop() {
            if !std::mem::replace(&mut seen[node], true) {
                todo.extend(edges.of(node));
            }
        }
        seen
    }

    /// Like [`Self::with_ancestors`], but refuses targets of which one is above another.
    pub(super) fn with_ancestors_checked(&self, targets: &[Index]) -> Resolved<Nodes> {
        let mut is_target = vec![false; self.len()];
        for target in targets {
            is_target[*target] = true;
        }
        let mut seen = vec![false; self.len()];
        for target in targets.iter().copied() {
            let mut overlapping: Vec<Index> = Vec::new();
            let mut todo = vec![target];
            while let Some(node) = todo.pop() {
                if node != target && is_target[node] && !overlapping.contains(&node) {
                    overlapping.push(node);
                }
                if !std::mem::replace(&mut seen[node], true) {
                    todo.extend(self.requirements.of(node));
                }
            }
            if !overlapping.is_empty() {
                overlapping.sort_by_key(|node| targets.iter().position(|t| t == node));
                let others: Vec<_> = overlapping.iter().map(|node| self.id(*node)).collect();
                return Failure::other(format!(
                    "Requested revision {} overlaps with other requested revisions {}",
                    self.id(target),
                    others.join(", ")
                ));
            }
        }
        Ok(seen)
    }

    /// Goes `steps` up (positive) or down. `None` as a start is outside the graph: below it when
    /// going up, above it when going down. The answer is `None` when the graph ends before, if
    /// `exact`; else the walk stops there.
    pub(super) fn walk(
        &self,
        start: Option<Position>,
        steps: i64,
        label: Option<&str>,
        exact: bool,
    ) -> Resolved<Option<Position>> {
        let lineage = match label {
            Some(label) if steps > 0 && !label.is_empty() => Some(self.lineage_of(label, false)?),
            _ => None,
        };
        let mut at = start;
        for _ in 0..steps.unsigned_abs() {
            let mut next: Vec<Position> = if steps > 0 {
                let above: Vec<Index> = match at {
                    None | Some(Position::Base) => self.bases().to_vec(),
                    Some(Position::At(index)) => self.children.of(index).collect(),
                };
                let inside = |i: &Index| {
                    lineage
                        .as_ref()
                        .is_none_or(|l| l.as_ref().is_none_or(|l| l[*i]))
                };
                above.into_iter().filter(inside).map(Position::At).collect()
            } else {
                let below: Vec<Index> = match at {
                    Some(Position::Base) => return Ok(if exact { None } else { at }),
                    None => self.heads().to_vec(),
                    Some(Position::At(index)) => self.parents.of(index).collect(),
                };
                if below.is_empty() {
                    vec![Position::Base]
                } else {
                    below.into_iter().map(Position::At).collect()
                }
            };
            match (next.pop(), next.is_empty()) {
                (None, _) => return Ok(if exact { None } else { at }),
                (Some(_), false) => return Failure::other("Ambiguous walk"),
                (Some(only), true) => at = Some(only),
            }
        }
        Ok(at)
    }
}
