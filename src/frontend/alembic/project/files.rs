//! Reading a project's files: which ones there are, and their text.

use std::fs;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use walkdir::WalkDir;

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{SourceFile, by_name};

/// The files of a version directory that Alembic would import, in its order: by file name; with
/// `recursive`, directories in order of their names.
///
/// Links are followed; a loop of links is an error.
pub fn version_files(directory: &Path, recursive: bool) -> Result<Vec<PathBuf>> {
    let depth = if recursive { usize::MAX } else { 1 };
    let mut files = Vec::new();
    let walk = WalkDir::new(directory)
        .min_depth(1)
        .max_depth(depth)
        .follow_links(true)
        .sort_by(by_name)
        .into_iter()
        .filter_entry(|entry| entry.file_name() != "__pycache__");
    for entry in walk {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(directory).display().to_string();
            let diagnostic = if error.loop_ancestor().is_some() {
                Diagnostic::error(
                    Code::Io,
                    format!("`{path}` is a symbolic link to a directory that contains it"),
                )
                .with_help("remove the link, or name the directories in `version_locations`")
            } else {
                let link = std::fs::symlink_metadata(&path).is_ok_and(|meta| meta.is_symlink());
                let reason = match error.io_error() {
                    Some(reason) => reason.to_string(),
                    None => error.to_string(),
                };
                Diagnostic::error(Code::Io, format!("cannot read `{path}`: {reason}")).with_help(
                    if link {
                        "correct the symbolic link, or remove it"
                    } else {
                        "check that the directory exists and can be read"
                    },
                )
            };
            Box::new(diagnostic)
        })?;
        if is_revision_name(&entry.file_name().to_string_lossy()) && !entry.file_type().is_dir() {
            files.push(entry.into_path());
        }
    }
    Ok(files)
}

/// Alembic's own pattern: `(?!\.\#|__init__)(.*\.py)$`.
fn is_revision_name(name: &str) -> bool {
    name.ends_with(".py") && !name.starts_with(".#") && !name.starts_with("__init__")
}

/// Reads a Python source file, in UTF-8 or in the encoding of its coding cookie.
pub fn read_source(path: &Path, limit: usize) -> Result<Arc<SourceFile>> {
    let bytes = read_bytes(path, limit)?;
    decode(path, bytes)
}

/// Reads a file that is not larger than `limit` bytes.
pub fn read_bytes(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let failed = |error: std::io::Error| {
        Box::new(
            Diagnostic::error(
                Code::Io,
                format!("cannot read `{}`: {error}", path.display()),
            )
            .with_help("check that it is a file and can be read"),
        )
    };
    let meta = fs::metadata(path).map_err(failed)?;
    if !meta.is_file() {
        return Err(Box::new(
            Diagnostic::error(Code::Io, format!("`{}` is not a file", path.display()))
                .with_help("remove it from the version directory, or rename it"),
        ));
    }
    if meta.len() > limit as u64 {
        return Err(Box::new(
            Diagnostic::error(
                Code::BudgetExceeded,
                format!(
                    "`{}` has {} bytes, more than the memory budget of {limit}",
                    path.display(),
                    meta.len()
                ),
            )
            .with_help("raise the budget with `--max-memory`"),
        ));
    }
    // One system call fewer than `fs::read`, which asks for the size again.
    let mut file = fs::File::open(path).map_err(failed)?;
    let mut bytes = vec![0; usize::try_from(meta.len()).unwrap_or(0) + 1];
    let read = file.read(&mut bytes).map_err(failed)?;
    let whole = read + 1 == bytes.len();
    bytes.truncate(read);
    if !whole {
        // It was written to in between, or the system gave less than asked for.
        let rest = (limit as u64 + 1).saturating_sub(read as u64);
        file.take(rest).read_to_end(&mut bytes).map_err(failed)?;
    }
    Ok(bytes)
}

fn decode(path: &Path, bytes: Vec<u8>) -> Result<Arc<SourceFile>> {
    if declares_latin1(&bytes) {
        let text: String = bytes.into_iter().map(char::from).collect();
        return Ok(SourceFile::new(path, text));
    }
    SourceFile::decode(path, bytes).map_err(|(place, byte)| {
        Box::new(
            Diagnostic::error(
                Code::PythonSyntax,
                format!("the file is not UTF-8: byte 0x{byte:02x}"),
            )
            .at(place)
            .with_help(
                "save the file as UTF-8, or declare its encoding in a coding comment (latin-1)",
            ),
        )
    })
}

/// Whether one of the first two lines has PEP 263's cookie for Latin-1.
fn declares_latin1(bytes: &[u8]) -> bool {
    bytes.split(|b| *b == b'\n').take(2).any(|line| {
        let line = String::from_utf8_lossy(line).to_lowercase();
        line.trim_start().starts_with('#')
            && line.split_once("coding").is_some_and(|(_, rest)| {
                let rest = rest.trim_start_matches([':', '=', ' ']);
                ["latin-1", "latin1", "iso-8859-1", "iso8859-1", "l1"]
                    .iter()
                    .any(|name| {
                        rest.strip_prefix(name).is_some_and(|rest| {
                            !rest.starts_with(|c: char| c.is_alphanumeric() || c == '-')
                        })
                    })
            })
    })
}
