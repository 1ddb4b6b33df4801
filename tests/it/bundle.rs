//! `gensql bundle`: what is handed over is whole, the same each time, proven, and works.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::lock::copy;
use crate::program::{EXAMPLES, answer, gensql, hold, root, script};
use crate::servers::{MariaDb, Server};

/// All files below a directory with their bytes.
fn contents(directory: &Path) -> BTreeMap<String, Vec<u8>> {
    let mut found = BTreeMap::new();
    let mut open = vec![directory.to_path_buf()];
    while let Some(next) = open.pop() {
        for entry in fs::read_dir(&next).unwrap().flatten() {
            let path = entry.path();
            if path.is_dir() {
                open.push(path);
            } else {
                let name = path.strip_prefix(directory).unwrap().display().to_string();
                found.insert(name, fs::read(&path).unwrap());
            }
        }
    }
    found
}

fn example(name: &str) -> tempfile::TempDir {
    let temporary = tempfile::tempdir().unwrap();
    copy(&root().join("examples").join(name), temporary.path());
    temporary
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replacen(from, to, 1)).unwrap();
}

/// The text without hashes, which change with every word of any file.
fn without_hashes(text: &str) -> String {
    let is_hash = |word: &str| word.len() == 64 && word.chars().all(|c| c.is_ascii_hexdigit());
    let words = text.split_inclusive(|c: char| !c.is_ascii_alphanumeric());
    words
        .map(|word| match word.get(..64).filter(|start| is_hash(start)) {
            Some(_) => format!("HASH{}", &word[64..]),
            None => word.to_owned(),
        })
        .collect()
}

/// The scripts of a folder in the order of their names.
fn numbered(bundle: &Path, folder: &str) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> = fs::read_dir(bundle.join(folder))
        .unwrap()
        .flatten()
        .map(|entry| entry.path())
        .collect();
    found.sort();
    found
}

#[test]
fn a_bundle_of_the_example() {
    let here = example("blog");
    let output = gensql(
        here.path(),
        &[
            "--dialect",
            "postgresql",
            "bundle",
            "2b7e15162a3c:head",
            "-o",
            "out",
        ],
    );
    assert!(output.status.success(), "{}", answer(&output));
    let bundle = here.path().join("out");
    let names: Vec<String> = contents(&bundle).into_keys().collect();
    hold("bundle", "files", &names.join("\n"));
    for name in ["RUNBOOK.md", "manifest.json", "verify.sql"] {
        let text = fs::read_to_string(bundle.join(name)).unwrap();
        let bytes = text.lines().filter(|line| !line.contains("\"bytes\""));
        let text = bytes.collect::<Vec<_>>().join("\n");
        hold("bundle", name, &without_hashes(&text));
    }
    let review = fs::read_to_string(bundle.join("review.md")).unwrap();
    assert!(review.contains("`drop-column`"), "{review}");
    let page = fs::read_to_string(bundle.join("review.html")).unwrap();
    assert!(page.contains("drop-column"), "{page}");
    let sums = Command::new("sha256sum")
        .args(["-c", "--quiet", "SHA256SUMS"])
        .current_dir(&bundle)
        .status();
    assert!(sums.expect("sha256sum is needed for this test").success());
}

/// Neither the place, nor the directory that the command is run in, nor an earlier bundle counts.
#[test]
fn the_same_sources_give_the_same_bytes() {
    let one = example("blog");
    let other = example("blog");
    script(
        one.path(),
        &["--dialect", "sqlite", "bundle", "head", "-o", "a/b/out"],
    );
    let config = other.path().join("alembic.ini");
    let outside = tempfile::tempdir().unwrap();
    let arguments = [
        "-c",
        config.to_str().unwrap(),
        "--dialect",
        "sqlite",
        "bundle",
        "head",
        "-o",
    ];
    let arguments: Vec<&str> = arguments.into_iter().chain(["out"]).collect();
    script(outside.path(), &arguments);
    let whole = contents(&one.path().join("a/b/out"));
    assert_eq!(whole, contents(&outside.path().join("out")));
    // Again, in its own place.
    let refused = gensql(outside.path(), &arguments);
    assert_eq!(refused.status.code(), Some(2), "{}", answer(&refused));
    let forced: Vec<&str> = arguments.into_iter().chain(["--force"]).collect();
    script(outside.path(), &forced);
    assert_eq!(whole, contents(&outside.path().join("out")));
    // Nothing else is left behind.
    assert_eq!(fs::read_dir(outside.path()).unwrap().count(), 1);
    for (name, bytes) in whole {
        let text = String::from_utf8(bytes).unwrap();
        assert!(!text.contains("/tmp"), "{name} has a path of this machine");
    }
}

