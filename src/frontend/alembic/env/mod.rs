//! `env.py`: what its offline path tells `context.configure` and `context.run_migrations`.

use std::sync::Arc;

use super::host::host;
use super::project::failure;
use super::schema::MetaDataObject;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::Located;
use crate::python::{Args, PyResult, Str, Value, Vm};
use crate::source::SourceFile;

/// What `env.py` has said so far.
#[derive(Default)]
pub struct Capture {
    /// The keywords of each `context.configure(…)`.
    pub configured: Vec<Vec<(Str, Value)>>,
    /// The keywords of each `context.run_migrations(…)`, with the number of configurations before.
    pub runs: Vec<(usize, Vec<(Str, Value)>)>,
}

impl Capture {
    /// `context.configure(…)`.
    pub fn configure(&mut self, args: Args) {
        self.configured.push(args.kw);
    }

    /// `context.run_migrations(…)`.
    pub fn run(&mut self, args: Args) {
        self.runs.push((self.configured.len(), args.kw));
    }
}

/// The options that `env.py` passes.
#[derive(Clone, Default)]
pub struct Environment {
    /// `url=`, or `dialect_name=`, when it is known.
    pub url: Option<String>,
    /// `version_table=`.
    pub version_table: Option<String>,
    /// `version_table_schema=`.
    pub version_table_schema: Option<String>,
    /// `version_table_pk=`.
    pub version_table_pk: bool,
    /// `transaction_per_migration=`.
    pub transaction_per_migration: bool,
    /// `transactional_ddl=`.
    pub transactional_ddl: Option<bool>,
    /// `literal_binds=`.
    pub literal_binds: bool,
    /// `dialect_opts={"paramstyle": …}`.
    pub paramstyle: Option<String>,
    /// `render_as_batch=`.
    pub render_as_batch: bool,
    /// `mssql_batch_separator=` or `batch_separator` of `dialect_opts`.
    pub mssql_batch_separator: Option<String>,
    /// `oracle_batch_separator=`.
    pub oracle_batch_separator: Option<String>,
    /// `starting_rev=`.
    pub starting_rev: Option<String>,
    /// The naming convention of `target_metadata`: kinds and templates.
    pub naming_convention: Vec<(Str, Str)>,
    /// What `context.execute` and the like recorded before the migrations ran.
    pub before: Vec<Located>,
    /// The keywords of `context.run_migrations(…)`, which `upgrade` and `downgrade` get.
    pub(super) run_arguments: Vec<(Str, Value)>,
}

impl Environment {
    /// What Alembic's own template says.
    pub fn stock() -> Self {
        Self {
            version_table_pk: true,
            literal_binds: true,
            paramstyle: Some("named".to_owned()),
            ..Self::default()
        }
    }
}

/// The warning for an `env.py` that cannot be evaluated.
pub fn failed(cause: &Diagnostic) -> Diagnostic {
    Diagnostic::warning(
        Code::EnvironmentUnknown,
        format!("env.py cannot be evaluated: {}", cause.message),
    )
    .at(cause.primary.clone())
    .with_note("the options of Alembic's own template are assumed")
    .with_help("set what differs in gensql.toml (`version_table`, `transaction_per_migration`)")
}

/// Evaluates `env.py`.
pub fn evaluate(vm: &mut Vm, file: &Arc<SourceFile>) -> Result<Environment> {
    *host(vm).environment.borrow_mut() = Some(Capture::default());
    host(vm).start(Some(Arc::clone(file)));
    let outcome = vm.run_module("env_py", file);
    let before = host(vm).finish();
    let capture = host(vm).environment.borrow_mut().take().unwrap_or_default();
    if capture.configured.is_empty()
        && let Err(raise) = outcome
    {
        return Err(failure(vm, *raise, "env.py"));
    }
    // A failure after the configuration is one of what is done with it.
    let environment = read(vm, capture, before).map_err(|raise| failure(vm, *raise, "env.py"))?;
    host(vm).render_as_batch.set(environment.render_as_batch);
    *host(vm).version_table.borrow_mut() = environment.version_table.as_deref().map(Str::from);
    Ok(environment)
}

fn read(vm: &mut Vm, capture: Capture, before: Vec<Located>) -> PyResult<Environment> {
    let mut environment = Environment {
        version_table_pk: true,
        before,
        ..Environment::default()
    };
    let index = capture
        .runs
        .first()
        .map_or(0, |(count, _)| count.saturating_sub(1));
    let configured = capture.configured.get(index).cloned().unwrap_or_default();
    if let Some((_, arguments)) = capture.runs.into_iter().next() {
        environment.run_arguments = arguments;
    }
    for (name, value) in configured {
        let text = value.as_str().map(|text| text.to_string());
        let known = !matches!(value, Value::Unknown(_));
        match &*name {
            "url" => {
                environment.url = match text {
                    Some(text) => Some(text),
                    None if known && !value.is_none() => Some(vm.str(&value)?.to_string()),
                    None => environment.url,
                }
            }
            "dialect_name" => {
                if let Some(name) = text {
                    environment.url = Some(format!("{name}://"));
                }
            }
            "version_table" => environment.version_table = text,
            "version_table_schema" => environment.version_table_schema = text,
            "starting_rev" => environment.starting_rev = text,
            "mssql_batch_separator" => environment.mssql_batch_separator = text,
            "oracle_batch_separator" => environment.oracle_batch_separator = text,
            "version_table_pk" if known => environment.version_table_pk = vm.truth(&value)?,
            "transaction_per_migration" if known => {
                environment.transaction_per_migration = vm.truth(&value)?;
            }
            "transactional_ddl" if known && !value.is_none() => {
                environment.transactional_ddl = Some(vm.truth(&value)?);
            }
            "literal_binds" if known => environment.literal_binds = vm.truth(&value)?,
            "render_as_batch" if known => environment.render_as_batch = vm.truth(&value)?,
            "dialect_opts" => {
                if let Value::Dict(entries) = &value {
                    for (key, value) in entries.borrow().iter() {
                        if key.value().as_str().as_deref() == Some("paramstyle") {
                            environment.paramstyle = value.as_str().map(|text| text.to_string());
                        }
                    }
                }
            }
            "target_metadata" => {
                let metadata = match &value {
                    Value::List(items) => items.borrow().first().cloned(),
                    Value::Tuple(items) => items.first().cloned(),
                    other => Some(other.clone()),
                };
                if let Some(metadata) =
                    metadata.and_then(|metadata| metadata.downcast::<MetaDataObject>())
                {
                    environment.naming_convention = metadata.naming_convention(vm)?;
                }
            }
            _ => {}
        }
    }
    Ok(environment)
}
