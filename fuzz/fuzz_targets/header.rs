//! The header of an Alembic revision.
#![no_main]

use gensql_fuzz::{memory, readers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| memory::limited(|| readers::header(input)));
