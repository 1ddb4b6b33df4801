//! Flask as `env.py` of Flask-Migrate sees it: the current application and its database.

use std::any::Any;
use std::rc::Rc;

use crate::diagnostic::{Code, Diagnostic};
use crate::frontend::alembic::bind;
use crate::frontend::alembic::host::host;
use crate::python::{Args, Builtin, Dict, DictKey, Native, PyResult, Value, Vm};

/// `flask.name`.
pub fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(if name == "current_app" {
        Value::native(Application)
    } else {
        Value::unknown(format!("`{module}.{name}`"), vm.location())
    }))
}

/// The application. Its database is the one of `sqlalchemy.url`, `DATABASE_URL` or `--dialect`.
struct Application;

impl Native for Application {
    fn type_name(&self) -> &str {
        "Flask"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "extensions" => {
                let mut extensions = Dict::default();
                extensions.insert(DictKey::str("migrate"), Value::native(Migrate));
                extensions.insert(DictKey::str("sqlalchemy"), Value::native(Database));
                Value::dict(extensions)
            }
            "_get_current_object" => {
                let held = this.clone();
                Builtin::value("_get_current_object", move |_, _| Ok(held.clone()))
            }
            "config" => Value::native(Settings),
            _ => Value::unknown(format!("`current_app.{name}`"), vm.location()),
        }))
    }
}

/// `current_app.config`: the database's URL, and nothing else that is known.
struct Settings;

impl Settings {
    fn value(vm: &mut Vm, key: &str) -> Value {
        match key {
            "SQLALCHEMY_DATABASE_URI" => database_url(vm),
            "SQLALCHEMY_BINDS" => {
                let place = vm.location();
                host(vm).warn(
                    Diagnostic::warning(
                        Code::EnvironmentUnknown,
                        "the databases of SQLALCHEMY_BINDS are not known; the script is for the first one",
                    )
                    .at(place)
                    .with_help("gensql does not run the Flask application"),
                );
                Value::None
            }
            _ => Value::unknown(format!("`current_app.config[{key:?}]`"), vm.location()),
        }
    }
}

impl Native for Settings {
    fn type_name(&self) -> &str {
        "Config"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "get").then(|| {
            Builtin::value("get", |vm, mut args| {
                let key = args.require("get", "key")?;
                let key = vm.str(&key)?;
                Ok(Self::value(vm, &key))
            })
        }))
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let key = vm.str(index)?;
        Ok(Some(Self::value(vm, &key)))
    }

    /// What is set is for the application, which does not run; it is not kept, so that reading it
    /// again gives nothing that is known.
    fn set_item(&self, _: &Value, _: &mut Vm, _: &Value, _: Value) -> PyResult<bool> {
        Ok(true)
    }
}

fn database_url(vm: &mut Vm) -> Value {
    bind::url_of_run(vm)
}

/// `current_app.extensions["migrate"]`.
struct Migrate;

impl Native for Migrate {
    fn type_name(&self) -> &str {
        "_MigrateConfig"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "db" => Value::native(Database),
            "configure_args" => Value::dict(Dict::default()),
            "directory" => Value::from("migrations"),
            _ => return Ok(None),
        }))
    }
}

/// The `SQLAlchemy` object of Flask-SQLAlchemy.
struct Database;

impl Native for Database {
    fn type_name(&self) -> &str {
        "SQLAlchemy"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "engine" => engine(vm)?,
            "engines" => {
                let mut engines = Dict::default();
                let engine = engine(vm)?;
                engines.insert(vm.key(&Value::None)?, engine);
                Value::dict(engines)
            }
            "get_engine" => Builtin::value("get_engine", |vm, _| engine(vm)),
            "metadata" => metadata(vm),
            "metadatas" => {
                let mut all = Dict::default();
                let metadata = metadata(vm);
                all.insert(vm.key(&Value::None)?, metadata);
                Value::dict(all)
            }
            "session" | "Model" => Value::unknown(format!("`db.{name}`"), vm.location()),
            _ => return Ok(None),
        }))
    }
}

fn engine(vm: &mut Vm) -> PyResult {
    let url = database_url(vm);
    bind::engine(vm, Args::of(vec![url]))
}

fn metadata(vm: &mut Vm) -> Value {
    Value::unknown("the metadata of the Flask application", vm.location())
}
