//! `gensql merge`: a revision that joins branches.

use super::authoring::write::{self, Request};
use super::{Options, Outcome};
use crate::diagnostic::Result;

/// Writes a revision that follows several others and changes nothing.
pub fn merge(options: &Options, request: &Request) -> Result<Outcome> {
    write::revision(options, request, &|_, draft| {
        Ok(vec![(draft, write::Body::new())])
    })
}