#[test]
fn only_a_bundle_is_replaced() {
    let here = example("blog-sql");
    let run = |place: &str| gensql(here.path(), &["bundle", "head", "--force", "-o", place]);
    fs::create_dir(here.path().join("mine")).unwrap();
    fs::write(here.path().join("mine/letter"), "dear").unwrap();
    fs::write(here.path().join("file"), "dear").unwrap();
    for place in ["mine", "file", "."] {
        let output = run(place);
        assert_eq!(output.status.code(), Some(2), "{}", answer(&output));
    }
    assert_eq!(
        fs::read_to_string(here.path().join("mine/letter")).unwrap(),
        "dear"
    );
    fs::create_dir(here.path().join("empty")).unwrap();
    assert!(run("empty").status.success());
    let output = gensql(here.path(), &["bundle", "head"]);
    assert_eq!(output.status.code(), Some(2), "{}", answer(&output));
    let output = gensql(here.path(), &["bundle", "head:head", "-o", "nothing"]);
    assert_eq!(output.status.code(), Some(1), "{}", answer(&output));
    assert!(!here.path().join("nothing").exists());
}

/// Each kind of tampering is found, and what it is.
#[test]
fn what_was_altered_is_told() {
    type Tamper = fn(&Path, &Path);
    let cases: &[(&str, Tamper, &[&str])] = &[
        (
            "an edited script",
            |bundle, _| edit(&bundle.join("upgrade.sql"), "CREATE TABLE", "create table"),
            &["upgrade.sql was edited"],
        ),
        (
            "an edited review",
            |bundle, _| fs::write(bundle.join("review.html"), "fine\n").unwrap(),
            &["review.html was edited"],
        ),
        (
            "an added file",
            |bundle, _| {
                fs::write(bundle.join("upgrade/0000_first.sql"), "DROP TABLE users;").unwrap()
            },
            &["upgrade/0000_first.sql was added"],
        ),
        (
            "a removed file",
            |bundle, _| fs::remove_file(bundle.join("rollback.sql")).unwrap(),
            &["rollback.sql is missing"],
        ),
        (
            "a removed list",
            |bundle, _| fs::remove_file(bundle.join("SHA256SUMS")).unwrap(),
            &["SHA256SUMS is missing"],
        ),
        (
            "an edited list",
            |bundle, _| edit(&bundle.join("SHA256SUMS"), "  ", " *"),
            &["SHA256SUMS is not what is made now"],
        ),
        (
            "an edited manifest",
            |bundle, _| {
                edit(
                    &bundle.join("manifest.json"),
                    "\"create users\"",
                    "\"none\"",
                )
            },
            &["manifest.json is not what is made now"],
        ),
        (
            "a manifest that is none",
            |bundle, _| fs::write(bundle.join("manifest.json"), "{}").unwrap(),
            &["manifest.json is not what gensql has written"],
        ),
        (
            "a script and its hash in the manifest",
            |bundle, _| {
                let path = bundle.join("verify.sql");
                let before = fs::read(&path).unwrap();
                fs::write(&path, "SELECT 1;\n").unwrap();
                edit(
                    &bundle.join("manifest.json"),
                    &sha256(&before),
                    &sha256(b"SELECT 1;\n"),
                );
            },
            &["the sources render something else: verify.sql"],
        ),
        (
            "a changed source",
            |_, project| {
                edit(
                    &project.join("revisions/20240109_2b7e15162a3c_create_posts.sql"),
                    "VARCHAR(200)",
                    "VARCHAR(300)",
                )
            },
            &[
                "the sources render something else",
                "20240109_2b7e15162a3c_create_posts.sql has changed since",
                "+    title VARCHAR(300) NOT NULL",
            ],
        ),
        (
            "a changed source that renders the same",
            |_, project| {
                edit(
                    &project.join("revisions/20240109_2b7e15162a3c_create_posts.sql"),
                    "body TEXT",
                    "body  TEXT",
                )
            },
            &[
                "manifest.json is not what is made now",
                "20240109_2b7e15162a3c_create_posts.sql has changed since",
            ],
        ),
        (
            "a changed setting",
            |_, project| edit(&project.join("gensql.toml"), "news", "old"),
            &[
                "the sources render something else",
                "gensql.toml has changed since",
            ],
        ),
        (
            "a source that is gone",
            |_, project| {
                fs::remove_file(
                    project
                        .join("revisions/20240415_a3e4f5061770_find_published_posts_quickly.sql"),
                )
                .unwrap()
            },
            &["cannot be made again"],
        ),
    ];
    for (what, tamper, told) in cases {
        let here = example("blog-sql");
        script(
            here.path(),
            &[
                "bundle",
                "base:head",
                "-o",
                "out",
                "--lock-timeout",
                "5s",
                "--client",
                "psql",
            ],
        );
        let fine = gensql(here.path(), &["bundle", "--check", "out"]);
        assert_eq!(fine.status.code(), Some(0), "{}", answer(&fine));
        tamper(&here.path().join("out"), here.path());
        let output = gensql(here.path(), &["bundle", "--check", "out"]);
        let said = answer(&output);
        assert_eq!(output.status.code(), Some(1), "{what}: {said}");
        for text in *told {
            assert!(said.contains(text), "{what}: {said}");
        }
    }
}

