//! Queries on the database's own catalog: what gensql answers from the replayed schema is what the
//! server answers when the same revisions have been applied to it.

use std::fmt::Write;
use std::fs;

use crate::program::{answer, gensql, hold, script};
use crate::servers::{MariaDb, Server};

const TABLES: &str = r#"
def upgrade():
    op.create_table("users",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mail", sa.String(80), nullable=False, unique=True),
        sa.Column("age", sa.Integer))
    op.create_table("posts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("user_id", sa.Integer, sa.ForeignKey("users.id"), nullable=False),
        sa.Column("slug", sa.String(40)),
        sa.Column("body", sa.String(200)),
        sa.UniqueConstraint("user_id", "slug", name="uq_posts_slug"))
    op.create_index("ix_posts_body", "posts", ["body"])
    op.create_index("ix_users_age", "users", ["age", "mail"], unique=True)
    op.create_table("kinds",
        sa.Column("a", sa.SmallInteger), sa.Column("b", sa.BigInteger), sa.Column("c", sa.Numeric(8, 2)),
        sa.Column("d", sa.Float), sa.Column("e", sa.Boolean), sa.Column("f", sa.String(9)), sa.Column("g", sa.Text),
        sa.Column("h", sa.Date), sa.Column("i", sa.DateTime), sa.Column("j", sa.DateTime(timezone=True)),
        sa.Column("k", sa.Time), sa.Column("l", sa.JSON), sa.Column("m", sa.CHAR(3)), sa.Column("n", sa.LargeBinary))
    op.execute("CREATE VIEW adults AS SELECT id FROM users WHERE age > 17")
    op.rename_table("posts", "articles")
    op.drop_column("articles", "body")
"#;

/// What every server with an `information_schema` is asked; `{here}` is the current schema.
const STANDARD: &[&str] = &[
    "SELECT 1 FROM information_schema.tables WHERE table_name = 'articles'",
    "SELECT table_name FROM information_schema.tables WHERE table_schema = {here} AND table_type = 'BASE TABLE'",
    "SELECT table_name FROM information_schema.tables WHERE table_schema = {here} AND table_name IN ('posts', 'articles')",
    "SELECT COUNT(*) FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'age'",
    "SELECT COUNT(*) > 0 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'gone'",
    "SELECT column_name FROM information_schema.columns WHERE table_schema = {here} AND table_name = 'articles' ORDER BY column_name",
    "SELECT is_nullable FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'mail'",
    "SELECT character_maximum_length FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'mail'",
    "SELECT EXISTS (SELECT 1 FROM information_schema.tables WHERE table_schema = {here} AND table_name = 'adults')",
    "SELECT constraint_name FROM information_schema.table_constraints WHERE table_schema = {here} AND table_name = 'articles' AND constraint_type = 'UNIQUE'",
    "SELECT constraint_name FROM information_schema.table_constraints WHERE table_name = 'users' AND constraint_type = 'UNIQUE'",
    "SELECT 1 FROM information_schema.table_constraints WHERE constraint_name = 'fk_nothing' AND table_name = 'articles'",
    "SELECT column_name FROM information_schema.key_column_usage WHERE constraint_name = 'uq_posts_slug'",
    "SELECT tc.constraint_name FROM information_schema.table_constraints tc JOIN information_schema.key_column_usage kcu ON tc.constraint_name = kcu.constraint_name AND tc.table_schema = kcu.table_schema WHERE tc.constraint_type = 'FOREIGN KEY' AND tc.table_name = 'articles' AND kcu.column_name = 'user_id'",
    "SELECT CASE WHEN EXISTS (SELECT 1 FROM information_schema.columns WHERE table_name = 'users' AND column_name = 'mail') THEN 1 ELSE 0 END",
    "SELECT table_name FROM information_schema.views WHERE table_schema = {here}",
    "SELECT data_type FROM information_schema.columns WHERE table_name = 'users' AND column_name IN ('id', 'mail', 'age')",
    "SELECT DISTINCT table_name FROM information_schema.columns WHERE column_name = 'id' AND table_name NOT LIKE 'adult%' AND table_name <> 'x' AND table_schema = {here}",
];

