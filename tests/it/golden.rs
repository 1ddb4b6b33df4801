//! Each example, for each dialect, up and down: one snapshot each.

use crate::program::{EXAMPLES, answer, gensql, hold, root};

fn matrix(dialect: &str) {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        let downgrade = gensql(&directory, &["-c", config, "heads", "-q"]);
        let heads: Vec<String> = String::from_utf8(downgrade.stdout)
            .unwrap()
            .lines()
            .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
            .collect();
        let range = format!("{}:base", heads.join(","));
        for (direction, target) in [("upgrade", "heads"), ("downgrade", range.as_str())] {
            let arguments = ["-c", config, "--dialect", dialect, direction, target];
            let output = gensql(&directory, &arguments);
            let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
            hold(
                &format!("script/{dialect}"),
                &format!("{example}_{direction}"),
                &text,
            );
        }
    }
}

#[test]
fn postgresql() {
    matrix("postgresql");
}

#[test]
fn sqlite() {
    matrix("sqlite");
}

#[test]
fn mssql() {
    matrix("mssql");
}

#[test]
fn oracle() {
    matrix("oracle");
}

/// A type that no revision has made yet comes first, which takes the schema before each revision.
#[test]
fn the_schema_before_is_known() {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql://h/d\n";
    std::fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    let versions = directory.path().join("versions");
    std::fs::create_dir(&versions).unwrap();
    for (id, down, body) in [
        (
            "a",
            "None",
            "op.create_table('t', sa.Column('x', sa.Integer))",
        ),
        (
            "b",
            "'a'",
            "op.add_column('t', sa.Column('e', sa.Enum('x', name='en')))",
        ),
    ] {
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\ndef upgrade():\n    {body}\n"
        );
        std::fs::write(versions.join(format!("{id}.py")), text).unwrap();
    }
    let output = gensql(directory.path(), &["upgrade", "a:b"]);
    let text = answer(&output);
    let made = text.find("CREATE TYPE en AS ENUM ('x');");
    assert!(
        made.is_some() && made < text.find("ADD COLUMN e en;"),
        "{text}"
    );
}

#[test]
fn mysql() {
    matrix("mysql");
}

#[test]
fn mariadb() {
    matrix("mariadb");
}

#[test]
fn cockroachdb() {
    matrix("cockroachdb");
}

#[test]
fn redshift() {
    matrix("redshift");
}

#[test]
fn duckdb() {
    matrix("duckdb");
}
