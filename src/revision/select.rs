//! Which revisions a range contains.

use rustc_hash::FxHashSet;

use super::failure::{Failure, Resolved};
use super::target::Relative;
use super::walk::{Nodes, Position};
use super::{Index, RevisionMap};

/// The revisions of a range, and the ones to begin at when walking it downward.
#[derive(Debug)]
pub(super) struct Selection {
    pub(super) nodes: Nodes,
    pub(super) heads: Vec<Index>,
}

impl RevisionMap {
    /// What is missing to have `targets`, when `current` is there.
    pub(super) fn select_upgrade(
        &self,
        targets: &[&str],
        current: &[Index],
    ) -> Resolved<Selection> {
        let mut heads = Vec::new();
        for target in targets {
            heads.extend(self.upgrade_target(target, current, true)?);
        }
        without_repeats(&mut heads);
        let mut nodes = self.with_ancestors_checked(&heads)?;
        for (node, there) in nodes.iter_mut().zip(self.with_ancestors_checked(current)?) {
            *node &= !there;
        }
        Ok(Selection { nodes, heads })
    }

    /// The revisions an upgrade target stands for, seen from the current ones.
    pub(super) fn upgrade_target(
        &self,
        target: &str,
        current: &[Index],
        exact: bool,
    ) -> Resolved<Vec<Index>> {
        let Some(relative) = self.relative(target)? else {
            return Ok(revisions(self.resolve_all(target)?));
        };
        let Some(symbol) = relative.symbol else {
            if relative.steps <= 0 {
                return Failure::relative(&relative.number(), relative.digits());
            }
            let start = self.branch_start(&relative, current)?;
            let start = start.map(Position::At);
            return match self.walk(start, relative.steps, relative.label, exact)? {
                Some(Position::At(index)) => Ok(vec![index]),
                _ => Failure::relative(relative.text, relative.digits()),
            };
        };
        let found = if relative.steps > 0 {
            let start = self.resolve(symbol)?.map(Position::At);
            self.walk(start, relative.steps, relative.label, exact)?
        } else {
            self.walk_down_from(symbol, &relative, exact)?
        };
        match found {
            Some(Position::At(index)) => Ok(vec![index]),
            Some(Position::Base) => Ok(Vec::new()),
            None => Failure::relative(relative.text, relative.digits()),
        }
    }

    fn walk_down_from(
        &self,
        symbol: &str,
        relative: &Relative<'_>,
        exact: bool,
    ) -> Resolved<Option<Position>> {
        let start = match relative.label {
            Some(label) => self.resolve(&format!("{label}@{symbol}"))?,
            None => self.resolve(symbol)?,
        };
        self.walk(start.map(Position::At), relative.steps, None, exact)
    }

    /// Where `+1` or `label@+1` starts: on the current revision, else on the highest one of the
    /// branch that is already there, else below the bases.
    fn branch_start(&self, relative: &Relative<'_>, current: &[Index]) -> Resolved<Option<Index>> {
        let mut starts = current.to_vec();
        if let Some(label) = relative.label.filter(|label| !label.is_empty()) {
            let lineage = self.lineage_of(label, false)?;
            let inside = |i: &Index| lineage.as_ref().is_none_or(|l| l[*i]);
            starts.retain(inside);
            if starts.is_empty() {
                let mut active = self.with_ancestors(current);
                for (index, node) in active.iter_mut().enumerate() {
                    *node &= inside(&index);
                }
                let tip = |i: &Index| active[*i] && !self.required_by.of(*i).any(|up| active[up]);
                starts = (0..self.len()).filter(tip).collect();
            }
        }
        if starts.len() > 1 {
            return Failure::other("Ambiguous upgrade from multiple current revisions");
        }
        Ok(starts.first().copied())
    }

    /// What must go to come from `current` down to `target`.
    pub(super) fn select_downgrade(&self, target: &str, current: &[Index]) -> Resolved<Selection> {
        let (label, destination) = self.downgrade_target(target, current, true)?;
        let mut roots: Vec<Index> = match destination {
            None => self.bases().to_vec(),
            Some(index) => self.children.of(index).collect(),
        };
        if let Some(label) = label.filter(|label| !label.is_empty())
            && roots.len() > 1
        {
            let ancestors = self.with_own_ancestors(&[self.branch(&label)?]);
            roots.retain(|index| ancestors[*index]);
            if roots.is_empty() {
                return Failure::other("Not a valid downgrade target from current heads");
            }
        }
        let mut nodes = self.with_descendants(&roots);
        for (node, there) in nodes.iter_mut().zip(self.with_ancestors(current)) {
            *node &= there;
        }
        if let Some(index) = destination
            && !nodes.contains(&true)
            && !current.contains(&index)
        {
            return Err(Box::new(Failure::NotAncestor {
                lower: "Nothing to drop".to_owned(),
                upper: target.to_owned(),
            }));
        }
        Ok(Selection {
            nodes,
            heads: current.to_vec(),
        })
    }