const POSTGRESQL: &[&str] = &[
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'kinds'",
    "SELECT schema_name FROM information_schema.schemata WHERE schema_name = 'audit'",
    "SELECT to_regclass('public.users')",
    "SELECT to_regclass('posts') IS NULL",
    "SELECT to_regclass('public.ix_users_age') IS NOT NULL",
    "SELECT tablename FROM pg_tables WHERE schemaname = 'public' AND tablename = 'users'",
    "SELECT 1 FROM pg_indexes WHERE indexname = 'ix_users_age'",
    "SELECT indexname FROM pg_indexes WHERE schemaname = 'public' AND tablename = 'articles'",
    "SELECT 1 FROM pg_type WHERE typname = 'mood'",
    "SELECT EXISTS (SELECT 1 FROM pg_type WHERE typname = 'color')",
    "SELECT e.enumlabel FROM pg_enum e JOIN pg_type t ON e.enumtypid = t.oid WHERE t.typname = 'color'",
    "SELECT 1 FROM pg_constraint WHERE conname = 'uq_posts_slug'",
    "SELECT conname FROM pg_constraint WHERE conrelid = 'articles'::regclass AND contype = 'f'",
    "SELECT conname FROM pg_constraint c JOIN pg_class t ON c.conrelid = t.oid JOIN pg_namespace n ON t.relnamespace = n.oid WHERE t.relname = 'users' AND n.nspname = current_schema() AND c.contype = 'u' AND array_length(c.conkey, 1) = 1 AND EXISTS (SELECT 1 FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = c.conkey[1] AND a.attname = 'mail')",
    "SELECT i.relname FROM pg_class t, pg_class i, pg_index ix WHERE t.oid = ix.indrelid AND i.oid = ix.indexrelid AND t.relkind = 'r' AND t.relname = 'users' AND ix.indisunique",
    "SELECT relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace WHERE c.relkind = 'r' AND n.nspname = 'public'",
    "SELECT attname FROM pg_attribute WHERE attrelid = 'users'::regclass AND attname = 'age' AND NOT attisdropped",
    "SELECT nspname FROM pg_namespace WHERE nspname = 'audit'",
    "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass('ix_users_age')",
    "WITH t AS (SELECT table_name FROM information_schema.tables WHERE table_schema = 'public') SELECT count(*) FROM t",
    "SELECT current_schema()",
    "SELECT i.relname FROM pg_class t JOIN pg_index ix ON ix.indrelid = t.oid JOIN pg_class i ON i.oid = ix.indexrelid WHERE t.relname = 'users' AND ix.indisunique = TRUE AND array_length(ix.indkey, 1) = 1 AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = ix.indexrelid) AND (SELECT a.attname FROM pg_attribute a WHERE a.attrelid = t.oid AND a.attnum = ix.indkey[0]) = 'mail'",
    "SELECT i.relname FROM pg_index ix JOIN pg_class i ON i.oid = ix.indexrelid JOIN pg_class t ON t.oid = ix.indrelid JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = ANY(ix.indkey) WHERE t.relname = 'users' AND a.attname = 'age'",
];

const MARIADB: &[&str] = &[
    "SELECT column_name, data_type FROM information_schema.columns WHERE table_name = 'kinds' AND column_name NOT IN ('d', 'g', 'n')",
    "SELECT COUNT(1) FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'articles' AND index_name = 'uq_posts_slug'",
    "SELECT DISTINCT index_name FROM information_schema.statistics WHERE table_schema = DATABASE() AND table_name = 'users'",
    "SELECT COLUMN_NAME FROM INFORMATION_SCHEMA.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'users' AND COLUMN_NAME = 'age'",
];

const SQLITE: &[&str] = &[
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name = 'users'",
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'",
    "SELECT count(*) FROM sqlite_schema WHERE type = 'index' AND name = 'ix_users_age'",
    "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'posts'",
    "SELECT name FROM pragma_table_info('articles')",
    "SELECT COUNT(*) FROM pragma_table_info('users') WHERE name = 'age'",
    "SELECT type FROM sqlite_master WHERE name = 'adults'",
    "SELECT name, \"notnull\", pk FROM pragma_table_info('articles')",
    "SELECT cid FROM pragma_table_info('nothing')",
    "SELECT name FROM pragma_index_list('users') WHERE name NOT LIKE 'sqlite_%'",
];

