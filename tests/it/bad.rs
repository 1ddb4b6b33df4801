//! What bad input gets: a diagnostic on stderr, nothing on stdout, status 1 or 2.

use std::path::Path;

use crate::program::{answer, gensql, hold};

const INI: &str = "[alembic]\nscript_location = .\nsqlalchemy.url = sqlite://\n";
const HEAD: &str = "revision = 'aaaa1'\ndown_revision = None\n";

struct Project(tempfile::TempDir);

impl Project {
    fn new(files: &[(&str, &[u8])]) -> Self {
        let project = Self(tempfile::tempdir().unwrap());
        for (name, bytes) in files {
            let path = project.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }
        project
    }

    /// An Alembic project with one revision.
    fn python(body: &str) -> Self {
        let env = "from alembic import context\ncontext.configure(dialect_name='sqlite')\nwith context.begin_transaction():\n    context.run_migrations()\n";
        Self::new(&[
            ("alembic.ini", INI.as_bytes()),
            ("env.py", env.as_bytes()),
            (
                "versions/a.py",
                format!("import os\nimport sqlalchemy as sa\nfrom alembic import op\n{HEAD}{body}")
                    .as_bytes(),
            ),
        ])
    }

    /// A project of one SQL revision.
    fn sql(text: &[u8]) -> Self {
        let toml = "dialect = \"sqlite\"\nrevisions = [\"revisions\"]\n";
        Self::new(&[("gensql.toml", toml.as_bytes()), ("revisions/a.sql", text)])
    }

    fn path(&self) -> &Path {
        self.0.path()
    }

    fn refuses(&self, name: &str, arguments: &[&str]) {
        let output = gensql(self.path(), arguments);
        let text = answer(&output);
        assert!(output.stdout.is_empty(), "{name}: {text}");
        assert!(
            matches!(output.status.code(), Some(1 | 2)),
            "{name}: {text}"
        );
        // Temporary paths differ from run to run.
        let canonical = self.path().canonicalize().unwrap();
        let text = text
            .replace(&*canonical.to_string_lossy(), "[project]")
            .replace(&*self.path().to_string_lossy(), "[project]");
        assert!(text.contains("help: "), "{name} names no remedy: {text}");
        hold(
            "bad",
            name,
            &format!("$ gensql {}\n{text}", arguments.join(" ")),
        );
    }
}

#[test]
fn sql_revisions() {
    let cases: &[(&str, &[u8])] = &[
        ("sql_no_revision", b"-- only a message\n-- migrate:up\n"),
        ("sql_no_up", b"-- revision: a\n"),
        (
            "sql_two_ups",
            b"-- revision: a\n-- migrate:up\n-- migrate:up\n",
        ),
        (
            "sql_text_first",
            b"SELECT 1;\n-- revision: a\n-- migrate:up\n",
        ),
        (
            "sql_unknown_key",
            b"-- revision: a\n-- down_revison: none\n-- migrate:up\n",
        ),
        (
            "sql_not_utf8",
            b"-- revision: a\n-- migrate:up\nSELECT '\xff';\n",
        ),
        ("sql_nul", b"-- revision: a\n-- migrate:up\nSELECT '\0';\n"),
        (
            "sql_id_quote",
            b"-- revision: a'; DROP TABLE x; --\n-- down_revision: b\n-- migrate:up\n",
        ),
        (
            "sql_missing_down",
            b"-- revision: a\n-- down_revision: zzz\n-- migrate:up\n",
        ),
    ];
    for (name, text) in cases {
        Project::sql(text).refuses(name, &["heads"]);
    }
}

