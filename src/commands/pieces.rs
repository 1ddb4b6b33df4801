//! A plan as scripts: one for each step, and one for each stretch of steps that is asked for. All of
//! them are written in one walk, so that nothing is evaluated twice.

use std::ops::Range;
use std::rc::Rc;
use std::sync::Arc;

use super::Fresh;
use super::lowered::Lowered;
use super::script::{Part, Walked, rendered};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::env::Event;
use crate::lower::{Lowering, Statement};
use crate::python::{Str, Value};
use crate::render::Renderer;
use crate::revision::{Before, Index, Plan, Step, StepKind};
use crate::script::{Atomicity, Render, Safety, Script, ScriptOptions};

/// The script of one step, as it would be if nothing else were asked for.
pub(super) struct Piece {
    /// The revision.
    pub(super) index: Index,
    /// The script.
    pub(super) text: String,
    /// What of it a failure takes back.
    pub(super) atomicity: Atomicity,
}

/// The scripts of a plan.
#[derive(Default)]
pub(super) struct Pieces {
    /// Those of the steps, in order.
    pub(super) steps: Vec<Piece>,
    /// Those of the stretches, in the order in which they were asked for.
    pub(super) stretches: Vec<String>,
    /// The schema after the last step, where it was followed.
    pub(super) catalog: Option<Catalog>,
    /// Why the walk ended before the last step, where it did. There are no stretches then.
    pub(super) failure: Option<Box<Diagnostic>>,
}

/// What is written.
pub(super) struct Wanted<'a> {
    /// The steps, by their numbers, of which a script is made.
    pub(super) stretches: &'a [Range<usize>],
    /// What all scripts check and wait for.
    pub(super) safety: Safety,
}

/// What stands around the steps in each script.
enum Frame {
    Begin,
    Commit,
    Statements(Vec<Statement>),
}

impl Part<'_> {
    /// The keywords with which `env.py` runs the migrations; `None` where it does not.
    pub(super) fn migration_arguments(&self) -> Result<Option<&[(Str, Value)]>> {
        let mut found = None;
        for event in &self.run.events {
            if let Event::Migrations(arguments) = event {
                if found.is_some() {
                    let message = "env.py runs the migrations several times in one context";
                    return Err(Box::new(
                        Diagnostic::error(Code::Unsupported, message)
                            .with_help("run them once in each context"),
                    ));
                }
                found = Some(arguments.as_slice());
            }
        }
        Ok(found)
    }

    /// Writes the scripts of a plan. A step that fails ends the walk: what is before it is there.
    pub(super) fn pieces(
        &self,
        plan: &Plan,
        wanted: &Wanted<'_>,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<Pieces> {
        self.known()?;
        let Some(arguments) = self.migration_arguments()? else {
            return Ok(Pieces::default());
        };
        self.frontend.enter(self.run, arguments)?;
        let lowered = self.lowered();
        let renderer = Renderer::new(Rc::clone(self.dialect));
        let render = |statement: &Statement| rendered(&renderer, statement);
        let writer = Writer::new(self, &lowered, wanted.safety.clone(), &render)?;
        let mut pieces = Pieces::default();
        let mut stretches = Vec::with_capacity(wanted.stretches.len());
        for range in wanted.stretches {
            let part = Plan {
                start: rows_behind(plan, range.start),
                before: Before::Nothing,
                steps: plan.steps.get(range.clone()).unwrap_or_default().to_vec(),
            };
            stretches.push((range.clone(), writer.begin(&part, range.start == 0)?));
        }
        let mut rows = plan.start.clone();
        let mut number = 0;
        let walked = self.walk(plan, &lowered, arguments, &mut |walked| {
            let part = Plan {
                start: rows.clone(),
                before: Before::Nothing,
                steps: vec![walked.step.clone()],
            };
            let mut script = writer.begin(&part, number == 0)?;
            write(&mut script, walked.step, walked)?;
            for (range, stretch) in &mut stretches {
                if range.contains(&number) {
                    write(stretch, walked.step, walked)?;
                }
            }
            for change in &walked.step.changes {
                change.apply(&mut rows);
            }
            if let StepKind::Revision(index) = walked.step.kind {
                pieces.steps.push(Piece {
                    index,
                    atomicity: script.atomicity(),
                    text: writer.finish(script, diagnostics)?,
                });
            }
            number += 1;
            Ok(())
        });
        diagnostics.extend(lowered.take_warnings());
        match walked {
            Ok(following) => {
                pieces.catalog = following.now(self.frontend);
                for (_, stretch) in stretches {
                    pieces.stretches.push(writer.finish(stretch, diagnostics)?);
                }
            }
            Err(failure) => pieces.failure = Some(failure),
        }
        Ok(pieces)
    }

    /// Begins to lower.
    pub(super) fn lowered(&self) -> Rc<Lowered> {
        let lowering = Lowering::new(Rc::clone(self.dialect), self.lower_options());
        Rc::new(Lowered::new(lowering))
    }

    fn frames(&self, lowered: &Lowered) -> Result<(Vec<Frame>, Vec<Frame>)> {
        let mut before = Vec::new();
        let mut after = None;
        for event in &self.run.events {
            let frame = match event {
                Event::Begin => Frame::Begin,
                Event::Commit => Frame::Commit,
                Event::Operations(operations) => {
                    let mut statements = Vec::new();
                    for located in operations {
                        statements.extend(lowered.lower(located, None)?);
                    }
                    Frame::Statements(statements)
                }
                Event::Migrations(_) => {
                    after = Some(Vec::new());
                    continue;
                }
            };
            after.as_mut().unwrap_or(&mut before).push(frame);
        }
        Ok((before, after.unwrap_or_default()))
    }
}

