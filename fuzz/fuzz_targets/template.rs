//! Renders a text as the section of a SQL revision.
#![no_main]

use std::collections::BTreeMap;

use gensql::frontend::sql::Template;
use gensql::source::SourceFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let template = Template::new("sqlite", None, &BTreeMap::new(), 1 << 20);
    let _ = template.render(&SourceFile::new("a.sql", text), 0..text.len());
});
