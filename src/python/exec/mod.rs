//! The tree-walking evaluator.

pub(super) mod attribute;
mod bound;
pub(super) mod call;
mod class_body;
mod comprehension;
pub(super) mod descriptor;
mod exception;
mod expression;
pub(super) mod frame;
mod generator;
mod groups;
pub(super) mod import;
pub(super) mod iteration;
mod matching;
mod metaclass;
pub(super) mod names;
pub(super) mod operator;
mod passed_over;
mod reach;
mod statement;
pub(super) mod subscript;
mod target;

pub use exception::diagnostic;
pub(super) use exception::is as is_exception;
pub(super) use generator::next_of as next_of_generator;
pub(super) use metaclass::{call_metaclass, made_class};
pub use passed_over::PassedOver;
pub use reach::{Scope, whole};
