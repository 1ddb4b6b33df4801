//! Where a script begins: the start of a range, `--current`, or an assumption that is told.

use std::sync::Arc;

use super::workspace::{Frontend, Workspace};
use super::{At, Options, dialect_choice, rows};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::Invocation;
use crate::revision::Index;

/// Ranges as typed: one start, or none, and the targets.
#[derive(Debug, PartialEq)]
pub(super) struct Range<'a> {
    pub(super) start: Option<&'a str>,
    pub(super) targets: Vec<&'a str>,
}

impl<'a> Range<'a> {
    /// Splits `start:target` arguments, which must agree on the start.
    pub(super) fn parse(arguments: &'a [String], command: &str) -> Result<Self> {
        let mut range = Self {
            start: None,
            targets: Vec::new(),
        };
        for argument in arguments {
            let Some((start, target)) = argument.split_once(':') else {
                range.targets.push(argument);
                continue;
            };
            if start.is_empty() || target.is_empty() || target.contains(':') {
                let message = format!("'{argument}' is not a range");
                return Err(Box::new(
                    Diagnostic::error(Code::RangeInvalid, message)
                        .with_help("a range is START:TARGET; write `base` for an empty database"),
                ));
            }
            if range.start.is_some_and(|earlier| earlier != start) {
                let message = format!(
                    "{command} operation with --sql only supports a single starting revision at a time"
                );
                return Err(Box::new(
                    Diagnostic::error(Code::RangeInvalid, message)
                        .with_help("several revisions at the start are written a,b:target"),
                ));
            }
            range.start = Some(start);
            range.targets.push(target);
        }
        Ok(range)
    }
}

impl Workspace {
    /// The revisions at the start of a script: those of the range, or those of `--current`.
    pub(super) fn start(
        &self,
        options: &Options,
        start: Option<&str>,
        at: &At,
    ) -> Result<Option<Vec<Index>>> {
        match (start, self.at(options, at)?) {
            (None, current) => Ok(current),
            (Some(start), None) => self.map.start(Some(start)).map(Some),
            (Some(start), Some(_)) => {
                let message = format!("the start is given twice: '{start}' and --current");
                Err(Box::new(
                    Diagnostic::error(Code::Usage, message).with_help("leave out one of the two"),
                ))
            }
        }
    }

    /// The revisions of `--current` and `--current-from`.
    pub(super) fn at(&self, options: &Options, at: &At) -> Result<Option<Vec<Index>>> {
        let names = match at {
            At::Unknown => return Ok(None),
            At::Revisions(names) => names.clone(),
            At::File(path) => rows::read(path, &self.version_table(options)?)?,
        };
        let mut found = Vec::new();
        for name in &names {
            let indexes = self.map.start(Some(name)).map_err(|found| match at {
                At::File(path) => {
                    Box::new(found.with_note(format!("it was read from {}", path.display())))
                }
                At::Unknown | At::Revisions(_) => found,
            })?;
            for index in indexes {
                if !found.contains(&index) {
                    found.push(index);
                }
            }
        }
        Ok(Some(found))
    }

    /// Says what the command was asked for, which `env.py` may want to know.
    pub(super) fn asked(&mut self, start: &[Index], targets: &[&str]) {
        let mut destination = Some(Vec::new());
        for target in targets {
            match (&mut destination, self.map.start(Some(target))) {
                (Some(found), Ok(indexes)) => found.extend(self.ids(&indexes)),
                (destination, _) => *destination = None,
            }
        }
        self.invocation = Invocation {
            heads: self.ids(self.map.heads()),
            destination,
            start: Some(self.ids(start)),
        };
    }

    fn ids(&self, indexes: &[Index]) -> Vec<Arc<str>> {
        let ids = indexes.iter().map(|index| &self.map.revision(*index).id);
        ids.cloned().collect()
    }

    /// The version table that a dump is searched for: what `gensql.toml` or `env.py` calls it.
    fn version_table(&self, options: &Options) -> Result<String> {
        if let Some(setting) = &self.config.settings.version_table {
            return Ok(setting.value.clone());
        }
        let dialect = match dialect_choice::choose(self, options) {
            Ok(dialect) => dialect,
            Err(_) => self.library.first(options.compat)?,
        };
        let frontend = Frontend::open(self, options, &dialect)?;
        let environment = frontend.environment()?;
        let run = environment.runs.first();
        let name = run.and_then(|run| run.options.version_table.clone());
        Ok(name.unwrap_or_else(|| "alembic_version".to_owned()))
    }
}

/// The error of a command that must know what the database is at.
pub(super) fn current_needed(command: &str) -> Box<Diagnostic> {
    let message = format!("{command} needs to know what the database is at");
    Box::new(
        Diagnostic::error(Code::Usage, message)
            .with_note("gensql never connects to a database")
            .with_help("say it with `--current REV`, or with `--current-from FILE` for the output of SELECT version_num FROM alembic_version"),
    )
}
