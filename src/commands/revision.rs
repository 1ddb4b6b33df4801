//! `gensql revision`: a new revision.

use std::cell::RefCell;
use std::collections::BTreeSet;

use super::authoring::write::{self, Body, Request};
use super::wanted::{Compared, compared};
use super::workspace::{Workspace, plain_project};
use super::{Options, Outcome};
use crate::catalog::Catalog;
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::directives;
use crate::operation::{Executable, Operation};

/// Writes a new revision; with `autogenerate`, one with what differs between the wanted schema and
/// the revisions.
pub fn revision(options: &Options, request: &Request, autogenerate: bool) -> Result<Outcome> {
    if !autogenerate {
        return write::revision(options, request, &|_, _| Ok(Body::new()));
    }
    if request.preview {
        let message = "Using --sql with --autogenerate does not make any sense";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message).with_help("leave out one of the two"),
        ));
    }
    let warnings = RefCell::new(Vec::new());
    let mut outcome = write::revision(options, request, &|workspace, _| {
        let mut warnings = warnings.borrow_mut();
        let found = compared(workspace, options, &request.renames, &mut warnings)?;
        if found.iter().all(Compared::is_empty) {
            let message = "the revisions lead to what is wanted; the new one does nothing";
            warnings.push(Diagnostic::note(Code::NothingDiffers, message));
        }
        match &workspace.config.source {
            Source::Alembic(_) => python(workspace, options, &found),
            Source::Sql { .. } => statements(&found, &mut warnings),
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

/// The bodies of the functions of a revision, for each context of `env.py`.
fn python(workspace: &Workspace, options: &Options, found: &[Compared<'_>]) -> Result<Body> {
    let Source::Alembic(alembic) = &workspace.config.source else {
        return Ok(Body::new());
    };
    let names = plain_project(options, &workspace.library, alembic).body_names()?;
    if names.len() < found.len() {
        let message = "env.py has not as many contexts with a connection as without one";
        return Err(Box::new(
            Diagnostic::error(Code::ConfigInvalid, message)
                .with_help("configure the context as often online as offline"),
        ));
    }
    let mut body = Body::new();
    let mut imports = BTreeSet::new();
    for (part, (up, down)) in found.iter().zip(names) {
        let dialect = &part.states.dialect;
        for (name, operations) in [
            (up, with_labels(part.upgrade(), part, &part.head)?),
            (down, with_labels(part.downgrade(), part, &part.wanted)?),
        ] {
            let source = directives::render_proposed(&operations, dialect)?;
            for (text, line) in &part.imports {
                if source
                    .statements
                    .iter()
                    .any(|statement| statement.contains(&**text))
                {
                    imports.insert(line.clone());
                }
            }
            // The template has the indentation of the first line.
            body.push((name.to_string(), source.body().trim_start().to_owned()));
            imports.extend(source.imports);
        }
    }
    let imports: Vec<String> = imports.into_iter().collect();
    body.push(("imports".to_owned(), imports.join("\n")));
    Ok(body)
}

/// The operations with SQL in place of changes of a type's labels, for which Alembic has no
/// directive. `from` is the schema that they begin at.
fn with_labels(
    operations: Vec<Operation>,
    part: &Compared<'_>,
    from: &Catalog,
) -> Result<Vec<Operation>> {
    let mut found = Vec::new();
    for operation in operations {
        let Operation::AlterEnum { before, after } = &operation else {
            found.push(operation);
            continue;
        };
        let mut new = after.labels.iter();
        let only_more = before
            .labels
            .iter()
            .all(|label| new.any(|other| other == label));
        let mut warnings = Vec::new();
        let text = part.states.statements(&[operation], from, &mut warnings)?;
        // A label that comes cannot be used in the transaction that adds it.
        if only_more {
            found.push(Operation::BeginAutocommit);
        }
        for statement in text.split(";\n") {
            let statement = statement.trim();
            if !statement.is_empty() {
                found.push(Operation::Execute {
                    statement: Executable::Verbatim(statement.into()),
                });
            }
        }
        if only_more {
            found.push(Operation::EndAutocommit);
        }
    }
    Ok(found)
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
