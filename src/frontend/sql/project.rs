//! The SQL revisions of a project: their files, headers and operations.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use walkdir::WalkDir;

use super::header::{Section, SqlFile};
use super::portable::Reader;
use super::template::Template;
use crate::config::Settings;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::project::files;
use crate::operation::{Located, Operation};
use crate::revision::{Direction, Revision};
use crate::source::{Location, SourceFile, Span, by_name};

/// Which files are read, and how much of them.
#[derive(Clone, Debug)]
pub struct Options {
    /// The directories, in order.
    pub directories: Vec<PathBuf>,
    /// Whether their sub-directories belong to them.
    pub recursive: bool,
    /// The largest file and the longest rendered section, in bytes.
    pub limit: usize,
}

/// What templates see, and what statements are read for.
struct Reading {
    template: Template,
    dialect: Rc<Dialect>,
    types: BTreeMap<String, BTreeMap<String, String>>,
}

impl Reading {
    fn reader(&self) -> Reader<'_> {
        Reader::new(Some(&self.dialect), &self.types)
    }
}

/// SQL revisions that were found.
pub struct Project {
    files: Vec<SqlFile>,
    by_id: FxHashMap<Arc<str>, usize>,
    limit: usize,
    reading: Option<Reading>,
}

impl Project {
    /// Reads all files and their headers.
    pub fn open(options: &Options) -> Result<Self> {
        let mut files = Vec::new();
        for directory in &options.directories {
            for path in sql_files(directory, options.recursive)? {
                files.push(SqlFile::parse(read(&path, options.limit)?)?);
            }
        }
        let by_id = files
            .iter()
            .enumerate()
            .map(|(index, file)| (Arc::clone(&file.header.revision), index))
            .collect();
        Ok(Self {
            files,
            by_id,
            limit: options.limit,
            reading: None,
        })
    }

    /// Sets the dialect and the variables that templates see and statements are read for.
    #[must_use]
    pub fn with_dialect(mut self, dialect: &Rc<Dialect>, settings: &Settings) -> Self {
        let template = Template::new(
            dialect.name(),
            dialect.version(),
            &settings.vars,
            self.limit,
        );
        self.reading = Some(Reading {
            template,
            dialect: Rc::clone(dialect),
            types: settings.types.clone(),
        });
        self
    }

    /// The revisions, in the order of their files.
    pub fn revisions(&self) -> Vec<Revision> {
        self.files.iter().map(revision).collect()
    }

    /// Whether the revision has a `-- migrate:down` section.
    pub fn has_down(&self, revision: &Revision) -> bool {
        let file = self.by_id.get(&revision.id);
        let file = file.and_then(|index| self.files.get(*index));
        file.is_some_and(|file| file.down.is_some())
    }

    /// What a file that is not part of the project does in a direction.
    pub fn operations_of(
        &self,
        file: &Arc<SourceFile>,
        direction: Direction,
    ) -> Result<Vec<Located>> {
        let file = SqlFile::parse(Arc::clone(file))?;
        let Some(reading) = &self.reading else {
            return Ok(Vec::new());
        };
        let section = match direction {
            Direction::Upgrade => &file.up,
            Direction::Downgrade => file.down.as_ref().ok_or_else(|| no_down(&file))?,
        };
        read_section(&file, section, reading)
    }

    /// What a revision does in a direction.
    pub fn operations(&self, revision: &Revision, direction: Direction) -> Result<Vec<Located>> {
        let file = self
            .by_id
            .get(&revision.id)
            .and_then(|i| self.files.get(*i));
        let (Some(file), Some(reading)) = (file, &self.reading) else {
            let message = format!("revision `{}` was not read", revision.id);
            return Err(Box::new(Diagnostic::error(
                Code::SqlRevisionInvalid,
                message,
            )));
        };
        let section = match direction {
            Direction::Upgrade => &file.up,
            Direction::Downgrade => file.down.as_ref().ok_or_else(|| no_down(file))?,
        };
        read_section(file, section, reading)
    }
}

fn read_section(file: &SqlFile, section: &Section, reading: &Reading) -> Result<Vec<Located>> {
    let source = &file.file;
    let raw = source.text().get(section.body.clone()).unwrap_or_default();
    let place = |span: Span| Some(Location::new(Arc::clone(source), span));
    let marker = Span::new(section.marker.start, section.marker.end);
    let reader = reading.reader();
    let mut found = Vec::new();
    if Template::is_needed(raw) {
        // Offsets in the rendered text say nothing about the file.
        let text = reading.template.render(source, section.body.clone())?;
        for (operation, _) in reader.read(&text) {
            found.push((operation, marker));
        }
    } else {
        let start = section.body.start;
        for (operation, at) in reader.read(raw) {
            found.push((operation, Span::new(start + at.start, start + at.end)));
        }
    }
    if !section.transaction {
        found.insert(0, (Operation::BeginAutocommit, marker));
        found.push((Operation::EndAutocommit, marker));
    }
    Ok(found
        .into_iter()
        .map(|(operation, span)| Located {
            operation,
            location: place(span),
            stack: Vec::new(),
            spelled: Vec::new(),
        })
        .collect())
}

fn revision(file: &SqlFile) -> Revision {
    let header = &file.header;
    Revision {
        id: Arc::clone(&header.revision),
        down_revisions: header.down_revisions.clone(),
        depends_on: header.depends_on.clone(),
        branch_labels: header.branch_labels.clone(),
        doc: header.message.clone(),
        path: file.file.path().to_owned(),
        location: Some(Location::new(Arc::clone(&file.file), header.span)),
    }
}

fn no_down(file: &SqlFile) -> Box<Diagnostic> {
    let header = &file.header;
    let message = format!(
        "revision `{}` has no `-- migrate:down` section",
        header.revision
    );
    Box::new(
        Diagnostic::error(Code::SqlRevisionInvalid, message)
            .at(Location::new(Arc::clone(&file.file), header.span))
            .with_help("add the section; leave it empty if there is nothing to undo"),
    )
}

/// The `.sql` files of a directory by name; with `recursive`, those of its directories after them.
fn sql_files(directory: &Path, recursive: bool) -> Result<Vec<PathBuf>> {
    let walk = WalkDir::new(directory)
        .min_depth(1)
        .max_depth(if recursive { usize::MAX } else { 1 })
        .follow_links(true)
        .sort_by(by_name);
    let mut found = Vec::new();
    for entry in walk {
        let entry = entry.map_err(|error| {
            let path = error.path().unwrap_or(directory).display().to_string();
            Box::new(if error.loop_ancestor().is_some() {
                let message =
                    format!("`{path}` is a symbolic link to a directory that contains it");
                Diagnostic::error(Code::Io, message).with_help("remove the link")
            } else {
                let reason = error
                    .into_io_error()
                    .map(|e| e.to_string())
                    .unwrap_or_default();
                Diagnostic::error(Code::Io, format!("cannot read `{path}`: {reason}"))
                    .with_help("check `revisions` in gensql.toml")
            })
        })?;
        let name = entry.file_name().to_string_lossy();
        if name.ends_with(".sql") && !name.starts_with('.') {
            found.push(entry.into_path());
        }
    }
    Ok(found)
}

fn read(path: &Path, limit: usize) -> Result<Arc<SourceFile>> {
    let bytes = files::read_bytes(path, limit)?;
    SourceFile::decode(path, bytes).map_err(|(place, byte)| {
        let message = format!("the file is not UTF-8: byte 0x{byte:02x}");
        Box::new(
            Diagnostic::error(Code::SqlRevisionInvalid, message)
                .at(place)
                .with_help("save the file as UTF-8"),
        )
    })
}
