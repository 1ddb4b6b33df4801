//! `--online`: the same schema as without, and a writer who is let through.

use std::process::{Command, Stdio};

use crate::program::{EXAMPLES, answer, gensql, root};
use crate::servers::{MariaDb, Server};

const BEFORE: &str = r#"
    op.create_table("users", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("name", sa.String(20)), sa.Column("email", sa.String(60)), sa.Column("age", sa.Integer))
    op.create_table("orders", sa.Column("id", sa.BigInteger, nullable=False, autoincrement=False), sa.Column("n", sa.BigInteger), sa.Column("total", sa.Numeric(10, 2)), sa.Column("u", sa.BigInteger))
    op.create_index("ix_name", "users", ["name"])
    op.create_index("ix_total", "orders", ["total"])
    op.create_check_constraint("ck_u", "orders", "u > 0")
    op.execute("INSERT INTO users (id, name, email, age) VALUES (1, 'a', 'a', 1), (2, 'b', 'b', 2)")
    op.execute("INSERT INTO orders (id, n, total, u) VALUES (1, 1, 1, 1), (2, 2, 2, 2)")
"#;

/// Operations that have an online form somewhere, and some that have none.
const OPERATIONS: &[&str] = &[
    r#"op.create_index("ix_email", "users", ["email"])"#,
    r#"op.create_index("ix_email", "users", ["email"], unique=True)"#,
    r#"op.drop_index("ix_name", table_name="users")"#,
    r#"op.create_foreign_key("fk", "orders", "users", ["u"], ["id"], ondelete="CASCADE")"#,
    r#"op.create_foreign_key(None, "orders", "users", ["u"], ["id"])"#,
    r#"op.create_check_constraint("ck", "users", "age > 0")"#,
    r#"op.create_unique_constraint("uq", "users", ["email", "age"])"#,
    r#"op.create_unique_constraint(None, "users", ["email"])"#,
    r#"op.create_primary_key("pk", "orders", ["id"])"#,
    r#"op.create_primary_key("pk", "orders", ["id", "n"])"#,
    r#"op.alter_column("users", "age", nullable=False, existing_type=sa.Integer)"#,
    r#"op.alter_column("users", "age", nullable=False, new_column_name="years", server_default="3", existing_type=sa.Integer)"#,
    r#"op.alter_column("users", "name", type_=sa.String(40), nullable=False, existing_type=sa.String(20))"#,
    r#"op.alter_column("orders", "id", nullable=True, existing_type=sa.BigInteger)"#,
    r#"op.add_column("orders", sa.Column("v", sa.BigInteger, sa.ForeignKey("users.id")))"#,
    r#"op.add_column("orders", sa.Column("v", sa.BigInteger, sa.ForeignKey("users.id", name="fk_v"), index=True, unique=True))"#,
    r#"op.add_column("orders", sa.Column("v", sa.Integer, server_default="5", nullable=False))"#,
    r#"op.drop_column("orders", "n")"#,
    r#"op.drop_constraint("ck_u", "orders", type_="check")"#,
    "with op.batch_alter_table('users') as batch:\n        batch.create_index('ix_b', ['age'])\n        batch.alter_column('email', nullable=False, existing_type=sa.String(60))\n        batch.create_unique_constraint('uq_b', ['age'])",
    "op.create_table('fresh', sa.Column('id', sa.BigInteger, primary_key=True), sa.Column('u', sa.BigInteger))\n    op.create_index('ix_f', 'fresh', ['u'])\n    op.create_foreign_key('fk_f', 'fresh', 'users', ['u'], ['id'])",
    "with op.get_context().autocommit_block():\n        op.create_index('ix_c', 'users', ['age'], postgresql_concurrently=True)\n        op.create_check_constraint('ck_c', 'users', 'age > 0')",
];

fn project(operation: &str) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let versions = directory.path().join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    let ini = "[alembic]\nscript_location = %(here)s/m\n";
    std::fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    let revision = |id: &str, down: &str, body: &str| {
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = '{id}'\ndown_revision = {down}\n\n\ndef upgrade():\n    {}\n",
            body.trim()
        );
        std::fs::write(versions.join(format!("{id}.py")), text).unwrap();
    };
    revision("a", "None", BEFORE);
    revision("b", "'a'", operation);
    directory
}

