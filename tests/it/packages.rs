//! Types, directives and models of other packages, held against what Alembic prints for them
//! (`tests/oracle/package_cases.py`).

use serde_json::Value;

use crate::program::{answer, gensql, root};

const INI: &str =
    "[alembic]\nscript_location = %(here)s/m\nsqlalchemy.url = postgresql://localhost/x\n";
const HEADER: &str = "revision = \"c1\"\ndown_revision = None\n\n\ndef upgrade():\n";

/// The dialects that are compared.
const DIALECTS: &[&str] = &["postgresql", "sqlite"];

#[test]
fn what_packages_make_of_their_types() {
    let text = std::fs::read_to_string(root().join("tests/oracle/package_cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let environment = std::fs::read_to_string(root().join("parity/stock/env.py")).unwrap();
    let directory = tempfile::tempdir().unwrap();
    let versions = directory.path().join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(directory.path().join("m/env.py"), environment).unwrap();
    std::fs::write(directory.path().join("alembic.ini"), INI).unwrap();
    let mut wrong = Vec::new();
    let mut compared = 0;
    for case in &cases {
        let body = case["python"].as_str().unwrap();
        let body: String = body.lines().map(|line| format!("    {line}\n")).collect();
        std::fs::write(versions.join("c1.py"), format!("{HEADER}{body}")).unwrap();
        for dialect in DIALECTS {
            let Some(wanted) = case[dialect].as_str() else {
                continue;
            };
            compared += 1;
            let arguments = [
                "--dialect",
                dialect,
                "--compat",
                "alembic",
                "upgrade",
                "base:c1",
            ];
            let output = gensql(directory.path(), &arguments);
            let printed = String::from_utf8_lossy(&output.stdout);
            let start = "-- Running upgrade  -> c1\n\n";
            let printed = printed.split_once(start).map_or("", |(_, rest)| rest);
            let printed = printed.split("INSERT INTO alembic_version").next().unwrap();
            if printed.trim() != wanted.trim() {
                wrong.push(format!("# {dialect}\n{body}{wanted}{}", answer(&output)));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {compared}:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
