//! `importlib.metadata`: the versions of installed distributions.

use crate::frontend::alembic::raise;
use crate::python::{Builtin, PyResult, Value, Vm};

/// Whether there is such a module.
pub fn exists(dotted: &str) -> bool {
    matches!(dotted, "importlib.metadata" | "importlib_metadata")
}

/// `module.name`. What is installed on the machine that applies migrations is not known here: only
/// what Alembic and SQLAlchemy are held to be, and what lies beside the project's own packages.
pub fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "version" => Builtin::value("version", |vm, mut args| {
            let asked = args.require("version", "distribution_name")?;
            let Some(asked) = asked.as_str() else {
                return Err(raise::type_error(
                    "version() takes the name of a distribution",
                ));
            };
            let found = match &*asked.to_ascii_lowercase() {
                "sqlalchemy" => Some("2.1.9".to_owned()),
                "alembic" => Some("1.20.1".to_owned()),
                _ => vm.importer().distribution(&asked),
            };
            Ok(match found {
                Some(version) => Value::from(version.as_str()),
                None => Value::unknown(
                    format!("the version of the installed package `{asked}`"),
                    vm.location(),
                ),
            })
        }),
        _ => Value::unknown(format!("`{module}.{name}`"), vm.location()),
    }))
}
