//! A project that is open: its configuration, its front-end and its revision map.

use crate::config::{Config, Source};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::project::{files, header};
use crate::frontend::sql;
use crate::revision::{Revision, RevisionMap};
use crate::source::{Location, Span};

use super::Options;
use super::script::Operations;

/// An open project.
pub(super) struct Workspace {
    pub(super) config: Config,
    pub(super) map: RevisionMap,
}

impl Workspace {
    /// Reads the configuration and the headers of all revisions.
    pub(super) fn open(options: &Options) -> Result<Self> {
        let config = Config::load(&options.request)?;
        let revisions = revisions(&config, options)?;
        let map = RevisionMap::new(revisions)?;
        Ok(Self { config, map })
    }
}

impl Workspace {
    /// The front-end that evaluates revisions.
    pub(super) fn frontend(&self) -> Result<Box<dyn Operations>> {
        let message = match self.config.source {
            Source::Alembic(_) => "Alembic revisions cannot be evaluated yet",
            Source::Sql { .. } => "SQL revisions cannot be read yet",
        };
        Err(Box::new(Diagnostic::error(Code::Unsupported, message)))
    }
}

fn revisions(config: &Config, options: &Options) -> Result<Vec<Revision>> {
    let alembic = match &config.source {
        Source::Alembic(alembic) => alembic,
        Source::Sql {
            directories,
            recursive,
        } => {
            let project = sql::Project::open(&sql::Options {
                directories: directories.clone(),
                recursive: *recursive,
                limit: options.budget.memory,
            })?;
            return Ok(project.revisions());
        }
    };
    let mut revisions = Vec::new();
    for directory in alembic
        .version_locations
        .iter()
        .filter(|directory| directory.exists())
    {
        for path in files::version_files(directory, alembic.recursive)? {
            let file = files::read_source(&path, options.budget.memory)?;
            match header::scan(file.text()) {
                header::Scan::Found(found) => revisions.push(Revision {
                    id: found.revision,
                    down_revisions: found.down_revisions,
                    depends_on: found.depends_on,
                    branch_labels: found.branch_labels,
                    doc: found.doc.map(|doc| doc.to_string()).unwrap_or_default(),
                    location: Some(Location::new(
                        file,
                        Span::new(found.offset, found.offset + 8),
                    )),
                    path,
                }),
                header::Scan::Absent => {
                    let name = path.file_name().unwrap_or_default().display().to_string();
                    let message = format!("Could not determine revision id from filename {name}");
                    return Err(Box::new(
                        Diagnostic::error(Code::NotARevision, message)
                            .at(Location::new(file, Span::default()))
                            .with_help("set `revision` in it, or move the file elsewhere"),
                    ));
                }
                header::Scan::Unclear => {
                    let message = "the header of the revision is computed";
                    return Err(Box::new(
                        Diagnostic::error(Code::PythonUnsupported, message)
                            .at(Location::new(file, Span::default())),
                    ));
                }
            }
        }
    }
    Ok(revisions)
}
