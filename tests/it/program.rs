//! Running the program.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// The directory of the repository.
pub(crate) fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// The program in a directory, without an environment.
pub(crate) fn gensql(directory: &Path, arguments: &[&str]) -> Output {
    gensql_with(directory, arguments, &[])
}

/// The same with variables in the environment.
pub(crate) fn gensql_with(
    directory: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> Output {
    Command::new(env!("CARGO_BIN_EXE_gensql"))
        .current_dir(directory)
        .args(arguments)
        .env_clear()
        .envs(variables.iter().copied())
        .stdin(Stdio::null())
        .output()
        .unwrap()
}

/// Exit status, standard output and standard error in one text.
pub(crate) fn answer(output: &Output) -> String {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    format!(
        "status: {:?}\n--- stdout\n{stdout}--- stderr\n{stderr}",
        output.status.code()
    )
}

/// The standard output of a call that must succeed.
pub(crate) fn script(directory: &Path, arguments: &[&str]) -> String {
    script_with(directory, arguments, &[])
}

/// The same with variables in the environment.
pub(crate) fn script_with(
    directory: &Path,
    arguments: &[&str],
    variables: &[(&str, &str)],
) -> String {
    let output = gensql_with(directory, arguments, variables);
    assert!(
        output.status.success(),
        "gensql {}\n{}",
        arguments.join(" "),
        answer(&output)
    );
    String::from_utf8(output.stdout).unwrap()
}

/// The examples: name, configuration file, and the targets of an upgrade and a downgrade.
pub(crate) const EXAMPLES: &[(&str, &str)] = &[
    ("blog", "alembic.ini"),
    ("blog-sql", "gensql.toml"),
    ("branches", "alembic.ini"),
    ("multi-schema", "alembic.ini"),
];

/// Holds a text against the snapshot of that name in a folder of `snapshots`.
pub(crate) fn hold(folder: &str, name: &str, text: &str) {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("snapshots").join(folder));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| insta::assert_snapshot!(name, text));
}