    /// The label and the revision of a downgrade target; no revision stands for the base.
    fn downgrade_target(
        &self,
        target: &str,
        current: &[Index],
        exact: bool,
    ) -> Resolved<(Option<String>, Option<Index>)> {
        let Some(relative) = self.relative(target)? else {
            let (label, symbol) = match target.rsplit_once('@') {
                Some((label, symbol)) if self.index_of(target).is_none() => (Some(label), symbol),
                _ => (None, target),
            };
            return Ok((label.map(str::to_owned), self.resolve(symbol)?));
        };
        let too_far = || Failure::relative(&relative.number(), relative.digits());
        let mut label = relative.label.map(str::to_owned);
        let found = if relative.steps >= 0 {
            let Some(symbol) = relative.symbol else {
                return Failure::relative(relative.text, relative.digits());
            };
            let start = self.resolve(symbol)?.map(Position::At);
            self.walk(start, relative.steps, relative.label, exact)?
        } else if let Some(symbol) = relative.symbol {
            self.walk_down_from(symbol, &relative, exact)?
        } else {
            let start = match relative.label {
                Some(label) => self.active_on_branch(label, current)?,
                None => match current {
                    [only] => *only,
                    [] => return too_far(),
                    several => {
                        let ids: Vec<_> = several.iter().map(|index| self.id(*index)).collect();
                        return Failure::other(format!(
                            "downgrade {target} from several heads ({}) is ambiguous; name a \
                             branch, as in `label@{target}`",
                            ids.join(", ")
                        ));
                    }
                },
            };
            if label.is_none() {
                label = Some(self.id(start).to_string());
            }
            self.walk(Some(Position::At(start)), relative.steps, None, exact)?
        };
        match found {
            Some(Position::At(index)) => Ok((label, Some(index))),
            Some(Position::Base) => Ok((label, None)),
            None if relative.symbol.is_none() => too_far(),
            None => Failure::other("Walked too far"),
        }
    }

    /// The current revision of a branch.
    fn active_on_branch(&self, label: &str, current: &[Index]) -> Resolved<Index> {
        let mut found = self.narrowed(current, label)?;
        if found.is_empty() {
            found = self.narrowed(&self.tips(current), label)?;
        }
        match found.as_slice() {
            [only] => Ok(*only),
            [] => Failure::other(format!("No current revision is on the branch '{label}'")),
            _ => Failure::other("Ambiguous walk"),
        }
    }

    /// The given revisions and all that they need, without those that have a descendant by
    /// `down_revision` among them. In load order.
    pub(super) fn tips(&self, current: &[Index]) -> Vec<Index> {
        let there = self.with_ancestors(current);
        let tip = |i: &Index| there[*i] && !self.children.of(*i).any(|child| there[child]);
        (0..self.len()).filter(tip).collect()
    }

    /// The revisions from `lower` to `upper`, both included.
    pub(super) fn select_between(&self, upper: &[&str], lower: &[&str]) -> Resolved<Selection> {
        let mut low: Vec<Position> = Vec::new();
        for id in lower {
            low.extend(self.resolve_low_end(id)?);
        }
        let low = revisions(low);
        let mut heads = Vec::new();
        for id in upper {
            heads.extend(self.upgrade_target(id, &low, false)?);
        }
        without_repeats(&mut heads);
        if let [lower] = lower
            && let Some((branch, _)) = lower.split_once('@')
            && self.index_of(lower).is_none()
            && let Some(index) = self.resolve(branch)?
        {
            let labels = self.branch_labels(index);
            if labels.contains(&branch) {
                heads.retain(|head| self.branch_labels(*head).contains(&branch));
            } else {
                let lineage = self.lineage(&[index], false);
                heads.retain(|head| lineage[*head]);
            }
        }
        let mut nodes = self.with_ancestors_checked(&heads)?;
        if low.iter().any(|index| !nodes[*index]) {
            return Err(Box::new(Failure::NotAncestor {
                lower: lower.join(", "),
                upper: upper.join(", "),
            }));
        }
        for (node, there) in nodes.iter_mut().zip(self.with_ancestors_checked(&low)?) {
            *node &= !there;
        }
        for index in &low {
            nodes[*index] = true;
        }
        if !low.is_empty() {
            for (node, above) in nodes.iter_mut().zip(self.with_own_descendants(&low)) {
                *node &= above;
            }
        }
        Ok(Selection { nodes, heads })
    }
}

fn revisions(positions: Vec<Position>) -> Vec<Index> {
    let index = |position| match position {
        Position::At(index) => Some(index),
        Position::Base => None,
    };
    positions.into_iter().filter_map(index).collect()
}

fn without_repeats(nodes: &mut Vec<Index>) {
    let mut seen = FxHashSet::default();
    nodes.retain(|index| seen.insert(*index));
}
