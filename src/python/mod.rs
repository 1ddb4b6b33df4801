//! A small, sandboxed evaluator of the Python that migrations are written in. Rank 1.
//!
//! It knows no SQL and no Alembic. A host (the Alembic front-end) registers native modules whose
//! objects implement [`Native`]; everything else that it may touch goes through [`Importer`].
//! Ruff's parser is named only in `syntax`.

pub mod args;
pub mod builtins;
pub mod class;
pub mod error;
pub mod exec;
pub mod format;
pub mod methods;
pub mod native;
pub mod numbers;
pub mod stdlib;
pub mod syntax;
pub mod value;
pub mod vm;

#[cfg(test)]
mod tests;

pub use args::Args;
pub use class::{Class, Instance};
pub use error::{Fatal, Hint, PyResult, Raise};
pub use native::{BinaryOp, Builtin, CompareOp, Native, NativeClass, UnaryOp};
pub use value::{Dict, DictKey, Str, Unknown, Value};
pub use vm::{Budget, Importer, Vm};
