//! Heads that were not brought together.

use std::sync::Arc;

use super::{Index, RevisionMap};

impl RevisionMap {
    /// The heads that come from the same revision as another head. Where a head, or the branch that
    /// it ends, has a label of its own, the branches are meant to stay apart.
    pub fn forked_heads(&self) -> Vec<Arc<str>> {
        let heads = self.heads();
        if heads.len() < 2 {
            return Vec::new();
        }
        let mut owner: Vec<Option<Index>> = vec![None; self.len()];
        let mut forked = vec![false; self.len()];
        for head in heads {
            if !self.branch_labels(*head).is_empty() {
                continue;
            }
            let mut open = vec![*head];
            while let Some(node) = open.pop() {
                let Some(known) = owner.get_mut(node) else {
                    continue;
                };
                if let Some(other) = *known {
                    if other != *head {
                        for index in [other, *head] {
                            if let Some(flag) = forked.get_mut(index) {
                                *flag = true;
                            }
                        }
                    }
                    continue;
                }
                *known = Some(*head);
                let parents = self.revision(node).down_revisions.iter();
                open.extend(parents.filter_map(|id| self.index_of(id)));
            }
        }
        let found = heads
            .iter()
            .filter(|head| forked.get(**head) == Some(&true));
        found
            .map(|head| Arc::clone(&self.revision(*head).id))
            .collect()
    }
}
