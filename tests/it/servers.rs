//! Scripts of the examples, applied for real: up, and down again.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{EXAMPLES, root, script};

fn up_and_down(example: &str, config: &str, dialect: &str) -> (String, String) {
    let directory = root().join("examples").join(example);
    let heads = script(&directory, &["-c", config, "heads"]);
    let heads: Vec<&str> = heads
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .collect();
    let range = format!("{}:base", heads.join(","));
    let up = script(
        &directory,
        &["-c", config, "--dialect", dialect, "upgrade", "heads"],
    );
    let down = script(
        &directory,
        &["-c", config, "--dialect", dialect, "downgrade", &range],
    );
    (up, down)
}

#[test]
fn sqlite_takes_the_scripts() {
    for (example, config) in EXAMPLES {
        if *example == "multi-schema" {
            // SQLite has no CREATE SCHEMA.
            println!("skipped: {example} on sqlite: the engine has no schemas");
            continue;
        }
        let (up, down) = up_and_down(example, config, "sqlite");
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&up)
            .unwrap_or_else(|error| panic!("{example} up: {error}\n{up}"));
        let count = |sql: &str| {
            connection
                .query_row(sql, [], |row| row.get::<_, i64>(0))
                .unwrap()
        };
        let tables = "SELECT count(*) FROM sqlite_master WHERE type = 'table' AND name <> 'alembic_version' AND name NOT LIKE 'sqlite_%'";
        assert!(count(tables) > 2, "{example}");
        connection
            .execute_batch(&down)
            .unwrap_or_else(|error| panic!("{example} down: {error}\n{down}"));
        assert_eq!(count(tables), 0, "{example}");
    }
}

/// A PostgreSQL server on a socket in a temporary directory.
pub(crate) struct Server {
    directory: tempfile::TempDir,
    programs: PathBuf,
    user: Option<&'static str>,
}

impl Server {
    /// Starts one; the reason when there is none to start.
    pub(crate) fn start() -> Result<Self, String> {
        let programs = programs().ok_or("initdb and postgres are not installed")?;
        let directory = tempfile::Builder::new()
            .prefix("gensql")
            .tempdir_in("/tmp")
            .map_err(|error| error.to_string())?;
        // PostgreSQL refuses to run as root.
        let root = Command::new("id")
            .arg("-u")
            .output()
            .is_ok_and(|id| id.stdout == b"0\n");
        let user = root.then_some("postgres");
        let server = Self {
            directory,
            programs,
            user,
        };
        if let Some(user) = user {
            let status = Command::new("chown").arg(user).arg(server.path()).status();
            if !status.is_ok_and(|status| status.success()) {
                return Err(format!("there is no user {user}"));
            }
        }
        server.run(
            "initdb",
            &[
                "-A",
                "trust",
                "-U",
                "postgres",
                "--no-sync",
                "-E",
                "UTF8",
                "--locale=C",
                "-D",
                "data",
            ],
        )?;
        let options = format!(
            "-c listen_addresses= -c fsync=off -k {}",
            server.path().display()
        );
        server.run(
            "pg_ctl",
            &[
                "-w", "-s", "-D", "data", "-l", "log", "-o", &options, "start",
            ],
        )?;
        Ok(server)
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    fn run(&self, program: &str, arguments: &[&str]) -> Result<(), String> {
        let path = self.programs.join(program);
        let mut command = match self.user {
            Some(user) => {
                let mut command = Command::new("setpriv");
                let flags = [
                    format!("--reuid={user}"),
                    format!("--regid={user}"),
                    "--clear-groups".into(),
                ];
                command.args(flags).arg(path);
                command
            }
            None => Command::new(path),
        };
        // The server keeps the standard streams open; a file does not wait for it.
        let out = std::fs::File::create(self.path().join("out")).map_err(|e| e.to_string())?;
        let error = out.try_clone().map_err(|e| e.to_string())?;
        command
            .current_dir(self.path())
            .args(arguments)
            .stdout(out)
            .stderr(error);
        match command.status() {
            Ok(status) if status.success() => Ok(()),
            _ => {
                let said = std::fs::read_to_string(self.path().join("out")).unwrap_or_default();
                Err(format!("{program} failed: {said}"))
            }
        }
    }

    pub(crate) fn psql(&self, database: &str, arguments: &[&str]) -> Result<String, String> {
        let output = Command::new("psql")
            .args([
                "-X",
                "-q",
                "-A",
                "-t",
                "-v",
                "ON_ERROR_STOP=1",
                "-U",
                "postgres",
                "-d",
                database,
            ])
            .arg("-h")
            .arg(self.path())
            .args(arguments)
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }

    /// Applies a script to its end, whatever fails, and gives what the server says of it.
    pub(crate) fn complaints(&self, database: &str, script: &str) -> String {
        let file = self.path().join("script.sql");
        std::fs::write(&file, script).unwrap();
        let output = Command::new("psql")
            .args(["-X", "-q", "-v", "VERBOSITY=verbose", "-U", "postgres"])
            .args(["-d", database, "-f"])
            .arg(&file)
            .arg("-h")
            .arg(self.path())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    pub(crate) fn apply(&self, database: &str, script: &str) -> Result<String, String> {
        let file = self.path().join("script.sql");
        std::fs::write(&file, script).map_err(|error| error.to_string())?;
        self.psql(database, &["-f", file.to_str().unwrap_or_default()])
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.run("pg_ctl", &["-s", "-m", "immediate", "-D", "data", "stop"]);
    }
}

fn programs() -> Option<PathBuf> {
    let mut places: Vec<PathBuf> = std::env::var_os("PATH")
        .map(|path| std::env::split_paths(&path).collect())
        .unwrap_or_default();
    if let Ok(versions) = std::fs::read_dir("/usr/lib/postgresql") {
        let mut found: Vec<PathBuf> = versions.flatten().map(|v| v.path().join("bin")).collect();
        found.sort();
        places.splice(0..0, found.into_iter().rev());
    }
    places.into_iter().find(|place| {
        ["initdb", "pg_ctl", "postgres"]
            .iter()
            .all(|p| place.join(p).exists())
    })
}

#[test]
fn postgresql_takes_the_scripts() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(reason) => {
            assert!(
                std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
                "{reason}"
            );
            println!(
                "skipped: {} examples on postgresql: {reason}",
                EXAMPLES.len()
            );
            return;
        }
    };
    for (example, config) in EXAMPLES {
        let (up, down) = up_and_down(example, config, "postgresql");
        let database = example.replace('-', "_");
        server
            .psql("postgres", &["-c", &format!("CREATE DATABASE {database}")])
            .unwrap();
        let tables = || {
            server
                .psql(&database, &["-c", "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema') AND tablename <> 'alembic_version'"])
                .unwrap()
                .trim()
                .parse::<usize>()
                .unwrap()
        };
        server
            .apply(&database, &up)
            .unwrap_or_else(|error| panic!("{example} up: {error}\n{up}"));
        assert!(tables() > 2, "{example}");
        server
            .apply(&database, &down)
            .unwrap_or_else(|error| panic!("{example} down: {error}\n{down}"));
        assert_eq!(tables(), 0, "{example}");
    }
}

