//! The options of `context.configure`, as far as they matter to a script.

use crate::frontend::alembic::bind::Engine;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::schema::MetaDataObject;
use crate::python::{PyResult, Str, Value, Vm};
use crate::source::Location;

/// Options with functions that a comparison of schemas would ask.
const FILTERS: &[&str] = &[
    "include_object",
    "include_name",
    "process_revision_directives",
    "render_item",
    "compare_type",
    "compare_server_default",
];

/// An option whose value is not known.
#[derive(Clone, Debug)]
pub struct UnknownOption {
    /// Its name.
    pub name: Str,
    /// What it depends on.
    pub what: String,
    /// Where that is.
    pub place: Option<Location>,
}

/// What `context.configure` was told.
#[derive(Clone, Default)]
pub struct Options {
    /// `url=`, or `dialect_name=`, when it is known.
    pub url: Option<String>,
    /// Options that are not known.
    pub unknown: Vec<UnknownOption>,
    /// `version_table=`.
    pub version_table: Option<String>,
    /// `version_table_schema=`.
    pub version_table_schema: Option<String>,
    /// `version_table_pk=`.
    pub version_table_pk: bool,
    /// The text of the statement that creates the version table, where the project spells it itself.
    pub version_table_text: Option<Str>,
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
    /// `{dialect}_batch_separator=`, by the dialect.
    pub batch_separators: Vec<(Str, Str)>,
    /// `starting_rev=`: the revisions that the script begins at.
    pub starting_rev: Option<Vec<Str>>,
    /// The file that `output_buffer=` writes.
    pub output: Option<String>,
    /// The naming convention of `target_metadata`: kinds and templates.
    pub naming_convention: Vec<(Str, Str)>,
    /// `target_metadata=`, when it is given and not `None`.
    pub(in crate::frontend::alembic) target_metadata: Option<Value>,
    /// `include_schemas=`.
    pub include_schemas: bool,
    /// `compare_type=`, true when it is a function.
    pub compare_type: bool,
    /// `compare_server_default=`, true when it is a function.
    pub compare_server_default: bool,
    /// `user_module_prefix=`.
    pub user_module_prefix: Option<Str>,
    /// `sqlalchemy_module_prefix=`, where it is given.
    pub sqlalchemy_module_prefix: Option<Str>,
    /// `alembic_module_prefix=`, where it is given.
    pub alembic_module_prefix: Option<Str>,
    /// Functions that a comparison of schemas asks, by their options.
    pub(in crate::frontend::alembic) functions: Vec<(&'static str, Value)>,
    /// What `on_version_apply=` calls after each step.
    pub(in crate::frontend::alembic) on_version_apply: Vec<Value>,
}

impl Options {
    /// What Alembic's own template says.
    pub fn stock() -> Self {
        Self {
            version_table_pk: true,
            literal_binds: true,
            paramstyle: Some("named".to_owned()),
            ..Self::default()
        }
    }

    /// Whether something is called after each step.
    pub fn has_callbacks(&self) -> bool {
        !self.on_version_apply.is_empty()
    }

    /// Why an option is not known.
    pub fn why_unknown(&self, name: &str) -> Option<&UnknownOption> {
        self.unknown.iter().find(|unknown| *unknown.name == *name)
    }

    /// The batch separator for a dialect, where the project sets one.
    pub fn batch_separator(&self, dialect: &str) -> Option<&Str> {
        let found = self
            .batch_separators
            .iter()
            .find(|(of, _)| **of == *dialect);
        found.map(|(_, separator)| separator)
    }

    /// Whether there is a function of that option.
    pub fn has_function(&self, name: &str) -> bool {
        self.functions.iter().any(|(option, _)| *option == name)
    }

    /// The function of an option.
    pub(in crate::frontend::alembic) fn function(&self, name: &str) -> Option<&Value> {
        let mut functions = self.functions.iter().rev();
        functions
            .find(|(option, _)| *option == name)
            .map(|(_, value)| value)
    }

    /// Reads the keywords of `context.configure(…)`.
    pub(super) fn read(vm: &mut Vm, keywords: Vec<(Str, Value)>) -> PyResult<Self> {
        let mut options = Self {
            version_table_pk: true,
            compare_type: true,
            ..Self::default()
        };
        for (name, value) in keywords {
            options.set(vm, &name, value)?;
        }
        Ok(options)
    }

