//! Every directive of DDL in every variant, as gensql writes it by default, is taken by the servers.
//!
//! Each case comes after a revision that makes what it names: the ones of `SETUPS` are tried in turn. A
//! case that still names what is not there, or values that do not fit, says nothing about the text
//! (`is_case_own`). What a server refuses otherwise is listed in
//! `tests/oracle/ddl_refused_by_servers.txt`, below the reason.

use std::collections::{BTreeMap, HashSet};

use crate::explained::Explained;
use crate::servers::{MariaDb, Server};
use crate::vocabulary_cases::{Case, body, cases, on_all, preamble, script, write_project};

const LIST: &str = "tests/oracle/ddl_refused_by_servers.txt";

const REFERRED: &str = r#"
op.create_table("o", sa.Column("id", sa.Integer, primary_key=True), sa.Column("x", sa.Integer), sa.Column("y", sa.Integer), sa.UniqueConstraint("x", "y", name="uq_o"))
op.create_table("q", sa.Column("id", sa.Integer, primary_key=True))
"#;

/// What there may be before a case: a table with most of what is changed or dropped, one to add to, and
/// one of numbers only.
const SETUPS: &[&str] = &[
    r#"op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5)), sa.Column("b", sa.Integer, index=True), sa.Column("c", sa.Integer), sa.UniqueConstraint("a", name="uq_a"), sa.CheckConstraint("b > 0", name="ck_b"))"#,
    r#"op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("b", sa.Integer))"#,
    r#"op.create_table("t", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.String(50)), sa.Column("c", sa.Integer, nullable=False))"#,
    r#"op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("a", sa.String(5), nullable=False, server_default="x"), sa.Column("b", sa.Boolean), sa.Column("o", sa.Integer), sa.ForeignKeyConstraint(["o"], ["o.id"], name="fk_o"), sa.UniqueConstraint("a", name="uq_a"), sa.CheckConstraint("a <> '5'", name="ck_a"), sa.Index("ix_b", "b"))"#,
];

/// What there may be besides on MariaDB: a table without a key, one whose key does not count, and none.
const MORE_SETUPS: &[&str] = &[
    r#"op.create_table("t", sa.Column("id", sa.Integer, nullable=False), sa.Column("a", sa.Integer))"#,
    r#"op.create_table("t", sa.Column("a", sa.Integer, nullable=False), sa.Column("b", sa.String(50)), sa.Column("c", sa.Integer, primary_key=True, autoincrement=False))"#,
    "pass",
];

/// A case's statements by default, in order and without framing.
struct Printed {
    line: String,
    text: String,
}

fn setup(before: &str) -> Vec<String> {
    let lines = REFERRED.trim().lines().chain([before]);
    lines.map(str::to_owned).collect()
}

/// What is tried before the cases of a dialect.
fn setups(dialect: &str) -> Vec<&'static str> {
    let more: &[&str] = if dialect == "mariadb" {
        MORE_SETUPS
    } else {
        &[]
    };
    [SETUPS, more].concat()
}

/// The script of a setup, and those of the cases behind it that gensql does not refuse. Each text
/// comes once.
fn printed(dialect: &str, before: &str, cases: &[Case]) -> (String, Vec<Printed>) {
    let preamble = preamble();
    let setup = setup(before);
    let texts = on_all(cases.len(), |directory, number| {
        write_project(directory, &preamble, &setup, &cases[number]);
        let whole = script(directory, dialect, "c0:c1", false).ok()?;
        Some(body(&whole).ok()?.to_owned())
    });
    let directory = tempfile::tempdir().unwrap();
    write_project(directory.path(), &preamble, &setup, &cases[0]);
    let first = script(directory.path(), dialect, "base:c0", false).unwrap();
    let (_, first) = first.split_once("-- Running upgrade  -> c0\n\n").unwrap();
    let (first, _) = first.split_once("INSERT INTO alembic_version").unwrap();
    let mut seen = HashSet::new();
    let found = cases
        .iter()
        .zip(texts)
        .filter_map(|(case, text)| {
            let text = text.filter(|text| seen.insert(text.clone()))?;
            Some(Printed {
                line: line(dialect, case),
                text,
            })
        })
        .collect();
    (first.to_owned(), found)
}

