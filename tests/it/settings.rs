//! Settings that revisions read from files of the project.

use std::fs;

use crate::program::{answer, gensql, hold, script};

const YAML: &str = "\
# all that a scalar may be
plain: text with spaces
quoted: \"a
  b\\tc\"
single: 'it''s'
literal: |
  one
   two
folded: >-
  one
  two
numbers: [1, -2, 0x1F, 010, 1_000, 1.5, 1e3, 1.0e+3, 190:20:30, .inf]
words: [yes, No, on, OFF, true, null, ~, '', 'yes', y]
date: 2024-02-29
tagged: !!str 12
base: &base {a: 1, b: [x]}
merged:
  <<: *base
  b: own
alias: *base
? complex
: value
empty:
";

const REVISION: &str = r#"
import os, yaml, json
from alembic import op
revision = 'r1'
down_revision = None
def upgrade():
    path = os.path.join(os.path.dirname(__file__), "..", "settings.yml")
    with open(path) as file:
        settings = yaml.safe_load(file)
    for key, value in settings.items():
        op.execute("SELECT $a$%s = %r$a$" % (key, value))
    op.execute("SELECT $a$%r$a$" % (list(yaml.safe_load_all("a: 1\n---\n- 2\n")),))
    try:
        yaml.safe_load("a: [1")
    except yaml.YAMLError:
        op.execute("SELECT 'broken'")
    try:
        yaml.safe_load("!!python/object:os.system x")
    except yaml.YAMLError:
        op.execute("SELECT 'not safe'")
def downgrade():
    pass
"#;

#[test]
fn yaml() {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    fs::write(directory.path().join("settings.yml"), YAML).unwrap();
    fs::create_dir(directory.path().join("versions")).unwrap();
    fs::write(directory.path().join("versions/r1.py"), REVISION).unwrap();
    hold(
        "settings",
        "yaml",
        &script(directory.path(), &["upgrade", "head"]),
    );
}

const TYPED: &str = r#"
import sqlalchemy as sa
from alembic import op
from acme_constants import LENGTH
revision = 'r1'
down_revision = None
def upgrade():
    op.create_table("t", sa.Column("a", sa.String(LENGTH)))
def downgrade():
    pass
"#;

/// Installed packages are read where the user names them, as a directory or as a virtual
/// environment, and nowhere else.
#[test]
fn installed_packages_are_read_where_they_are_named() {
    let project = tempfile::tempdir().unwrap();
    let installed = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://\n";
    fs::write(project.path().join("alembic.ini"), ini).unwrap();
    fs::create_dir_all(project.path().join("m/versions")).unwrap();
    fs::write(project.path().join("m/versions/r1.py"), TYPED).unwrap();
    let site = installed.path().join("lib/python3.12/site-packages");
    fs::create_dir_all(&site).unwrap();
    fs::write(installed.path().join("pyvenv.cfg"), "home = /usr/bin\n").unwrap();
    fs::write(site.join("acme_constants.py"), "LENGTH = 36\n").unwrap();
    let environment = installed.path().to_str().unwrap();
    let directory = site.to_str().unwrap();

    let refused = answer(&gensql(project.path(), &["upgrade", "head"]));
    assert!(refused.contains("error[E0204]"), "{refused}");
    assert!(refused.contains("--packages"), "{refused}");
    for named in [environment, directory] {
        let found = script(project.path(), &["upgrade", "head", "--packages", named]);
        assert!(found.contains("a VARCHAR(36)"), "{found}");
    }
    let settings = format!("alembic = \"alembic.ini\"\npackages = [{environment:?}]\n");
    fs::write(project.path().join("gensql.toml"), settings).unwrap();
    let found = script(project.path(), &["upgrade", "head"]);
    assert!(found.contains("a VARCHAR(36)"), "{found}");

    let missing = answer(&gensql(
        project.path(),
        &["upgrade", "head", "--packages", "nowhere"],
    ));
    assert!(missing.contains("nowhere does not exist"), "{missing}");
    assert!(!missing.contains("CREATE TABLE"), "{missing}");
}

const DIRECTORIES: &str = r#"
import glob, os
from pathlib import Path
from alembic import op
revision = 'r1'
down_revision = None
here = os.path.dirname(__file__)
def upgrade():
    for name in sorted(os.listdir(os.path.join(here, "..", "sql"))):
        op.execute("SELECT 'listdir %s'" % name)
    for path in sorted((Path(__file__).parents[1] / "sql").glob("*.sql")):
        op.execute(path.read_text())
    for path in (Path(here).parent / "sql").rglob("*.sql"):
        op.execute("SELECT 'rglob %s'" % path.name)
    for path in glob.glob(os.path.join(here, "../sql/[ab].*")):
        op.execute("SELECT 'glob %s'" % os.path.relpath(path, here))
    for path in (here, os.path.join(here, "none"), "/etc", "/etc/passwd", __file__):
        op.execute("SELECT '%s %s %s'" % (os.path.exists(path), os.path.isdir(path), os.path.isfile(path)))
    op.execute("SELECT '%s'" % [os.path.isabs(__file__), os.path.abspath("x") == os.path.join(os.getcwd(), "x")])
    path = os.path.abspath(here)
    while path != "/":
        path, _ = os.path.split(path)
    for directory in ("/etc", "none"):
        try:
            os.listdir(directory)
        except FileNotFoundError:
            op.execute("SELECT 'there is no %s'" % directory)
def downgrade():
    pass
"#;

/// Revisions see the directories of their project, in the order of the names, and no others.
#[test]
fn directories_of_the_project() {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = m\nsqlalchemy.url = postgresql://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    fs::create_dir_all(directory.path().join("m/versions")).unwrap();
    fs::create_dir_all(directory.path().join("m/sql/inner")).unwrap();
    for (name, text) in [
        ("b.sql", "SELECT 'two'"),
        ("a.sql", "SELECT 'one'"),
        ("c.txt", "no"),
        ("inner/d.sql", "SELECT 'inner'"),
    ] {
        fs::write(directory.path().join("m/sql").join(name), text).unwrap();
    }
    fs::write(directory.path().join("m/versions/r1.py"), DIRECTORIES).unwrap();
    let found = script(directory.path(), &["upgrade", "head"]);
    let texts: Vec<&str> = found
        .lines()
        .filter_map(|line| line.strip_prefix("SELECT "))
        .collect();
    assert_eq!(
        texts,
        [
            "'listdir a.sql';",
            "'listdir b.sql';",
            "'listdir c.txt';",
            "'listdir inner';",
            "'one';",
            "'two';",
            "'rglob a.sql';",
            "'rglob b.sql';",
            "'rglob d.sql';",
            "'glob ../sql/a.sql';",
            "'glob ../sql/b.sql';",
            "'True True False';",
            "'False False False';",
            "'False False False';",
            "'False False False';",
            "'True False True';",
            "'[True, True]';",
            "'there is no /etc';",
            "'there is no none';",
        ]
    );
}
