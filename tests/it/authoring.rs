//! Making projects and writing revisions: what the commands answer, and what the files are.

use std::fs;
use std::process::{Command, Stdio};

use crate::program::{answer, hold};
use crate::session::{files, ok, run_with, said};

fn session(name: &str, commands: &[&[&str]], show: bool) {
    let directory = tempfile::tempdir().unwrap();
    let mut text = String::new();
    for arguments in commands {
        text.push_str(&said(directory.path(), arguments));
        text.push('\n');
    }
    if show {
        text.push_str(&files(directory.path()));
    }
    hold("authoring", name, &text);
}

#[test]
fn the_first_run_of_a_newcomer() {
    session(
        "first_run",
        &[
            &["init"],
            &["revision", "-m", "add users", "--rev-id", "aaaa01"],
            &["revision", "-m", "add posts", "--rev-id", "aaaa02"],
            &["upgrade", "head"],
            &["history"],
            &["downgrade", "head:-1"],
        ],
        true,
    );
}

#[test]
fn the_first_run_with_sql() {
    session(
        "first_run_sql",
        &[
            &["init", "--template", "sql", "--dialect", "postgresql:16"],
            &["revision", "-m", "add users", "--rev-id", "aaaa01"],
            &[
                "revision",
                "-m",
                "add posts",
                "--rev-id",
                "aaaa02",
                "--branch-label",
                "blog",
                "--depends-on",
                "aaaa01",
            ],
            &["upgrade", "head"],
            &["history"],
        ],
        true,
    );
}

#[test]
fn every_template_works_at_once() {
    for template in [
        "generic",
        "async",
        "multidb",
        "pyproject",
        "pyproject_async",
        "sql",
    ] {
        for dialect in [
            "sqlite",
            "postgresql",
            "mysql",
            "mariadb",
            "mssql",
            "oracle",
        ] {
            let directory = tempfile::tempdir().unwrap();
            ok(
                directory.path(),
                &["--dialect", dialect, "init", "-t", template],
            );
            ok(directory.path(), &["revision", "-m", "first"]);
            let script = ok(directory.path(), &["upgrade", "head"]);
            assert!(
                script.contains("alembic_version"),
                "{template} {dialect}: {script}"
            );
        }
    }
}

#[test]
fn several_databases() {
    session(
        "multidb",
        &[
            &["init", "db", "--template", "multidb"],
            &["revision", "-m", "both", "--rev-id", "aaaa01"],
            &["upgrade", "head"],
            &["upgrade", "head", "-o", "out/"],
        ],
        true,
    );
}

#[test]
fn init_adds_what_is_missing() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["init", "db"]);
    fs::remove_file(path.join("db/script.py.mako")).unwrap();
    fs::write(path.join("db/env.py"), "# mine\n").unwrap();
    let mut text = said(path, &["init"]);
    text.push_str(&said(path, &["init", "db", "--package"]));
    assert_eq!(
        fs::read_to_string(path.join("db/env.py")).unwrap(),
        "# mine\n"
    );
    fs::create_dir(path.join("other")).unwrap();
    fs::write(path.join("other/file"), "").unwrap();
    for arguments in [
        &["init", "other"][..],
        &["init", "elsewhere"],
        &["init", "--template", "generik"],
        &["init", "--template", "nothing at all"],
        &["init", "-c", "gensql.toml"],
        &["list_templates"],
    ] {
        text.push_str(&said(path, arguments));
        text.push('\n');
    }
    fs::write(path.join("pyproject.toml"), "[project]\nname = \"x\"").unwrap();
    text.push_str(&said(path, &["init", "db", "--template", "pyproject"]));
    text.push_str(&said(path, &["init", "db", "--template", "pyproject"]));
    let project = fs::read_to_string(path.join("pyproject.toml")).unwrap();
    assert!(
        project.starts_with("[project]\nname = \"x\"\n\n[tool.alembic]\n"),
        "{project}"
    );
    hold("authoring", "init", &text);
}

