//! Which dialect a script is for.

use std::rc::Rc;

use super::Options;
use super::workspace::{Frontend, Workspace};
use crate::config::{DialectChoice, DialectOrigin};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;

/// The dialect, and what there is to say about the choice.
pub(super) struct Choice {
    pub(super) dialect: Rc<Dialect>,
    pub(super) notes: Vec<Diagnostic>,
}

/// The dialect that is asked for, loaded: by the option, the settings, the URL, the environment,
/// or what `env.py` configures.
pub(super) fn choose(workspace: &Workspace, options: &Options) -> Result<Choice> {
    let url = options.database_url.as_deref();
    let mut choice = workspace.config.dialect(options.dialect.as_deref(), url);
    if choice.is_none() {
        choice = from_environment(workspace, options)?;
    }
    let choice = choice.ok_or_else(unnamed)?;
    let loaded = Dialect::load(&choice.name, choice.version.as_deref(), options.compat);
    let dialect = loaded.map_err(|found| Box::new(place(*found, &choice)))?;
    Ok(Choice {
        dialect,
        notes: Vec::new(),
    })
}

/// What `env.py` gives to `context.configure`. It is evaluated for some dialect to find out.
fn from_environment(workspace: &Workspace, options: &Options) -> Result<Option<DialectChoice>> {
    let Some(name) = Dialect::names().next() else {
        return Ok(None);
    };
    let provisional = Dialect::load(name, None, options.compat)?;
    let frontend = Frontend::open(workspace, options, &provisional)?;
    let Some(url) = frontend.environment().url else {
        return Ok(None);
    };
    Ok(
        DialectChoice::of_url(&url, DialectOrigin::EnvPy).or_else(|| {
            let plain =
                !url.is_empty() && url.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
            plain.then(|| DialectChoice::named(&url, DialectOrigin::EnvPy))
        }),
    )
}

/// Says where an unknown dialect was named.
fn place(found: Diagnostic, choice: &DialectChoice) -> Diagnostic {
    let found = found.at(choice.location.clone());
    match choice.origin {
        DialectOrigin::Environment => found.with_note("it comes from DATABASE_URL"),
        DialectOrigin::EnvPy => found.with_note("it comes from context.configure in env.py"),
        DialectOrigin::Flag | DialectOrigin::Settings | DialectOrigin::Url => found,
    }
}

fn unnamed() -> Box<Diagnostic> {
    let names: Vec<&str> = Dialect::names().collect();
    Box::new(
        Diagnostic::error(
            Code::DialectUnknown,
            "the dialect of the script is not known",
        )
        .with_note("looked at --dialect, gensql.toml, sqlalchemy.url, DATABASE_URL and env.py")
        .with_help(format!("name it with `--dialect`: {}", names.join(", "))),
    )
}
