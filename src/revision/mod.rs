//! The revision graph: which revisions there are, how they hang together, and in which order a
//! range of them is walked. Knows no files, no SQL and no database.
//!
//! The rules, the order and the error texts are Alembic's. Where Alembic iterates a Python set,
//! so that its result differs from run to run, gensql takes the order in which the revision
//! declares the identifiers; of several version rows the last one is updated, the others are
//! inserted or deleted.

mod authoring;
mod build;
mod edges;
mod failure;
mod forks;
mod labels;
mod order;
mod rerun;
mod rows;
mod select;
mod stamp;
mod steps;
mod target;
mod walk;

#[cfg(test)]
mod laws;
#[cfg(test)]
mod oracle;

use std::path::PathBuf;
use std::sync::Arc;

pub use build::RevisionMap;
pub use rerun::{Due, Rerun, RowChange, Rows as VersionRows};
pub use rows::VersionChange;
pub use steps::{Before, Direction, Plan, Step, StepKind};

use crate::source::Location;

/// The place of a revision in the load order of its map.
pub type Index = usize;

/// What a revision file declares about itself.
#[derive(Clone, Debug, Default)]
pub struct Revision {
    /// The identifier.
    pub id: Arc<str>,
    /// The revisions it follows, in declared order; empty for a base.
    pub down_revisions: Vec<Arc<str>>,
    /// Revisions or branch labels that must be applied before, without being its parents.
    pub depends_on: Vec<Arc<str>>,
    /// The labels that it declares itself.
    pub branch_labels: Vec<Arc<str>>,
    /// The message: the whole docstring or header comment.
    pub doc: String,
    /// The file it was read from.
    pub path: PathBuf,
    /// Where the identifier is declared.
    pub location: Option<Location>,
}

impl Revision {
    /// A revision with an identifier and the revisions it follows.
    pub fn new(id: &str, down_revisions: &[&str]) -> Self {
        Self {
            id: id.into(),
            down_revisions: down_revisions.iter().map(|id| Arc::from(*id)).collect(),
            ..Self::default()
        }
    }

    /// The message without surrounding white space.
    pub fn message(&self) -> &str {
        self.doc.trim_matches(python_space)
    }

    /// The first paragraph of the message.
    pub fn summary(&self) -> &str {
        let message = self.message();
        message
            .split_once("\n\n")
            .map_or(message, |(first, _)| first)
    }

    /// Whether it follows several revisions.
    pub fn is_merge_point(&self) -> bool {
        self.down_revisions.len() > 1
    }

    /// Whether it follows none.
    pub fn is_base(&self) -> bool {
        self.down_revisions.is_empty()
    }
}

/// White space as Python's `str.strip` sees it.
fn python_space(c: char) -> bool {
    c.is_whitespace() || ('\u{1c}'..='\u{1f}').contains(&c)
}
