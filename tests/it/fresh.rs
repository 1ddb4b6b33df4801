//! `--fresh` and `--baseline`: scripts for a database whose rows are known, since it has none.

use std::fs;

use crate::program::{answer, gensql, hold, script};

const INI: &str = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";

pub fn project(revisions: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("alembic.ini"), INI).unwrap();
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).unwrap();
    let mut down = "None".to_owned();
    for (id, body) in revisions {
        let taken_back = match body.contains("def downgrade") {
            true => "",
            false => "def downgrade():\n    pass\n",
        };
        let text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nfrom sqlalchemy.orm import Session, declarative_base, relationship\n\
             revision = '{id}'\ndown_revision = {down}\n{body}\n{taken_back}"
        );
        fs::write(versions.join(format!("{id}.py")), text).unwrap();
        down = format!("'{id}'");
    }
    directory
}

const TABLES: &str = r#"
def upgrade():
    op.create_table("a", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String(9)))
    op.create_table("b", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String(9)))
    op.bulk_insert(sa.table("b", sa.column("id", sa.Integer)), [{"id": 1}])
"#;

/// Every question that has an answer; what is told apart is printed as a statement.
const QUESTIONS: &str = r#"
Base = declarative_base()
class A(Base):
    __tablename__ = "a"
    id = sa.Column(sa.Integer, primary_key=True)
    x = sa.Column(sa.String(9))
class B(Base):
    __tablename__ = "b"
    id = sa.Column(sa.Integer, primary_key=True)
def say(name, value):
    op.execute("SELECT '%s: %s'" % (name, value))
def upgrade():
    bind = op.get_bind()
    a = sa.table("a", sa.column("id"), sa.column("x"))
    b = sa.table("b", sa.column("id"))
    for row in bind.execute(sa.select(a.c.id)):
        op.execute("never")
    say("text", bind.execute(sa.text("SELECT id FROM a WHERE x = :x"), {"x": 1}).fetchall())
    say("count", bind.execute(sa.text("SELECT count(*) FROM a")).scalar())
    say("groups", bind.execute(sa.text("SELECT x FROM a GROUP BY x HAVING count(*) > 1")).all())
    groups = sa.select(a.c.x, sa.func.count(a.c.id)).group_by(a.c.x)
    say("groups", bind.execute(groups.having(sa.func.count(a.c.id) > 1)).all())
    say("max", bind.execute(sa.select(sa.func.max(a.c.id))).scalar())
    say("inner join", bind.execute(sa.select(b.c.id).select_from(b.join(a, a.c.id == b.c.id))).first())
    say("cte", bind.execute(sa.text("WITH c AS (SELECT * FROM a) SELECT * FROM c JOIN b ON true")).all())
    say("union", bind.execute(sa.text("SELECT id FROM a UNION SELECT id FROM a")).all())
    say("exists", bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM a)")).scalar())
    say("put in", bind.execute(sa.text("INSERT INTO a (id) SELECT id FROM a ORDER BY id LIMIT 5 OFFSET 0")).rowcount)
    say("count", bind.execute(sa.text("SELECT count(*) FROM a")).scalar())
    say("update", bind.execute(sa.update(a).values(x="y")).rowcount)
    say("insert", bind.execute(sa.text("INSERT INTO b SELECT id, x FROM a")).rowcount)
    say("cte update", bind.execute(sa.text("WITH c AS (SELECT 1) UPDATE a SET x = 1")).rowcount)
    session = Session(bind=bind)
    say("query", session.query(A).filter(A.x == "1").order_by(A.id).all())
    say("query count", session.query(A).filter_by(x="1").count())
    say("query first", session.query(A.id, B.id).first())
    query = session.query(A).filter(A.x == "1")
    pages = sa.inspect(query).session.execute(query)
    say("pages", pages.fetchmany(5))
    session.query(A).filter(A.x == "1").update({"x": "2"})
    session.query(B).filter(B.id == 3).delete()
    op.execute("DO $$ BEGIN CREATE TYPE e AS ENUM ('INSERT'); END $$")
    op.execute("CREATE TRIGGER x AFTER INSERT ON b BEGIN UPDATE b SET x = 1; INSERT INTO log VALUES (1); END")
    say("marks", bind.execute(sa.text("SELECT x, EXISTS (SELECT 1 FROM b) AS e, (SELECT max(id) FROM b) FROM a")).all())
    say("parts", list(bind.execute(sa.select(a)).mappings().partitions(10)))
    session.merge(A(x="new"))
    session.flush()
