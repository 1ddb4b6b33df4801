//! What released revisions render to now, against what they rendered to.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::file::{Entry, LockFile, NONE};
use super::scripts::{Rendered, Scripts};
use super::{hashes, place, source_hash, texts};
use crate::commands::Outcome;
use crate::commands::difference::unified;
use crate::commands::digest::sha256;
use crate::commands::relative::relative;
use crate::commands::workspace::Workspace;
use crate::diagnostic::{Code, Diagnostic};
use crate::revision::Direction;
use crate::source::Location;

/// What is not as it was.
pub(super) struct Comparison {
    changes: Vec<Change>,
}

struct Change {
    id: String,
    what: What,
    /// Where the revision is now.
    place: Option<Location>,
}

enum What {
    /// Its scripts are others.
    Scripts {
        changed: Vec<Script>,
        reason: String,
    },
    /// It follows other revisions.
    Follows {
        before: Vec<String>,
        now: Vec<String>,
    },
    /// It is not there any more.
    Deleted { file: String },
    /// A file of `gensql.locked` is not what was locked.
    Stored { path: String },
}

struct Script {
    dialect: String,
    direction: Direction,
    /// The text now; `None`: there is none.
    now: Option<String>,
    /// The file that it was read from, as people know it.
    file: String,
}

/// Compares all locked revisions.
pub(super) fn compare(
    workspace: &Workspace,
    root: &Path,
    lock: &LockFile,
    rendered: &[Rendered],
) -> Comparison {
    let mut changes = Vec::new();
    for entry in &lock.revisions {
        let Some(index) = place(workspace, &entry.id) else {
            changes.push(Change {
                id: entry.id.clone(),
                what: What::Deleted {
                    file: entry.file.clone(),
                },
                place: None,
            });
            continue;
        };
        let revision = workspace.map.revision(index);
        let mut found = |what| {
            changes.push(Change {
                id: entry.id.clone(),
                what,
                place: revision.location.clone(),
            });
        };
        let now: Vec<String> = revision
            .down_revisions
            .iter()
            .map(|id| id.to_string())
            .collect();
        if now != entry.follows {
            found(What::Follows {
                before: entry.follows.clone(),
                now,
            });
        }
        let mut changed = Vec::new();
        for part in rendered {
            let (Some(before), Some(scripts)) = (entry.scripts.get(&part.dialect), part.of(index))
            else {
                continue;
            };
            let file = relative(root, &revision.path);
            let now = hashes(scripts);
            for (direction, before, now) in [
                (Direction::Upgrade, &before.upgrade, &now.upgrade),
                (Direction::Downgrade, &before.downgrade, &now.downgrade),
            ] {
                if before != now {
                    changed.push(Script {
                        dialect: part.dialect.clone(),
                        direction,
                        now: text(scripts, direction),
                        file: file.clone(),
                    });
                } else if now != NONE {
                    let path = texts::path(&part.dialect, &entry.id, direction);
                    let stored = std::fs::read(root.join(&path));
                    if stored.is_ok_and(|stored| sha256(&stored) != *now) {
                        found(What::Stored { path });
                    }
                }
            }
        }
        if !changed.is_empty() {
            found(What::Scripts {
                changed,
                reason: reason(entry, source_hash(revision) != entry.source),
            });
        }
    }
    Comparison { changes }
}

fn text(scripts: &Scripts, direction: Direction) -> Option<String> {
    match direction {
        Direction::Upgrade => Some(scripts.upgrade.clone()),
        Direction::Downgrade => scripts.downgrade.clone().ok(),
    }
}

/// Why a script is another, as far as that can be told.
fn reason(entry: &Entry, edited: bool) -> String {
    let tool = env!("CARGO_PKG_VERSION");
    let mut reasons = Vec::new();
    if edited {
        reasons.push("its file was edited".to_owned());
    }
    if entry.tool != tool {
        reasons.push(format!(
            "it was locked by gensql {}, this is gensql {tool}",
            entry.tool
        ));
    }
    if reasons.is_empty() {
        reasons.push(
            "its file is as it was: what it imports, env.py, the configuration, or an earlier revision has changed"
                .to_owned(),
        );
    }
    reasons.join("; ")
}

