//! The one owner of standard output and standard error.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use anstream::{AutoStream, ColorChoice};

use super::args::Color;
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::report;

/// Writes what a command found out.
pub(crate) struct Printer {
    color: ColorChoice,
    quiet: bool,
}

impl Printer {
    pub(crate) fn new(color: Color, quiet: bool) -> Self {
        let color = match color {
            Color::Auto => AutoStream::choice(&io::stderr()),
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        };
        Self { color, quiet }
    }

    /// Writes a diagnostic to standard error. When that is closed there is nobody to tell.
    pub(crate) fn diagnostic(&self, diagnostic: &Diagnostic) {
        if self.quiet && diagnostic.severity != Severity::Error {
            return;
        }
        let styled = !matches!(self.color, ColorChoice::Never);
        let text = report::render(diagnostic, styled);
        let _ = AutoStream::new(io::stderr(), self.color).write_all(text.as_bytes());
    }

    /// Says on the standard output what was done.
    pub(crate) fn progress(&self, text: &str) -> Result<()> {
        if self.quiet || text.is_empty() {
            return Ok(());
        }
        self.output(text, None)
    }

    /// Writes the whole output to standard output, or to a file beside which it is made first.
    pub(crate) fn output(&self, text: &str, file: Option<&Path>) -> Result<()> {
        match file {
            Some(path) if path != Path::new("-") => write_file(path, text),
            _ => match write_stdout(text) {
                Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
                Err(error) => {
                    let message = format!("cannot write to the standard output: {error}");
                    Err(Box::new(Diagnostic::error(Code::Io, message).with_help(
                        "what was written is not the whole script: make room, or name another file with `-o`",
                    )))
                }
                Ok(()) => Ok(()),
            },
        }
    }
}

/// Writes files to a directory, which is made if it is not there.
pub(super) fn write_files(directory: &Path, files: &[(String, String)]) -> Result<()> {
    fs::create_dir_all(directory).map_err(|error| {
        let message = format!("cannot make the directory {}: {error}", directory.display());
        Box::new(Diagnostic::error(Code::Io, message).with_help("name another directory with `-o`"))
    })?;
    files
        .iter()
        .try_for_each(|(name, text)| write_file(&directory.join(name), text))
}

/// Whether `-o` names a directory.
pub(super) fn is_directory(path: &Path) -> bool {
    path.is_dir() || ends_in_separator(path)
}

fn write_stdout(text: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())?;
    out.flush()
}

fn write_file(path: &Path, text: &str) -> Result<()> {
    let failed = |error: io::Error| {
        // What the temporary file is called is of no interest.
        let reason = error.to_string();
        let reason = reason.split(" at path ").next().unwrap_or_default();
        let message = format!("cannot write {}: {reason}", path.display());
        let found = Diagnostic::error(Code::Io, message);
        Box::new(match error.kind() {
            io::ErrorKind::NotFound => found.with_help("make the directory first"),
            io::ErrorKind::StorageFull => found
                .with_note("nothing was left behind")
                .with_help("make room, or name a file elsewhere with `-o`"),
            _ => found.with_help("name a file that can be written with `-o`"),
        })
    };
    let target = behind_links(path);
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(fs::Metadata::is_dir) || ends_in_separator(path) {
        let message = format!("cannot write {}: it is a directory", path.display());
        return Err(Box::new(
            Diagnostic::error(Code::Io, message).with_help("name a file in it"),
        ));
    }
    if existing.as_ref().is_some_and(|meta| !meta.is_file()) {
        // A device or a pipe can only be written to directly.
        let mut file = fs::OpenOptions::new()
            .write(true)
            .open(&target)
            .map_err(failed)?;
        return match file.write_all(text.as_bytes()).and_then(|()| file.flush()) {
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
            other => other.map_err(failed),
        };
    }
    let directory = match target.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gensql-").suffix(".tmp");
    let permissions = existing.map(|meta| meta.permissions());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory).map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(failed)?;
    if let Some(permissions) = permissions {
        file.as_file()
            .set_permissions(permissions)
            .map_err(failed)?;
    }
    file.as_file().sync_all().map_err(failed)?;
    file.persist(&target).map_err(|error| failed(error.error))?;
    Ok(())
}

/// The file that a chain of symbolic links leads to, also when it is not there yet.
fn behind_links(path: &Path) -> PathBuf {
    let mut target = path.to_path_buf();
    for _ in 0..40 {
        let Ok(next) = fs::read_link(&target) else {
            break;
        };
        target = match target.parent() {
            Some(parent) => parent.join(next),
            None => next,
        };
    }
    target
}

fn ends_in_separator(path: &Path) -> bool {
    path.as_os_str()
        .to_string_lossy()
        .ends_with(std::path::MAIN_SEPARATOR)
}
