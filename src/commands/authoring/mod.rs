//! What `init`, `revision` and `merge` share: identifiers, dates, names of files, and writing them.

pub(super) mod clock;
pub(super) mod files;
pub(super) mod hooks;
pub(super) mod naming;
pub(super) mod write;
