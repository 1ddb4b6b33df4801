//! New revisions as `process_revision_directives` of the project leaves them, and their bodies.

use std::collections::BTreeSet;

use super::Options;
use super::authoring::write::{Body, Drafts};
use super::states::States;
use super::wanted::Compared;
use super::workspace::{Frontend, Workspace, plain_project};
use crate::catalog::Catalog;
use crate::compare::describe;
use crate::compare::proposal::flat;
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::directives::{self, Item, Own, Said, Source as Written, Style};
use crate::frontend::alembic::env::Options as Wishes;
use crate::frontend::alembic::project::Thing;
use crate::frontend::alembic::project::directives::{Authoring, Draft, Part, Proposed};
use crate::frontend::alembic::project::written::Imports;
use crate::operation::{Directive, Executable, Operation};
use crate::python::Str;

/// The drafts that the project leaves of one with what was compared. `names` are the names of the
/// bodies of each context.
pub(super) fn drafts(
    found: &[Compared<'_>],
    names: &[(Str, Str)],
    draft: Draft,
    authoring: Authoring,
) -> Result<Vec<Draft>> {
    if names.len() < found.len() {
        let message = "env.py has not as many contexts with a connection as without one";
        return Err(Box::new(
            Diagnostic::error(Code::ConfigInvalid, message)
                .with_help("configure the context as often online as offline"),
        ));
    }
    let mut drafts = vec![draft];
    for (number, (part, names)) in found.iter().zip(names).enumerate() {
        let new = Part {
            upgrade_token: names.0.to_string(),
            upgrade: known(part.there()),
            downgrade_token: names.1.to_string(),
            downgrade: known(part.back()),
            imports: part.imports.clone(),
        };
        // The project's functions may ask the database, which is at the newest revisions.
        part.frontend.set_catalog(&part.before);
        drafts = in_context(&part.frontend, number, drafts, new, authoring)?;
    }
    Ok(drafts)
}

fn known(directives: Vec<Directive>) -> Vec<Proposed> {
    directives.into_iter().map(Proposed::Known).collect()
}

/// Each difference in a few words, of those that the project leaves; `None` when it has no say in
/// it.
pub(super) fn checked(
    workspace: &Workspace,
    options: &Options,
    found: &[Compared<'_>],
) -> Result<Option<Vec<String>>> {
    let Source::Alembic(alembic) = &workspace.config.source else {
        return Ok(None);
    };
    let mut asked = false;
    for (number, part) in found.iter().enumerate() {
        if let Some(project) = part.frontend.project() {
            asked |= project.has_say(number)?;
        }
    }
    if !asked {
        return Ok(None);
    }
    let names = plain_project(options, &workspace.library, alembic).body_names()?;
    let authoring = Authoring {
        writes: false,
        compares: true,
    };
    let drafts = drafts(found, &names, Draft::default(), authoring)?;
    let mut lines = Vec::new();
    for part in drafts.iter().flat_map(|draft| &draft.parts) {
        for piece in pieces(&part.upgrade, |directives| flat(directives, |_| false)) {
            match piece {
                Piece::Operations(operations) => lines.extend(operations.iter().map(describe)),
                Piece::Written(text) => lines.push(text),
            }
        }
    }
    Ok(Some(lines))
}

/// As Alembic does, what a context brings goes into the last of the drafts.
fn in_context(
    frontend: &Frontend,
    number: usize,
    mut drafts: Vec<Draft>,
    new: Part,
    authoring: Authoring,
) -> Result<Vec<Draft>> {
    let Some(last) = drafts.last_mut() else {
        return Ok(drafts);
    };
    last.parts.push(new);
    match frontend.project() {
        Some(project) => project.direct(number, authoring, drafts),
        None => Ok(drafts),
    }
}

/// What the project leaves of a revision without operations; `None` when it has no say in it.
pub(super) fn of_empty(
    workspace: &Workspace,
    options: &Options,
    draft: &Draft,
) -> Result<Option<Drafts>> {
    let Source::Alembic(alembic) = &workspace.config.source else {
        return Ok(None);
    };
    if !alembic.authoring()?.environment {
        return Ok(None);
    }
    let names = plain_project(options, &workspace.library, alembic).body_names()?;
    let mut drafts = vec![draft.clone()];
    let mut asked = false;
    let states = States::open(workspace, options)?;
    for (number, (states, names)) in states.iter().zip(&names).enumerate() {
        let frontend = states.frontend()?;
        let Some(project) = frontend.project() else {
            continue;
        };
        asked |= project.has_say(number)?;
        let new = Part {
            upgrade_token: names.0.to_string(),
            downgrade_token: names.1.to_string(),
            ..Part::default()
        };
        let authoring = Authoring {
            writes: true,
            compares: false,
        };
        drafts = in_context(&frontend, number, drafts, new, authoring)?;
    }
    if !asked {
        return Ok(None);
    }
    let mut written = Vec::new();
    for draft in drafts {
        let mut texts = Texts::default();
        for (number, (part, states)) in draft.parts.iter().zip(&states).enumerate() {
            let frontend = states.frontend()?;
            let own = OwnItems::new(&frontend, number)?;
            // With nothing to compare there is no schema that labels of types would change in.
            let empty = states.empty()?;
            let batch = own.wishes.render_as_batch;
            let all = |steps: &[Proposed]| pieces(steps, |found| flat(found, |_| batch));
            let (up, down) = (all(&part.upgrade), all(&part.downgrade));
            texts.add(states, part, &own, (up, &empty), (down, &empty))?;
        }
        let body = texts.body(&draft);
        written.push((draft, body));
    }
    Ok(Some(written))
}

/// A part of the body of a function.
enum Piece {
    /// What is written as Alembic writes it.
    Operations(Vec<Operation>),
    /// A line, or lines, of the project's own.
    Written(String),
}

/// The steps, with the known ones one after the other as `flat` has them.
fn pieces(steps: &[Proposed], flat: impl Fn(Vec<Directive>) -> Vec<Operation>) -> Vec<Piece> {
    let mut found = Vec::new();
    let mut together = Vec::new();
    for step in steps {
        match step {
            Proposed::Known(directive) => together.push(directive.clone()),
            Proposed::Written(lines) => {
                found.push(Piece::Operations(flat(std::mem::take(&mut together))));
                found.extend(lines.iter().cloned().map(Piece::Written));
            }
        }
    }
    found.push(Piece::Operations(flat(together)));
    found
}

/// The bodies of the functions of a revision, for each context of `env.py`.
pub(super) fn body(draft: &Draft, found: &[Compared<'_>]) -> Result<Body> {
    let mut texts = Texts::default();
    for (number, (part, compared)) in draft.parts.iter().zip(found).enumerate() {
        let up = pieces(&part.upgrade, |found| compared.flat(found));
        let down = pieces(&part.downgrade, |found| compared.flat(found));
        texts.needs(&compared.imports);
        texts.add(
            &compared.states,
            part,
            &OwnItems::new(&compared.frontend, number)?,
            (up, &compared.head),
            (down, &compared.wanted),
        )?;
    }
    Ok(texts.body(draft))
}

/// How the project writes things in a context.
struct OwnItems<'a> {
    frontend: &'a Frontend,
    number: usize,
    wishes: Wishes,
    renders: bool,
}

impl<'a> OwnItems<'a> {
    fn new(frontend: &'a Frontend, number: usize) -> Result<Self> {
        let (wishes, renders) = match frontend.project() {
            Some(project) => (project.wishes(number)?, project.renders_items(number)?),
            None => (Wishes::stock(), false),
        };
        Ok(Self {
            frontend,
            number,
            wishes,
            renders,
        })
    }

    fn style(&self) -> Style<'_> {
        let usual = Style::default();
        Style {
            sqlalchemy: self
                .wishes
                .sqlalchemy_module_prefix
                .as_deref()
                .unwrap_or(usual.sqlalchemy),
            alembic: self
                .wishes
                .alembic_module_prefix
                .as_deref()
                .unwrap_or(usual.alembic),
            own: self.renders.then_some(self),
        }
    }
}

impl Own for OwnItems<'_> {
    fn item(&self, item: Item<'_>) -> Result<Option<Said>> {
        let Some(project) = self.frontend.project() else {
            return Ok(None);
        };
        let thing = match item {
            Item::Type(data_type) => Thing::Type(data_type),
            Item::Default(default) => Thing::Default(default),
            Item::Column(table, column) => Thing::Column(table, column),
            Item::Constraint(constraint) => Thing::Constraint(constraint),
        };
        let found = project.written_item(self.number, thing)?;
        Ok(found.map(|(text, imports)| Said { text, imports }))
    }
}

