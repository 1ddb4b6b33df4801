//! `gensql init`: a new project, or what an existing one lacks.

use std::fmt::Write;
use std::path::{Component, Path, PathBuf};

use super::authoring::files::{self, Existing};
use super::authoring::naming::whole;
use super::{Options, Outcome};
use crate::config::{Config, Request, Source, suggestion};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Library;

/// A kind of project.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Template {
    Generic,
    Async,
    MultiDb,
    Pyproject,
    PyprojectAsync,
    Sql,
}

/// The database of a new project of which the user says nothing: it needs no server.
const DIALECT: &str = "sqlite";
const LOGGING: &str = include_str!("../../scaffolds/logging.ini");

impl Template {
    pub(super) const ALL: [Self; 6] = [
        Self::Async,
        Self::Generic,
        Self::MultiDb,
        Self::Pyproject,
        Self::PyprojectAsync,
        Self::Sql,
    ];

    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Generic => "generic",
            Self::Async => "async",
            Self::MultiDb => "multidb",
            Self::Pyproject => "pyproject",
            Self::PyprojectAsync => "pyproject_async",
            Self::Sql => "sql",
        }
    }

    pub(super) fn synopsis(self) -> &'static str {
        match self {
            Self::Generic => "Alembic revisions for one database.",
            Self::Async => "Alembic revisions for one database with an asynchronous driver.",
            Self::MultiDb => "Alembic revisions for several databases.",
            Self::Pyproject => "Alembic revisions, configured in pyproject.toml.",
            Self::PyprojectAsync => {
                "Alembic revisions, configured in pyproject.toml, with an asynchronous driver."
            }
            Self::Sql => "SQL revisions, without Python.",
        }
    }

    fn called(name: &str) -> Result<Self> {
        if let Some(found) = Self::ALL.into_iter().find(|known| known.name() == name) {
            return Ok(found);
        }
        let mut found = Diagnostic::error(Code::Usage, format!("No such template {name}"));
        let names = Self::ALL.map(Self::name);
        found = match suggestion(name, names.into_iter()) {
            Some(near) => found.with_help(format!("did you mean '{near}'?")),
            None => found.with_help("list the templates with `gensql list_templates`"),
        };
        Err(Box::new(found))
    }

    fn is_async(self) -> bool {
        matches!(self, Self::Async | Self::PyprojectAsync)
    }

    /// The files in the directory of revisions, and their texts.
    fn inner(self) -> Vec<(&'static str, &'static str)> {
        let script = include_str!("../../scaffolds/generic/script.py.mako");
        let single = include_str!("../../scaffolds/generic/env.py");
        let asynchronous = include_str!("../../scaffolds/async/env.py");
        let readme = include_str!("../../scaffolds/README");
        let (env, script) = match self {
            Self::Generic | Self::Pyproject => (single, script),
            Self::Async | Self::PyprojectAsync => (asynchronous, script),
            Self::MultiDb => (
                include_str!("../../scaffolds/multidb/env.py"),
                include_str!("../../scaffolds/multidb/script.py.mako"),
            ),
            Self::Sql => {
                return vec![("README", include_str!("../../scaffolds/sql/README"))];
            }
        };
        vec![
            ("README", readme),
            ("env.py", env),
            ("script.py.mako", script),
        ]
    }

    /// The files of the configuration.
    fn outer(self) -> Vec<(&'static str, &'static str)> {
        let generic = include_str!("../../scaffolds/generic/alembic.ini");
        match self {
            Self::Generic | Self::Async => vec![("alembic.ini", generic)],
            Self::MultiDb => vec![(
                "alembic.ini",
                include_str!("../../scaffolds/multidb/alembic.ini"),
            )],
            Self::Pyproject | Self::PyprojectAsync => vec![
                (
                    "alembic.ini",
                    include_str!("../../scaffolds/pyproject/alembic.ini"),
                ),
                (
                    "pyproject.toml",
                    include_str!("../../scaffolds/pyproject/pyproject.toml"),
                ),
            ],
            Self::Sql => vec![
                (
                    "gensql.toml",
                    include_str!("../../scaffolds/sql/gensql.toml"),
                ),
                ("schema.sql", include_str!("../../scaffolds/sql/schema.sql")),
            ],
        }
    }
}

/// What the user says about a new project.
#[derive(Clone, Debug, Default)]
pub struct Init {
    /// The directory of `env.py`, or of SQL revisions.
    pub directory: Option<PathBuf>,
    /// `--template`.
    pub template: Option<String>,
    /// `--package`: with `__init__.py` files.
    pub package: bool,
    /// `--force`: files that are there are replaced.
    pub force: bool,
}

