//! The section of a SQL revision as a template.
#![no_main]

use gensql_fuzz::{memory, readers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &str| memory::limited(|| readers::template(input)));
