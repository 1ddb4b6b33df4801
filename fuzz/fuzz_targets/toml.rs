//! Reads gensql.toml.
#![no_main]

use gensql::config::Settings;
use gensql::source::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = Settings::parse(&SourceFile::new("gensql.toml", text));
});