fn sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    let digest = sha2::Sha256::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn what_is_imported_is_an_input() {
    let here = example("blog");
    let revision = here
        .path()
        .join("migrations/versions/20240108_1f0c2a9d4e11_create_users.py");
    fs::write(here.path().join("migrations/helper.py"), "LENGTH = 320\n").unwrap();
    edit(
        &revision,
        "import sqlalchemy as sa",
        "import sqlalchemy as sa\nfrom helper import LENGTH",
    );
    fs::write(here.path().join("helper.py"), "LENGTH = 320\n").unwrap();
    script(
        here.path(),
        &["--dialect", "sqlite", "bundle", "head", "-o", "out"],
    );
    let manifest = fs::read_to_string(here.path().join("out/manifest.json")).unwrap();
    for input in ["\"helper.py\"", "\"alembic.ini\"", "\"migrations/env.py\""] {
        assert!(manifest.contains(input), "{manifest}");
    }
}

#[test]
fn hostile_names_lead_nowhere() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path().join("inside/project");
    fs::create_dir_all(here.join("revisions")).unwrap();
    fs::write(
        here.join("gensql.toml"),
        "revisions = ['revisions']\ndialect = 'sqlite'\n",
    )
    .unwrap();
    let revisions = [
        ("../../x", "none", "../../../etc/passwd | `x` <script>"),
        (".rc", "../../x", "$(reboot); rm *"),
        ("CON", ".rc", ""),
    ];
    for (number, (id, follows, message)) in revisions.into_iter().enumerate() {
        let text = format!(
            "-- {message}\n-- revision: {id}\n-- down_revision: {follows}\n-- migrate:up\nCREATE TABLE t{number} (id INTEGER);\n-- migrate:down\nDROP TABLE t{number};\n"
        );
        fs::write(here.join(format!("revisions/{number}.sql")), text).unwrap();
    }
    script(&here, &["bundle", "head", "-o", "out"]);
    script(&here, &["bundle", "--check", "out"]);
    for path in contents(temporary.path()).into_keys() {
        assert!(path.starts_with("inside/project/"), "{path}");
        let name = path.rsplit('/').next().unwrap();
        assert!(
            name.chars()
                .all(|c| c.is_ascii_alphanumeric() || "._-~".contains(c)),
            "{path}"
        );
    }
    let book = fs::read_to_string(here.join("out/RUNBOOK.md")).unwrap();
    assert!(!book.contains("<script>"), "{book}");
}

