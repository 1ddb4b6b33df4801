//! The tree-walking evaluator.

pub(super) mod attribute;
mod bound;
pub(super) mod call;
pub(super) mod class_body;
mod comprehension;
pub(super) mod descriptor;
mod exception;
mod expression;
pub(super) mod frame;
mod generator;
pub(super) mod import;
pub(super) mod iteration;
mod matching;
pub(super) mod operator;
mod statement;
pub(super) mod subscript;
mod target;

pub use exception::diagnostic;
