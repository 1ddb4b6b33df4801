//! From the steps of a plan to the text of a script.

use std::rc::Rc;

use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::config::{DialectChoice, DialectOrigin};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::operation::Located;
use crate::revision::{Direction, Plan, Revision, StepKind};

/// What is needed of a front-end: the operations of one revision, in order.
pub(super) trait Operations {
    /// What a revision does in a direction. Called in the order of the script.
    fn operations(&mut self, revision: &Revision, direction: Direction) -> Result<Vec<Located>>;
}

/// Renders a plan: each step's operations, lowered and framed.
pub(super) fn script(workspace: Workspace, options: &Options, plan: &Plan) -> Result<Outcome> {
    let dialect = dialect(&workspace, options)?;
    let mut frontend = workspace.frontend(options, &dialect)?;
    for step in &plan.steps {
        if let StepKind::Revision(index) = step.kind {
            let revision = workspace.map.revision(index);
            frontend.operations(revision, step.direction)?;
        }
    }
    let message = format!("scripts for {} cannot be rendered yet", dialect.name());
    Err(Box::new(Diagnostic::error(Code::Unsupported, message)))
}

/// The dialect that is asked for, loaded.
fn dialect(workspace: &Workspace, options: &Options) -> Result<Rc<Dialect>> {
    let url = options.database_url.as_deref();
    let choice = workspace
        .config
        .dialect(options.dialect.as_deref(), url)
        .ok_or_else(unnamed)?;
    let loaded = Dialect::load(&choice.name, choice.version.as_deref(), options.compat);
    loaded.map_err(|found| Box::new(place(*found, &choice)))
}

/// Says where an unknown dialect was named.
fn place(found: Diagnostic, choice: &DialectChoice) -> Diagnostic {
    let found = found.at(choice.location.clone());
    match choice.origin {
        DialectOrigin::Environment => found.with_note("it comes from DATABASE_URL"),
        DialectOrigin::EnvPy => found.with_note("it comes from context.configure in env.py"),
        DialectOrigin::Flag | DialectOrigin::Settings | DialectOrigin::Url => found,
    }
}

fn unnamed() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::DialectUnknown,
            "the dialect of the script is not known",
        )
        .with_note("looked at --dialect, gensql.toml, sqlalchemy.url, DATABASE_URL and env.py")
        .with_help("name it with `--dialect`; `gensql dialects` lists them"),
    )
}
