//! The integration tests, one binary.

mod architecture;
mod bad;
mod cli;
mod documents;
mod golden;
mod program;
mod regressions;
mod servers;
