//! `gensql squash`: one revision that replaces a range.

mod data;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::authoring::files::{self, Existing};
use super::authoring::{clock, naming};
use super::derive::Renames;
use super::states::States;
use super::workspace::{Workspace, plain_project};
use super::{Options, Outcome};
use crate::catalog::Catalog;
use crate::compare;
use crate::config::{Authoring, Source};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::directives;
use crate::frontend::alembic::project::revise::NewRevision;
use crate::frontend::sql;
use crate::operation::Operation;
use crate::revision::{Direction, Index, Revision, StepKind};
use crate::source::{Location, SourceFile, Span};

/// What `squash` is asked.
#[derive(Clone, Debug, Default)]
pub struct Squash {
    /// `START:END`.
    pub range: String,
    /// `-m`.
    pub message: Option<String>,
    /// `--omit-data`: statements that change rows are left out.
    pub omit_data: bool,
    /// `--write`: the file is written rather than printed.
    pub write: bool,
}

/// Makes one revision of a range, under the identifier of the range's last one, and proves that
/// both lead to the same schema.
pub fn squash(options: &Options, asked: &Squash) -> Result<Outcome> {
    let workspace = Workspace::open_to_evaluate(options)?;
    let states = States::only(&workspace, options)?;
    let range = Range::find(&workspace, &states, &asked.range)?;
    let mut outcome = Outcome::default();
    let mut data = Vec::new();
    let mut steps = Vec::new();
    let from = states.at(&range.start)?;
    let after = states.walk(
        &states.plan(&range.end)?,
        Some(&mut |applied| {
            if range.replaced.contains(&applied.index) {
                steps.extend_from_slice(applied.operations);
                data::collect(&states, applied.operations, applied.before, &mut data);
            }
            Ok(())
        }),
    )?;
    // Names that change are no losses.
    let renames = Renames::of(&steps);
    let (renamed, first) = renames.forwards(&from);
    let up = compare::difference(&renamed, &after, &states.dialect);
    let mut operations = first;
    operations.extend(up.operations);
    let (back, mut down_operations) = renames.backwards(&after);
    let down = compare::difference(&back, &from, &states.dialect);
    down_operations.extend(down.operations);
    if let Some(what) = up.unchanged.first().or(down.unchanged.first()) {
        return Err(not_said(what));
    }
    if asked.omit_data {
        if !data.is_empty() {
            outcome.diagnostics.push(omitted(&data));
        }
    } else {
        for data in data {
            let fits = data::fits(&states, &data, &after);
            let located = data.located;
            match fits {
                Ok(()) => operations.push(located.operation),
                Err(reason) => outcome.diagnostics.push(
                    Diagnostic::warning(
                        Code::EffectUnknown,
                        format!("this statement is left out: {reason}"),
                    )
                    .at(located.location)
                    .with_help("write what these rows shall be in the new revision"),
                ),
            }
        }
    }
    let made = Made {
        workspace: &workspace,
        options,
        states: &states,
        range: &range,
        asked,
    };
    let (path, text) = made.file(&operations, &down_operations, &from, &after, &mut outcome)?;
    made.prove(&path, &text, &from, &after)?;
    let mut told = Diagnostic::note(
        Code::Squashed,
        format!(
            "it takes the place of {} revisions, whose files have to go; it keeps the identifier of the last of them, so that databases which are there stay as they are",
            range.replaced.len()
        ),
    );
    for index in &range.replaced {
        let revision = workspace.map.revision(*index);
        told = told.with_note(format!("{} is in {}", revision.id, revision.path.display()));
    }
    if asked.write {
        files::write(&path, &text, Existing::Refuse)?;
        outcome.progress = format!("Generating {} ...  done\n", naming::whole(&path));
        told = told.with_help("delete these files: until then the identifier is there twice");
    } else {
        outcome.output = text;
        told = told.with_help("`--write` writes the file beside them");
    }
    outcome.diagnostics.push(told);
    Ok(outcome)
}

