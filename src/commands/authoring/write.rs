//! Making the file of a new revision, in a project of either kind.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::clock::{self, Moment};
use super::files::{self, Existing};
use super::{hooks, naming};
use crate::commands::workspace::{Workspace, plain_project};
use crate::commands::{Options, Outcome, Rename};
use crate::config::{AlembicConfig, Authoring, Source};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::project::revise::{NewRevision, new_header};
use crate::frontend::sql;
use crate::revision::Index;

/// What the user says about a new revision.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// `-m`.
    pub message: Option<String>,
    /// The revisions that it follows, as typed.
    pub heads: Vec<String>,
    /// `--splice`: they need not be heads.
    pub splice: bool,
    /// `--branch-label`.
    pub branch_labels: Vec<String>,
    /// `--version-path`.
    pub version_path: Option<PathBuf>,
    /// `--rev-id`.
    pub rev_id: Option<String>,
    /// `--depends-on`.
    pub depends_on: Vec<String>,
    /// `--sql`: print the file instead of writing it.
    pub preview: bool,
    /// `--force`: replace a file of that name.
    pub force: bool,
    /// Whether the project's hooks may run.
    pub hooks: bool,
    /// `--rename`: what a comparison takes for renamed.
    pub renames: Vec<Rename>,
}

/// What the body of a revision is made of, by the names that the template has for the parts.
pub(in crate::commands) type Body = Vec<(String, String)>;

/// Writes a new revision. `body` is asked for its content once it is known what it follows.
pub(in crate::commands) fn revision(
    options: &Options,
    request: &Request,
    body: &dyn Fn(&Workspace, &[Index]) -> Result<Body>,
) -> Result<Outcome> {
    let root = project_directory(options)?;
    let lock = files::lock(&root)?;
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let authoring = match &workspace.config.source {
        Source::Alembic(alembic) => alembic.authoring()?,
        Source::Sql { .. } => Authoring::default(),
    };
    let heads: Vec<&str> = request.heads.iter().map(String::as_str).collect();
    let parents = map.parents_of_new(&heads, request.splice)?;
    let depends: Vec<&str> = request.depends_on.iter().map(String::as_str).collect();
    let moment = clock::now(&authoring, options.fixed_time)?;
    let id = match &request.rev_id {
        Some(id) => id.clone(),
        None => clock::new_id(|id| map.index_of(id).is_some()),
    };
    check_labels(&request.branch_labels)?;
    let ids = |indexes: &[Index]| -> Vec<Arc<str>> {
        let ids = indexes.iter().map(|index| &map.revision(*index).id);
        ids.cloned().collect()
    };
    let mut new = NewRevision {
        id: Arc::from(id.as_str()),
        message: request.message.clone(),
        down_revisions: ids(&parents),
        branch_labels: request
            .branch_labels
            .iter()
            .map(|l| Arc::from(l.as_str()))
            .collect(),
        depends_on: map.dependencies_of_new(&depends)?,
        created: moment.created.clone(),
        names: Vec::new(),
    };
    let directory = directory(&workspace, request, &parents)?;
    let extension = match &workspace.config.source {
        Source::Alembic(_) => ".py",
        Source::Sql { .. } => ".sql",
    };
    let message = request.message.as_deref().unwrap_or_default();
    let name = naming::file_name(&authoring, &id, message, &moment, extension)?;
    let path = directory.join(name);
    check_found(&workspace, &directory, &path)?;
    map.with(new_header(&new, &path))?;
    new.names = body(&workspace, &parents)?;
    let mut outcome = Outcome::default();
    let text = match &workspace.config.source {
        Source::Alembic(alembic) => {
            python(options, &workspace, alembic, &authoring, &new, &mut outcome)?
        }
        Source::Sql { .. } => sql_text(&new, &moment)?,
    };
    if request.preview {
        outcome.output = text;
        return Ok(outcome);
    }
    let existing = if request.force {
        Existing::Replace
    } else {
        Existing::Refuse
    };
    files::write(&path, &text, existing)?;
    drop(lock);
    outcome.output = format!("Generating {} ...  done\n", naming::whole(&path));
    outcome
        .diagnostics
        .extend(hooks::run(&authoring.hooks, &path, request.hooks)?);
    Ok(outcome)
}

/// The directory that stands for the project.
fn project_directory(options: &Options) -> Result<PathBuf> {
    let config = crate::config::Config::load(&options.request)?;
    Ok(match &config.source {
        Source::Alembic(alembic) => alembic.script_location.clone(),
        Source::Sql { directories, .. } => directories.first().cloned().unwrap_or(config.root),
    })
}

