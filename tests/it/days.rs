//! The day of a team that releases: written, looked at, edited, bundled, locked, stamped, and what is
//! refused of it, in both kinds of project; and the sessions of the README.

use std::fs;
use std::path::Path;

use crate::authoring::{MODELS, POSTS};
use crate::program::{hold, root};
use crate::session::{as_on_a_terminal, files, ok, run_with, said, said_with};

/// An editor that replaces one text by another.
fn editor(from: &str, to: &str) -> String {
    format!("sed -i \"s/{from}/{to}/\"")
}

/// What a session says. Digests are not held: they say the same as what is held otherwise.
struct Day {
    directory: tempfile::TempDir,
    text: String,
}

impl Day {
    fn new() -> Self {
        Self {
            directory: tempfile::tempdir().unwrap(),
            text: String::new(),
        }
    }

    fn path(&self) -> &Path {
        self.directory.path()
    }

    fn play(&mut self, commands: &[&str]) {
        for command in commands {
            let words: Vec<&str> = command.split(' ').collect();
            let said = said(self.path(), &words);
            self.add(&said);
        }
    }

    fn edit(&mut self, revision: &str, from: &str, to: &str) {
        let editor = editor(from, to);
        let said = said_with(
            self.path(),
            &["edit", revision],
            &[("EDITOR", &editor), ("PATH", "/usr/bin:/bin")],
        );
        self.text.push_str(&format!("# {editor}\n"));
        self.add(&said);
    }

    fn add(&mut self, said: &str) {
        for line in said.lines() {
            match line.split_once("has the SHA-256 ") {
                Some((before, _)) => self.text.push_str(&format!("{before}has the SHA-256 …\n")),
                None => self.text.push_str(&format!("{line}\n")),
            }
        }
        self.text.push('\n');
    }

    /// What a command says that prints whole files: the end of it that matters.
    fn refused(&mut self, arguments: &[&str], lines: usize) {
        let output = run_with(self.path(), arguments, &[]);
        let stderr = String::from_utf8(output.stderr).unwrap();
        let first: Vec<&str> = stderr.lines().take(lines).collect();
        self.text.push_str(&format!(
            "$ gensql {}\nstatus: {:?}\n{}\n\n",
            arguments.join(" "),
            output.status.code(),
            first.join("\n")
        ));
    }
}