/// A MariaDB server on a socket in a temporary directory.
pub(crate) struct MariaDb {
    directory: tempfile::TempDir,
    process: std::process::Child,
}

impl MariaDb {
    /// Starts one; the reason when there is none to start.
    pub(crate) fn start() -> Result<Self, String> {
        // Every CREATE TABLE is a file, which is made ten times as fast in memory.
        let memory = std::path::Path::new("/dev/shm");
        let place = if memory.is_dir() {
            memory
        } else {
            std::path::Path::new("/tmp")
        };
        let directory = tempfile::Builder::new()
            .prefix("gensql")
            .tempdir_in(place)
            .map_err(|error| error.to_string())?;
        let data = format!("--datadir={}", directory.path().join("data").display());
        let installed = Command::new("mariadb-install-db")
            .args(["--no-defaults", "--user=root", "--skip-test-db"])
            .args(["--auth-root-authentication-method=normal", &data])
            .output()
            .map_err(|error| format!("mariadb-install-db: {error}"))?;
        if !installed.status.success() {
            let said = String::from_utf8_lossy(&installed.stderr).into_owned();
            return Err(format!("mariadb-install-db failed: {said}"));
        }
        let socket = format!("--socket={}", directory.path().join("socket").display());
        let log = std::fs::File::create(directory.path().join("log")).map_err(|e| e.to_string())?;
        let process = Command::new("mariadbd")
            .args(["--no-defaults", "--user=root", "--skip-networking"])
            .args([
                "--innodb-flush-log-at-trx-commit=0",
                "--innodb-doublewrite=0",
                "--innodb-flush-method=nosync",
                "--sync-frm=0",
            ])
            .args([&data, &socket])
            .stderr(log)
            .spawn()
            .map_err(|error| format!("mariadbd: {error}"))?;
        let server = Self { directory, process };
        for _ in 0..300 {
            if server.apply("mysql", "SELECT 1").is_ok() {
                return Ok(server);
            }
            std::thread::sleep(std::time::Duration::from_millis(100));
        }
        let log = std::fs::read_to_string(server.directory.path().join("log"));
        Err(format!(
            "mariadbd does not answer: {}",
            log.unwrap_or_default()
        ))
    }