/// Writes scripts that have the same frame.
pub(super) struct Writer<'a> {
    part: &'a Part<'a>,
    frames: (Vec<Frame>, Vec<Frame>),
    options: ScriptOptions,
    render: Render<'a>,
}

impl<'a> Writer<'a> {
    /// Reads what `env.py` puts around the migrations.
    pub(super) fn new(
        part: &'a Part<'a>,
        lowered: &Lowered,
        safety: Safety,
        render: Render<'a>,
    ) -> Result<Self> {
        Ok(Self {
            part,
            frames: part.frames(lowered)?,
            options: ScriptOptions {
                safety,
                ..part.script_options()
            },
            render,
        })
    }

    /// Begins the script of a plan. The first of several checks that a new database is one.
    pub(super) fn begin(&self, plan: &Plan, first: bool) -> Result<Script<'a>> {
        let part = self.part;
        let mut script = Script::new(Rc::clone(part.dialect), self.options.clone(), self.render);
        framed(&self.frames.0, &mut script)?;
        let rerun = self.options.safety.idempotent;
        let rerun = rerun.then(|| part.workspace.map.rerun(plan));
        let fresh = match part.options.fresh == Fresh::New && first {
            true => Some(part.emptiness()?),
            false => None,
        };
        script.plan(plan, rerun, fresh)?;
        Ok(script)
    }

    /// The script of one step, whose changes of the version table are those of `plan`.
    pub(super) fn alone(&self, plan: &Plan, walked: &Walked<'_>) -> Result<String> {
        let mut script = self.begin(plan, false)?;
        for step in &plan.steps {
            write(&mut script, step, walked)?;
        }
        self.finish(script, &mut Vec::new())
    }

    fn finish(&self, mut script: Script<'a>, diagnostics: &mut Vec<Diagnostic>) -> Result<String> {
        framed(&self.frames.1, &mut script)?;
        let mut found = Vec::new();
        self.part.warnings(&script, &mut found);
        for diagnostic in found {
            let known = |other: &Diagnostic| {
                other.code == diagnostic.code
                    && other.message == diagnostic.message
                    && other.primary == diagnostic.primary
            };
            if !diagnostics.iter().any(known) {
                diagnostics.push(diagnostic);
            }
        }
        script.finish()
    }
}

fn framed(frames: &[Frame], script: &mut Script<'_>) -> Result<()> {
    for frame in frames {
        match frame {
            Frame::Begin => script.begin_all(),
            Frame::Commit => script.commit_all(),
            Frame::Statements(statements) => script.statements(statements)?,
        }
    }
    Ok(())
}

/// Writes what was walked as a step.
fn write(script: &mut Script<'_>, step: &Step, walked: &Walked<'_>) -> Result<()> {
    script.step(
        walked.summary,
        step.creates_version_table,
        walked.statements,
        &step.changes,
        walked.after,
    )
}

/// The rows of the version table behind the first steps of a plan.
fn rows_behind(plan: &Plan, steps: usize) -> Vec<Arc<str>> {
    let mut rows = plan.start.clone();
    for step in plan.steps.iter().take(steps) {
        for change in &step.changes {
            change.apply(&mut rows);
        }
    }
    rows
}
