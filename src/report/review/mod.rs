//! The review of a release: one model that every format renders.

mod build;
mod html;
mod markdown;
mod model;
mod tables;
mod text;
mod timeline;

pub use build::{Part, database};
pub use model::{
    Change, Counts, Database, Line, LineKind, Lock, Range, Review, Risk, Rollback, Statement, Step,
    Summary, TableChange, Tool, VERSION,
};

use crate::diagnostic::Result;
use crate::lint::Finding;
use crate::report::findings::{self, Report};
use crate::report::graph::Picture;

/// How a review is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Format {
    /// For a terminal: what matters, within 80 columns.
    #[default]
    Text,
    /// For a pull request.
    Markdown,
    /// JSON with a versioned schema.
    Json,
    /// A page that stands for itself.
    Html,
    /// The findings alone, as `lint` prints them.
    Findings(findings::Format),
}

/// What a review is made of, beside the model.
#[derive(Debug)]
pub struct Sources<'a> {
    /// All findings.
    pub findings: &'a [Finding],
    /// The revisions of the range, newest first.
    pub picture: &'a Picture,
    /// Whether everything is told in the terminal, not only what matters.
    pub verbose: bool,
}

/// The review in a format.
pub fn render(review: &Review, sources: &Sources<'_>, format: Format) -> Result<String> {
    match format {
        Format::Text => Ok(text::render(review, sources.verbose)),
        Format::Markdown => Ok(markdown::render(review, sources.picture)),
        Format::Json => {
            let mut text = serde_json::to_string_pretty(review).unwrap_or_default();
            text.push('\n');
            Ok(text)
        }
        Format::Html => html::render(review, sources.picture),
        Format::Findings(format) => Ok(findings::render(
            &Report {
                findings: sources.findings,
                steps: review.databases.iter().map(|d| d.steps.len()).sum(),
            },
            format,
        )),
    }
}
