//! `schema`, `diff` and `verify`: what the examples' schemas are, and small projects that show one
//! thing each.

use std::fs;
use std::path::Path;

use crate::program::{EXAMPLES, answer, gensql, hold, root, script};

fn sql_project(directory: &Path, revisions: &[(&str, &str)]) {
    fs::write(
        directory.join("gensql.toml"),
        "revisions = \"revisions\"\ndialect = \"postgresql\"\n",
    )
    .unwrap();
    let folder = directory.join("revisions");
    fs::create_dir(&folder).unwrap();
    let mut down = "none".to_owned();
    for (id, body) in revisions {
        let text = format!("-- {id}\n-- revision: {id}\n-- down_revision: {down}\n\n{body}\n");
        fs::write(folder.join(format!("{id}.sql")), text).unwrap();
        (*id).clone_into(&mut down);
    }
}

#[test]
fn schemas_of_the_examples() {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        for dialect in ["postgresql", "sqlite", "mariadb", "mssql", "oracle"] {
            let arguments = ["-c", config, "--dialect", dialect, "schema"];
            let output = gensql(&directory, &arguments);
            let text = format!("$ gensql {}\n{}", arguments.join(" "), answer(&output));
            hold("schema", &format!("{example}_{dialect}"), &text);
        }
    }
}

/// Up and down again restores the schema of every example.
#[test]
fn the_examples_round_trip() {
    for (example, config) in EXAMPLES {
        let directory = root().join("examples").join(example);
        for dialect in [
            "postgresql",
            "sqlite",
            "mysql",
            "mariadb",
            "mssql",
            "oracle",
        ] {
            let arguments = ["-c", config, "--dialect", dialect, "verify", "--round-trip"];
            let output = gensql(&directory, &arguments);
            assert_eq!(output.status.code(), Some(0), "{}", answer(&output));
        }
    }
}

#[test]
fn there_is_no_difference_between_a_revision_and_itself() {
    let directory = root().join("examples").join("blog");
    for dialect in ["postgresql", "sqlite"] {
        let arguments = ["--dialect", dialect, "diff", "head", "head"];
        assert_eq!(script(&directory, &arguments), "");
    }
}

/// One table for each kind of change.
const KINDS: &[(&str, &str)] = &[
    (
        "a1",
        "-- migrate:up
CREATE TYPE mood AS ENUM ('sad', 'happy');
CREATE TABLE parent (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL);
CREATE TABLE kept (
    id INTEGER PRIMARY KEY,
    a VARCHAR(10),
    b INTEGER NOT NULL DEFAULT 1,
    c TEXT,
    parent_id INTEGER REFERENCES parent (id),
    CONSTRAINT kept_a UNIQUE (a),
    CONSTRAINT kept_b CHECK (b > 0)
);
CREATE INDEX kept_c ON kept (c);
CREATE TABLE left_side (id INTEGER PRIMARY KEY, other INTEGER);
CREATE TABLE right_side (id INTEGER PRIMARY KEY, other INTEGER REFERENCES left_side (id));
ALTER TABLE left_side ADD CONSTRAINT left_other FOREIGN KEY (other) REFERENCES right_side (id);",
    ),
    (
        "a2",
        "-- migrate:up
ALTER TABLE kept DROP CONSTRAINT kept_a;
ALTER TABLE kept DROP CONSTRAINT kept_b;
ALTER TABLE kept ALTER COLUMN a TYPE VARCHAR(40);
ALTER TABLE kept ALTER COLUMN a SET NOT NULL;
ALTER TABLE kept ALTER COLUMN b DROP DEFAULT;
ALTER TABLE kept DROP COLUMN c;
ALTER TABLE kept ADD COLUMN d DATE;
ALTER TABLE kept ADD CONSTRAINT kept_d UNIQUE (d, a);
CREATE INDEX kept_d_index ON kept (d);
ALTER TABLE kept RENAME COLUMN b TO count;
CREATE TABLE fresh (id INTEGER PRIMARY KEY, kept_id INTEGER REFERENCES kept (id));
DROP TABLE right_side CASCADE;",
    ),
];