/// Makes a project in the working directory, or adds what one lacks.
///
/// # Errors
/// A template that is not there, a directory that holds something else, and files that cannot be
/// written. Nothing is written before all of that is known.
pub fn init(options: &Options, asked: &Init) -> Result<Outcome> {
    let known = existing(options);
    let template = match (&asked.template, &known) {
        (Some(name), _) => Template::called(name)?,
        (
            None,
            Some(Config {
                source: Source::Sql { .. },
                ..
            }),
        ) => Template::Sql,
        (None, _) => Template::Generic,
    };
    let config = configuration(options, template)?;
    let here = config.parent().map_or_else(PathBuf::new, Path::to_path_buf);
    let directory = match (&asked.directory, &known) {
        (Some(directory), _) => directory.clone(),
        (None, Some(config)) => match &config.source {
            Source::Alembic(alembic) => alembic.script_location.clone(),
            Source::Sql { directories, .. } => match directories.first() {
                Some(first) => first.clone(),
                None => here.join("revisions"),
            },
        },
        (None, None) if template == Template::Sql => here.join("revisions"),
        (None, None) => here.join("migrations"),
    };
    let mut made = Making {
        progress: String::new(),
        force: asked.force,
    };
    refuse_other(&directory, template, asked.force)?;
    let location = located(&directory, &here);
    let fill = filling(options, template, &location, (&here, &directory))?;
    let versions = directory.join("versions");
    made.directory(&directory)?;
    if template != Template::Sql {
        made.directory(&versions)?;
    }
    for (name, text) in template.inner() {
        made.file(&directory.join(name), &fill(text))?;
    }
    for (name, text) in template.outer() {
        let path = if name == "alembic.ini" || name == "gensql.toml" {
            config.clone()
        } else {
            here.join(name)
        };
        if name == "pyproject.toml" && !asked.force {
            made.section(&path, &fill(text))?;
        } else {
            made.file(&path, &fill(text))?;
        }
    }
    if asked.package {
        for directory in [&directory, &versions] {
            made.file(&directory.join("__init__.py"), "")?;
        }
    }
    let mut outcome = Outcome {
        progress: made.progress,
        ..Outcome::default()
    };
    if let Some(found) = astray(options, &directory) {
        outcome.diagnostics.push(found);
    }
    Ok(outcome)
}

/// The project that is here already, when it can be read.
fn existing(options: &Options) -> Option<Config> {
    Config::load(&options.request).ok()
}

/// The file with the configuration: that of `-c`, else the usual one in the working directory.
fn configuration(options: &Options, template: Template) -> Result<PathBuf> {
    let usual = if template == Template::Sql {
        "gensql.toml"
    } else {
        "alembic.ini"
    };
    let directory = &options.request.directory;
    let base = if directory == Path::new(".") {
        PathBuf::new()
    } else {
        directory.clone()
    };
    match options.request.files.first() {
        None => Ok(base.join(usual)),
        Some(path) if path.is_dir() => Ok(path.join(usual)),
        Some(path) => {
            let toml = path.extension().is_some_and(|e| e == "toml");
            if toml != (template == Template::Sql) {
                let message = format!(
                    "{} is no configuration of the template {}",
                    path.display(),
                    template.name()
                );
                return Err(Box::new(Diagnostic::error(Code::Usage, message).with_help(
                    format!("leave out `-c`, or name a file such as {usual}"),
                )));
            }
            Ok(base.join(path))
        }
    }
}

/// The directory as the configuration names it: relative to its own place where it can be.
fn located(directory: &Path, here: &Path) -> String {
    if directory.is_absolute() {
        return slashes(directory);
    }
    let from = std::path::absolute(if here.as_os_str().is_empty() {
        Path::new(".")
    } else {
        here
    });
    let to = std::path::absolute(directory);
    let (Ok(from), Ok(to)) = (from, to) else {
        return slashes(directory);
    };
    let shared = from
        .components()
        .zip(to.components())
        .take_while(|(a, b)| a == b)
        .count();
    let mut path = PathBuf::new();
    for _ in from.components().skip(shared) {
        path.push(Component::ParentDir);
    }
    path.extend(to.components().skip(shared));
    slashes(&path)
}

fn slashes(path: &Path) -> String {
    let shown = path.to_string_lossy().replace('\\', "/");
    if shown.is_empty() {
        ".".to_owned()
    } else {
        shown
    }
}

/// Refuses a directory that holds something else than revisions.
fn refuse_other(directory: &Path, template: Template, force: bool) -> Result<()> {
    let Ok(entries) = std::fs::read_dir(directory) else {
        return Ok(());
    };
    let mut empty = true;
    let mut ours = false;
    for entry in entries.flatten() {
        empty = false;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        ours |= if template == Template::Sql {
            name.ends_with(".sql")
        } else {
            matches!(&*name, "env.py" | "script.py.mako" | "versions")
        };
    }
    if empty || ours || force {
        return Ok(());
    }
    let message = format!(
        "Directory {} already exists and is not empty",
        directory.display()
    );
    Err(Box::new(
        Diagnostic::error(Code::Usage, message)
            .with_note("nothing in it belongs to a project of this kind")
            .with_help("name another directory, or add the files to it with `--force`"),
    ))
}

