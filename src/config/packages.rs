//! Where packages are installed that a project imports and that are not part of it.

use std::path::{Path, PathBuf};

use crate::diagnostic::{Code, Diagnostic, Result};

/// The directories that modules are looked for in: of a virtual environment its `site-packages`, else what was named.
///
/// # Errors
/// A directory that does not exist, and a virtual environment without packages.
pub(super) fn directories(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    named.iter().map(|path| directory(path)).collect()
}

fn directory(named: &Path) -> Result<PathBuf> {
    if !named.is_dir() {
        return Err(wrong(named, "does not exist"));
    }
    // The mark of a virtual environment, by PEP 405.
    if !named.join("pyvenv.cfg").is_file() {
        return Ok(named.to_owned());
    }
    let windows = named.join("Lib").join("site-packages");
    if windows.is_dir() {
        return Ok(windows);
    }
    let versions = std::fs::read_dir(named.join("lib")).into_iter().flatten();
    let mut found: Vec<PathBuf> = versions
        .filter_map(|entry| Some(entry.ok()?.path().join("site-packages")))
        .filter(|path| path.is_dir())
        .collect();
    found.sort();
    found
        .pop()
        .ok_or_else(|| wrong(named, "is a virtual environment without site-packages"))
}

fn wrong(named: &Path, what: &str) -> Box<Diagnostic> {
    let message = format!("the directory of packages {} {what}", named.display());
    Box::new(
        Diagnostic::error(Code::ConfigInvalid, message).with_help(
            "name a virtual environment, or the directory that packages are installed in, with `--packages`",
        ),
    )
}
