//! `schema`, `diff` and `verify`: what the examples' schemas are, and small projects that show one
//! thing each.

use std::path::Path;

use crate::program::{EXAMPLES, answer, gensql, hold, root, script};

fn sql_project(directory: &Path, revisions: &[(&str, &str)]) {
    std::fs::write(
        directory.join("gensql.toml"),
        "revisions = \"revisions\"\ndialect = \"postgresql\"\n",
    )
    .unwrap();
    let folder = directory.join("revisions");
    std::fs::create_dir(&folder).unwrap();
    let mut down = "none".to_owned();
    for (id, body) in revisions {
        let text = format!("-- {id}\n-- revision: {id}\n-- down_revision: {down}\n\n{body}\n");
        std::fs::write(folder.join(format!("{id}.sql")), text).unwrap();
        (*id).clone_into(&mut down);
    }
}

#[test]
fn schemas_of_the_examples() {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        for dialect in ["postgresql", "sqlite", "mariadb", "mssql", "oracle"] {
            let arguments = ["-c", config, "--dialect", dialect, "schema"];
            let output = gensql(&directory, &arguments);
            let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
            hold("schema", &format!("{example}_{dialect}"), &text);
        }
    }
}

/// Up and down again restores the schema of every example.
#[test]
fn the_examples_round_trip() {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        for dialect in [
            "postgresql",
            "sqlite",
            "mysql",
            "mariadb",
            "mssql",
            "oracle",
        ] {
            let arguments = ["-c", config, "--dialect", dialect, "verify", "--round-trip"];
            let output = gensql(&directory, &arguments);
            assert_eq!(output.status.code(), Some(0), "{}", answer(&output));
        }
    }
}

#[test]
fn there_is_no_difference_between_a_revision_and_itself() {
    let directory = root().join("examples").join("blog");
    for dialect in ["postgresql", "sqlite"] {
        let arguments = ["--dialect", dialect, "diff", "head", "head"];
        assert_eq!(script(&directory, &arguments), "");
    }
}

/// One table for each kind of change.
const KINDS: &[(&str, &str)] = &[
    (
        "a1",
        "-- migrate:up
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    a VARCHAR(10),
    b INTEGER NOT NULL DEFAULT 1,
    c TEXT,
    parent_id INTEGER REFERENCES parent (id),
    CONSTRAINT kept_a UNIQUE (a),
    CONSTRAINT kept_b CHECK (b > 0)
);
CREATE INDEX kept_c ON kept (c);
CREATE TABLE left_side (id INTEGER PRIMARY KEY, other INTEGER);
CREATE TABLE right_side (id INTEGER PRIMARY KEY, other INTEGER REFERENCES left_side (id));
ALTER TABLE left_side ADD CONSTRAINT left_other FOREIGN KEY (other) REFERENCES right_side (id);",
    ),
    (
        "a2",
        "-- migrate:up
ALTER TABLE kept DROP CONSTRAINT kept_a;
ALTER TABLE kept DROP CONSTRAINT kept_b;
ALTER TABLE kept ALTER COLUMN a TYPE VARCHAR(40);
ALTER TABLE kept ALTER COLUMN a SET NOT NULL;
ALTER TABLE kept ALTER COLUMN b DROP DEFAULT;
ALTER TABLE kept DROP COLUMN c;
ALTER TABLE kept ADD COLUMN d DATE;
ALTER TABLE kept ADD CONSTRAINT kept_d UNIQUE (d, a);
CREATE INDEX kept_d_index ON kept (d);
ALTER TABLE kept RENAME COLUMN b TO count;
CREATE TABLE fresh (id INTEGER PRIMARY KEY, kept_id INTEGER REFERENCES kept (id));
DROP TABLE right_side CASCADE;",
    ),
];

#[test]
fn each_kind_of_change_is_found() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(directory.path(), KINDS);
    let mut text = String::new();
    for dialect in ["postgresql", "sqlite"] {
        for (from, to) in [("a1", "a2"), ("a2", "a1"), ("base", "a1"), ("a1", "base")] {
            let arguments = ["--dialect", dialect, "diff", from, to];
            let output = gensql(directory.path(), &arguments);
            text.push_str(&format!(
                "$ gensql {}\n{}\n",
                arguments.join(" "),
                answer(&output)
            ));
        }
    }
    hold("schema", "kinds_of_change", &text);
}

#[test]
fn a_missing_downgrade_is_derived() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(directory.path(), KINDS);
    let output = gensql(directory.path(), &["downgrade", "a2:base"]);
    hold("schema", "derived_downgrade", &answer(&output));
    let verified = gensql(directory.path(), &["verify", "--round-trip"]);
    assert_eq!(verified.status.code(), Some(0), "{}", answer(&verified));
}

#[test]
fn a_downgrade_that_forgets_something_is_found() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(
        directory.path(),
        &[
            (
                "b1",
                "-- migrate:up\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE t;",
            ),
            (
                "b2",
                "-- migrate:up\nALTER TABLE t ADD COLUMN x INTEGER;\nCREATE TABLE u (id INTEGER);\n-- migrate:down\nDROP TABLE u;",
            ),
        ],
    );
    let text = answer(&gensql(directory.path(), &["verify", "--round-trip"]));
    let json = answer(&gensql(
        directory.path(),
        &["verify", "--round-trip", "--json", "b2"],
    ));
    hold("schema", "round_trip_differs", &format!("{text}\n{json}"));
}
