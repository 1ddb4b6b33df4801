//! How findings look.

pub mod findings;
pub mod graph;
pub mod review;
mod text;

pub use text::{plain_text, render};

/// A number of things, as in `1 table` and `2 tables`.
fn count(number: usize, what: &str) -> String {
    match number {
        1 => format!("1 {what}"),
        number => format!("{number} {what}s"),
    }
}
