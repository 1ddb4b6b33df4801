//! The operations of `tests/oracle/ddl`, what Alembic prints for each of them, and what gensql prints.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use gensql::commands::{At, Options, upgrade};
use gensql::config::Request;

use crate::program::root;

const STACK: usize = 256 << 20;

/// What Alembic prints in some of the dialects.
pub struct Expectation {
    pub dialects: Vec<String>,
    /// The dialects for which Alembic's order varies from run to run.
    pub varying: Vec<String>,
    pub text: String,
}

/// The body of an `upgrade()`.
pub struct Case {
    /// The directive.
    pub file: String,
    /// The metadata of the environment, in Python.
    pub metadata: String,
    pub python: Vec<String>,
    pub expectations: Vec<Expectation>,
}

pub fn folder() -> PathBuf {
    root().join("tests/oracle/ddl")
}

/// What is before the revision's own lines.
pub fn preamble() -> String {
    std::fs::read_to_string(folder().join("preamble.py")).unwrap()
}

fn expectation(line: &str) -> Expectation {
    let (varying, dialects): (Vec<&str>, Vec<&str>) = {
        let mut varying = Vec::new();
        let mut dialects = Vec::new();
        let mut words = line.split(' ');
        while let Some(word) = words.next() {
            if word == "~~" {
                let dialect = words.next().unwrap();
                varying.push(dialect);
                dialects.push(dialect);
            } else {
                dialects.push(word);
            }
        }
        (varying, dialects)
    };
    Expectation {
        dialects: dialects.into_iter().map(str::to_owned).collect(),
        varying: varying.into_iter().map(str::to_owned).collect(),
        text: String::new(),
    }
}

/// Reads the cases of a file.
pub fn read(path: &Path, cases: &mut Vec<Case>) {
    let file = path.file_stem().unwrap().to_str().unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let mut metadata = "None";
    let mut is_first = true;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(value) = bare.strip_prefix("metadata: ")
            && is_first
        {
            metadata = value;
        } else if let Some(code) = bare.strip_prefix(">>> ") {
            cases.push(Case {
                file: file.to_owned(),
                metadata: metadata.to_owned(),
                python: vec![code.to_owned()],
                expectations: Vec::new(),
            });
        } else {
            let case = cases.last_mut().unwrap();
            if let Some(dialects) = bare.strip_prefix("@@ ") {
                case.expectations.push(expectation(dialects));
            } else if let Some(expectation) = case.expectations.last_mut() {
                expectation.text.push_str(line);
            } else {
                case.python
                    .push(bare.strip_prefix("... ").unwrap().to_owned());
            }
        }
        is_first = false;
    }
}

/// Every case, in the order of the files.
pub fn cases() -> Vec<Case> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .collect();
    paths.sort();
    let mut cases = Vec::new();
    for path in &paths {
        read(path, &mut cases);
    }
    cases
}

/// Writes a project of two revisions: `c0` with the lines of `setup`, and `c1` with a case's own.
pub fn write_project(directory: &Path, preamble: &str, setup: &[String], case: &Case) {
    let versions = directory.join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(
        directory.join("alembic.ini"),
        "[alembic]\nscript_location = m\n",
    )
    .unwrap();
    let environment = format!(
        "import sqlalchemy as sa\nfrom alembic import context\n\ncontext.configure(target_metadata={}, literal_binds=True, dialect_opts={{'paramstyle': 'named'}})\nwith context.begin_transaction():\n    context.run_migrations()\n",
        case.metadata
    );
    std::fs::write(directory.join("m/env.py"), environment).unwrap();
    let write = |name: &str, before: &str, lines: &[String]| {
        let mut revision = format!(
            "{preamble}\nrevision = '{name}'\ndown_revision = {before}\n\n\ndef upgrade():\n    pass\n"
        );
        for line in lines {
            let _ = writeln!(revision, "    {line}");
        }
        std::fs::write(versions.join(format!("{name}.py")), revision).unwrap();
    };
    write("c0", "None", setup);
    write("c1", "'c0'", &case.python);
}

/// The script of a project that `write_project` wrote; the message when there is none.
pub fn script(
    directory: &Path,
    dialect: &str,
    range: &str,
    compat: bool,
) -> Result<String, String> {
    let options = Options {
        request: Request {
            directory: directory.to_owned(),
            files: vec![directory.join("alembic.ini")],
            section: None,
            packages: Vec::new(),
        },
        dialect: Some(dialect.to_owned()),
        compat,
        ..Options::default()
    };
    upgrade(&options, &[range.to_owned()], &At::Unknown)
        .map(|outcome| outcome.output)
        .map_err(|found| found.message.clone())
}

/// The part of a script that is the revision `c1`'s, without the version table.
pub fn body(script: &str) -> Result<&str, String> {
    let (_, body) = script
        .split_once("-- Running upgrade c0 -> c1\n\n")
        .or_else(|| script.split_once("-- Running upgrade c0 -> c1\n\nGO\n\n"))
        .ok_or("the script has no revision")?;
    let (body, _) = body
        .split_once("UPDATE alembic_version")
        .ok_or("the script has no version row")?;
    Ok(body)
}

/// The answers of `work` to each number below `count`, worked out on all processors.
pub fn on_all<T: Send>(count: usize, work: impl Fn(&Path, usize) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            let worker = || {
                let directory = tempfile::tempdir().unwrap();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    let answer = work(directory.path(), number);
                    found.lock().unwrap().insert(number, answer);
                }
            };
            std::thread::Builder::new()
                .stack_size(STACK)
                .spawn_scoped(scope, worker)
                .unwrap();
        }
    });
    found.into_inner().unwrap().into_values().collect()
}