    fn set(&mut self, vm: &mut Vm, name: &str, value: Value) -> PyResult<()> {
        if let Some(of) = name.strip_suffix("_batch_separator") {
            if let Some(text) = value.as_str() {
                self.batch_separators.push((Str::from(of), text));
            }
            return Ok(());
        }
        if name == "target_metadata" && !value.is_none() {
            self.target_metadata = Some(value.clone());
        }
        if let Some(filter) = FILTERS.iter().find(|filter| **filter == name)
            && !matches!(value, Value::None | Value::Bool(_))
        {
            self.functions.push((filter, value.clone()));
        }
        if let Value::Unknown(unknown) = &value {
            self.unknown.push(UnknownOption {
                name: Str::from(name),
                what: unknown.what.clone(),
                place: unknown.origin.clone(),
            });
            return Ok(());
        }
        let text = value.as_str().map(|text| text.to_string());
        match name {
            "url" if !value.is_none() => self.url = Some(vm.str(&value)?.to_string()),
            "connection" if self.url.is_none() => {
                if let Some(engine) = value.downcast::<Engine>() {
                    self.set(vm, "url", engine.url().clone())?;
                }
            }
            "dialect_name" if self.url.is_none() => {
                self.url = text.map(|name| format!("{name}://"));
            }
            "version_table" if !value.is_none() => {
                self.version_table = Some(vm.str(&value)?.to_string());
            }
            "version_table_schema" if !value.is_none() => {
                self.version_table_schema = Some(vm.str(&value)?.to_string());
            }
            "starting_rev" => self.starting_rev = Some(revisions(vm, &value)?),
            "version_table_pk" => self.version_table_pk = vm.truth(&value)?,
            "transaction_per_migration" => self.transaction_per_migration = vm.truth(&value)?,
            "transactional_ddl" => self.transactional_ddl = Some(vm.truth(&value)?),
            "literal_binds" => self.literal_binds = vm.truth(&value)?,
            "include_schemas" => self.include_schemas = vm.truth(&value)?,
            "compare_type" => self.compare_type = vm.truth(&value)?,
            "compare_server_default" => self.compare_server_default = vm.truth(&value)?,
            "user_module_prefix" => self.user_module_prefix = value.as_str(),
            "sqlalchemy_module_prefix" => {
                self.sqlalchemy_module_prefix =
                    Some(value.as_str().unwrap_or_else(|| Str::from("")));
            }
            "alembic_module_prefix" => {
                self.alembic_module_prefix = Some(value.as_str().unwrap_or_else(|| Str::from("")));
            }
            "render_as_batch" => self.render_as_batch = vm.truth(&value)?,
            "dialect_opts" => {
                if let Value::Dict(entries) = &value {
                    for (key, value) in entries.borrow().iter() {
                        if key.value().as_str().as_deref() == Some("paramstyle") {
                            self.paramstyle = value.as_str().map(|text| text.to_string());
                        }
                    }
                }
            }
            "output_buffer" => {
                self.output = vm
                    .find_attr(&value, "name")?
                    .and_then(|name| name.as_str())
                    .map(|name| name.to_string());
            }
            "target_metadata" => self.set_metadata(vm, &value)?,
            "on_version_apply" => {
                self.on_version_apply = match value {
                    Value::None => Vec::new(),
                    Value::List(_) | Value::Tuple(_) => vm.iterate(&value)?,
                    single => vec![single],
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn set_metadata(&mut self, vm: &mut Vm, value: &Value) -> PyResult<()> {
        // With a list of them, Alembic takes no convention.
        if let Some(metadata) = value.downcast::<MetaDataObject>() {
            self.naming_convention = metadata.naming_convention(vm)?;
            host(vm)
                .naming_convention
                .replace(self.naming_convention.clone());
        }
        Ok(())
    }
}

fn revisions(vm: &mut Vm, value: &Value) -> PyResult<Vec<Str>> {
    match value.as_str() {
        Some(text) => Ok(vec![text]),
        None => {
            let items = vm.iterate(value)?;
            Ok(items.iter().filter_map(Value::as_str).collect())
        }
    }
}