#[test]
fn each_kind_of_change_is_found() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(directory.path(), KINDS);
    let mut text = String::new();
    for dialect in ["postgresql", "sqlite"] {
        for (from, to) in [("a1", "a2"), ("a2", "a1"), ("base", "a1"), ("a1", "base")] {
            let arguments = ["--dialect", dialect, "diff", from, to];
            let output = gensql(directory.path(), &arguments);
            text.push_str(&format!(
                "$ gensql {}\n{}\n",
                arguments.join(" "),
                answer(&output)
            ));
        }
    }
    hold("schema", "kinds_of_change", &text);
}

#[test]
fn a_missing_downgrade_is_derived() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(directory.path(), KINDS);
    let output = gensql(directory.path(), &["downgrade", "a2:base"]);
    hold("schema", "derived_downgrade", &answer(&output));
    let verified = gensql(directory.path(), &["verify", "--round-trip"]);
    assert_eq!(verified.status.code(), Some(0), "{}", answer(&verified));
}

#[test]
fn a_downgrade_that_forgets_something_is_found() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(
        directory.path(),
        &[
            (
                "b1",
                "-- migrate:up\nCREATE TABLE t (id INTEGER PRIMARY KEY);\n-- migrate:down\nDROP TABLE t;",
            ),
            (
                "b2",
                "-- migrate:up\nALTER TABLE t ADD COLUMN x INTEGER;\nCREATE TABLE u (id INTEGER);\n-- migrate:down\nDROP TABLE u;",
            ),
        ],
    );
    let text = answer(&gensql(directory.path(), &["verify", "--round-trip"]));
    let json = answer(&gensql(
        directory.path(),
        &["verify", "--round-trip", "--json", "b2"],
    ));
    hold("schema", "round_trip_differs", &format!("{text}\n{json}"));
}

/// Chain and schema, applied to two databases.
/// MariaDB calls a check inside of a column by the column's name, and a table's may have that name too.
#[test]
fn a_check_with_the_name_of_a_column_stays_with_its_table() {
    let directory = tempfile::tempdir().unwrap();
    sql_project(
        directory.path(),
        &[(
            "t1",
            "-- migrate:up\nCREATE TABLE t (a INTEGER, b INTEGER CHECK (b > 0), CONSTRAINT a CHECK (a > 0));\n-- migrate:down\nDROP TABLE t;",
        )],
    );
    let arguments = ["schema", "--dialect", "mariadb"];
    let text = script(directory.path(), &arguments);
    assert!(text.contains("b INTEGER CHECK (b > 0)"), "{text}");
    assert!(text.contains("CONSTRAINT a CHECK (a > 0)"), "{text}");
}

/// Alembic drops the check of the old type everywhere but on MySQL and MariaDB.
#[test]
fn the_check_of_an_old_type_stays_where_nothing_drops_it() {
    let directory = tempfile::tempdir().unwrap();
    fs::write(
        directory.path().join("alembic.ini"),
        "[alembic]\nscript_location = .\nsqlalchemy.url = postgresql://\n",
    )
    .unwrap();
    fs::create_dir(directory.path().join("versions")).unwrap();
    fs::write(
        directory.path().join("versions/r1.py"),
        "import sqlalchemy as sa\nfrom alembic import op\nrevision = 'r1'\ndown_revision = None\n\
         def upgrade():\n\
         \x20   op.create_table('t', sa.Column('a', sa.String(9)), sa.CheckConstraint(\"a IN ('x')\", name='kind'))\n\
         \x20   op.alter_column('t', 'a', type_=sa.String(5), existing_type=sa.Enum('x', name='kind', native_enum=False, create_constraint=True))\n",
    )
    .unwrap();
    for (dialect, stays) in [("postgresql", false), ("mysql", true), ("mariadb", true)] {
        let text = script(directory.path(), &["schema", "--dialect", dialect]);
        let found = text.contains("CONSTRAINT kind CHECK");
        assert_eq!(found, stays, "{dialect}: {text}");
    }
}

