//! Objects that are only known as the SQL that makes them: extensions, functions, domains.

use std::sync::Arc;

/// What kind of object it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[allow(missing_docs)]
pub enum WrittenKind {
    Extension,
    Domain,
    Function,
    Procedure,
}

impl WrittenKind {
    /// The word for it in SQL.
    pub fn word(self) -> &'static str {
        match self {
            Self::Extension => "EXTENSION",
            Self::Domain => "DOMAIN",
            Self::Function => "FUNCTION",
            Self::Procedure => "PROCEDURE",
        }
    }

    /// Whether tables may need it: then it is made before them.
    pub fn comes_first(self) -> bool {
        match self {
            Self::Extension | Self::Domain => true,
            Self::Function | Self::Procedure => false,
        }
    }
}

/// An object as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// Its kind.
    pub kind: WrittenKind,
    /// Its name as it was written, with its schema.
    pub name: Arc<str>,
    /// The statement that makes it.
    pub sql: Arc<str>,
}
