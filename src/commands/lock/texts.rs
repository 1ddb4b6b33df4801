//! `gensql.locked/`: the scripts whose hashes are in the lock, one file each, so that a review shows
//! them and a difference can be shown.

use std::collections::BTreeSet;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::file::{LockFile, NONE};
use super::{Rendered, place};
use crate::commands::plain_name::of_identifier;
use crate::commands::workspace::Workspace;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Direction;

/// The directory's name, beside the lock.
pub(super) const DIRECTORY: &str = "gensql.locked";

/// The path of a script from the project's directory.
pub(super) fn path(dialect: &str, id: &str, direction: Direction) -> String {
    let way = match direction {
        Direction::Upgrade => "up",
        Direction::Downgrade => "down",
    };
    let (dialect, id) = (of_identifier(dialect), of_identifier(id));
    format!("{DIRECTORY}/{dialect}/{id}.{way}.sql")
}

/// The paths of all scripts of a lock with their hashes.
fn all(lock: &LockFile) -> impl Iterator<Item = (String, &str)> {
    lock.revisions.iter().flat_map(|entry| {
        entry.scripts.iter().flat_map(|(dialect, hashes)| {
            let up = path(dialect, &entry.id, Direction::Upgrade);
            let down = path(dialect, &entry.id, Direction::Downgrade);
            [
                (up, hashes.upgrade.as_str()),
                (down, hashes.downgrade.as_str()),
            ]
        })
    })
}

/// Writes the scripts of a lock that are not there as they should be.
pub(super) fn write(
    root: &Path,
    lock: &LockFile,
    workspace: &Workspace,
    rendered: &[Rendered],
) -> Result<()> {
    for entry in &lock.revisions {
        let Some(index) = place(workspace, &entry.id) else {
            continue;
        };
        for part in rendered {
            let Some(scripts) = part.of(index) else {
                continue;
            };
            let at = |direction| root.join(path(&part.dialect, &entry.id, direction));
            put(&at(Direction::Upgrade), &scripts.upgrade)?;
            if let Ok(text) = &scripts.downgrade {
                put(&at(Direction::Downgrade), text)?;
            }
        }
    }
    Ok(())
}

fn put(path: &Path, text: &str) -> Result<()> {
    if fs::read(path).is_ok_and(|known| known == text.as_bytes()) {
        return Ok(());
    }
    let failed = |error: io::Error| {
        let message = format!("cannot write {}: {error}", path.display());
        Box::new(Diagnostic::error(Code::Io, message).with_help("make the directory writable"))
    };
    if let Some(directory) = path.parent() {
        fs::create_dir_all(directory).map_err(failed)?;
    }
    fs::write(path, text).map_err(failed)
}

/// Removes the scripts that the lock no longer speaks of.
pub(super) fn sweep(root: &Path, before: &LockFile, now: &LockFile) -> Result<()> {
    let kept: BTreeSet<String> = all(now)
        .filter(|(_, hash)| *hash != NONE)
        .map(|(path, _)| path)
        .collect();
    for (path, _) in all(before) {
        if kept.contains(&path) {
            continue;
        }
        let path: PathBuf = root.join(path);
        match fs::remove_file(&path) {
            Ok(()) => {}
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => {
                let message = format!("cannot remove {}: {error}", path.display());
                return Err(Box::new(
                    Diagnostic::error(Code::Io, message).with_help("remove it by hand"),
                ));
            }
        }
    }
    Ok(())
}
