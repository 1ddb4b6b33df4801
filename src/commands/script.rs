//! From the steps of a plan to the text of a script.

use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::revision::Plan;

/// Renders a plan.
pub(super) fn script(workspace: Workspace, options: &Options, plan: &Plan) -> Result<Outcome> {
    let url = options.database_url.as_deref();
    let choice = workspace.config.dialect(options.dialect.as_deref(), url);
    if choice.is_none() {
        return Err(no_dialect());
    }
    let _ = plan;
    let message = "scripts cannot be rendered yet";
    Err(Box::new(Diagnostic::error(Code::Unsupported, message)))
}

fn no_dialect() -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::DialectUnknown,
            "the dialect of the script is not known",
        )
        .with_note("looked at --dialect, gensql.toml, sqlalchemy.url, DATABASE_URL and env.py")
        .with_help("name it with `--dialect`; `gensql dialects` lists them"),
    )
}
