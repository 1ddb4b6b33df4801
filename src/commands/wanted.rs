//! The schema that is wanted, and what leads to it from that of the revisions.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::Options;
use super::judging::Functions;
use super::renames::{self, Rename};
use super::states::{States, unknown_effects};
use super::workspace::{Frontend, Workspace};
use crate::catalog::{Catalog, ServerNaming};
use crate::compare::proposal::{Looks, Proposal, flat, propose};
use crate::compare::{self, Difference};
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::env::Options as Wishes;
use crate::frontend::alembic::project::written::Imports;
use crate::frontend::sql::{Reader, unread};
use crate::operation::{Directive, Located, Operation};
use crate::source::{Location, SourceFile, Span};

/// What is compared in one context of `env.py`.
pub(super) struct Compared<'a> {
    pub(super) states: States<'a>,
    /// The schema after the newest revisions.
    pub(super) before: Catalog,
    /// The same without what was asked to be renamed.
    pub(super) head: Catalog,
    /// The schema that is wanted.
    pub(super) wanted: Catalog,
    /// What leads from the one to the other.
    pub(super) difference: Difference,
    /// What was asked to be renamed; the schemas have the new names.
    pub(super) renamed: Proposal,
    /// What Alembic would propose, in an Alembic project.
    pub(super) proposal: Option<Proposal>,
    /// Types as they are written, each with a line of imports that it needs.
    pub(super) imports: Imports,
    /// What the project says of comparisons.
    pub(super) wishes: Wishes,
    /// The front-end that has the models.
    pub(super) frontend: Frontend,
}

impl Compared<'_> {
    /// Whether the revisions lead to what is wanted.
    pub(super) fn is_empty(&self) -> bool {
        self.renamed.is_empty()
            && match &self.proposal {
                Some(proposal) => proposal.is_empty(),
                None => self.difference.is_empty(),
            }
    }

    /// Each difference in a few words.
    pub(super) fn lines(&self) -> Vec<String> {
        match &self.proposal {
            Some(proposal) => {
                let operations = flat(proposal.upgrade(), |_| false);
                operations.iter().map(compare::describe).collect()
            }
            None => self.difference.lines(),
        }
    }

    /// What leads there.
    pub(super) fn there(&self) -> Vec<Directive> {
        let mut directives = self.renamed.upgrade();
        match &self.proposal {
            Some(proposal) => directives.extend(proposal.upgrade()),
            None => directives.extend(single(self.difference.operations.clone())),
        }
        directives
    }

    /// What leads back.
    pub(super) fn back(&self) -> Vec<Directive> {
        let mut directives = match &self.proposal {
            Some(proposal) => proposal.downgrade(),
            None => {
                let dialect = &self.states.dialect;
                let back = compare::difference_of_written(&self.wanted, &self.before, dialect);
                single(back.operations).collect()
            }
        };
        directives.extend(self.renamed.downgrade());
        directives
    }

    /// The operations that lead there.
    pub(super) fn upgrade(&self) -> Vec<Operation> {
        self.flat(self.there())
    }

    /// The operations that lead back.
    pub(super) fn downgrade(&self) -> Vec<Operation> {
        self.flat(self.back())
    }

    /// The operations one after the other.
    pub(super) fn flat(&self, directives: Vec<Directive>) -> Vec<Operation> {
        flat(directives, |operations| self.is_batch(operations))
    }

    /// Whether changes of a table are written as a batch: when the project wants that, and where
    /// the database cannot do otherwise.
    fn is_batch(&self, operations: &[Operation]) -> bool {
        let alters = self.states.dialect.facts().features.alter_constraints;
        let simple = |operation: &Operation| {
            matches!(
                operation,
                Operation::AddColumn { .. }
                    | Operation::CreateIndex { .. }
                    | Operation::DropIndex { .. }
                    | Operation::TableComment { .. }
            )
        };
        self.wishes.render_as_batch
            || (!alters && operations.iter().any(|operation| !simple(operation)))
    }
}

fn single(operations: Vec<Operation>) -> impl Iterator<Item = Directive> {
    operations.into_iter().map(Directive::Single)
}