fn line(dialect: &str, case: &Case) -> String {
    format!("{dialect}: {}: {}", case.file, case.python.join(" | "))
}

/// Runs the cases behind each setup, those that failed behind the next one, and holds the list of what
/// failed behind all of them.
fn hold(dialect: &str, apply: impl Fn(&str, &[Printed]) -> BTreeMap<String, String>) {
    let mut left = cases();
    let mut own = BTreeMap::new();
    let mut found: BTreeMap<String, String> = BTreeMap::new();
    for (number, before) in setups(dialect).into_iter().enumerate() {
        let (setup, printed) = printed(dialect, before, &left);
        if number == 0 {
            assert!(printed.len() > 1_000, "{} texts", printed.len());
        }
        let failed = apply(&setup, &printed);
        left.retain(|case| failed.contains_key(&line(dialect, case)));
        found.retain(|line, _| failed.contains_key(line));
        for (line, message) in failed {
            if is_case_own(dialect, &message) {
                own.insert(line, message);
            } else {
                found.entry(line).or_insert(message);
            }
        }
    }
    println!("{dialect}: {} name what is not there", own.len());
    let prefix = format!("{dialect}: ");
    Explained::read(LIST).hold(&found, |line| line.starts_with(&prefix));
}

/// Whether a message says that something is missing, is there already, or has another type than what it
/// is used with.
fn is_case_own(dialect: &str, message: &str) -> bool {
    let first = message.lines().next().unwrap_or_default();
    match dialect {
        // https://www.postgresql.org/docs/current/errcodes-appendix.html
        "postgresql" => {
            let code = first.trim_start_matches("ERROR:").trim_start();
            let codes = [
                "42P01", "42P06", "42P07", "42701", "42703", "42710", "42804", "42830", "42846",
                "42883", "3F000", "22", "23", "55000", "25001", "42809",
            ];
            codes.iter().any(|known| code.starts_with(known))
                || (code.starts_with("42704") && !code.contains(": type \""))
        }
        // https://mariadb.com/kb/en/mariadb-error-code-reference/
        "mariadb" => [
            "1008", "1049", "1050", "1054", "1060", "1061", "1062", "1072", "1091", "1146", "1265",
            "1292", "1366", "1364", "1406", "1007", "1005", "1051", "1067", "1273", "1264", "1068",
            "1089", "1090", "1283", "4078", "4091",
        ]
        .iter()
        .any(|code| first.contains(&format!("ERROR {code} "))),
        _ => [
            "no such table",
            "no such column",
            "no such index",
            "duplicate column name",
            "already exists",
            "already a table named",
            "already an index named",
            "has no column named",
            "unknown column",
            "unknown database",
            "no such collation",
        ]
        .iter()
        .any(|words| first.contains(words)),
    }
}

/// One script of many, and the line that each begins at.
#[derive(Default)]
struct Together {
    text: String,
    lines: usize,
    starts: Vec<usize>,
}

impl Together {
    fn push(&mut self, text: &str) {
        self.text.push_str(text);
        self.lines += text.matches('\n').count();
    }

    fn begin(&mut self) {
        self.starts.push(self.lines + 1);
    }

    /// The first message of each text that has one, by the lines that they are about.
    fn first_messages(
        &self,
        printed: &[Printed],
        said: &[(usize, String)],
    ) -> BTreeMap<String, String> {
        let mut found = BTreeMap::new();
        for (line, message) in said {
            let number = self.starts.partition_point(|start| start <= line);
            let Some(of) = number.checked_sub(1).and_then(|n| printed.get(n)) else {
                continue;
            };
            found
                .entry(of.line.clone())
                .or_insert_with(|| format!("{message}\n{}", of.text));
        }
        found
    }
}

/// Whether the test has to be left out, since there is no server.
fn left_out<T>(server: Result<T, String>) -> Option<T> {
    server
        .map_err(|reason| {
            assert!(
                std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
                "{reason}"
            );
            println!("skipped: the vocabulary on a server: {reason}");
        })
        .ok()
}

