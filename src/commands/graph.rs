//! `gensql graph`: the picture of the revisions.

use super::history::listed;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::Result;
use crate::report::graph::{self, Picture};

/// How the picture is drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum GraphFormat {
    /// In characters.
    #[default]
    Text,
    /// Mermaid.
    Mermaid,
    /// Graphviz.
    Dot,
    /// SVG.
    Svg,
}

/// Draws the revisions of a range as `history` lists it, or all; marks those that the database is
/// at, which must be known where they are `needed`.
pub fn graph(
    options: &Options,
    range: Option<&str>,
    at: &At,
    needed: bool,
    format: GraphFormat,
) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let current = workspace.at(options, at)?;
    let revisions = listed(&workspace, range, current.as_deref(), needed)?;
    let current = current.unwrap_or_default();
    let picture = Picture::new(&workspace.map, &revisions, &current);
    let text = match format {
        GraphFormat::Text => graph::text(&picture),
        GraphFormat::Mermaid => graph::mermaid(&picture),
        GraphFormat::Dot => graph::dot(&picture),
        GraphFormat::Svg => graph::svg(&picture),
    };
    Ok(text.into())
}
