//! Where bundles are: written as a whole or not at all, and read again.

use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Result};

/// The name of the file that makes a directory a bundle.
pub(super) const MANIFEST: &str = "manifest.json";
/// The largest file that is read, in bytes.
const LARGEST: u64 = 1 << 30;
/// The most files that are read.
const MOST: usize = 1 << 20;

/// Files by their paths from the bundle's directory, with forward slashes.
pub(super) type Files = BTreeMap<String, String>;

/// Writes a bundle beside its place and moves it there. What is there already is only replaced with
/// `force`, and only if it is a bundle or empty.
///
/// # Errors
/// [`Code::Io`]; nothing is left behind then.
pub(super) fn write(place: &Path, files: &Files, force: bool) -> Result<()> {
    let failed = |error: io::Error| {
        let reason = error.to_string();
        let reason = reason.split(" at path ").next().unwrap_or_default();
        let message = format!("cannot write {}: {reason}", place.display());
        Box::new(
            Diagnostic::error(Code::Io, message)
                .with_note("nothing was left behind")
                .with_help(
                    "make room and the directory above it writable, or name another with `-o`",
                ),
        )
    };
    let there = place.symlink_metadata().is_ok();
    if there {
        replaceable(place, force)?;
    }
    let above = match place.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(above).map_err(failed)?;
    let beside = tempfile::Builder::new()
        .prefix(".gensql-")
        .tempdir_in(above)
        .map_err(failed)?;
    let made = beside.path().join("new");
    fs::create_dir(&made).map_err(failed)?;
    for (name, text) in files {
        let path = made.join(name);
        if let Some(directory) = path.parent() {
            fs::create_dir_all(directory).map_err(failed)?;
        }
        fs::write(&path, text).map_err(failed)?;
    }
    if !there {
        return fs::rename(&made, place).map_err(failed);
    }
    let old = beside.path().join("old");
    fs::rename(place, &old).map_err(failed)?;
    if let Err(error) = fs::rename(&made, place) {
        let _ = fs::rename(&old, place);
        return Err(failed(error));
    }
    Ok(())
}

fn replaceable(place: &Path, force: bool) -> Result<()> {
    let refuse = |reason: &str, help: &str| {
        let message = format!("cannot write the bundle to {}: {reason}", place.display());
        Err(Box::new(
            Diagnostic::error(Code::Io, message).with_help(help),
        ))
    };
    let elsewhere = "name a directory that is not there yet with `-o`";
    if place.symlink_metadata().is_ok_and(|meta| !meta.is_dir()) {
        return refuse("it is not a directory", elsewhere);
    }
    let empty = fs::read_dir(place).is_ok_and(|mut entries| entries.next().is_none());
    if empty {
        return Ok(());
    }
    if !place.join(MANIFEST).is_file() {
        return refuse("it is there and is not a bundle", elsewhere);
    }
    if !force {
        return refuse(
            "it is there already",
            "replace it with `--force`, or name another with `-o`",
        );
    }
    Ok(())
}

/// Reads all files of a bundle. What is no file of text is there with what it is instead.
///
/// # Errors
/// [`Code::Io`] when something cannot be read, and where there is no manifest.
pub(super) fn read(place: &Path) -> Result<Files> {
    if !place.join(MANIFEST).is_file() {
        let message = format!("{} is not a bundle: it has no {MANIFEST}", place.display());
        return Err(Box::new(
            Diagnostic::error(Code::Io, message)
                .with_help("name the directory that `gensql bundle` has written"),
        ));
    }
    let mut found = Files::new();
    let mut open: Vec<(PathBuf, String)> = vec![(place.to_path_buf(), String::new())];
    while let Some((directory, prefix)) = open.pop() {
        let failed = |path: &Path, error: io::Error| {
            let message = format!("cannot read {}: {error}", path.display());
            Box::new(Diagnostic::error(Code::Io, message).with_help("make it readable"))
        };
        for entry in fs::read_dir(&directory).map_err(|e| failed(&directory, e))? {
            let entry = entry.map_err(|e| failed(&directory, e))?;
            let path = entry.path();
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            let kind = entry.file_type().map_err(|e| failed(&path, e))?;
            if kind.is_dir() {
                open.push((path, format!("{name}/")));
                continue;
            }
            let size = entry.metadata().map_err(|e| failed(&path, e))?.len();
            if !kind.is_file() || size > LARGEST || found.len() >= MOST {
                found.insert(name, "(not a file of text)".to_owned());
                continue;
            }
            let bytes = fs::read(&path).map_err(|e| failed(&path, e))?;
            let text = String::from_utf8(bytes)
                .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned());
            found.insert(name, text);
        }
    }
    Ok(found)
}
