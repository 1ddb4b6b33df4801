//! The headers of a project's revisions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::{Project, evaluate, files, header};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Revision;
use crate::source::{Location, SourceFile, Span};

/// Files below which reading on several threads does not pay.
const FEW: usize = 48;
/// Files above which it pays to ask how many processors there are, which takes a dozen system
/// calls.
const MANY: usize = 400;

enum Read {
    Header(Revision),
    /// The header has to be evaluated.
    Evaluate(PathBuf, Arc<SourceFile>),
}

/// Reads the headers, in load order.
pub fn load(project: &Project) -> Result<Vec<Revision>> {
    let config = &project.config;
    let mut paths = Vec::new();
    for directory in &config.version_locations {
        if directory.exists() {
            paths.extend(files::version_files(directory, config.recursive)?);
        }
    }
    let limit = project.options.budget.memory;
    let mut revisions = Vec::with_capacity(paths.len());
    for read in read_all(&paths, limit) {
        revisions.push(match read? {
            Read::Header(revision) => revision,
            Read::Evaluate(path, file) => {
                project.with_vm(|vm| evaluate::header(vm, &path, &file))?
            }
        });
    }
    Ok(revisions)
}

fn read_all(paths: &[PathBuf], limit: usize) -> Vec<Result<Read>> {
    let threads = match paths.len() {
        ..FEW => 1,
        FEW..MANY => 2,
        MANY.. => std::thread::available_parallelism().map_or(1, |n| n.get().min(8)),
    };
    if threads < 2 {
        return paths.iter().map(|path| read(path, limit)).collect();
    }
    let size = paths.len().div_ceil(threads);
    let (mine, others) = paths.split_at(size.min(paths.len()));
    let mut parts: Vec<Vec<Result<Read>>> = Vec::new();
    std::thread::scope(|scope| {
        let workers: Vec<_> = others
            .chunks(size)
            .map(|chunk| {
                let work = move || chunk.iter().map(|path| read(path, limit)).collect();
                (chunk, scope.spawn(work))
            })
            .collect();
        parts.push(mine.iter().map(|path| read(path, limit)).collect());
        for (chunk, worker) in workers {
            parts.push(match worker.join() {
                Ok(part) => part,
                Err(_) => chunk.iter().map(|path| read(path, limit)).collect(),
            });
        }
    });
    parts.into_iter().flatten().collect()
}

fn read(path: &Path, limit: usize) -> Result<Read> {
    let file = files::read_source(path, limit)?;
    match header::scan(file.text()) {
        header::Scan::Found(found) => Ok(Read::Header(revision(path, file, found))),
        header::Scan::Absent => Err(no_revision(path, file)),
        header::Scan::Unclear => Ok(Read::Evaluate(path.to_path_buf(), file)),
    }
}

/// A revision from its header.
pub fn revision(path: &Path, file: Arc<SourceFile>, found: header::Header) -> Revision {
    let span = Span::new(found.offset, found.offset + "revision".len());
    Revision {
        id: found.revision,
        down_revisions: found.down_revisions,
        depends_on: found.depends_on,
        branch_labels: found.branch_labels,
        doc: found.doc.map(|doc| doc.to_string()).unwrap_or_default(),
        location: Some(Location::new(file, span)),
        path: path.to_path_buf(),
    }
}

/// The file has no `revision`.
pub fn no_revision(path: &Path, file: Arc<SourceFile>) -> Box<Diagnostic> {
    let name = path.file_name().unwrap_or_default().display().to_string();
    Box::new(
        Diagnostic::error(
            Code::NotARevision,
            format!("Could not determine revision id from filename {name}"),
        )
        .at(Location::new(file, Span::default()))
        .with_help("set the variable `revision` in it, or move the file elsewhere"),
    )
}
