//! Inputs that fuzzing found or began with, as ordinary tests: nothing panics or hangs.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use gensql::config::{Ini, Settings};
use gensql::frontend::sql::{Reader, SqlFile, Template, split};
use gensql::python::vm::{Budget, Module, STACK_SIZE};
use gensql::python::{Importer, PyResult, Vm, stdlib};
use gensql::revision::{Revision, RevisionMap};
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

#[test]
fn configuration() {
    for (_, bytes) in inputs("ini") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        if let Ok(ini) = Ini::parse(SourceFile::new("alembic.ini", text)) {
            for section in ini.sections() {
                for option in ini.options(section) {
                    let _ = ini.get(section, option);
                }
            }
        }
    }
    for (_, bytes) in inputs("toml") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let _ = Settings::parse(&SourceFile::new("gensql.toml", text));
    }
}

#[test]
fn targets() {
    let map = RevisionMap::new(vec![
        Revision::new("a1", &[]),
        Revision::new("a2", &["a1"]),
        Revision::new("b1", &["a2"]),
        Revision::new("c1", &["a2"]),
        Revision::new("d1", &["b1", "c1"]),
        Revision::new("e1", &[]),
    ])
    .unwrap();
    for (_, bytes) in inputs("targets") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let (start, target) = text.split_once(':').unwrap_or(("", &text));
        let start = map
            .start((!start.is_empty()).then_some(start))
            .unwrap_or_default();
        let _ = map.upgrade(&start, &[target]);
        let _ = map.downgrade(&start, target);
        let _ = map.history(&[target], &[]);
        let _ = map.show(target);
    }
}

struct Alone;

impl Importer for Alone {
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
        stdlib::module(vm, dotted)
    }

    fn project_module(&self, _dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        None
    }

    fn open(&self, _path: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
}

#[test]
fn python() {
    for (name, bytes) in inputs("python") {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let run = move || {
            let budget = Budget {
                steps: 20_000,
                depth: 60,
                memory: 16 << 20,
            };
            let mut vm = Vm::new(Rc::new(Alone), budget);
            let _ = vm.run_module("found", &SourceFile::new("found.py", text));
        };
        let thread = std::thread::Builder::new()
            .stack_size(STACK_SIZE)
            .spawn(run)
            .unwrap();
        assert!(thread.join().is_ok(), "{name}");
    }
}
