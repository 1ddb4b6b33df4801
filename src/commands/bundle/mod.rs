//! `gensql bundle`: a release as a directory for whoever applies it.

mod check;
mod manifest;
mod phase;
mod place;
mod runbook;
mod verification;

use std::fmt::Write;
use std::ops::Range as Stretch;
use std::path::PathBuf;
use std::sync::Arc;

use super::digest::sha256;
use super::pieces::{Pieces, Wanted};
use super::plain_name::{of_identifier, of_message};
use super::range::Range;
use super::review::{Reviewed, reviewed};
use super::script::{Part, each_part};
use super::workspace::Workspace;
use super::{At, Options, Outcome, safety};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::{Executable, Operation};
use crate::report::review::Format;
use crate::revision::{Index, Plan, StepKind};
use crate::script::{Atomicity, Safety};
use phase::Kind;
use place::{Files, MANIFEST};

/// The name of the list of hashes that `sha256sum -c` reads.
const SUMS: &str = "SHA256SUMS";

/// What `bundle` is asked.
#[derive(Clone, Debug, Default)]
pub struct Bundle {
    /// The range, as for `upgrade`.
    pub revisions: Vec<String>,
    /// Where the bundle is written.
    pub output: Option<PathBuf>,
    /// A bundle that is there is replaced.
    pub force: bool,
    /// Revisions that cannot be taken back are accepted.
    pub irreversible: bool,
    /// A bundle that is compared instead.
    pub check: Option<PathBuf>,
}

/// What decides the content of a bundle besides the options of all commands.
struct Asked {
    revisions: Vec<String>,
    irreversible: bool,
}

/// What a bundle is made of, for the files that describe it.
struct Made {
    dialect: String,
    /// What the database is called for people.
    title: String,
    /// How its client is called.
    apply: String,
    start: Vec<Arc<str>>,
    end: Vec<Arc<str>>,
    steps: Vec<MadeStep>,
    safety: Safety,
    /// Whether revisions that cannot be taken back were accepted.
    asked_irreversible: bool,
    /// The number of the revision that the rollback does not get past, and why.
    irreversible: Option<(usize, String)>,
    /// The number of the first step of the second phase, where there are two.
    cut: Option<usize>,
    /// What `verify.sql` does not look at.
    unverified: Vec<String>,
    /// The steps that are left to a person: the number of the revision, and why.
    manual: Vec<(usize, Arc<str>)>,
}

struct MadeStep {
    index: Index,
    number: usize,
    upgrade: String,
    /// Where there is one.
    rollback: Option<String>,
    atomicity: Atomicity,
    kind: Kind,
}

/// Writes a bundle, or compares one with its manifest and with the sources.
pub fn bundle(options: &Options, asked: &Bundle, at: &At) -> Result<Outcome> {
    if let Some(place) = &asked.check {
        return check::check(options, place);
    }
    let Some(output) = &asked.output else {
        return Err(Box::new(
            Diagnostic::error(Code::Usage, "a bundle is a directory, and none was named")
                .with_help("name it with `-o DIR`"),
        ));
    };
    let wanted = Asked {
        revisions: asked.revisions.clone(),
        irreversible: asked.irreversible,
    };
    let (files, diagnostics) = make(options, &wanted, at)?;
    place::write(output, &files, asked.force)?;
    let mut outcome = Outcome::from(format!(
        "{}: {} files, {MANIFEST} has the SHA-256 {}\n",
        output.display(),
        files.len(),
        files
            .get(MANIFEST)
            .map(|text| sha256(text.as_bytes()))
            .unwrap_or_default()
    ));
    outcome.diagnostics = diagnostics;
    Ok(outcome)
}

