//! Splits a text, and reads it as a revision and as statements.
#![no_main]

use gensql::frontend::sql::{Reader, SqlFile, split};
use gensql::source::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let joined: String = split(text)
        .iter()
        .map(|piece| &text[piece.whole.clone()])
        .collect();
    assert_eq!(joined, text);
    let _ = SqlFile::parse(SourceFile::new("a.sql", text));
    for dialect in ["sqlite", "postgresql"] {
        let _ = Reader::new(dialect).read(text);
    }
});
