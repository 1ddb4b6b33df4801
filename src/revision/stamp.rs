//! Steps that only change the version table.

use super::failure::{Failure, Resolved, Wording};
use super::rows::Rows;
use super::walk::Position;
use super::{Before, Direction, Index, Plan, RevisionMap, Step, StepKind, VersionChange};
use crate::diagnostic::{Code, Diagnostic, Result};

/// One move of the version table before it is turned into changes of rows.
struct Move {
    from: Vec<Index>,
    to: Option<Index>,
    direction: Direction,
    /// It starts or ends a branch of its own.
    whole_branch: bool,
}

impl RevisionMap {
    /// The steps that make the version table say `targets`, without running a revision.
    pub fn stamp(&self, start: &[Index], targets: &[&str]) -> Result<Plan> {
        let wording = Wording {
            multiple_heads: Some(
                "Multiple heads are present; please specify a single target revision",
            ),
            ..Wording::default()
        };
        let moves = self
            .moves(start, targets)
            .map_err(|f| self.explain(*f, &wording))?;
        let mut rows = Rows::new(self, start);
        let mut steps = Vec::new();
        for step in moves {
            let creates_version_table = rows.is_empty();
            let changes = self.changes(&step, &rows);
            if !rows.stamp(&changes) {
                let message = "the targets of this stamp exclude each other";
                return Err(Box::new(
                    Diagnostic::error(Code::RangeInvalid, message)
                        .with_help("stamp one revision of each branch"),
                ));
            }
            steps.push(Step {
                kind: StepKind::Stamp,
                direction: step.direction,
                from: self.ids(&step.from),
                to: step.to.map(|to| self.id(to)).into_iter().collect(),
                creates_version_table,
                changes,
            });
        }
        Ok(Plan {
            start: self.ids(start),
            before: Before::Nothing,
            steps,
        })
    }

    /// The steps that make the version table say `targets`, whatever it says before.
    pub fn stamp_anew(&self, targets: &[&str]) -> Result<Plan> {
        let mut plan = self.stamp(&[], targets)?;
        plan.before = Before::Purge;
        for step in &mut plan.steps {
            step.creates_version_table = false;
        }
        Ok(plan)
    }

    fn moves(&self, start: &[Index], targets: &[&str]) -> Resolved<Vec<Move>> {
        let mut heads: Vec<Index> = Vec::new();
        let mut goals: Vec<Index> = Vec::new();
        for target in targets {
            // Without a start there is nothing to narrow, and `-1` is no lineage.
            let lineage = if start.is_empty() {
                None
            } else {
                self.lineage_of(target, true)?
            };
            for head in start {
                let inside = lineage.as_ref().is_none_or(|nodes| nodes[*head]);
                if inside && !heads.contains(head) {
                    heads.push(*head);
                }
            }
            for position in self.resolve_all(target)? {
                if let Position::At(index) = position {
                    goals.push(index);
                }
            }
        }
        if goals.is_empty() {
            let delete = |head: &Index| Move {
                from: vec![*head],
                to: None,
                direction: Direction::Downgrade,
                whole_branch: true,
            };
            return Ok(heads.iter().map(delete).collect());
        }
        let mut moves = Vec::new();
        for goal in goals {
            if heads.contains(&goal) {
                continue;
            }
            let above = self.with_descendants(&[goal]);
            let below = self.with_ancestors(&[goal]);
            let comes_down = heads.iter().any(|head| above[*head]);
            let comes_up = heads.iter().any(|head| below[*head]);
            if comes_down && comes_up {
                return Failure::other(format!(
                    "Revision {} is above one and below another of the revisions at the start",
                    self.id(goal)
                ));
            }
            let known = comes_down || comes_up;
            moves.push(Move {
                from: if known { heads.clone() } else { Vec::new() },
                to: Some(goal),
                direction: if comes_down {
                    Direction::Downgrade
                } else {
                    Direction::Upgrade
                },
                whole_branch: !known,
            });
        }
        Ok(moves)
    }

    fn changes(&self, step: &Move, rows: &Rows<'_>) -> Vec<VersionChange> {
        let id = |index: Index| self.id(index);
        let Some(to) = step.to else {
            return step
                .from
                .iter()
                .map(|row| VersionChange::Delete(id(*row)))
                .collect();
        };
        let gone = step.from.iter().any(|row| !rows.contains(*row));
        let starts = step.direction == Direction::Upgrade && (step.whole_branch || gone);
        if starts && !rows.contains(to) {
            return vec![VersionChange::Insert(id(to))];
        }
        let Some((last, others)) = step.from.split_last() else {
            return Vec::new();
        };
        let mut changes: Vec<VersionChange> = others
            .iter()
            .map(|row| VersionChange::Delete(id(*row)))
            .collect();
        changes.push(VersionChange::Update {
            from: id(*last),
            to: id(to),
        });
        changes
    }
}