fn check_labels(labels: &[String]) -> Result<()> {
    let bad = |c: char| c.is_control() || matches!(c, '@' | ':' | ',');
    for label in labels {
        let reserved = matches!(label.as_str(), "head" | "heads" | "base" | "current");
        if label.trim() != label || label.is_empty() || label.contains(bad) || reserved {
            let message = format!("'{}' is no branch label", label.escape_debug());
            return Err(Box::new(Diagnostic::error(Code::BranchLabel, message).with_help(
                "write a name without `@`, `:`, commas and spaces at its ends, and none of head, heads, base, current",
            )));
        }
    }
    Ok(())
}

/// Where the file goes: the directory that is asked for, else that of the first revision that it
/// follows, else the only one.
fn directory(workspace: &Workspace, request: &Request, parents: &[Index]) -> Result<PathBuf> {
    let locations = match &workspace.config.source {
        Source::Alembic(alembic) => &alembic.version_locations,
        Source::Sql { directories, .. } => directories,
    };
    let same = |a: &Path, b: &Path| match (a.canonicalize(), b.canonicalize()) {
        (Ok(a), Ok(b)) => a == b,
        _ => naming::whole(a) == naming::whole(b),
    };
    let listed = || {
        let shown = locations.iter().map(|path| path.display().to_string());
        format!(
            "the directories are: {}",
            shown.collect::<Vec<_>>().join(", ")
        )
    };
    if let Some(wanted) = &request.version_path {
        let known = locations.iter().find(|location| same(location, wanted));
        return known.cloned().ok_or_else(|| {
            let message = format!(
                "Path {} is not represented in current version locations",
                wanted.display()
            );
            Box::new(
                Diagnostic::error(Code::Usage, message)
                    .with_note(listed())
                    .with_help("name one of them with `--version-path`"),
            )
        });
    }
    match locations.as_slice() {
        [only] => Ok(only.clone()),
        _ => {
            let parent = parents.first().map(|index| workspace.map.revision(*index));
            let inside = parent.and_then(|parent| {
                let holds = |location: &&PathBuf| parent.path.starts_with(location);
                let holds = locations.iter().filter(holds);
                holds.max_by_key(|location| location.components().count())
            });
            inside.cloned().ok_or_else(|| {
                let message = "Multiple version locations present, please specify --version-path";
                Box::new(
                    Diagnostic::error(Code::Usage, message)
                        .with_note(listed())
                        .with_help(
                            "say where the first revision of a branch goes with `--version-path`",
                        ),
                )
            })
        }
    }
}

/// A file in a directory below that of the revisions is only found when the project looks there.
fn check_found(workspace: &Workspace, directory: &Path, path: &Path) -> Result<()> {
    let recursive = match &workspace.config.source {
        Source::Alembic(alembic) => alembic.recursive,
        Source::Sql { recursive, .. } => *recursive,
    };
    if recursive || path.parent() == Some(directory) {
        return Ok(());
    }
    let message = format!(
        "the revision would be in {}, where the project does not look",
        path.parent().unwrap_or(path).display()
    );
    Err(Box::new(
        Diagnostic::error(Code::ConfigInvalid, message)
            .with_help("set `recursive_version_locations = true`, or leave the directory out of `file_template`"),
    ))
}

fn python(
    options: &Options,
    workspace: &Workspace,
    alembic: &AlembicConfig,
    authoring: &Authoring,
    new: &NewRevision,
    outcome: &mut Outcome,
) -> Result<String> {
    let project = plain_project(options, &workspace.library, alembic);
    let text = project.new_file(new, authoring.environment || !new.names.is_empty())?;
    outcome.diagnostics.extend(project.warnings());
    Ok(text)
}

fn sql_text(new: &NewRevision, moment: &Moment) -> Result<String> {
    let part = |name: &str| {
        let found = new.names.iter().find(|(known, _)| known == name);
        found.map_or("", |(_, text)| text.as_str())
    };
    sql::new_file(&sql::NewFile {
        header: sql::Header {
            revision: Arc::clone(&new.id),
            down_revisions: new.down_revisions.clone(),
            branch_labels: new.branch_labels.clone(),
            depends_on: new.depends_on.clone(),
            message: new.message.clone().unwrap_or_default(),
            ..sql::Header::default()
        },
        created: moment.text(),
        up: part("upgrades"),
        down: part("downgrades"),
    })
}
