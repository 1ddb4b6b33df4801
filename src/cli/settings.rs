//! What the typed arguments mean.

use super::args::{Command, Current, Global};
use crate::commands::{At, Options};
use crate::config::Request;
use crate::python::vm::Budget;

/// The options of all commands.
pub(super) fn options(global: &Global, command: &Command) -> Options {
    let script = match command {
        Command::Upgrade(upgrade) => Some(&upgrade.script),
        Command::Downgrade(downgrade) => Some(&downgrade.script),
        Command::Stamp(stamp) => Some(&stamp.script),
        _ => None,
    };
    let usual = Budget::default();
    let text = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    Options {
        request: Request {
            directory: ".".into(),
            files: global.config.clone(),
            section: global.name.clone(),
        },
        dialect: global.dialect.clone(),
        database_url: text("DATABASE_URL"),
        compat: global.compat.is_some(),
        arguments: global.x.clone(),
        tag: script.and_then(|script| script.tag.clone()),
        fresh: matches!(command, Command::Upgrade(upgrade) if upgrade.fresh),
        baseline: script.and_then(|script| script.baseline.clone()),
        verbose: global.verbose,
        budget: Budget {
            steps: global.max_steps.unwrap_or(usual.steps),
            depth: global.max_depth.unwrap_or(usual.depth),
            memory: global.max_memory.unwrap_or(usual.memory),
        },
    }
}

/// What the database is said to be at.
pub(super) fn at(current: &Current) -> At {
    match &current.current_from {
        Some(path) => At::File(path.clone()),
        None if current.current.is_empty() => At::Unknown,
        None => At::Revisions(current.current.clone()),
    }
}
