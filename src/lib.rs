//! gensql prints the SQL script that takes a database from one revision to another,
//! without ever connecting to one.
//!
//! The modules are layers: each uses only modules of a lower rank (`ARCHITECTURE.md` has the
//! table, `tests/it/architecture.rs` holds it).

pub mod catalog;
pub mod cli;
pub mod commands;
pub mod compare;
pub mod config;
pub mod datatype;
pub mod diagnostic;
pub mod dialect;
pub mod directives;
pub mod expression;
pub mod frontend;
pub mod lint;
pub mod lower;
pub mod operation;
pub mod python;
pub mod render;
pub mod report;
pub mod revision;
pub mod script;
pub mod source;
