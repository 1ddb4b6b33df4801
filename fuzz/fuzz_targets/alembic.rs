//! The body of an Alembic revision, up to its script.
#![no_main]

use gensql_fuzz::{memory, readers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| memory::limited(|| readers::alembic(input)));
