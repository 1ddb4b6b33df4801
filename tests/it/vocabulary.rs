//! Every directive of DDL in every variant, held against what Alembic prints
//! (`tests/oracle/ddl_cases.py` asks it).
//!
//! Scripts that are not Alembic's are listed in `tests/oracle/ddl_differences.txt`; the list must be
//! exact, so what is repaired leaves it. `GENSQL_BLESS=1` writes it.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use gensql::commands::{At, Options, upgrade};
use gensql::config::Request;

use crate::program::root;

const STACK: usize = 256 << 20;

/// One operation, and what Alembic prints for it.
struct Case {
    file: String,
    dialect: String,
    metadata: String,
    python: Vec<String>,
    /// Alembic's order varies from run to run.
    varies: bool,
    text: String,
}

fn folder() -> PathBuf {
    root().join("tests/oracle/ddl")
}

fn read(path: &Path, cases: &mut Vec<Case>) {
    let name = path.file_stem().unwrap().to_str().unwrap();
    let (file, dialect) = name.rsplit_once('.').unwrap();
    let text = std::fs::read_to_string(path).unwrap();
    let mut metadata = "None";
    let mut inside = false;
    for line in text.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        if let Some(value) = bare.strip_prefix("metadata: ")
            && !inside
        {
            metadata = value;
        } else if let Some(code) = bare.strip_prefix(">>> ") {
            inside = true;
            cases.push(Case {
                file: file.to_owned(),
                dialect: dialect.to_owned(),
                metadata: metadata.to_owned(),
                python: vec![code.to_owned()],
                varies: false,
                text: String::new(),
            });
        } else if let Some(case) = cases.last_mut() {
            match bare.strip_prefix("... ") {
                Some(code) if case.text.is_empty() => case.python.push(code.to_owned()),
                _ if bare == "~~ " && case.text.is_empty() => case.varies = true,
                _ => case.text.push_str(line),
            }
        }
    }
}

fn cases() -> Vec<Case> {
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

/// The script of a case, without the version table; the message when there is none.
fn script(directory: &Path, preamble: &str, case: &Case, compat: bool) -> Result<String, String> {
    let versions = directory.join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(
        directory.join("alembic.ini"),
        "[alembic]\nscript_location = m\n",
    )
    .unwrap();
    let environment = format!(
        "import sqlalchemy as sa\nfrom alembic import context\n\ncontext.configure(dialect_name={:?}, target_metadata={}, literal_binds=True, dialect_opts={{'paramstyle': 'named'}})\nwith context.begin_transaction():\n    context.run_migrations()\n",
        case.dialect, case.metadata
    );
    std::fs::write(directory.join("m/env.py"), environment).unwrap();
    let mut revision =
        format!("{preamble}\nrevision = 'c1'\ndown_revision = None\n\n\ndef upgrade():\n");
    for line in &case.python {
        let _ = writeln!(revision, "    {line}");
    }
    std::fs::write(versions.join("c1.py"), revision).unwrap();
    let options = Options {
        request: Request {
            directory: directory.to_owned(),
            files: vec![directory.join("alembic.ini")],
            section: None,
        },
        dialect: Some(case.dialect.clone()),
        compat,
        ..Options::default()
    };
    let outcome = upgrade(&options, &["base:c1".to_owned()], &At::Unknown)
        .map_err(|found| found.message.clone())?;
    let (_, body) = outcome
        .output
        .split_once("-- Running upgrade  -> c1\n\n")
        .ok_or("the script has no revision")?;
    let (body, _) = body
        .split_once("INSERT INTO alembic_version")
        .ok_or("the script has no version row")?;
    Ok(body.to_owned())
}

fn words(text: &str) -> Vec<String> {
    let text = text.replace(',', " ");
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// How a script differs from Alembic's, if it does.
fn difference(case: &Case, found: &Result<String, String>) -> Option<&'static str> {
    let is_refused = case.text.starts_with("!! ");
    match found {
        Err(_) if is_refused => None,
        Err(_) => Some("refused"),
        Ok(_) if is_refused => Some("not refused"),
        Ok(text) if *text == case.text => None,
        Ok(text) if words(text) == words(&case.text) => (!case.varies).then_some("other order"),
        Ok(_) => Some("other text"),
    }
}

/// All cases, on all processors.
fn run<T: Send>(cases: &[Case], work: impl Fn(&Path, &Case) -> T + Sync) -> Vec<T> {
    let next = AtomicUsize::new(0);
    let found = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        let threads = std::thread::available_parallelism().map_or(2, usize::from);
        for _ in 0..threads {
            let worker = || {
                let directory = tempfile::tempdir().unwrap();
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    let Some(case) = cases.get(number) else {
                        break;
                    };
                    let answer = work(directory.path(), case);
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

#[test]
fn what_alembic_prints() {
    let cases = cases();
    assert!(cases.len() > 8_000, "{} cases", cases.len());
    let preamble = std::fs::read_to_string(folder().join("preamble.py")).unwrap();
    let answers = run(&cases, |directory, case| {
        script(directory, &preamble, case, true)
    });
    let mut list = String::new();
    let mut details = BTreeMap::new();
    for (case, found) in cases.iter().zip(&answers) {
        if let Some(kind) = difference(case, found) {
            let line = format!(
                "{}.{}: {kind}: {}",
                case.file,
                case.dialect,
                case.python.join(" | ")
            );
            let answer = match found {
                Ok(text) => text.clone(),
                Err(message) => format!("!! {message}\n"),
            };
            details.insert(
                line.clone(),
                format!("{line}\n--- Alembic\n{}--- gensql\n{answer}", case.text),
            );
            let _ = writeln!(list, "{line}");
        }
    }
    let path = root().join("tests/oracle/ddl_differences.txt");
    if std::env::var_os("GENSQL_BLESS").is_some() {
        std::fs::write(&path, &list).unwrap();
        for detail in details.values() {
            println!("{detail}");
        }
    }
    let known = std::fs::read_to_string(&path).unwrap_or_default();
    let new: Vec<&str> = list
        .lines()
        .filter(|line| !known.lines().any(|other| other == *line))
        .map(|line| &*details[line])
        .collect();
    assert!(new.is_empty(), "{} differ:\n{}", new.len(), new.join("\n"));
    let repaired: Vec<&str> = known
        .lines()
        .filter(|line| !details.contains_key(*line))
        .collect();
    assert!(
        repaired.is_empty(),
        "no longer different, take them off {}:\n{}",
        path.display(),
        repaired.join("\n")
    );
}
