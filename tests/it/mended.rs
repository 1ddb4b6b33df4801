//! `lint --fix`: what is mended is found no more, and only what is mechanical is touched.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use gensql::lint::rules;

use crate::program::{answer, gensql, hold};

const BEFORE: &str = "-- revision: before
-- migrate:up
CREATE TABLE users (id BIGINT PRIMARY KEY, name VARCHAR(20), email TEXT);
CREATE INDEX ix_name ON users (name);
";

fn written(directory: &Path, name: &str, text: &str) {
    let path = directory.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn said(directory: &Path, arguments: &[&str]) -> String {
    let output = gensql(directory, arguments);
    format!("$ gensql {}\n{}", arguments.join(" "), answer(&output))
}

#[test]
fn what_rules_mend_is_found_no_more() {
    let mut mended = 0;
    for rule in rules::ALL {
        if rule.fix().is_none() {
            continue;
        }
        let info = rule.info();
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        let config = format!("dialect = '{}'\nrevisions = 'revisions'\n", info.dialect);
        written(path, "gensql.toml", &config);
        written(path, "revisions/1.sql", BEFORE);
        let text = format!(
            "-- revision: next\n-- down_revision: before\n-- migrate:up\n{};\n",
            info.bad
        );
        written(path, "revisions/2.sql", &text);
        let lint = ["lint", "before:heads"];
        let found = format!("[{}]", info.name);
        assert!(said(path, &lint).contains(&found), "{}", info.name);
        let shown = said(path, &["lint", "before:heads", "--fix", "--dry-run"]);
        assert!(shown.contains("fixed: "), "{shown}");
        let kept = fs::read_to_string(path.join("revisions/2.sql")).unwrap();
        assert_eq!(kept, text, "--dry-run changes nothing");
        let fixed = said(path, &["lint", "before:heads", "--fix"]);
        assert!(!fixed.contains(&found), "{fixed}");
        assert!(!said(path, &lint).contains(&found), "{}", info.name);
        mended += 1;
    }
    assert!(mended >= 2, "{mended}");
}

#[test]
fn sql_revisions_are_mended() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    written(
        path,
        "gensql.toml",
        "dialect = 'postgresql'\nrevisions = 'revisions'\n",
    );
    written(path, "revisions/1.sql", BEFORE);
    written(
        path,
        "revisions/2.sql",
        "-- indexes\n-- revision: b\n-- down_revision: before\n-- migrate:up\nCREATE INDEX i ON users (email);\n\
         -- where it is not yet\ncreate unique index if not exists j on users (name);\nDROP INDEX ix_name;\n\
         -- migrate:down\nDROP INDEX i;\n",
    );
    written(
        path,
        "revisions/3.sql",
        "-- revision: c\n-- down_revision: b\n-- migrate:up\nUPDATE users SET name = '' WHERE name IS NULL;\n\
         CREATE INDEX k ON users (name, email);\n",
    );
    let mut text = said(path, &["lint", "before:heads", "--fix", "--dry-run"]);
    text.push_str(&said(path, &["lint", "before:heads", "--fix"]));
    text.push_str(&fs::read_to_string(path.join("revisions/2.sql")).unwrap());
    text.push_str(&said(
        path,
        &["lint", "before:heads", "--fix", "--format", "github"],
    ));
    text.push_str(&said(path, &["lint", "--dry-run"]));
    text.push_str(&said(path, &["explain", "blocking-index"]));
    hold("mended", "sql", &text);
}

const REVISION: &str = r#"from alembic import op
import sqlalchemy as sa

revision = "b"
down_revision = "a"


def upgrade():
    op.create_index("ix_n", "t", ["n"])
    op.create_index(
        "ix_m",
        "t",
        ["m"],
        unique=False,
    )  # by hand
    if True:
        op.create_index("ix_nm", "t",
                        ["n", "m"])
    for name in ("x", "y"): op.create_index("ix_" + name, "t", ["n"])
    for name in ("v", "w"):
        op.create_index("ix_" + name, "t", ["n"])
    with op.get_context().autocommit_block():
        op.create_index("ix_o", "t", ["n"])
    with op.batch_alter_table("t") as batch_op:
        batch_op.create_index("ix_p", ["n"])
    op.drop_index("ix_n", "t")
    # gensql: allow blocking-index the table is small
    op.create_index("ix_small", "t", ["m"])


def downgrade():
    op.drop_index("ix_n", "t")
"#;

#[test]
fn alembic_revisions_are_mended() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let made = gensql(path, &["--dialect", "postgresql", "init"]);
    assert!(made.status.success(), "{}", answer(&made));
    written(
        path,
        "migrations/versions/a.py",
        "from alembic import op\nimport sqlalchemy as sa\n\nrevision = \"a\"\ndown_revision = None\n\n\n\
         def upgrade():\n    op.create_table(\"t\", sa.Column(\"id\", sa.BigInteger, primary_key=True), \
         sa.Column(\"n\", sa.Text), sa.Column(\"m\", sa.Text))\n\n\ndef downgrade():\n    op.drop_table(\"t\")\n",
    );
    written(path, "migrations/versions/b.py", REVISION);
    let mut text = said(path, &["lint", "a:heads", "--fix"]);
    text.push_str(&fs::read_to_string(path.join("migrations/versions/b.py")).unwrap());
    let script = gensql(path, &["upgrade", "a:heads"]);
    let script = String::from_utf8_lossy(&script.stdout).into_owned();
    for line in script.lines().filter(|line| line.contains("INDEX")) {
        let _ = writeln!(text, "{line}");
    }
    // What is released stays.
    written(path, "migrations/versions/b.py", REVISION);
    let locked = gensql(path, &["lock"]);
    assert!(locked.status.success(), "{}", answer(&locked));
    text.push_str(&said(path, &["lint", "a:heads", "--fix"]));
    let kept = fs::read_to_string(path.join("migrations/versions/b.py")).unwrap();
    assert_eq!(kept, REVISION);
    hold("mended", "alembic", &text);
}