/// A project whose second revision prints what it is told.
fn project(extra: &str, questions: &[String]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let ini = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
    fs::write(directory.path().join("alembic.ini"), ini).unwrap();
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).unwrap();
    let head = "import sqlalchemy as sa\nfrom alembic import op\n";
    let first = format!("{head}revision = 'a'\ndown_revision = None\n{TABLES}\n{extra}\n");
    fs::write(versions.join("a.py"), first).unwrap();
    let mut second = format!(
        "{head}revision = 'b'\ndown_revision = 'a'\ndef told(cell):\n    if cell is None:\n        \
         return ''\n    return {{True: 't', False: 'f'}}[cell] if isinstance(cell, bool) else str(cell)\n\
         def ask(sql):\n    rows = op.get_bind().execute(sa.text(sql)).fetchall()\n    \
         for row in sorted('|'.join(told(cell) for cell in row) for row in rows):\n        \
         op.execute('-- = ' + row)\ndef upgrade():\n    pass\n"
    );
    for (number, question) in questions.iter().enumerate() {
        let _ = write!(
            second,
            "    op.execute('-- ? {number}')\n    ask({question:?})\n"
        );
    }
    fs::write(versions.join("b.py"), second).unwrap();
    directory
}

/// What gensql answers, a text for each question.
fn told(directory: &std::path::Path, dialect: &str, questions: usize) -> Vec<String> {
    let text = script(directory, &["--dialect", dialect, "-q", "upgrade", "a:b"]);
    let mut answers = vec![String::new(); questions];
    let mut current = None;
    for line in text.lines() {
        let line = line.trim_end_matches(';');
        if let Some(number) = line.strip_prefix("-- ? ") {
            current = number.parse::<usize>().ok();
        } else if let (Some(row), Some(at)) = (line.strip_prefix("-- = "), current) {
            answers[at].push_str(row);
            answers[at].push('\n');
        }
    }
    answers
}

/// Holds each answer against the server's; its lines are sorted, booleans as given.
fn compare(questions: &[String], told: &[String], server: impl Fn(&str) -> String) {
    let mut wrong = String::new();
    for (question, told) in questions.iter().zip(told) {
        let said = server(question);
        let mut lines: Vec<&str> = said.lines().collect();
        lines.sort_unstable();
        let said: String = lines.iter().map(|line| format!("{line}\n")).collect();
        if said != *told {
            let _ = writeln!(
                wrong,
                "{question}\nthe server: {said:?}\ngensql: {told:?}\n"
            );
        }
    }
    assert!(wrong.is_empty(), "{wrong}");
}

fn questions(lists: &[&[&str]], here: &str) -> Vec<String> {
    let all = lists.iter().flat_map(|list| list.iter());
    all.map(|question| question.replace("{here}", here))
        .collect()
}

fn unless_required(reason: &str, what: &str) {
    assert!(
        std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
        "{reason}"
    );
    println!("skipped: {what}: {reason}");
}

#[test]
fn postgresql_says_the_same() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(reason) => return unless_required(&reason, "PostgreSQL"),
    };
    let questions = questions(&[STANDARD, POSTGRESQL], "current_schema()");
    let color = "    op.execute(\"CREATE TYPE color AS ENUM ('red', 'blue')\")";
    let directory = project(color, &questions);
    let told = told(directory.path(), "postgresql", questions.len());
    server
        .psql("postgres", &["-c", "CREATE DATABASE questions"])
        .unwrap();
    let first = script(
        directory.path(),
        &["--dialect", "postgresql", "-q", "upgrade", "a"],
    );
    server.apply("questions", &first).unwrap();
    compare(&questions, &told, |question| {
        server.psql("questions", &["-c", question]).unwrap()
    });
}

#[test]
fn mariadb_says_the_same() {
    let server = match MariaDb::start() {
        Ok(server) => server,
        Err(reason) => return unless_required(&reason, "MariaDB"),
    };
    let questions = questions(&[STANDARD, MARIADB], "DATABASE()");
    let directory = project("", &questions);
    // MariaDB has numbers for truth values.
    let told = told(directory.path(), "mariadb", questions.len());
    let told: Vec<String> = told
        .iter()
        .map(|answer| match answer.as_str() {
            "t\n" => "1\n".to_owned(),
            "f\n" => "0\n".to_owned(),
            other => other.to_owned(),
        })
        .collect();
    server.apply("mysql", "CREATE DATABASE questions").unwrap();
    let first = script(
        directory.path(),
        &["--dialect", "mariadb", "-q", "upgrade", "a"],
    );
    server.apply("questions", &first).unwrap();
    compare(&questions, &told, |question| {
        let rows = server.apply("questions", question).unwrap();
        rows.replace('\t', "|")
    });
}