#[test]
fn what_cannot_be_taken_back_is_refused_or_told() {
    let here = example("blog");
    let path = here
        .path()
        .join("migrations/versions/20240219_5e7c3d90be25_post_status.py");
    let text = fs::read_to_string(&path).unwrap();
    let begin = text.find("def downgrade").unwrap();
    let end = text[begin..].find('\n').unwrap() + begin;
    fs::write(
        &path,
        format!(
            "{}\n    raise NotImplementedError(\"never\")\n",
            &text[..end]
        ),
    )
    .unwrap();
    let bundle = ["--dialect", "postgresql", "bundle", "head", "-o", "out"];
    let output = gensql(here.path(), &bundle);
    hold("bundle", "irreversible", &answer(&output));
    assert!(!here.path().join("out").exists());
    let accepted: Vec<&str> = bundle.into_iter().chain(["--irreversible"]).collect();
    let output = gensql(here.path(), &accepted);
    hold(
        "bundle",
        "irreversible_accepted",
        &without_hashes(&answer(&output)),
    );
    let bundle = here.path().join("out");
    assert_eq!(numbered(&bundle, "rollback").len(), 5);
    assert!(bundle.join("rollback.sql").exists());
    let book = fs::read_to_string(bundle.join("RUNBOOK.md")).unwrap();
    assert!(book.contains("**Number 5 cannot be taken back**"), "{book}");
    script(here.path(), &["bundle", "--check", "out"]);
    let derived: Vec<&str> = accepted
        .into_iter()
        .chain(["--derive-downgrade", "--force"])
        .collect();
    script(here.path(), &derived);
    assert_eq!(numbered(&bundle, "rollback").len(), 10);
}