#[test]
fn revisions_are_refused() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["init"]);
    for (id, head) in [("aaaa01", "head"), ("aaaa02", "head"), ("bbbb01", "base")] {
        ok(
            path,
            &["revision", "-m", "x", "--rev-id", id, "--head", head],
        );
    }
    let mut text = String::new();
    for arguments in [
        &["revision", "-m", "several heads"][..],
        &["revision", "--head", "aaaa01"],
        &["revision", "--head", "nothing"],
        &["revision", "--head", "aaaa02", "--rev-id", "aaaa01"],
        &["revision", "--head", "aaaa02", "--rev-id", "a-b"],
        &["revision", "--head", "aaaa02", "--rev-id", "../x"],
        &["revision", "--head", "aaaa02", "--rev-id", ""],
        &[
            "revision",
            "--head",
            "aaaa02",
            "--branch-label",
            "aaaa01",
            "--rev-id",
            "cccc01",
        ],
        &["revision", "--head", "aaaa02", "--branch-label", "a@b"],
        &["revision", "--head", "aaaa02", "--depends-on", "nix"],
        &[
            "revision",
            "--head",
            "aaaa02",
            "--version-path",
            "elsewhere",
        ],
        &["revision", "--autogenerate", "--sql"],
        &["merge", "aaaa02", "aaaa0"],
        &["merge", "aaaa01", "bbbb01"],
        &["edit", "aaaa01"],
        &["edit", "base"],
        &["edit", "current"],
        &["merge"],
    ] {
        text.push_str(&said(path, arguments));
        text.push('\n');
    }
    fs::remove_file(path.join("migrations/script.py.mako")).unwrap();
    text.push_str(&said(path, &["revision", "--head", "aaaa02"]));
    fs::write(
        path.join("migrations/script.py.mako"),
        "revision = 1 ${up_revision",
    )
    .unwrap();
    text.push_str(&said(path, &["revision", "--head", "aaaa02"]));
    fs::write(
        path.join("migrations/script.py.mako"),
        "x = ${repr(up_revision)}\n",
    )
    .unwrap();
    text.push_str(&said(path, &["revision", "--head", "aaaa02"]));
    hold("authoring", "refused", &text);
    assert_eq!(
        fs::read_dir(path.join("migrations/versions"))
            .unwrap()
            .count(),
        3
    );
}

#[test]
fn hostile_messages_make_valid_files() {
    let messages = [
        "it's \"quoted\"",
        "\"\"\"",
        "ends with \"",
        "C:\\new\\table",
        "two\nlines\n\"\"\"\nimport os\nos.abort()",
        "'''\\",
        "\u{1}\u{7f}\u{85}\u{2028}",
        "${1/0} <% %> % if",
        "\r\nrevision = 'x'",
        "-- migrate:up\nDROP TABLE t;",
        "revision: x",
        "\\",
        "\\N{nothing}",
        "\u{202e}abc 😀",
    ];
    for template in ["generic", "sql"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        ok(path, &["init", "-t", template]);
        for message in messages {
            ok(path, &["revision", "-m", message]);
        }
        let history = ok(path, &["history"]);
        assert!(history.lines().count() >= messages.len(), "{history}");
        let script = ok(path, &["upgrade", "head", "--no-guard"]);
        assert!(!script.contains("DROP TABLE"), "{script}");
    }
}

#[test]
fn revisions_made_at_once_follow_each_other() {
    for template in ["generic", "sql"] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        ok(path, &["init", "-t", template]);
        let start = || {
            Command::new(env!("CARGO_BIN_EXE_gensql"))
                .current_dir(path)
                .args(["revision", "-m", "same"])
                .env_clear()
                .stdout(Stdio::null())
                .spawn()
                .unwrap()
        };
        let mut children: Vec<_> = (0..6).map(|_| start()).collect();
        for child in &mut children {
            assert!(child.wait().unwrap().success());
        }
        assert_eq!(ok(path, &["heads"]).lines().count(), 1);
        assert_eq!(ok(path, &["history"]).lines().count(), 6);
        let mut refused = 0;
        let mut children: Vec<_> = (0..3)
            .map(|_| {
                Command::new(env!("CARGO_BIN_EXE_gensql"))
                    .current_dir(path)
                    .args(["revision", "-m", "one of them", "--rev-id", "cafe01"])
                    .env_clear()
                    .stdout(Stdio::null())
                    .stderr(Stdio::null())
                    .spawn()
                    .unwrap()
            })
            .collect();
        for child in &mut children {
            refused += usize::from(!child.wait().unwrap().success());
        }
        assert_eq!(refused, 2);
    }
}

