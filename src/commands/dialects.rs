//! `gensql dialects`: the databases that scripts can be written for.

use super::Outcome;
use crate::diagnostic::Result;

/// Lists the dialects.
pub fn dialects() -> Result<Outcome> {
    Ok(String::new().into())
}