/// The bodies that are being written.
#[derive(Default)]
struct Texts {
    body: Body,
    imports: BTreeSet<String>,
    /// Types as they may be written, each with a line of imports that it needs.
    known: Imports,
}

impl Texts {
    fn needs(&mut self, imports: &Imports) {
        self.known.extend(imports.iter().cloned());
    }

    /// Adds what is done in a context, each way with the schema that it begins at.
    fn add(
        &mut self,
        states: &States<'_>,
        part: &Part,
        own: &OwnItems<'_>,
        up: (Vec<Piece>, &Catalog),
        down: (Vec<Piece>, &Catalog),
    ) -> Result<()> {
        self.needs(&part.imports);
        for (name, (pieces, from)) in [(&part.upgrade_token, up), (&part.downgrade_token, down)] {
            let mut source = Written::default();
            for piece in pieces {
                let operations = match piece {
                    Piece::Operations(operations) => with_labels(operations, states, from)?,
                    Piece::Written(text) => {
                        source.statements.push(text);
                        continue;
                    }
                };
                let style = own.style();
                let found = directives::render_proposed(&operations, &states.dialect, &style)?;
                source.statements.extend(found.statements);
                source.imports.extend(found.imports);
            }
            for (text, line) in &self.known {
                let mut statements = source.statements.iter();
                if statements.any(|statement| statement.contains(&**text)) {
                    self.imports.insert(line.clone());
                }
            }
            // The template has the indentation of the first line.
            let text = source.body().trim_start().to_owned();
            self.body.push((name.clone(), text));
            self.imports.extend(source.imports);
        }
        Ok(())
    }

