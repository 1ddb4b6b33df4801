//! `--on-opaque stub`: what only a database could know is left to a person, and the script stops there.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{answer, gensql, hold};

const REVISION: &str = r#"
import sqlalchemy as sa
from alembic import op

revision = "a1"
down_revision = None

def copy(conn, rows, seen):
    for row in rows:
        seen.append(row.id)
        conn.execute(sa.text("UPDATE t SET b = :b WHERE id = :i"), {"b": row.a, "i": row.id})

def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))
    conn = op.get_bind()
    table, seen, total = "t", [], 0
    rows = conn.execute(sa.text("SELECT id, a FROM t")).fetchall()
    keys = [row[0] for row in rows]
    for key in keys:
        conn.execute(sa.text(f"DELETE FROM {table} WHERE id = {key}"))
        total += 1
    copy(conn, conn.execute(sa.text("SELECT id, a FROM t")), seen)
    for key in seen:
        op.execute("never, since only the database knows the list")
    if total > 2:
        op.add_column("t", sa.Column("many", sa.Integer))
    op.drop_column("t", "a")
    if not rows:
        return
    op.create_index("i", "t", ["b"])

def downgrade():
    op.drop_table("t")
"#;

fn project() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    fs::create_dir(directory.path().join("versions")).unwrap();
    fs::write(directory.path().join("versions/a1.py"), REVISION).unwrap();
    directory
}

#[test]
fn never_by_default() {
    let output = gensql(project().path(), &["upgrade", "head", "--no-guard"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(output.stdout.is_empty());
    assert!(String::from_utf8_lossy(&output.stderr).contains("E0205"));
}

#[test]
fn each_step_is_told() {
    let project = project();
    let arguments = ["upgrade", "head", "--no-guard", "--on-opaque", "stub"];
    let output = gensql(project.path(), &arguments);
    hold("manual", "steps", &answer(&output));
}

/// How each dialect stops.
#[test]
fn each_dialect_stops() {
    let project = project();
    let (begin, _) = REVISION.split_once("    if total > 2").unwrap();
    fs::write(project.path().join("versions/a1.py"), begin).unwrap();
    let mut text = String::new();
    for dialect in [
        "sqlite",
        "postgresql",
        "mysql",
        "mariadb",
        "mssql",
        "oracle",
        "cockroachdb",
        "redshift",
        "duckdb",
    ] {
        let arguments = [
            "--dialect",
            dialect,
            "upgrade",
            "head",
            "--no-guard",
            "--on-opaque",
            "stub",
        ];
        let output = gensql(project.path(), &arguments);
        let script = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success(), "{dialect}");
        let (_, behind) = script.split_once("change rows only.\n\n").unwrap();
        let (statement, _) = behind.split_once("\n\n-- ==== END").unwrap();
        let first = script.lines().next().unwrap();
        text.push_str(&format!("{dialect}\n{first}\n…\n{statement}\n\n"));
    }
    hold("manual", "stops", &text);
}

#[test]
fn not_with_what_quotes_its_steps() {
    let project = project();
    for other in [["--idempotent"].as_slice(), &["--compat", "alembic"]] {
        let mut arguments = vec!["upgrade", "head", "--on-opaque", "stub"];
        arguments.extend(other);
        assert_eq!(
            gensql(project.path(), &arguments).status.code(),
            Some(2),
            "{other:?}"
        );
    }
    fs::write(project.path().join("gensql.toml"), "idempotent = true\n").unwrap();
    let output = gensql(project.path(), &["upgrade", "head", "--on-opaque", "stub"]);
    assert_eq!(output.status.code(), Some(2), "{}", answer(&output));
}

/// The script with each stop replaced.
fn written(script: &str) -> String {
    let parts = script.split("-- ==== MANUAL STEP ====");
    let parts = parts.map(
        |part| match part.split_once("-- ==== END OF MANUAL STEP ====") {
            Some((step, rest)) => {
                let comments = step.lines().filter(|line| line.starts_with("--"));
                format!(
                    "{}\nDELETE FROM t;\n{rest}",
                    comments.collect::<Vec<_>>().join("\n")
                )
            }
            None => part.to_owned(),
        },
    );
    parts.collect()
}

fn sqlite(database: &Path, options: &[&str], script: &str) -> (bool, String) {
    let file = database.with_extension("sql");
    fs::write(&file, script).unwrap();
    let output = Command::new("sqlite3")
        .args(options)
        .arg(database)
        .stdin(Stdio::from(fs::File::open(file).unwrap()))
        .output()
        .unwrap();
    (
        output.status.success(),
        String::from_utf8_lossy(&output.stdout).into_owned(),
    )
}

/// Also a client that nobody told to stop does, and nothing has changed.
#[test]
fn sqlite_stops_until_it_is_written() {
    let project = project();
    let arguments = ["upgrade", "head", "--no-guard", "--on-opaque", "stub"];
    let script = String::from_utf8(gensql(project.path(), &arguments).stdout).unwrap();
    let database = project.path().join("x.db");
    assert!(!sqlite(&database, &[], &script).0);
    assert_eq!(sqlite(&database, &[], ".tables"), (true, String::new()));
    assert!(sqlite(&database, &[], &written(&script)).0);
    let (_, tables) = sqlite(&database, &[], ".tables");
    assert_eq!(
        tables.split_whitespace().collect::<Vec<_>>(),
        ["alembic_version", "t"]
    );
}

/// A bundle may leave steps to a person, and says so.
#[test]
fn in_a_bundle() {
    let project = project();
    let begin = [
        "--dialect",
        "postgresql",
        "bundle",
        "base:heads",
        "-o",
        "out",
    ];
    let refused = gensql(project.path(), &begin);
    assert_eq!(refused.status.code(), Some(1), "{}", answer(&refused));
    let arguments = [&begin[..], &["--on-opaque", "stub"]].concat();
    let made = gensql(project.path(), &arguments);
    assert!(made.status.success(), "{}", answer(&made));
    let book = fs::read_to_string(project.path().join("out/RUNBOOK.md")).unwrap();
    let (_, by_hand) = book.split_once("## By hand").unwrap();
    assert!(by_hand.contains("- revision 1: "), "{by_hand}");
    let script = fs::read_to_string(project.path().join("out/upgrade.sql")).unwrap();
    assert!(script.contains("-- ==== MANUAL STEP ===="));
    let same = gensql(project.path(), &["bundle", "--check", "out"]);
    assert!(same.status.success(), "{}", answer(&same));
}
