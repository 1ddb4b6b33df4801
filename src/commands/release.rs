//! A plan as a release: each operation with its statements, and the schema before it.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Options;
use super::following::Following;
use super::lock::Locked;
use super::script::{Part, Planner, each_part};
use super::workspace::{Downgrade, Workspace};
use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::env::Event;
use crate::frontend::alembic::inspect::Listener;
use crate::lint::{Change, Effect, Release, Step};
use crate::lower::{Body, Lowering};
use crate::operation::Located;
use crate::render::Renderer;
use crate::revision::{Plan, Revision, StepKind};

/// A release for one dialect.
pub(super) struct Released {
    pub(super) dialect: Rc<Dialect>,
    pub(super) release: Release,
    /// What the script would warn of as well.
    pub(super) warnings: Vec<Diagnostic>,
}

/// The releases of a plan, one for each context of `env.py`.
pub(super) fn releases(
    workspace: &Workspace,
    options: &Options,
    planner: Planner<'_>,
) -> Result<Vec<Released>> {
    let mut found = Vec::new();
    let mut warnings = Vec::new();
    each_part(workspace, options, &mut warnings, &mut |part, _, _| {
        for event in &part.run.events {
            if let Event::Migrations(arguments) = event {
                part.frontend.enter(part.run, arguments)?;
                let start = part.start()?;
                let plan = planner(start.as_deref())?;
                found.push(release(part, &plan)?);
            }
        }
        Ok(())
    })?;
    if let Some(last) = found.last_mut() {
        last.warnings.append(&mut warnings);
    }
    Ok(found)
}

fn release(part: &Part<'_>, plan: &Plan) -> Result<Released> {
    let map = &part.workspace.map;
    let hearing = Rc::new(Hearing {
        lowering: RefCell::new(Lowering::new(Rc::clone(part.dialect), part.lower_options())),
        renderer: Renderer::new(Rc::clone(part.dialect)),
        dialect: Rc::clone(part.dialect),
        changes: RefCell::default(),
        failure: RefCell::default(),
        autocommit: Cell::default(),
    });
    let listener = Rc::clone(&hearing) as Rc<dyn Listener>;
    let mut following = Following::begin(part, plan, listener)?;
    let mut release = Release {
        steps: Vec::with_capacity(plan.steps.len()),
        transaction_per_step: part.script_options().transaction_per_migration,
        transactional: part
            .run
            .options
            .transactional_ddl
            .unwrap_or(part.dialect.facts().script.transactional_ddl),
        heads: map.forked_heads(),
    };
    part.frontend.expect(part.workspace, plan);
    // Where one revision cannot be read, the others that have no way back have none either.
    let (mut derived, underivable) = match part.derived(plan) {
        Ok(derived) => (derived.into_iter().collect(), None),
        Err(failure) => (FxHashMap::default(), Some(failure)),
    };
    let locked = Locked::read(&part.workspace.config.directory);
    for step in &plan.steps {
        let StepKind::Revision(index) = step.kind else {
            continue;
        };
        let revision = map.revision(index);
        hearing.autocommit.set(false);
        let found = match derived.remove(&index) {
            Some(operations) => {
                part.frontend.record(&operations, part.dialect);
                Ok(operations)
            }
            None => match &underivable {
                Some(failure) if part.frontend.downgrade_of(revision)? == Downgrade::Missing => {
                    Err(failure.clone())
                }
                _ => part.frontend.operations(revision, step.direction),
            },
        };
        let failure = match found {
            Ok(operations) => {
                following.told(&operations);
                hearing.failure.take()
            }
            Err(diagnostic) => Some(diagnostic),
        };
        release.steps.push(Step {
            revision: Arc::clone(&revision.id),
            message: Arc::from(revision.summary()),
            follows: revision.down_revisions.clone(),
            direction: step.direction,
            path: revision.path.clone(),
            source: revision.location.as_ref().map(|at| Arc::clone(&at.file)),
            location: revision.location.clone(),
            changes: hearing.changes.take(),
            taken_back: taken_back(part, revision)?,
            edited: locked.edited(revision),
            failure,
        });
    }
    let warnings = hearing.lowering.borrow_mut().take_warnings();
    Ok(Released {
        dialect: Rc::clone(part.dialect),
        release,
        warnings,
    })
}

/// Whether a revision says how it is taken back. A file is only taken apart once more where it does
/// not end as a downgrade that does something would.
fn taken_back(part: &Part<'_>, revision: &Revision) -> Result<bool> {
    let source = revision.location.as_ref().map(|at| at.file.text());
    let last = source.and_then(|text| text.trim_end().lines().last());
    let last = last.unwrap_or_default().trim_start();
    let nothing = ["pass", "...", "raise", "return", "\"", "'", "#", "--"];
    let ends = nothing.iter().any(|word| last.starts_with(word));
    if !ends && source.is_some_and(|text| text.contains("def downgrade")) {
        return Ok(true);
    }
    Ok(part.frontend.downgrade_of(revision)? == Downgrade::Written)
}

/// Makes changes of the operations that it hears of.
struct Hearing {
    lowering: RefCell<Lowering>,
    renderer: Renderer,
    dialect: Rc<Dialect>,
    changes: RefCell<Vec<Change>>,
    failure: RefCell<Option<Box<Diagnostic>>>,
    autocommit: Cell<bool>,
}

impl Hearing {
    fn change(&self, located: &Located, before: Option<&Catalog>) -> Result<Change> {
        let mut texts = Vec::new();
        for statement in self.lowering.borrow_mut().lower(located, before)? {
            match statement.body {
                Body::BeginAutocommit => self.autocommit.set(true),
                Body::EndAutocommit => self.autocommit.set(false),
                Body::Comment(_) | Body::Output(_) | Body::WithoutForeignKeys => {}
                Body::Template { .. } | Body::Sql(_) => {
                    texts.extend(self.renderer.render(&statement)?);
                }
            }
        }
        Ok(Change {
            effects: Effect::all(located, before, &texts, &self.dialect),
            located: located.clone(),
            statements: texts,
            autocommit: self.autocommit.get(),
        })
    }
}

impl Listener for Hearing {
    fn recorded(&self, located: &Located, before: Option<&Catalog>) {
        if self.failure.borrow().is_some() {
            return;
        }
        match self.change(located, before) {
            Ok(change) => self.changes.borrow_mut().push(change),
            Err(diagnostic) => *self.failure.borrow_mut() = Some(diagnostic),
        }
    }
}
