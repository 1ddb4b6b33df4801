//! Programs that are run on new files.
//!
//! They are named by the project's configuration, which may come from anywhere, so that they only
//! run when the user says so with each command or once and for all in the environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::config::Hook;
use crate::diagnostic::{Code, Diagnostic, Result};

/// What stands for the file in the options of a hook.
const TOKEN: &str = "REVISION_SCRIPT_FILENAME";

/// Runs the hooks on a file, if `allowed`, and says what the user should know.
///
/// # Errors
/// A hook that is not described well, and a program that is not there.
pub(in crate::commands) fn run(
    hooks: &[Hook],
    path: &Path,
    allowed: bool,
) -> Result<Vec<Diagnostic>> {
    if hooks.is_empty() {
        return Ok(Vec::new());
    }
    if !allowed {
        let names: Vec<&str> = hooks.iter().map(|hook| hook.name.as_str()).collect();
        let message = format!("post write hooks were not run: {}", names.join(", "));
        return Ok(vec![Diagnostic::note(Code::HookNotRun, message).with_help(
            "run them with `--hooks`, or set GENSQL_HOOKS=1 where all projects are trusted",
        )]);
    }
    let mut found = Vec::new();
    for hook in hooks {
        found.extend(run_one(hook, path)?);
    }
    Ok(found)
}

fn run_one(hook: &Hook, path: &Path) -> Result<Option<Diagnostic>> {
    let name = &hook.name;
    let required = |option: &str| {
        hook.option(option).ok_or_else(|| {
            wrong(format!(
                "Key {name}.{option} is required for post write hook '{name}'"
            ))
        })
    };
    let kind = hook.option("type").ok_or_else(|| {
        wrong(format!(
            "Key '{name}.type' (or 'type' in toml) is required for post write hook '{name}'"
        ))
    })?;
    let mut command = match kind {
        "exec" => Command::new(required("executable")?),
        "console_scripts" => {
            let entry = required("entrypoint")?;
            Command::new(beside_python(entry).unwrap_or_else(|| PathBuf::from(entry)))
        }
        "module" => {
            let mut command =
                Command::new(beside_python("python").unwrap_or_else(|| PathBuf::from("python3")));
            command.arg("-m").arg(required("module")?);
            command
        }
        other => {
            return Err(wrong(format!(
                "No formatter with name '{other}' registered"
            )));
        }
    };
    command.args(arguments(
        hook.option("options").unwrap_or_default(),
        path,
        name,
    )?);
    if let Some(directory) = hook.option("cwd") {
        command.current_dir(directory);
    }
    // What the hook says is no result of this command.
    command.stdin(Stdio::null()).stdout(std::io::stderr());
    let status = command.status().map_err(|error| {
        let program = command.get_program().to_string_lossy().into_owned();
        wrong(format!(
            "the post write hook '{name}' cannot run {program}: {error}"
        ))
    })?;
    Ok((!status.success()).then(|| {
        let message = format!("the post write hook '{name}' failed: {status}");
        Diagnostic::warning(Code::HookFailed, message)
            .with_note(format!("the file is there: {}", path.display()))
            .with_help("see what the hook printed")
    }))
}

fn wrong(message: String) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(Code::ConfigInvalid, message)
            .with_note("the revision was written before its hooks were run")
            .with_help("correct `post_write_hooks`: a hook has `type` (exec, console_scripts or module), the program of that type, and `options`"),
    )
}

/// A program of the environment of Python that is active.
fn beside_python(name: &str) -> Option<PathBuf> {
    let root = PathBuf::from(std::env::var_os("VIRTUAL_ENV").filter(|root| !root.is_empty())?);
    let directory = if cfg!(windows) { "Scripts" } else { "bin" };
    let path = root.join(directory).join(name);
    path.is_file().then_some(path)
}

/// The arguments: options split as a shell does, with the file first unless they say where.
fn arguments(options: &str, path: &Path, hook: &str) -> Result<Vec<String>> {
    let path = path.display().to_string();
    let mut words = split(options).ok_or_else(|| {
        wrong(format!(
            "the options of '{hook}' have a quote without an end"
        ))
    })?;
    if !options.contains(TOKEN) {
        words.insert(0, TOKEN.to_owned());
    }
    Ok(words
        .iter()
        .map(|word| word.replace(TOKEN, &path))
        .collect())
}

/// Words as a POSIX shell splits them, without expanding anything.
pub(in crate::commands) fn split(text: &str) -> Option<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote: Option<char> = None;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match (quote, c) {
            (Some(open), c) if c == open => quote = None,
            (Some('"'), '\\') => {
                let escapes = chars.next_if(|c| matches!(c, '"' | '\\'));
                word.get_or_insert_default().push(escapes.unwrap_or('\\'));
            }
            (Some(_), c) => word.get_or_insert_default().push(c),
            (None, '\'' | '"') => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (None, '\\') => word.get_or_insert_default().push(chars.next()?),
            (None, ' ' | '\t' | '\n' | '\r') => words.extend(word.take()),
            (None, c) => word.get_or_insert_default().push(c),
        }
    }
    words.extend(word);
    quote.is_none().then_some(words)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_split_as_a_shell_does() {
        let arguments = |options| arguments(options, Path::new("a b.py"), "x").unwrap();
        assert_eq!(arguments("-l 79"), ["a b.py", "-l", "79"]);
        assert_eq!(
            arguments("check --fix REVISION_SCRIPT_FILENAME"),
            ["check", "--fix", "a b.py"]
        );
        assert_eq!(
            arguments(r#"--x="a \" b" 'c $d' e\ f ''"#),
            ["a b.py", "--x=a \" b", "c $d", "e f", ""]
        );
        assert!(split("'open").is_none());
    }
}
