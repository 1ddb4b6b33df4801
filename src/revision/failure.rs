//! Why an identifier or a range cannot be resolved, and how that is told to the user.

use std::sync::Arc;

use super::RevisionMap;
use crate::diagnostic::{Code, Diagnostic};

/// What went wrong while resolving, before it is known which command asked.
#[derive(Debug)]
pub(super) enum Failure {
    /// One revision was asked for and there are several heads.
    MultipleHeads {
        heads: Vec<Arc<str>>,
        argument: String,
    },
    /// No revision, or more than one, has that identifier. `detail` says which.
    NotFound { argument: String, detail: String },
    /// The two ends of a range are not related.
    NotAncestor { lower: String, upper: String },
    /// Anything else, in Alembic's words.
    Other(String),
}

/// The result of resolving.
pub(super) type Resolved<T> = Result<T, Box<Failure>>;

impl Failure {
    pub(super) fn other<T>(message: impl Into<String>) -> Resolved<T> {
        Err(Box::new(Self::Other(message.into())))
    }

    pub(super) fn relative<T>(relative: &str, steps: &str) -> Resolved<T> {
        Self::other(format!(
            "Relative revision {relative} didn't produce {steps} migrations"
        ))
    }
}

/// Words that depend on the command.
#[derive(Default)]
pub(super) struct Wording<'a> {
    /// The start of the range as typed, when the command has one.
    pub(super) start: Option<&'a str>,
    /// The end of the range as typed.
    pub(super) end: Option<&'a str>,
    /// Text for unrelated ends.
    pub(super) unrelated: Option<String>,
    /// Text for several heads.
    pub(super) multiple_heads: Option<&'static str>,
}

impl RevisionMap {
    /// Turns a failure into what the user reads.
    pub(super) fn explain(&self, failure: Failure, wording: &Wording<'_>) -> Box<Diagnostic> {
        Box::new(match failure {
            Failure::MultipleHeads { heads, argument } => {
                self.explain_heads(&heads, wording.end.unwrap_or(&argument), wording)
            }
            Failure::NotFound { argument, detail } => {
                let message = format!("Can't locate revision identified by '{argument}'");
                let mut found =
                    Diagnostic::error(Code::RevisionNotFound, message).with_note(detail);
                if let Some(near) = self.nearest(&argument) {
                    found = found.with_help(format!("did you mean '{near}'?"));
                } else if self.is_empty() {
                    found = found.with_note("the project has no revisions");
                } else {
                    found = found.with_help("list the revisions with `gensql history`".to_owned());
                }
                found
            }
            Failure::NotAncestor { lower, upper } => {
                let message = wording.unrelated.clone().unwrap_or_else(|| {
                    let start = wording.start.unwrap_or(&lower);
                    let end = wording.end.unwrap_or(&upper);
                    format!(
                        "Requested range {start}:{end} does not refer to ancestor/descendant \
                         revisions along the same branch"
                    )
                });
                Diagnostic::error(Code::RangeInvalid, message)
                    .with_help("see how the revisions follow each other with `gensql history`")
            }
            Failure::Other(message) => Diagnostic::error(Code::RangeInvalid, message)
                .with_help("see how the revisions follow each other with `gensql history`"),
        })
    }

    fn explain_heads(
        &self,
        heads: &[Arc<str>],
        argument: &str,
        wording: &Wording<'_>,
    ) -> Diagnostic {
        let message = wording.multiple_heads.map_or_else(
            || {
                format!(
                    "Multiple head revisions are present for given argument '{argument}'; please \
                     specify a specific target revision, '<branchname>@{argument}' to narrow to \
                     a specific head, or 'heads' for all heads"
                )
            },
            str::to_owned,
        );
        let mut found = Diagnostic::error(Code::MultipleHeads, message);
        for id in heads {
            let name = id.to_string();
            match self.index_of(id) {
                Some(index) => {
                    let revision = self.revision(index);
                    let doc = revision.summary();
                    let doc = if doc.is_empty() {
                        String::new()
                    } else {
                        format!(" ({doc})")
                    };
                    found = match &revision.location {
                        Some(place) => found.label(place.clone(), format!("head {name}{doc}")),
                        None => found.with_note(format!("head {name}{doc}")),
                    };
                }
                None => found = found.with_note(format!("head {name}")),
            }
        }
        found
            .with_help("name one of the heads, or `heads` for all of them")
            .with_help(format!(
                "to join them write a merge revision: `gensql merge {}`",
                heads.join(" ")
            ))
    }

    /// The known name that is most like the given one.
    pub(super) fn nearest(&self, wanted: &str) -> Option<&str> {
        let wanted_length = wanted.chars().count();
        if wanted_length > 256 {
            return None;
        }
        let allowed = (wanted_length / 3).clamp(1, 4);
        let symbols = ["head", "heads", "base"];
        self.keys()
            .chain(symbols)
            .filter(|known| known.len().abs_diff(wanted.len()) <= 3 * allowed)
            .map(|known| (strsim::osa_distance(known, wanted), known))
            .filter(|(distance, known)| *distance <= allowed && *known != wanted)
            .min()
            .map(|(_, known)| known)
    }
}
