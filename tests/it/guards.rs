//! Scripts that check what they need to be true, on real engines: right start, wrong start, applied
//! twice, cut off half-way and applied again. A script that is refused changes nothing.

use std::path::Path;
use std::process::{Command, Stdio};

use crate::program::{EXAMPLES, answer, gensql, hold, root, script};
use crate::servers::{MariaDb, Server};

/// An engine with databases in it.
pub(crate) trait Engine {
    fn dialect(&self) -> &'static str;
    /// Makes an empty database, also where one of that name is.
    fn create(&self, name: &str);
    /// Runs a script as the guide says that it is to be run.
    fn apply(&self, name: &str, script: &str) -> Result<String, String>;
    /// All that is in a database, rows too.
    fn dump(&self, name: &str) -> String;
}

fn client(program: &str, arguments: &[&str], input: &str) -> Result<String, String> {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("script");
    std::fs::write(&file, input).unwrap();
    let output = Command::new(program)
        .args(arguments)
        .current_dir(directory.path())
        .stdin(Stdio::from(std::fs::File::open(&file).unwrap()))
        .output()
        .map_err(|error| format!("{program}: {error}"))?;
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).into_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

struct Shell(tempfile::TempDir);

impl Shell {
    fn path(&self, name: &str) -> String {
        self.0.path().join(name).display().to_string()
    }
}

impl Engine for Shell {
    fn dialect(&self) -> &'static str {
        "sqlite"
    }

    fn create(&self, name: &str) {
        let _ = std::fs::remove_file(self.path(name));
    }

    fn apply(&self, name: &str, script: &str) -> Result<String, String> {
        client("sqlite3", &["-bail", &self.path(name)], script)
    }

    fn dump(&self, name: &str) -> String {
        sorted(&client("sqlite3", &[&self.path(name)], ".dump").unwrap())
    }
}

impl Engine for Server {
    fn dialect(&self) -> &'static str {
        "postgresql"
    }

    fn create(&self, name: &str) {
        for statement in ["DROP DATABASE IF EXISTS", "CREATE DATABASE"] {
            self.psql("postgres", &["-c", &format!("{statement} \"{name}\"")])
                .unwrap();
        }
    }

    fn apply(&self, name: &str, script: &str) -> Result<String, String> {
        Server::apply(self, name, script)
    }

    fn dump(&self, name: &str) -> String {
        let host = self.path().display().to_string();
        let arguments = ["-h", &host, "-U", "postgres", "--inserts", name];
        let dump = client("pg_dump", &arguments, "").unwrap();
        let kept: Vec<&str> = dump.lines().filter(|l| !l.starts_with('\\')).collect();
        sorted(&kept.join("\n"))
    }
}

impl Engine for MariaDb {
    fn dialect(&self) -> &'static str {
        "mariadb"
    }

    fn create(&self, name: &str) {
        let text = format!("DROP DATABASE IF EXISTS `{name}`; CREATE DATABASE `{name}`");
        MariaDb::apply(self, "mysql", &text).unwrap();
    }

    fn apply(&self, name: &str, script: &str) -> Result<String, String> {
        MariaDb::apply(self, name, script)
    }

    fn dump(&self, name: &str) -> String {
        let socket = self.socket();
        let flags = [
            "--no-defaults",
            "-uroot",
            "--skip-comments",
            "--skip-extended-insert",
        ];
        let arguments: Vec<&str> = flags.into_iter().chain([socket.as_str(), name]).collect();
        sorted(&client("mariadb-dump", &arguments, "").unwrap())
    }
}

/// The order of rows says nothing.
fn sorted(dump: &str) -> String {
    let (mut rows, other): (Vec<&str>, Vec<&str>) = dump
        .lines()
        .partition(|line| line.starts_with("INSERT INTO"));
    rows.sort_unstable();
    format!("{}\n{}", other.join("\n"), rows.join("\n"))
}

/// The places at which a script is cut: behind each so many of its statements.
fn cuts(script: &str) -> Vec<&str> {
    let ends: Vec<usize> = script.match_indices("\n\n").map(|(at, _)| at + 2).collect();
    let step = (ends.len() / 12).max(1);
    let chosen = ends.iter().skip(2).step_by(step);
    chosen.map(|end| &script[..*end]).collect()
}