#[cfg(unix)]
#[test]
fn hooks_run_only_when_asked() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["init"]);
    let ini = fs::read_to_string(path.join("alembic.ini")).unwrap();
    let hooks = "[post_write_hooks]\nhooks = mark, fail\nmark.type = exec\nmark.executable = /bin/sh\nmark.options = -c 'echo \"# marked\" >> \"$0\"' REVISION_SCRIPT_FILENAME\nfail.type = exec\nfail.executable = /bin/false\n";
    fs::write(
        path.join("alembic.ini"),
        ini.replace("[post_write_hooks]\n", hooks),
    )
    .unwrap();
    let mut text = said(path, &["revision", "-m", "no", "--rev-id", "aa01"]);
    text.push_str(&said(
        path,
        &["revision", "-m", "yes", "--rev-id", "aa02", "--hooks"],
    ));
    let versions = path.join("migrations/versions");
    let marked = |name: &str| {
        fs::read_to_string(versions.join(name))
            .unwrap()
            .contains("# marked")
    };
    assert!(!marked("aa01_no.py"));
    assert!(marked("aa02_yes.py"));
    let output = run_with(path, &["revision", "-m", "env"], &[("GENSQL_HOOKS", "1")]);
    assert!(answer(&output).contains("W0102"), "{}", answer(&output));
    let output = run_with(path, &["revision", "-m", "env"], &[("GENSQL_HOOKS", "0")]);
    assert!(answer(&output).contains("W0101"), "{}", answer(&output));
    hold("authoring", "hooks", &text);
}

#[cfg(unix)]
#[test]
fn the_editor_gets_the_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["init"]);
    ok(path, &["revision", "-m", "x", "--rev-id", "aa01"]);
    let editor = [
        ("VISUAL", "/bin/sh -c 'echo \"# edited\" >> \"$0\"'"),
        ("EDITOR", "/bin/false"),
    ];
    let output = run_with(path, &["edit", "aa01"], &editor);
    assert!(output.status.success(), "{}", answer(&output));
    let file = fs::read_to_string(path.join("migrations/versions/aa01_x.py")).unwrap();
    assert!(file.ends_with("# edited\n"));
    let output = run_with(path, &["edit", "head"], &[("EDITOR", "/bin/false")]);
    assert_eq!(output.status.code(), Some(2));
}

#[test]
fn merges_and_branches() {
    session(
        "branches",
        &[
            &["init"],
            &["revision", "-m", "one", "--rev-id", "aa01"],
            &[
                "revision",
                "-m",
                "two",
                "--rev-id",
                "bb01",
                "--head",
                "base",
                "--branch-label",
                "other",
            ],
            &[
                "revision", "-m", "three", "--rev-id", "aa02", "--head", "aa01",
            ],
            &[
                "revision", "-m", "spliced", "--rev-id", "aa03", "--head", "aa01", "--splice",
            ],
            &[
                "revision",
                "-m",
                "four",
                "--rev-id",
                "bb02",
                "--head",
                "other@head",
                "--depends-on",
                "aa02",
            ],
            &["branches", "-v"],
            &["heads", "--resolve-dependencies"],
            &["merge", "-m", "join", "--rev-id", "cc01", "heads"],
            &["history"],
            &[
                "revision", "-m", "shown", "--rev-id", "dd01", "--sql", "--head", "cc01",
            ],
            &["stamp", "--purge", "aa02", "bb01"],
            &["stamp", "--purge", "aa02", "--current", "aa01"],
            &["ensure_version"],
            &["--dialect", "postgresql", "ensure_version"],
        ],
        false,
    );
}

pub(crate) const MODELS: &str = r#"from typing import Optional

import sqlalchemy as sa
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(sa.String(50), index=True)
    email: Mapped[Optional[str]] = mapped_column(unique=True)
"#;

pub(crate) const POSTS: &str = r#"

