//! An Alembic project on disk: its version directories, its revisions' headers and its modules.

pub mod files;
pub mod header;
pub mod importer;
