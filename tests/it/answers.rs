//! `[answers]` of `gensql.toml`: what the user says that the database answers.

use std::fs;

use crate::program::gensql;

/// A project of one revision whose migration does this, with settings; what `upgrade head` prints, or
/// says.
fn upgraded(settings: &str, lines: &str) -> Result<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    fs::write(
        path.join("gensql.toml"),
        format!("alembic = 'alembic.ini'\n{settings}"),
    )
    .unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = mysql://\n";
    fs::write(path.join("alembic.ini"), ini).unwrap();
    fs::create_dir(path.join("versions")).unwrap();
    let revision = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r'\ndown_revision = None\n\
         def upgrade():\n    bind = op.get_bind()\n{lines}\n"
    );
    fs::write(path.join("versions/r.py"), revision).unwrap();
    let output = gensql(path, &["upgrade", "head"]);
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

const VARIABLE: &str = "    found = bind.execute(sa.text('SELECT  @@strict;')).fetchall()
    if found[0][0] == 0:
        raise Exception('strict is off')
    op.execute('SELECT 1')";

#[test]
fn a_variable_of_the_server() {
    let said = upgraded("", VARIABLE).unwrap_err();
    assert!(
        said.contains("E0205") && said.contains("[answers]"),
        "{said}"
    );
    let script = upgraded("[answers]\n\"SELECT @@strict\" = 1\n", VARIABLE).unwrap();
    assert!(
        script.contains("SELECT 1;") && !script.contains("@@strict"),
        "{script}"
    );
    let said = upgraded("[answers]\n\"SELECT @@strict\" = 0\n", VARIABLE).unwrap_err();
    assert!(said.contains("strict is off"), "{said}");
}

#[test]
fn rows() {
    let lines = "    for name, size in bind.execute(sa.text('SELECT name, size FROM t')):
        op.execute(f\"SELECT '{name} {size}'\")
    for name in bind.execute(sa.text('SELECT name FROM u')).scalars():
        op.execute(f\"SELECT '{name}'\")";
    let settings = "[answers]\n\"SELECT name, size FROM t\" = [['a', 1], ['b', 2]]\n\"SELECT name FROM u\" = ['x', 'y']\n";
    let script = upgraded(settings, lines).unwrap();
    for row in ["'a 1'", "'b 2'", "'x'", "'y'"] {
        assert!(script.contains(&format!("SELECT {row};")), "{script}");
    }
}

/// A statement that writes is never answered, since it would not be executed.
#[test]
fn only_what_reads() {
    let lines = "    bind.execute(sa.text('DELETE FROM t'))";
    let script = upgraded("[answers]\n\"DELETE FROM t\" = 1\n", lines).unwrap();
    assert!(script.contains("DELETE FROM t;"), "{script}");
}

#[test]
fn what_is_no_answer() {
    let said = upgraded("[answers]\n\"SELECT 1\" = { a = 1 }\n", "    pass").unwrap_err();
    assert!(
        said.contains("E0601") || said.contains("list of rows"),
        "{said}"
    );
}
