//! Settings that revisions read from files of the project.

use std::fs;

use crate::program::{hold, script};

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
