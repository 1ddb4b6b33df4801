//! Packages other than SQLAlchemy and Alembic that migrations import.
//!
//! What a package's types are to each database is written in Python, in `packages/`, one file a
//! package. It is evaluated, as a project's own types are, when a migration first imports it.

mod flask;
mod protobuf;
mod version;
mod yaml;

use std::rc::Rc;

use super::host::host;
use super::modules::lazy;
use crate::python::vm::Module;
use crate::python::{Builtin, PyResult, Raise, Value, Vm, syntax};
use crate::source::SourceFile;

/// The row of a package: its name, and the Python that stands for it.
macro_rules! package {
    ($name:literal) => {
        (
            $name,
            include_str!(concat!("../../../../packages/", $name, ".py")),
        )
    };
}

const PACKAGES: &[(&str, &str)] = &[
    package!("advanced_alchemy"),
    package!("alembic_autogenerate_api"),
    package!("alembic_operations_ops"),
    package!("alembic_postgresql_enum"),
    package!("alembic_utils"),
    package!("authlib"),
    package!("citext"),
    package!("fastapi_users_db_sqlalchemy"),
    package!("fastapi_utils"),
    package!("flask_appbuilder"),
    package!("flask_sqlalchemy"),
    package!("geoalchemy2"),
    package!("lazy_object_proxy"),
    package!("oslo_db"),
    package!("pgvector"),
    package!("sqlalchemy_ext_hybrid"),
    package!("sqlalchemy_ext_mutable"),
    package!("sqlalchemy_json"),
    package!("sqlalchemy_jsonfield"),
    package!("sqlalchemy_utils"),
    package!("sqlmodel"),
];

/// A module of a known package.
pub fn module(vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
    if matches!(dotted, "packaging" | "packaging.version") {
        return Ok(Some(lazy(dotted, packaging)));
    }
    if matches!(dotted, "flask" | "quart") {
        return Ok(Some(lazy(dotted, flask::attr)));
    }
    if let Some(module) = protobuf::module(dotted).or_else(|| yaml::module(dotted)) {
        return Ok(Some(module));
    }
    let (name, inner) = dotted.split_once('.').unwrap_or((dotted, ""));
    let Some(package) = package(vm, name)? else {
        return Ok(None);
    };
    if !inner.is_empty() && !has_module(&package, inner) {
        return Ok(None);
    }
    Ok(Some(lazy(dotted, attr)))
}

/// The evaluated Python of a package.
fn package(vm: &mut Vm, name: &str) -> PyResult<Option<Rc<Module>>> {
    let Some((name, text)) = PACKAGES.iter().find(|(known, _)| *known == name) else {
        return Ok(None);
    };
    if let Some(known) = host(vm).packages.borrow().get(name) {
        return Ok(Some(Rc::clone(known)));
    }
    let file = SourceFile::built_in(format!("{name}.py"), *text);
    let parsed = syntax::parse(&file).map_err(|diagnostic| Raise::fatal(*diagnostic))?;
    let module = vm.run_parsed(name, &parsed)?;
    let host = host(vm);
    host.packages.borrow_mut().insert(name, Rc::clone(&module));
    Ok(Some(module))
}

/// The same of a package that something has imported already.
pub fn name_if_imported(vm: &mut Vm, top: &str, name: &str) -> Option<Value> {
    let host = host(vm);
    let packages = host.packages.borrow();
    packages.get(top)?.dict.borrow().get(name).cloned()
}

/// A name that a package's Python defines.
pub fn name(vm: &mut Vm, top: &str, name: &str) -> PyResult<Option<Value>> {
    let package = package(vm, top)?;
    Ok(package.and_then(|package| package.dict.borrow().get(name).cloned()))
}

fn text(package: &Module, name: &str) -> Option<crate::python::Str> {
    package.dict.borrow().get(name).and_then(Value::as_str)
}

fn has_module(package: &Module, inner: &str) -> bool {
    text(package, "__modules__")
        .is_some_and(|modules| modules.split_whitespace().any(|known| known == inner))
}

/// `module.name`: every module of a package has all its names, since which of them has which
/// differs between versions.
fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    let (top, inner) = module.split_once('.').unwrap_or((module, ""));
    let Some(package) = package(vm, top)? else {
        return Ok(None);
    };
    if name == "__all__" {
        let dict = package.dict.borrow();
        let public = dict.keys().filter(|name| !name.starts_with('_'));
        return Ok(Some(Value::list(
            public.map(|name| Value::Str(name.clone())).collect(),
        )));
    }
    let sub = if inner.is_empty() {
        name.to_owned()
    } else {
        format!("{inner}.{name}")
    };
    if has_module(&package, &sub) {
        return vm.import(&format!("{module}.{name}")).map(Some);
    }
    if let Some(found) = package.dict.borrow().get(name) {
        return Ok(Some(found.clone()));
    }
    if let Some(other) = text(&package, "__names_of__") {
        let other = vm.import(&other)?;
        if let Some(found) = vm.find_attr(&other, name)? {
            return Ok(Some(found));
        }
    }
    let place = vm.location();
    Ok(Some(Value::unknown(format!("`{module}.{name}`"), place)))
}

/// `packaging.version`, with which migrations compare versions of their libraries.
fn packaging(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match (module, name) {
        ("packaging", "version") => return vm.import("packaging.version").map(Some),
        ("packaging.version", "Version" | "parse" | "LegacyVersion") => {
            Builtin::value("Version", |vm, mut args| {
                let text = args.require("Version", "version")?;
                Ok(version::Version::value(&vm.str(&text)?))
            })
        }
        _ => {
            let place = vm.location();
            Value::unknown(format!("`{module}.{name}`"), place)
        }
    }))
}
