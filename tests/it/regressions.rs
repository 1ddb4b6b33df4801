//! Inputs that fuzzing found or began with, as ordinary tests: nothing panics, hangs or takes more
//! than its budget. They go through the same functions as in the fuzz targets.

#[path = "../../fuzz/src/readers.rs"]
mod readers;

use std::time::{Duration, Instant};

use crate::program::root;

/// What one input may take at most, in a debug build on a busy machine.
const LONG: Duration = Duration::from_secs(20);

/// Hands each kept input of a target to its reader.
fn replay(target: &str, read: impl Fn(&[u8])) {
    let mut found = 0;
    for entry in std::fs::read_dir(root().join("fuzz/corpus").join(target)).unwrap() {
        let path = entry.unwrap().path();
        let bytes = std::fs::read(&path).unwrap();
        println!("{}", path.display());
        let start = Instant::now();
        read(&bytes);
        assert!(start.elapsed() < LONG, "{} takes long", path.display());
        found += 1;
    }
    assert!(found > 0, "no inputs for {target}");
}

fn text(read: impl Fn(&str)) -> impl Fn(&[u8]) {
    move |bytes| read(&String::from_utf8_lossy(bytes))
}

#[test]
fn ini() {
    replay("ini", text(readers::ini));
}

#[test]
fn toml() {
    replay("toml", text(readers::toml));
}

#[test]
fn sql_revisions() {
    replay("sql_revision", text(readers::sql_revision));
}

#[test]
fn templates() {
    replay("template", text(readers::template));
}

#[test]
fn targets() {
    replay("targets", text(readers::targets));
}

#[test]
fn python() {
    replay("python", text(readers::python));
}

#[test]
fn alembic_revisions() {
    replay("alembic", text(readers::alembic));
}

#[test]
fn headers() {
    replay("header", text(readers::header));
}

#[test]
fn environments() {
    replay("env", text(readers::env));
}

#[test]
fn version_rows() {
    replay("current_from", readers::current_from);
}
