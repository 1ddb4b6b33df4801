//! `gensql lock`: what released revisions rendered to is held, whatever makes it another.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::program::{answer, gensql, hold, root, script};

/// A project of SQL revisions, one after another.
fn project(directory: &Path, ids: &[&str]) {
    fs::create_dir_all(directory.join("revisions")).unwrap();
    fs::write(
        directory.join("gensql.toml"),
        "revisions = ['revisions']\ndialect = 'postgresql'\n[vars]\nlength = 20\n",
    )
    .unwrap();
    let mut follows = "none";
    for id in ids {
        revision(directory, id, follows);
        follows = id;
    }
}

fn file(directory: &Path, id: &str) -> PathBuf {
    directory.join(format!("revisions/{id}.sql"))
}

fn revision(directory: &Path, id: &str, follows: &str) {
    let text = format!(
        "-- make t_{id}\n-- revision: {id}\n-- down_revision: {follows}\n\n-- migrate:up\n\
        CREATE TABLE t_{id} (id BIGINT NOT NULL, name VARCHAR({{{{ vars.length }}}}), PRIMARY KEY (id));\n\n\
        -- migrate:down\nDROP TABLE t_{id};\n"
    );
    fs::write(file(directory, id), text).unwrap();
}

fn edit(path: &Path, from: &str, to: &str) {
    let text = fs::read_to_string(path).unwrap();
    assert!(text.contains(from), "{text}");
    fs::write(path, text.replace(from, to)).unwrap();
}

/// Everything that `lock` has written.
fn written(directory: &Path) -> Vec<(String, String)> {
    let mut found = vec![(
        "gensql.lock".to_owned(),
        fs::read_to_string(directory.join("gensql.lock")).unwrap(),
    )];
    for entry in walk(&directory.join("gensql.locked")) {
        let text = fs::read_to_string(&entry).unwrap();
        found.push((entry.display().to_string(), text));
    }
    found.sort();
    found
}

fn walk(directory: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).into_iter().flatten().flatten() {
        match entry.file_type().unwrap().is_dir() {
            true => found.extend(walk(&entry.path())),
            false => found.push(entry.path()),
        }
    }
    found
}

#[test]
fn a_revision_is_locked_once_and_checked_from_then_on() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    project(here, &["a1", "b2"]);
    let mut story = String::new();
    let mut run = |arguments: &[&str]| {
        let output = gensql(here, arguments);
        story.push_str(&format!(
            "$ gensql {}\n{}\n",
            arguments.join(" "),
            answer(&output)
        ));
    };
    run(&["lock", "--check"]);
    run(&["lock", "a1"]);
    run(&["lock", "--check"]);
    run(&["lock", "--check", "--complete"]);
    run(&["lock", "--dialect", "sqlite"]);
    run(&["lock", "--check", "--complete"]);
    // A comment changes the file, and no script.
    edit(&file(here, "a1"), "-- make t_a1", "-- makes t_a1");
    run(&["lock", "--check"]);
    edit(
        &file(here, "a1"),
        "name VARCHAR",
        "name  TEXT, more VARCHAR",
    );
    run(&["lock", "--check"]);
    run(&["lock"]);
    run(&["lock", "--update", "b2"]);
    run(&["lock", "--update", "c3"]);
    run(&["lock", "--update", "a1"]);
    run(&["lock", "--check"]);
    // What is common to several files.
    edit(&here.join("gensql.toml"), "length = 20", "length = 30");
    run(&["lock", "--check"]);
    run(&["lock", "--force"]);
    // The newest is taken away, and the other loses its way back.
    fs::remove_file(file(here, "b2")).unwrap();
    edit(
        &file(here, "a1"),
        "DROP TABLE t_a1;",
        "DROP TABLE t_a1; SELECT 1;",
    );
    run(&["lock", "--check"]);
    run(&["lock", "--update", "b2", "--update", "a1"]);
    run(&["lock", "--check"]);
    hold("lock", "story", &story);
    assert!(!here.join("gensql.locked/sqlite/b2.up.sql").exists());
}

