//! What Alembic raises and the migration catches is caught here too, and sessions that stand for
//! their factory, and versions of packages that lie beside the project.

use std::fs;

use crate::program::script;

fn run(dialect: &str, body: &str) -> String {
    all(dialect, body, &["--no-guard"])
}

/// What comes behind the statement that creates the table.
fn behind(dialect: &str, body: &str, options: &[&str]) -> String {
    let text = all(dialect, body, options);
    let (_, behind) = text.split_once(");\n\n").unwrap();
    behind.to_owned()
}

fn all(dialect: &str, body: &str, options: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    fs::create_dir(directory.path().join("versions")).unwrap();
    fs::create_dir(directory.path().join("My_Package-4.5.dist-info")).unwrap();
    let body = body.replace('\n', "\n    ");
    let text = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n\
         def upgrade():\n    {body}\ndef downgrade():\n    pass\n"
    );
    fs::write(directory.path().join("versions/a.py"), text).unwrap();
    let text = script(
        directory.path(),
        &[&["--dialect", dialect, "upgrade", "head"], options].concat(),
    );
    let (_, behind) = text.split_once("-- Running upgrade  -> a\n\n").unwrap();
    behind
        .split_once("\n\nINSERT INTO alembic")
        .unwrap()
        .0
        .to_owned()
}

#[test]
fn a_constraint_without_a_name() {
    let body = "try:\n    op.execute('SELECT 1')\n    op.drop_constraint(None, 't', type_='foreignkey')\n    op.execute('SELECT 2')\nexcept Exception:\n    op.execute('SELECT 3')";
    assert_eq!(run("postgresql", body), "SELECT 1;\n\nSELECT 3;");
}

#[test]
fn a_constraint_that_sqlite_cannot_add() {
    let body = "op.create_table('t', sa.Column('a', sa.Integer))\ntry:\n    op.create_unique_constraint('u', 't', ['a'])\nexcept Exception:\n    op.execute('SELECT 3')";
    assert!(run("sqlite", body).ends_with("SELECT 3;"));
    // Nobody catches it: the table is rebuilt.
    let body = "op.create_table('t', sa.Column('a', sa.Integer))\nop.create_unique_constraint('u', 't', ['a'])";
    assert!(run("sqlite", body).contains("CONSTRAINT u UNIQUE"));
}

/// Alembic's `ALTER COLUMN` and `COMMENT` are syntax errors of SQLite: what the migration catches has
/// changed nothing there. The new name comes last.
#[test]
fn a_column_that_sqlite_cannot_alter() {
    let table = "op.create_table('t', sa.Column('a', sa.Integer))\n";
    let caught = |class: &str, call: &str| {
        format!(
            "{table}try:\n    op.{call}\n    op.execute('SELECT 1')\nexcept {class} as error:\n    op.execute(f'SELECT {{type(error).__name__}}')"
        )
    };
    for (call, raised) in [
        (
            "alter_column('t', 'a', type_=sa.Text(), new_column_name='b')",
            "OperationalError",
        ),
        ("alter_column('t', 'a', nullable=False)", "OperationalError"),
        (
            "alter_column('t', 'a', server_default='1')",
            "OperationalError",
        ),
        (
            "alter_column('t', 'a', server_default=None)",
            "OperationalError",
        ),
        (
            "alter_column('t', 'a', server_default=sa.Computed('1'))",
            "CompileError",
        ),
        (
            "alter_column('t', 'a', server_default=sa.Identity())",
            "CompileError",
        ),
        (
            "alter_column('t', 'a', comment='x')",
            "UnsupportedCompilationError",
        ),
        ("create_table_comment('t', 'x')", "OperationalError"),
        ("drop_table_comment('t')", "OperationalError"),
    ] {
        let body = caught("Exception", call);
        assert_eq!(
            behind("sqlite", &body, &["--no-guard"]),
            format!("SELECT {raised};"),
            "{call}"
        );
        // What the server knows is done, and so is what nobody catches.
        if raised == "OperationalError" {
            assert!(all("postgresql", &body, &["--no-guard"]).ends_with("SELECT 1;"));
        }
    }
    for call in [
        "alter_column('t', 'a', new_column_name='b')",
        "alter_column('t', 'a', existing_type=sa.Integer(), existing_nullable=True)",
    ] {
        let body = caught("Exception", call);
        assert!(run("sqlite", &body).ends_with("SELECT 1;"), "{call}");
    }
    let body = format!("{table}op.alter_column('t', 'a', nullable=False)");
    assert!(run("sqlite", &body).contains("a INTEGER NOT NULL"));
    // DuckDB can alter columns.
    let body = caught("Exception", "alter_column('t', 'a', nullable=False)");
    assert!(run("duckdb", &body).ends_with("SELECT 1;"));
}

