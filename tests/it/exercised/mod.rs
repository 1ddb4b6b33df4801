//! Every template, every spelling of a type and every other fact is used by a case.
//!
//! A project may lay files of its own over those of a dialect. So each of them is laid over with a
//! changed copy, and what a case prints must change with it: the program itself counts nothing.
//! Cases are those of `tests/exercised/cases.txt`, the vocabulary and the expressions.
//! `GENSQL_BLESS=1` searches a case for each part and writes which one that was, so that only these run.

mod facts;
mod mutated;
mod templates;

use std::path::{Path, PathBuf};
use std::time::Duration;

use gensql::commands::{
    At, Bundle, Fresh, Init, NewRevision, Options, Outcome, SafetyOptions, bundle, diff, downgrade,
    init, revision, stamp, upgrade,
};
use gensql::config::Request;
use gensql::diagnostic::Diagnostic;
use toml::Value;

use crate::program::root;
use crate::vocabulary_cases::{Case, cases, read, write_project};

/// What is asked of a case: `merge` is the way back from a merge of it with another branch,
/// `transactional` Alembic's script of an `env.py` that has DDL in transactions, `proposed` the
/// revision that leads from the case to the metadata, `init` the configuration of a new project
/// beside it, and `sql` the script of a SQL revision with the statements that it executes. Besides, `client=` (each revision only if it is due) and `guarded=` with a client, `at=`
/// with a version of the server, and `driver=` with the driver of a URL, which has parameters in its
/// own style.
const MODES: [&str; 18] = [
    "plain",
    "compat",
    "all",
    "guard",
    "idempotent",
    "fresh",
    "waiting",
    "down",
    "merge",
    "online",
    "stub",
    "stamp",
    "diff",
    "bundle",
    "proposed",
    "init",
    "transactional",
    "sql",
];

fn folder() -> PathBuf {
    root().join("tests/exercised")
}

/// The cases of this folder, which are tried in all modes, and how many they are; then the
/// vocabulary.
fn all_cases() -> (Vec<Case>, usize) {
    let mut all = Vec::new();
    read(&folder().join("cases.txt"), &mut all);
    let own = all.len();
    all.extend(cases());
    (all, own)
}

fn title(case: &Case) -> String {
    format!("{}: {}", case.file, case.python.join(" | "))
}

/// The file of a dialect.
fn table(dialect: &str) -> toml::Table {
    let path = root().join(format!("dialects/{dialect}.toml"));
    toml::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
}

/// The modes of a dialect: the usual ones, and one for each version that its facts know.
fn modes(dialect: &str) -> Vec<String> {
    let mut modes: Vec<String> = MODES.iter().map(|&mode| mode.to_owned()).collect();
    let facts = table(dialect);
    if let Some(Value::Table(clients)) = facts.get("guard").and_then(|guard| guard.get("clients")) {
        for kind in ["client", "guarded"] {
            modes.extend(clients.keys().map(|client| format!("{kind}={client}")));
        }
    }
    if let Some(Value::Table(drivers)) = facts.get("bind").and_then(|bind| bind.get("paramstyles"))
    {
        modes.extend(drivers.keys().map(|driver| format!("driver={driver}")));
    }
    if let Some(Value::Array(versions)) = facts.get("versions") {
        for version in versions {
            let since = version.get("since").and_then(Value::as_integer);
            let before = version.get("before").and_then(Value::as_integer);
            let known = since.or(before.map(|before| before - 1)).unwrap();
            modes.push(format!("at={known}"));
        }
    }
    modes
}