#[test]
fn files() {
    let project = Project::sql(b"-- revision: a\n-- migrate:up\n");
    project.refuses("unknown_configuration", &["-c", "nowhere.toml", "heads"]);
    std::fs::create_dir(project.path().join("revisions/b.sql")).unwrap();
    project.refuses("directory_for_file", &["heads"]);
    Project::new(&[]).refuses("no_configuration", &["upgrade", "head"]);
    #[cfg(unix)]
    {
        let toml = "dialect = \"sqlite\"\nrevisions = [\"revisions\"]\nrecursive = true\n";
        let project = Project::new(&[
            ("gensql.toml", toml.as_bytes()),
            ("revisions/a.sql", b"-- revision: a\n-- migrate:up\n"),
        ]);
        std::os::unix::fs::symlink(".", project.path().join("revisions/loop")).unwrap();
        project.refuses("link_loop", &["heads"]);
    }
}

#[test]
fn revisions() {
    let revision = |id: &str, down: &str| {
        format!(
            "-- {id}\n-- revision: {id}\n-- down_revision: {down}\n\n-- migrate:up\nSELECT 1;\n"
        )
    };
    let project = |revisions: &[(&str, &str)]| {
        let toml = b"dialect = \"sqlite\"\nrevisions = [\"revisions\"]\n";
        let project = Project::new(&[("gensql.toml", toml)]);
        std::fs::create_dir(project.path().join("revisions")).unwrap();
        for (number, (id, down)) in revisions.iter().enumerate() {
            std::fs::write(
                project.path().join(format!("revisions/{number}.sql")),
                revision(id, down),
            )
            .unwrap();
        }
        project
    };
    let line = project(&[("aaaa1", "none"), ("aaaa2", "aaaa1"), ("bbbb1", "aaaa2")]);
    line.refuses("revision_unknown", &["upgrade", "nope"]);
    line.refuses("revision_misspelt", &["upgrade", "bbbb2"]);
    line.refuses("revision_ambiguous", &["upgrade", "aaaa"]);
    line.refuses("range_backwards", &["upgrade", "bbbb1:aaaa1"]);
    line.refuses("range_of_three", &["upgrade", "aaaa1:aaaa2:bbbb1"]);
    line.refuses(
        "dialect_unknown",
        &["--dialect", "postgres9", "upgrade", "head"],
    );
    project(&[("aaaa1", "none"), ("bbbb1", "aaaa1"), ("cccc1", "aaaa1")])
        .refuses("heads_several", &["upgrade", "head"]);
    project(&[("aaaa1", "none"), ("aaaa1", "none")]).refuses("revision_twice", &["heads"]);
    project(&[("aaaa1", "bbbb1"), ("bbbb1", "aaaa1")]).refuses("cycle", &["heads"]);
    project(&[("aaaa1", "zzzz9")]).refuses("down_revision_missing", &["heads"]);
}