impl Comparison {
    /// The revisions whose scripts or places in the chain are others.
    pub(super) fn changed(&self) -> impl Iterator<Item = &String> {
        let mut seen = BTreeSet::new();
        let changes = self.changes.iter().filter(|change| match change.what {
            What::Scripts { .. } | What::Follows { .. } => true,
            What::Deleted { .. } | What::Stored { .. } => false,
        });
        changes
            .map(|change| &change.id)
            .filter(move |id| seen.insert((*id).clone()))
    }

    /// Those that are not there any more.
    pub(super) fn deleted(&self) -> Vec<&str> {
        let changes = self.changes.iter();
        changes
            .filter(|change| matches!(change.what, What::Deleted { .. }))
            .map(|change| change.id.as_str())
            .collect()
    }

    /// What there is to say, with the differences as output. Changes that are accepted are no
    /// failures.
    pub(super) fn outcome(
        &self,
        root: &Path,
        lock: &LockFile,
        accepted: &dyn Fn(&str) -> bool,
    ) -> Outcome {
        let mut outcome = Outcome::default();
        for change in &self.changes {
            if accepted(&change.id) {
                continue;
            }
            outcome.failed = true;
            let id = &change.id;
            let entry = lock.revisions.iter().find(|entry| entry.id == *id);
            let found = match &change.what {
                What::Scripts { changed, reason } => {
                    for script in changed {
                        script.show(root, id, entry, &mut outcome.output);
                    }
                    let which: Vec<String> = changed.iter().map(Script::name).collect();
                    let message = format!(
                        "revision {id} was released and renders to something else now: {}",
                        which.join(", ")
                    );
                    Diagnostic::error(Code::ReleasedChanged, message)
                        .at(change.place.clone())
                        .with_note(reason)
                        .with_help(format!(
                            "databases that have it do not get the change: undo it and write a new revision, or accept it with `gensql lock --update {id}`"
                        ))
                }
                What::Follows { before, now } => {
                    let message = format!(
                        "revision {id} was released behind {}, and follows {} now",
                        named(before),
                        named(now)
                    );
                    Diagnostic::error(Code::ReleasedChanged, message)
                        .at(change.place.clone())
                        .with_help(format!(
                            "undo that, or accept it with `gensql lock --update {id}`"
                        ))
                }
                What::Deleted { file } => {
                    let message = format!("revision {id} was released, and is not there any more");
                    Diagnostic::error(Code::ReleasedChanged, message)
                        .with_note(format!("it was in {file}"))
                        .with_help(format!(
                            "restore the file, or accept that with `gensql lock --update {id}`"
                        ))
                }
                What::Stored { path } => {
                    let message = format!("{path} is not what was locked for revision {id}");
                    Diagnostic::error(Code::LockInvalid, message)
                        .with_help("restore it: remove it, and run `gensql lock`")
                }
            };
            outcome.diagnostics.push(found);
        }
        outcome
    }
}

fn named(ids: &[String]) -> String {
    match ids {
        [] => "nothing".to_owned(),
        ids => ids.join(", "),
    }
}

impl Script {
    fn name(&self) -> String {
        format!("{} {}", self.dialect, self.way())
    }

    fn way(&self) -> &'static str {
        match self.direction {
            Direction::Upgrade => "upgrade",
            Direction::Downgrade => "downgrade",
        }
    }

    /// Appends the difference, as far as the text that was locked is there.
    fn show(&self, root: &Path, id: &str, entry: Option<&Entry>, out: &mut String) {
        let path = texts::path(&self.dialect, id, self.direction);
        let hash = entry.and_then(|entry| entry.scripts.get(&self.dialect));
        let hash = hash.map(|hashes| match self.direction {
            Direction::Upgrade => hashes.upgrade.as_str(),
            Direction::Downgrade => hashes.downgrade.as_str(),
        });
        let before = match hash {
            Some(NONE) | None => Some(String::new()),
            Some(hash) => std::fs::read_to_string(root.join(&path))
                .ok()
                .filter(|text| sha256(text.as_bytes()) == hash),
        };
        let now = self.now.as_deref().unwrap_or_default();
        let heading = format!("{} ({} {})", self.file, self.dialect, self.way());
        match before {
            Some(before) => out.push_str(&unified(&before, now, &path, &heading)),
            None => {
                let _ = write!(
                    out,
                    "--- {path} (not there, so that the difference cannot be shown)\n+++ {heading}\n"
                );
            }
        }
        if self.now.is_none() {
            out.push_str("(there is no downgrade any more)\n");
        }
    }
}
