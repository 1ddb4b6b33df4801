//! The rows of a version table.
#![no_main]

use gensql_fuzz::{memory, readers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| memory::limited(|| readers::current_from(input)));
