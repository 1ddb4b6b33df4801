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
fn found(directory: &Path, rule: &Info, dialect: &str, text: &str) -> Vec<String> {
    let revisions = directory.join("revisions");
    std::fs::create_dir_all(&revisions).unwrap();
    let config = format!(
        "dialect = '{dialect}'\nrevisions = 'revisions'\n[lint]\n{} = 'error'\n{}",
        rule.name,
        match rule.name {
            "name-pattern" => "[lint.names]\ntable = '[a-z_]+'\n",
            _ => "",
        }
    );
    std::fs::write(directory.join("gensql.toml"), config).unwrap();
    std::fs::write(revisions.join("1.sql"), BEFORE).unwrap();
    let id = text.strip_prefix("-- revision: ").unwrap_or("released");
    let up = match text {
        _ if text.starts_with("-- revision: ") => "-- migrate:up\nSELECT 1".to_owned(),
        _ if text.starts_with("-- second: ") => "-- migrate:up\nSELECT 1".to_owned(),
        _ if text.starts_with("-- migrate:up") => text.to_owned(),
        _ => format!("-- migrate:up\n{text}"),
    };
    let other = revisions.join("3.sql");
    if let Some(other_base) = text.strip_prefix("-- second: ") {
        let second = format!(
            "-- another\n-- revision: second\n-- down_revision: {other_base}\n-- migrate:up\nSELECT 1;\n"
        );
        std::fs::write(&other, second).unwrap();
    } else if other.exists() {
        std::fs::remove_file(&other).unwrap();
    }
    let write = |up: &str| {
        let text = format!("-- a release\n-- revision: {id}\n-- down_revision: before\n{up};\n");
        std::fs::write(revisions.join("2.sql"), text).unwrap();
    };
    let _ = std::fs::remove_file(directory.join("gensql.lock"));
    let _ = std::fs::remove_dir_all(directory.join("gensql.locked"));
    match text.strip_prefix("-- locked as: ") {
        Some(edited) => {
            let (before, now) = edited.split_once('\n').unwrap();
            write(&format!("-- migrate:up\n{before}"));
            let output = gensql(directory, &["lock"]);
            assert!(output.status.success(), "{}", answer(&output));
            write(&format!("-- migrate:up\n{now}"));
        }
        None => write(&up),
    }
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
    let mut wrong = Vec::new();
    for rule in rules::ALL {
        let info = rule.info();
        let name = info.name.to_owned();
        for example in info.examples() {
            let dialect = example.dialect;
            let bad = found(directory.path(), info, dialect, example.bad);
            if !bad.contains(&name) {
                wrong.push(format!("{name} is not found on {dialect}: {bad:?}"));
            }
            let good = found(directory.path(), info, dialect, example.good);
            if good.contains(&name) {
                wrong.push(format!("{name} is found on {dialect} in what is right"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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

fn project(config: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let revisions = directory.path().join("revisions");
    std::fs::create_dir_all(&revisions).unwrap();
    std::fs::write(
        directory.path().join("gensql.toml"),
        format!("revisions = 'revisions'\n{config}"),
    )
    .unwrap();
    std::fs::write(revisions.join("1.sql"), BEFORE).unwrap();
    std::fs::write(
        revisions.join("2.sql"),
        "-- b\n-- revision: b\n-- down_revision: before\n-- migrate:up\nALTER TABLE users DROP COLUMN age;\n",
    )
    .unwrap();
    directory
}

#[test]
fn levels_by_dialect() {
    let directory = project("[lint]\ndrop-column = 'off'\n[lint.mysql]\ndrop-column = 'error'\n");
    for (dialect, wanted) in [("postgresql", 0), ("mysql", 1), ("mariadb", 1)] {
        let arguments = ["--dialect", dialect, "lint", "before:b"];
        let output = gensql(directory.path(), &arguments);
        assert_eq!(output.status.code(), Some(wanted), "{}", answer(&output));
        let says = String::from_utf8_lossy(&output.stdout).contains("drop-column");
        assert_eq!(says, wanted == 1, "{}", answer(&output));
    }
}

#[test]
fn what_the_configuration_cannot_mean() {
    for (config, says) in [
        ("[lint]\ndrop-colum = 'off'", "did you mean 'drop-column'"),
        ("[lint.mysq]\ndrop-column = 'off'", "did you mean 'mysql'"),
        ("[lint.names]\ntable = '('", "no regular expression"),
        ("[lint.names]\ntabel = 'x'", "did you mean 'table'"),
    ] {
        let directory = project(config);
        let output = gensql(directory.path(), &["--dialect", "mysql", "lint"]);
        assert_eq!(output.status.code(), Some(2), "{}", answer(&output));
        assert!(answer(&output).contains(says), "{}", answer(&output));
    }
}

/// What the script would warn of is said by lint as well.
#[test]
fn warnings_of_the_script() {
    let directory = project("");
    let two = directory.path().join("revisions/2.sql");
    std::fs::write(&two, "-- b\n-- revision: b\n-- down_revision: before\n-- migrate:up\nALTER TABLE users ADD COLUMN mood VARCHAR(20) COLLATE nothing;\nSELECT FROM WHERE;\n").unwrap();
    let script = gensql(
        directory.path(),
        &["--dialect", "redshift", "upgrade", "head"],
    );
    let lint = gensql(directory.path(), &["--dialect", "redshift", "lint"]);
    let warned = String::from_utf8_lossy(&script.stderr).into_owned();
    let lines: Vec<&str> = warned
        .lines()
        .filter(|line| line.starts_with("warning[W06"))
        .collect();
    assert!(!lines.is_empty(), "{warned}");
    let said = String::from_utf8_lossy(&lint.stderr).into_owned();
    for line in lines {
        assert!(said.contains(line), "{line}\n{said}");
    }
}

/// Sizes that a DBA exports say how long a statement takes; a table that is not in the file is said.
#[test]
fn estimates_from_sizes() {
    let directory = project("");
    let two = directory.path().join("revisions/2.sql");
    std::fs::write(&two, "-- b\n-- revision: b\n-- down_revision: before\n-- migrate:up\nCREATE INDEX ix ON users (email);\nALTER TABLE orders ALTER COLUMN id TYPE BIGINT;\nCREATE TABLE fresh (id BIGINT PRIMARY KEY);\nCREATE INDEX ix_fresh ON fresh (id);\n").unwrap();
    let sizes = directory.path().join("sizes.csv");
    std::fs::write(&sizes, "table,rows,bytes\npublic.users,1000000,500000000\n").unwrap();
    let arguments = [
        "--dialect",
        "postgresql",
        "lint",
        "before:b",
        "--stats",
        "sizes.csv",
    ];
    let output = gensql(directory.path(), &arguments);
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(text.contains("builds an index over users (1000000 rows, 500 MB): about 10 s under SHARE, writers wait; 40 MB of space"), "{text}");
    assert!(
        text.contains("writes anew orders, whose size is not in the file"),
        "{text}"
    );
    assert!(!text.contains("over fresh"), "{text}");
    std::fs::write(&sizes, "users,1,2\nnonsense\n").unwrap();
    let output = gensql(directory.path(), &arguments);
    assert_eq!(output.status.code(), Some(2), "{}", answer(&output));
    for dialect in [
        "postgresql",
        "mysql",
        "mariadb",
        "mssql",
        "oracle",
        "sqlite",
    ] {
        let arguments = ["--dialect", dialect, "lint", "--stats-query"];
        let output = gensql(directory.path(), &arguments);
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(text.starts_with("SELECT"), "{}", answer(&output));
    }
}