fn upgrade(directory: &std::path::Path, options: &[&str], range: &str, online: bool) -> String {
    let mut arguments = options.to_vec();
    arguments.extend(["upgrade", range]);
    if online {
        arguments.push("--online");
    }
    let output = gensql(directory, &arguments);
    assert!(output.status.success(), "{}", answer(&output));
    String::from_utf8(output.stdout).unwrap()
}

/// A chain revision by revision: what the script makes itself is made at once.
fn steps(directory: &std::path::Path, options: &[&str]) -> (String, String) {
    let whole = upgrade(directory, options, "heads", false);
    let mut ranges: Vec<String> = Vec::new();
    for line in whole.lines() {
        let Some(step) = line.strip_prefix("-- Running upgrade ") else {
            continue;
        };
        let (from, to) = step.split_once(" -> ").unwrap();
        let to = to.split(',').next().unwrap();
        if from.contains(',')
            || ranges
                .iter()
                .any(|range| range.starts_with(&format!("{from}:")))
        {
            // Branches: there is no range of one step.
            return (whole, upgrade(directory, options, "heads", true));
        }
        ranges.push(format!(
            "{}:{to}",
            if from.trim().is_empty() { "base" } else { from }
        ));
    }
    let all = |online| {
        let texts = ranges
            .iter()
            .map(|range| upgrade(directory, options, range, online));
        texts.collect::<String>()
    };
    (all(false), all(true))
}

/// Every case: what it is called, and its scripts without and with `--online`.
fn cases(dialect: &str) -> Vec<(String, String, String)> {
    let mut found = Vec::new();
    let options = ["--dialect", dialect];
    for operation in OPERATIONS {
        let directory = project(operation);
        let (plain, online) = steps(directory.path(), &options);
        found.push(((*operation).to_owned(), plain, online));
    }
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        let options = ["-c", config, "--dialect", dialect];
        let (plain, online) = steps(&directory, &options);
        found.push(((*example).to_owned(), plain, online));
    }
    found
}

fn required<T>(server: Result<T, String>) -> Option<T> {
    match server {
        Ok(server) => Some(server),
        Err(reason) => {
            assert!(
                std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
                "{reason}"
            );
            println!("skipped: scripts of --online: {reason}");
            None
        }
    }
}

#[test]
fn postgresql_has_the_same_schema() {
    let Some(server) = required(Server::start()) else {
        return;
    };
    // Each script has a database of its own: dropping one waits for the disk.
    let number = std::cell::Cell::new(0);
    let database = || format!("online{}", number.get());
    let schema = |script: &str| {
        number.set(number.get() + 1);
        let create = format!("CREATE DATABASE {}", database());
        server.psql("postgres", &["-c", &create]).unwrap();
        server
            .apply(&database(), script)
            .unwrap_or_else(|error| panic!("{error}\n{script}"));
        let output = Command::new("pg_dump")
            .args(["-s", "-U", "postgres", "-d", &database(), "-h"])
            .arg(server.path())
            .output()
            .unwrap();
        assert!(output.status.success());
        let text = String::from_utf8(output.stdout).unwrap();
        // Each dump has a key of its own.
        let lines = text.lines().filter(|line| !line.starts_with('\\'));
        lines.collect::<Vec<_>>().join("\n")
    };
    let mut differ = 0;
    for (name, plain, online) in cases("postgresql") {
        differ += usize::from(plain != online);
        assert_eq!(schema(&plain), schema(&online), "{name}\n{online}");
        let invalid = "SELECT count(*) FROM pg_index WHERE NOT indisvalid";
        assert_eq!(
            server.psql(&database(), &["-c", invalid]).unwrap().trim(),
            "0",
            "{name}"
        );
    }
    assert!(differ > 15, "only {differ} scripts have another form");
}