fn check(engine: &dyn Engine) {
    crate::installed::check(engine);
    for (example, config) in EXAMPLES {
        if *example == "multi-schema" && engine.dialect() != "postgresql" {
            println!(
                "skipped: {example} on {}: no schemas of its own",
                engine.dialect()
            );
            continue;
        }
        let directory = root().join("examples").join(example);
        let write = |arguments: &[&str]| {
            let mut all = vec!["-c", config, "--dialect", engine.dialect()];
            all.extend(arguments);
            script(&directory, &all)
        };
        engine.create("plain");
        engine
            .apply("plain", &write(&["upgrade", "heads", "--no-guard"]))
            .unwrap();
        let wanted = engine.dump("plain");
        let client = match engine.dialect() {
            "sqlite" => "sqlite3",
            "postgresql" => "psql",
            _ => "mariadb",
        };
        guarded(
            engine,
            example,
            &write(&["upgrade", "heads", "--guard"]),
            &wanted,
        );
        let idempotent = ["upgrade", "heads", "--idempotent", "--client", client];
        repeated(engine, example, &write(&idempotent), &wanted);
        there_and_back(engine, example, &directory, &write);
    }
}

fn guarded(engine: &dyn Engine, example: &str, text: &str, wanted: &str) {
    let at = format!("{example} on {}", engine.dialect());
    engine.create("g");
    let applied = engine.apply("g", text);
    assert!(applied.is_ok(), "{at}: {applied:?}\n{text}");
    assert_eq!(engine.dump("g"), wanted, "{at}");
    // A second time, the start is another.
    let refused = engine.apply("g", text).unwrap_err();
    assert!(
        refused.contains("the database is not at base"),
        "{at}: {refused}"
    );
    assert_eq!(
        engine.dump("g"),
        wanted,
        "{at}: a refused script changed the database"
    );
    // As is a revision that nobody knows.
    engine.create("g");
    let other = "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL);\nINSERT INTO alembic_version VALUES ('elsewhere');";
    engine.apply("g", other).unwrap();
    let before = engine.dump("g");
    assert!(engine.apply("g", text).is_err(), "{at}");
    assert_eq!(engine.dump("g"), before, "{at}");
    // An empty version table is the base.
    engine.create("g");
    engine
        .apply("g", "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num));")
        .unwrap();
    engine.apply("g", text).unwrap();
    for part in cuts(text) {
        engine.create("g");
        let _ = engine.apply("g", part);
        let before = engine.dump("g");
        match engine.apply("g", text) {
            Ok(_) => assert_eq!(engine.dump("g"), wanted, "{at}: cut behind\n{part}"),
            Err(refused) => {
                assert!(
                    refused.contains("the database is not at"),
                    "{at}: {refused}: cut behind\n{part}"
                );
                assert_eq!(engine.dump("g"), before, "{at}: cut behind\n{part}");
                assert!(
                    before == wanted || engine.dialect() == "mariadb",
                    "{at}: {refused}: cut behind\n{part}"
                );
            }
        }
    }
}

fn repeated(engine: &dyn Engine, example: &str, text: &str, wanted: &str) {
    let at = format!("{example} on {}, idempotent", engine.dialect());
    engine.create("i");
    for time in 1..3 {
        let applied = engine.apply("i", text);
        assert!(applied.is_ok(), "{at}: {applied:?}\n{text}");
        assert_eq!(engine.dump("i"), wanted, "{at}: time {time}");
    }
    for part in cuts(text) {
        engine.create("i");
        let _ = engine.apply("i", part);
        let before = engine.dump("i");
        match engine.apply("i", text) {
            Ok(_) => assert_eq!(engine.dump("i"), wanted, "{at}: cut behind\n{part}"),
            Err(refused) => {
                assert!(
                    refused.contains("the database is not at"),
                    "{at}: {refused}: cut behind\n{part}"
                );
                assert_eq!(engine.dump("i"), before, "{at}: cut behind\n{part}");
                assert!(
                    engine.dialect() == "mariadb",
                    "{at}: {refused}: cut behind\n{part}"
                );
            }
        }
    }
}