#[test]
fn sqlite_accepts_every_statement() {
    hold("sqlite", |setup, printed| {
        let mut found = BTreeMap::new();
        for Printed { line, text } in printed {
            let connection = rusqlite::Connection::open_in_memory().unwrap();
            for schema in ["s", "s.q", "my schema", "order", "q", "ms", "User"] {
                let attach = format!("ATTACH ':memory:' AS \"{schema}\"");
                connection.execute_batch(&attach).unwrap();
            }
            connection.execute_batch(setup).unwrap();
            if let Err(error) = connection.execute_batch(text) {
                found.insert(line.clone(), format!("{error}\n{text}"));
            }
        }
        found
    });
}

#[test]
fn postgresql_accepts_every_statement() {
    let Some(server) = left_out(Server::start()) else {
        return;
    };
    let mut before = String::new();
    for extension in ["citext", "hstore", "btree_gist"] {
        before.push_str(&format!("CREATE EXTENSION {extension};\n"));
    }
    for schema in ["s", "S", "s.q", "S.q", "my schema", "order", "ms", "User"] {
        before.push_str(&format!("CREATE SCHEMA \"{schema}\";\n"));
    }
    server.complaints("postgres", &before);
    hold("postgresql", |setup, printed| {
        server
            .apply("postgres", "DROP TABLE IF EXISTS t, o, q")
            .unwrap();
        server.apply("postgres", setup).unwrap();
        let mut together = Together::default();
        for case in printed {
            together.begin();
            together.push("BEGIN;\n");
            together.push(&case.text);
            together.push("\nROLLBACK;\n");
        }
        let said: Vec<(usize, String)> = server
            .complaints("postgres", &together.text)
            .lines()
            .filter_map(|line| {
                let (_, behind) = line.split_once("script.sql:")?;
                let (number, message) = behind.split_once(": ")?;
                let is_error = message.starts_with("ERROR") && !message.contains("25P02");
                is_error.then_some((number.parse().ok()?, message.to_owned()))
            })
            .collect();
        together.first_messages(printed, &said)
    });
}

/// The databases that a text names, besides the one that it is applied in.
fn databases(text: &str) -> impl Iterator<Item = &'static str> {
    const NAMES: [&str; 8] = ["s", "S", "s.q", "S.q", "my schema", "order", "ms", "User"];
    NAMES.into_iter().filter(move |name| {
        text.contains(&format!("`{name}`.")) || text.contains(&format!(" {name}."))
    })
}

#[test]
fn mariadb_accepts_every_statement() {
    let Some(server) = left_out(MariaDb::start()) else {
        return;
    };
    let names = [
        " t ", " o ", " q ", "`t`", " t;", " t\n", " o\n", " q\n", " t.", "TABLE t",
    ];
    hold("mariadb", |setup, printed| {
        let mut together = Together::default();
        for case in printed {
            together.begin();
            let named: Vec<&str> = databases(&case.text).collect();
            let meant = names.iter().any(|name| case.text.contains(name));
            for database in named.iter().copied().chain(["d"]) {
                together.push(&format!(
                    "CREATE DATABASE `{database}`;\nUSE `{database}`;\n"
                ));
                if meant || database != "d" {
                    together.push(setup);
                }
            }
            together.push(&case.text);
            together.push("\n");
            // What refers to another database's table goes first.
            for database in ["d"].into_iter().chain(named) {
                together.push(&format!("DROP DATABASE `{database}`;\n"));
            }
        }
        let said: Vec<(usize, String)> = server
            .complaints("mysql", &together.text)
            .lines()
            .filter_map(|line| {
                let (message, behind) = line.split_once(" at line ")?;
                let (number, reason) = behind.split_once(": ")?;
                Some((number.parse().ok()?, format!("{message}: {reason}")))
            })
            .collect();
        together.first_messages(printed, &said)
    });
}

#[test]
fn each_refusal_is_explained() {
    Explained::read(LIST).is_in_compatibility();
}
