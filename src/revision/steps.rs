//! From a range to the ordered steps of a script.

use std::sync::Arc;

use super::failure::{Failure, Resolved, Wording};
use super::rows::Rows;
use super::select::Selection;
use super::walk::Position;
use super::{Index, RevisionMap, VersionChange};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Which way a revision is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Direction {
    /// The revision is applied.
    Upgrade,
    /// The revision is taken back.
    Downgrade,
}

/// What a step does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepKind {
    /// It runs one revision.
    Revision(Index),
    /// It only changes the version table.
    Stamp,
}

/// One step of a script.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What is done.
    pub kind: StepKind,
    /// In which direction.
    pub direction: Direction,
    /// The identifiers before, without dependencies; empty for the base.
    pub from: Vec<Arc<str>>,
    /// The identifiers after, without dependencies; empty for the base.
    pub to: Vec<Arc<str>>,
    /// Whether the version table has no row before this step, so that it is created first.
    pub creates_version_table: bool,
    /// What happens to the rows of the version table, in order.
    pub changes: Vec<VersionChange>,
}

impl Step {
    /// `upgrade a -> b`, as Alembic writes it in a comment.
    pub fn summary(&self) -> String {
        let name = match (self.kind, self.direction) {
            (StepKind::Stamp, _) => "stamp_revision",
            (StepKind::Revision(_), Direction::Upgrade) => "upgrade",
            (StepKind::Revision(_), Direction::Downgrade) => "downgrade",
        };
        self.summary_of(name)
    }

    /// The same with what the function is called that is run: a decorator may have renamed it.
    pub fn summary_of(&self, name: &str) -> String {
        format!("{name} {} -> {}", self.from.join(", "), self.to.join(", "))
    }
}

/// The steps of a script, with the rows that are there before.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plan {
    /// The revisions in the version table at the start.
    pub start: Vec<Arc<str>>,
    /// What happens to the version table before the first step.
    pub before: Before,
    /// What is done, in order.
    pub steps: Vec<Step>,
}

/// What happens to the version table before the first step, beside what the steps need.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Before {
    /// Nothing.
    #[default]
    Nothing,
    /// It is created.
    Create,
    /// All its rows are removed.
    Purge,
}

impl RevisionMap {
    /// The revisions that a start names: one, or several with commas between them. `base` and
    /// `None` name none.
    pub fn start(&self, start: Option<&str>) -> Result<Vec<Index>> {
        let Some(start) = start else {
            return Ok(Vec::new());
        };
        self.read_start(start)
            .map_err(|failure| self.explain(*failure, &Wording::default()))
    }

    fn read_start(&self, start: &str) -> Resolved<Vec<Index>> {
        if start == "base" {
            return Ok(Vec::new());
        }
        let names: Vec<&str> = match self.index_of(start) {
            Some(_) => vec![start],
            None => start.split(',').map(str::trim).collect(),
        };
        let mut found = Vec::new();
        for name in names {
            let nodes = if name == "heads" {
                self.real_heads().to_vec()
            } else {
                self.one_start(name)?
            };
            for index in nodes {
                if !found.contains(&index) {
                    found.push(index);
                }
            }
        }
        self.with_ancestors_checked(&found)?;
        Ok(found)
    }

    fn one_start(&self, name: &str) -> Resolved<Vec<Index>> {
        if name.is_empty() {
            return Failure::other("The start of the range is empty; write `base` for nothing");
        }
        if let Some(relative) = self.relative(name)? {
            if relative.symbol.is_none() {
                return Failure::other(format!("The start '{name}' is relative to nothing"));
            }
            let found = self.upgrade_target(name, &[], true)?;
            return if found.is_empty() {
                Failure::other(format!("The start '{name}' is below the first revision"))
            } else {
                Ok(found)
            };
        }
        match self.resolve(name)? {
            Some(index) => Ok(vec![index]),
            None => Failure::other(format!(
                "The start '{name}' names no revision; write `base`"
            )),
        }
    }

    /// The steps that apply what is missing for the targets.
    pub fn upgrade(&self, start: &[Index], targets: &[&str]) -> Result<Plan> {
        let end = targets.join(" ");
        let wording = Wording {
            end: Some(&end),
            ..Wording::default()
        };
        let selection = self
            .select_upgrade(targets, start)
            .map_err(|f| self.explain(*f, &wording))?;
        let mut nodes = self.newest_first(&selection);
        nodes.reverse();
        let mut rows = Rows::new(self, start);
        let steps = nodes.into_iter().map(|index| {
            let creates_version_table = rows.is_empty();
            Step {
                kind: StepKind::Revision(index),
                direction: Direction::Upgrade,
                from: self.revisions[index].down_revisions.clone(),
                to: vec![self.id(index)],
                creates_version_table,
                changes: rows.apply(index),
            }
        });
        let steps = steps.collect();
        Ok(Plan {
            start: self.ids(start),
            before: Before::Nothing,
            steps,
        })
    }

