//! What a project says about itself: `gensql.toml`, `alembic.ini` and `pyproject.toml`.

mod alembic;
mod authoring;
mod dialect;
mod discover;
mod ini;
mod lint;
mod packages;
mod settings;
mod toml;

#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

pub use alembic::{AlembicConfig, Toml};
pub use authoring::{Authoring, Hook};
pub use dialect::{DialectChoice, DialectOrigin, url_scheme};
pub use discover::Request;
pub use ini::{Ini, Value};
pub use lint::{LintSettings, NAMED, RuleLevels};
pub use settings::{SafetySettings, Setting, Settings, duration};

/// Where the revisions are, and of which kind they are.
#[derive(Clone, Debug)]
pub enum Source {
    /// An Alembic project.
    Alembic(Box<AlembicConfig>),
    /// Directories of SQL revisions.
    Sql {
        /// The directories, in order.
        directories: Vec<PathBuf>,
        /// Whether their sub-directories belong to them.
        recursive: bool,
    },
}

/// The whole configuration of a project.
#[derive(Clone, Debug)]
pub struct Config {
    /// The directory of the configuration file.
    pub directory: PathBuf,
    /// The directory that relative paths of `gensql.toml` start from.
    pub root: PathBuf,
    /// `gensql.toml`; its defaults when there is none.
    pub settings: Settings,
    /// The revisions.
    pub source: Source,
}

/// White space as Python's `str.strip` sees it.
fn python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}

/// The known name that is most like a mistyped one.
pub fn suggestion<'a>(typed: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let length = typed.chars().count();
    if length > 256 {
        return None;
    }
    known
        .map(|name| (strsim::osa_distance(name, typed), name))
        .filter(|(distance, _)| *distance <= (length / 3).clamp(1, 4))
        .min()
        .map(|(_, name)| name)
}

/// A path as it stands when `base` is where relative ones start.
fn join(base: &Path, path: &str) -> PathBuf {
    let joined = base.join(path);
    // `./versions` and `versions` are shown alike.
    let plain: PathBuf = joined
        .components()
        .filter(|c| !matches!(c, std::path::Component::CurDir))
        .collect();
    if plain.as_os_str().is_empty() {
        PathBuf::from(".")
    } else {
        plain
    }
}
