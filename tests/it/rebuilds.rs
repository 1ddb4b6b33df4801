//! SQLite's tables are rebuilt with rows in them: what was there before is there afterwards.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use rusqlite::Connection;
use rusqlite::types::Value;

use crate::program::{answer, gensql, script};

const INI: &str = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";

/// Writes revisions `r1`, `r2`, … with these bodies.
fn project(bodies: &[String]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    fs::write(directory.path().join("alembic.ini"), INI).unwrap();
    let versions = directory.path().join("versions");
    fs::create_dir(&versions).unwrap();
    for (at, body) in bodies.iter().enumerate() {
        let down = match at {
            0 => "None".to_owned(),
            _ => format!("'r{at}'"),
        };
        let mut text = format!(
            "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r{}'\ndown_revision = {down}\ndef upgrade():\n",
            at + 1
        );
        for line in body.lines() {
            writeln!(text, "    {line}").unwrap();
        }
        text.push_str("def downgrade():\n    pass\n");
        fs::write(versions.join(format!("r{}.py", at + 1)), text).unwrap();
    }
    directory
}

const TABLES: &str = r#"
op.create_table("p", sa.Column("id", sa.Integer, primary_key=True), sa.Column("parent", sa.Integer, sa.ForeignKey("p.id", name="own", ondelete="CASCADE")))
op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("p_id", sa.Integer, sa.ForeignKey("p.id", name="up", ondelete="CASCADE"), nullable=False), sa.Column("c0", sa.Integer))
op.create_table("k", sa.Column("id", sa.Integer, primary_key=True), sa.Column("t_id", sa.Integer, sa.ForeignKey("t.id", ondelete="CASCADE"), nullable=False))
op.create_index("ix", "t", ["p_id"])
op.execute("CREATE VIEW v AS SELECT t.id, t.p_id FROM t JOIN p ON p.id = t.p_id")
op.execute("CREATE TRIGGER made AFTER INSERT ON t BEGIN UPDATE p SET parent = NULL WHERE id = 0; END")
op.execute("CREATE TRIGGER told AFTER INSERT ON k BEGIN UPDATE t SET p_id = p_id WHERE id = NEW.t_id; END")
"#;

fn step(directory: &Path, connection: &Connection, dialect: &str, from: usize, to: usize) {
    let range = format!("r{from}:r{to}");
    let range = if from == 0 { "r1" } else { &range };
    let sql = script(
        directory,
        &["upgrade", range, "--sql", "--dialect", dialect],
    );
    connection
        .execute_batch(&sql)
        .unwrap_or_else(|error| panic!("{error}\n{sql}"));
}

fn rows(connection: &Connection, query: &str) -> Vec<Vec<Value>> {
    let mut statement = connection.prepare(query).unwrap();
    let width = statement.column_count();
    let found = statement
        .query_map([], |row| (0..width).map(|at| row.get(at)).collect())
        .unwrap();
    found.map(Result::unwrap).collect()
}