class Post(Base):
    __tablename__ = "posts"
    __table_args__ = (sa.UniqueConstraint("user_id", "title", name="uq_title"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    user_id: Mapped[int] = mapped_column(sa.ForeignKey("users.id", ondelete="CASCADE"))
    title: Mapped[str] = mapped_column(sa.Text)
"#;

/// The whole day of a newcomer: models, revisions, a branch, a merge, and back.
#[test]
fn the_day_of_a_newcomer() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init"]);
    text.push_str(&said(path, &["check"]));
    let env = path.join("migrations/env.py");
    let with_models = fs::read_to_string(&env).unwrap().replace(
        "\ntarget_metadata = None\n",
        "\nfrom models import Base\n\ntarget_metadata = Base.metadata\n",
    );
    fs::write(&env, with_models).unwrap();
    fs::write(path.join("models.py"), MODELS).unwrap();
    for arguments in [
        &["check"][..],
        &[
            "revision",
            "--autogenerate",
            "-m",
            "users",
            "--rev-id",
            "aaaa01",
        ],
        &["check"],
        &["upgrade", "head"],
    ] {
        text.push_str(&said(path, arguments));
    }
    let longer = MODELS.replace("String(50)", "String(80)");
    fs::write(path.join("models.py"), format!("{longer}{POSTS}")).unwrap();
    for arguments in [
        &["check"][..],
        &[
            "revision",
            "--autogenerate",
            "-m",
            "posts",
            "--rev-id",
            "aaaa02",
        ],
        &["check"],
        &[
            "revision",
            "--autogenerate",
            "-m",
            "nothing",
            "--rev-id",
            "aaaa03",
        ],
        &[
            "revision",
            "-m",
            "aside",
            "--rev-id",
            "bbbb01",
            "--head",
            "aaaa01",
            "--splice",
            "--branch-label",
            "side",
        ],
        &["merge", "heads", "-m", "together", "--rev-id", "cccc01"],
        &["check"],
        &["history"],
        &["upgrade", "aaaa01:heads"],
        &["downgrade", "heads:aaaa01"],
    ] {
        text.push_str(&said(path, arguments));
    }
    text.push_str(&files(&path.join("migrations/versions")));
    hold("authoring", "day", &text);
}

#[test]
fn the_day_of_a_newcomer_with_sql() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init", "-t", "sql"]);
    let users = "CREATE TABLE users (id SERIAL PRIMARY KEY, email VARCHAR(320) NOT NULL UNIQUE);\n";
    let posts = "CREATE TABLE posts (id SERIAL PRIMARY KEY, user_id INTEGER REFERENCES users (id));\nCREATE INDEX ix_posts ON posts (user_id);\n";
    fs::write(path.join("schema.sql"), users).unwrap();
    for arguments in [
        &["check"][..],
        &[
            "revision",
            "--autogenerate",
            "-m",
            "users",
            "--rev-id",
            "aaaa01",
        ],
        &["check"],
    ] {
        text.push_str(&said(path, arguments));
    }
    fs::write(path.join("schema.sql"), format!("{users}{posts}")).unwrap();
    for arguments in [
        &["check"][..],
        &[
            "revision",
            "--autogenerate",
            "-m",
            "posts",
            "--rev-id",
            "aaaa02",
        ],
        &["check"],
        &["upgrade", "head"],
        &["downgrade", "head:base"],
    ] {
        text.push_str(&said(path, arguments));
    }
    fs::write(
        path.join("schema.sql"),
        "CREATE TYPE pair AS (a INTEGER, b TEXT);\n",
    )
    .unwrap();
    text.push_str(&said(path, &["check"]));
    fs::remove_file(path.join("schema.sql")).unwrap();
    text.push_str(&said(path, &["check"]));
    text.push_str(&files(&path.join("revisions")));
    hold("authoring", "day_sql", &text);
}

