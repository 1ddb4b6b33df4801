//! Writing a SQL revision.

use std::fmt::Write;
use std::sync::Arc;

use super::header::{Header, SqlFile};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::SourceFile;

/// A revision that is to be written.
#[derive(Clone, Debug, Default)]
pub struct NewFile<'a> {
    /// What its header says; `span` does not count.
    pub header: Header,
    /// When it is made.
    pub created: String,
    /// The statements of the upgrade.
    pub up: &'a str,
    /// The statements of the downgrade.
    pub down: &'a str,
}

/// The text of a new revision, which says what it was told to say. Lines of the message that would
/// mean something else in a header are written with the key `message`.
///
/// # Errors
/// A name that a header has no way to say.
pub fn new_file(new: &NewFile<'_>) -> Result<String> {
    let clean = cleaned(&new.header.message);
    let wanted = Header {
        message: clean.clone(),
        ..new.header.clone()
    };
    let plain = text(new, &clean, false);
    if says(&plain, &wanted) {
        return Ok(plain);
    }
    let keyed = text(new, &clean, true);
    if says(&keyed, &wanted) {
        return Ok(keyed);
    }
    let mut found = Diagnostic::error(
        Code::RevisionIdInvalid,
        "the names of the revision cannot be written in a header",
    );
    let header = &new.header;
    let names = header
        .down_revisions
        .iter()
        .chain(&header.branch_labels)
        .chain(&header.depends_on)
        .chain([&header.revision]);
    let names: Vec<String> = names
        .map(|name| format!("'{}'", name.escape_debug()))
        .collect();
    found = found.with_note(format!("they are {}", names.join(", ")));
    Err(Box::new(found.with_help(
        "choose names without commas, quotes and spaces at their ends",
    )))
}

/// A message without what ends a comment: lines stay, other control characters become spaces.
fn cleaned(message: &str) -> String {
    let ends = |c: char| matches!(c, '\u{85}' | '\u{2028}' | '\u{2029}');
    let lines = message.split('\n').map(|line| {
        let plain: String = line
            .chars()
            .map(|c| if c.is_control() || ends(c) { ' ' } else { c })
            .collect();
        plain.trim().to_owned()
    });
    let lines: Vec<String> = lines.filter(|line| !line.is_empty()).collect();
    lines.join("\n")
}

fn text(new: &NewFile<'_>, message: &str, keyed: bool) -> String {
    let header = &new.header;
    let mut out = String::new();
    for line in message.lines() {
        let key = if keyed { "message: " } else { "" };
        let _ = writeln!(out, "-- {key}{line}");
    }
    let names = |names: &[Arc<str>]| match names {
        [] => "none".to_owned(),
        names => names.join(", "),
    };
    let _ = writeln!(out, "-- revision: {}", header.revision);
    let _ = writeln!(out, "-- down_revision: {}", names(&header.down_revisions));
    if !header.branch_labels.is_empty() {
        let _ = writeln!(out, "-- branch_labels: {}", names(&header.branch_labels));
    }
    if !header.depends_on.is_empty() {
        let _ = writeln!(out, "-- depends_on: {}", names(&header.depends_on));
    }
    let _ = writeln!(out, "-- created: {}", new.created);
    for (name, statements) in [("up", new.up), ("down", new.down)] {
        let _ = writeln!(out, "\n-- migrate:{name}");
        let statements = statements.trim_end();
        if !statements.is_empty() {
            let _ = writeln!(out, "{statements}");
        }
    }
    out
}

fn says(text: &str, wanted: &Header) -> bool {
    let Ok(file) = SqlFile::parse(SourceFile::new("revision.sql", text)) else {
        return false;
    };
    let found = Header {
        span: wanted.span,
        ..file.header
    };
    found == *wanted && file.down.is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn made(message: &str, id: &str) -> String {
        let new = NewFile {
            header: Header {
                revision: id.into(),
                message: message.to_owned(),
                ..Header::default()
            },
            created: "2026-01-02 03:04:05".to_owned(),
            ..NewFile::default()
        };
        new_file(&new).unwrap_or_else(|found| format!("error: {}\n", found.message))
    }

    #[test]
    fn a_message_stays_a_message() {
        let text = [
            made("create users", "1a"),
            made("users: add\nrevision: x\nmigrate:up\r\nDROP TABLE t;", "1b"),
            made("\0\u{2028}\t", "1c"),
            made("{{ a }} {% b", "1d"),
            made("a", "none"),
            made("a", "x, y"),
            made("a", "'q'"),
        ]
        .concat();
        let mut settings = insta::Settings::clone_current();
        settings.set_snapshot_path(concat!(env!("CARGO_MANIFEST_DIR"), "/snapshots/authoring"));
        settings.set_prepend_module_to_snapshot(false);
        settings.set_omit_expression(true);
        settings.bind(|| insta::assert_snapshot!("messages", text));
    }
}