/// A chain of batches and plain operations on `t`, always the same one for a seed.
fn chain(seed: u64, length: usize) -> Vec<String> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    let mut pick = |n: usize| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        usize::try_from(state % n as u64).unwrap()
    };
    let mut columns = vec!["c0".to_owned()];
    let mut unique: Option<String> = None;
    let mut named = true;
    let mut bodies = vec![TABLES.to_owned()];
    for at in 1..=length {
        let column = columns[pick(columns.len())].clone();
        let new = format!("c{at}");
        let batch = pick(3) > 0;
        let (open, table) = match batch {
            true => ("with op.batch_alter_table(\"t\") as b:\n    b.", ""),
            false => ("op.", "\"t\", "),
        };
        let body = match pick(8) {
            0 => {
                columns.push(new.clone());
                format!(
                    "{open}add_column({table}sa.Column(\"{new}\", sa.String(5), nullable=False, server_default=\"a\"))"
                )
            }
            1 => {
                columns.push(new.clone());
                format!(
                    "{open}add_column({table}sa.Column(\"{new}\", sa.DateTime, server_default=sa.func.now()))"
                )
            }
            2 => {
                columns.push(new.clone());
                format!(
                    "{open}add_column({table}sa.Column(\"{new}\", sa.Integer, sa.ForeignKey(\"p.id\", name=\"f{at}\")))"
                )
            }
            3 if columns.len() > 1 => {
                columns.retain(|known| *known != column);
                if unique.as_ref() == Some(&column) {
                    unique = None;
                }
                format!("{open}drop_column({table}\"{column}\")")
            }
            4 => {
                for known in columns.iter_mut().filter(|known| **known == column) {
                    known.clone_from(&new);
                }
                if unique.as_ref() == Some(&column) {
                    unique = Some(new.clone());
                }
                format!("{open}alter_column({table}\"{column}\", new_column_name=\"{new}\")")
            }
            5 => format!(
                "{open}alter_column({table}\"{column}\", type_=sa.Text(), existing_type=sa.Integer(), server_default=\"{at}\")"
            ),
            6 if unique.is_none() => {
                columns.push(new.clone());
                unique = Some(new.clone());
                format!(
                    "op.add_column(\"t\", sa.Column(\"{new}\", sa.Integer))\n{open}create_unique_constraint(\"u{at}\", {table}[\"{new}\"])"
                )
            }
            _ if named => {
                named = false;
                format!("{open}drop_constraint(\"up\", {table}type_=\"foreignkey\")\n")
            }
            _ => {
                named = true;
                let tail = match batch {
                    true => "\"p\", [\"p_id\"], [\"id\"]",
                    false => "\"t\", \"p\", [\"p_id\"], [\"id\"]",
                };
                format!("{open}create_foreign_key(\"up\", {tail}, ondelete=\"CASCADE\")")
            }
        };
        bodies.push(body);
    }
    bodies
}

fn applies(seed: u64, dialect: &str) {
    const LENGTH: usize = 7;
    let bodies = chain(seed, LENGTH);
    let project = project(&bodies);
    let connection = Connection::open_in_memory().unwrap();
    for at in 1..=LENGTH + 1 {
        connection.execute_batch("PRAGMA foreign_keys=ON").unwrap();
        let ids = |table: &str| rows(&connection, &format!("SELECT id FROM {table} ORDER BY id"));
        let before = match at {
            1 => Vec::new(),
            _ => ["p", "t", "k"].map(ids).to_vec(),
        };
        step(project.path(), &connection, dialect, at - 1, at);
        if at > 1 {
            let after = ["p", "t", "k"].map(ids).to_vec();
            assert_eq!(before, after, "seed {seed}, {}", bodies[at - 1]);
        }
        let on = rows(&connection, "PRAGMA foreign_keys");
        assert_eq!(on, [[Value::Integer(1)]], "seed {seed}");
        for insert in [
            format!("INSERT INTO p (id, parent) VALUES ({at}, NULL)"),
            format!("INSERT INTO t (id, p_id) VALUES ({at}, {at})"),
            format!("INSERT INTO k (id, t_id) VALUES ({at}, {at})"),
        ] {
            connection
                .execute(&insert, [])
                .unwrap_or_else(|error| panic!("seed {seed}: {error}: {insert}"));
        }
        assert_eq!(rows(&connection, "SELECT id FROM v").len(), at);
        assert!(rows(&connection, "PRAGMA foreign_key_check").is_empty());
        assert_eq!(
            rows(
                &connection,
                "SELECT name FROM sqlite_master WHERE type IN ('trigger', 'view') ORDER BY 1"
            )
            .len(),
            3
        );
    }
    // The whole script makes what its parts have made.
    let whole = Connection::open_in_memory().unwrap();
    let sql = script(project.path(), &["upgrade", "head", "--dialect", dialect]);
    whole.execute_batch(&sql).unwrap();
    let shape = "SELECT m.name, c.name, c.type, c.\"notnull\", c.dflt_value, c.pk FROM sqlite_master m, pragma_table_xinfo(m.name) c WHERE m.type = 'table' ORDER BY 1, c.cid";
    assert_eq!(rows(&connection, shape), rows(&whole, shape), "seed {seed}");
}

