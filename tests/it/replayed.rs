//! Revisions before a script that only a database could evaluate as a whole: they block no script
//! that does not need what they hide.

use std::fs;

use crate::program::gensql;

/// A project of revisions `r0`, `r1`, …, by what their `upgrade()` does.
fn project(bodies: &[&str]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).unwrap();
    let mut down = "None".to_owned();
    for (number, body) in bodies.iter().enumerate() {
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r{number}'\n\
             down_revision = {down}\ndef upgrade():\n    bind = op.get_bind()\n{body}\n\
             def downgrade():\n    pass\n"
        );
        fs::write(versions.join(format!("r{number}.py")), text).unwrap();
        down = format!("'r{number}'");
    }
    directory
}

const TABLES: &str = "    op.create_table('a', sa.Column('id', sa.Integer, primary_key=True), sa.Column('x', sa.String(9)))
    op.create_table('b', sa.Column('id', sa.Integer, primary_key=True))";

/// The script of the last revision, or what is said instead.
fn last(bodies: &[&str]) -> Result<String, String> {
    let project = project(bodies);
    let end = bodies.len() - 1;
    let range = format!("r{}:r{end}", end - 1);
    let output = gensql(project.path(), &["upgrade", &range, "--no-guard"]);
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    if output.status.success() {
        return Ok(text(&output.stdout));
    }
    assert!(output.stdout.is_empty());
    Err(text(&output.stderr))
}

const REBUILD: &str =
    "    with op.batch_alter_table('a') as batch:\n        batch.alter_column('x', nullable=False)";

#[test]
fn rows_that_are_read_hide_nothing_of_the_schema() {
    let rows = "    for row in bind.execute(sa.text('SELECT id FROM a')):
        bind.execute(sa.text('UPDATE a SET x = 1 WHERE id = :i'), {'i': row.id})
    op.add_column('a', sa.Column('late', sa.Date))";
    let script = last(&[TABLES, rows, REBUILD]).unwrap();
    assert!(script.contains("late DATE"), "{script}");
}

/// A loop over rows that calls functions of the standard library changes rows only.
#[test]
fn functions_that_reach_no_database_hide_nothing() {
    let rows = "    for row in bind.execute(sa.text('SELECT id FROM b')):
        bind.execute(sa.text('UPDATE a SET x = :x WHERE id = :i'), {'a': uuid4(), 'i': row.id})
    op.add_column('a', sa.Column('late', sa.Date))";
    let project = project(&[TABLES, rows, REBUILD]);
    let file = project.path().join("versions/r1.py");
    let written = fs::read_to_string(&file).unwrap();
    for (imported, hides) in [("uuid", false), ("elsewhere", true)] {
        let text = format!("from {imported} import uuid4\n{written}");
        fs::write(&file, text).unwrap();
        let output = gensql(project.path(), &["upgrade", "r1:r2", "--no-guard"]);
        let said = String::from_utf8_lossy(&output.stderr);
        assert_eq!(!output.status.success(), hides, "{imported}: {said}");
        assert_eq!(said.contains("E0501"), hides, "{imported}: {said}");
    }
}

#[test]
fn a_check_that_raises_was_passed() {
    for check in [
        "if bind.execute(sa.text('SELECT count(*) FROM a')).scalar() > 3:\n        raise ValueError('rows')",
        "assert not bind.execute(sa.text('SELECT id FROM a')).fetchall()",
    ] {
        let body = format!("    {check}\n    op.add_column('a', sa.Column('late', sa.Date))");
        let script = last(&[TABLES, &body, REBUILD]).unwrap();
        assert!(script.contains("late DATE"), "{script}");
    }
}

#[test]
fn what_another_package_says_hides_no_more_than_it_may_do() {
    let unknown = "    import package_that_is_not_here as p
    if p.setting:
        bind.execute(sa.text('UPDATE a SET x = 1'))
    op.add_column('a', sa.Column('late', sa.Date))";
    let script = last(&[TABLES, unknown, REBUILD]).unwrap();
    assert!(script.contains("late DATE"), "{script}");
}

