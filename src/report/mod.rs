//! How findings look.

pub mod findings;
pub mod graph;
pub mod review;
mod text;

pub use text::{plain_text, render};