#[test]
fn rows_survive_generated_chains() {
    for seed in 1..=12 {
        applies(seed, "sqlite");
    }
    for seed in 20..=23 {
        applies(seed, "sqlite:3.20");
        applies(seed, "sqlite:3.45");
    }
}

#[test]
fn a_rebuild_that_violates_a_foreign_key_stops_the_script() {
    let bodies = [
        "op.create_table(\"p\", sa.Column(\"id\", sa.Integer, primary_key=True))\nop.create_table(\"t\", sa.Column(\"id\", sa.Integer, primary_key=True), sa.Column(\"p_id\", sa.Integer))".to_owned(),
        "op.create_foreign_key(\"up\", \"t\", \"p\", [\"p_id\"], [\"id\"])".to_owned(),
    ];
    let project = project(&bodies);
    let connection = Connection::open_in_memory().unwrap();
    step(project.path(), &connection, "sqlite", 0, 1);
    connection
        .execute_batch("PRAGMA foreign_keys=OFF; INSERT INTO t (id, p_id) VALUES (1, 7)")
        .unwrap();
    let sql = script(project.path(), &["upgrade", "r1:r2", "--dialect", "sqlite"]);
    let error = connection.execute_batch(&sql).unwrap_err().to_string();
    assert!(error.contains("a foreign key is violated"), "{error}");
}

#[test]
fn the_setting_stands_outside_of_transactions() {
    let bodies = [
        TABLES.to_owned(),
        "op.alter_column(\"t\", \"c0\", type_=sa.Text())".to_owned(),
    ];
    let project = project(&bodies);
    fs::write(
        project.path().join("env.py"),
        "from alembic import context\ncontext.configure(url='sqlite://', literal_binds=True, transactional_ddl=True)\nwith context.begin_transaction():\n    context.run_migrations()\n",
    )
    .unwrap();
    let sql = script(project.path(), &["upgrade", "head", "--dialect", "sqlite"]);
    let at = |text: &str| sql.find(text).unwrap_or_else(|| panic!("{text}\n{sql}"));
    assert!(at("PRAGMA foreign_keys=OFF") < at("BEGIN;"));
    assert!(at("COMMIT;") < at("PRAGMA foreign_keys=ON"));
    let alembic = gensql(
        project.path(),
        &[
            "upgrade",
            "r1",
            "--dialect",
            "sqlite",
            "--compat",
            "alembic",
        ],
    );
    assert!(!answer(&alembic).contains("PRAGMA"));
}

/// Alembic keeps the constraints of a batch by their names: the last one of a name is written.
#[test]
fn a_constraint_takes_the_place_of_one_of_its_name() {
    let again = "with op.batch_alter_table(\"t\") as batch: \
         batch.create_foreign_key(\"up\", \"p\", [\"p_id\"], [\"id\"], ondelete=\"SET NULL\")";
    let bodies = [
        "op.create_table(\"p\", sa.Column(\"id\", sa.Integer, primary_key=True))\n\
         op.create_table(\"t\", sa.Column(\"id\", sa.Integer), sa.Column(\"p_id\", sa.Integer), \
         sa.ForeignKeyConstraint([\"p_id\"], [\"p.id\"], name=\"up\"))",
        again,
        again,
    ];
    let project = project(&bodies.map(str::to_owned));
    let connection = Connection::open_in_memory().unwrap();
    for at in 1..=3 {
        step(project.path(), &connection, "sqlite", at - 1, at);
    }
    let keys = rows(
        &connection,
        "SELECT on_delete FROM pragma_foreign_key_list('t')",
    );
    assert_eq!(keys, [[Value::Text("SET NULL".to_owned())]]);
}