#[test]
fn a_reference_that_sqlite_cannot_add_to_a_column() {
    let column = "op.add_column('t', sa.Column('b', sa.Integer, sa.ForeignKey('t.a')))";
    let table = "op.create_table('t', sa.Column('a', sa.Integer))";
    let body = format!(
        "{table}\ntry:\n    {column}\n    op.execute('SELECT 1')\nexcept Exception:\n    op.execute('SELECT 3')"
    );
    // The column comes before what is raised, as in Alembic.
    assert!(
        run("sqlite", &body).ends_with("ALTER TABLE t ADD COLUMN b INTEGER;\n\nSELECT 3;"),
        "{}",
        run("sqlite", &body)
    );
    // Nobody catches it: the column refers to the other.
    let body = format!("{table}\n{column}");
    assert!(run("sqlite", &body).contains("REFERENCES t"));
}

#[test]
fn a_constraint_on_a_column_that_the_table_lacks() {
    let body = "try:\n    op.create_table('t', sa.Column('a', sa.Integer), sa.UniqueConstraint('a', 'b'))\nexcept Exception as error:\n    op.execute('SELECT \"' + str(error) + '\"')";
    assert_eq!(
        run("postgresql", body),
        "SELECT \"Can't create UniqueConstraint on table 't': no column named 'b' is present.\";"
    );
}

#[test]
fn a_session_that_is_its_factory() {
    let body = "from sqlalchemy.orm import scoped_session, sessionmaker\nSession = scoped_session(sessionmaker(bind=op.get_bind()))\nSession.execute(sa.text('SELECT 1'))\nSession().execute(sa.text('SELECT 2'))\nSession.commit()\nSession.close()\nSession.remove()";
    assert_eq!(run("postgresql", body), "SELECT 1;\n\nSELECT 2;");
}

#[test]
fn versions_of_packages() {
    let body = "from importlib import metadata\nop.execute('SELECT %s' % metadata.version('my-package'))\nif metadata.version('sqlalchemy').startswith('2'):\n    op.execute('SELECT 2')";
    assert_eq!(run("postgresql", body), "SELECT 4.5;\n\nSELECT 2;");
}

/// With `--fresh` it is known what is there: a drop of what is not raises, as the server does.
#[test]
fn a_drop_of_what_is_not_there() {
    let body = "op.create_table('t', sa.Column('a', sa.Integer, unique=True), sa.Column('b', sa.Integer))\n\
        for name in ('t_a_key', 'a'):\n    try:\n        op.drop_constraint(name, 't', type_='unique')\n        op.execute('SELECT 1')\n    \
        except Exception:\n        op.execute('SELECT 2')\n\
        try:\n    op.drop_column('t', 'b')\n    op.drop_column('t', 'b')\nexcept Exception:\n    op.execute('SELECT 3')";
    let fresh = |dialect| behind(dialect, body, &["--fresh"]);
    assert_eq!(
        fresh("postgresql"),
        "ALTER TABLE t DROP CONSTRAINT t_a_key;\n\nSELECT 1;\n\nSELECT 2;\n\nALTER TABLE t DROP COLUMN b;\n\nSELECT 3;"
    );
    assert_eq!(
        fresh("mysql"),
        "SELECT 2;\n\nALTER TABLE t DROP INDEX a;\n\nSELECT 1;\n\nALTER TABLE t DROP COLUMN b;\n\nSELECT 3;"
    );
}

