//! `gensql verify`: proofs about revisions that need no database.

use std::fmt::Write;

use serde_json::{Value, json};

use super::derive;
use super::states::{Applied, States};
use super::workspace::{Downgrade, Frontend, Workspace};
use super::{Options, Outcome};
use crate::compare;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::{Direction, Index, Revision, StepKind};

/// What `verify` is asked.
#[derive(Clone, Debug, Default)]
pub struct Verify {
    /// A revision, or `START:END`; all revisions when there is none.
    pub range: Option<String>,
    /// The result as JSON.
    pub json: bool,
}

/// How a revision's way up and down again ends.
enum Verdict {
    /// The schema is as before.
    Restored,
    /// As far as the schema is known, it is as before; these statements are not understood.
    Unproven(Vec<String>),
    /// The schema differs: what would still have to be done.
    Differs(Vec<String>),
    /// There is no way down.
    NoDowngrade(String),
    /// Evaluating the downgrade fails.
    Fails(Box<Diagnostic>),
}

impl Verdict {
    fn word(&self) -> &'static str {
        match self {
            Self::Restored => "restored",
            Self::Unproven(_) => "unproven",
            Self::Differs(_) => "differs",
            Self::NoDowngrade(_) => "no downgrade",
            Self::Fails(_) => "fails",
        }
    }

    fn holds(&self) -> bool {
        match self {
            Self::Restored | Self::Unproven(_) => true,
            Self::Differs(_) | Self::NoDowngrade(_) | Self::Fails(_) => false,
        }
    }

    fn details(&self) -> Vec<String> {
        match self {
            Self::Restored => Vec::new(),
            Self::Unproven(lines) | Self::Differs(lines) => lines.clone(),
            Self::NoDowngrade(reason) => vec![reason.clone()],
            Self::Fails(found) => {
                let place = found.primary.as_ref();
                let place = place.map(|place| format!(" ({place})")).unwrap_or_default();
                vec![format!("{}{place}", found.message)]
            }
        }
    }
}

/// Proves for each revision that its downgrade restores the schema as it was before its upgrade.
pub fn round_trip(options: &Options, asked: &Verify) -> Result<Outcome> {
    let workspace = Workspace::open_to_evaluate(options)?;
    let mut output = String::new();
    let mut json_parts = Vec::new();
    let mut failed = false;
    let mut diagnostics = Vec::new();
    for states in States::open(&workspace, options)? {
        let (last, wanted) = chosen(&workspace, &states, asked.range.as_deref())?;
        let down = states.frontend()?;
        let mut found = Vec::new();
        states.walk(
            &states.plan(&last)?,
            Some(&mut |applied| {
                if wanted.contains(&applied.index) {
                    let revision = workspace.map.revision(applied.index);
                    let verdict = verdict(&states, options, &down, revision, &applied)?;
                    found.push((applied.index, verdict));
                }
                Ok(())
            }),
        )?;
        failed |= found.iter().any(|(_, verdict)| !verdict.holds());
        diagnostics.extend(down.warnings());
        let dialect = states.dialect.name();
        if asked.json {
            json_parts.push(as_json(&workspace, dialect, &found));
        } else {
            as_text(&workspace, dialect, options.verbose, &found, &mut output);
        }
    }
    if asked.json {
        let value = Value::Array(json_parts);
        output = serde_json::to_string_pretty(&value).unwrap_or_default();
        output.push('\n');
    }
    Ok(Outcome {
        output,
        diagnostics,
        failed,
        ..Outcome::default()
    })
}