fn omitted(data: &[data::Data]) -> Diagnostic {
    let message = format!(
        "{} statements that change rows, or whose effect is not known, are left out",
        data.len()
    );
    let mut found = Diagnostic::warning(Code::EffectUnknown, message);
    for data::Data { located, .. } in data {
        found = match &located.location {
            Some(place) => found.label(place.clone(), compare::describe(&located.operation)),
            None => found.with_note(compare::describe(&located.operation)),
        };
    }
    found.with_help("without `--omit-data` they come after the schema, in their order")
}

fn not_said(what: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            format!("the range cannot be squashed: no operation changes {what}"),
        )
        .with_help("choose a range that does not change it"),
    )
}

/// A file that is being made.
struct Made<'a> {
    workspace: &'a Workspace,
    options: &'a Options,
    states: &'a States<'a>,
    range: &'a Range,
    asked: &'a Squash,
}

impl Made<'_> {
    fn file(
        &self,
        up: &[Operation],
        down: &[Operation],
        from: &Catalog,
        after: &Catalog,
        outcome: &mut Outcome,
    ) -> Result<(PathBuf, String)> {
        let map = &self.workspace.map;
        let authoring = match &self.workspace.config.source {
            Source::Alembic(alembic) => alembic.authoring()?,
            Source::Sql { .. } => Authoring::default(),
        };
        let moment = clock::now(&authoring, self.options.fixed_time)?;
        let mut new = self.range.header(self.workspace);
        let message = self.asked.message.clone().unwrap_or_else(|| {
            let first = self
                .range
                .replaced
                .first()
                .map(|index| map.revision(*index));
            let first = first.map_or("", |revision| &revision.id);
            format!("squash {first} to {}", new.id)
        });
        new.message = Some(message.clone());
        new.created = moment.created.clone();
        let dialect = &self.states.dialect;
        let last = map.revision(self.range.last);
        let directory = last.path.parent().unwrap_or(&last.path).to_owned();
        let name = |extension| naming::file_name(&authoring, &new.id, &message, &moment, extension);
        match &self.workspace.config.source {
            Source::Alembic(alembic) => {
                let up = directives::render(up, dialect)?;
                let down = directives::render(down, dialect)?;
                let imports: Vec<String> = up.imports.union(&down.imports).cloned().collect();
                let path = directory.join(name(".py")?);
                new.names = vec![
                    ("upgrades".into(), up.body()),
                    ("downgrades".into(), down.body()),
                    ("imports".into(), imports.join("\n")),
                ];
                let project = plain_project(self.options, &self.workspace.library, alembic);
                let text = project.new_file(&new, authoring.environment)?;
                outcome.diagnostics.extend(project.warnings());
                Ok((path, text))
            }
            Source::Sql { .. } => {
                let path = directory.join(name(".sql")?);
                let warnings = &mut outcome.diagnostics;
                let up = untemplated(self.states.statements(up, from, warnings)?);
                let down = untemplated(self.states.statements(down, after, warnings)?);
                let text = sql::new_file(&sql::NewFile {
                    header: sql::Header {
                        revision: Arc::clone(&new.id),
                        down_revisions: new.down_revisions.clone(),
                        branch_labels: new.branch_labels.clone(),
                        depends_on: new.depends_on.clone(),
                        message,
                        ..sql::Header::default()
                    },
                    created: moment.text(),
                    up: &up,
                    down: &down,
                })?;
                Ok((path, text))
            }
        }
    }

    /// Reads the file as if it were there: it has to lead from one schema to the other and back.
    fn prove(&self, path: &Path, text: &str, from: &Catalog, after: &Catalog) -> Result<()> {
        let file = SourceFile::new(path.to_owned(), text.to_owned());
        let revision = Revision {
            id: Arc::clone(&self.workspace.map.revision(self.range.last).id),
            location: Some(Location::new(Arc::clone(&file), Span::default())),
            path: path.to_owned(),
            ..Revision::default()
        };
        let frontend = self.states.frontend()?;
        let lowering = self.states.lowering();
        for (direction, start, end) in [
            (Direction::Upgrade, from, after),
            (Direction::Downgrade, after, from),
        ] {
            frontend.set_catalog(start);
            let operations = frontend.operations_of(&revision, &file, direction)?;
            let operations = self.states.settled(&lowering, &operations);
            let mut reached = start.clone();
            self.states.follow(&operations, &mut reached);
            let difference = compare::difference(&reached, end, &self.states.dialect);
            if !difference.is_empty() {
                let mut found = Diagnostic::error(
                    Code::Unsupported,
                    "the range cannot be squashed: the revision that was made does not lead to the same schema",
                );
                for line in difference.lines() {
                    found = found.with_note(line);
                }
                return Err(Box::new(found.with_help(
                    "choose a range that leaves this out, or squash for another dialect",
                )));
            }
        }
        Ok(())
    }
}