#[cfg(unix)]
#[test]
fn the_day_of_a_team() {
    let mut day = Day::new();
    let path = day.path().to_path_buf();
    day.play(&["--dialect postgresql init"]);
    let env = path.join("migrations/env.py");
    let text = fs::read_to_string(&env).unwrap().replace(
        "\ntarget_metadata = None\n",
        "\nfrom models import Base\n\ntarget_metadata = Base.metadata\n",
    );
    fs::write(&env, text).unwrap();
    fs::write(path.join("models.py"), MODELS).unwrap();
    day.play(&[
        "revision --autogenerate -m users --rev-id aaaa01",
        "lint",
        "lock",
        "lock --check --complete",
    ]);
    // The next release: what is dangerous is found, decided on in the editor, and handed over.
    let shorter = MODELS.replace("String(50)", "String(30)");
    fs::write(path.join("models.py"), format!("{shorter}{POSTS}")).unwrap();
    day.play(&[
        "revision --autogenerate -m posts --rev-id aaaa02",
        "check",
        "lint aaaa01:head",
        "review aaaa01:head",
    ]);
    let allowed = "# gensql: allow change-type the longest name has 21 letters\\n    &";
    day.play(&["lint aaaa01:head --format github"]);
    day.edit("head", "op.alter_column(.users.", allowed);
    day.play(&[
        "lint aaaa01:head",
        "review aaaa01:head --format markdown --fail-on warning",
        "upgrade aaaa01:head",
        "bundle aaaa01:head -o release-2",
        "bundle --check release-2",
        "bundle aaaa01:head -o release-2",
        "lock --check",
        "lock --check --complete",
        "lock",
        "lock --check --complete",
        "stamp aaaa02",
        "stamp aaaa01:head",
        "stamp --purge aaaa01",
        "stamp --purge head --current aaaa01",
        "current --check-heads --current aaaa01",
        "current --check-heads --current aaaa02",
    ]);
    // An acknowledgement that hides nothing says why.
    day.edit("aaaa02", "allow change-type the", "allow type-change the");
    day.play(&["lint aaaa01:head"]);
    day.edit("aaaa02", "allow type-change the", "allow change-type the");
    // A comment is no change of a released revision; a change of its script is.
    day.edit("aaaa01", "Create Date", "Created");
    day.play(&["lock --check", "lint"]);
    day.edit("aaaa01", "Created", "Create Date");
    day.edit("aaaa02", "length=30", "length=20");
    day.play(&["lock --check", "lint aaaa01:head", "lock"]);
    day.refused(&["bundle", "--check", "release-2"], 5);
    day.edit("aaaa02", "length=20", "length=30");
    day.play(&["lock --check", "bundle --check release-2"]);
    let script = path.join("release-2/upgrade.sql");
    let altered = fs::read_to_string(&script).unwrap().replace("(30)", "(25)");
    fs::write(&script, altered).unwrap();
    day.refused(&["bundle", "--check", "release-2"], 4);
    // Two of the team go on from the same revision, and both release.
    day.play(&[
        "revision -m left --rev-id bbbb01",
        "revision -m right --rev-id cccc01 --head aaaa02 --splice",
        "upgrade head",
        "lint aaaa02:heads",
        "merge heads -m both --rev-id dddd01",
        "lint aaaa02:heads",
        "lock",
        "bundle aaaa02:head --force -o release-2",
        "bundle --check release-2",
        "downgrade head:aaaa02",
    ]);
    let mine = fs::read_to_string(path.join("gensql.lock")).unwrap();
    let theirs = format!("<<<<<<< mine\n{mine}=======\n{mine}>>>>>>> theirs\n");
    fs::write(path.join("gensql.lock"), theirs).unwrap();
    day.play(&["lock --check"]);
    fs::write(path.join("gensql.lock"), mine).unwrap();
    day.play(&["lock --check --complete"]);
    let text = format!("{}{}", day.text, files(&path.join("migrations/versions")));
    hold("days", "team", &text);
}

#[cfg(unix)]
#[test]
fn the_day_of_a_team_with_sql() {
    let mut day = Day::new();
    let path = day.path().to_path_buf();
    day.play(&["--dialect postgresql init -t sql"]);
    let users =
        "CREATE TABLE users (id SERIAL PRIMARY KEY, name VARCHAR(50) NOT NULL, old TEXT);\n";
    let posts = "CREATE TABLE posts (id SERIAL PRIMARY KEY, user_id INTEGER NOT NULL REFERENCES users (id));\n";
    fs::write(path.join("schema.sql"), users).unwrap();
    day.play(&[
        "revision --autogenerate -m users --rev-id aaaa01",
        "lint",
        "lock",
        "lock --check --complete",
    ]);
    let fewer = users.replace(", old TEXT", "");
    let indexed = "CREATE INDEX ix_name ON users (name);\n";
    fs::write(path.join("schema.sql"), format!("{fewer}{posts}{indexed}")).unwrap();
    day.play(&[
        "revision --autogenerate -m posts --rev-id aaaa02",
        "check",
        "lint aaaa01:head",
        "lint aaaa01:head --fix --dry-run",
        "review aaaa01:head",
    ]);
    let allowed = "-- gensql:allow drop-column nobody has read it since 4.2\\n&";
    day.edit("head", "^ALTER TABLE users DROP.*", allowed);
    day.play(&[
        "lint aaaa01:head --fail-on error",
        "upgrade aaaa01:head",
        "upgrade aaaa01:head --online",
        "bundle aaaa01:head -o release-2",
        "bundle --check release-2",
        "lock --check --complete",
        "lock",
        "lock --check --complete",
        "stamp aaaa02",
        "stamp --purge aaaa01",
        "ensure_version",
        "current --check-heads --current aaaa01",
    ]);
    day.edit("aaaa02", "^CREATE INDEX", "CREATE UNIQUE INDEX");
    day.play(&["lock --check", "lint aaaa01:head --fix"]);
    day.refused(&["bundle", "--check", "release-2"], 5);
    day.edit("aaaa02", "^CREATE UNIQUE INDEX", "CREATE INDEX");
    day.play(&[
        "lock --check",
        "bundle --check release-2",
        "revision -m left --rev-id bbbb01",
        "revision -m right --rev-id cccc01 --head aaaa02 --splice",
        "lint aaaa02:heads",
        "merge heads -m both --rev-id dddd01",
        "lock",
        "bundle aaaa02:head --force -o release-2",
        "bundle --check release-2",
        "downgrade head:aaaa01",
    ]);
    let text = format!("{}{}", day.text, files(&path.join("revisions")));
    hold("days", "team_sql", &text);
}

