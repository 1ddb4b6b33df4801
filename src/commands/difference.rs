//! The difference of two texts, as people read it.

use similar::{Algorithm, TextDiff};

/// The unified difference; empty where there is none.
pub(super) fn unified(before: &str, after: &str, old: &str, new: &str) -> String {
    let plain = |name: &str| name.replace(['\n', '\r'], " ");
    TextDiff::configure()
        .algorithm(Algorithm::Patience)
        .diff_lines(before, after)
        .unified_diff()
        .context_radius(3)
        .header(&plain(old), &plain(new))
        .to_string()
}
