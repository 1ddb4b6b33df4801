//! Which branch labels each revision carries.
//!
//! A label reaches all descendants by `down_revision`. Where the labelled revision stands on a
//! line that leads up to a head without a branch point or merge point, the label also reaches
//! down that line, to the next branch point or merge point.

use std::sync::Arc;

use super::{Index, RevisionMap};

/// For each revision the numbers of its labels, ascending. Equal sets are mostly shared.
#[derive(Debug)]
pub(super) struct Labels {
    sets: Vec<Arc<[u32]>>,
}

impl Labels {
    pub(super) fn of(&self, index: Index) -> impl Iterator<Item = usize> + '_ {
        self.sets[index].iter().map(|label| *label as usize)
    }

    pub(super) fn propagate(map: &RevisionMap, declared: &[(Arc<str>, Index)]) -> Self {
        let none: Arc<[u32]> = Arc::from([]);
        let mut sets = vec![Arc::clone(&none); map.len()];
        if declared.is_empty() {
            return Self { sets };
        }
        let mut own: Vec<Vec<u32>> = vec![Vec::new(); map.len()];
        for (number, (_, index)) in declared.iter().enumerate() {
            own[*index].push(u32::try_from(number).unwrap_or(u32::MAX));
        }
        for (index, labels) in on_lines(map, &own) {
            own[index] = labels;
        }
        for node in map.parents_first.iter().copied() {
            let mut parents = map.parents.of(node);
            let mut set = parents
                .next()
                .map_or_else(|| Arc::clone(&none), |p| Arc::clone(&sets[p]));
            for parent in parents {
                set = union(&set, &sets[parent]);
            }
            sets[node] = union(&set, &own[node]);
        }
        Self { sets }
    }
}

/// For each line that ends in a head: the labels declared on it, which its lowest revision gets.
fn on_lines(map: &RevisionMap, own: &[Vec<u32>]) -> Vec<(Index, Vec<u32>)> {
    let plain =
        |node: Index| map.dependents.count(node) < 2 && !map.revision(node).is_merge_point();
    let mut found = Vec::new();
    for head in map.heads().iter().copied().filter(|head| plain(*head)) {
        let mut labels = own[head].clone();
        let mut lowest = head;
        while let Some(parent) = map.parents.single(lowest).filter(|parent| plain(*parent)) {
            lowest = parent;
            labels.extend(&own[lowest]);
        }
        if !labels.is_empty() {
            labels.sort_unstable();
            found.push((lowest, labels));
        }
    }
    found
}

fn union(a: &Arc<[u32]>, b: &[u32]) -> Arc<[u32]> {
    if b.iter().all(|label| a.binary_search(label).is_ok()) {
        return Arc::clone(a);
    }
    let mut all: Vec<u32> = a.iter().chain(b).copied().collect();
    all.sort_unstable();
    all.dedup();
    all.into()
}
