//! `process_revision_directives=`: what the project makes of revisions that are about to be
//! written. It gets them as Alembic's objects, and what it leaves is read back. What it does not
//! touch stays exactly what was proposed.

pub(super) mod objects;
mod read;

use super::Project;
use super::written::{Imports, Writing};
use crate::diagnostic::Result;
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

/// What a revision does in one context of `env.py`.
#[derive(Clone, Debug, Default)]
pub struct Part {
    /// What the template calls the body of the upgrade.
    pub upgrade_token: String,
    /// There.
    pub upgrade: Vec<Directive>,
    /// What the template calls the body of the downgrade.
    pub downgrade_token: String,
    /// Back.
    pub downgrade: Vec<Directive>,
    /// Types as they are written, each with a line of imports that it needs.
    pub imports: Imports,
}

impl Project {
    /// Whether a context has `process_revision_directives=`.
    ///
    /// # Errors
    /// When `env.py` fails.
    pub fn has_directives(&self, context: usize) -> Result<bool> {
        let wishes = self.wishes(context)?;
        Ok(wishes.has_function("process_revision_directives"))
    }

    /// What `process_revision_directives=` of a context makes of the drafts, the last part of which
    /// is what was proposed there; the drafts themselves where there is no such function.
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
        let Some(function) = wishes.function("process_revision_directives").cloned() else {
            return Ok(drafts);
        };
        let metadata = wishes.target_metadata.clone().unwrap_or(Value::None);
        let heads = self.options.revisions.as_ref().map(|map| {
            let ids = map.heads().iter();
            ids.map(|head| Value::Str(Str::clone(&map.revision(*head).id)))
                .collect::<Vec<_>>()
        });
        self.with_vm(|vm| {
            host(vm).start(None);
            let before = host(vm).authoring.replace(authoring);
            let outcome = (|| {
                let writing = Writing::new(vm, &metadata, &wishes)?;
                let mut objects = Objects::new(&metadata, &writing);
                let mut scripts = Vec::new();
                for draft in &drafts {
                    scripts.push(objects.script(vm, draft)?);
                }
                let list = Value::list(scripts);
                let revision = Value::tuple(heads.unwrap_or_default());
                let arguments = vec![bind::context(vm), revision, list.clone()];
                vm.call(&function, Args::of(arguments))?;
                let mut found = Vec::new();
                for script in vm.iterate(&list)? {
                    found.push(objects.draft(vm, &script)?);
                }
                Ok(found)
            })();
            host(vm).authoring.set(before);
            host(vm).finish();
            outcome.map_err(|raise: Box<crate::python::Raise>| {
                super::judge::wrong(vm, *raise, "process_revision_directives")
            })
        })
    }
}
