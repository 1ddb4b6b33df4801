//! `env.py`: what its offline path tells `context.configure` and `context.run_migrations`.

mod applied;
mod capture;
mod context;
mod options;
mod revision;

use std::rc::Rc;
use std::sync::Arc;

use super::bind;
use super::host::host;
use super::project::failure;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::Located;
use crate::python::syntax::ast::{ExprKind, Stmt, StmtKind};
use crate::python::{Raise, Str, Value, Vm};
use crate::source::{Location, SourceFile};

pub use applied::applied;
pub use capture::Capture;
pub use context::{Framed, attr as context_attr};
pub use options::{Options, UnknownOption};
pub use revision::{RevisionNames, revision_names};

/// What `env.py` does in a context, in order.
#[derive(Clone)]
pub enum Event {
    /// `with context.begin_transaction():`
    Begin,
    /// Its end.
    Commit,
    /// Statements that are executed beside the migrations.
    Operations(Vec<Located>),
    /// `context.run_migrations(…)`, with the keywords that `upgrade` and `downgrade` get.
    Migrations(Vec<(Str, Value)>),
}

/// One context of `env.py`: the options, and what is done in it. Most projects have one.
#[derive(Clone)]
pub struct Run {
    /// What `context.configure` was told.
    pub options: Options,
    /// What is done.
    pub events: Vec<Event>,
}

/// What `env.py` does. There is always a run.
#[derive(Clone)]
pub struct Environment {
    /// The contexts that print something, in order.
    pub runs: Vec<Run>,
}

impl Environment {
    /// What Alembic's own template does.
    pub fn stock() -> Self {
        Self {
            runs: vec![Run {
                options: Options::stock(),
                events: framed(Vec::new()),
            }],
        }
    }
}

/// The migrations in a transaction.
fn framed(arguments: Vec<(Str, Value)>) -> Vec<Event> {
    vec![Event::Begin, Event::Migrations(arguments), Event::Commit]
}

/// How evaluating `env.py` went.
pub struct Evaluated {
    /// What it does.
    pub environment: Environment,
    /// What the user should know.
    pub warnings: Vec<Diagnostic>,
}

/// The warning for an `env.py` that cannot be evaluated.
fn failed(cause: &Diagnostic) -> Diagnostic {
    Diagnostic::warning(
        Code::EnvironmentUnknown,
        format!("env.py cannot be evaluated: {}", cause.message),
    )
    .at(cause.primary.clone())
    .with_note("the options of Alembic's own template are assumed")
    .with_help("set what differs in gensql.toml (`version_table`, `transaction_per_migration`)")
}

/// Evaluates `env.py`: its offline path, or where it has none, the one that connects, for the
/// options that it configures.
///
/// # Errors
/// When `env.py` fails between the configuration and the migrations, where statements would be
/// missing from the script.
pub fn evaluate(vm: &mut Vm, file: &Arc<SourceFile>) -> Result<Evaluated> {
    let mut warnings = Vec::new();
    let (mut capture, outcome) = attempt(vm, file, true);
    let cause = outcome.err().map(|raise| *failure(vm, *raise, "env.py"));
    if capture.contexts.is_empty() {
        let (online, _) = attempt(vm, file, false);
        if online.contexts.is_empty() {
            let cause = cause.unwrap_or_else(|| silent(file));
            return Ok(Evaluated {
                environment: Environment::stock(),
                warnings: vec![failed(&cause)],
            });
        }
        warnings.push(no_offline_path(file, cause.as_ref()));
        capture = online;
        for context in &mut capture.contexts {
            context
                .keywords
                .retain(|(name, _)| &**name != "literal_binds");
            context
                .keywords
                .push((Str::from("literal_binds"), Value::Bool(true)));
        }
        // What it executes on a connection is not what Alembic prints.
        capture.contexts.truncate(1);
        for context in &mut capture.contexts {
            context.events = framed(Vec::new());
        }
    } else if let Some(cause) = cause {
        if capture.has_run() {
            warnings.push(stopped(cause));
        } else {
            return Err(Box::new(cause));
        }
    }
    if !capture.has_run()
        && let Some(last) = capture.contexts.last_mut()
    {
        warnings.push(no_run(file));
        last.events.extend(framed(Vec::new()));
    }
    let mut runs = Vec::new();
    for context in capture.contexts {
        if !context.events.is_empty() {
            let mut options = Options::read(vm, context.keywords)
                .map_err(|raise| failure(vm, *raise, "env.py"))?;
            options.version_table_text = bind::version_table(
                vm,
                options
                    .version_table
                    .as_deref()
                    .unwrap_or("alembic_version"),
                options.version_table_schema.as_deref(),
                options.version_table_pk,
            )
            .map_err(|raise| failure(vm, *raise, "env.py"))?;
            runs.push(Run {
                options,
                events: context.events,
            });
        }
    }
    Ok(Evaluated {
        environment: Environment { runs },
        warnings,
    })
}

