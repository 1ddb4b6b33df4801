//! From the steps of a plan to the text of a script.

use std::rc::Rc;
use std::sync::Arc;

use super::replay;
use super::workspace::{Frontend, Workspace};
use super::{Options, Outcome};
use super::{baseline, dialect_choice};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Batch, Dialect};
use crate::frontend::sql::follow;
use crate::lower::naming::Convention;
use crate::lower::{LowerOptions, Lowering, Statement};
use crate::render::Renderer;
use crate::revision::{Plan, StepKind};
use crate::script::{Script, ScriptOptions};

/// Renders a plan: each step's operations, lowered and framed.
pub(super) fn script(workspace: &Workspace, options: &Options, plan: &Plan) -> Result<Outcome> {
    let choice = dialect_choice::choose(workspace, options)?;
    let dialect = Rc::clone(&choice.dialect);
    let frontend = Frontend::open(workspace, options, &dialect)?;
    let mut environment = frontend.environment();
    let settings = &workspace.config.settings;
    if let Some(table) = &settings.version_table {
        environment.version_table = Some(table.value.clone());
    }
    if let Some(schema) = &settings.version_table_schema {
        environment.version_table_schema = Some(schema.value.clone());
    }
    let script_options = ScriptOptions {
        compat: options.compat,
        transactional_ddl: environment.transactional_ddl,
        transaction_per_migration: settings
            .transaction_per_migration
            .unwrap_or(environment.transaction_per_migration),
        version_table: environment
            .version_table
            .as_deref()
            .unwrap_or("alembic_version")
            .into(),
        version_table_schema: environment.version_table_schema.as_deref().map(Into::into),
        version_table_pk: environment.version_table_pk,
        batch_separator: None,
    };
    let mut lowering = Lowering::new(
        Rc::clone(&dialect),
        LowerOptions {
            compat: options.compat,
            naming_convention: Convention::new(environment.naming_convention.clone()),
            literal_binds: environment.literal_binds,
        },
    );
    let mut catalog = if options.compat {
        None
    } else {
        let before = replay::before(workspace, options, &dialect, &frontend, plan)?;
        // Only where tables are rebuilt does the lowering look at what was there before.
        (dialect.facts().features.batch == Batch::Recreate).then_some(before)
    };
    let renderer = Renderer::new(Rc::clone(&dialect));
    let render = |statement: &Statement| {
        let text = renderer.render(statement)?;
        if text.as_ref().is_some_and(|text| text.contains('\0')) {
            return Err(nul(statement));
        }
        Ok(text)
    };
    let mut script = Script::new(Rc::clone(&dialect), script_options, &render);
    let mut diagnostics: Vec<Diagnostic> = choice.notes;
    frontend.expect(plan.steps.iter().filter_map(|step| match step.kind {
        StepKind::Revision(index) => Some(workspace.map.revision(index)),
        StepKind::Stamp => None,
    }));
    if options.fresh && !plan.steps.is_empty() {
        let known = catalog_names(options, &dialect)?;
        if !script.guard(&empty(&dialect, &known))? {
            diagnostics.push(unguarded(dialect.name()));
        }
    }
    for step in &plan.steps {
        let operations = match step.kind {
            StepKind::Revision(index) => {
                frontend.operations(workspace.map.revision(index), step.direction)?
            }
            StepKind::Stamp => Vec::new(),
        };
        let mut statements = Vec::with_capacity(operations.len());
        for located in &operations {
            statements.extend(lowering.lower(located, catalog.as_ref())?);
            if let Some(catalog) = &mut catalog {
                follow(located, dialect.name(), catalog);
            }
        }
        script.step(
            &step.summary(),
            step.creates_version_table,
            &statements,
            &step.changes,
        )?;
    }
    diagnostics.extend(frontend.warnings());
    diagnostics.extend(lowering.take_warnings());
    Ok(Outcome {
        output: script.finish(),
        diagnostics,
    })
}

/// The tables that are there before the first revision.
fn catalog_names(options: &Options, dialect: &Dialect) -> Result<Vec<Arc<str>>> {
    let mut catalog = Catalog::default();
    baseline::read(options, dialect, &mut catalog)?;
    Ok(catalog
        .tables()
        .map(|((_, name), _)| name.clone())
        .collect())
}

/// What fails on a database that holds other tables than these.
fn empty(dialect: &Dialect, known: &[Arc<str>]) -> Statement {
    let names = known.iter().map(|name| dialect.string(name));
    Statement::new("guard_empty").list("known", names.collect())
}

fn unguarded(dialect: &str) -> Diagnostic {
    Diagnostic::warning(
        Code::Unguarded,
        format!("a script for {dialect} cannot refuse a database that is not empty"),
    )
    .with_help("make sure that the database is empty before the script is applied")
}

/// The error of a statement that no database and no client reads to its end.
fn nul(statement: &Statement) -> Box<Diagnostic> {
    let message = "the statement contains a NUL character";
    Box::new(
        Diagnostic::error(Code::OperationInvalid, message)
            .at(statement.location.clone())
            .with_help("remove the character from the name or the text"),
    )
}
