//! `gensql revision`: a new revision.

use super::authoring::write::{self, Request};
use super::{Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Writes a new revision; with `autogenerate`, one with what differs between the wanted schema and
/// the revisions.
pub fn revision(options: &Options, request: &Request, autogenerate: bool) -> Result<Outcome> {
    if autogenerate {
        if request.preview {
            let message = "Using --sql with --autogenerate does not make any sense";
            return Err(Box::new(
                Diagnostic::error(Code::Usage, message).with_help("leave out one of the two"),
            ));
        }
        let message = "--autogenerate is not there yet";
        return Err(Box::new(Diagnostic::error(Code::Usage, message).with_help(
            "write the revision by hand: leave out `--autogenerate`",
        )));
    }
    write::revision(options, request, &|_, _| Ok(Vec::new()))
}
