//! The headers of a project's revisions.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

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
    for read in read_all(project, paths) {
        revisions.push(match read? {
            Read::Header(revision, _) => revision,
            Read::Evaluate(path, file) => {
                project.with_vm(|vm| evaluate::header(vm, &path, &file))?
            }
        });
    }
    Ok(revisions)
}

/// Files that several threads read, each the next one that nobody has begun.
pub(super) struct Queue {
    paths: Vec<PathBuf>,
    limit: usize,
    next: AtomicUsize,
}

/// Files that a thread has read, with their numbers.
pub(super) type Share = Vec<(usize, Result<Read>)>;

impl Queue {
    /// Reads files until there are none left.
    pub(super) fn work(&self) -> Share {
        let mut share = Share::with_capacity(self.paths.len() / 2 + 1);
        loop {
            let number = self.next.fetch_add(1, Ordering::Relaxed);
            let Some(path) = self.paths.get(number) else {
                return share;
            };
            share.push((number, read(path, self.limit)));
        }
    }
}

/// Reads files on as many threads as pay. The second one may go on to parse them.
fn read_all(project: &Project, paths: Vec<PathBuf>) -> Vec<Result<Read>> {
    let early = &project.options.early;
    let limit = project.options.budget.memory;
    if paths.len() < early.few(FEW) {
        return paths.iter().map(|path| read(path, limit)).collect();
    }
    let threads = match paths.len() {
        ..MANY => 2,
        MANY.. => std::thread::available_parallelism().map_or(2, |n| n.get().clamp(2, 8)),
    };
    let queue = Arc::new(Queue {
        paths,
        limit,
        next: AtomicUsize::new(0),
    });
    let second = early.read(&queue);
    let mut shares = Vec::with_capacity(threads);
    std::thread::scope(|scope| {
        let others: Vec<_> = (2..threads).map(|_| scope.spawn(|| queue.work())).collect();
        shares.push(queue.work());
        shares.extend(others.into_iter().filter_map(|other| other.join().ok()));
    });
    shares.extend(second.and_then(super::ahead::Reading::wait));
    let mut all: Vec<Option<Result<Read>>> = Vec::new();
    all.resize_with(queue.paths.len(), || None);
    for (number, read) in shares.into_iter().flatten() {
        if let Some(place) = all.get_mut(number) {
            *place = Some(read);
        }
    }
    // What a thread that failed has left is read here.
    let missing = all.into_iter().zip(&queue.paths);
    missing
        .map(|(found, path)| found.unwrap_or_else(|| read(path, limit)))
        .collect()
}

/// Reads a file and its header.
fn read(path: &Path, limit: usize) -> Result<Read> {
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
    // Alembic asks whether the value is true, so an empty text alone is no dependency.
    let nothing = |needs: &[Arc<str>]| matches!(needs, [only] if only.is_empty());
    Revision {
        id: found.revision,
        down_revisions: found.down_revisions,
        depends_on: if nothing(&found.depends_on) {
            Vec::new()
        } else {
            found.depends_on
        },
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