/// From each state of the range, up and down, and by what other scripts left.
fn there_and_back(
    engine: &dyn Engine,
    example: &str,
    directory: &Path,
    write: &dyn Fn(&[&str]) -> String,
) {
    let at = format!("{example} on {}", engine.dialect());
    let list = gensql(
        directory,
        &[
            "-c",
            EXAMPLES.iter().find(|e| e.0 == example).unwrap().1,
            "heads",
            "-q",
        ],
    );
    let heads: Vec<String> = String::from_utf8_lossy(&list.stdout)
        .lines()
        .filter_map(|line| line.split_whitespace().next().map(str::to_owned))
        .collect();
    let range = format!("{}:base", heads.join(","));
    engine.create("b");
    engine
        .apply("b", &write(&["upgrade", "heads", "--guard"]))
        .unwrap();
    let full = engine.dump("b");
    let down = write(&["downgrade", &range, "--guard"]);
    engine
        .apply("b", &down)
        .unwrap_or_else(|error| panic!("{at}: {error}\n{down}"));
    let empty = engine.dump("b");
    assert!(engine.apply("b", &down).is_err(), "{at}: downgraded twice");
    assert_eq!(engine.dump("b"), empty, "{at}");
    engine
        .apply("b", &write(&["upgrade", "heads", "--guard"]))
        .unwrap();
    assert_eq!(engine.dump("b"), full, "{at}");
    let wrong = format!("{}:heads", "base");
    assert!(
        engine
            .apply("b", &write(&["stamp", &wrong, "--guard"]))
            .is_err(),
        "{at}: stamped from base"
    );
    let client = match engine.dialect() {
        "sqlite" => "sqlite3",
        "postgresql" => "psql",
        _ => "mariadb",
    };
    let down = write(&["downgrade", &range, "--idempotent", "--client", client]);
    for _ in 0..2 {
        engine
            .apply("b", &down)
            .unwrap_or_else(|error| panic!("{at}: {error}\n{down}"));
        assert_eq!(engine.dump("b"), empty, "{at}");
    }
    let stamp = write(&["stamp", "base:heads", "--idempotent", "--client", client]);
    for _ in 0..2 {
        engine
            .apply("b", &stamp)
            .unwrap_or_else(|error| panic!("{at}: {error}\n{stamp}"));
    }
    let wrong = engine.apply("b", &write(&["upgrade", "base:heads", "--guard"]));
    assert!(wrong.is_err(), "{at}: upgraded from base after a stamp");
}

fn missing(engine: &str, reason: &str) {
    assert!(
        std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
        "{reason}"
    );
    println!("skipped: {} examples on {engine}: {reason}", EXAMPLES.len());
}

#[test]
fn sqlite() {
    match Command::new("sqlite3").arg("-version").output() {
        Ok(_) => check(&Shell(tempfile::tempdir().unwrap())),
        Err(error) => missing("sqlite", &error.to_string()),
    }
}

#[test]
fn postgresql() {
    match Server::start() {
        Ok(server) => check(&server),
        Err(reason) => missing("postgresql", &reason),
    }
}

#[test]
fn mariadb() {
    match MariaDb::start() {
        Ok(server) => check(&server),
        Err(reason) => missing("mariadb", &reason),
    }
}

/// SQL revisions: identifier and what it does.
fn revisions(of: &[(&str, &str)]) -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let folder = directory.path().join("r");
    std::fs::create_dir(&folder).unwrap();
    std::fs::write(
        directory.path().join("gensql.toml"),
        "revisions = [\"r\"]\n",
    )
    .unwrap();
    let mut down = String::new();
    for (id, body) in of {
        let text =
            format!("-- {id}\n-- revision: {id}\n{down}\n-- migrate:up\n{body}\n-- migrate:down\n");
        std::fs::write(folder.join(format!("{id}.sql")), text).unwrap();
        down = format!("-- down_revision: {id}");
    }
    directory
}

/// Statements that no transaction holds: what is left between is refused, and nothing runs twice.
#[test]
fn outside_of_transactions() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(reason) => return missing("postgresql", &reason),
    };
    let project = revisions(&[
        (
            "a1",
            "CREATE TABLE t (a INTEGER);\nINSERT INTO t VALUES (1), (2);",
        ),
        (
            "a2",
            "INSERT INTO t VALUES (3);\nCREATE INDEX CONCURRENTLY ix ON t (a);\nINSERT INTO t VALUES (4);",
        ),
        (
            "a3",
            "CREATE UNIQUE INDEX CONCURRENTLY ux ON t (a);\nINSERT INTO t VALUES (5);",
        ),
    ]);
    let write = |arguments: &[&str]| {
        let mut all = vec!["--dialect", "postgresql"];
        all.extend(arguments);
        script(project.path(), &all)
    };
    let rows = || {
        server
            .psql(
                "o",
                &["-c", "SELECT string_agg(a::text, ' ' ORDER BY a) FROM t"],
            )
            .unwrap_or_default()
    };
    let guarded = write(&["upgrade", "head", "--client", "psql"]);
    let repeated = write(&["upgrade", "head", "--idempotent", "--client", "psql"]);
    hold("guards", "outside", &format!("{guarded}\n{repeated}"));
    for text in [&guarded, &repeated] {
        Engine::create(&server, "o");
        Engine::apply(&server, "o", text).unwrap();
        assert_eq!(rows(), "1 2 3 4 5\n");
        let wanted = server.dump("o");
        let again = Engine::apply(&server, "o", text);
        assert_eq!(again.is_ok(), text == &repeated, "{again:?}");
        assert_eq!(server.dump("o"), wanted);
        for part in cuts(text) {
            Engine::create(&server, "o");
            let _ = Engine::apply(&server, "o", part);
            let before = server.dump("o");
            match Engine::apply(&server, "o", text) {
                Ok(_) => assert_eq!(server.dump("o"), wanted, "cut behind\n{part}"),
                Err(error) => {
                    assert!(error.contains("the database is not at"), "{error}");
                    assert_eq!(server.dump("o"), before, "cut behind\n{part}");
                }
            }
        }
    }
}

