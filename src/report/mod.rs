//! How findings look.

mod text;

pub use text::{plain_text, render};