/// What a case prints, or why it does not.
fn answer(directory: &Path, dialect: &str, mode: &str) -> String {
    let version = mode.strip_prefix("at=");
    let chosen = version.map_or(dialect.to_owned(), |at| format!("{dialect}:{at}"));
    let client = mode.strip_prefix("client=");
    let guarded = mode.strip_prefix("guarded=");
    let waiting = (mode == "waiting").then(|| Duration::from_millis(2500));
    let driver = mode.strip_prefix("driver=");
    let transactional = mode == "transactional";
    let environment = directory.join("m/env.py");
    let usual = "literal_binds=True, dialect_opts={'paramstyle': 'named'}";
    let other = match driver {
        Some(driver) => Some(format!("url='{dialect}+{driver}://host/db'")),
        None => transactional.then(|| format!("transactional_ddl=True, {usual}")),
    };
    if let Some(other) = other {
        let text = std::fs::read_to_string(&environment).unwrap();
        std::fs::write(&environment, text.replace(usual, &other)).unwrap();
    }
    let options = Options {
        request: Request {
            directory: directory.to_owned(),
            files: vec![directory.join("alembic.ini")],
            section: None,
            packages: Vec::new(),
        },
        dialect: Some(chosen),
        compat: mode == "compat" || transactional || driver.is_some(),
        fresh: match mode {
            "fresh" => Fresh::New,
            _ => Fresh::No,
        },
        online: mode == "online",
        stub: mode == "stub",
        derive_downgrade: mode == "down" || mode == "merge",
        safety: SafetyOptions {
            guard: (mode == "guard" || guarded.is_some()).then_some(true),
            idempotent: mode == "idempotent" || mode == "merge" || client.is_some(),
            lock_timeout: waiting,
            statement_timeout: waiting,
            advisory_lock: mode == "waiting",
            client: client.or(guarded).map(str::to_owned),
        },
        ..Options::default()
    };
    let range = match mode {
        "all" | "fresh" | "idempotent" | "transactional" => "c1",
        _ if client.or(guarded).is_some() => "c1",
        _ => "c0:c1",
    };
    let outcome = match mode {
        "merge" => {
            let files = [("c2", "'c0'"), ("c3", "('c1', 'c2')")].map(|(name, before)| {
                let file = directory.join(format!("m/versions/{name}.py"));
                let head = format!("revision = '{name}'\ndown_revision = {before}\n");
                let bodies = "def upgrade(): pass\ndef downgrade(): pass\n";
                std::fs::write(&file, format!("{head}{bodies}")).unwrap();
                file
            });
            let outcome = downgrade(&options, "c3:c0", &At::Unknown);
            for file in files {
                std::fs::remove_file(file).unwrap();
            }
            outcome
        }
        "down" => downgrade(&options, "c1:base", &At::Unknown),
        "diff" => diff(&options, "c0", "c1"),
        "bundle" => bundled(&options),
        "proposed" => proposed(&options),
        "init" => started(&options),
        "sql" => of_sql(options),
        "stamp" => stamp(&options, &["c1".to_owned()], &At::Unknown, true),
        _ => upgrade(&options, &[range.to_owned()], &At::Unknown),
    };
    // What is said besides is a part of it.
    let said = |found: &Diagnostic| {
        let texts = [&found.notes[..], &found.help[..]].concat().join(" | ");
        format!("!! {:?} {} | {texts}\n", found.code, found.message)
    };
    let text = match outcome {
        Ok(outcome) => {
            let besides: String = outcome.diagnostics.iter().map(said).collect();
            outcome.output + &besides
        }
        Err(found) => said(&found),
    };
    // The place where the case happens to be is none.
    text.replace(&*directory.to_string_lossy(), ".")
}

/// The script of a project with one SQL revision: the texts that the case executes.
fn of_sql(mut options: Options) -> gensql::diagnostic::Result<Outcome> {
    let directory = options.request.directory.clone();
    let case = std::fs::read_to_string(directory.join("m/versions/c1.py")).unwrap();
    let executed = case.lines().filter_map(|line| {
        line.trim()
            .strip_prefix("op.execute(\"")?
            .strip_suffix("\")")
    });
    let mut text = "-- revision: c1\n-- down_revision: none\n\n-- migrate:up\n".to_owned();
    for statement in executed {
        text.push_str(&format!("{statement};\n"));
    }
    let revisions = directory.join("sql");
    std::fs::create_dir_all(&revisions).unwrap();
    std::fs::write(revisions.join("c1.sql"), text).unwrap();
    let file = directory.join("gensql.toml");
    std::fs::write(&file, "revisions = [\"sql\"]\n").unwrap();
    options.request.files = vec![file.clone()];
    let outcome = upgrade(&options, &["c1".to_owned()], &At::Unknown);
    // The next case is one of Alembic's again.
    std::fs::remove_file(file).unwrap();
    outcome
}