#[test]
fn mariadb_has_the_same_schema() {
    let Some(server) = required(MariaDb::start()) else {
        return;
    };
    let schema = |script: &str| {
        let users = "SELECT schema_name FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema')";
        for name in server.apply("mysql", users).unwrap().lines() {
            server
                .apply(
                    "mysql",
                    &format!("SET foreign_key_checks = 0; DROP DATABASE `{name}`"),
                )
                .unwrap();
        }
        server.apply("mysql", "CREATE DATABASE online").unwrap();
        server
            .apply("online", script)
            .unwrap_or_else(|error| panic!("{error}\n{script}"));
        let tables = "SELECT concat('SHOW CREATE TABLE `', table_schema, '`.`', table_name, '`;') FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1";
        let show = server.apply("online", tables).unwrap();
        server.apply("online", &show).unwrap()
    };
    let mut differ = 0;
    for (name, plain, online) in cases("mariadb") {
        differ += usize::from(plain != online);
        assert_eq!(schema(&plain), schema(&online), "{name}\n{online}");
    }
    assert!(differ > 10, "only {differ} scripts have another form");
}

/// Each row takes a millisecond to look at, so that a lock that is held meanwhile is felt.
const SLOW: &str = "
CREATE FUNCTION slow(n BIGINT) RETURNS BIGINT IMMUTABLE LANGUAGE plpgsql AS 'BEGIN PERFORM pg_sleep(0.001); RETURN n; END';
";

/// A writer who waits no longer than half a second for a lock goes on while an index is built and a
/// check is validated for seconds; without `--online` that writer fails, so the test can.
#[test]
fn a_writer_is_let_through() {
    let Some(server) = required(Server::start()) else {
        return;
    };
    for operation in [
        r#"op.create_check_constraint("ck", "orders", "slow(n) > 0")"#,
        r#"op.create_index("ix", "orders", [sa.text("slow(n)")])"#,
    ] {
        let directory = project(operation);
        let run = |online: bool| {
            for name in ["DROP DATABASE IF EXISTS online", "CREATE DATABASE online"] {
                server.psql("postgres", &["-c", name]).unwrap();
            }
            server.apply("online", SLOW).unwrap();
            let mut before = vec!["upgrade", "a", "--dialect", "postgresql"];
            let first = gensql(directory.path(), &before);
            server
                .apply("online", &String::from_utf8(first.stdout).unwrap())
                .unwrap();
            let rows =
                "INSERT INTO orders (id, n, u) SELECT i, i, i FROM generate_series(10, 2500) i";
            server.apply("online", rows).unwrap();
            before[1] = "a:b";
            if online {
                before.push("--online");
            }
            let second = gensql(directory.path(), &before);
            assert!(second.status.success(), "{}", answer(&second));
            let release = server.path().join("release.sql");
            std::fs::write(&release, second.stdout).unwrap();
            let mut writer = String::from("SET lock_timeout = '500ms';\n");
            for number in 0..1000 {
                writer.push_str(&format!(
                    "INSERT INTO orders (id, n, u) VALUES ({0}, {0}, {0});\nSELECT pg_sleep(0.002);\n",
                    10_000 + number
                ));
            }
            let writing = server.path().join("writer.sql");
            std::fs::write(&writing, writer).unwrap();
            let psql = |file: &std::path::Path| {
                let mut command = Command::new("psql");
                command.args([
                    "-X",
                    "-q",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-U",
                    "postgres",
                    "-d",
                    "online",
                    "-f",
                ]);
                command.arg(file).arg("-h").arg(server.path());
                command.stdout(Stdio::null()).stderr(Stdio::null());
                command.spawn().unwrap()
            };
            let mut writer = psql(&writing);
            std::thread::sleep(std::time::Duration::from_millis(100));
            let mut script = psql(&release);
            let applied = script.wait().unwrap().success();
            (applied, writer.wait().unwrap().success())
        };
        assert_eq!(run(true), (true, true), "{operation}");
        assert!(
            !run(false).1,
            "{operation}: a writer was let through without --online"
        );
    }
}