#[test]
fn python() {
    let cases: &[(&str, &str)] = &[
        ("python_syntax", "def upgrade(:\n    pass\n"),
        (
            "python_endless_loop",
            "def upgrade():\n    while True:\n        pass\n",
        ),
        (
            "python_endless_recursion",
            "def f():\n    return f()\n\ndef upgrade():\n    f()\n",
        ),
        (
            "python_big_string",
            "def upgrade():\n    s = 'x'\n    for i in range(40):\n        s = s + s\n    op.execute(s)\n",
        ),
        (
            "python_big_number",
            "def upgrade():\n    n = 10\n    for i in range(40):\n        n = n * n\n    op.execute(str(n))\n",
        ),
        (
            "python_reads_rows",
            "def upgrade():\n    rows = op.get_bind().execute(sa.text('SELECT a FROM t')).fetchall()\n    for row in rows:\n        op.execute('UPDATE t SET a = ' + row.a)\n",
        ),
        (
            "python_unknown_import",
            "import unheard_of\n\ndef upgrade():\n    op.execute(unheard_of.SQL)\n",
        ),
        (
            "python_exception",
            "def upgrade():\n    raise ValueError('no')\n",
        ),
        ("python_no_upgrade", "x = 1\n"),
        (
            "python_subprocess",
            "import subprocess\n\ndef upgrade():\n    op.execute(subprocess.check_output('id'))\n",
        ),
        (
            "python_file_outside",
            "def upgrade():\n    op.execute(open('/etc/passwd').read())\n",
        ),
        (
            "python_misspelt_operation",
            "def upgrade():\n    op.create_tabel('t')\n",
        ),
        (
            "python_misspelt_batch_operation",
            "def upgrade():\n    with op.batch_alter_table('t') as batch_op:\n        batch_op.add_colum(sa.Column('a', sa.Integer))\n",
        ),
        (
            "python_file_missing",
            "def upgrade():\n    op.execute(open('views.sql').read())\n",
        ),
        (
            "python_file_written",
            "def upgrade():\n    open('log.txt', 'w').write('x')\n",
        ),
        (
            "python_long_string",
            "def upgrade():\n    s = ''\n    for i in range(100):\n        s += 'x' * (1 << 20)\n    op.execute(s)\n",
        ),
        (
            "python_deep_recursion_of_attributes",
            "class A:\n    def __getattr__(self, name):\n        return getattr(self, name + 'x')\n\ndef upgrade():\n    A().b\n",
        ),
        (
            "python_unknown_branch",
            "import unheard_of\n\ndef upgrade():\n    if unheard_of.enabled():\n        op.drop_table('t')\n",
        ),
        (
            "python_name_nul",
            "def upgrade():\n    op.drop_table('a\\0b')\n",
        ),
    ];
    for (name, body) in cases {
        Project::python(body).refuses(name, &["upgrade", "head"]);
    }
    let project = Project::python("def upgrade():\n    pass\n");
    std::fs::write(
        project.path().join("versions/a.py"),
        b"revision = 'aaaa1'\nx = '\xff'\n",
    )
    .unwrap();
    project.refuses("python_not_utf8", &["upgrade", "head"]);
    std::fs::write(
        project.path().join("versions/a.py"),
        "revision = 'a;\\n--'\n",
    )
    .unwrap();
    project.refuses("python_id_comment", &["upgrade", "head"]);
}

#[test]
fn configuration() {
    let refuses = |name: &str, ini: &[u8]| {
        let project = Project::python("def upgrade():\n    pass\n");
        std::fs::write(project.path().join("alembic.ini"), ini).unwrap();
        project.refuses(name, &["upgrade", "head"]);
    };
    refuses("ini_not_utf8", b"[alembic]\nscript_location = \xff\n");
    refuses("ini_no_section", b"script_location = .\n");
    refuses("ini_twice", b"[alembic]\na = 1\na = 2\n");
    refuses(
        "ini_interpolation",
        b"[alembic]\nscript_location = %(nowhere)s/x\n",
    );
    refuses("ini_no_scripts", b"[alembic]\nscript_location = nowhere\n");
    let project = Project::python("def upgrade():\n    pass\n");
    std::fs::write(
        project.path().join("alembic.ini"),
        "[alembic]\nscript_location = .\n",
    )
    .unwrap();
    std::fs::write(project.path().join("env.py"), "x = 1 / 0\n").unwrap();
    project.refuses("dialect_unnamed", &["upgrade", "head"]);
    let toml = Project::new(&[("gensql.toml", b"dialect = [\n")]);
    toml.refuses("toml_syntax", &["heads"]);
    let toml = Project::new(&[("gensql.toml", b"dialekt = \"sqlite\"\n")]);
    toml.refuses("toml_unknown_key", &["heads"]);
}

#[test]
fn rows_that_cannot_be_read() {
    let project = Project::python("def upgrade():\n    pass\n");
    project.refuses("rows_missing", &["current", "--current-from", "rows.txt"]);
    project.refuses("rows_directory", &["current", "--current-from", "versions"]);
}

