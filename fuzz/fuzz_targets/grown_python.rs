//! Well-formed Python grown from the input, read as `python` reads it.
#![no_main]

use gensql_fuzz::{grammar, memory, readers};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: &[u8]| {
    let text = grammar::module(input);
    if std::env::var_os("SHOW").is_some() {
        eprintln!("{text}");
    }
    memory::limited(|| readers::python(&text));
});
