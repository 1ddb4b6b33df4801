//! The integration tests, one binary.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout
)]

mod accepted;
mod answers;
mod architecture;
mod authoring;
mod bad;
mod bundle;
mod caught;
mod cli;
mod collections;
mod computed;
mod days;
mod documents;
mod environments;
mod exercised;
mod explained;
mod fresh;
mod golden;
mod guards;
mod imports;
mod inspected;
mod installed;
mod keys;
mod lint;
mod lint_peers;
mod lock;
mod locks;
mod manual;
mod mended;
mod online;
mod own_dialects;
mod own_types;
mod packages;
mod program;
mod projects;
mod properties;
mod proposals;
mod questions;
mod rebuilds;
mod recipes;
mod regressions;
mod replayed;
mod review;
mod right;
mod rows;
mod running;
mod schemas;
mod servers;
mod session;
mod settings;
mod unsafe_compat;
mod unverified;
mod vocabulary;
mod vocabulary_cases;
