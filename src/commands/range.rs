//! Where a script begins: the start of a range, `--current`, or an assumption that is told.

use super::workspace::Workspace;
use super::{At, rows};
use crate::config::Config;
use crate::diagnostic::{Code, Diagnostic, Result};
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
    pub(super) fn start(&self, start: Option<&str>, at: &At) -> Result<Option<Vec<Index>>> {
        match (start, self.at(at)?) {
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
    pub(super) fn at(&self, at: &At) -> Result<Option<Vec<Index>>> {
        let names = match at {
            At::Unknown => return Ok(None),
            At::Revisions(names) => names.clone(),
            At::File(path) => rows::read(path, self.version_table())?,
        };
        let mut found = Vec::new();
        for name in &names {
            for index in self.map.start(Some(name))? {
                if !found.contains(&index) {
                    found.push(index);
                }
            }
        }
        Ok(Some(found))
    }

    fn version_table(&self) -> &str {
        let Config { settings, .. } = &self.config;
        settings
            .version_table
            .as_ref()
            .map_or("alembic_version", |setting| &setting.value)
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
