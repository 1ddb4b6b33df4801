//! Source files and positions in them. Rank 0: uses nothing else of the crate.

mod order;

use std::path::{Path, PathBuf};
use std::sync::Arc;

pub use order::by_name;

/// A half-open range of bytes in one source text.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

impl Span {
    /// The range from `start` up to, not including, `end`.
    pub fn new(start: usize, end: usize) -> Self {
        let clip = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        Self {
            start: clip(start),
            end: clip(end),
        }
    }
}

/// One file that was read: its path as shown to the user, and its text.
#[derive(Debug)]
pub struct SourceFile {
    path: PathBuf,
    text: String,
    built_in: bool,
}

impl SourceFile {
    /// Wraps a text that was read from `path`.
    pub fn new(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
            built_in: false,
        })
    }

    /// A text that is part of the program. Findings never point into it.
    pub fn built_in(path: impl Into<PathBuf>, text: impl Into<String>) -> Arc<Self> {
        Arc::new(Self {
            path: path.into(),
            text: text.into(),
            built_in: true,
        })
    }

    /// Whether it is part of the program rather than of the user's project.
    pub fn is_built_in(&self) -> bool {
        self.built_in
    }

    /// Wraps the bytes that were read from `path`.
    ///
    /// # Errors
    /// The place of the first byte that is not UTF-8, in the text as far as it can be shown, and
    /// the byte.
    pub fn decode(path: impl Into<PathBuf>, bytes: Vec<u8>) -> Result<Arc<Self>, (Location, u8)> {
        match String::from_utf8(bytes) {
            Ok(text) => Ok(Self::new(path, text)),
            Err(error) => {
                let at = error.utf8_error().valid_up_to();
                let byte = error.as_bytes().get(at).copied().unwrap_or_default();
                let file = Self::new(path, String::from_utf8_lossy(error.as_bytes()));
                Err((Location::new(file, Span::new(at, at + 1)), byte))
            }
        }
    }

    /// The path as it should be shown in a diagnostic.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// The whole text.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// One-based line and column (in characters) of a byte offset.
    pub fn line_column(&self, offset: u32) -> (usize, usize) {
        let mut at = (offset as usize).min(self.text.len());
        while !self.text.is_char_boundary(at) {
            at -= 1;
        }
        let before = &self.text[..at];
        let line_start = before.rfind('\n').map_or(0, |n| n + 1);
        let line = before.bytes().filter(|b| *b == b'\n').count() + 1;
        (line, before[line_start..].chars().count() + 1)
    }
}

/// A place in a source file. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Location {
    /// The file.
    pub file: Arc<SourceFile>,
    /// The range in it.
    pub span: Span,
}

impl Location {
    /// A place in a file.
    pub fn new(file: Arc<SourceFile>, span: Span) -> Self {
        Self { file, span }
    }
}

impl PartialEq for Location {
    fn eq(&self, other: &Self) -> bool {
        Arc::ptr_eq(&self.file, &other.file) && self.span == other.span
    }
}

impl std::fmt::Display for Location {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (line, column) = self.file.line_column(self.span.start);
        write!(f, "{}:{line}:{column}", self.file.path().display())
    }
}
