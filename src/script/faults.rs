//! What is wrong with a script that keeps Alembic's text: counted, and said once.

use std::sync::Arc;

use super::Script;
use super::item::Item;
use super::text::ends_in_comment;
use crate::diagnostic::{Code, Diagnostic};
use crate::lower::Statement;
use crate::revision::VersionChange;
use crate::source::Location;

/// How long an identifier of a revision may be in the version table.
const LONGEST: usize = 32;

/// A fault, and where it was first.
#[derive(Default)]
struct Fault {
    count: usize,
    first: Option<Location>,
}

impl Fault {
    fn note(&mut self, statement: &Statement) {
        if self.count == 0 {
            self.first.clone_from(&statement.location);
        }
        self.count += 1;
    }

    fn warning(&self, what: &str) -> Option<Diagnostic> {
        let statements = match self.count {
            0 => return None,
            1 => "in this statement".to_owned(),
            count => format!("in this and {} more statements", count - 1),
        };
        Some(
            Diagnostic::warning(Code::UnsafeCompat, format!("{what} {statements}"))
                .at(self.first.clone())
                .with_help("leave `--compat alembic` away"),
        )
    }
}

/// The faults of a script.
#[derive(Default)]
pub(super) struct Faults {
    tabs: Fault,
    doubled: Fault,
    swallowed: Fault,
    lone: Fault,
    unescaped: Vec<Arc<str>>,
    long: Vec<Arc<str>>,
    returning: bool,
}

impl Faults {
    /// Looks at a statement whose text stays Alembic's.
    pub(super) fn look(&mut self, statement: &Statement, item: &Item, terminator: &str) {
        let Item::Statement { text, own, .. } = item else {
            return;
        };
        if text.contains('\t') {
            self.tabs.note(statement);
        }
        if !own {
            return;
        }
        let body = text.trim();
        if body.is_empty() {
            self.lone.note(statement);
        } else if body.ends_with(';') {
            self.doubled.note(statement);
        } else if !terminator.is_empty() && body.rsplit('\n').next().is_some_and(ends_in_comment) {
            self.swallowed.note(statement);
        }
    }

    /// Looks at what happens to the version table.
    pub(super) fn look_at_rows(&mut self, changes: &[VersionChange], compat: bool, returns: bool) {
        for change in changes {
            let id = match change {
                VersionChange::Insert(id) => {
                    self.returning |= compat && returns;
                    id
                }
                VersionChange::Update { to, .. } => to,
                VersionChange::Delete(id) => id,
            };
            if id.chars().count() > LONGEST && !self.long.contains(id) {
                self.long.push(id.clone());
            }
            if compat && id.contains(['\'', '\n', '\r']) && !self.unescaped.contains(id) {
                self.unescaped.push(id.clone());
            }
        }
    }
}

impl Script<'_> {
    /// What is wrong with the text that has been written.
    pub fn faults(&self) -> Vec<Diagnostic> {
        let Faults {
            tabs,
            doubled,
            swallowed,
            lone,
            unescaped,
            long,
            returning,
        } = &self.faults;
        let mut found: Vec<Diagnostic> = [
            tabs.warning("a tab becomes four spaces, also where it is data,"),
            doubled.warning("the terminator is written twice"),
            swallowed.warning("the terminator is part of a comment, and the next statement too,"),
            lone.warning("nothing is left but a terminator"),
        ]
        .into_iter()
        .flatten()
        .collect();
        for id in unescaped {
            let message = format!("the revision identifier {id:?} is not escaped");
            found.push(
                Diagnostic::warning(Code::UnsafeCompat, message)
                    .with_help("leave `--compat alembic` away, or rename the revision"),
            );
        }
        for id in long {
            let message = format!(
                "the revision identifier `{}` is longer than the {LONGEST} characters of the version table",
                id.escape_debug()
            );
            found.push(
                Diagnostic::warning(Code::UnsafeCompat, message)
                    .with_help("shorten it, or widen the column of the version table first"),
            );
        }
        if *returning {
            let message = "the version table's INSERT returns into a variable that nothing declares, and nothing commits";
            found.push(
                Diagnostic::warning(Code::UnsafeCompat, message)
                    .with_help("leave `--compat alembic` away"),
            );
        }
        found
    }
}