/// Rows of a range that are not those at which its plan begins: each branch by itself.
#[test]
fn branches_in_any_combination() {
    let directory = root().join("examples/branches");
    let shell = Shell(tempfile::tempdir().unwrap());
    if Command::new("sqlite3").arg("-version").output().is_err() {
        return missing("sqlite", "there is no sqlite3");
    }
    let write = |arguments: &[&str]| {
        let mut all = vec!["-c", "alembic.ini", "--dialect", "sqlite"];
        all.extend(arguments);
        script(&directory, &all)
    };
    let idempotent = |arguments: &[&str]| {
        let mut all = arguments.to_vec();
        all.extend(["--idempotent", "--client", "sqlite3"]);
        write(&all)
    };
    shell.create("d");
    shell.apply("d", &write(&["upgrade", "heads"])).unwrap();
    let wanted = shell.dump("d");
    let up = idempotent(&["upgrade", "heads"]);
    let down = idempotent(&["downgrade", "d1000000,e2000000:base"]);
    let mut states = Vec::new();
    for targets in [
        &["a1000000"][..],
        &["c1000000"],
        &["c2000000"],
        &["b1000000"],
        &["b2000000"],
        &["b1000000", "c1000000"],
        &["e1000000"],
        &["e2000000"],
        &["e2000000", "c2000000"],
        &["d1000000"],
    ] {
        let mut arguments = vec!["upgrade"];
        arguments.extend(targets);
        states.push(write(&arguments));
    }
    for state in states {
        shell.create("d");
        shell.apply("d", &state).unwrap();
        shell.apply("d", &up).unwrap();
        assert_eq!(tables(&shell.dump("d")), tables(&wanted), "{state}");
        assert_eq!(
            version_rows(&wanted),
            version_rows(&shell.dump("d")),
            "{state}"
        );
        shell.create("d");
        shell.apply("d", &state).unwrap();
        shell
            .apply("d", &down)
            .unwrap_or_else(|error| panic!("{error}\n{state}"));
        assert_eq!(
            version_rows(&shell.dump("d")),
            Vec::<String>::new(),
            "{state}"
        );
        assert_eq!(tables(&shell.dump("d")).len(), 1, "{state}");
    }
}

/// The definitions, in any order.
fn tables(dump: &str) -> Vec<String> {
    let mut found: Vec<String> = dump
        .lines()
        .filter(|line| line.starts_with("CREATE"))
        .map(str::to_owned)
        .collect();
    found.sort_unstable();
    found
}

fn version_rows(dump: &str) -> Vec<String> {
    let rows = dump
        .lines()
        .filter(|line| line.contains("INTO alembic_version"));
    rows.map(str::to_owned).collect()
}

/// What cannot be skipped is an error that names the statement.
#[test]
fn what_cannot_be_skipped() {
    let mut text = String::new();
    for (dialect, client, body) in [
        (
            "postgresql",
            "none",
            "CREATE INDEX CONCURRENTLY ix ON t (a);",
        ),
        ("postgresql", "psql", "COPY t FROM stdin;\n1\n\\.\n"),
        ("postgresql", "psql", "COMMIT;"),
        ("sqlite", "none", "SELECT 1;"),
        ("sqlite", "sqlite3", "VACUUM;"),
        (
            "mysql",
            "none",
            "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;",
        ),
        (
            "mariadb",
            "none",
            "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET NEW.a = 1;",
        ),
        ("mssql", "none", "UPDATE t SET a = N'it''s';\nGO 2\n"),
        ("oracle", "none", "BEGIN NULL; END;\n/\n"),
    ] {
        let project = revisions(&[("a1", body)]);
        let arguments = [
            "--dialect",
            dialect,
            "upgrade",
            "head",
            "--idempotent",
            "--client",
            client,
        ];
        let answer = answer(&gensql(project.path(), &arguments));
        let answer = answer.replace(&*project.path().to_string_lossy(), "");
        text += &format!("$ gensql {}\n{body}\n{answer}\n", arguments.join(" "));
    }
    hold("guards", "refusals", &text);
}

