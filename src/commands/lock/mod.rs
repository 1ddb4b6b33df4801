//! `gensql lock`: what released revisions rendered to, and whether they still do.

mod compare;
pub(super) mod file;
mod scripts;
mod texts;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use super::digest::sha256;
use super::relative::relative;
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::commands::authoring::files::{self, Existing};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::{Index, Revision, StepKind};
use crate::source::SourceFile;
use compare::Comparison;
use file::{Entry, Hashes, LockFile, NONE};
use scripts::{Rendered, Scripts};

/// What `lock` is asked.
#[derive(Clone, Debug, Default)]
pub struct Lock {
    /// The newest revisions that are released; the heads when there are none.
    pub revisions: Vec<String>,
    /// The dialects; those of the file when there are none.
    pub dialects: Vec<String>,
    /// Compare only.
    pub check: bool,
    /// With `check`: every revision has to be in the file.
    pub complete: bool,
    /// Released revisions that may have changed.
    pub update: Vec<String>,
    /// All of them may have.
    pub force: bool,
}

/// Records what revisions render to, or compares it with what is recorded.
pub fn lock(options: &Options, asked: &Lock) -> Result<Outcome> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let root = workspace.config.directory.clone();
    let known = LockFile::read(&root)?;
    let compat = known.as_ref().map_or(options.compat, |lock| lock.compat);
    if options.compat && !compat {
        let message = "gensql.lock has scripts that were made without --compat";
        return Err(Box::new(Diagnostic::error(Code::Usage, message).with_help(
            "leave out --compat, or remove gensql.lock and lock all revisions anew",
        )));
    }
    if asked.check && known.is_none() {
        let message = format!("there is no {} in {}", file::NAME, root.display());
        return Err(Box::new(
            Diagnostic::error(Code::LockInvalid, message)
                .with_help("write it with `gensql lock`, and commit it"),
        ));
    }
    let mut lock = known.unwrap_or_else(|| LockFile::new(compat));
    let options = Options {
        compat,
        ..options.clone()
    };
    let heads = ["heads".to_owned()];
    let targets: &[String] = match asked.revisions.as_slice() {
        [] => &heads,
        given => given,
    };
    let released: BTreeSet<Index> = {
        let targets: Vec<&str> = targets.iter().map(String::as_str).collect();
        let plan = workspace.map.upgrade(&[], &targets)?;
        let steps = plan.steps.iter().filter_map(|step| match step.kind {
            StepKind::Revision(index) => Some(index),
            StepKind::Stamp => None,
        });
        steps.collect()
    };
    if !workspace.map.is_empty() {
        workspace.asked(&[], &["heads"]);
    }
    let rendered = render_all(&workspace, &options, &lock, &asked.dialects)?;
    let mut accepted = BTreeSet::new();
    for id in &asked.update {
        match lock.revisions.iter().find(|entry| entry.id == *id) {
            Some(entry) => accepted.insert(entry.id.clone()),
            None => {
                let message = format!("revision '{id}' is not in {}", file::NAME);
                return Err(Box::new(
                    Diagnostic::error(Code::Usage, message)
                        .with_help("name a locked revision, by its whole identifier"),
                ));
            }
        };
    }
    let comparison = compare::compare(&workspace, &root, &lock, &rendered);
    let mut outcome = comparison.outcome(&root, &lock, &|id| asked.force || accepted.contains(id));
    let missing = missing(&workspace, &lock, &rendered, &released);
    if asked.check {
        check(&workspace, &lock, &missing, asked.complete, &mut outcome);
        return Ok(outcome);
    }
    if outcome.failed {
        outcome.diagnostics.push(
            Diagnostic::error(Code::ReleasedChanged, "nothing was locked").with_help(
                "restore what released revisions rendered to, or accept the change with `--update REV` (or `--force` for all of them)",
            ),
        );
        return Ok(outcome);
    }
    outcome.output.clear();
    outcome.diagnostics.clear();
    let before = lock.clone();
    accept(&workspace, &root, &mut lock, &rendered, &comparison);
    for index in missing {
        let revision = workspace.map.revision(index);
        lock.revisions
            .push(entry(&root, revision, &rendered, index));
        let _ = writeln!(outcome.progress, "locked {}", revision.id);
    }
    texts::write(&root, &lock, &workspace, &rendered)?;
    if lock != before || !root.join(file::NAME).exists() {
        files::write(&root.join(file::NAME), &lock.text(), Existing::Replace)?;
    }
    texts::sweep(&root, &before, &lock)?;
    for id in comparison.changed() {
        let _ = writeln!(outcome.progress, "updated {id}");
    }
    let dialects: Vec<&str> = rendered.iter().map(|r| r.dialect.as_str()).collect();
    let _ = writeln!(
        outcome.progress,
        "{} locked ({})",
        counted(lock.revisions.len(), "revision is", "revisions are"),
        dialects.join(", ")
    );
    Ok(outcome)
}

