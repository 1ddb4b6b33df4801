//! Adjacency lists in two flat arrays.

use super::Index;

/// For each node the list of its neighbours, in order.
#[derive(Debug, Default)]
pub(super) struct Edges {
    offsets: Vec<u32>,
    targets: Vec<u32>,
}

impl Edges {
    /// Copies lists into flat form.
    pub(super) fn from_lists<I: IntoIterator<Item = Index>>(
        lists: impl IntoIterator<Item = I>,
    ) -> Self {
        let mut edges = Self {
            offsets: vec![0],
            targets: Vec::new(),
        };
        for list in lists {
            edges.targets.extend(list.into_iter().map(narrow));
            edges.offsets.push(narrow(edges.targets.len()));
        }
        edges
    }

    /// The same edges, seen from the other end: neighbours come in ascending order, once each.
    pub(super) fn reversed(&self) -> Self {
        let count = self.len();
        let mut lists = vec![Vec::new(); count];
        for node in 0..count {
            for neighbour in self.of(node) {
                let list: &mut Vec<Index> = &mut lists[neighbour];
                if list.last() != Some(&node) {
                    list.push(node);
                }
            }
        }
        Self::from_lists(lists)
    }

    /// How many nodes there are.
    pub(super) fn len(&self) -> usize {
        self.offsets.len().saturating_sub(1)
    }

    /// The neighbours of a node.
    pub(super) fn of(&self, node: Index) -> impl DoubleEndedIterator<Item = Index> + '_ {
        let (start, end) = self.range(node);
        self.targets[start..end].iter().map(|n| *n as Index)
    }

    /// How many neighbours a node has.
    pub(super) fn count(&self, node: Index) -> usize {
        let (start, end) = self.range(node);
        end - start
    }

    /// The only neighbour, when there is exactly one.
    pub(super) fn single(&self, node: Index) -> Option<Index> {
        let mut all = self.of(node);
        let first = all.next()?;
        all.next().is_none().then_some(first)
    }

    fn range(&self, node: Index) -> (usize, usize) {
        (self.offsets[node] as usize, self.offsets[node + 1] as usize)
    }
}

fn narrow(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}
