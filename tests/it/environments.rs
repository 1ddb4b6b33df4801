//! Environments of many shapes, held against what Alembic prints for them
//! (`tests/oracle/env_cases.py`).

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::program::{answer, root};

fn project(case: &Value, directory: &Path) {
    for (path, text) in case["files"].as_object().unwrap() {
        let path = directory.join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text.as_str().unwrap()).unwrap();
    }
}

#[test]
fn what_alembic_prints() {
    let text = std::fs::read_to_string(root().join("tests/oracle/env_cases.json")).unwrap();
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut wrong = Vec::new();
    for case in &cases {
        let directory = tempfile::tempdir().unwrap();
        project(case, directory.path());
        let arguments = case["args"].as_array().unwrap().iter();
        let environment = case["environ"].as_object().unwrap().iter();
        let output = Command::new(env!("CARGO_BIN_EXE_gensql"))
            .current_dir(directory.path())
            .args(["--compat", "alembic"])
            .args(arguments.map(|argument| argument.as_str().unwrap()))
            .env_clear()
            .envs(environment.map(|(name, value)| (name, value.as_str().unwrap())))
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if String::from_utf8_lossy(&output.stdout) != case["script"].as_str().unwrap() {
            wrong.push(format!("{}\n{}", case["name"], answer(&output)));
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

/// A project of one revision, and its script.
fn script_of(files: &[(&str, &str)], arguments: &[&str]) -> String {
    let directory = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = directory.path().join(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, text).unwrap();
    }
    answer(&crate::program::gensql(directory.path(), arguments))
}

const INI: &str = "[alembic]\nscript_location = migrations\n";

#[test]
fn types_of_the_configuration() {
    let settings = r#"
dialect = "postgresql"
[types]
"acme.types.Money" = { postgresql = "money({0})", sqlite = "NUMERIC" }
"lib.Point" = "point"
"app.types.Own" = "mapped"
"#;
    let revision = r#"
revision = "a1"
down_revision = None
from alembic import op
import sqlalchemy as sa
import acme.types
from lib import Point
from app.types import Own, Other

def upgrade():
    op.create_table(
        "t",
        sa.Column("a", acme.types.Money(12), nullable=False),
        sa.Column("b", Point, server_default="x"),
        sa.Column("c", Own()),
        sa.Column("d", Other()),
    )
    t = sa.table("t", sa.column("b", Point()))
    op.bulk_insert(t, [{"b": "it's"}])
"#;
    let files = [
        ("gensql.toml", settings),
        ("alembic.ini", INI),
        ("migrations/versions/a.py", revision),
        (
            "app/types.py",
            "import nowhere\nfrom sqlalchemy import String\nclass Own(nowhere.Type): pass\nclass Other(String): pass\n",
        ),
    ];
    let found = script_of(&files, &["upgrade", "head"]);
    for line in [
        "a money(12) NOT NULL",
        "b point DEFAULT 'x'",
        "c mapped",
        "d VARCHAR",
        "VALUES ('it''s')",
    ] {
        assert!(found.contains(line), "{line}: {found}");
    }
    let found = script_of(&files, &["upgrade", "head", "--dialect", "sqlite"]);
    assert!(found.contains("a NUMERIC NOT NULL"), "{found}");
    let without = settings.replace(", sqlite = \"NUMERIC\"", "");
    let files = [("gensql.toml", &*without), files[1], files[2], files[3]];
    let found = script_of(&files, &["upgrade", "head", "--dialect", "sqlite"]);
    assert!(
        found.contains("no spelling of acme.types.Money for sqlite"),
        "{found}"
    );
}

#[test]
fn flask_migrate() {
    let ini = "[alembic]\n\n[loggers]\nkeys = root\n";
    let env = r#"
import logging
from logging.config import fileConfig
from flask import current_app
from alembic import context

config = context.config
fileConfig(config.config_file_name)
logger = logging.getLogger("alembic.env")
target_db = current_app.extensions["migrate"].db


def engine():
    try:
        return target_db.get_engine()
    except (TypeError, AttributeError):
        return target_db.engine


config.set_main_option("sqlalchemy.url", engine().url.render_as_string(hide_password=False).replace("%", "%%"))


def metadata():
    return target_db.metadatas[None] if hasattr(target_db, "metadatas") else target_db.metadata


context.configure(url=config.get_main_option("sqlalchemy.url"), target_metadata=metadata(), literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
"#;
    let revision = "revision = 'a1'\ndown_revision = None\nfrom alembic import op\ndef upgrade():\n    op.execute(\"SELECT '5%'\")\n";
    let files = [
        ("migrations/alembic.ini", ini),
        ("migrations/env.py", env),
        ("migrations/versions/a.py", revision),
    ];
    let found = script_of(&files, &["upgrade", "head", "--dialect", "postgresql"]);
    assert!(found.contains("SELECT '5%';"), "{found}");
    assert!(!found.contains("warning"), "{found}");
    let found = script_of(
        &files,
        &[
            "--compat",
            "alembic",
            "upgrade",
            "head",
            "--dialect",
            "postgresql",
        ],
    );
    assert!(found.contains("SELECT '5%%';"), "{found}");
}

#[test]
fn no_offline_path() {
    let env = r#"
import asyncio
from alembic import context
from sqlalchemy.ext.asyncio import async_engine_from_config
from acme.settings import settings

config = context.config

def do_run(connection):
    context.configure(connection=connection, version_table="seen", transaction_per_migration=True)
    with context.begin_transaction():
        context.run_migrations()

async def run():
    engine = async_engine_from_config({"sqlalchemy.url": "sqlite+aiosqlite://"}, prefix="sqlalchemy.")
    async with engine.connect() as connection:
        await connection.run_sync(do_run)
    await engine.dispose()

if context.is_offline_mode():
    raise NotImplementedError("no offline mode")
asyncio.run(run())
"#;
    let revision = "revision = 'a1'\ndown_revision = None\nfrom alembic import op\ndef upgrade():\n    op.execute(\"SELECT 1\")\n";
    let files = [
        ("alembic.ini", INI),
        ("migrations/env.py", env),
        ("migrations/versions/a.py", revision),
    ];
    let found = script_of(&files, &["upgrade", "head"]);
    assert!(found.contains("CREATE TABLE seen"), "{found}");
    assert!(
        found.contains("RETURNING") || found.contains("INSERT INTO seen"),
        "{found}"
    );
    assert!(found.contains("no offline mode"), "{found}");
    // What the script cannot know is an error where it would be missing from it.
    let env = "from alembic import context\nfrom acme import schema\ncontext.configure(url='sqlite://')\ncontext.execute('SET x TO ' + schema)\ncontext.run_migrations()\n";
    let files = [files[0], ("migrations/env.py", env), files[2]];
    let found = script_of(&files, &["upgrade", "head"]);
    assert!(found.contains("migrations/env.py:4:"), "{found}");
    assert!(found.contains("status: Some(1)"), "{found}");
}

/// Settings that are not there leave the URL unknown, and nothing else.
#[test]
fn settings_that_are_absent() {
    let preparations = [
        "from dotenv import load_dotenv\nimport os\nload_dotenv()\nconfig.set_main_option('sqlalchemy.url', os.environ['APP_DATABASE'])\n",
        "from decouple import config as setting\nconfig.set_main_option('sqlalchemy.url', setting('APP_DATABASE', cast=str))\n",
        "from app.config import settings\nconfig.set_main_option('sqlalchemy.url', str(settings.database_url).replace('%', '%%'))\n",
        "from app.config import get_settings\nsettings = get_settings()\nif settings.debug:\n    print('debug')\nconfig.set_main_option('sqlalchemy.url', f'postgresql://{settings.user}@{settings.host}/x')\n",
        "import os, sys\nsys.path.append(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))\nfrom app.models import *\nfrom app.db import Base, engine\nconfig.set_main_option('sqlalchemy.url', engine.url.render_as_string())\ntarget_metadata = Base.metadata\n",
        "import environ\nenv = environ.Env(DEBUG=(bool, False))\nif not env('APP_DATABASE'):\n    raise RuntimeError('no database')\nconfig.set_main_option('sqlalchemy.url', env('APP_DATABASE'))\n",
        "from sqlmodel import SQLModel\nfrom app.models import Hero\ntarget_metadata = SQLModel.metadata\n",
    ];
    let config = "from pydantic_settings import BaseSettings\nclass Settings(BaseSettings):\n    database_url: str\n    debug: bool = False\n    user: str\n    host: str\nsettings = Settings()\ndef get_settings():\n    return Settings()\n";
    let revision = "revision = 'a1'\ndown_revision = None\nfrom alembic import op\ndef upgrade():\n    op.execute(\"SELECT 1\")\n";
    for preparation in preparations {
        let env = format!(
            "from alembic import context\nconfig = context.config\ntarget_metadata = None\n{preparation}\ndef offline():\n    context.configure(url=config.get_main_option('sqlalchemy.url'), target_metadata=target_metadata, version_table_schema='kept', literal_binds=True)\n    with context.begin_transaction():\n        context.run_migrations()\n\nif context.is_offline_mode():\n    offline()\n"
        );
        let files = [
            ("alembic.ini", INI),
            ("migrations/env.py", &env),
            ("migrations/versions/a.py", revision),
            ("app/config.py", config),
            (
                "app/models.py",
                "from absent import Base\nclass Hero(Base, table=True):\n    pass\n",
            ),
        ];
        let found = script_of(&files, &["upgrade", "head", "--dialect", "postgresql"]);
        assert!(
            found.contains("INSERT INTO kept.alembic_version"),
            "{preparation}{found}"
        );
        assert!(!found.contains("warning"), "{preparation}{found}");
        // Without `--dialect` it is told what the URL depends on.
        let found = script_of(&files, &["upgrade", "head"]);
        assert!(found.contains("E0103"), "{preparation}{found}");
        assert!(found.contains("status: Some(2)"), "{preparation}{found}");
    }
}

/// What one revision on PostgreSQL prints.
fn script_of_body(body: &str, dialect: &str) -> String {
    let mut revision = String::from(
        "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.dialects import postgresql\nrevision = \"a1\"\ndown_revision = None\n\n\ndef upgrade():\n",
    );
    for line in body.lines() {
        revision.push_str(&format!("    {line}\n"));
    }
    let files = [
        ("alembic.ini", INI),
        ("migrations/versions/a.py", &revision),
    ];
    script_of(&files, &["upgrade", "head", "--dialect", dialect])
}

#[test]
fn keys_in_a_circle_come_behind_the_tables() {
    let body = r#"m = sa.MetaData()
sa.Table("a", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Integer, sa.ForeignKey("b.id", name="fk_a")))
sa.Table("b", m, sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.Integer, sa.ForeignKey("a.id", name="fk_b")))
sa.Table("c", m, sa.Column("id", sa.Integer, sa.ForeignKey("a.id", name="fk_c", use_alter=True), primary_key=True))
m.create_all(op.get_bind(), checkfirst=False)
m.drop_all(op.get_bind(), checkfirst=False)"#;
    let found = script_of_body(body, "postgresql");
    let last = found.rfind("CREATE TABLE c").unwrap();
    for (key, table, column, other) in [
        ("fk_a", "a", "b", "b"),
        ("fk_b", "b", "a", "a"),
        ("fk_c", "c", "id", "a"),
    ] {
        let added = format!(
            "ALTER TABLE {table} ADD CONSTRAINT {key} FOREIGN KEY({column}) REFERENCES {other} (id);"
        );
        assert!(found.find(&added).is_some_and(|at| at > last), "{found}");
        let dropped = format!("ALTER TABLE {table} DROP CONSTRAINT {key};");
        let first = found.find("DROP TABLE").unwrap();
        assert!(found.find(&dropped).is_some_and(|at| at < first), "{found}");
    }
    let inline = script_of_body(body, "sqlite");
    for key in ["fk_a", "fk_b", "fk_c"] {
        assert!(
            inline.contains(&format!("CONSTRAINT {key} FOREIGN KEY")),
            "{inline}"
        );
    }
    assert!(!inline.contains("ALTER TABLE"), "{inline}");
}

#[test]
fn items_of_an_hstore() {
    let body = r#"h = sa.column("h", postgresql.HSTORE)
op.execute(sa.select(h["k"], h.delete("k")["a"], h.keys(), postgresql.hstore("a", "b")["a"]))"#;
    let found = script_of_body(body, "postgresql");
    let select = "SELECT h['k'] AS anon_1, (delete(h, 'k'))['a'] AS anon_2, akeys(h) AS akeys_1, (hstore('a', 'b'))['a'] AS anon_3;";
    assert!(found.contains(select), "{found}");
    let found = script_of_body(body, "sqlite");
    assert!(found.contains("SELECT h -> 'k' AS anon_1"), "{found}");
}

#[test]
fn a_project_without_revisions_says_so() {
    for arguments in [
        &["upgrade", "head", "--dialect", "sqlite"][..],
        &["heads"],
        &["history"],
    ] {
        let found = script_of(
            &[("alembic.ini", INI), ("migrations/versions/.keep", "")],
            arguments,
        );
        assert!(
            found.contains("note[W0302]: the project has no revisions"),
            "{found}"
        );
    }
}
