//! Which dialect a script is for.

use std::rc::Rc;

use super::Options;
use super::workspace::{Frontend, Workspace};
use crate::config::{DialectChoice, DialectOrigin};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::frontend::alembic::env::{Run, UnknownOption};

/// The dialect that is asked for, loaded: by the option, the settings, the URL, the environment,
/// or what `env.py` configures.
pub(super) fn choose(workspace: &Workspace, options: &Options) -> Result<Rc<Dialect>> {
    let url = options.database_url.as_deref();
    match workspace.config.dialect(options.dialect.as_deref(), url) {
        Some(choice) => load(workspace, &choice, options),
        None => from_environment(workspace, options),
    }
}

/// The dialect of one of the contexts of `env.py`, which may have a URL of its own. The option,
/// `gensql.toml`, and for a single context `DATABASE_URL`, are for all of them.
pub(super) fn of_run(
    workspace: &Workspace,
    options: &Options,
    (run, several): (&Run, bool),
    default: &Rc<Dialect>,
) -> Result<Rc<Dialect>> {
    let url = options.database_url.as_deref();
    let origin = workspace
        .config
        .dialect(options.dialect.as_deref(), url)
        .map(|choice| choice.origin);
    let settled = match origin {
        Some(DialectOrigin::Flag | DialectOrigin::Settings) => true,
        Some(DialectOrigin::Environment) => !several,
        Some(DialectOrigin::Url | DialectOrigin::EnvPy) | None => false,
    };
    if settled {
        return Ok(Rc::clone(default));
    }
    match (run.options.url.as_deref().and_then(of_url), several) {
        (Some(choice), _) if !default.is_called(&choice.name) => load(workspace, &choice, options),
        (Some(_), _) | (None, false) => Ok(Rc::clone(default)),
        (None, true) => match run.options.why_unknown("url") {
            Some(unknown) => Err(unknown_url(workspace, unknown)),
            None => Ok(Rc::clone(default)),
        },
    }
}

fn load(workspace: &Workspace, choice: &DialectChoice, options: &Options) -> Result<Rc<Dialect>> {
    workspace
        .library
        .load(&choice.name, choice.version.as_deref(), options.compat)
        .map_err(|found| Box::new(place(*found, choice)))
}

/// What `env.py` gives to `context.configure`. It is evaluated for some dialect to find out.
fn from_environment(workspace: &Workspace, options: &Options) -> Result<Rc<Dialect>> {
    let provisional = workspace.library.first(options.compat)?;
    let frontend = Frontend::open(workspace, options, &provisional)?;
    let environment = frontend.environment()?;
    let Some(run) = environment.runs.first() else {
        return Err(Box::new(unnamed(workspace)));
    };
    match run.options.url.as_deref().and_then(of_url) {
        Some(choice) => load(workspace, &choice, options),
        None => Err(match run.options.why_unknown("url") {
            Some(unknown) => unknown_url(workspace, unknown),
            None => Box::new(
                frontend
                    .warnings()
                    .into_iter()
                    .fold(unnamed(workspace), with_reason),
            ),
        }),
    }
}

/// That `env.py` says nothing may be for a reason.
fn with_reason(found: Diagnostic, warning: Diagnostic) -> Diagnostic {
    let found = found.with_note(warning.message);
    match warning.primary {
        Some(place) => found.label(place, "this keeps env.py from being evaluated"),
        None => found,
    }
}

fn of_url(url: &str) -> Option<DialectChoice> {
    DialectChoice::of_url(url, DialectOrigin::EnvPy).or_else(|| {
        let plain = !url.is_empty() && url.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
        plain.then(|| DialectChoice::named(url, DialectOrigin::EnvPy))
    })
}

fn unknown_url(workspace: &Workspace, unknown: &UnknownOption) -> Box<Diagnostic> {
    Box::new(
        unnamed(workspace)
            .at(unknown.place.clone())
            .with_note(format!(
                "the URL that env.py configures depends on {}",
                unknown.what
            )),
    )
}

/// Says where an unknown dialect was named.
fn place(found: Diagnostic, choice: &DialectChoice) -> Diagnostic {
    // What is wrong in a dialect's own file has its place there.
    if found.primary.is_some() {
        return found;
    }
    let found = found.at(choice.location.clone());
    match choice.origin {
        DialectOrigin::Environment => found.with_note("it comes from DATABASE_URL"),
        DialectOrigin::EnvPy => found.with_note("it comes from context.configure in env.py"),
        DialectOrigin::Flag | DialectOrigin::Settings | DialectOrigin::Url => found,
    }
}

fn unnamed(workspace: &Workspace) -> Diagnostic {
    let names = workspace.library.names();
    Diagnostic::error(
        Code::DialectUnknown,
        "the dialect of the script is not known",
    )
    .with_note("looked at --dialect, gensql.toml, sqlalchemy.url, DATABASE_URL and env.py")
    .with_help(format!("name it with `--dialect`: {}", names.join(", ")))
}
