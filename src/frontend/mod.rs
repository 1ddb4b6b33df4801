//! The front-ends: files of revisions become operations.

pub mod alembic;
pub mod sql;