/// PostgreSQL's own types in a SQL project: wanted, written, changed, and taken back.
#[test]
fn types_of_the_dialect_in_a_sql_project() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let mut text = said(path, &["--dialect", "postgresql", "init", "-t", "sql"]);
    let wanted = "CREATE TYPE mood AS ENUM ('sad', 'glad');\n\nCREATE TABLE users (\n    id SERIAL PRIMARY KEY,\n    name VARCHAR(20) COLLATE \"C\",\n    state mood DEFAULT 'sad' NOT NULL,\n    old mood[],\n    tags TEXT[],\n    data JSONB,\n    at TIMESTAMPTZ(3),\n    v vector(3),\n    UNIQUE NULLS NOT DISTINCT (name)\n);\n";
    let changed = wanted
        .replace("'sad', 'glad')", "'sad', 'ok', 'glad')")
        .replace("data JSONB", "data JSON")
        .replace("name VARCHAR(20) COLLATE \"C\"", "name INET");
    let anew = changed.replace("'sad', 'ok', 'glad')", "'glad', 'sad')");
    for (schema, message, id) in [
        (wanted, "users", "aaaa01"),
        (&changed, "moods", "aaaa02"),
        (&anew, "fewer moods", "aaaa03"),
    ] {
        fs::write(path.join("schema.sql"), schema).unwrap();
        text.push_str(&said(path, &["check"]));
        let revision = ["revision", "--autogenerate", "-m", message, "--rev-id", id];
        text.push_str(&said(path, &revision));
        text.push_str(&said(path, &["check"]));
    }
    text.push_str(&said(path, &["schema"]));
    text.push_str(&said(path, &["downgrade", "head:base", "--no-guard"]));
    let unread = "CREATE TABLE t (id INTEGER, spot BOX2D WITH NOTHING);\n";
    fs::write(path.join("schema.sql"), unread).unwrap();
    text.push_str(&said(path, &["check"]));
    text.push_str(&files(&path.join("revisions")));
    hold("authoring", "types_sql", &text);
}

#[test]
fn spellings_of_each_dialect_in_a_sql_project() {
    let mut text = String::new();
    for (dialect, wanted) in [
        (
            "postgresql",
            "CREATE DOMAIN small AS INTEGER CHECK (VALUE < 9);\nCREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT CONSTRAINT one UNIQUE NULLS NOT DISTINCT NOT NULL, b INTEGER UNIQUE NULLS DISTINCT DEFAULT (1 + 2), c small, UNIQUE NULLS NOT DISTINCT (b, c));\nCREATE VIEW v AS SELECT id FROM t;\n",
        ),
        (
            "mysql",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a VARCHAR(20) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin NOT NULL, b TEXT CHARACTER SET latin1);\n",
        ),
        (
            "oracle",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, a TIMESTAMP WITH LOCAL TIME ZONE NOT NULL, b TIMESTAMP(3) WITH LOCAL TIME ZONE, c FLOAT(126));\n",
        ),
    ] {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        said(path, &["--dialect", dialect, "init", "-t", "sql"]);
        fs::write(path.join("schema.sql"), wanted).unwrap();
        let revision = ["revision", "--autogenerate", "--rev-id", "aaaa01"];
        text.push_str(&said(path, &revision));
        text.push_str(&files(&path.join("revisions")));
        text.push_str(&said(path, &["check"]));
    }
    hold("authoring", "spellings_sql", &text);
}

#[test]
fn configurations_are_followed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["init"]);
    let ini = fs::read_to_string(path.join("alembic.ini")).unwrap();
    let with = |options: &str| {
        let text = ini.replace("[alembic]\n", &format!("[alembic]\n{options}\n"));
        fs::write(path.join("alembic.ini"), text).unwrap();
    };
    fs::create_dir(path.join("plugin")).unwrap();
    let mut text = String::new();
    for (options, arguments) in [
        ("timezone = Mars/Olympus", &["revision"][..]),
        ("timezone = europe/berlin", &["revision"]),
        (
            "timezone = Europe/Berlin",
            &["revision", "--rev-id", "aa01"],
        ),
        ("truncate_slug_length = many", &["revision"]),
        ("revision_environment = perhaps", &["revision"]),
        ("output_encoding = latin-1", &["revision"]),
        ("file_template = %%(year)d/%%(rev)s", &["revision"]),
        ("file_template = %%(nix)s", &["revision"]),
        (
            "version_locations = %(here)s/migrations/versions:%(here)s/plugin",
            &["revision", "--head", "base", "--rev-id", "pp01"],
        ),
        (
            "version_locations = %(here)s/migrations/versions:%(here)s/plugin",
            &[
                "revision",
                "--head",
                "base",
                "--rev-id",
                "pp01",
                "--version-path",
                "plugin",
            ],
        ),
        (
            "version_locations = %(here)s/migrations/versions:%(here)s/plugin",
            &["revision", "--head", "pp01", "--rev-id", "pp02"],
        ),
        (
            "version_locations = %(here)s/migrations/versions:%(here)s/plugin",
            &["revision", "--head", "aa01", "--rev-id", "aa02"],
        ),
    ] {
        with(options);
        text.push_str(&format!("# {options}\n{}\n", said(path, arguments)));
    }
    hold("authoring", "configurations", &text);
}
