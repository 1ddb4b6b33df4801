//! `gensql revision`: a new revision.

use std::cell::RefCell;

use super::authoring::write::{self, Body, Request};
use super::directed;
use super::wanted::{Compared, compared};
use super::workspace::plain_project;
use super::{Options, Outcome};
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::project::directives::{Authoring, Draft};
use crate::operation::Operation;

/// What is being done, as the project's functions see it.
const COMPARES: Authoring = Authoring {
    writes: true,
    compares: true,
};

/// Writes a new revision; with `autogenerate`, one with what differs between the wanted schema and
/// the revisions. The project's own `process_revision_directives` has the last word.
pub fn revision(options: &Options, request: &Request, autogenerate: bool) -> Result<Outcome> {
    if !autogenerate {
        return write::revision(
            options,
            request,
            &|workspace, draft| match directed::of_empty(workspace, options, &draft)? {
                Some(drafts) => Ok(drafts),
                None => Ok(vec![(draft, Body::new())]),
            },
        );
    }
    if request.preview {
        let message = "Using --sql with --autogenerate does not make any sense";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message).with_help("leave out one of the two"),
        ));
    }
    let warnings = RefCell::new(Vec::new());
    let mut outcome = write::revision(options, request, &|workspace, draft| {
        let mut warnings = warnings.borrow_mut();
        let found = compared(workspace, options, &request.renames, &mut warnings)?;
        let nothing = || {
            let message = "the revisions lead to what is wanted; the new one does nothing";
            Diagnostic::note(Code::NothingDiffers, message)
        };
        match &workspace.config.source {
            Source::Alembic(alembic) => {
                let names = plain_project(options, &workspace.library, alembic).body_names()?;
                let drafts = directed::drafts(&found, &names, draft, COMPARES)?;
                if drafts.is_empty() {
                    // The function has seen that nothing differs, or wants it so.
                    let message = "`process_revision_directives` leaves nothing to write";
                    warnings.push(Diagnostic::note(Code::NothingDiffers, message));
                } else if drafts.iter().all(Draft::is_empty) {
                    warnings.push(nothing());
                }
                let mut written = Vec::new();
                for draft in drafts {
                    let body = directed::body(&draft, &found)?;
                    written.push((draft, body));
                }
                Ok(written)
            }
            Source::Sql { .. } => {
                if found.iter().all(Compared::is_empty) {
                    warnings.push(nothing());
                }
                Ok(vec![(draft, statements(&found, &mut warnings)?)])
            }
        }
    })?;
    outcome.diagnostics.extend(warnings.take());
    Ok(outcome)
}

/// The operations as people write them: names that the server gives by itself are left out.
fn plain(operations: &[Operation], found: &Compared<'_>) -> Vec<Operation> {
    let naming = found.states.dialect.facts().features.server_naming;
    let mut operations = operations.to_vec();
    for operation in &mut operations {
        if let Operation::CreateTable { table, .. } = operation {
            *table = naming.without_names(table);
        }
    }
    operations
}

/// The statements of the sections of a SQL revision.
fn statements(found: &[Compared<'_>], warnings: &mut Vec<Diagnostic>) -> Result<Body> {
    let mut body = Body::new();
    for part in found {
        let up = plain(&part.upgrade(), part);
        let up = part.states.statements(&up, &part.head, warnings)?;
        let down =
            part.states
                .statements(&plain(&part.downgrade(), part), &part.wanted, warnings)?;
        body.push(("upgrades".to_owned(), up));
        body.push(("downgrades".to_owned(), down));
    }
    Ok(body)
}