"#;

/// What raises because a row is missing that only the application writes says where it was looked for.
#[test]
fn a_row_that_only_the_application_writes() {
    let body = "def upgrade():
    bind = op.get_bind()
    found = bind.execute(sa.text(\"SELECT id FROM a WHERE x = :x\"), {\"x\": \"default\"}).scalar()
    if found is None:
        raise Exception(\"there is no default\")
";
    let project = project(&[("r1", TABLES), ("r2", body)]);
    let output = gensql(project.path(), &["upgrade", "head", "--fresh"]);
    hold(
        "fresh",
        "a_row_that_only_the_application_writes",
        &answer(&output),
    );
}

/// Why rows are not known is said with the statement that makes them unknown.
#[test]
fn doubts_are_told() {
    let mut text = String::new();
    for (before, question) in [
        ("pass", "SELECT id FROM b"),
        (
            "op.execute('CREATE PROCEDURE p() LANGUAGE c AS 1')\n    op.execute('SELECT f()')",
            "SELECT id FROM a",
        ),
        ("pass", "SELECT id FROM elsewhere"),
        ("pass", "SELECT own_aggregate(id) FROM a"),
        ("pass", "SHOW VARIABLES LIKE 'sql_require_primary_key'"),
    ] {
        for reading in ["for row in rows: pass", "if rows.scalar(): pass"] {
            let body = format!(
                "def upgrade():\n    {before}\n    rows = op.get_bind().execute(sa.text(\"{question}\"))\n    {reading}\n"
            );
            // What this makes of rows is not looked into.
            let tables = format!("{TABLES}    op.execute(\"UPDATE b SET x = 'y' FROM a\")\n");
            let project = project(&[("r1", &tables), ("r2", &body)]);
            let output = gensql(project.path(), &["upgrade", "head", "--fresh"]);
            text.push_str(&answer(&output));
        }
    }
    hold("fresh", "doubts", &text);
}

#[test]
fn answers_of_empty_tables() {
    let project = project(&[("r1", TABLES), ("r2", QUESTIONS)]);
    let text = script(project.path(), &["upgrade", "head", "--fresh"]);
    hold("fresh", "answers", &text);
}

#[test]
fn what_is_written_is_not_empty() {
    let cases = [
        ("bulk_insert", "    pass"),
        ("left_join", "    pass"),
        ("full", "    op.execute('DO something')"),
        (
            "routine",
            "    op.execute('CREATE FUNCTION f() RETURNS int LANGUAGE c AS 1')\n    op.execute(\"INSERT INTO b (id) VALUES (5)\")",
        ),
        (
            "block",
            "    op.execute(\"DO $$ BEGIN INSERT INTO a (id) VALUES (5); END $$\")",
        ),
        (
            "trigger",
            "    op.execute('CREATE TRIGGER x AFTER DELETE ON b BEGIN INSERT INTO a SELECT * FROM b; END')",
        ),
        (
            "insert",
            "    op.execute(\"INSERT INTO a (id) VALUES (5)\")",
        ),
        (
            "insert_select",
            "    op.execute('INSERT INTO a SELECT * FROM b')",
        ),
        (
            "renamed",
            "    op.execute('ALTER TABLE a RENAME TO gone')\n    op.execute('ALTER TABLE b RENAME TO a')",
        ),
    ];
    let questions = [
        ("bulk_insert", "SELECT id FROM b"),
        ("left_join", "SELECT b.id FROM b LEFT JOIN a ON a.id = b.id"),
        (
            "left_join",
            "SELECT b.id FROM a RIGHT JOIN b ON a.id = b.id",
        ),
        ("left_join", "SELECT b.id FROM a FULL JOIN b ON a.id = b.id"),
        ("left_join", "SELECT id FROM a UNION SELECT id FROM b"),
        ("left_join", "SELECT own_aggregate(id) FROM a"),
        ("left_join", "SELECT count(*) + 1 FROM a"),
        ("left_join", "SELECT id FROM unknown_table"),
        ("full", "SELECT id FROM a"),
        ("routine", "SELECT id FROM a"),
        ("block", "SELECT id FROM a"),
        ("trigger", "SELECT id FROM a"),
        ("insert", "SELECT id FROM a"),
        ("insert_select", "SELECT id FROM a"),
        ("renamed", "SELECT id FROM a"),
    ];
    for (case, question) in questions {
        let before = cases.iter().find(|(name, _)| *name == case).unwrap().1;
        let body = format!(
            "def upgrade():\n{before}\n    for row in op.get_bind().execute(sa.text(\"{question}\")):\n        op.execute('SEEN')\n"
        );
        let project = project(&[("r1", TABLES), ("r2", &body)]);
        let output = gensql(project.path(), &["upgrade", "head", "--fresh"]);
        let answer = answer(&output);
        let refused = answer.contains("status: Some(1)\n--- stdout\n--- stderr\nerror[E020");
        let seen = answer.contains("SEEN;");
        assert!(refused || seen, "{case}: {question}\n{answer}");
    }
}

#[test]
fn a_database_that_is_not_empty_is_refused() {
    let project = project(&[("r1", TABLES)]);
    let text = script(project.path(), &["upgrade", "head", "--fresh"]);
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(&text).unwrap();
    let error = connection.execute_batch(&text).unwrap_err().to_string();
    assert!(error.contains("the database is not empty"), "{error}");
}

#[test]
fn a_start_and_compat_do_not_go_with_it() {
    let project = project(&[("r1", TABLES), ("r2", QUESTIONS)]);
    let mut text = String::new();
    for arguments in [
        &["upgrade", "r1:head", "--fresh", "--no-guard"][..],
        &["upgrade", "head", "--fresh", "--compat", "alembic"],
        &["upgrade", "head", "--fresh", "--current", "r1"],
        &["downgrade", "base", "--fresh", "--no-guard"],
        &["upgrade", "head", "--baseline", "absent.sql"],
        &["upgrade", "head", "--baseline", "versions"],
    ] {
        text += &format!(
            "$ gensql {}\n{}\n",
            arguments.join(" "),
            answer(&gensql(project.path(), arguments))
        );
    }
    hold("fresh", "refusals", &text);
}

/// MariaDB lists sequences among the tables; the check of an empty database is for tables.
#[test]
fn sequences_of_a_baseline_pass_the_check() {
    let project = project(&[("r1", TABLES)]);
    fs::write(
        project.path().join("before.sql"),
        "CREATE SEQUENCE s;\nCREATE TABLE c (id int);\n",
    )
    .unwrap();
    let arguments = ["--dialect", "mariadb", "upgrade", "head", "--fresh"];
    let text = script(
        project.path(),
        &[&arguments[..], &["--baseline", "before.sql"]].concat(),
    );
    assert!(text.contains("AND table_type <> 'SEQUENCE'"), "{text}");
}

#[test]
fn a_baseline_is_there_before_the_first_revision() {
    let rebuild = "
def upgrade():
    with op.batch_alter_table('legacy') as batch:
        batch.alter_column('name', nullable=False)
    for row in op.get_bind().execute(sa.text('SELECT id FROM legacy')):
        op.execute('never')
";
    let project = project(&[("r1", rebuild)]);
    let baseline = "CREATE TABLE legacy (id INTEGER PRIMARY KEY, name VARCHAR(9));\n\
        CREATE INDEX legacy_name ON legacy (name COLLATE NOCASE);\n\
        CREATE TRIGGER legacy_t AFTER INSERT ON legacy BEGIN SELECT 1; END;\n";
    fs::write(project.path().join("before.sql"), baseline).unwrap();
    let arguments = ["upgrade", "head", "--fresh", "--baseline", "before.sql"];
    let text = script(project.path(), &arguments);
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection.execute_batch(baseline).unwrap();
    connection.execute_batch(&text).unwrap();
    hold("fresh", "baseline", &text);
}

/// What would fail in an empty database is refused where it stands; what may be there is not.
#[test]
fn a_table_that_nothing_made_is_not_changed() {
    let add = |table: &str| {
        format!("def upgrade():\n    op.add_column('{table}', sa.Column('n', sa.Integer))\n")
    };
    let says = |revisions: &[(&str, &str)], dialect: &str| {
        let project = project(revisions);
        let arguments = ["upgrade", "head", "--fresh", "--dialect", dialect];
        answer(&gensql(project.path(), &arguments))
    };
    for dialect in ["sqlite", "postgresql", "mariadb"] {
        let text = says(&[("r1", &add("users"))], dialect);
        assert!(text.contains("the table users is not there"), "{text}");
        assert!(text.contains("r1.py"), "{text}");
        let own = says(&[("r1", &add("alembic_version"))], dialect);
        assert!(!own.contains("is not there"), "{own}");
    }
    for made in [
        "CREATE TABLE Users AS SELECT 1 AS a",
        "CREATE TABLE users (LIKE other)",
        "SELECT 1 AS a INTO users",
        "CREATE TEMPORARY TABLE users (a INTEGER)",
        "CREATE VIEW users AS SELECT 1 AS a",
        "CREATE FOREIGN TABLE users (a INTEGER) SERVER s",
        "CREATE TABLE users PARTITION OF p DEFAULT",
        "DO $$ BEGIN EXECUTE \'CREATE TABLE users (a INTEGER)\'; END $$",
        "CREATE FUNCTION f() RETURNS void LANGUAGE sql AS $$ CREATE TABLE users (a INTEGER) $$",
        "CALL make()",
        "IMPORT FOREIGN SCHEMA x FROM SERVER s INTO public",
    ] {
        let body = format!("def upgrade():\n    op.execute('{made}')\n");
        let text = says(&[("r1", &body), ("r2", &add("users"))], "postgresql");
        assert!(!text.contains("is not there"), "{made}: {text}");
    }
}

/// Rows that the migrations wrote themselves, asked for in every way.
const SEEDS: &str = r#"
Base = declarative_base()
class Team(Base):
    __tablename__ = "team"
    id = sa.Column(sa.Integer, primary_key=True)
    name = sa.Column(sa.String(20))
    is_open = sa.Column(sa.Boolean)
class Person(Base):
    __tablename__ = "person"
    id = sa.Column(sa.Integer, primary_key=True)
    team_id = sa.Column(sa.Integer, sa.ForeignKey("team.id"))
    name = sa.Column(sa.String(20))
    team = relationship("Team")
def say(name, value):
    op.execute("SELECT '%s: %s'" % (name, str(value).replace("'", "")))
def upgrade():
    op.create_table("team", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("is_open", sa.Boolean, server_default=sa.false()))
    op.create_table("person", sa.Column("id", sa.Integer, primary_key=True), sa.Column("name", sa.String(20)),
                    sa.Column("team_id", sa.Integer, sa.ForeignKey("team.id", ondelete="CASCADE")))
    bind = op.get_bind()
    team = sa.table("team", sa.column("id", sa.Integer), sa.column("name", sa.String), sa.column("is_open", sa.Boolean))
    op.bulk_insert(team, [{"name": "red"}, {"name": "blue"}])
    op.execute("INSERT INTO team (name, is_open) VALUES ('green', true)")
    say("text", [tuple(row) for row in bind.execute(sa.text("SELECT id, name FROM team WHERE name <> 'red'"))])
    rows = bind.execute(sa.select(team.c.id, team.c.is_open).where(team.c.name.in_(["red", "green"])).order_by(team.c.id.desc()))
    say("core", rows.fetchall())
    say("changed", bind.execute(team.update().where(team.c.name == "blue").values(is_open=True)).rowcount)
    say("count", bind.execute(sa.select(sa.func.count()).select_from(team).where(team.c.is_open == True)).scalar())
    session = Session(bind=bind)
    for one in session.query(Team).filter(Team.is_open.is_(True)).order_by(Team.id):
        session.add(Person(team_id=one.id, name="of " + one.name))
        one.name = one.name + "!"
    session.commit()
    new = Team(name="new", is_open=False)
    session.add(Person(name="first", team=new))
    session.flush()
    say("orm", [(p.id, p.team_id, p.team.name) for p in session.query(Person).order_by(Person.id)])
    say("joined", session.query(Person.name, Team.name).join(Team, Team.id == Person.team_id).filter(Team.id == 4).one())
    say("key", session.query(Team).get(2).name)
    op.add_column("person", sa.Column("level", sa.Integer, server_default="7"))
    op.alter_column("person", "name", new_column_name="title", existing_type=sa.String(20))
    say("altered", bind.execute(sa.text("SELECT id, title, level FROM person WHERE level = 7 AND id < 2")).one())
    op.execute("UPDATE person SET level = 8 WHERE team_id IS NOT NULL AND title LIKE 'of%'")
    say("exists", bind.execute(sa.text("SELECT EXISTS (SELECT 1 FROM person WHERE level = 9)")).scalar())
    say("sub", bind.execute(sa.text("SELECT count(*) FROM person WHERE team_id IN (SELECT id FROM team WHERE is_open)")).scalar())
    say("most", tuple(bind.execute(sa.text("SELECT max(id), min(id), count(*) FROM person")).one()))
    op.execute("UPDATE person SET level = level * 2 - 1 WHERE id = 1")
    say("calculated", bind.execute(sa.select(sa.column("level", sa.Integer) + 1).select_from(sa.table("person")).where(sa.column("id") == 1)).scalar())
    op.execute("DELETE FROM team WHERE id = 1")
    say("left", bind.execute(sa.text("SELECT count(*) FROM team")).scalar())
"#;

#[test]
fn rows_that_migrations_wrote_are_known() {
    let directory = project(&[("a1", SEEDS)]);
    for dialect in ["sqlite", "postgresql"] {
        let text = script(
            directory.path(),
            &["upgrade", "head", "--fresh", "--dialect", dialect],
        );
        let said: Vec<&str> = text
            .lines()
            .filter_map(|line| line.strip_prefix("SELECT '")?.strip_suffix("';"))
            .collect();
        assert_eq!(
            said,
            [
                "text: [(2, blue), (3, green)]",
                "core: [(3, True), (1, False)]",
                "changed: 1",
                "count: 2",
                "orm: [(1, 2, blue!), (2, 3, green!), (3, 4, new)]",
                "joined: (first, new)",
                "key: blue!",
                "altered: (1, of blue, 7)",
                "exists: False",
                "sub: 2",
                "most: (3, 1, 3)",
                "calculated: 16",
                "left: 3",
            ],
            "{dialect}: {text}"
        );
    }
}

/// What a database may do otherwise is not known, and is refused where it decides something.
#[test]
fn rows_that_are_not_certain_are_refused() {
    let table = r#"
def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.String(9)), sa.Column("n", sa.Integer))
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE")))
    bind = op.get_bind()
    op.execute("INSERT INTO t (x, n) VALUES ('a', 1)")
    op.execute("INSERT INTO t (x, n) VALUES ('b', 2)")
    op.execute("INSERT INTO u (t_id) VALUES (1)")
"#;
    let cases = [
        // Which of several is first.
        "if bind.execute(sa.text('SELECT x FROM t')).fetchone()[0] == 'a': op.execute('never')",
        "if bind.execute(sa.text('SELECT x FROM t LIMIT 1')).scalar() == 'a': op.execute('never')",
        // Letter case.
        "if bind.execute(sa.text(\"SELECT count(*) FROM t WHERE x = 'A'\")).scalar(): op.execute('never')",
        // A key that was given, then one that is not.
        "op.execute('INSERT INTO t (id) VALUES (9)'); op.execute('INSERT INTO t (n) VALUES (5)')\n    for r in bind.execute(sa.text('SELECT id FROM t WHERE n = 5')): op.execute('SELECT %s' % r.id)",
        // Rows of tables that refer to others go along.
        "op.execute('DELETE FROM t WHERE id = 1')\n    for r in bind.execute(sa.text('SELECT id FROM u')): op.execute('never')",
        // What code in the database does.
        "op.execute('CREATE TRIGGER g AFTER INSERT ON t BEGIN UPDATE t SET n = 0; END')\n    for r in bind.execute(sa.text('SELECT id FROM t')): op.execute('never')",
        "op.execute('UPDATE t SET n = 3 FROM u WHERE u.t_id = t.id')\n    for r in bind.execute(sa.text('SELECT n FROM t')): op.execute('SELECT %s' % r.n)",
        "op.execute('INSERT INTO t (id, n) VALUES (1, 1) ON CONFLICT DO NOTHING')\n    for r in bind.execute(sa.text('SELECT n FROM t')): op.execute('SELECT %s' % r.n)",
    ];
    for case in cases {
        let directory = project(&[("a1", &format!("{table}    {case}\n"))]);
        let found = answer(&gensql(directory.path(), &["upgrade", "head", "--fresh"]));
        assert!(
            found.contains("error[E0204]")
                || found.contains("error[E0205]")
                || found.contains("error[E0208]"),
            "{case}: {found}"
        );
    }
}

/// What objects stand for beside their columns is written or refused, and types of Python are kept.
#[test]
fn objects_beside_their_columns() {
    let models = r#"
import enum
Base = declarative_base()
class Color(enum.Enum):
    RED = 1
class T(Base):
    __tablename__ = "t"
    id = sa.Column(sa.Integer, primary_key=True)
    c = sa.Column(sa.Enum(Color))
    us = relationship("U")
class U(Base):
    __tablename__ = "u"
    id = sa.Column(sa.Integer, primary_key=True)
    t_id = sa.Column(sa.Integer, sa.ForeignKey("t.id"))
    t = relationship("T")
def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("c", sa.Enum(Color)))
    op.create_table("u", sa.Column("id", sa.Integer, primary_key=True), sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id")))
    session = Session(bind=op.get_bind())
    t = T(c=Color.RED)
    session.add(U(t=t))
    session.commit()
    op.execute("SELECT '%s'" % (t.c == Color.RED))
"#;
    let cleared = format!("{models}    session.query(U).one().t = None\n    session.commit()\n");
    let directory = project(&[("a1", &cleared)]);
    let text = script(directory.path(), &["upgrade", "head", "--fresh"]);
    assert!(text.contains("SELECT 'True';"), "{text}");
    assert!(
        text.contains("UPDATE u SET t_id=NULL WHERE u.id = 1;"),
        "{text}"
    );
    let appended = format!("{models}    t.us.append(U())\n    session.commit()\n");
    let directory = project(&[("a1", &appended)]);
    let text = script(directory.path(), &["upgrade", "head", "--fresh"]);
    assert!(
        text.ends_with("INSERT INTO u (t_id) VALUES (1);\n\nINSERT INTO alembic_version (version_num) VALUES ('a1') RETURNING version_num;\n\n"),
        "{text}"
    );
}

/// A text that fills its column needs no blanks.
#[test]
fn texts_of_a_fixed_width() {
    let body = |value: &str| {
        format!(
            "def upgrade():\n    op.create_table('t', sa.Column('id', sa.CHAR(4), primary_key=True))\n    op.execute(\"INSERT INTO t (id) VALUES ('{value}')\")\n    for row in op.get_bind().execute(sa.text('SELECT id FROM t')):\n        op.execute(\"SELECT '%s'\" % row.id)\n"
        )
    };
    let full = project(&[("a1", &body("abcd"))]);
    let text = script(full.path(), &["upgrade", "head", "--fresh"]);
    assert!(text.contains("SELECT 'abcd';"), "{text}");
    for value in ["ab", "abc ", "abcde"] {
        let directory = project(&[("a1", &body(value))]);
        let found = answer(&gensql(directory.path(), &["upgrade", "head", "--fresh"]));
        assert!(found.contains("error[E0204]"), "{value}: {found}");
    }
}
