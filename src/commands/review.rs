//! `gensql review`: a release as its reviewers read it.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::lint::read_stats;
use super::range::Range;
use super::relative::relative;
use super::release::{Released, releases};
use super::script::Planner;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Diagnostic, Result, Severity};
use crate::lint::{self, ASSUMED, Finding, Levels, Stats};
use crate::report::graph::Picture;
use crate::report::review::{self, Format, Part, Review, Sources, Tool, VERSION};
use crate::revision::{Before, Direction, Index, Plan, RevisionMap, Step, StepKind};

/// How a review is printed, and which findings fail.
#[derive(Clone, Debug)]
pub struct ReviewOptions {
    /// The format.
    pub format: Format,
    /// The least severity that makes the command fail; `None`: none does.
    pub fail_on: Option<Severity>,
    /// A file with the sizes of tables.
    pub stats: Option<PathBuf>,
}

/// Reviews the revisions of a range, by default all of them, as one release.
pub fn review(
    options: &Options,
    revisions: &[String],
    at: &At,
    wanted: ReviewOptions,
) -> Result<Outcome> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let stats = wanted.stats.as_deref().map(read_stats).transpose()?;
    let all = ["heads".to_owned()];
    let revisions = if revisions.is_empty() {
        &all
    } else {
        revisions
    };
    let range = Range::parse(revisions, "Review")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    let planner: Planner<'_> = &|given| {
        let map = &workspace.map;
        map.upgrade(given.unwrap_or(&start), &range.targets)
    };
    let reviewed = reviewed(&workspace, options, planner, stats.as_ref())?;
    let mut outcome = Outcome::default();
    for part in &reviewed.released {
        outcome.diagnostics.extend(unread(part));
    }
    let incomplete = !outcome.diagnostics.is_empty();
    let least = |least| {
        let findings = reviewed.findings.iter();
        let mut open = findings.filter(|finding| finding.allowed.is_none());
        open.any(|finding| finding.severity >= least)
    };
    outcome.failed = incomplete || wanted.fail_on.is_some_and(least);
    outcome.output = reviewed.text(&workspace, wanted.format, options.verbose)?;
    let parts = reviewed.released.into_iter().chain(reviewed.back);
    outcome
        .diagnostics
        .extend(parts.flat_map(|part| part.warnings));
    Ok(outcome)
}

/// A release with what there is to say of it.
pub(super) struct Reviewed {
    pub(super) review: Review,
    pub(super) findings: Vec<Finding>,
    /// The releases, one for each context of `env.py`.
    pub(super) released: Vec<Released>,
    back: Vec<Released>,
    plan: Plan,
}

/// Reviews a plan.
pub(super) fn reviewed(
    workspace: &Workspace,
    options: &Options,
    upgrade: Planner<'_>,
    stats: Option<&Stats>,
) -> Result<Reviewed> {
    let levels = Levels::new(&workspace.config.settings.lint, &workspace.library.names())?;
    let released = releases(workspace, options, upgrade)?;
    let backwards = |given: Option<&[Index]>| Ok(reversed(&workspace.map, &upgrade(given)?));
    let back = releases(workspace, options, &backwards)?;
    let mut findings = Vec::new();
    let mut databases = Vec::new();
    for (part, back) in released.iter().zip(&back) {
        let found = lint::check(&part.release, &part.dialect, &levels);
        databases.push(review::database(Part {
            dialect: &part.dialect,
            release: &part.release,
            back: &back.release,
            findings: &found,
            stats,
        }));
        findings.extend(found);
    }
    let plan = upgrade(None)?;
    let review = Review {
        version: VERSION,
        tool: Tool {
            name: "gensql",
            version: env!("CARGO_PKG_VERSION"),
        },
        range: in_names(&workspace.map, &plan),
        databases,
        assumed: stats.map(|_| ASSUMED),
    };
    Ok(Reviewed {
        review,
        findings,
        released,
        back,
        plan,
    })
}

impl Reviewed {
    /// The review in a format.
    pub(super) fn text(
        &self,
        workspace: &Workspace,
        format: Format,
        verbose: bool,
    ) -> Result<String> {
        let newest_first: Vec<Index> = indexes(&self.plan).rev().collect();
        let picture = Picture::new(&workspace.map, &newest_first, &[]);
        let sources = Sources {
            findings: &self.findings,
            picture: &picture,
            verbose,
        };
        review::render(&self.review, &sources, format)
    }

    /// Shows all files as they are called from a directory.
    pub(super) fn from(&mut self, root: &Path) {
        let shown = |file: &mut String| {
            if !file.is_empty() {
                *file = relative(root, Path::new(file.as_str()));
            }
        };
        for database in &mut self.review.databases {
            database.risks.iter_mut().for_each(|r| shown(&mut r.file));
            for step in &mut database.steps {
                shown(&mut step.file);
                step.changes.iter_mut().for_each(|c| shown(&mut c.file));
            }
        }
    }
}

/// What could not be read to its end.
fn unread(part: &Released) -> impl Iterator<Item = Diagnostic> {
    part.release.steps.iter().filter_map(|step| {
        let mut failure = Diagnostic::clone(step.failure.as_deref()?);
        failure.notes.push(format!(
            "revision {} was not looked at to its end",
            step.revision
        ));
        Some(failure)
    })
}

fn indexes(plan: &Plan) -> impl DoubleEndedIterator<Item = Index> {
    plan.steps.iter().filter_map(|step| match step.kind {
        StepKind::Revision(index) => Some(index),
        StepKind::Stamp => None,
    })
}

/// The rows of the version table after a plan.
fn end(plan: &Plan) -> Vec<Arc<str>> {
    let mut rows = plan.start.clone();
    for change in plan.steps.iter().flat_map(|step| &step.changes) {
        change.apply(&mut rows);
    }
    rows
}

/// The same revisions, taken back in the opposite order. Unlike a downgrade to a target, this
/// is the way back of every range. What happens to the version table is not told.
fn reversed(map: &RevisionMap, plan: &Plan) -> Plan {
    let steps = indexes(plan).rev().map(|index| {
        let revision = map.revision(index);
        Step {
            kind: StepKind::Revision(index),
            direction: Direction::Downgrade,
            from: vec![Arc::clone(&revision.id)],
            to: revision.down_revisions.clone(),
            creates_version_table: false,
            changes: Vec::new(),
        }
    });
    Plan {
        start: end(plan),
        before: Before::Nothing,
        steps: steps.collect(),
    }
}

/// The range in identifiers, with the commands that print its scripts.
fn in_names(map: &RevisionMap, plan: &Plan) -> review::Range {
    let named = |ids: &[Arc<str>]| {
        let mut names: Vec<String> = ids.iter().map(|id| id.to_string()).collect();
        names.sort_unstable();
        names
    };
    let (from, to) = (named(&plan.start), named(&end(plan)));
    let or_base = |names: &[String]| match names.is_empty() {
        true => "base".to_owned(),
        false => names.join(","),
    };
    let start = or_base(&from);
    let targets: Vec<String> = to.iter().map(|id| format!("{start}:{id}")).collect();
    // A revision that stays reviewed must be all that a downgrade to it leaves.
    let single = from.len() <= 1
        && (from.is_empty() || map.heads().len() == 1 && to.len() == 1)
        && (from.is_empty() || map.bases().len() == 1);
    review::Range {
        upgrade: format!("gensql upgrade {}", targets.join(" ")),
        downgrade: match single {
            true => format!("gensql downgrade {}:{start}", or_base(&to)),
            false => String::new(),
        },
        from,
        to,
    }
}