/// Makes the files of a bundle.
fn make(options: &Options, asked: &Asked, at: &At) -> Result<(Files, Vec<Diagnostic>)> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let range = Range::parse(&asked.revisions, "Upgrade")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    let plan = workspace.map.upgrade(&start, &range.targets)?;
    if plan.steps.is_empty() {
        return Err(Box::new(
            Diagnostic::error(Code::RangeInvalid, "there is no revision in the range")
                .with_help("a range is START:TARGET; START itself is not in it"),
        ));
    }
    let options = guarded(&workspace, options);
    let workspace = workspace;
    let mut reviewed = reviewed(&workspace, &options, &|_| Ok(plan.clone()), None)?;
    reviewed.from(&workspace.config.directory);
    let [released] = reviewed.released.as_slice() else {
        return Err(several());
    };
    let kinds = phase::kinds(&released.release.steps, &released.dialect);
    let mut diagnostics = Vec::new();
    let mut files = None;
    let mut warnings = Vec::new();
    each_part(&workspace, &options, &mut warnings, &mut |part, at, _| {
        if at.several {
            return Err(several());
        }
        let maker = Maker {
            part,
            plan: &plan,
            kinds: &kinds,
            reviewed: &reviewed,
            asked,
        };
        files = Some(maker.files(&mut diagnostics)?);
        Ok(())
    })?;
    diagnostics.extend(warnings);
    Ok((files.unwrap_or_default(), diagnostics))
}

fn several() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Usage,
            "env.py configures several databases, and a bundle is for one",
        )
        .with_help("name one of them with `-n` or `-x`, as env.py wants it"),
    )
}

/// A bundle is applied by somebody else: its scripts check the database unless that is forbidden.
fn guarded(workspace: &Workspace, options: &Options) -> Options {
    let mut options = options.clone();
    let settings = &workspace.config.settings.safety;
    if !options.compat && settings.guard.is_none() {
        options.safety.guard.get_or_insert(true);
    }
    options
}

/// What a bundle is made from.
struct Maker<'a> {
    part: &'a Part<'a>,
    plan: &'a Plan,
    kinds: &'a [Kind],
    reviewed: &'a Reviewed,
    asked: &'a Asked,
}

