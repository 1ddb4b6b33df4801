//! Inputs that fuzzing found or began with, as ordinary tests: nothing panics or hangs.

use std::collections::BTreeMap;

use gensql::frontend::sql::{Reader, SqlFile, Template, split};
use gensql::source::SourceFile;

use crate::program::root;

fn inputs(target: &str) -> Vec<(String, Vec<u8>)> {
    let directory = root().join("fuzz/corpus").join(target);
    let mut found: Vec<_> = std::fs::read_dir(directory)
        .unwrap()
        .flatten()
        .map(|entry| {
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, std::fs::read(entry.path()).unwrap())
        })
        .collect();
    found.sort();
    assert!(!found.is_empty(), "no inputs for {target}");
    found
}

#[test]
fn sql_revisions() {
    for (name, bytes) in inputs("sql_revision") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let joined: String = split(&text)
            .iter()
            .map(|p| &text[p.whole.clone()])
            .collect();
        assert_eq!(joined, text, "{name}");
        let _ = SqlFile::parse(SourceFile::new("a.sql", text.clone()));
        for dialect in ["sqlite", "postgresql", "mysql", "mssql"] {
            let _ = Reader::new(dialect).read(&text);
        }
    }
}

#[test]
fn templates() {
    for (_, bytes) in inputs("template") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let length = text.len();
        let template = Template::new("sqlite", None, &BTreeMap::new(), 1 << 20);
        let _ = template.render(&SourceFile::new("a.sql", text), 0..length);
    }
}
