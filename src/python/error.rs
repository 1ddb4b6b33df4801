//! How evaluation stops: a Python exception, which `except` can catch, or something final.

use super::value::{Unknown, Value};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Location;

/// The outcome of evaluating something.
pub type PyResult<T = Value> = Result<T, Box<Raise>>;

/// Why evaluation stopped.
pub enum Raise {
    /// A Python exception that has a builtin class and is not yet an object.
    Builtin {
        /// The class: `TypeError`.
        class: &'static str,
        /// The message.
        message: String,
        /// Where it was raised, innermost last; filled in by the evaluator.
        traceback: Vec<Location>,
    },
    /// A Python exception object.
    Exception {
        /// The object.
        value: Value,
        /// Where it was raised, innermost last.
        traceback: Vec<Location>,
    },
    /// Not an exception: no `except` may catch it (budget, unknown values, unsupported syntax).
    Fatal(Fatal),
}

/// What the user should know about an exception beyond its message, should nobody catch it.
pub struct Hint {
    /// The part of the exception's message that tells it from others.
    pub about: String,
    /// Why the evaluator raised it, where Python might not.
    pub note: Option<String>,
    /// The remedy.
    pub help: String,
}

/// Something that ends the evaluation for good, and what it is about.
pub struct Fatal {
    /// What is to be said of it.
    pub diagnostic: Box<Diagnostic>,
    /// What it is about.
    pub cause: Cause,
    /// The places in code that is not the standard library's through which it was called, innermost
    /// first; filled in by the evaluator.
    pub calls: Vec<Location>,
}

impl Fatal {
    fn raise(diagnostic: Diagnostic, cause: Cause) -> Box<Raise> {
        Box::new(Raise::Fatal(Self {
            diagnostic: Box::new(diagnostic),
            cause,
            calls: Vec::new(),
        }))
    }
}

/// What ended the evaluation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// Something that only a database could know was needed.
    Database,
    /// Anything else.
    Other,
}

impl Raise {
    /// A builtin exception.
    pub fn exception(class: &'static str, message: impl Into<String>) -> Box<Self> {
        Box::new(Self::Builtin {
            class,
            message: message.into(),
            traceback: Vec::new(),
        })
    }

    /// Whether it stopped because a value is not known.
    pub fn is_unknown_value(&self) -> bool {
        matches!(self, Self::Fatal(fatal) if fatal.diagnostic.code == Code::UnknownValue)
    }

    /// A final diagnostic. The evaluator fills in the location when the diagnostic has none.
    pub fn fatal(diagnostic: Diagnostic) -> Box<Self> {
        let cause = match diagnostic.code {
            Code::DatabaseRead => Cause::Database,
            _ => Cause::Other,
        };
        Fatal::raise(diagnostic, cause)
    }

    /// The same, because of a value that is not known.
    pub fn fatal_about(diagnostic: Diagnostic, unknown: &Unknown) -> Box<Self> {
        let cause = match unknown.is_read() {
            true => Cause::Database,
            false => Cause::Other,
        };
        Fatal::raise(diagnostic, cause)
    }
}