impl Maker<'_> {
    fn files(&self, diagnostics: &mut Vec<Diagnostic>) -> Result<Files> {
        let part = self.part;
        let safety = safety::resolved(part.workspace, part.options);
        let count = self.plan.steps.len();
        let cut = self.cut();
        let mut stretches: Vec<Stretch<usize>> = std::iter::once(0..count).collect();
        if let Some(cut) = cut {
            stretches.extend([0..cut, cut..count]);
        }
        let wanted = Wanted {
            stretches: &stretches,
            safety: safety.clone(),
        };
        let mut up = part.pieces(self.plan, &wanted, diagnostics)?;
        if let Some(failure) = up.failure.take() {
            return Err(failure);
        }
        let (down, irreversible) = self.rollback(&safety, diagnostics)?;
        let mut files = Files::new();
        let mut made = Made {
            dialect: dialect(part),
            title: part.dialect.facts().title.clone(),
            apply: part.dialect.facts().guard.apply.clone(),
            start: self.plan.start.clone(),
            end: self.plan.end(),
            steps: Vec::new(),
            safety,
            asked_irreversible: self.asked.irreversible,
            irreversible,
            cut,
            unverified: Vec::new(),
            manual: self.manual(),
        };
        let width = count.to_string().len().max(4);
        for (place, piece) in up.steps.into_iter().enumerate() {
            let revision = part.workspace.map.revision(piece.index);
            let mut name = format!("{:0width$}_{}", place + 1, of_identifier(&revision.id));
            let words = of_message(revision.summary());
            if !words.is_empty() {
                let _ = write!(name, "_{words}");
            }
            let upgrade = format!("upgrade/{name}.sql");
            let back = count
                .checked_sub(place + 1)
                .and_then(|from_end| down.steps.get(from_end));
            let rollback = back.map(|back| {
                let path = format!("rollback/{name}.sql");
                files.insert(path.clone(), back.text.clone());
                path
            });
            files.insert(upgrade.clone(), piece.text);
            made.steps.push(MadeStep {
                index: piece.index,
                number: place + 1,
                upgrade,
                rollback,
                atomicity: piece.atomicity,
                kind: self.kinds.get(place).cloned().unwrap_or_default(),
            });
        }
        let names = ["upgrade.sql", "expand.sql", "contract.sql"];
        for (name, text) in names.into_iter().zip(up.stretches) {
            files.insert(name.to_owned(), text);
        }
        for text in down.stretches {
            files.insert("rollback.sql".to_owned(), text);
        }
        let verification = verification::script(part, up.catalog.as_ref(), &made.end)?;
        made.unverified = verification.unverified;
        files.insert("verify.sql".to_owned(), verification.text);
        for (name, format) in [
            ("review.html", Format::Html),
            ("review.md", Format::Markdown),
        ] {
            let text = self.reviewed.text(part.workspace, format, false)?;
            files.insert(name.to_owned(), text);
        }
        files.insert(
            "RUNBOOK.md".to_owned(),
            runbook::text(part.workspace, &made),
        );
        let read = part.frontend.files_read();
        let manifest = manifest::text(part.workspace, part.options, &made, &files, &read);
        files.insert(MANIFEST.to_owned(), manifest);
        let sums = files.iter().fold(String::new(), |mut out, (path, text)| {
            let _ = writeln!(out, "{}  {path}", sha256(text.as_bytes()));
            out
        });
        files.insert(SUMS.to_owned(), sums);
        Ok(files)
    }

    /// The steps that are left to a person: the number of the revision, and why.
    fn manual(&self) -> Vec<(usize, Arc<str>)> {
        let released = self.reviewed.released.iter();
        let steps = released.flat_map(|part| part.release.steps.iter().enumerate());
        let of_step = steps.flat_map(|(at, step)| {
            let operations = step.changes.iter().map(|change| &change.located.operation);
            operations.filter_map(move |operation| match operation {
                Operation::Execute {
                    statement: Executable::Manual(manual),
                } => Some((at + 1, Arc::clone(&manual.reason))),
                _ => None,
            })
        });
        of_step.collect()
    }

    /// Where the release falls in two: what is before the first step that contracts can be applied
    /// while the old code runs.
    fn cut(&self) -> Option<usize> {
        let first = self.kinds.iter().position(|kind| kind.contract)?;
        (first > 0).then_some(first)
    }

    /// The scripts that take the release back, as far as it can be.
    fn rollback(
        &self,
        safety: &Safety,
        diagnostics: &mut Vec<Diagnostic>,
    ) -> Result<(Pieces, Option<(usize, String)>)> {
        let part = self.part;
        let mut plan = part.workspace.map.back(self.plan);
        let count = plan.steps.len();
        let walk = |plan: &Plan, diagnostics: &mut Vec<Diagnostic>| {
            let whole = 0..plan.steps.len();
            let wanted = Wanted {
                stretches: std::slice::from_ref(&whole),
                safety: safety.clone(),
            };
            part.pieces(plan, &wanted, diagnostics)
        };
        let mut pieces = walk(&plan, diagnostics)?;
        let Some(failure) = pieces.failure.take() else {
            return Ok((pieces, None));
        };
        let done = pieces.steps.len();
        let id = plan.steps.get(done).and_then(|step| match step.kind {
            StepKind::Revision(index) => Some(Arc::clone(&part.workspace.map.revision(index).id)),
            StepKind::Stamp => None,
        });
        let id = id.unwrap_or_default();
        if !self.asked.irreversible {
            let message =
                format!("the release cannot be taken back: revision {id} has no downgrade");
            let found = Diagnostic::error(Code::Irreversible, message)
                .at(failure.primary.clone())
                .with_note(failure.message.clone())
                .with_help("write its downgrade, or derive it with `--derive-downgrade`")
                .with_help("or accept a bundle whose rollback ends there with `--irreversible`");
            return Err(Box::new(found));
        }
        let message = format!("the rollback ends at revision {id}, which has no downgrade");
        diagnostics.push(
            Diagnostic::warning(Code::Irreversible, message)
                .at(failure.primary.clone())
                .with_help("back up the database before the release"),
        );
        plan.steps.truncate(done);
        let pieces = match done {
            0 => Pieces::default(),
            _ => walk(&plan, &mut Vec::new())?,
        };
        Ok((pieces, Some((count - done, failure.message.clone()))))
    }
}

/// The dialect with the version that was asked for.
fn dialect(part: &Part<'_>) -> String {
    let name = part.dialect.name();
    let asked = part.options.dialect.as_deref();
    match asked.and_then(|asked| asked.split_once(':')) {
        Some((_, version)) => format!("{name}:{version}"),
        None => name.to_owned(),
    }
}