    /// The steps that take back everything above the target.
    pub fn downgrade(&self, start: &[Index], target: &str) -> Result<Plan> {
        let unrelated =
            format!("Destination {target} is not a valid downgrade target from current head(s)");
        let wording = Wording {
            end: Some(target),
            unrelated: Some(unrelated),
            ..Wording::default()
        };
        let selection = self
            .select_downgrade(target, start)
            .map_err(|f| self.explain(*f, &wording))?;
        let mut rows = Rows::new(self, start);
        let mut steps = Vec::new();
        for index in self.newest_first(&selection) {
            let creates_version_table = rows.is_empty();
            if !rows.contains(index) {
                let id = self.id(index);
                let message = format!("Revision {id} is not in the version table at its downgrade");
                return Err(Box::new(Diagnostic::error(Code::RangeInvalid, message)));
            }
            steps.push(Step {
                kind: StepKind::Revision(index),
                direction: Direction::Downgrade,
                from: vec![self.id(index)],
                to: self.revisions[index].down_revisions.clone(),
                creates_version_table,
                changes: rows.take_back(index),
            });
        }
        Ok(Plan {
            start: self.ids(start),
            before: Before::Nothing,
            steps,
        })
    }

    /// The steps that take back what a plan does, to its start.
    pub fn back(&self, plan: &Plan) -> Plan {
        let start = plan.end();
        let indexes: Vec<Index> = start.iter().filter_map(|id| self.index_of(id)).collect();
        let mut rows = Rows::new(self, &indexes);
        let steps = plan.steps.iter().rev().filter_map(|step| match step.kind {
            StepKind::Revision(index) => Some(Step {
                kind: step.kind,
                direction: Direction::Downgrade,
                from: step.to.clone(),
                to: step.from.clone(),
                creates_version_table: false,
                changes: rows.take_back(index),
            }),
            StepKind::Stamp => None,
        });
        let steps = steps.collect();
        Plan {
            start,
            before: Before::Nothing,
            steps,
        }
    }

    /// The one step of a revision by itself, in a database that has what the revision needs and
    /// nothing else. Whatever else there is in the map, it stays the same.
    pub fn alone(&self, index: Index, direction: Direction) -> Plan {
        let needed: Vec<Index> = self.requirements.of(index).collect();
        let needed = match needed.len() {
            0 | 1 => needed,
            _ => self.tips(&needed),
        };
        let parents = self.revisions[index].down_revisions.clone();
        let (own, id) = (vec![self.id(index)], self.id(index));
        let mut rows = self.ids(&needed);
        let start = rows.clone();
        let last = rows.pop();
        let creates_version_table = last.is_none();
        match direction {
            Direction::Upgrade => {
                let mut changes: Vec<_> = rows.into_iter().map(VersionChange::Delete).collect();
                changes.push(match last {
                    Some(from) => VersionChange::Update { from, to: id },
                    None => VersionChange::Insert(id),
                });
                Plan {
                    start,
                    before: Before::Nothing,
                    steps: vec![Step {
                        kind: StepKind::Revision(index),
                        direction,
                        from: parents,
                        to: own,
                        creates_version_table,
                        changes,
                    }],
                }
            }
            Direction::Downgrade => {
                let mut changes: Vec<_> = rows.into_iter().map(VersionChange::Insert).collect();
                changes.push(match last {
                    Some(to) => VersionChange::Update { from: id, to },
                    None => VersionChange::Delete(id),
                });
                Plan {
                    start: own.clone(),
                    before: Before::Nothing,
                    steps: vec![Step {
                        kind: StepKind::Revision(index),
                        direction,
                        from: own,
                        to: parents,
                        creates_version_table: false,
                        changes,
                    }],
                }
            }
        }
    }

    /// The revisions from `lower` to `upper`, both included, newest first: what `history` lists.
    pub fn history(&self, lower: &[&str], upper: &[&str]) -> Result<Vec<Index>> {
        let (start, end) = (lower.join(", "), upper.join(", "));
        let wording = Wording {
            start: Some(&start),
            end: Some(&end),
            ..Wording::default()
        };
        let selection = self
            .select_between(upper, lower)
            .map_err(|f| self.explain(*f, &wording))?;
        Ok(self.newest_first(&selection))
    }

    /// Every revision, newest first.
    pub fn newest_to_oldest(&self) -> Vec<Index> {
        let nodes = vec![true; self.len()];
        self.newest_first(&Selection {
            nodes,
            heads: self.real_heads().to_vec(),
        })
    }

    /// The revisions that an identifier stands for: several for `heads`, none for `base`.
    pub fn show(&self, id: &str) -> Result<Vec<Index>> {
        let explain = |f: Box<Failure>| self.explain(*f, &Wording::default());
        let mut found = Vec::new();
        if let Some(relative) = self.relative(id).map_err(explain)?
            && relative.symbol.is_some()
        {
            return self.upgrade_target(id, &[], true).map_err(explain);
        }
        for position in self.resolve_all(id).map_err(explain)? {
            if let Position::At(index) = position {
                found.push(index);
            }
        }
        Ok(found)
    }

    /// The rows given and what they stand for, without what has a descendant among them.
    pub fn current(&self, rows: &[Index]) -> Vec<Index> {
        self.tips(rows)
    }

    pub(super) fn ids(&self, nodes: &[Index]) -> Vec<Arc<str>> {
        nodes.iter().map(|index| self.id(*index)).collect()
    }
}
