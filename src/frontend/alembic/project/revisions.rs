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

/// A file that was read.
pub(super) enum Read {
    /// With its header.
    Header(Revision, Arc<SourceFile>),
    /// The header has to be evaluated.
    Evaluate(PathBuf, Arc<SourceFile>),
}

impl Read {
    /// The file.
    pub(super) fn file(&self) -> &Arc<SourceFile> {
        match self {
            Self::Header(_, file) | Self::Evaluate(_, file) => file,
        }
    }
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
    let mut revisions = Vec::with_capacity(paths.len());
    for read in read_all(project, &paths) {
        revisions.push(match read? {
            Read::Header(revision, _) => revision,
            Read::Evaluate(path, file) => {
                project.with_vm(|vm| evaluate::header(vm, &path, &file))?
            }
        });
    }
    Ok(revisions)
}

/// Reads files on as many threads as pay. The first of them are those of the thread that goes on
/// to parse: they are most often the first that will be asked for.
fn read_all(project: &Project, paths: &[PathBuf]) -> Vec<Result<Read>> {
    let limit = project.options.budget.memory;
    let here = |paths: &[PathBuf]| -> Vec<_> { paths.iter().map(|p| read(p, limit)).collect() };
    let early = &project.options.early;
    if paths.len() < early.few(FEW) {
        return here(paths);
    }
    let threads = match paths.len() {
        ..MANY => 2,
        MANY.. => std::thread::available_parallelism().map_or(1, |n| n.get().clamp(2, 8)),
    };
    let size = paths.len().div_ceil(threads);
    let (first, others) = paths.split_at(size.min(paths.len()));
    let (mine, others) = others.split_at(size.min(others.len()));
    let reading = early.read(first, limit);
    let mut rest = Vec::new();
    std::thread::scope(|scope| {
        let workers: Vec<_> = others
            .chunks(size)
            .map(|chunk| (chunk, scope.spawn(move || here(chunk))))
            .collect();
        rest.extend(here(mine));
        for (chunk, worker) in workers {
            rest.extend(worker.join().unwrap_or_else(|_| here(chunk)));
        }
    });
    let mut all = reading
        .and_then(super::ahead::Reading::wait)
        .unwrap_or_else(|| here(first));
    all.append(&mut rest);
    all
}

/// Reads a file and its header.
pub(super) fn read(path: &Path, limit: usize) -> Result<Read> {
    let file = files::read_source(path, limit)?;
    match header::scan(file.text()) {
        header::Scan::Found(found) => {
            let revision = revision(path, Arc::clone(&file), found);
            Ok(Read::Header(revision, file))
        }
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