/// What a bundle of the case says to whoever applies it, and looks at afterwards.
fn bundled(options: &Options) -> gensql::diagnostic::Result<Outcome> {
    let output = options.request.directory.join("bundle");
    let asked = Bundle {
        revisions: vec!["c0:c1".to_owned()],
        output: Some(output.clone()),
        force: true,
        irreversible: true,
        check: None,
    };
    let mut outcome = bundle(options, &asked, &At::Unknown)?;
    outcome.output = ["verify.sql", "RUNBOOK.md"]
        .map(|name| std::fs::read_to_string(output.join(name)).unwrap())
        .concat();
    Ok(outcome)
}

/// What is proposed so that the case's schema becomes that of the metadata, and no other table stays.
fn proposed(options: &Options) -> gensql::diagnostic::Result<Outcome> {
    let environment = options.request.directory.join("m");
    let template = root().join("scaffolds/generic/script.py.mako");
    std::fs::copy(template, environment.join("script.py.mako")).unwrap();
    let file = environment.join("env.py");
    let text = std::fs::read_to_string(&file).unwrap();
    let empty = text.replace("target_metadata=None", "target_metadata=sa.MetaData()");
    std::fs::write(&file, empty).unwrap();
    let asked = NewRevision {
        rev_id: Some("c9".to_owned()),
        heads: vec!["head".to_owned()],
        force: true,
        ..NewRevision::default()
    };
    let mut outcome = revision(options, &asked, true)?;
    let file = environment.join("versions/c9_.py");
    outcome.output = std::fs::read_to_string(&file).unwrap();
    std::fs::remove_file(file).unwrap();
    // It has the time.
    let dated = |line: &&str| !line.starts_with("Create Date: ");
    outcome.output = outcome
        .output
        .lines()
        .filter(dated)
        .collect::<Vec<_>>()
        .join("\n");
    Ok(outcome)
}

/// The configurations of new projects.
fn started(options: &Options) -> gensql::diagnostic::Result<Outcome> {
    let directory = &options.request.directory;
    let mut found = Outcome::default();
    for template in ["generic", "async"] {
        let mut options = options.clone();
        options.request.files = vec![directory.join("new.ini")];
        let asked = Init {
            directory: Some(directory.join("new")),
            template: Some(template.to_owned()),
            package: false,
            force: true,
        };
        init(&options, &asked)?;
        let text = std::fs::read_to_string(directory.join("new.ini")).unwrap();
        let urls = text.lines().filter(|line| line.contains("url"));
        found.output.extend(urls);
    }
    Ok(found)
}

/// Writes the project of a case. Lines with `# before` at the end are the revision's before it, and one
/// with `# metadata` is the metadata of the environment.
fn write_case(directory: &Path, preamble: &str, case: &Case) {
    let is_metadata = |line: &&String| line.ends_with("# metadata");
    let metadata = case.python.iter().find(is_metadata);
    let lines = case
        .python
        .iter()
        .filter(|line| !is_metadata(line))
        .cloned();
    let is_before = |line: &String| line.ends_with("# before");
    let (before, python) = lines.partition(is_before);
    let case = Case {
        file: case.file.clone(),
        metadata: metadata
            .map_or(&case.metadata, |line| line)
            .replace("# metadata", ""),
        python,
        expectations: Vec::new(),
    };
    write_project(directory, preamble, &before, &case);
}
