//! The front-end for plain SQL revisions: one `.sql` file a revision.
//!
//! A file is a comment header and up to two sections. A section's template is rendered, its text
//! is split into statements, and each statement is read on its own: DDL that can be said in
//! [`Operation`](crate::operation::Operation)s becomes some, everything else is handed on
//! verbatim by its slice of the source. No statement fails a file.

mod attached;
mod compose;
mod effect;
mod header;
mod portable;
mod project;
mod renamed;
mod rows;
mod sequence;
mod split;
pub mod system;
mod taint;
mod template;
mod written;

pub use compose::{NewFile, new_file};
pub use effect::follow;
pub use header::{Header, Section, SqlFile};
pub use portable::{Reader, operations_of, unread};
pub use project::{Options, Project};
pub use rows::{Answer, Cell, answer, described, doubt, is_question};
pub use split::{Piece, Splitter, split};
pub use template::{Template, growing};
