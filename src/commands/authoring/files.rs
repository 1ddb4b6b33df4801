//! Writing files so that they are there whole or not at all, and never over others.

use std::fs::{self, File, TryLockError};
use std::io::{self, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use crate::diagnostic::{Code, Diagnostic, Result};

/// How long another process may keep the project.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long to wait before looking again.
const PAUSE: Duration = Duration::from_millis(20);

/// What happens to a file that is there already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::commands) enum Existing {
    /// It is an error.
    Refuse,
    /// It is replaced.
    Replace,
}

/// Writes a text file beside its place and moves it there. Directories that are missing are made.
///
/// # Errors
/// [`Code::Io`] when it cannot be written, or is there and may not be replaced.
pub(in crate::commands) fn write(path: &Path, text: &str, existing: Existing) -> Result<()> {
    let failed = |error: io::Error| {
        let reason = error.to_string();
        let reason = reason.split(" at path ").next().unwrap_or_default();
        let message = format!("cannot write {}: {reason}", path.display());
        Box::new(
            Diagnostic::error(Code::Io, message)
                .with_help("make the directory writable, or choose another"),
        )
    };
    let directory = match path.parent() {
        Some(parent) if !parent.as_os_str().is_empty() => parent,
        _ => Path::new("."),
    };
    fs::create_dir_all(directory).map_err(failed)?;
    let mut builder = tempfile::Builder::new();
    builder.prefix(".gensql-").suffix(".tmp");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(directory).map_err(failed)?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(failed)?;
    file.as_file().sync_all().map_err(failed)?;
    match existing {
        Existing::Replace => {
            if let Ok(meta) = fs::metadata(path) {
                file.as_file()
                    .set_permissions(meta.permissions())
                    .map_err(failed)?;
            }
            file.persist(path).map_err(|error| failed(error.error))?;
        }
        Existing::Refuse => {
            file.persist_noclobber(path).map_err(|error| {
                if error.error.kind() == io::ErrorKind::AlreadyExists {
                    there_already(path)
                } else {
                    failed(error.error)
                }
            })?;
        }
    }
    Ok(())
}

fn there_already(path: &Path) -> Box<Diagnostic> {
    let message = format!("the file {} is there already", path.display());
    Box::new(
        Diagnostic::error(Code::Io, message)
            .with_help("choose another message or identifier, or replace the file with `--force`"),
    )
}

/// Keeps other processes from adding revisions to a project until it is dropped.
pub(in crate::commands) struct Lock {
    _directory: Option<File>,
}

/// Waits until no other process adds revisions to the project in the directory. Where the system
/// has no such locks there is nothing to wait for.
///
/// # Errors
/// When another process keeps the project for too long.
pub(in crate::commands) fn lock(directory: &Path) -> Result<Lock> {
    let Ok(opened) = File::open(directory) else {
        return Ok(Lock { _directory: None });
    };
    let start = Instant::now();
    loop {
        match opened.try_lock() {
            Ok(()) => {
                return Ok(Lock {
                    _directory: Some(opened),
                });
            }
            Err(TryLockError::Error(_)) => return Ok(Lock { _directory: None }),
            Err(TryLockError::WouldBlock) if start.elapsed() > PATIENCE => {
                let message = format!(
                    "another process has been writing to {} for {} seconds",
                    directory.display(),
                    PATIENCE.as_secs()
                );
                return Err(Box::new(
                    Diagnostic::error(Code::Io, message)
                        .with_help("wait until it is done, and try again"),
                ));
            }
            Err(TryLockError::WouldBlock) => std::thread::sleep(PAUSE),
        }
    }
}