/// What each context is told on the path that connects; nothing where that path fails.
pub fn connected(vm: &mut Vm, file: &Arc<SourceFile>) -> Vec<Options> {
    let (capture, _) = attempt(vm, file, false);
    let mut found = Vec::new();
    for context in capture.contexts {
        match Options::read(vm, context.keywords) {
            Ok(options) => found.push(options),
            Err(_) => return Vec::new(),
        }
    }
    found
}

fn attempt(
    vm: &mut Vm,
    file: &Arc<SourceFile>,
    offline: bool,
) -> (Capture, std::result::Result<(), Box<Raise>>) {
    host(vm).online.set(!offline);
    vm.discards_writes = true;
    *host(vm).environment.borrow_mut() = Some(Capture::default());
    host(vm).start(Some(Arc::clone(file)));
    let mut first = None;
    let outcome = vm.run_leniently("env_py", file, &mut |vm, statement, found| {
        let configured = host(vm)
            .environment
            .borrow()
            .as_ref()
            .is_some_and(|capture| !capture.contexts.is_empty());
        let goes_on = !configured && is_preparation(file, statement);
        if goes_on && first.is_none() {
            first = Some(found.clone());
        }
        goes_on
    });
    let rest = host(vm).finish();
    host(vm).online.set(false);
    vm.discards_writes = false;
    let mut capture = host(vm).environment.borrow_mut().take().unwrap_or_default();
    capture.executed(rest);
    let outcome = match (outcome, first) {
        // What was passed over explains why nothing has been configured.
        (Ok(()), Some(first)) if capture.contexts.is_empty() => Err(Raise::fatal(first)),
        (outcome, _) => outcome,
    };
    (capture, outcome)
}

/// Whether a statement of `env.py` only prepares what is configured later, so that a failure only
/// leaves names unknown.
fn is_preparation(file: &Arc<SourceFile>, statement: &Stmt) -> bool {
    const ACTS: &[&str] = &[
        "run_migrations",
        "configure(",
        "is_offline_mode",
        "begin_transaction",
        "execute(",
        "static_output",
    ];
    let (start, end) = (statement.span.start as usize, statement.span.end as usize);
    let text = file.text().get(start..end).unwrap_or_default();
    let calls_function = matches!(
        &statement.kind,
        StmtKind::Expr(expr) if matches!(&expr.kind, ExprKind::Call(call) if matches!(call.function.kind, ExprKind::Name(..)))
    );
    !calls_function && !ACTS.iter().any(|act| text.contains(act))
}

fn start_of(file: &Arc<SourceFile>) -> Location {
    Location::new(Arc::clone(file), crate::source::Span::default())
}

fn silent(file: &Arc<SourceFile>) -> Diagnostic {
    let message = "it calls `context.configure` neither offline nor online";
    Diagnostic::error(Code::EnvironmentUnknown, message).at(start_of(file))
}

fn no_offline_path(file: &Arc<SourceFile>, cause: Option<&Diagnostic>) -> Diagnostic {
    let place = cause
        .and_then(|cause| cause.primary.clone())
        .unwrap_or_else(|| start_of(file));
    let mut found = Diagnostic::warning(
        Code::EnvironmentUnknown,
        "env.py configures nothing in offline mode",
    )
    .at(place);
    if let Some(cause) = cause {
        found = found.with_note(cause.message.clone());
    }
    found
        .with_note("the options that it configures with a connection are taken")
        .with_help("configure the context when `context.is_offline_mode()` as well")
}

fn no_run(file: &Arc<SourceFile>) -> Diagnostic {
    Diagnostic::warning(
        Code::EnvironmentUnknown,
        "env.py does not call `context.run_migrations` in offline mode",
    )
    .at(start_of(file))
    .with_note("the migrations are run in a transaction, as Alembic's own template does")
    .with_help("call `context.run_migrations()` when `context.is_offline_mode()`")
}

fn stopped(cause: Diagnostic) -> Diagnostic {
    Diagnostic::warning(
        Code::EnvironmentUnknown,
        format!("env.py stops after the migrations: {}", cause.message),
    )
    .at(cause.primary)
    .with_note("what it would have done after that is not in the script")
}

/// Makes the options of a run those that migrations see.
pub fn enter(vm: &mut Vm, run: &Run) {
    let host: Rc<super::host::Host> = host(vm);
    host.render_as_batch.set(run.options.render_as_batch);
    *host.version_table.borrow_mut() = run.options.version_table.as_deref().map(Str::from);
    *host.version_table_schema.borrow_mut() =
        run.options.version_table_schema.as_deref().map(Str::from);
}
