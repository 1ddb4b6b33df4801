//! Diagnostics as plain data. Rank 0. How they look is the business of `report`.

mod code;

pub use code::Code;

use crate::source::Location;

/// How much a diagnostic matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Something worth knowing; the script is right.
    Note,
    /// The script is printed but a person should look.
    Warning,
    /// No script is printed.
    Error,
}

/// A further place that explains a diagnostic.
#[derive(Clone, Debug)]
pub struct Label {
    /// Where.
    pub location: Location,
    /// What is to be seen there.
    pub message: String,
}

/// One finding: what is wrong, where, why, and what to do about it.
#[derive(Clone, Debug)]
pub struct Diagnostic {
    /// The registered code, which `gensql explain` describes.
    pub code: Code,
    /// How much it matters.
    pub severity: Severity,
    /// One sentence in lower case without a final stop.
    pub message: String,
    /// The place it is about, when it is about one.
    pub primary: Option<Location>,
    /// Text shown under the primary place.
    pub primary_label: Option<String>,
    /// Further places.
    pub labels: Vec<Label>,
    /// Facts that explain the reason.
    pub notes: Vec<String>,
    /// What the user can do, as an imperative sentence.
    pub help: Vec<String>,
}

impl Diagnostic {
    /// An error with a code and a message.
    pub fn error(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, message)
    }

    /// A warning with a code and a message.
    pub fn warning(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, message)
    }

    /// A note with a code and a message.
    pub fn note(code: Code, message: impl Into<String>) -> Self {
        Self::new(Severity::Note, code, message)
    }

    fn new(severity: Severity, code: Code, message: impl Into<String>) -> Self {
        Self {
            code,
            severity,
            message: message.into(),
            primary: None,
            primary_label: None,
            labels: Vec::new(),
            notes: Vec::new(),
            help: Vec::new(),
        }
    }

    /// Sets the place it is about.
    #[must_use]
    pub fn at(mut self, location: impl Into<Option<Location>>) -> Self {
        self.primary = location.into();
        self
    }

    /// Sets the text under the primary place.
    #[must_use]
    pub fn labelled(mut self, text: impl Into<String>) -> Self {
        self.primary_label = Some(text.into());
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn label(mut self, location: Location, message: impl Into<String>) -> Self {
        self.labels.push(Label {
            location,
            message: message.into(),
        });
        self
    }

    /// Adds a fact.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.notes.push(note.into());
        self
    }

    /// Adds a remedy.
    #[must_use]
    pub fn with_help(mut self, help: impl Into<String>) -> Self {
        self.help.push(help.into());
        self
    }

    /// Whether it stops the script.
    pub fn is_error(&self) -> bool {
        self.severity == Severity::Error
    }
}

/// The outcome of something that stops at the first diagnostic.
pub type Result<T, E = Box<Diagnostic>> = std::result::Result<T, E>;