    fn body(self, draft: &Draft) -> Body {
        let Self {
            mut body,
            mut imports,
            known: _,
        } = self;
        imports.extend(draft.imports.iter().cloned());
        let imports: Vec<String> = imports.into_iter().collect();
        body.push(("imports".to_owned(), imports.join("\n")));
        body
    }
}

/// The operations with SQL in place of changes of a type's labels, for which Alembic has no
/// directive. `from` is the schema that they begin at.
fn with_labels(
    operations: Vec<Operation>,
    states: &States<'_>,
    from: &Catalog,
) -> Result<Vec<Operation>> {
    let mut found = Vec::new();
    for operation in operations {
        let Operation::AlterEnum { before, after } = &operation else {
            found.push(operation);
            continue;
        };
        let mut new = after.labels.iter();
        let only_more = before
            .labels
            .iter()
            .all(|label| new.any(|other| other == label));
        let mut warnings = Vec::new();
        let text = states.statements(&[operation], from, &mut warnings)?;
        // A label that comes cannot be used in the transaction that adds it.
        if only_more {
            found.push(Operation::BeginAutocommit);
        }
        for statement in text.split(";\n") {
            let statement = statement.trim();
            if !statement.is_empty() {
                found.push(Operation::Execute {
                    statement: Executable::Verbatim(statement.into()),
                });
            }
        }
        if only_more {
            found.push(Operation::EndAutocommit);
        }
    }
    Ok(found)
}
