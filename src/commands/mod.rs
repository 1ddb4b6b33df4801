//! The commands, one file each. They say what is to be printed; who prints it is the business of
//! `cli`.

mod authoring;
mod baseline;
mod branches;
mod bundle;
mod check;
mod conventions;
mod current;
mod derive;
mod dialect_choice;
mod dialects;
mod diff;
mod difference;
mod digest;
mod directed;
mod downgrade;
mod edit;
mod ensure_version;
mod explain;
mod fix;
mod following;
mod graph;
mod heads;
mod history;
mod init;
mod judging;
mod kept;
mod lint;
mod list_templates;
mod listing;
mod lock;
mod lowered;
mod merge;
mod pieces;
mod plain_name;
mod range;
mod relative;
mod release;
mod renames;
mod replay;
mod review;
mod revision;
mod rows;
mod safety;
mod schema;
mod script;
mod show;
mod squash;
mod stamp;
mod states;
mod upgrade;
mod verify;
mod wanted;
mod workspace;

use std::path::PathBuf;

pub use authoring::write::Request as NewRevision;
pub use branches::branches;
pub use bundle::{Bundle, bundle};
pub use check::check;
pub use current::current;
pub use dialects::dialects;
pub use diff::diff;
pub use downgrade::downgrade;
pub use edit::edit;
pub use ensure_version::ensure_version;
pub use explain::explain;
pub use graph::{GraphFormat, graph};
pub use heads::heads;
pub use history::history;
pub use init::{Init, init};
pub use kept::Kept;
pub use lint::{Fixing, LintOptions, lint};
pub use list_templates::list_templates;
pub use lock::{Lock, lock};
pub use merge::merge;
pub use renames::Rename;
pub use review::{ReviewOptions, review};
pub use revision::revision;
pub use safety::SafetyOptions;
pub use schema::schema;
pub use show::show;
pub use squash::{Squash, squash};
pub use stamp::stamp;
pub use upgrade::upgrade;
pub use verify::{Verify, round_trip};

use crate::config::Request;
use crate::diagnostic::Diagnostic;
use crate::python::vm::Budget;
use crate::revision::Index;

/// What all commands are told.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Which configuration to read.
    pub request: Request,
    /// `--dialect`.
    pub dialect: Option<String>,
    /// `DATABASE_URL` of the environment.
    pub database_url: Option<String>,
    /// `--compat alembic`.
    pub compat: bool,
    /// `-x`.
    pub arguments: Vec<String>,
    /// `--tag`.
    pub tag: Option<String>,
    /// `--fresh`.
    pub fresh: Fresh,
    /// `--baseline`: a file with the definitions of what is there before the first revision.
    pub baseline: Option<PathBuf>,
    /// `--online`: statements let others use the tables meanwhile.
    pub online: bool,
    /// `--derive-downgrade`: downgrades that do nothing or only raise are derived.
    pub derive_downgrade: bool,
    /// `--on-opaque stub`: steps that only a database could know are left to a person.
    pub stub: bool,
    /// Whether the revisions that are evaluated have been applied: their place is before the script.
    pub applied: bool,
    /// What scripts check and wait for.
    pub safety: SafetyOptions,
    /// `-o` names a directory: each script of `env.py` is a file of its own.
    pub split: bool,
    /// `-v`.
    pub verbose: bool,
    /// What evaluation may use.
    pub budget: Budget,
    /// `SOURCE_DATE_EPOCH`: seconds since 1970 that new revisions are dated with, in place of now.
    pub fixed_time: Option<i64>,
    /// What commands were done with while these options lived.
    pub kept: Kept,
}

/// `--fresh`: what is known of the rows of the database.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Fresh {
    /// Nothing.
    #[default]
    No,
    /// It is new and empty: the script installs it.
    New,
    /// It holds what such a script has written, and nothing else.
    Installed,
}

impl Fresh {
    /// The same where a script begins at these revisions: what they have written is there.
    fn beginning_at(self, start: &[Index]) -> Self {
        match self {
            Self::New if !start.is_empty() => Self::Installed,
            other => other,
        }
    }

    /// Whether rows are known.
    fn knows(self) -> bool {
        match self {
            Self::No => false,
            Self::New | Self::Installed => true,
        }
    }
}

/// Which revisions a database is at, as the user says.
#[derive(Clone, Debug, Default)]
pub enum At {
    /// Nothing is said.
    #[default]
    Unknown,
    /// Revisions.
    Revisions(Vec<String>),
    /// A file with the rows of the version table; `-` is the standard input.
    File(PathBuf),
}

/// What a command found out.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What was done, line by line: for whoever is there, not with `-q`.
    pub progress: String,
    /// What goes to the standard output, or to `-o`.
    pub output: String,
    /// What goes to files in the directory of `-o`: names and texts.
    pub files: Vec<(String, String)>,
    /// What the user should know besides.
    pub diagnostics: Vec<Diagnostic>,
    /// Whether what was asked does not hold: the exit status is 1.
    pub failed: bool,
}

impl From<String> for Outcome {
    fn from(output: String) -> Self {
        Self {
            output,
            ..Self::default()
        }
    }
}
