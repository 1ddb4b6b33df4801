//! The schema as it is before a script: the revisions up to its start, replayed.

use std::rc::Rc;

use super::workspace::{Frontend, Workspace};
use super::{Options, baseline};
use crate::catalog::{Catalog, Opaque};
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::frontend::alembic::env::{Event, Run};
use crate::frontend::alembic::project::Stopped;
use crate::revision::{Plan, Revision, StepKind};

/// Replays what lies before the plan's start. What of it only a database could know hides what it
/// does, but does not block a script that does not need it.
pub(super) fn before(
    workspace: &Workspace,
    options: &Options,
    dialect: &Rc<Dialect>,
    plan: &Plan,
    run: &Run,
) -> Result<Catalog> {
    let mut catalog = Catalog::new(dialect.facts().features.server_naming);
    baseline::read(options, dialect, &mut catalog)?;
    if options.fresh.knows() {
        catalog.begin_empty(dialect.expressions().joins_texts());
    }
    if plan.start.is_empty() || plan.steps.is_empty() {
        return Ok(catalog);
    }
    let passing = Options {
        stub: true,
        applied: true,
        ..options.clone()
    };
    let replayed = Frontend::open(workspace, &passing, dialect)?;
    replayed.environment()?;
    replayed.set_catalog(&catalog);
    let arguments = run.events.iter().find_map(|event| match event {
        Event::Migrations(arguments) => Some(arguments.as_slice()),
        _ => None,
    });
    replayed.enter(run, arguments.unwrap_or_default())?;
    let targets: Vec<&str> = plan.start.iter().map(|id| &**id).collect();
    let Ok(earlier) = workspace.map.upgrade(&[], &targets) else {
        return Ok(catalog);
    };
    for step in &earlier.steps {
        let StepKind::Revision(index) = step.kind else {
            continue;
        };
        let revision = workspace.map.revision(index);
        let (operations, stopped) = replayed.as_far(revision, step.direction)?;
        replayed.followed_by(&mut catalog, &operations, dialect);
        if let Some(stopped) = stopped {
            replayed.hides(&mut catalog, hidden(revision, stopped));
        }
    }
    Ok(replayed.followed().unwrap_or(catalog))
}

/// What is not known any more after a revision that could not be evaluated to its end.
fn hidden(revision: &Revision, stopped: Stopped) -> Opaque {
    let Stopped { diagnostic, hides } = stopped;
    Opaque {
        excerpt: format!("revision {}", revision.id).into(),
        location: diagnostic.primary.or_else(|| revision.location.clone()),
        reason: Some(diagnostic.message.into()),
        taint: hides,
    }
}
