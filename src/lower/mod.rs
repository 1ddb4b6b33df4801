//! Operations and expressions as statements of a dialect. Rank 5.

pub mod expression;