/// What SQLAlchemy raises while it writes a statement: those before it are executed, that and those
/// behind it are not.
#[test]
fn a_statement_that_cannot_be_written() {
    let caught = |statements: &str| {
        format!(
            "try:\n    op.execute('SELECT 1')\n    {statements}\n    op.execute('SELECT 2')\nexcept Exception as e:\n    op.execute('SELECT %s' % type(e).__name__)"
        )
    };
    let long = caught("op.create_index('x' * 70, 't', ['a'])");
    assert_eq!(
        run("postgresql", &long),
        "SELECT 1;\n\nSELECT IdentifierError;"
    );
    let in_batch = caught(
        "with op.batch_alter_table('t') as batch:\n        batch.drop_column('a')\n        batch.drop_constraint('x' * 70, type_='unique')\n        batch.drop_column('b')",
    );
    assert_eq!(
        run("postgresql", &in_batch),
        "SELECT 1;\n\nALTER TABLE t DROP COLUMN a;\n\nSELECT IdentifierError;"
    );
    let without_length = caught(
        "with op.batch_alter_table('t') as batch:\n        batch.drop_column('a')\n        batch.alter_column('b', existing_type=sa.VARCHAR(), nullable=True)",
    );
    for options in [&["--no-guard"][..], &["--compat", "alembic"]] {
        assert_eq!(
            all("mysql", &without_length, options),
            "SELECT 1;\n\nALTER TABLE t DROP COLUMN a;\n\nSELECT CompileError;"
        );
    }
    let added = caught("op.add_column('t', sa.Column('c', sa.String))");
    assert_eq!(run("mysql", &added), "SELECT 1;\n\nSELECT CompileError;");
    let created = caught("op.create_table('u', sa.Column('c', sa.String))");
    assert_eq!(run("mysql", &created), "SELECT 1;\n\nSELECT CompileError;");
}

/// A batch that must not make the table anew, and a drop of a column that something holds on to: what the
/// server refuses is raised where the migration catches it.
#[test]
fn what_cannot_be_done_in_place() {
    let table = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('a', sa.Integer), sa.Column('b', sa.Integer), sa.Column('c', sa.Integer), sa.UniqueConstraint('a'))\nop.create_index('i', 't', ['b'])\n";
    let caught = |statements: &str| {
        format!(
            "try:\n    {statements}\n    op.execute('SELECT 2')\nexcept Exception as e:\n    op.execute('SELECT %s' % type(e).__name__)"
        )
    };
    let last = |statements: &str| {
        let text = behind(
            "sqlite",
            &format!("{table}{}", caught(statements)),
            &["--fresh"],
        );
        text.rsplit("\n\n").next().unwrap_or_default().to_owned()
    };
    let batch = |inside: &str| {
        last(&format!(
            "with op.batch_alter_table('t', recreate='never') as batch:\n        {inside}"
        ))
    };
    assert_eq!(
        batch("batch.alter_column('c', existing_type=sa.Integer(), nullable=False)"),
        "SELECT OperationalError;"
    );
    assert_eq!(
        batch("batch.create_unique_constraint('u', ['c'])"),
        "SELECT NotImplementedError;"
    );
    assert_eq!(batch("batch.drop_column('a')"), "SELECT OperationalError;");
    assert_eq!(batch("batch.drop_column('x')"), "SELECT OperationalError;");
    assert_eq!(
        batch("batch.alter_column('c', new_column_name='d')"),
        "SELECT 2;"
    );
    assert_eq!(batch("batch.drop_column('c')"), "SELECT 2;");
    for column in ["id", "a", "b"] {
        let dropped = last(&format!("op.drop_column('t', '{column}')"));
        assert_eq!(dropped, "SELECT OperationalError;", "{column}");
    }
    assert_eq!(last("op.drop_column('t', 'c')"), "SELECT 2;");
    // One that makes the table anew can do all of it.
    let anew = "with op.batch_alter_table('t') as batch:\n        batch.drop_column('b')";
    assert_eq!(last(anew), "SELECT 2;");
}
