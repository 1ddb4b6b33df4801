//! How findings look.

pub mod findings;
mod text;

pub use text::{plain_text, render};
