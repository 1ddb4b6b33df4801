//! The front-end for Alembic projects.

pub mod inspect;
pub mod project;
pub mod sql;
