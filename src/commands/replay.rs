//! The schema as it is before a script: the revisions up to its start, replayed.

use std::rc::Rc;

use super::workspace::{Frontend, Workspace};
use super::{Options, baseline};
use crate::catalog::Catalog;
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::frontend::alembic::env::{Event, Run};
use crate::frontend::sql::follow;
use crate::revision::{Plan, StepKind};

/// Replays what lies before the plan's start. A revision that cannot be evaluated hides what it
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
    if options.fresh {
        catalog.begin_empty();
    }
    if plan.start.is_empty() || plan.steps.is_empty() {
        return Ok(catalog);
    }
    let replayed = Frontend::open(workspace, options, dialect)?;
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
        if let StepKind::Revision(index) = step.kind
            && let Ok(operations) =
                replayed.operations(workspace.map.revision(index), step.direction)
        {
            for located in &operations {
                follow(located, Some(dialect), &mut catalog);
            }
        }
    }
    Ok(catalog)
}