#[test]
fn what_another_version_rendered_is_told_from_an_edit() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    project(here, &["a1"]);
    script(here, &["lock"]);
    // A lock as an earlier version would have written it: another version, another script.
    let lock = here.join("gensql.lock");
    let text = fs::read_to_string(&lock).unwrap();
    let stored = here.join("gensql.locked/postgresql/a1.up.sql");
    edit(&stored, "BIGINT", "INT8");
    let line = |name: &str| {
        let found = text.lines().find(|line| line.starts_with(name));
        found.unwrap().to_owned()
    };
    let sha256 = |text: &str| gensql_sha256(text.as_bytes());
    let before = line("scripts.");
    let upgrade = before.split('"').nth(3).unwrap();
    let other = sha256(&fs::read_to_string(&stored).unwrap());
    let block = text[text.find("[[revision]]").unwrap()..text.find("chain").unwrap()]
        .replace(&line("tool"), "tool = \"0.0.9\"")
        .replace(upgrade, &other);
    let chain = sha256(&format!("\n{block}"));
    let head = &text[..text.find("[[revision]]").unwrap()];
    fs::write(&lock, format!("{head}{block}chain = \"{chain}\"\n")).unwrap();
    let output = gensql(here, &["lock", "--check"]);
    hold("lock", "another_version", &answer(&output));
}

