//! Each rule finds what its documentation says, and not what it calls right.

use std::fmt::Write as _;
use std::path::Path;

use gensql::lint::{Info, rules};

use crate::program::{answer, gensql, root};

/// What is there before the release.
const BEFORE: &str = "-- what is there
-- revision: before
-- migrate:up
CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(20), email TEXT, age INTEGER);
CREATE TABLE orders (id INTEGER PRIMARY KEY, total NUMERIC(10, 2), created_at TIMESTAMP);
CREATE INDEX ix_name ON users (name);
";

/// The rules that are found in a revision with that text.
fn found(directory: &Path, rule: &Info, text: &str) -> Vec<String> {
    let revisions = directory.join("revisions");
    std::fs::create_dir_all(&revisions).unwrap();
    let config = format!(
        "dialect = 'postgresql'\nrevisions = 'revisions'\n[lint]\n{} = 'error'\n",
        rule.name
    );
    std::fs::write(directory.join("gensql.toml"), config).unwrap();
    std::fs::write(revisions.join("1.sql"), BEFORE).unwrap();
    let id = text.strip_prefix("-- revision: ").unwrap_or("released");
    let up = match text {
        _ if text.starts_with("-- revision: ") => "-- migrate:up\nSELECT 1".to_owned(),
        _ if text.starts_with("-- migrate:up") => text.to_owned(),
        _ => format!("-- migrate:up\n{text}"),
    };
    let revision = format!("-- a release\n-- revision: {id}\n-- down_revision: before\n{up};\n");
    std::fs::write(revisions.join("2.sql"), revision).unwrap();
    let output = gensql(directory, &["lint", "before:heads", "--format", "json"]);
    assert_ne!(output.status.code(), Some(2), "{}", answer(&output));
    let json: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    json["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| finding["rule"].as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn examples_of_rules() {
    let directory = tempfile::tempdir().unwrap();
    for rule in rules::ALL {
        let info = rule.info();
        let name = info.name.to_owned();
        let bad = found(directory.path(), info, info.bad);
        assert!(bad.contains(&name), "{name} is not found: {bad:?}");
        let good = found(directory.path(), info, info.good);
        assert!(!good.contains(&name), "{name} is found in what is right");
    }
}

#[test]
fn the_documentation_lists_the_rules() {
    let mut table =
        String::from("| rule | finds | family | usually | elsewhere |\n|---|---|---|---|---|\n");
    for rule in rules::ALL {
        let info = rule.info();
        let usual = match info.opt_in {
            true => "off".to_owned(),
            false => format!("{:?}", info.severity).to_lowercase(),
        };
        let _ = writeln!(
            table,
            "| `{}` | {} | {} | {usual} | {} |",
            info.name,
            info.summary,
            info.family.name(),
            info.peers.join(", ")
        );
    }
    let path = root().join("docs/lint.md");
    let text = std::fs::read_to_string(&path).unwrap();
    let begin = text
        .find("| rule |")
        .expect("docs/lint.md has no table of rules");
    let length = text[begin..]
        .find("\n\n")
        .map_or(text.len() - begin, |end| end + 1);
    let found = &text[begin..begin + length];
    if std::env::var_os("GENSQL_BLESS").is_some() {
        std::fs::write(&path, text.replace(found, &table)).unwrap();
        return;
    }
    assert!(
        found == table,
        "docs/lint.md is stale: run this test with GENSQL_BLESS=1"
    );
}