fn both(example: &str, config: &str, dialect: &str) -> (String, String) {
    let directory = root().join("examples").join(example);
    let run = |arguments: &[&str]| {
        let given = [&["-c", config, "--dialect", dialect], arguments].concat();
        script(&directory, &given)
    };
    (
        run(&["upgrade", "heads"]),
        run(&["schema", "heads", "--stamp"]),
    )
}

fn unavailable(reason: &str, engine: &str) {
    assert!(
        std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
        "{reason}"
    );
    println!("skipped: the schemas of the examples on {engine}: {reason}");
}

/// What SQLite says of its tables, through its pragmas.
fn pragmas(connection: &rusqlite::Connection) -> String {
    let rows = |sql: &str| -> Vec<String> {
        let mut statement = connection.prepare(sql).unwrap();
        let width = statement.column_count();
        let found = statement.query_map([], |row| {
            let cells: Vec<String> = (0..width)
                .map(|at| format!("{:?}", row.get_ref(at).unwrap()))
                .collect();
            Ok(cells.join(" "))
        });
        let mut found: Vec<String> = found.unwrap().map(Result::unwrap).collect();
        found.sort();
        found
    };
    let parts = [
        "SELECT m.name, x.* FROM sqlite_master m, pragma_table_xinfo(m.name) x WHERE m.type = 'table'",
        "SELECT m.name, i.name LIKE 'sqlite_%' OR i.name, i.\"unique\", i.origin, i.partial, x.seqno, x.name, x.desc, x.coll FROM sqlite_master m, pragma_index_list(m.name) i, pragma_index_xinfo(i.name) x WHERE m.type = 'table'",
        "SELECT m.name, f.\"table\", f.\"from\", f.\"to\", f.on_update, f.on_delete FROM sqlite_master m, pragma_foreign_key_list(m.name) f WHERE m.type = 'table'",
        "SELECT type, name, tbl_name FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'",
        "SELECT version_num FROM alembic_version",
    ];
    parts.map(|sql| rows(sql).join("\n")).join("\n\n")
}

#[test]
fn the_schema_is_what_the_chain_makes_on_sqlite() {
    for (example, config) in EXAMPLES {
        if *example == "multi-schema" {
            println!("skipped: {example} on sqlite: the engine has no schemas");
            continue;
        }
        let (chain, schema) = both(example, config, "sqlite");
        let dump = |text: &str| {
            let connection = rusqlite::Connection::open_in_memory().unwrap();
            connection.execute_batch(text).unwrap();
            pragmas(&connection)
        };
        assert_eq!(dump(&chain), dump(&schema), "{example}");
    }
}

#[test]
fn the_schema_is_what_the_chain_makes_on_postgresql() {
    let server = match crate::servers::Server::start() {
        Ok(server) => server,
        Err(reason) => return unavailable(&reason, "postgresql"),
    };
    for (example, config) in EXAMPLES {
        let (chain, schema) = both(example, config, "postgresql");
        let dump = |suffix: &str, text: &str| {
            let database = format!("{}_{suffix}", example.replace('-', "_"));
            let create = format!("CREATE DATABASE {database}");
            server.psql("postgres", &["-c", &create]).unwrap();
            server.apply(&database, text).unwrap();
            let output = std::process::Command::new("pg_dump")
                .args(["-U", "postgres", "--no-owner", "--inserts", "-h"])
                .arg(server.path())
                .args(["-s", &database])
                .output()
                .unwrap();
            assert!(output.status.success(), "{output:?}");
            let text = String::from_utf8(output.stdout).unwrap();
            // Each dump has its own key.
            let lines = text.lines().filter(|line| !line.starts_with('\\'));
            lines.collect::<Vec<_>>().join("\n")
        };
        assert_eq!(dump("chain", &chain), dump("schema", &schema), "{example}");
    }
}