    /// Applies a script to its end, whatever fails, and gives what the server says of it.
    pub(crate) fn complaints(&self, database: &str, script: &str) -> String {
        let file = self.directory.path().join("script.sql");
        std::fs::write(&file, script).unwrap();
        let output = Command::new("mariadb")
            .args(["--no-defaults", "-uroot", "-N", "-B", "--force"])
            .args([&self.socket(), database])
            .stdin(std::fs::File::open(&file).unwrap())
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stderr).into_owned()
    }

    pub(crate) fn socket(&self) -> String {
        let socket = self.directory.path().join("socket");
        format!("--socket={}", socket.display())
    }

    pub(crate) fn apply(&self, database: &str, script: &str) -> Result<String, String> {
        let file = self.directory.path().join("script.sql");
        std::fs::write(&file, script).map_err(|error| error.to_string())?;
        let input = std::fs::File::open(&file).map_err(|error| error.to_string())?;
        let socket = self.socket();
        let output = Command::new("mariadb")
            .args(["--no-defaults", "-uroot", "-N", "-B", &socket, database])
            .stdin(input)
            .output()
            .map_err(|error| error.to_string())?;
        if output.status.success() {
            Ok(String::from_utf8_lossy(&output.stdout).into_owned())
        } else {
            Err(String::from_utf8_lossy(&output.stderr).into_owned())
        }
    }
}

