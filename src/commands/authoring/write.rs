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
use crate::frontend::alembic::project::directives::Draft;
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

/// Revisions that are to be written, with their bodies.
pub(in crate::commands) type Drafts = Vec<(Draft, Body)>;

/// Makes of a revision as it is asked for what is written.
pub(in crate::commands) type Filling<'a> = &'a dyn Fn(&Workspace, Draft) -> Result<Drafts>;

/// Writes a new revision. `fill` is asked for its content once it is known that the revision as it
/// is asked for can be; it may leave another one, several or none.
pub(in crate::commands) fn revision(
    options: &Options,
    request: &Request,
    fill: Filling<'_>,
) -> Result<Outcome> {
    let root = project_directory(options)?;
    let lock = files::lock(&root)?;
    let mut workspace = Workspace::open(options)?;
    let authoring = match &workspace.config.source {
        Source::Alembic(alembic) => alembic.authoring()?,
        Source::Sql { .. } => Authoring::default(),
    };
    let moment = clock::now(&authoring, options.fixed_time)?;
    let id = match &request.rev_id {
        Some(id) => id.clone(),
        None => clock::new_id(|id| workspace.map.index_of(id).is_some()),
    };
    let version_path = request.version_path.as_ref();
    let draft = Draft {
        id,
        message: request.message.clone(),
        heads: request.heads.clone(),
        splice: request.splice,
        branch_labels: request.branch_labels.clone(),
        version_path: version_path.map(|path| path.to_string_lossy().into_owned()),
        depends_on: request.depends_on.clone(),
        imports: Vec::new(),
        parts: Vec::new(),
    };
    place(&workspace, &authoring, &moment, &draft)?;
    let mut outcome = Outcome::default();
    let existing = if request.force {
        Existing::Replace
    } else {
        Existing::Refuse
    };
    let mut written = Vec::new();
    for (number, (draft, body)) in fill(&workspace, draft)?.into_iter().enumerate() {
        if number > 0 && !request.preview {
            workspace = Workspace::open(options)?;
        }
        let (mut new, path) = place(&workspace, &authoring, &moment, &draft)?;
        new.names = body;
        let text = match &workspace.config.source {
            Source::Alembic(alembic) => {
                python(options, &workspace, alembic, &authoring, &new, &mut outcome)?
            }
            Source::Sql { .. } => sql_text(&new, &moment)?,
        };
        if request.preview {
            outcome.output.push_str(&text);
            continue;
        }
        files::write(&path, &text, existing)?;
        let line = format!("Generating {} ...  done\n", naming::whole(&path));
        outcome.progress.push_str(&line);
        written.push(path);
    }
    drop(lock);
    for path in written {
        let said = hooks::run(&authoring.hooks, &path, request.hooks)?;
        outcome.diagnostics.extend(said);
    }
    Ok(outcome)
}

/// The revision that a draft becomes, and its file; both are checked as a part of the project.
fn place(
    workspace: &Workspace,
    authoring: &Authoring,
    moment: &Moment,
    draft: &Draft,
) -> Result<(NewRevision, PathBuf)> {
    let map = &workspace.map;
    let heads: Vec<&str> = draft.heads.iter().map(String::as_str).collect();
    let parents = map.parents_of_new(&heads, draft.splice)?;
    let depends: Vec<&str> = draft.depends_on.iter().map(String::as_str).collect();
    check_labels(&draft.branch_labels)?;
    let ids = parents.iter().map(|index| &map.revision(*index).id);
    let labels = draft.branch_labels.iter();
    let new = NewRevision {
        id: Arc::from(draft.id.as_str()),
        message: draft.message.clone(),
        down_revisions: ids.cloned().collect(),
        branch_labels: labels.map(|label| Arc::from(label.as_str())).collect(),
        depends_on: map.dependencies_of_new(&depends)?,
        created: moment.created.clone(),
        names: Vec::new(),
    };
    let directory = directory(workspace, draft.version_path.as_deref(), &parents)?;
    let extension = match &workspace.config.source {
        Source::Alembic(_) => ".py",
        Source::Sql { .. } => ".sql",
    };
    let message = draft.message.as_deref().unwrap_or_default();
    let name = naming::file_name(authoring, &draft.id, message, moment, extension)?;
    let path = directory.join(name);
    check_found(workspace, &directory, &path)?;
    map.with(new_header(&new, &path))?;
    Ok((new, path))
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
fn directory(
    workspace: &Workspace,
    version_path: Option<&str>,
    parents: &[Index],
) -> Result<PathBuf> {
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
    if let Some(wanted) = version_path.map(Path::new) {
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
