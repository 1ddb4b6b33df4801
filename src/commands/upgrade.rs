//! `gensql upgrade`: the script that applies what is missing.

use super::range::Range;
use super::script::script;
use super::workspace::Workspace;
use super::{At, Fresh, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Index;

/// The script from the start of the range, or from nothing, up to the targets.
pub fn upgrade(options: &Options, revisions: &[String], at: &At) -> Result<Outcome> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let range = Range::parse(revisions, "Upgrade")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    let options = &Options {
        fresh: options.fresh.beginning_at(&start),
        ..options.clone()
    };
    if options.fresh == Fresh::Installed && options.safety.guard == Some(false) {
        let message = "a script for rows that are known checks that they are those";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message)
                .with_help("leave out --no-guard, or leave out --fresh"),
        ));
    }
    workspace.asked(&start, &range.targets);
    let outcome = script(&workspace, options, &|given| {
        let start = given.unwrap_or(&start);
        let plan = workspace.map.upgrade(start, &range.targets)?;
        if plan.steps.is_empty() && !options.compat {
            forwards(&workspace, &range, start)?;
        }
        Ok(plan)
    })?;
    let outcome = workspace.with_note(outcome);
    options.kept.keep(workspace);
    Ok(outcome)
}

/// Refuses a range whose target is below its start; Alembic prints an empty script for it.
fn forwards(workspace: &Workspace, range: &Range<'_>, start: &[Index]) -> Result<()> {
    let Some(from) = range.start else {
        return Ok(());
    };
    for target in &range.targets {
        let found = workspace.map.start(Some(target)).unwrap_or_default();
        if found.iter().any(|index| !start.contains(index)) {
            let message = format!("the range runs backwards: '{target}' is below '{from}'");
            return Err(Box::new(
                Diagnostic::error(Code::RangeInvalid, message)
                    .with_help(format!("write `gensql downgrade {from}:{target}`")),
            ));
        }
    }
    Ok(())
}