#[cfg(target_os = "linux")]
#[test]
fn places_that_cannot_be_written() {
    let project = Project::python("def upgrade():\n    pass\n");
    project.refuses("output_full", &["upgrade", "head", "-o", "/dev/full"]);
    project.refuses("output_nowhere", &["upgrade", "head", "-o", "none/x.sql"]);
    project.refuses("output_directory", &["upgrade", "head", "-o", "versions"]);
    let full = std::fs::OpenOptions::new()
        .write(true)
        .open("/dev/full")
        .unwrap();
    let output = std::process::Command::new(env!("CARGO_BIN_EXE_gensql"))
        .current_dir(project.path())
        .args(["upgrade", "head"])
        .env_clear()
        .stdout(full)
        .stderr(std::process::Stdio::piped())
        .spawn()
        .and_then(std::process::Child::wait_with_output)
        .unwrap();
    let text = answer(&output);
    hold(
        "bad",
        "stdout_full",
        &format!("$ gensql upgrade head > /dev/full\n{text}"),
    );
}

#[cfg(unix)]
#[test]
fn links() {
    use std::os::unix::fs::symlink;
    for (name, target) in [("link_to_itself", "b.py"), ("link_dangling", "nothing.py")] {
        let project = Project::python("def upgrade():\n    pass\n");
        symlink(target, project.path().join("versions/b.py")).unwrap();
        project.refuses(name, &["heads"]);
    }
}

#[test]
fn identifiers_reach_the_version_table_whatever_is_in_them() {
    let project = Project::python("def upgrade():\n    pass\n");
    let file = project.path().join("versions/a.py");
    let write = |id: &str| {
        let text = format!("revision = {id}\ndown_revision = None\ndef upgrade():\n    pass\n");
        std::fs::write(&file, text).unwrap();
    };
    for id in [
        "a'b",
        "a\"b",
        "a;b",
        "a/*b",
        "a\nDROP TABLE x;",
        "a%sb",
        "a\\b",
    ] {
        write(&format!("{id:?}"));
        let script = crate::program::script(project.path(), &["upgrade", "heads"]);
        let connection = rusqlite::Connection::open_in_memory().unwrap();
        connection
            .execute_batch(&script)
            .unwrap_or_else(|error| panic!("{error}\n{script}"));
        let row: String = connection
            .query_row("SELECT version_num FROM alembic_version", [], |row| {
                row.get(0)
            })
            .unwrap();
        assert_eq!(row, id);
    }
    write("'a\\0b'");
    project.refuses("python_id_nul", &["heads"]);
}

#[cfg(unix)]
#[test]
fn a_file_larger_than_the_budget() {
    let project = Project::sql(b"-- revision: a\n-- migrate:up\n");
    let file = std::fs::OpenOptions::new()
        .write(true)
        .open(project.path().join("revisions/a.sql"))
        .unwrap();
    // A sparse file: it takes no room on the disk.
    file.set_len(8 << 30).unwrap();
    project.refuses("file_too_large", &["heads"]);
}

#[test]
fn names_are_quoted_whatever_is_in_them() {
    let body = "def upgrade():\n    for name in ('a\"b', \"a'b\", 'a;b', 'a--b', 'a/*b', 'a\\nb', 'select'):\n        op.create_table(name, sa.Column(name, sa.String(9), server_default=name))\n";
    let project = Project::python(body);
    let script = crate::program::script(project.path(), &["upgrade", "head"]);
    let connection = rusqlite::Connection::open_in_memory().unwrap();
    connection
        .execute_batch(&script)
        .unwrap_or_else(|error| panic!("{error}\n{script}"));
    let mut query = connection
        .prepare("SELECT m.name, c.name, c.dflt_value FROM sqlite_master m, pragma_table_info(m.name) c WHERE m.type = 'table' AND m.name <> 'alembic_version' ORDER BY m.rowid")
        .unwrap();
    let rows: Vec<(String, String, String)> = query
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .map(Result::unwrap)
        .collect();
    let names = ["a\"b", "a'b", "a;b", "a--b", "a/*b", "a\nb", "select"];
    assert_eq!(rows.len(), names.len());
    for (row, name) in rows.iter().zip(names) {
        let default = format!("'{}'", name.replace('\'', "''"));
        assert_eq!(row, &(name.to_owned(), name.to_owned(), default));
    }
}
