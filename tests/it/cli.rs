//! What the program answers: exit status, standard output and standard error together.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gensql"));
    command
        .current_dir(directory)
        .args(arguments)
        .env_clear()
        .stdin(Stdio::null());
    command
}

fn text(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!(
        "status: {:?}\n--- stdout\n{stdout}--- stderr\n{stderr}",
        output.status.code()
    )
}

fn run(directory: &Path, arguments: &[&str]) -> String {
    text(&command(directory, arguments).output().unwrap())
}

/// Holds the answer against the snapshot of that name.
fn check(name: &str, directory: &Path, arguments: &[&str]) {
    let answer = format!(
        "$ gensql {}\n{}",
        arguments.join(" "),
        run(directory, arguments)
    );
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots/cli"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.add_filter(&regex_free(&root().display().to_string()), "[root]");
    settings.bind(|| insta::assert_snapshot!(name, answer));
}

/// Makes a path match itself.
fn regex_free(path: &str) -> String {
    path.replace('\\', "\\\\")
        .replace('.', "\\.")
        .replace('+', "\\+")
}

fn branches() -> PathBuf {
    root().join("examples/branches")
}

#[test]
fn lists() {
    let project = branches();
    check("history", &project, &["history"]);
    check(
        "history_verbose",
        &project,
        &["history", "-v", "-r", "a1000000:billing@head"],
    );
    check(
        "history_range",
        &project,
        &["history", "-r", "b1000000:d1000000"],
    );
    check(
        "history_current",
        &project,
        &["history", "-i", "--current", "b2000000"],
    );
    check("heads", &project, &["heads"]);
    check("heads_verbose", &project, &["-v", "heads"]);
    check("branches", &project, &["branches"]);
    check("show", &project, &["show", "d100"]);
    check("current", &project, &["current", "--current", "e1000000"]);
    check("explain", &project, &["explain", "e0303"]);
}

#[test]
fn refuses() {
    let project = branches();
    check(
        "several_heads",
        &project,
        &["--dialect", "postgresql", "upgrade", "head"],
    );
    check("unknown_revision", &project, &["show", "biling"]);
    check(
        "unrelated_range",
        &project,
        &["history", "-r", "b1000000:c1000000"],
    );
    check("bad_range", &project, &["history", "-r", "b1000000"]);
    check(
        "range_of_three",
        &project,
        &["upgrade", "a:b:c", "--dialect", "sqlite"],
    );
    check(
        "two_starts",
        &project,
        &["stamp", "a:b", "c:d", "--dialect", "sqlite"],
    );
    check(
        "not_a_target",
        &project,
        &["downgrade", "b1000000:c1000000", "--dialect", "sqlite"],
    );
    check("current_unknown", &project, &["current"]);
    check("no_configuration", &root().join("examples"), &["heads"]);
    check("no_section", &project, &["heads", "-n", "alembik"]);
    check("misspelt_command", &project, &["histroy"]);
    check("misspelt_option", &project, &["history", "--verbos"]);
    check("unknown_code", &project, &["explain", "E9303"]);
    check("no_such_file", &project, &["heads", "-c", "nope.ini"]);
}

#[test]
fn options_stand_before_and_after_the_command() {
    let project = branches();
    let before = run(&root(), &["-c", project.to_str().unwrap(), "-v", "heads"]);
    let after = run(&root(), &["heads", "-v", "-c", project.to_str().unwrap()]);
    assert_eq!(before, after);
    assert!(
        before.contains("Rev: d1000000 (head) (mergepoint)"),
        "{before}"
    );
}

#[test]
fn a_project_with_a_broken_graph() {
    let project = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(project.path().join(name), text).unwrap();
    std::fs::create_dir_all(project.path().join("db/versions")).unwrap();
    write("alembic.ini", "[alembic]\nscript_location = db\n");
    write(
        "db/versions/a.py",
        "\"\"\"first\"\"\"\nrevision = 'aaaa1'\ndown_revision = None\n",
    );
    write(
        "db/versions/b.py",
        "revision = 'bbbb1'\ndown_revision = 'aaaa2'\n",
    );
    let answer = run(project.path(), &["heads"]);
    assert!(answer.contains("error[E0303]"), "{answer}");
    assert!(answer.contains("db/versions/b.py:1:"), "{answer}");
    assert!(answer.contains("did you mean 'aaaa1'?"), "{answer}");
    assert!(
        answer.starts_with("status: Some(1)\n--- stdout\n--- stderr\n"),
        "{answer}"
    );
    write(
        "db/versions/b.py",
        "revision = 'bbbb1'\ndown_revision = 'cccc1'\n",
    );
    write(
        "db/versions/c.py",
        "revision = 'cccc1'\ndown_revision = 'bbbb1'\n",
    );
    let answer = run(project.path(), &["heads"]);
    assert!(
        answer.contains("Cycle is detected in revisions (bbbb1, cccc1)"),
        "{answer}"
    );
}

#[test]
fn output_goes_whole_or_not_at_all() {
    let project = branches();
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("heads.txt");
    let name = file.to_str().unwrap();
    assert!(run(&project, &["heads", "-o", name]).starts_with("status: Some(0)\n--- stdout\n---"));
    let written = std::fs::read_to_string(&file).unwrap();
    assert!(
        written.starts_with("d1000000 (billing, security) (head)\n"),
        "{written}"
    );
    let refused = run(&project, &["show", "nope", "-o", name]);
    assert!(refused.starts_with("status: Some(1)"), "{refused}");
    assert_eq!(std::fs::read_to_string(&file).unwrap(), written);
    let left: Vec<_> = std::fs::read_dir(directory.path()).unwrap().collect();
    assert_eq!(left.len(), 1, "{left:?}");
    let refused = run(
        &project,
        &["heads", "-o", directory.path().to_str().unwrap()],
    );
    assert!(refused.contains("it is a directory"), "{refused}");
    let refused = run(&project, &["heads", "-o", "/nowhere/at/all"]);
    assert!(refused.starts_with("status: Some(2)"), "{refused}");
}

#[cfg(unix)]
#[test]
fn links_full_disks_and_closed_pipes() {
    let project = branches();
    let directory = tempfile::tempdir().unwrap();
    let (file, link) = (directory.path().join("file"), directory.path().join("link"));
    std::os::unix::fs::symlink("file", &link).unwrap();
    run(&project, &["heads", "-o", link.to_str().unwrap()]);
    assert!(std::fs::symlink_metadata(&link).unwrap().is_symlink());
    assert!(
        std::fs::read_to_string(&file)
            .unwrap()
            .starts_with("d1000000")
    );
    if Path::new("/dev/full").exists() {
        let refused = run(&project, &["heads", "-o", "/dev/full"]);
        assert!(refused.contains("cannot write /dev/full"), "{refused}");
    }
    let mut child = command(&project, &["history"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(text(&output), "status: Some(0)\n--- stdout\n--- stderr\n");
}

#[test]
fn rows_of_a_table_say_what_is_there() {
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("rows");
    std::fs::write(&file, " version_num \n-------------\n b2000000\n(1 row)\n").unwrap();
    let arguments = ["current", "--current-from", file.to_str().unwrap()];
    let answer = run(&branches(), &arguments);
    assert_eq!(
        answer,
        "status: Some(0)\n--- stdout\nb2000000\n--- stderr\n"
    );
}
