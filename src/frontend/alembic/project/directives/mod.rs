//! `process_revision_directives=`: what the project makes of revisions that are about to be
//! written. It gets them as Alembic's objects, and what it leaves is read back. What it does not
//! touch stays exactly what was proposed.

pub(super) mod objects;
mod own;
mod read;

use std::cell::Cell;

use super::Project;
use super::written::{Imports, Writing};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::bind;
pub use crate::frontend::alembic::host::Authoring;
use crate::frontend::alembic::host::host;
use crate::operation::Directive;
use crate::python::{Args, Str, Value};
use objects::Objects;

/// A revision that is about to be written, as the project may change it.
#[derive(Clone, Debug, Default)]
pub struct Draft {
    /// Its identifier.
    pub id: String,
    /// Its message.
    pub message: Option<String>,
    /// The revisions that it follows, as they were given.
    pub heads: Vec<String>,
    /// `--splice`.
    pub splice: bool,
    /// `--branch-label`.
    pub branch_labels: Vec<String>,
    /// `--version-path`.
    pub version_path: Option<String>,
    /// `--depends-on`.
    pub depends_on: Vec<String>,
    /// Lines of imports.
    pub imports: Vec<String>,
    /// What it does in each context so far.
    pub parts: Vec<Part>,
}

/// A step of a revision that is about to be written.
// Nearly all are known: a box would be one more allocation for each.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Proposed {
    /// One that is written as Alembic writes it.
    Known(Directive),
    /// The lines that a function of the project has written for an operation.
    Written(Vec<String>),
}

impl Draft {
    /// Whether it does nothing.
    pub fn is_empty(&self) -> bool {
        self.parts.iter().all(|part| part.upgrade.is_empty())
    }
}

/// What a revision does in one context of `env.py`.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What the template calls the body of the upgrade.
    pub upgrade_token: String,
    /// There.
    pub upgrade: Vec<Proposed>,
    /// What the template calls the body of the downgrade.
    pub downgrade_token: String,
    /// Back.
    pub downgrade: Vec<Proposed>,
    /// Types as they are written, each with a line of imports that it needs.
    pub imports: Imports,
}

impl Project {
    /// Whether a context has `process_revision_directives=`, or the project compares or writes
    /// something by functions of its own.
    ///
    /// # Errors
    /// When `env.py` fails.
    pub fn has_say(&self, context: usize) -> Result<bool> {
        let wishes = self.wishes(context)?;
        if wishes.has_function("process_revision_directives") {
            return Ok(true);
        }
        self.with_vm(|vm| {
            own::has_functions(vm)
                .map_err(|raise| super::judge::wrong(vm, *raise, "target_metadata"))
        })
    }

    /// What the project makes of the drafts, the last part of which is what was proposed in a
    /// context: its comparison functions add to it, and `process_revision_directives=` has the last
    /// word. The drafts themselves where it has no such functions.
    ///
    /// # Errors
    /// When the function fails, or leaves something that cannot be written.
    pub fn direct(
        &self,
        context: usize,
        authoring: Authoring,
        drafts: Vec<Draft>,
    ) -> Result<Vec<Draft>> {
        let wishes = self.wishes(context)?;
        if !self.has_say(context)? {
            return Ok(drafts);
        }
        let function = wishes.function("process_revision_directives").cloned();
        let metadata = wishes.target_metadata.clone().unwrap_or(Value::None);
        let heads = self.options.revisions.as_ref().map(|map| {
            let ids = map.heads().iter();
            ids.map(|head| Value::Str(Str::clone(&map.revision(*head).id)))
                .collect::<Vec<_>>()
        });
        self.with_vm(|vm| {
            host(vm).start(None);
            let before = host(vm).authoring.replace(authoring);
            let comparing = Cell::new(false);
            let outcome = (|| {
                let writing = Writing::new(vm, &metadata, &wishes)?;
                let own = own::Functions::of(vm, &wishes)?;
                comparing.set(own.is_some());
                let mut objects = Objects::new(&metadata, &writing, own);
                let mut scripts = Vec::new();
                for draft in &drafts {
                    scripts.push(objects.script(vm, draft)?);
                }
                if authoring.compares
                    && let (Some(own), Some(script)) = (&objects.own, scripts.last())
                {
                    own.compare(vm, script)?;
                }
                let list = Value::list(scripts);
                if let Some(function) = function {
                    comparing.set(false);
                    let revision = Value::tuple(heads.unwrap_or_default());
                    let arguments = vec![bind::context(vm), revision, list.clone()];
                    vm.call(&function, Args::of(arguments))?;
                    comparing.set(objects.own.is_some());
                }
                let mut found = Vec::new();
                for script in vm.iterate(&list)? {
                    found.push(objects.draft(vm, &script)?);
                }
                if let (Some(own), Some(last)) = (&objects.own, found.last_mut()) {
                    own.imports(vm, &mut last.imports)?;
                }
                Ok(found)
            })();
            host(vm).authoring.set(before);
            host(vm).finish();
            outcome.map_err(|raise: Box<crate::python::Raise>| {
                if comparing.get() {
                    return of_comparison(super::failure(vm, *raise, "a comparison"));
                }
                super::judge::wrong(vm, *raise, "process_revision_directives")
            })
        })
    }
}

/// What is wrong with the project's comparison functions, or with what writes what they find. What
/// they ask of the database is what the revision becomes: it cannot be left to the script.
fn of_comparison(mut found: Box<Diagnostic>) -> Box<Diagnostic> {
    if found.code == Code::PythonException {
        found.help = vec![
            "correct the project's functions for `comparators`, `renderers` and their operations"
                .to_owned(),
        ];
    }
    if found.code == Code::DatabaseRead {
        found.message =
            "the comparison needs the rows of a query that the revisions do not answer".to_owned();
        found.help = vec![
            "ask for what the replayed schema can tell (docs/questions.md), or write that part of \
             the revision by hand"
                .to_owned(),
        ];
    }
    found
}
