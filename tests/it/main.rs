//! The integration tests, one binary.

mod architecture;
mod bad;
mod cli;
mod documents;
mod program;
mod regressions;