/// A release that makes something first and takes something away later falls in two.
#[test]
fn expand_and_contract_are_told_apart() {
    let here = tempfile::tempdir().unwrap();
    let revisions = here.path().join("revisions");
    fs::create_dir(&revisions).unwrap();
    fs::write(
        here.path().join("gensql.toml"),
        "revisions = ['revisions']\ndialect = 'postgresql'\n",
    )
    .unwrap();
    let steps = [
        (
            "a1",
            "none",
            "CREATE TABLE t (id INTEGER PRIMARY KEY, old TEXT)",
            "DROP TABLE t",
        ),
        (
            "b2",
            "a1",
            "ALTER TABLE t ADD COLUMN new TEXT",
            "ALTER TABLE t DROP COLUMN new",
        ),
        ("c3", "b2", "UPDATE t SET new = old", "SELECT 1"),
        (
            "d4",
            "c3",
            "CREATE INDEX CONCURRENTLY ix_new ON t (new)",
            "DROP INDEX CONCURRENTLY ix_new",
        ),
        (
            "e5",
            "d4",
            "ALTER TABLE t DROP COLUMN old",
            "ALTER TABLE t ADD COLUMN old TEXT",
        ),
    ];
    for (id, follows, up, down) in steps {
        let text = format!(
            "-- {id}\n-- revision: {id}\n-- down_revision: {follows}\n-- migrate:up\n{up};\n-- migrate:down\n{down};\n"
        );
        fs::write(revisions.join(format!("{id}.sql")), text).unwrap();
    }
    script(
        here.path(),
        &["bundle", "a1:head", "-o", "out", "--client", "psql"],
    );
    let manifest: serde_json::Value =
        serde_json::from_str(&fs::read_to_string(here.path().join("out/manifest.json")).unwrap())
            .unwrap();
    let kinds: Vec<[&str; 3]> = manifest["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| ["work", "phase", "transaction"].map(|key| r[key].as_str().unwrap()))
        .collect();
    assert_eq!(
        kinds,
        [
            ["DDL", "expand", "whole"],
            ["data", "expand", "whole"],
            ["DDL", "expand", "partly"],
            ["DDL", "contract", "whole"],
        ]
    );
    let read = |name: &str| fs::read_to_string(here.path().join("out").join(name)).unwrap();
    assert!(!read("expand.sql").contains("DROP COLUMN"));
    assert!(read("contract.sql").contains("DROP COLUMN"));
    assert!(!read("contract.sql").contains("ADD COLUMN"));
    hold("bundle", "phases", &read("RUNBOOK.md"));
}

/// Whatever the number of revisions, and twice the same.
#[test]
fn a_thousand_revisions() {
    let here = tempfile::tempdir().unwrap();
    let revisions = here.path().join("revisions");
    fs::create_dir(&revisions).unwrap();
    fs::write(
        here.path().join("gensql.toml"),
        "revisions = ['revisions']\ndialect = 'postgresql'\n",
    )
    .unwrap();
    let mut follows = "none".to_owned();
    for number in 0..1000 {
        let id = format!("r{number:04}");
        let text = format!(
            "-- make t{number}\n-- revision: {id}\n-- down_revision: {follows}\n-- migrate:up\nCREATE TABLE t{number} (id INTEGER PRIMARY KEY, a TEXT);\n-- migrate:down\nDROP TABLE t{number};\n"
        );
        fs::write(revisions.join(format!("{id}.sql")), text).unwrap();
        follows = id;
    }
    let time = |range: &str, place: &str| {
        let start = std::time::Instant::now();
        script(here.path(), &["bundle", range, "-o", place]);
        start.elapsed()
    };
    let part = time("r0099", "part");
    let whole = time("head", "one");
    time("head", "other");
    println!("100 revisions: {part:?}, 1,000: {whole:?}");
    let (one, other) = (
        contents(&here.path().join("one")),
        contents(&here.path().join("other")),
    );
    assert_eq!(one.len(), 2000 + 8);
    assert!(one == other);
    script(here.path(), &["bundle", "--check", "one"]);
}

/// An engine that applies files.
trait Engine {
    /// A new, empty database.
    fn create(&self, database: &str);
    /// Applies a script, as its own client does; what it says where it fails.
    fn apply(&self, database: &str, script: &str) -> Result<(), String>;
    /// The schema as the engine itself writes it.
    fn dump(&self, database: &str) -> String;
}

struct Sqlite(tempfile::TempDir);

impl Sqlite {
    fn path(&self, database: &str) -> PathBuf {
        self.0.path().join(database)
    }
}

impl Engine for Sqlite {
    fn create(&self, database: &str) {
        let _ = fs::remove_file(self.path(database));
    }

    fn apply(&self, database: &str, script: &str) -> Result<(), String> {
        let connection = rusqlite::Connection::open(self.path(database)).unwrap();
        connection
            .execute_batch(script)
            .map_err(|error| error.to_string())
    }

    fn dump(&self, database: &str) -> String {
        let connection = rusqlite::Connection::open(self.path(database)).unwrap();
        let mut statement = connection
            .prepare("SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_master ORDER BY type, name")
            .unwrap();
        let rows = statement
            .query_map([], |row| row.get::<_, String>(0))
            .unwrap();
        rows.map(Result::unwrap).collect::<Vec<_>>().join("\n")
    }
}

impl Engine for Server {
    fn create(&self, database: &str) {
        self.psql("postgres", &["-c", &format!("CREATE DATABASE {database}")])
            .unwrap();
    }

    fn apply(&self, database: &str, script: &str) -> Result<(), String> {
        Server::apply(self, database, script).map(|_| ())
    }

    fn dump(&self, database: &str) -> String {
        let output = Command::new("pg_dump")
            .args(["--schema-only", "--no-owner", "-U", "postgres", "-h"])
            .arg(self.path())
            .arg(database)
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        // Newer versions write a key that differs each time.
        let lines = text.lines().filter(|line| !line.contains("restrict "));
        lines.collect::<Vec<_>>().join("\n")
    }
}

impl Engine for MariaDb {
    fn create(&self, database: &str) {
        MariaDb::apply(self, "mysql", &format!("CREATE DATABASE {database}")).unwrap();
    }

    fn apply(&self, database: &str, script: &str) -> Result<(), String> {
        MariaDb::apply(self, database, script).map(|_| ())
    }

    fn dump(&self, database: &str) -> String {
        let output = Command::new("mariadb-dump")
            .args([
                "--no-defaults",
                "-uroot",
                "--no-data",
                "--skip-comments",
                "--skip-dump-date",
            ])
            .args([&self.socket(), database])
            .output()
            .unwrap();
        assert!(
            output.status.success(),
            "{}",
            String::from_utf8_lossy(&output.stderr)
        );
        String::from_utf8_lossy(&output.stdout).into_owned()
    }
}

/// One by one is the same as all at once; it verifies, notices what is missing, and goes back.
fn hand_over(engine: &dyn Engine, dialect: &str, skipped: &[&str], broken: &[(&str, &str, &str)]) {
    for (name, config) in EXAMPLES {
        if skipped.contains(name) {
            println!("skipped: {name} on {dialect}: the engine has no schemas");
            continue;
        }
        let here = example(name);
        script(
            here.path(),
            &[
                "-c",
                config,
                "--dialect",
                dialect,
                "bundle",
                "heads",
                "-o",
                "out",
            ],
        );
        let bundle = here.path().join("out");
        let read = |path: &Path| fs::read_to_string(path).unwrap();
        let apply = |database: &str, path: &Path| {
            let text = read(path);
            if let Err(error) = engine.apply(database, &text) {
                panic!("{name} on {dialect}: {}: {error}\n{text}", path.display());
            }
        };
        let stem = name.replace('-', "_");
        let [whole, single, empty] =
            ["whole", "single", "empty"].map(|kind| format!("{stem}_{kind}"));
        for database in [&whole, &single, &empty] {
            engine.create(database);
        }
        let verify = bundle.join("verify.sql");
        assert!(
            engine.apply(&empty, &read(&verify)).is_err(),
            "{name}: nothing is there"
        );
        apply(&whole, &bundle.join("upgrade.sql"));
        for path in numbered(&bundle, "upgrade") {
            apply(&single, &path);
        }
        assert_eq!(
            engine.dump(&whole),
            engine.dump(&single),
            "{name} on {dialect}"
        );
        apply(&whole, &verify);
        apply(&whole, &verify);
        assert_eq!(
            engine.dump(&whole),
            engine.dump(&single),
            "{name}: verify.sql changes something"
        );
        // A script that was applied refuses the database.
        let first = &numbered(&bundle, "upgrade")[0];
        assert!(
            engine.apply(&single, &read(first)).is_err(),
            "{name}: applied twice"
        );

        if *name == "blog" {
            for (number, (harm, undo, object)) in broken.iter().enumerate() {
                engine
                    .apply(&whole, harm)
                    .unwrap_or_else(|error| panic!("{harm}: {error}"));
                let found = engine.apply(&whole, &read(&verify));
                assert!(
                    found.is_err(),
                    "{dialect}: {number}: {object} was not missed"
                );
                engine
                    .apply(&whole, undo)
                    .unwrap_or_else(|error| panic!("{undo}: {error}"));
                apply(&whole, &verify);
            }
        }

        apply(&whole, &bundle.join("rollback.sql"));
        for path in numbered(&bundle, "rollback").iter().rev() {
            apply(&single, path);
        }
        assert_eq!(
            engine.dump(&whole),
            engine.dump(&single),
            "{name} on {dialect}"
        );
        assert!(
            engine.apply(&whole, &read(&verify)).is_err(),
            "{name}: it was taken back"
        );
        // And up again.
        apply(&whole, &bundle.join("upgrade.sql"));
        apply(&whole, &verify);
    }
}

#[test]
fn sqlite_takes_bundles() {
    let engine = Sqlite(tempfile::tempdir().unwrap());
    hand_over(
        &engine,
        "sqlite",
        &["multi-schema"],
        &[
            (
                "ALTER TABLE tags RENAME TO gone",
                "ALTER TABLE gone RENAME TO tags",
                "a table",
            ),
            (
                "ALTER TABLE users RENAME COLUMN display_name TO x",
                "ALTER TABLE users RENAME COLUMN x TO display_name",
                "a column",
            ),
            (
                "DROP INDEX ix_comments_post_id",
                "CREATE INDEX ix_comments_post_id ON comments (post_id)",
                "an index",
            ),
            (
                "DROP INDEX ix_comments_post_id; CREATE INDEX ix_comments_post_id ON comments (score)",
                "DROP INDEX ix_comments_post_id; CREATE INDEX ix_comments_post_id ON comments (post_id)",
                "an index of another column",
            ),
            (
                "UPDATE alembic_version SET version_num = 'x'",
                "UPDATE alembic_version SET version_num = 'a3e4f5061770'",
                "the version",
            ),
        ],
    );
}

fn unless_required(reason: &str) {
    assert!(
        std::env::var_os("GENSQL_REQUIRE_SERVERS").is_none(),
        "{reason}"
    );
    println!("skipped: {reason}");
}

#[test]
fn postgresql_takes_bundles() {
    let server = match Server::start() {
        Ok(server) => server,
        Err(reason) => return unless_required(&reason),
    };
    hand_over(
        &server,
        "postgresql",
        &[],
        &[
            (
                "ALTER TABLE tags RENAME TO gone",
                "ALTER TABLE gone RENAME TO tags",
                "a table",
            ),
            (
                "ALTER TABLE users RENAME COLUMN display_name TO x",
                "ALTER TABLE users RENAME COLUMN x TO display_name",
                "a column",
            ),
            (
                "ALTER TABLE users ALTER COLUMN display_name TYPE VARCHAR(81)",
                "ALTER TABLE users ALTER COLUMN display_name TYPE VARCHAR(80)",
                "a type",
            ),
            (
                "ALTER TABLE users ALTER COLUMN display_name DROP NOT NULL",
                "ALTER TABLE users ALTER COLUMN display_name SET NOT NULL",
                "NOT NULL",
            ),
            (
                "DROP INDEX ix_comments_post_id",
                "CREATE INDEX ix_comments_post_id ON comments (post_id)",
                "an index",
            ),
            (
                "DROP INDEX ix_users_email; CREATE INDEX ix_users_email ON users (email)",
                "DROP INDEX ix_users_email; CREATE UNIQUE INDEX ix_users_email ON users (email)",
                "a unique index",
            ),
            (
                "ALTER TABLE posts RENAME CONSTRAINT ck_posts_title TO x",
                "ALTER TABLE posts RENAME CONSTRAINT x TO ck_posts_title",
                "a check",
            ),
            (
                "ALTER TABLE post_tags DROP CONSTRAINT pk_post_tags",
                "ALTER TABLE post_tags ADD CONSTRAINT pk_post_tags PRIMARY KEY (post_id, tag_id)",
                "a primary key",
            ),
            (
                "ALTER TABLE posts DROP CONSTRAINT fk_posts_author_id_users",
                "ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE",
                "a foreign key",
            ),
            (
                "UPDATE alembic_version SET version_num = 'x'",
                "UPDATE alembic_version SET version_num = 'a3e4f5061770'",
                "the version",
            ),
        ],
    );
}

#[test]
fn mariadb_takes_bundles() {
    let server = match MariaDb::start() {
        Ok(server) => server,
        Err(reason) => return unless_required(&reason),
    };
    hand_over(
        &server,
        "mariadb",
        &["multi-schema"],
        &[
            (
                "ALTER TABLE tags RENAME TO gone",
                "ALTER TABLE gone RENAME TO tags",
                "a table",
            ),
            (
                "ALTER TABLE users RENAME COLUMN display_name TO x",
                "ALTER TABLE users RENAME COLUMN x TO display_name",
                "a column",
            ),
            (
                "ALTER TABLE users MODIFY display_name VARCHAR(81) NOT NULL",
                "ALTER TABLE users MODIFY display_name VARCHAR(80) NOT NULL",
                "a type",
            ),
            (
                "ALTER TABLE users MODIFY display_name VARCHAR(80)",
                "ALTER TABLE users MODIFY display_name VARCHAR(80) NOT NULL",
                "NOT NULL",
            ),
            (
                "DROP INDEX ix_users_email ON users",
                "CREATE UNIQUE INDEX ix_users_email ON users (email)",
                "an index",
            ),
            (
                "ALTER TABLE posts DROP CONSTRAINT ck_posts_title",
                "ALTER TABLE posts ADD CONSTRAINT ck_posts_title CHECK (length(title) > 0)",
                "a check",
            ),
            (
                "ALTER TABLE posts DROP FOREIGN KEY fk_posts_author_id_users",
                "ALTER TABLE posts ADD CONSTRAINT fk_posts_author_id_users FOREIGN KEY (author_id) REFERENCES users (id) ON DELETE CASCADE",
                "a foreign key",
            ),
            (
                "UPDATE alembic_version SET version_num = 'x'",
                "UPDATE alembic_version SET version_num = 'a3e4f5061770'",
                "the version",
            ),
        ],
    );
}