/// gensql.toml decides for the project, what is typed for one script.
#[test]
fn settings() {
    let project = revisions(&[("a1", "SELECT 1;")]);
    let mut text = String::new();
    for (settings, arguments) in [
        ("guard = false", &["upgrade", "head"][..]),
        ("guard = false", &["upgrade", "head", "--guard"]),
        (
            "lock_timeout = \"2s\"\nadvisory_lock = true\nclient = \"psql\"",
            &["upgrade", "head", "--client", "none", "--no-guard"],
        ),
        ("lock_timeout = \"soon\"", &["upgrade", "head"]),
        (
            "lock_timeout = \"2s\"",
            &["upgrade", "head", "--compat", "alembic"],
        ),
        ("", &["upgrade", "head", "--lock-timeout", "5"]),
        ("", &["upgrade", "head", "--guard", "--compat", "alembic"]),
        ("", &["upgrade", "head", "--fresh", "--idempotent"]),
    ] {
        let file = format!("dialect = \"postgresql\"\nrevisions = [\"r\"]\n{settings}\n");
        std::fs::write(project.path().join("gensql.toml"), file).unwrap();
        let answer = answer(&gensql(project.path(), arguments));
        let answer = answer.replace(&*project.path().to_string_lossy(), "");
        text += &format!("{settings}\n$ gensql {}\n{answer}\n", arguments.join(" "));
    }
    hold("guards", "settings", &text);
}

/// One revision of each kind, in each dialect, with each option.
#[test]
fn spelling() {
    let directory = root().join("examples/branches");
    for dialect in [
        "postgresql",
        "sqlite",
        "mysql",
        "mariadb",
        "mssql",
        "oracle",
    ] {
        let client = match dialect {
            "sqlite" => "sqlite3",
            "postgresql" => "psql",
            "mysql" => "mysql",
            "mariadb" => "mariadb",
            "mssql" => "sqlcmd",
            _ => "sqlplus",
        };
        let mut text = String::new();
        for options in [
            &["upgrade", "heads", "--guard"][..],
            &[
                "upgrade",
                "heads",
                "--guard",
                "--client",
                client,
                "--lock-timeout",
                "1500ms",
                "--advisory-lock",
            ],
            &[
                "upgrade",
                "heads",
                "--no-guard",
                "--statement-timeout",
                "2min",
            ],
            &["upgrade", "heads", "--idempotent", "--client", client],
            &["upgrade", "heads", "--idempotent"],
            &["stamp", "heads", "--idempotent", "--client", client],
            &["upgrade", "heads", "--fresh", "--guard"],
            &["upgrade", "heads", "--guard", "--client", "other"],
        ] {
            let mut arguments = vec!["-c", "alembic.ini", "--dialect", dialect];
            arguments.extend(options);
            text += &format!(
                "$ gensql {}\n{}\n",
                arguments.join(" "),
                answer(&gensql(&directory, &arguments))
            );
        }
        hold("guards", dialect, &text);
    }
}

/// No server reads the scripts of SQL Server and Oracle here; a parser reads what it can, and what it
/// cannot is listed with its complaint: blocks of PL/SQL.
#[test]
fn parsed() {
    use sqlparser::dialect::{Dialect, MsSqlDialect, OracleDialect};
    let directory = root().join("examples/blog");
    let mut text = String::new();
    let dialects: [(&str, &str, &dyn Dialect); 2] = [
        ("mssql", "\n\nGO\n", &MsSqlDialect {}),
        ("oracle", "\n\n/\n", &OracleDialect {}),
    ];
    for (name, separator, dialect) in dialects {
        for option in ["--guard", "--idempotent"] {
            let arguments = [
                "--dialect",
                name,
                "upgrade",
                "heads",
                option,
                "--advisory-lock",
            ];
            let whole = script(&directory, &arguments);
            let mut read = 0;
            for batch in whole.split(separator) {
                match sqlparser::parser::Parser::parse_sql(dialect, batch) {
                    Ok(_) => read += 1,
                    Err(error) => {
                        let first = batch
                            .lines()
                            .find(|l| !l.is_empty() && !l.starts_with("--"));
                        text +=
                            &format!("{name} {option}: {}: {error}\n", first.unwrap_or_default());
                    }
                }
            }
            text += &format!("{name} {option}: {read} read\n\n");
        }
    }
    hold("guards", "parsed", &text);
}