/// A module that asks what is not known, as a revision before does, says the same as ever.
#[test]
fn modules_are_left_as_they_are() {
    let unknown = "    import package_that_is_not_here as p
    from settings import configure
    configure(p)";
    let asks = "    from types_of_mine import LENGTH
    op.create_table('m', sa.Column('id', sa.String(LENGTH)))";
    let rebuild = "    with op.batch_alter_table('m') as batch:\n        batch.alter_column('id', nullable=False)";
    let project = project(&[TABLES, unknown, asks, rebuild]);
    let settings =
        "CONF = {'length': 7}\ndef configure(p):\n    if p.other:\n        print(CONF['length'])\n";
    fs::write(project.path().join("settings.py"), settings).unwrap();
    let types = "from settings import CONF\nLENGTH = CONF['length']\n";
    fs::write(project.path().join("types_of_mine.py"), types).unwrap();
    let output = gensql(project.path(), &["upgrade", "r2:r3", "--no-guard"]);
    let text = String::from_utf8_lossy(&output.stdout);
    assert!(
        text.contains("VARCHAR(7)"),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
}

#[test]
fn what_rows_decide_is_needed_or_not() {
    let branch = "    if bind.execute(sa.text('SELECT id FROM b')).first():
        op.add_column('a', sa.Column('perhaps', sa.Date))";
    let said = last(&[TABLES, branch, REBUILD]).unwrap_err();
    assert!(said.contains("E0501") && said.contains("r1.py:7"), "{said}");
    let free = "    op.create_table('c', sa.Column('id', sa.Integer))";
    assert!(last(&[TABLES, branch, free]).is_ok());
    // Also a table that may have been made, or not.
    let made = "    if bind.execute(sa.text('SELECT id FROM b')).first():
        op.create_table('m', sa.Column('id', sa.Integer))";
    let asks = "    if sa.inspect(bind).has_table('m'):\n        op.drop_table('m')";
    let said = last(&[TABLES, made, asks]).unwrap_err();
    assert!(said.contains("E0501") && said.contains("r1.py:7"), "{said}");
}

#[test]
fn a_revision_that_fails_hides_the_tables_that_it_names() {
    let fails = "    op.add_column('b', sa.Column('before', sa.Date))\n    {}['key']\n    op.drop_column('a', 'x')";
    let said = last(&[TABLES, fails, REBUILD]).unwrap_err();
    assert!(
        said.contains("E0501") && said.contains("KeyError"),
        "{said}"
    );
    let other = "    op.create_table('c', sa.Column('id', sa.Integer))";
    let rebuild = "    with op.batch_alter_table('c') as batch:\n        batch.alter_column('id', nullable=False)";
    let script = last(&[TABLES, fails, other, rebuild]).unwrap();
    assert!(script.contains("INSERT INTO"), "{script}");
}

/// Code that rows decide on, in a function of the revision that a loop over them calls.
fn behind_rows(file: &str, body: &str) -> Result<String, String> {
    let project = project(&[
        TABLES,
        "    late()\n    op.add_column('a', sa.Column('late', sa.Date))",
        REBUILD,
    ]);
    let path = project.path().join("versions/r1.py");
    let written = fs::read_to_string(&path).unwrap();
    let late = format!(
        "def late():\n    bind = op.get_bind()\n    for row in bind.execute(sa.text('SELECT id FROM b')):\n{body}\n"
    );
    fs::write(&path, format!("{written}{file}{late}")).unwrap();
    let output = gensql(project.path(), &["upgrade", "r1:r2", "--no-guard"]);
    match output.status.success() {
        true => Ok(String::from_utf8_lossy(&output.stdout).into_owned()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

/// What a loop over rows calls is followed to what it does, however it is handed on.
#[test]
fn definitions_behind_rows_are_found_wherever_they_are() {
    let cases = [
        (
            "def each(f, row):\n    f(row)\ndef define(row):\n    op.drop_column('a', 'x')\n",
            "each(define, row)",
        ),
        (
            "class Step:\n    def __init__(self, row):\n        self.row = row\n    def apply(self):\n        op.drop_column('a', 'x')\n",
            "Step(row).apply()",
        ),
        (
            "class Step:\n    def apply(self, row):\n        op.drop_column('a', 'x')\nstep = Step()\n",
            "step.apply(row)",
        ),
        (
            "def define(row):\n    op.drop_column('a', 'x')\nSTEPS = {'a': define}\n",
            "STEPS[row.id](row)",
        ),
        (
            "class Step:\n    def __init__(self, f):\n        self.f = f\ndef define(row):\n    op.drop_column('a', 'x')\nstep = Step(define)\n",
            "step.f(row)",
        ),
        ("", "f = op.drop_column\n        f('a', 'x')"),
        ("", "getattr(op, 'drop_column')('a', 'x')"),
        (
            "from sqlalchemy.schema import DropConstraint\n",
            "bind.execute(DropConstraint(sa.UniqueConstraint(name='a')))",
        ),
        (
            "def outer():\n    def inner():\n        op.drop_column('a', 'x')\n    return inner\n",
            "outer()()",
        ),
        ("", "from elsewhere import define\n        define('a')"),
    ];
    for (file, body) in cases {
        let said = behind_rows(file, &format!("        {body}")).unwrap_err();
        assert!(said.contains("E0501"), "{body}: {said}");
    }
}

/// What defines nothing hides nothing: functions within functions, methods that are not called,
/// functions that are handed on, methods of a class that are named as those of a table.
#[test]
fn code_behind_rows_that_defines_nothing_hides_nothing() {
    let cases = [
        (
            "",
            "def shown(x):\n            print(x)\n        shown('a')",
        ),
        (
            "def each(f, row):\n    f(row)\n",
            "each(lambda row: print('a'), row)",
        ),
        (
            "class Step:\n    def show(self):\n        print('a')\n    def define(self):\n        op.drop_column('a', 'x')\n",
            "Step().show()",
        ),
        (
            "class Step:\n    @classmethod\n    def create(cls, name):\n        return cls()\n",
            "Step.create('a')",
        ),
        (
            "",
            "from uuid import uuid4\n        bind.execute(sa.text(\"UPDATE a SET x = :x\"), {'x': uuid4()})",
        ),
        (
            "",
            "from sqlalchemy.orm import load_only\n        print(load_only('a'))",
        ),
        ("", "print(callable(row), 'a')"),
    ];
    for (file, body) in cases {
        let script = behind_rows(file, &format!("        {body}"));
        let script = script.unwrap_or_else(|said| panic!("{body}: {said}"));
        assert!(script.contains("late DATE"), "{body}: {script}");
    }
}