/// A block of a document that begins with ```` ```console ````: commands with what they print.
fn sessions(document: &str) -> Vec<Vec<(String, String)>> {
    let blocks = document.split("```console\n").skip(1);
    let blocks = blocks.map(|rest| rest.split("```").next().unwrap());
    blocks
        .map(|block| {
            let mut session: Vec<(String, String)> = Vec::new();
            for line in block.lines() {
                match line.strip_prefix("$ gensql ") {
                    Some(command) => session.push((command.to_owned(), String::new())),
                    None => session.last_mut().unwrap().1.push_str(&format!("{line}\n")),
                }
            }
            session
        })
        .collect()
}

/// The words of a command; those in quotes are one.
fn words(command: &str) -> Vec<&str> {
    let parts = command.split('"').enumerate();
    parts
        .flat_map(|(place, part)| match place % 2 {
            1 => vec![part],
            _ => part.split_whitespace().collect(),
        })
        .collect()
}

/// What the README shows is what the program prints, letter by letter, but for the directory and the
/// identifier that a new revision gets.
#[test]
fn the_sessions_of_the_readme() {
    let readme = fs::read_to_string(root().join("README.md")).unwrap();
    let sessions = sessions(&readme);
    assert_eq!(sessions.len(), 2);
    let mut commands = 0;
    for (session, examples) in sessions.iter().zip([false, true]) {
        let new = tempfile::tempdir().unwrap();
        let directory = match examples {
            true => root().join("examples/blog"),
            false => new.path().canonicalize().unwrap(),
        };
        let mut id = String::new();
        for (command, printed) in session {
            let mut text = as_on_a_terminal(&directory, &words(command))
                .replace(&directory.display().to_string(), "/home/me/app");
            if let Some((_, rest)) = text.split_once("migrations/versions/")
                && let Some((made, _)) = rest.split_once('_')
            {
                id = made.to_owned();
            }
            if !id.is_empty() {
                text = text.replace(&id, "7d36c70d7c5d");
            }
            assert_eq!(text.trim_end(), printed.trim_end(), "gensql {command}");
            commands += 1;
        }
    }
    assert!(commands >= 8, "{commands}");
}

/// The help of each command begins with what the command is for, as the list of commands says it.
#[test]
fn the_help_of_a_command_is_its_own() {
    let list = ok(&root(), &["--help"]);
    let list = list.split("Commands:\n").nth(1).unwrap();
    let lines = list.lines().take_while(|line| !line.is_empty());
    let mut held = 0;
    for line in lines {
        let (command, about) = line.trim().split_once(' ').unwrap();
        if command == "help" {
            continue;
        }
        let help = ok(&root(), &[command, "--help"]);
        assert_eq!(help.lines().next(), Some(about.trim()), "{command}");
        held += 1;
    }
    assert!(held > 20, "{held}");
}

/// `-q` leaves what was asked for, and errors.
#[test]
fn nothing_but_results_is_said_quietly() {
    let directory = tempfile::tempdir().unwrap();
    let say = |arguments: &[&str]| ok(directory.path(), &[&["-q"], arguments].concat());
    for arguments in [
        &["init", "--template", "sql", "--dialect", "sqlite"][..],
        &["revision", "-m", "one", "--rev-id", "one"],
        &["revision", "-m", "two", "--rev-id", "two", "--head", "one"],
        &["lock"],
    ] {
        assert_eq!(say(arguments), "", "{arguments:?}");
    }
    assert!(say(&["heads"]).contains("two"));
    let loud = ok(
        directory.path(),
        &["revision", "-m", "three", "--rev-id", "three"],
    );
    assert!(loud.starts_with("Generating "), "{loud}");
}
