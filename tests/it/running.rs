//! What a script says around the statements of a revision.

use crate::program::{answer, gensql};

fn script(body: &str, arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql://h/d\n";
    std::fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    let versions = directory.path().join("versions");
    std::fs::create_dir(&versions).unwrap();
    let text = format!(
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'a'\ndown_revision = None\n{body}"
    );
    std::fs::write(versions.join("a.py"), text).unwrap();
    let output = gensql(directory.path(), arguments);
    assert!(output.status.success(), "{}", answer(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// Alembic writes the function's `__name__`, which a decorator may have changed.
#[test]
fn a_decorated_function_has_its_name() {
    let body = "def twice(f):\n    def wrapper():\n        f()\n    return wrapper\n\n\
                @twice\ndef upgrade():\n    op.execute('SELECT 1')\n";
    let text = script(body, &["upgrade", "head"]);
    assert!(text.contains("-- Running wrapper  -> a"), "{text}");
}

#[test]
fn an_empty_schema_is_none() {
    let body = "def upgrade():\n    t = sa.table('t', sa.column('x'), schema='')\n    \
                op.execute(t.update().values(x=1))\n";
    let text = script(body, &["upgrade", "head"]);
    assert!(text.contains("UPDATE t SET x=1;"), "{text}");
}

/// What no transaction can hold stands outside of it; Alembic leaves that to the revision.
#[test]
fn concurrent_indexes_stand_alone() {
    let body = "def upgrade():\n    op.execute('SELECT 1')\n    \
                op.create_index('i', 't', ['x'], postgresql_concurrently=True)\n    \
                op.drop_index('j', postgresql_concurrently=True)\n";
    let text = script(body, &["upgrade", "head"]);
    let part = text.split("SELECT 1;\n\n").nth(1).unwrap_or_default();
    assert!(
        part.starts_with(
            "COMMIT;\n\nCREATE INDEX CONCURRENTLY i ON t (x);\n\nDROP INDEX CONCURRENTLY j;\n\n\
             BEGIN;\n\nINSERT INTO alembic_version"
        ),
        "{text}"
    );
    let text = script(body, &["--compat", "alembic", "upgrade", "head"]);
    assert_eq!(text.matches("COMMIT;").count(), 1, "{text}");
}
