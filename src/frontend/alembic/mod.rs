//! The front-end for Alembic projects.

mod bind;
mod classes;
mod convert;
mod earlier;
pub mod env;
mod host;
pub use host::{Host, Invocation, Quote, Target};
pub mod inspect;
mod mako;
mod modules;
pub use modules::module as native_module;
mod name;
mod op;
mod orm;
pub mod project;
mod raise;
mod schema;
pub mod sql;
mod third_party;
pub mod types;

#[cfg(test)]
mod tests;

pub use bind::configured::Answers;