impl Drop for MariaDb {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

#[test]
fn mariadb_takes_the_scripts() {
    let server = match MariaDb::start() {
        Ok(server) => server,
        Err(reason) => {
            assert!(
                std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
                "{reason}"
            );
            println!("skipped: {} examples on mariadb: {reason}", EXAMPLES.len());
            return;
        }
    };
    for (example, config) in EXAMPLES {
        let (up, down) = up_and_down(example, config, "mariadb");
        let database = example.replace('-', "_");
        server
            .apply("mysql", &format!("CREATE DATABASE {database}"))
            .unwrap();
        let tables = "SELECT count(*) FROM information_schema.tables WHERE table_schema NOT IN ('mysql', 'sys', 'performance_schema', 'information_schema') AND table_name <> 'alembic_version'";
        let count = || server.apply(&database, tables).unwrap().trim().to_owned();
        let before = count();
        server
            .apply(&database, &up)
            .unwrap_or_else(|error| panic!("{example} up: {error}\n{up}"));
        assert_ne!(count(), before, "{example}");
        server
            .apply(&database, &down)
            .unwrap_or_else(|error| panic!("{example} down: {error}\n{down}"));
        assert_eq!(count(), before, "{example}");
    }
}

/// What is not said about a column comes from the schema as the chain leaves it.
#[test]
fn mariadb_keeps_what_a_changed_column_was() {
    let directory = tempfile::tempdir().unwrap();
    let versions = directory.path().join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(
        directory.path().join("alembic.ini"),
        "[alembic]\nscript_location = %(here)s/m\n",
    )
    .unwrap();
    std::fs::write(
        versions.join("a.py"),
        r#"import sqlalchemy as sa
from alembic import op
revision = "a"
down_revision = None


def upgrade():
    op.create_table(
        "t",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("c", sa.String(5), nullable=False, server_default="a\\b", comment="it's"),
        sa.Column("g", sa.Integer, sa.Computed("id + 1", persisted=True), comment="n"),
        sa.UniqueConstraint("c", name="uq_c"),
    )
    op.alter_column("t", "g", new_column_name="h")
    op.alter_column("t", "c", type_=sa.String(9))
    op.alter_column("t", "id", new_column_name="key")
    op.drop_constraint("uq_c", "t")
"#,
    )
    .unwrap();
    let script = script(
        directory.path(),
        &["--dialect", "mariadb", "upgrade", "head"],
    );
    for wanted in [
        r"ALTER TABLE t MODIFY c VARCHAR(9) NOT NULL DEFAULT 'a\\b' COMMENT 'it''s';",
        "ALTER TABLE t CHANGE g h INTEGER GENERATED ALWAYS AS (id + 1) STORED COMMENT 'n';",
        "ALTER TABLE t CHANGE id `key` INTEGER NOT NULL AUTO_INCREMENT;",
        "ALTER TABLE t DROP INDEX uq_c;",
    ] {
        assert!(script.contains(wanted), "{wanted}\n{script}");
    }
}

/// The server refuses to drop an index that a foreign key needs, as autogenerated downgrades do.
#[test]
fn an_index_goes_after_the_foreign_key_that_needs_it() {
    let directory = tempfile::tempdir().unwrap();
    let versions = directory.path().join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(
        directory.path().join("alembic.ini"),
        "[alembic]\nscript_location = %(here)s/m\n",
    )
    .unwrap();
    std::fs::write(
        versions.join("a.py"),
        r#"import sqlalchemy as sa
from alembic import op
revision = "a"
down_revision = None


def upgrade():
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    for name in ("t", "u", "v"):
        op.create_table(
            name,
            sa.Column("a", sa.Integer),
            sa.Column("b", sa.Integer),
            sa.ForeignKeyConstraint(["a"], ["p.id"], name=f"fk_{name}"),
        )
        op.create_index(f"ix_{name}", name, ["a"])
    op.create_index("ix_v2", "v", ["a", "b"])


def downgrade():
    op.drop_index("ix_t", "t")
    op.drop_index("ix_u", "u")
    op.drop_constraint("fk_u", "u", type_="foreignkey")
    op.drop_index("ix_v", "v")
    op.drop_table("t")
"#,
    )
    .unwrap();
    let script = script(
        directory.path(),
        &["--dialect", "mariadb", "downgrade", "a:base"],
    );
    let statements: Vec<&str> = script
        .lines()
        .filter(|line| line.contains("DROP ") && !line.contains("alembic_version"))
        .collect();
    assert_eq!(
        statements,
        [
            "ALTER TABLE u DROP FOREIGN KEY fk_u;",
            "DROP INDEX ix_u ON u;",
            "DROP INDEX ix_v ON v;",
            "DROP TABLE t;",
        ]
    );
}

/// What the server would refuse to lose with a column goes before it.
#[test]
fn mariadb_drops_columns_that_are_held() {
    let directory = tempfile::tempdir().unwrap();
    let versions = directory.path().join("m/versions");
    std::fs::create_dir_all(&versions).unwrap();
    std::fs::write(
        directory.path().join("alembic.ini"),
        "[alembic]\nscript_location = %(here)s/m\n",
    )
    .unwrap();
    std::fs::write(
        versions.join("a.py"),
        r#"import sqlalchemy as sa
from alembic import op
revision = "a"
down_revision = None


def upgrade():
    op.create_table("p", sa.Column("id", sa.Integer, primary_key=True))
    op.create_table(
        "t",
        sa.Column("a", sa.Integer, sa.ForeignKey("p.id", name="fk")),
        sa.Column("b", sa.Integer),
        sa.Column("c", sa.Integer),
        sa.Column("d", sa.Integer),
        sa.CheckConstraint("b > d", name="ck"),
        sa.UniqueConstraint("c", "d", name="uq"),
    )
    op.create_index("ix", "t", ["c"])
    op.drop_column("t", "a")
    op.drop_column("t", "b")
    op.drop_column("t", "c")
"#,
    )
    .unwrap();
    let drops = |dialect: &str| -> Vec<String> {
        let script = script(directory.path(), &["--dialect", dialect, "upgrade", "head"]);
        script
            .lines()
            .filter(|line| line.contains("DROP "))
            .map(str::to_owned)
            .collect()
    };
    assert_eq!(
        drops("mariadb"),
        [
            "ALTER TABLE t DROP FOREIGN KEY fk;",
            "ALTER TABLE t DROP COLUMN a;",
            "ALTER TABLE t DROP CONSTRAINT ck;",
            "ALTER TABLE t DROP COLUMN b;",
            "ALTER TABLE t DROP INDEX uq;",
            "ALTER TABLE t DROP COLUMN c;",
        ]
    );
    assert_eq!(
        drops("mssql"),
        [
            "ALTER TABLE t DROP COLUMN a;",
            "ALTER TABLE t DROP CONSTRAINT ck;",
            "ALTER TABLE t DROP COLUMN b;",
            "ALTER TABLE t DROP CONSTRAINT uq;",
            "DROP INDEX ix ON t;",
            "ALTER TABLE t DROP COLUMN c;",
        ]
    );
    if let Ok(server) = MariaDb::start() {
        server.apply("mysql", "CREATE DATABASE held").unwrap();
        let script = script(
            directory.path(),
            &["--dialect", "mariadb", "upgrade", "head"],
        );
        server.apply("held", &script).unwrap();
    }
}