#[test]
fn the_schema_is_what_the_chain_makes_on_mariadb() {
    let server = match crate::servers::MariaDb::start() {
        Ok(server) => server,
        Err(reason) => return unavailable(&reason, "mariadb"),
    };
    for (example, config) in EXAMPLES {
        let (chain, schema) = both(example, config, "mariadb");
        let dump = |text: &str| {
            server.apply("mysql", "CREATE DATABASE here").unwrap();
            server.apply("here", text).unwrap();
            let query = "SELECT table_schema, table_name, ordinal_position, column_name, column_type, is_nullable, column_default, extra, column_comment, generation_expression FROM information_schema.columns WHERE table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1, 2, 3;
                SELECT table_schema, table_name, index_name, non_unique, seq_in_index, column_name, collation FROM information_schema.statistics WHERE table_schema NOT IN ('mysql', 'sys') ORDER BY 1, 2, 3, 5;
                SELECT constraint_schema, table_name, constraint_name, referenced_table_name, update_rule, delete_rule FROM information_schema.referential_constraints ORDER BY 1, 2, 3;
                SELECT constraint_schema, table_name, constraint_name, check_clause FROM information_schema.check_constraints ORDER BY 1, 2, 3;
                SELECT table_name, table_comment FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') ORDER BY 1;";
            let found = server.apply("here", query).unwrap();
            let schemas = "SELECT group_concat(concat('DROP DATABASE `', schema_name, '`') SEPARATOR ';') FROM information_schema.schemata WHERE schema_name NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema', 'test')";
            let drops = server.apply("mysql", schemas).unwrap();
            let drops = format!("SET foreign_key_checks = 0; {}", drops.trim());
            server.apply("mysql", &drops).unwrap();
            found
        };
        assert_eq!(dump(&chain), dump(&schema), "{example}");
    }
}

/// The squashed revision takes the place of the chain: the schema stays as it was.
#[test]
fn a_squashed_chain_makes_the_same_schema() {
    for (example, config, extension) in [
        ("blog", "alembic.ini", "py"),
        ("blog-sql", "gensql.toml", "sql"),
    ] {
        for dialect in ["postgresql", "sqlite"] {
            let directory = tempfile::tempdir().unwrap();
            let source = root().join("examples").join(example);
            for entry in walkdir::WalkDir::new(&source).min_depth(1) {
                let entry = entry.unwrap();
                let target = directory
                    .path()
                    .join(entry.path().strip_prefix(&source).unwrap());
                if entry.file_type().is_dir() {
                    fs::create_dir(&target).unwrap();
                } else {
                    fs::copy(entry.path(), &target).unwrap();
                }
            }
            let run = |arguments: &[&str]| {
                let given = [&["-c", config, "--dialect", dialect], arguments].concat();
                script(directory.path(), &given)
            };
            let before = run(&["schema", "--stamp"]);
            let made = run(&["squash", "base:head", "--write"]);
            let made = Path::new(
                made.trim_start_matches("Generating ")
                    .trim_end_matches(" ...  done\n"),
            );
            assert!(made.exists(), "{}", made.display());
            for entry in fs::read_dir(made.parent().unwrap()).unwrap() {
                let path = entry.unwrap().path();
                if path.extension().is_some_and(|found| found == extension) && path != made {
                    fs::remove_file(path).unwrap();
                }
            }
            assert_eq!(
                before,
                run(&["schema", "--stamp"]),
                "{example} on {dialect}"
            );
            assert!(run(&["verify", "--round-trip"]).contains("1 restored"));
        }
    }
}

#[test]
fn squashing_prints_a_revision() {
    for (example, config) in [("blog", "alembic.ini"), ("blog-sql", "gensql.toml")] {
        let directory = root().join("examples").join(example);
        let arguments = [
            "-c",
            config,
            "--dialect",
            "postgresql",
            "squash",
            "base:head",
        ];
        let output = std::process::Command::new(env!("CARGO_BIN_EXE_gensql"))
            .current_dir(&directory)
            .args(arguments)
            .env_clear()
            .env("SOURCE_DATE_EPOCH", "1700000000")
            .output()
            .unwrap();
        hold("schema", &format!("squash_{example}"), &answer(&output));
    }
}
