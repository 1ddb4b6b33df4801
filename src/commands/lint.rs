//! `gensql lint`: what is dangerous about a range of revisions.

use super::range::Range;
use super::release::releases;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::lint::{self, Finding, Levels};
use crate::report::findings::{self, Format, Report};

/// How findings are printed, and which of them fail.
#[derive(Clone, Copy, Debug)]
pub struct LintOptions {
    /// The format.
    pub format: Format,
    /// The least severity that makes the command fail; `None`: none does.
    pub fail_on: Option<Severity>,
}

/// Looks at the revisions of a range, by default all of them, as one release.
pub fn lint(
    options: &Options,
    revisions: &[String],
    at: &At,
    wanted: LintOptions,
) -> Result<Outcome> {
    let mut workspace = Workspace::open(options)?;
    let levels = Levels::new(&workspace.config.settings.lint, &workspace.library.names())?;
    let all = ["heads".to_owned()];
    let revisions = if revisions.is_empty() {
        &all
    } else {
        revisions
    };
    let range = Range::parse(revisions, "Lint")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    let released = releases(&workspace, options, &|given| {
        workspace
            .map
            .upgrade(given.unwrap_or(&start), &range.targets)
    })?;
    let mut outcome = Outcome::default();
    let mut found: Vec<Finding> = Vec::new();
    let mut warnings = Vec::new();
    let mut steps = 0;
    for part in released {
        found.extend(lint::check(&part.release, &part.dialect, &levels));
        steps += part.release.steps.len();
        warnings.extend(part.warnings);
        for step in &part.release.steps {
            if let Some(failure) = &step.failure {
                let mut failure = Diagnostic::clone(failure);
                failure.notes.push(format!(
                    "revision {} was not looked at to its end",
                    step.revision
                ));
                outcome.diagnostics.push(failure);
            }
        }
    }
    let unread = !outcome.diagnostics.is_empty();
    outcome.diagnostics.extend(warnings);
    let failing = wanted.fail_on.is_some_and(|least| {
        unread
            || found
                .iter()
                .any(|finding| finding.allowed.is_none() && finding.severity >= least)
    });
    outcome.output = findings::render(
        &Report {
            findings: &found,
            steps,
        },
        wanted.format,
    );
    outcome.failed = failing;
    Ok(outcome)
}