/// Fills the marks of a template.
fn filling(
    options: &Options,
    template: Template,
    location: &str,
    (here, directory): (&Path, &Path),
) -> Result<impl Fn(&str) -> String> {
    let name = options.dialect.as_deref().unwrap_or(DIALECT);
    let (plain, version) = match name.split_once(':') {
        Some((plain, version)) => (plain, Some(version)),
        None => (name, None),
    };
    // A new project may have a dialect of its own already.
    let library = Library::new(vec![here.to_owned(), directory.to_owned()]);
    let dialect = library.load(plain, version, false)?;
    let bind = &dialect.facts().bind;
    let driver = if template.is_async() && !bind.async_driver.is_empty() {
        format!("+{}", bind.async_driver)
    } else {
        String::new()
    };
    let url = format!("{}{driver}://{}", dialect.name(), bind.example_path);
    let second = url.replace("app", "app2");
    let ini = !matches!(template, Template::Sql);
    let place = if ini && !Path::new(location).is_absolute() {
        format!("%(here)s/{}", location.replace('%', "%%"))
    } else if ini {
        location.replace('%', "%%")
    } else {
        location.to_owned()
    };
    let place = place.replace('\\', "\\\\").replace('"', "\\\"");
    let marks = [
        ("${logging}\n", LOGGING.to_owned()),
        ("${script_location}", place),
        ("${url2}", second),
        ("${url}", url),
        ("${dialect}", name.to_owned()),
        ("${synopsis}", template.synopsis().to_owned()),
        ("${directory}", slashes(directory)),
    ];
    Ok(move |text: &str| {
        // The template of revisions has marks of its own.
        if text.contains("up_revision") {
            return text.to_owned();
        }
        let fill = |text: String, (mark, value): &(&str, String)| text.replace(mark, value);
        marks.iter().fold(text.to_owned(), fill)
    })
}

/// What is made, and what is said about it.
struct Making {
    progress: String,
    force: bool,
}

impl Making {
    fn directory(&mut self, path: &Path) -> Result<()> {
        if path.is_dir() {
            return Ok(());
        }
        std::fs::create_dir_all(path).map_err(|error| {
            let message = format!("cannot make the directory {}: {error}", path.display());
            Box::new(
                Diagnostic::error(Code::Io, message).with_help("name a directory that can be made"),
            )
        })?;
        let _ = writeln!(
            self.progress,
            "Creating directory {} ...  done",
            whole(path)
        );
        Ok(())
    }

    fn file(&mut self, path: &Path, text: &str) -> Result<()> {
        if path.exists() && !self.force {
            let _ = writeln!(
                self.progress,
                "File {} already exists, skipping",
                whole(path)
            );
            return Ok(());
        }
        let existing = if self.force {
            Existing::Replace
        } else {
            Existing::Refuse
        };
        files::write(path, text, existing)?;
        let _ = writeln!(self.progress, "Generating {} ...  done", whole(path));
        Ok(())
    }

    /// Adds a table to a file of TOML that may have others.
    fn section(&mut self, path: &Path, text: &str) -> Result<()> {
        let Ok(before) = std::fs::read_to_string(path) else {
            return self.file(path, text);
        };
        let parsed: std::result::Result<toml::Table, _> = before.parse();
        let has = match &parsed {
            Ok(table) => table
                .get("tool")
                .and_then(|tool| tool.get("alembic"))
                .is_some(),
            Err(error) => {
                let message = format!("{} is not valid TOML: {}", path.display(), error.message());
                return Err(Box::new(
                    Diagnostic::error(Code::ConfigInvalid, message)
                        .with_help("correct the file first"),
                ));
            }
        };
        if has {
            let _ = writeln!(
                self.progress,
                "File {} already exists and already has a [tool.alembic] section, skipping",
                whole(path)
            );
            return Ok(());
        }
        let end = if before.is_empty() || before.ends_with('\n') {
            ""
        } else {
            "\n"
        };
        files::write(path, &format!("{before}{end}\n{text}"), Existing::Replace)?;
        let _ = writeln!(
            self.progress,
            "Appending to existing {} ...  done",
            whole(path)
        );
        Ok(())
    }
}

/// Says so when the configuration that is there leads elsewhere than to the directory.
fn astray(options: &Options, directory: &Path) -> Option<Diagnostic> {
    let request = Request {
        section: None,
        ..options.request.clone()
    };
    let found = match Config::load(&request) {
        Ok(config) => {
            let same = |path: &PathBuf| matches!((path.canonicalize(), directory.canonicalize()), (Ok(a), Ok(b)) if a == b);
            let leads = match &config.source {
                Source::Alembic(alembic) => same(&alembic.script_location),
                Source::Sql { directories, .. } => directories.iter().any(same),
            };
            if leads {
                return None;
            }
            let message = format!(
                "the configuration that is there does not lead to {}",
                directory.display()
            );
            Diagnostic::warning(Code::ConfigInvalid, message)
        }
        Err(found) => Diagnostic::warning(Code::ConfigInvalid, found.message),
    };
    Some(found.with_help("set `script_location`, or `revisions` in gensql.toml, to the directory"))
}