#[test]
fn sqlite_says_the_same() {
    let questions = questions(&[SQLITE], "");
    let directory = project("", &questions);
    let told = told(directory.path(), "sqlite", questions.len());
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    let first = script(
        directory.path(),
        &["--dialect", "sqlite", "-q", "upgrade", "a"],
    );
    connection.execute_batch(&first).unwrap();
    compare(&questions, &told, |question| {
        let mut statement = connection.prepare(question).unwrap();
        let columns = statement.column_count();
        let mut rows = statement.query([]).unwrap();
        let mut text = String::new();
        while let Some(row) = rows.next().unwrap() {
            let cell = |at| match row.get_ref(at).unwrap() {
                rusqlite::types::ValueRef::Null => String::new(),
                rusqlite::types::ValueRef::Integer(number) => number.to_string(),
                other => other.as_str().unwrap().to_owned(),
            };
            let cells: Vec<String> = (0..columns).map(cell).collect();
            text.push_str(&cells.join("|"));
            text.push('\n');
        }
        text
    });
}

/// What the catalog cannot tell is not guessed.
#[test]
fn what_only_a_server_knows_stays_a_question() {
    let mut said = String::new();
    for question in [
        "SELECT 1 FROM pg_extension WHERE extname = 'vector'",
        "SELECT 1 FROM pg_type WHERE typname = 'citext'",
        "SELECT ordinal_position FROM information_schema.columns WHERE table_name = 'users'",
        "SELECT 1 FROM pg_stat_activity",
        "SELECT oid FROM pg_class WHERE relname = 'users'",
    ] {
        let directory = project("", &[question.to_owned()]);
        let output = gensql(
            directory.path(),
            &["--dialect", "postgresql", "-q", "upgrade", "head"],
        );
        let first = answer(&output);
        let lines: Vec<&str> = first.lines().take(4).collect();
        let _ = writeln!(said, "{question}\n{}\n", lines.join("\n"));
    }
    hold("questions", "what_only_a_server_knows", &said);
}

/// `PRAGMA` in every spelling; single values may be unknown as long as nothing depends on them.
#[test]
fn pragmas_are_answered() {
    let directory = project("", &[]);
    let second = r#"
import sqlalchemy as sa
from alembic import op
revision = 'b'
down_revision = 'a'
def upgrade():
    bind = op.get_bind()
    for pragma in ("PRAGMA table_info(users)", "pragma table_info('users');", "PRAGMA main.table_info(\"users\")"):
        op.execute("-- " + repr([row[1] for row in bind.execute(sa.text(pragma))]))
    if "age" in {row.name for row in bind.exec_driver_sql("PRAGMA table_info(users)")}:
        op.execute("-- has an age")
    op.execute("-- " + repr(bind.execute(sa.text("PRAGMA table_info(nothing)")).fetchall()))
"#;
    fs::write(directory.path().join("versions/b.py"), second).unwrap();
    let text = script(
        directory.path(),
        &["--dialect", "sqlite", "-q", "upgrade", "a:b"],
    );
    hold("questions", "pragmas", &text);
}

/// Rows as SQLAlchemy gives them: by position, by name, as a mapping, as scalars; parameters.
#[test]
fn rows_are_read_in_every_way() {
    let directory = project("", &[]);
    let second = r#"
import sqlalchemy as sa
from alembic import op
revision = 'b'
down_revision = 'a'
def upgrade():
    bind = op.get_bind()
    found = bind.execute(sa.text("SELECT table_name, column_name FROM information_schema.columns WHERE table_name = :t AND column_name = :c"), {"t": "users", "c": "age"})
    row = found.fetchone()
    say = [row[0], row.column_name, row._mapping["table_name"], len(row), tuple(row), row == ("users", "age")]
    table, column = row
    say += [table, column]
    names = bind.execute(sa.text("SELECT column_name FROM information_schema.columns WHERE table_name = 'users'"))
    say.append(names.scalars().all())
    text = sa.text("SELECT table_name FROM information_schema.tables WHERE table_name IN :names").bindparams(sa.bindparam("names", expanding=True))
    say.append([row["column_name"] for row in bind.execute(sa.text("SELECT column_name FROM information_schema.columns WHERE table_name = 'users'")).mappings()])
    say.append(bind.scalar(sa.text("SELECT count(*) FROM information_schema.tables WHERE table_name = 'nothing'")))
    say.append(bind.execute(sa.text("SELECT 1 FROM information_schema.tables WHERE table_name = 'nothing'")).first())
    say.append(bind.execute(sa.text("SELECT 1 FROM information_schema.tables WHERE table_name = 'nothing'")).scalar() is None)
    for line in say:
        op.execute("-- " + repr(line))
"#;
    fs::write(directory.path().join("versions/b.py"), second).unwrap();
    let text = script(
        directory.path(),
        &["--dialect", "postgresql", "-q", "upgrade", "a:b"],
    );
    hold("questions", "rows_are_read_in_every_way", &text);
}
