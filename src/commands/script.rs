//! From the steps of a plan to the text of a script.

use std::rc::Rc;

use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::config::{DialectChoice, DialectOrigin};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::lower::{LowerOptions, Lowering, Statement};
use crate::operation::Located;
use crate::render::Renderer;
use crate::revision::{Direction, Plan, Revision, StepKind};
use crate::script::{Script, ScriptOptions};

/// What is needed of a front-end: the operations of one revision, in order.
pub(super) trait Operations {
    /// What a revision does in a direction. Called in the order of the script.
    fn operations(&mut self, revision: &Revision, direction: Direction) -> Result<Vec<Located>>;

    /// How the project wants its scripts framed.
    fn frame(&self, workspace: &Workspace, options: &Options) -> ScriptOptions {
        let settings = &workspace.config.settings;
        let usual = ScriptOptions::default();
        ScriptOptions {
            compat: options.compat,
            transaction_per_migration: settings.transaction_per_migration.unwrap_or(false),
            version_table: settings
                .version_table
                .as_ref()
                .map_or(usual.version_table.clone(), |setting| {
                    setting.value.as_str().into()
                }),
            version_table_schema: settings
                .version_table_schema
                .as_ref()
                .map(|setting| setting.value.as_str().into()),
            ..usual
        }
    }

    /// What the user should know besides.
    fn warnings(&self) -> Vec<Diagnostic> {
        Vec::new()
    }
}

/// Renders a plan: each step's operations, lowered and framed.
pub(super) fn script(workspace: Workspace, options: &Options, plan: &Plan) -> Result<Outcome> {
    let dialect = dialect(&workspace, options)?;
    let mut frontend = workspace.frontend(options, &dialect)?;
    let renderer = Renderer::new(Rc::clone(&dialect));
    let render = |statement: &Statement| renderer.render(statement);
    let mut lowering = Lowering::new(
        Rc::clone(&dialect),
        LowerOptions {
            compat: options.compat,
            ..LowerOptions::default()
        },
    );
    let frame = frontend.frame(&workspace, options);
    let mut script = Script::new(Rc::clone(&dialect), frame, &render);
    for step in &plan.steps {
        let mut statements = Vec::new();
        if let StepKind::Revision(index) = step.kind {
            let revision = workspace.map.revision(index);
            for located in frontend.operations(revision, step.direction)? {
                statements.extend(lowering.lower(&located, None)?);
            }
        }
        script.step(
            &step.summary(),
            step.creates_version_table,
            &statements,
            &step.changes,
        )?;
    }
    let mut diagnostics = frontend.warnings();
    diagnostics.extend(lowering.take_warnings());
    Ok(Outcome {
        output: script.finish(),
        diagnostics,
    })
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