/// SQL that no template changes.
fn untemplated(text: String) -> String {
    if sql::Template::is_needed(&text) {
        format!("{{% raw %}}{text}{{% endraw %}}\n")
    } else {
        text
    }
}

/// The revisions that are replaced.
struct Range {
    start: String,
    end: String,
    /// In the order in which they are applied.
    replaced: Vec<Index>,
    last: Index,
}

impl Range {
    fn find(workspace: &Workspace, states: &States<'_>, range: &str) -> Result<Self> {
        let invalid = |message: String, help: &str| {
            Box::new(Diagnostic::error(Code::RangeInvalid, message).with_help(help.to_owned()))
        };
        let Some((start, end)) = range.split_once(':') else {
            return Err(invalid(
                format!("'{range}' is not a range"),
                "a range is START:END; START itself stays, and `base` stands for an empty database",
            ));
        };
        let walked = |revision: &str| -> Result<Vec<Index>> {
            let plan = states.plan(revision)?;
            let steps = plan.steps.iter().filter_map(|step| match step.kind {
                StepKind::Revision(index) => Some(index),
                StepKind::Stamp => None,
            });
            Ok(steps.collect())
        };
        let start = if start.is_empty() { "base" } else { start };
        let earlier = walked(start)?;
        let mut replaced = walked(end)?;
        if earlier.iter().any(|index| !replaced.contains(index)) {
            return Err(invalid(
                format!("'{end}' does not come after '{start}'"),
                "a range runs upwards: START:END, where END has START below it",
            ));
        }
        replaced.retain(|index| !earlier.contains(index));
        let Some(last) = replaced.last().copied() else {
            return Err(invalid(
                format!("there is no revision between '{start}' and '{end}'"),
                "a range runs upwards: START:END",
            ));
        };
        let map = &workspace.map;
        for index in &replaced {
            for child in map.children(*index) {
                if *index != last && !replaced.contains(&child) {
                    let message = format!(
                        "{} follows {}, which is inside of the range",
                        map.revision(child).id,
                        map.revision(*index).id
                    );
                    return Err(invalid(
                        message,
                        "choose a range that no branch leaves but at its end",
                    ));
                }
            }
        }
        Ok(Self {
            start: start.to_owned(),
            end: end.to_owned(),
            replaced,
            last,
        })
    }

    /// The new revision's header.
    fn header(&self, workspace: &Workspace) -> NewRevision {
        let map = &workspace.map;
        let inside = |id: &Arc<str>| {
            map.index_of(id)
                .is_some_and(|index| self.replaced.contains(&index))
        };
        let mut new = NewRevision {
            id: Arc::clone(&map.revision(self.last).id),
            ..NewRevision::default()
        };
        for index in &self.replaced {
            let revision: &Revision = map.revision(*index);
            let add = |into: &mut Vec<Arc<str>>, ids: &[Arc<str>]| {
                for id in ids {
                    if !inside(id) && !into.contains(id) {
                        into.push(Arc::clone(id));
                    }
                }
            };
            add(&mut new.down_revisions, &revision.down_revisions);
            add(&mut new.depends_on, &revision.depends_on);
            add(&mut new.branch_labels, &revision.branch_labels);
        }
        new
    }
}