/// Renders for the dialects that are asked for and those of the file.
fn render_all(
    workspace: &Workspace,
    options: &Options,
    lock: &LockFile,
    asked: &[String],
) -> Result<Vec<Rendered>> {
    let mut dialects: Vec<Option<String>> = Vec::new();
    for entry in &lock.revisions {
        for dialect in entry.scripts.keys() {
            if !dialects.iter().any(|d| d.as_ref() == Some(dialect)) {
                dialects.push(Some(dialect.clone()));
            }
        }
    }
    for dialect in asked {
        dialects.push(Some(dialect.clone()));
    }
    if dialects.is_empty() {
        dialects.push(None);
    }
    let mut found: Vec<Rendered> = Vec::new();
    for dialect in dialects {
        if let Some(dialect) = &dialect
            && found.iter().any(|r| r.dialect == *dialect)
        {
            continue;
        }
        let options = Options {
            dialect,
            ..options.clone()
        };
        let rendered = scripts::render(workspace, &options, &["heads"])?;
        if !found.iter().any(|r| r.dialect == rendered.dialect) {
            found.push(rendered);
        }
    }
    Ok(found)
}

/// Released revisions that are not in the file, in the order of the chain.
fn missing(
    workspace: &Workspace,
    lock: &LockFile,
    rendered: &[Rendered],
    released: &BTreeSet<Index>,
) -> Vec<Index> {
    let known: BTreeSet<&str> = lock.revisions.iter().map(|e| e.id.as_str()).collect();
    let order = rendered.iter().take(1).flat_map(|r| r.scripts.keys());
    order
        .copied()
        .filter(|index| {
            released.contains(index) && !known.contains(&*workspace.map.revision(*index).id)
        })
        .collect()
}

fn check(
    workspace: &Workspace,
    lock: &LockFile,
    missing: &[Index],
    complete: bool,
    outcome: &mut Outcome,
) {
    if !missing.is_empty() {
        let ids: Vec<&str> = missing
            .iter()
            .take(5)
            .map(|index| &*workspace.map.revision(*index).id)
            .collect();
        let more = match missing.len() - ids.len() {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        let message = format!("not locked yet: {}{more}", ids.join(", "));
        let found = if complete {
            outcome.failed = true;
            Diagnostic::error(Code::NotLocked, message)
        } else {
            Diagnostic::note(Code::NotLocked, message)
        };
        outcome
            .diagnostics
            .push(found.with_help("lock them with `gensql lock` when they are released"));
    }
    if !outcome.failed {
        let _ = writeln!(
            outcome.output,
            "{} as locked",
            counted(
                lock.revisions.len(),
                "released revision renders",
                "released revisions render"
            ),
        );
    }
}

/// Takes over what has changed, and dialects that are new.
fn accept(
    workspace: &Workspace,
    root: &Path,
    lock: &mut LockFile,
    rendered: &[Rendered],
    comparison: &Comparison,
) {
    let deleted = comparison.deleted();
    lock.revisions
        .retain(|entry| !deleted.contains(&entry.id.as_str()));
    for known in &mut lock.revisions {
        let Some(index) = place(workspace, &known.id) else {
            continue;
        };
        let now = entry(root, workspace.map.revision(index), rendered, index);
        let changed = comparison.changed().any(|id| *id == known.id);
        if changed {
            *known = now;
        } else {
            for (dialect, hashes) in now.scripts {
                known.scripts.entry(dialect).or_insert(hashes);
            }
        }
    }
}

fn entry(root: &Path, revision: &Revision, rendered: &[Rendered], index: Index) -> Entry {
    let mut entry = Entry {
        id: revision.id.to_string(),
        follows: revision
            .down_revisions
            .iter()
            .map(ToString::to_string)
            .collect(),
        file: relative(root, &revision.path),
        source: source_hash(revision),
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        ..Entry::default()
    };
    for part in rendered {
        if let Some(scripts) = part.of(index) {
            entry.scripts.insert(part.dialect.clone(), hashes(scripts));
        }
    }
    entry
}

fn hashes(scripts: &Scripts) -> Hashes {
    Hashes {
        upgrade: sha256(scripts.upgrade.as_bytes()),
        downgrade: match &scripts.downgrade {
            Ok(text) => sha256(text.as_bytes()),
            Err(_) => NONE.to_owned(),
        },
    }
}

/// The SHA-256 of a revision's file, whichever line ends it has.
fn source_hash(revision: &Revision) -> String {
    revision
        .location
        .as_ref()
        .map(|at| hash_of_source(&at.file))
        .unwrap_or_default()
}

/// The same of a file that was read.
fn hash_of_source(file: &SourceFile) -> String {
    sha256(file.text().replace("\r\n", "\n").as_bytes())
}

fn counted(number: usize, one: &str, several: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { several })
}

/// The hashes of the files of released revisions. A lock that cannot be read knows none: to say so
/// is the business of `lock --check`.
pub(super) struct Locked(BTreeMap<String, String>);

impl Locked {
    /// Reads them from the lock of a directory.
    pub(super) fn read(directory: &Path) -> Self {
        let lock = LockFile::read(directory).ok().flatten().unwrap_or_default();
        let entries = lock.revisions.into_iter();
        Self(entries.map(|entry| (entry.id, entry.source)).collect())
    }

    /// Whether a revision is released.
    pub(super) fn has(&self, id: &str) -> bool {
        self.0.contains_key(id)
    }

    /// Whether a revision is released and its file another.
    pub(super) fn edited(&self, revision: &Revision) -> bool {
        let known = self.0.get(&*revision.id);
        known.is_some_and(|known| *known != source_hash(revision))
    }
}

/// The revision of that identifier.
fn place(workspace: &Workspace, id: &str) -> Option<Index> {
    let index = workspace.map.index_of(id)?;
    (*workspace.map.revision(index).id == *id).then_some(index)
}