/// Compares the revisions with what is wanted: `target_metadata`, or `schema.sql`.
pub(super) fn compared<'a>(
    workspace: &'a Workspace,
    options: &'a Options,
    renames: &[Rename],
    warnings: &mut Vec<Diagnostic>,
) -> Result<Vec<Compared<'a>>> {
    let mut found = Vec::new();
    for (number, states) in States::open(workspace, options)?.into_iter().enumerate() {
        let mut before = states.at("heads")?;
        let head = before.clone();
        let renamed = renames::apply(renames, &mut before, &states.dialect)?;
        let frontend = states.frontend()?;
        let wishes = match frontend.project() {
            Some(project) => project.wishes(number)?,
            None => states.run.options.clone(),
        };
        let (wanted, models, imports) = wanted(workspace, options, &states, (&frontend, number))?;
        warnings.extend(unknown_effects(&before));
        warnings.extend(renames::likely(&before, &wanted, &states.dialect));
        let difference = compare::difference_of_written(&before, &wanted, &states.dialect);
        warnings.extend(difference.unchanged.iter().map(|what| {
            let message = format!("{what}: no operation changes that");
            Diagnostic::warning(Code::EffectUnknown, message).with_help("change it by hand")
        }));
        let proposal = match models {
            Some(models) => {
                let looks = Looks {
                    schemas: wishes.include_schemas,
                    types: wishes.compare_type,
                    defaults: wishes.compare_server_default,
                };
                let dialect = &states.dialect;
                let judge = Functions {
                    frontend: &frontend,
                    context: number,
                };
                Some(propose(&before, &models, dialect, looks, &judge)?)
            }
            None => None,
        };
        found.push(Compared {
            head,
            renamed: Proposal::of(renamed),
            proposal,
            imports,
            states,
            before,
            wanted,
            difference,
            wishes,
            frontend,
        });
    }
    Ok(found)
}

/// The wanted schema; and with the names that the models give, where there are models.
fn wanted(
    workspace: &Workspace,
    options: &Options,
    states: &States<'_>,
    (frontend, number): (&Frontend, usize),
) -> Result<(Catalog, Option<Catalog>, Imports)> {
    let lowering = states.lowering();
    let mut models = None;
    let mut imports = Vec::new();
    let operations = match &workspace.config.source {
        Source::Alembic(_) => {
            let wanted = frontend.wanted(number)?;
            let operations = wanted.operations;
            imports = wanted.imports;
            let mut catalog = Catalog::new(ServerNaming::Anonymous);
            let named: Vec<Located> = operations.iter().map(|one| lowering.named(one)).collect();
            states.follow(&named, &mut catalog);
            models = Some(catalog);
            operations
        }
        Source::Sql { .. } => written(workspace, options, states)?,
    };
    let operations = states.settled(&lowering, &operations);
    let mut catalog = states.empty()?;
    states.follow(&operations, &mut catalog);
    match catalog.opaque().first() {
        Some(opaque) => {
            let message = format!(
                "what this statement does to the wanted schema is not known: {}",
                opaque.excerpt
            );
            let mut found = Diagnostic::error(Code::SqlRevisionInvalid, message)
                .at(opaque.location.clone())
                .with_help("take it out of the wanted schema, and write it into a revision");
            let place = opaque.location.as_ref();
            let statement = place.and_then(|place| {
                let (start, end) = (place.span.start as usize, place.span.end as usize);
                place.file.text().get(start..end)
            });
            if let Some(why) = statement.and_then(|text| unread(text, Some(&states.dialect))) {
                found = found.with_note(why);
            }
            Err(Box::new(found))
        }
        None => Ok((catalog, models, imports)),
    }
}

/// The statements of `schema.sql`, or of the files in `schema/`.
fn written(workspace: &Workspace, options: &Options, states: &States<'_>) -> Result<Vec<Located>> {
    let settings = &workspace.config.settings;
    let reader = Reader::new(Some(&states.dialect), &settings.types);
    let mut found = Vec::new();
    for path in schema_files(&workspace.config.root)? {
        let bytes = read(&path, options.budget.memory)?;
        let file = SourceFile::decode(&path, bytes).map_err(|(place, byte)| {
            let message = format!("the file is not UTF-8: byte 0x{byte:02x}");
            Box::new(
                Diagnostic::error(Code::Io, message)
                    .at(place)
                    .with_help("save it as UTF-8"),
            )
        })?;
        for (operation, range) in reader.read(file.text()) {
            let span = Span::new(range.start, range.end);
            found.push(Located {
                operation,
                location: Some(Location::new(Arc::clone(&file), span)),
                stack: Vec::new(),
                spelled: Vec::new(),
            });
        }
    }
    Ok(found)
}

fn read(path: &Path, limit: usize) -> Result<Vec<u8>> {
    let failed = |reason: String| {
        let message = format!("cannot read {}: {reason}", path.display());
        Box::new(Diagnostic::error(Code::Io, message).with_help("check that it can be read"))
    };
    let size = std::fs::metadata(path).map_err(|error| failed(error.to_string()))?;
    if size.len() > limit as u64 {
        return Err(failed("it is larger than --max-memory allows".to_owned()));
    }
    std::fs::read(path).map_err(|error| failed(error.to_string()))
}

fn schema_files(root: &Path) -> Result<Vec<PathBuf>> {
    let single = root.join("schema.sql");
    if single.is_file() {
        return Ok(vec![single]);
    }
    let mut found = Vec::new();
    if let Ok(entries) = std::fs::read_dir(root.join("schema")) {
        found.extend(entries.flatten().map(|entry| entry.path()));
        found.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
        found.sort();
    }
    if found.is_empty() {
        let message = "there is no schema.sql to compare the revisions with";
        return Err(Box::new(
            Diagnostic::error(Code::Usage, message)
                .with_note(format!("looked in {}", root.display()))
                .with_help("write the wanted schema into schema.sql, or into files of schema/"),
        ));
    }
    Ok(found)
}