fn gensql_sha256(bytes: &[u8]) -> String {
    use sha2::Digest;
    sha2::Sha256::digest(bytes)
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn files_of_the_lock_that_were_touched_are_told() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    project(here, &["a1", "b2"]);
    script(here, &["lock"]);
    let whole = written(here);
    let stored = here.join("gensql.locked/postgresql/b2.down.sql");
    edit(&stored, "DROP TABLE", "-- DROP TABLE");
    let output = gensql(here, &["lock", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(answer(&output).contains("E0311"), "{}", answer(&output));
    fs::remove_file(&stored).unwrap();
    script(here, &["lock"]);
    assert_eq!(written(here), whole);
    edit(
        &here.join("gensql.lock"),
        "revisions/a1.sql",
        "revisions/x.sql",
    );
    let output = gensql(here, &["lock", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        answer(&output).contains("the block of revision a1 was edited"),
        "{}",
        answer(&output)
    );
}

/// What is locked is what `upgrade` and `downgrade` print for the revision alone.
#[test]
fn locked_scripts_are_those_that_are_printed() {
    for (example, config) in [("blog", "alembic.ini"), ("blog-sql", "gensql.toml")] {
        let temporary = tempfile::tempdir().unwrap();
        let here = temporary.path();
        copy(&root().join("examples").join(example), here);
        script(here, &["-c", config, "--dialect", "sqlite", "lock"]);
        let history = script(here, &["-c", config, "history"]);
        let mut revisions = Vec::new();
        for line in history.lines() {
            let (range, _) = line.split_once(", ").unwrap();
            let (before, id) = range.split_once(" -> ").unwrap();
            let before = before.replace("<base>", "base");
            revisions.push((before, id.split(' ').next().unwrap().to_owned()));
        }
        assert_eq!(revisions.len(), 10);
        for (before, id) in revisions {
            let print = |command: &str, range: String| {
                let arguments = ["-c", config, "--dialect", "sqlite", "-q", command];
                let arguments: Vec<&str> = arguments
                    .into_iter()
                    .chain([range.as_str(), "--no-guard"])
                    .collect();
                script(here, &arguments)
            };
            let locked = |way: &str| {
                let path = here.join(format!("gensql.locked/sqlite/{id}.{way}.sql"));
                fs::read_to_string(path).unwrap()
            };
            assert_eq!(locked("up"), print("upgrade", format!("{before}:{id}")));
            assert_eq!(locked("down"), print("downgrade", format!("{id}:{before}")));
        }
    }
}

#[test]
fn a_downgrade_that_only_raises_is_none() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    copy(&root().join("examples/blog"), here);
    let path = here.join("migrations/versions/20240219_5e7c3d90be25_post_status.py");
    let text = fs::read_to_string(&path).unwrap();
    let begin = text.find("def downgrade").unwrap();
    let end = text[begin..].find('\n').unwrap() + begin;
    let raising = format!(
        "{}\n    raise NotImplementedError()\n{}",
        &text[..end],
        &text[end..]
    );
    fs::write(&path, raising).unwrap();
    script(here, &["--dialect", "postgresql", "lock"]);
    let text = fs::read_to_string(here.join("gensql.lock")).unwrap();
    assert_eq!(text.matches("downgrade = \"none\"").count(), 1);
    assert!(
        !here
            .join("gensql.locked/postgresql/5e7c3d90be25.down.sql")
            .exists()
    );
    assert!(
        here.join("gensql.locked/postgresql/4d2f7ab1c0d4.down.sql")
            .exists()
    );
    // Those before it are as they are where every revision can be taken back.
    let other = tempfile::tempdir().unwrap();
    copy(&root().join("examples/blog"), other.path());
    script(other.path(), &["--dialect", "postgresql", "lock"]);
    for id in [
        "1f0c2a9d4e11",
        "2b7e15162a3c",
        "4d2f7ab1c0d4",
        "6f1a2b3c4d36",
    ] {
        let path = format!("gensql.locked/postgresql/{id}.down.sql");
        assert_eq!(
            fs::read_to_string(here.join(&path)).unwrap(),
            fs::read_to_string(other.path().join(&path)).unwrap()
        );
    }
}

fn git(directory: &Path, arguments: &[&str]) -> (bool, String) {
    let output = Command::new("git")
        .current_dir(directory)
        .args(["-c", "user.name=t", "-c", "user.email=t@example.org"])
        .args([
            "-c",
            "init.defaultBranch=main",
            "-c",
            "commit.gpgsign=false",
        ])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .env("GIT_CONFIG_NOSYSTEM", "1")
        .output()
        .expect("git is needed for this test");
    let said = format!(
        "{}{}",
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    (output.status.success(), said)
}

#[test]
fn two_branches_that_add_revisions_conflict_in_git() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path();
    project(here, &["a1"]);
    script(here, &["lock"]);
    let done = |arguments: &[&str]| {
        let (fine, said) = git(here, arguments);
        assert!(fine, "{arguments:?}: {said}");
    };
    let commit = |message: &str| {
        done(&["add", "-A"]);
        done(&["commit", "-q", "-m", message]);
    };
    done(&["init", "-q"]);
    commit("first");
    for id in ["b2", "c3"] {
        done(&["checkout", "-q", "-b", id, "main"]);
        revision(here, id, "a1");
        script(here, &["lock"]);
        commit(id);
    }
    done(&["checkout", "-q", "b2"]);
    let (fine, said) = git(here, &["merge", "c3"]);
    assert!(!fine, "git must not merge this by itself: {said}");
    assert!(said.contains("conflict in gensql.lock"), "{said}");
    let output = gensql(here, &["lock", "--check"]);
    assert_eq!(output.status.code(), Some(1));
    assert!(
        answer(&output).contains("begins a conflict of git"),
        "{}",
        answer(&output)
    );

    // Who takes both sides is told.
    let text = fs::read_to_string(here.join("gensql.lock")).unwrap();
    let both: Vec<&str> = text
        .lines()
        .filter(|line| {
            !["<<<<<<<", "=======", ">>>>>>>"]
                .iter()
                .any(|m| line.starts_with(m))
        })
        .collect();
    fs::write(here.join("gensql.lock"), both.join("\n")).unwrap();
    let output = gensql(here, &["lock", "--check"]);
    assert_eq!(output.status.code(), Some(1), "{}", answer(&output));

    // What docs/lock.md says: one side, and lock again.
    done(&["checkout", "--theirs", "gensql.lock"]);
    let said = script(here, &["lock"]);
    assert!(said.contains("locked b2"), "{said}");
    script(here, &["lock", "--check", "--complete"]);
}

#[test]
fn hostile_identifiers_lead_nowhere() {
    let temporary = tempfile::tempdir().unwrap();
    let here = temporary.path().join("inside/project");
    project(&here, &[]);
    for (number, (id, follows)) in [("../../x", "none"), (".rc", "../../x"), ("CON", ".rc")]
        .into_iter()
        .enumerate()
    {
        let text = format!(
            "-- x\n-- revision: {id}\n-- down_revision: {follows}\n-- migrate:up\nCREATE TABLE t{number} (id INTEGER);\n-- migrate:down\nDROP TABLE t{number};\n"
        );
        fs::write(here.join(format!("revisions/{number}.sql")), text).unwrap();
    }
    script(&here, &["lock"]);
    script(&here, &["lock", "--check"]);
    let all = walk(temporary.path());
    assert_eq!(all.len(), 1 + 3 + 1 + 6, "{all:?}");
    for path in all {
        assert!(path.starts_with(&here), "{}", path.display());
    }
}

pub(crate) fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap().flatten() {
        let target = to.join(entry.file_name());
        match entry.file_type().unwrap().is_dir() {
            true => copy(&entry.path(), &target),
            false => {
                fs::copy(entry.path(), &target).unwrap();
            }
        }
    }
}
