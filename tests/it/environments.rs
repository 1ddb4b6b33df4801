//! Environments of many shapes, held against what Alembic prints for them
//! (`tests/oracle/env_cases.py`).

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{answer, root};

fn project(case: &Value, directory: &Path) {
    for (path, text) in case["files"].as_object().unwrap() {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_str().unwrap()).unwrap();
    }
}

#[test]
fn what_alembic_prints() {
    let text = std::fs::read_to_string(root().join("tests/oracle/env_cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let directory = tempfile::tempdir().unwrap();
        project(case, directory.path());
        let arguments = case["args"].as_array().unwrap().iter();
        let environment = case["environ"].as_object().unwrap().iter();
        let output = Command::new(env!("CARGO_BIN_EXE_gensql"))
            .current_dir(directory.path())
            .args(["--compat", "alembic"])
            .args(arguments.map(|argument| argument.as_str().unwrap()))
            .env_clear()
            .envs(environment.map(|(name, value)| (name, value.as_str().unwrap())))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if String::from_utf8_lossy(&output.stdout) != case["script"].as_str().unwrap() {
            wrong.push(format!("{}\n{}", case["name"], answer(&output)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}
