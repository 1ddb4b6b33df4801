//! Scripts that may meet a database at any point of their range: which revisions are still due is
//! read from the rows of the version table, when the script runs.
//!
//! The rows name the newest revisions only. A revision is applied if it or one that needs it,
//! directly or not, is in a row.

use std::sync::Arc;

use super::{Direction, Index, Plan, RevisionMap, StepKind, VersionChange};

/// What is asked of the rows of the version table.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Rows {
    /// They are exactly these.
    Exactly(Vec<Arc<str>>),
    /// Each of these is there.
    All(Vec<Arc<str>>),
    /// None of these is there.
    NoneOf(Vec<Arc<str>>),
    /// There are none.
    Empty,
    /// None besides these is there.
    Only(Vec<Arc<str>>),
    /// One of these, at least, is there.
    SomeOf(Vec<Arc<str>>),
    /// All of that.
    Each(Vec<Rows>),
    /// One of that, at least.
    Either(Vec<Rows>),
}

/// A change of the version table that is right whichever rows are there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowChange {
    /// This one.
    Plain(VersionChange),
    /// A row is added, unless a row stands for it already.
    InsertUnless {
        /// The identifier.
        id: Arc<str>,
        /// The identifiers that stand for it.
        covered_by: Vec<Arc<str>>,
    },
}

/// When a step is due, and what it does to the version table then.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// What must hold for the step to run.
    pub when: Rows,
    /// The changes, in order.
    pub changes: Vec<RowChange>,
}

/// A plan that may be run from any state of its range.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rerun {
    /// What must hold before the first step, or the database is not one that the plan is for.
    pub start: Rows,
    /// For each step of the plan, when it is due.
    pub steps: Vec<Due>,
}

impl Plan {
    /// The rows behind the last step.
    pub fn end(&self) -> Vec<Arc<str>> {
        let mut rows = self.start.clone();
        for change in self.steps.iter().flat_map(|step| &step.changes) {
            change.apply(&mut rows);
        }
        rows
    }
}

impl RevisionMap {
    /// The plan as one that may be run from any state of its range.
    pub fn rerun(&self, plan: &Plan) -> Rerun {
        let revisions: Vec<(Index, Direction)> = plan
            .steps
            .iter()
            .filter_map(|step| match step.kind {
                StepKind::Revision(index) => Some((index, step.direction)),
                StepKind::Stamp => None,
            })
            .collect();
        if revisions.len() < plan.steps.len() {
            return stamps(plan);
        }
        let range = self.range(plan, &revisions);
        let lowest = match revisions.first() {
            Some((_, Direction::Downgrade)) => plan.end(),
            Some((_, Direction::Upgrade)) | None => plan.start.clone(),
        };
        let mut start = vec![if range.order.is_empty() {
            Rows::Empty
        } else {
            Rows::Only(range.order.iter().map(|index| self.id(*index)).collect())
        }];
        for index in lowest.iter().filter_map(|id| self.index_of(id)) {
            start.push(Rows::SomeOf(self.standing(index, &range)));
        }
        let steps = revisions
            .iter()
            .zip(&plan.steps)
            .map(|((index, direction), step)| match direction {
                Direction::Upgrade => self.due_upgrade(*index, &step.changes, &range),
                Direction::Downgrade => self.due_downgrade(*index, &step.changes, &range),
            })
            .collect();
        Rerun {
            start: Rows::Each(start),
            steps,
        }
    }

    /// The revisions that may be in a row while the plan is run, in the order of the plan.
    fn range(&self, plan: &Plan, revisions: &[(Index, Direction)]) -> Range {
        let mut range = Range {
            order: Vec::new(),
            inside: vec![false; self.len()],
        };
        let ends = plan.start.iter().cloned().chain(plan.end());
        for index in ends.filter_map(|id| self.index_of(&id)) {
            range.add(index);
        }
        for (index, direction) in revisions {
            if *direction == Direction::Downgrade {
                for below in self.requirements.of(*index) {
                    range.add(below);
                }
            }
            range.add(*index);
        }
        range
    }

    /// The revision and those of the range that need it.
    fn standing(&self, index: Index, range: &Range) -> Vec<Arc<str>> {
        let mut seen = rustc_hash::FxHashSet::default();
        let mut todo = vec![index];
        let mut found = Vec::new();
        while let Some(node) = todo.pop() {
            if seen.insert(node) {
                if range.inside[node] {
                    found.push(node);
                }
                todo.extend(self.required_by.of(node).filter(|up| range.inside[*up]));
            }
        }
        // In the order of the map, so that the text does not depend on the walk.
        found.sort_unstable();
        found.into_iter().map(|node| self.id(node)).collect()
    }

    fn due_upgrade(&self, index: Index, changes: &[VersionChange], range: &Range) -> Due {
        let below: Vec<Index> = self.requirements.of(index).collect();
        // What nothing else needs is in a row exactly as long as this revision is not applied.
        let own = |parent: &Index| self.required_by.count(*parent) == 1;
        if !below.is_empty() && below.iter().all(own) {
            return Due {
                when: Rows::All(below.iter().map(|parent| self.id(*parent)).collect()),
                changes: plain(changes),
            };
        }
        let standing = self.standing(index, range);
        let mut rows: Vec<RowChange> = below
            .iter()
            .map(|parent| RowChange::Plain(VersionChange::Delete(self.id(*parent))))
            .collect();
        rows.push(RowChange::Plain(VersionChange::Insert(self.id(index))));
        Due {
            when: if standing.len() == range.order.len() {
                Rows::Empty
            } else {
                Rows::NoneOf(standing)
            },
            changes: rows,
        }
    }

    fn due_downgrade(&self, index: Index, changes: &[VersionChange], range: &Range) -> Due {
        let below: Vec<Index> = self.requirements.of(index).collect();
        let when = Rows::All(vec![self.id(index)]);
        let own = |parent: &Index| self.required_by.count(*parent) == 1;
        if below.iter().all(own) {
            return Due {
                when,
                changes: plain(changes),
            };
        }
        let mut rows = vec![RowChange::Plain(VersionChange::Delete(self.id(index)))];
        rows.extend(below.iter().map(|parent| RowChange::InsertUnless {
            id: self.id(*parent),
            covered_by: self.standing(*parent, range),
        }));
        Due {
            when,
            changes: rows,
        }
    }
}

struct Range {
    order: Vec<Index>,
    inside: Vec<bool>,
}

impl Range {
    fn add(&mut self, index: Index) {
        if !std::mem::replace(&mut self.inside[index], true) {
            self.order.push(index);
        }
    }
}

fn plain(changes: &[VersionChange]) -> Vec<RowChange> {
    changes.iter().cloned().map(RowChange::Plain).collect()
}

/// Stamps do nothing but change rows, so that their states are told apart by all of the rows.
fn stamps(plan: &Plan) -> Rerun {
    let mut rows = plan.start.clone();
    let mut states = vec![Rows::Exactly(rows.clone())];
    let mut steps = Vec::with_capacity(plan.steps.len());
    for step in &plan.steps {
        steps.push(Due {
            when: Rows::Exactly(rows.clone()),
            changes: plain(&step.changes),
        });
        for change in &step.changes {
            change.apply(&mut rows);
        }
        states.push(Rows::Exactly(rows.clone()));
    }
    Rerun {
        start: Rows::Either(states),
        steps,
    }
}