/// A table has one primary key, also in the replayed schema.
#[test]
fn a_primary_key_takes_the_place_of_another() {
    let bodies = [
        "op.create_table(\"t\", sa.Column(\"id\", sa.Integer), sa.Column(\"n\", sa.Integer), \
         sa.PrimaryKeyConstraint(\"id\", name=\"old\"))",
        "with op.batch_alter_table(\"t\") as batch: batch.create_primary_key(\"new\", [\"id\", \"n\"])",
    ];
    let project = project(&bodies.map(str::to_owned));
    let text = script(project.path(), &["schema", "--dialect", "sqlite"]);
    assert_eq!(text.matches("PRIMARY KEY").count(), 1, "{text}");
    assert!(
        text.contains("CONSTRAINT new PRIMARY KEY (id, n)"),
        "{text}"
    );
}

/// MySQL and MariaDB drop each kind of constraint in words of its own. Names of keys and unique
/// constraints are their table's, so that the copy can have them too.
#[test]
fn constraints_are_dropped_in_the_words_of_their_kind() {
    let bodies = [
        "op.create_table(\"p\", sa.Column(\"id\", sa.Integer, primary_key=True))\n\
         op.create_table(\"t\", sa.Column(\"id\", sa.Integer), sa.Column(\"p_id\", sa.Integer), \
         sa.PrimaryKeyConstraint(\"id\", name=\"key\"), sa.UniqueConstraint(\"p_id\", name=\"once\"), \
         sa.ForeignKeyConstraint([\"p_id\"], [\"p.id\"], name=\"up\"), \
         sa.CheckConstraint(\"p_id > 0\", name=\"low\"))",
        "with op.batch_alter_table(\"t\", recreate=\"always\") as batch: \
         batch.add_column(sa.Column(\"n\", sa.Integer))",
    ];
    let project = project(&bodies.map(str::to_owned));
    for (dialect, check) in [
        ("mysql", "DROP CHECK low"),
        ("mariadb", "DROP CONSTRAINT low"),
    ] {
        let arguments = ["upgrade", "head", "--sql", "--dialect", dialect];
        let text = script(project.path(), &arguments);
        for part in ["DROP FOREIGN KEY up", check] {
            assert!(text.contains(part), "no {part:?} in:\n{text}");
        }
        for part in ["DROP PRIMARY KEY", "DROP INDEX"] {
            assert!(!text.contains(part), "{part:?} in:\n{text}");
        }
    }
}

/// A table that a batch copies from `copy_from` is what that says from then on, also where only the
/// dialect has the table made anew.
#[test]
fn what_copy_from_leaves_out_is_gone() {
    let first = r#"op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9), unique=True))
op.create_index("ix", "t", ["a"])"#;
    let copied = r#"table = sa.Table("t", sa.MetaData(), sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(9)))
with op.batch_alter_table("t", copy_from=table) as batch: batch.create_unique_constraint("uq", ["id", "a"])"#;
    let later =
        r#"with op.batch_alter_table("t") as batch: batch.alter_column("a", nullable=False)"#;
    let project = project(&[first, copied, later].map(str::to_owned));
    let text = script(
        project.path(),
        &["--dialect", "sqlite", "upgrade", "r2:r3", "--no-guard"],
    );
    assert!(text.contains("CONSTRAINT uq UNIQUE (id, a)"), "{text}");
    assert!(
        !text.contains("UNIQUE (a)") && !text.contains("INDEX ix"),
        "{text}"
    );
}

/// A type of a statement in SQL stays what the statement calls it.
#[test]
fn a_timestamp_of_a_statement_stays_one() {
    let bodies = [
        "op.execute('CREATE TABLE t (a TIMESTAMP, b DATETIME, c INTEGER)')".to_owned(),
        "with op.batch_alter_table('t') as batch:\n    batch.alter_column('c', nullable=False)"
            .to_owned(),
    ];
    let project = project(&bodies);
    let sql = script(project.path(), &["upgrade", "r1:r2", "--dialect", "sqlite"]);
    assert!(
        sql.contains("a TIMESTAMP") && sql.contains("b DATETIME"),
        "{sql}"
    );
}