/// The last revisions of the walk, and the revisions that are looked at.
fn chosen(
    workspace: &Workspace,
    states: &States<'_>,
    range: Option<&str>,
) -> Result<(String, Vec<Index>)> {
    let in_plan = |revision: &str| -> Result<Vec<Index>> {
        let plan = states.plan(revision)?;
        let steps = plan.steps.iter().filter_map(|step| match step.kind {
            StepKind::Revision(index) => Some(index),
            StepKind::Stamp => None,
        });
        Ok(steps.collect())
    };
    match range {
        None => Ok(("heads".to_owned(), in_plan("heads")?)),
        Some(range) => match range.split_once(':') {
            None => Ok((range.to_owned(), workspace.map.start(Some(range))?)),
            Some((start, end)) => {
                let end = if end.is_empty() { "heads" } else { end };
                let earlier = if start.is_empty() {
                    Vec::new()
                } else {
                    in_plan(start)?
                };
                let mut wanted = in_plan(end)?;
                wanted.retain(|index| !earlier.contains(index));
                if wanted.is_empty() {
                    let message = format!("there is no revision between '{start}' and '{end}'");
                    return Err(Box::new(
                        Diagnostic::error(Code::RangeInvalid, message)
                            .with_help("a range is START:END; START itself is not looked at"),
                    ));
                }
                Ok((end.to_owned(), wanted))
            }
        },
    }
}

fn verdict(
    states: &States<'_>,
    options: &Options,
    down: &Frontend,
    revision: &Revision,
    applied: &Applied<'_>,
) -> Result<Verdict> {
    let derives = match down.downgrade_of(revision)? {
        Downgrade::Written => false,
        Downgrade::Missing => true,
        Downgrade::Empty => options.derive_downgrade,
    };
    let mut after = applied.after.clone();
    if derives {
        let operations =
            derive::downgrade(states, applied.operations, applied.before, applied.after);
        for operation in operations {
            let located = crate::operation::Located {
                operation,
                location: None,
                stack: Vec::new(),
                spelled: Vec::new(),
            };
            states.follow(&[located], &mut after);
        }
    } else {
        down.set_catalog(applied.after);
        let operations = match down.operations(revision, Direction::Downgrade) {
            Ok(operations) => operations,
            Err(found) => {
                return Ok(match down.downgrade_of(revision)? {
                    Downgrade::Written => Verdict::Fails(found),
                    Downgrade::Missing | Downgrade::Empty => Verdict::NoDowngrade(found.message),
                });
            }
        };
        let operations = states.settled(&states.lowering(), &operations);
        states.follow(&operations, &mut after);
    }
    let difference = compare::difference(&after, applied.before, &states.dialect);
    if !difference.is_empty() {
        return Ok(Verdict::Differs(difference.lines()));
    }
    let unknown = after.opaque().iter().skip(applied.before.opaque().len());
    let unknown: Vec<String> = unknown.map(|opaque| opaque.excerpt.to_string()).collect();
    if unknown.is_empty() {
        Ok(Verdict::Restored)
    } else {
        Ok(Verdict::Unproven(unknown))
    }
}

fn as_text(
    workspace: &Workspace,
    dialect: &str,
    all: bool,
    found: &[(Index, Verdict)],
    out: &mut String,
) {
    for (index, verdict) in found {
        if matches!(verdict, Verdict::Restored) && !all {
            continue;
        }
        let revision = workspace.map.revision(*index);
        let _ = writeln!(out, "{}: {}", revision.id, verdict.word());
        for line in verdict.details() {
            let _ = writeln!(out, "    {line}");
        }
    }
    let count = |word: &str| found.iter().filter(|(_, v)| v.word() == word).count();
    let mut parts = Vec::new();
    for word in ["restored", "unproven", "differs", "no downgrade", "fails"] {
        let number = count(word);
        if number > 0 || word == "restored" {
            parts.push(format!("{number} {word}"));
        }
    }
    let _ = writeln!(
        out,
        "{dialect}: {} revisions, {}",
        found.len(),
        parts.join(", ")
    );
}

fn as_json(workspace: &Workspace, dialect: &str, found: &[(Index, Verdict)]) -> Value {
    let revisions: Vec<Value> = found
        .iter()
        .map(|(index, verdict)| {
            json!({
                "revision": &*workspace.map.revision(*index).id,
                "outcome": verdict.word(),
                "details": verdict.details(),
            })
        })
        .collect();
    json!({ "dialect": dialect, "revisions": revisions })
}
