//! `gensql edit`: opens a revision in the user's editor.

use std::path::Path;
use std::process::Command;

use super::authoring::hooks;
use super::range::current_needed;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};

/// Opens the files of revisions with `editor`, a program with its options, and waits for it.
/// `current` stands for the revisions that the database is at.
///
/// # Errors
/// When there is no editor, it cannot be run, or it fails.
pub fn edit(options: &Options, revision: &str, at: &At, editor: Option<&str>) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    let map = &workspace.map;
    let found = if revision == "current" {
        workspace
            .at(options, at)?
            .ok_or_else(|| current_needed("edit current"))?
    } else {
        map.show(revision)?
    };
    if found.is_empty() {
        let message = format!("No revision files indicated by symbol '{revision}'");
        return Err(Box::new(
            Diagnostic::error(Code::RevisionNotFound, message)
                .with_help("list the revisions with `gensql history`"),
        ));
    }
    let Some(editor) = editor else {
        return Err(no_editor("EDITOR and VISUAL are not set"));
    };
    for index in found {
        open(editor, &map.revision(index).path)?;
    }
    Ok(Outcome::default())
}

fn open(editor: &str, path: &Path) -> Result<()> {
    let words = hooks::split(editor).unwrap_or_default();
    let Some((program, arguments)) = words.split_first() else {
        return Err(no_editor("EDITOR is empty, or has a quote without an end"));
    };
    let status = Command::new(program).args(arguments).arg(path).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => {
            let message = format!("the editor {program} failed: {status}");
            Err(Box::new(Diagnostic::error(Code::Io, message).with_help(
                "see what it printed, or set EDITOR to another one",
            )))
        }
        Err(error) => Err(no_editor(&format!("{program} cannot be run: {error}"))),
    }
}

fn no_editor(reason: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::Usage, format!("there is no editor: {reason}"))
            .with_help("set EDITOR to a program, such as `EDITOR=vi`"),
    )
}
