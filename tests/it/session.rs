//! Sessions with the program: commands one after another, as a person types them.

use std::fs;
use std::io::{Read, Seek};
use std::path::Path;
use std::process::{Command, Output, Stdio};

use crate::program::{answer, gensql_with, script_with};

/// The date of everything that is written.
const DATE: &str = "1767323045";

/// The answer of a command, with variables in the environment.
pub(crate) fn run_with(directory: &Path, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
    gensql_with(directory, arguments, &dated(variables))
}

fn dated<'a>(variables: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut all = vec![("SOURCE_DATE_EPOCH", DATE)];
    all.extend(variables);
    all
}

/// What a command prints on both of its streams, in the order in which it does.
pub(crate) fn as_on_a_terminal(directory: &Path, arguments: &[&str]) -> String {
    let mut both = tempfile::tempfile().unwrap();
    Command::new(env!("CARGO_BIN_EXE_gensql"))
        .current_dir(directory)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null())
        .stdout(both.try_clone().unwrap())
        .stderr(both.try_clone().unwrap())
        .status()
        .unwrap();
    let mut text = String::new();
    both.rewind().unwrap();
    both.read_to_string(&mut text).unwrap();
    text
}

/// The command and its answer as a text, in which the directory has no name of its own.
pub(crate) fn said(directory: &Path, arguments: &[&str]) -> String {
    said_with(directory, arguments, &[])
}

/// The same, with variables in the environment.
pub(crate) fn said_with(
    directory: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> String {
    let output = run_with(directory, arguments, variables);
    let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
    let real = directory.canonicalize().unwrap();
    text.replace(&real.display().to_string(), "[dir]")
        .replace(&directory.display().to_string(), "[dir]")
}

/// The standard output of a command that must succeed.
pub(crate) fn ok(directory: &Path, arguments: &[&str]) -> String {
    script_with(directory, arguments, &dated(&[]))
}

/// All files of a directory with their texts.
pub(crate) fn files(directory: &Path) -> String {
    let mut text = String::new();
    for entry in walkdir::WalkDir::new(directory).sort_by_file_name() {
        let entry = entry.unwrap();
        if entry.file_type().is_file() {
            let name = entry.path().strip_prefix(directory).unwrap();
            let content = fs::read_to_string(entry.path()).unwrap();
            text.push_str(&format!("=== {}\n{content}", name.display()));
        }
    }
    text
}
