//! Types of other packages that migrations use, as what they are to the database.

mod version;

use std::rc::Rc;

use super::modules::lazy;
use super::{sql, types};
use crate::datatype::spec;
use crate::python::vm::Module;
use crate::python::{Args, Builtin, PyResult, Value, Vm};

const PACKAGES: &[&str] = &[
    "sqlmodel",
    "sqlalchemy_utils",
    "fastapi_users_db_sqlalchemy",
    "lazy_object_proxy",
    "packaging",
    "sqlalchemy_jsonfield",
];

const SUBMODULES: &[&str] = &[
    "sql",
    "sqltypes",
    "version",
    "types",
    "uuid",
    "arrow",
    "encrypted",
    "encrypted_type",
    "ts_vector",
    "json",
    "ip_address",
    "email",
    "url",
    "generics",
    "choice",
    "phone_number",
    "password",
    "timezone",
    "scalar_list",
    "ltree",
    "locale",
    "color",
    "country",
    "currency",
    "functions",
];

/// A module of a known package.
pub fn module(_vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
    let mut parts = dotted.split('.');
    let package = parts.next().unwrap_or_default();
    if !PACKAGES.contains(&package) || !parts.all(|part| SUBMODULES.contains(&part)) {
        return Ok(None);
    }
    Ok(Some(lazy(dotted, attr)))
}

/// The row that a type of a package is made of, and the arguments that it is given.
fn implementation(name: &str) -> Option<&'static str> {
    Some(match name {
        "AutoString" => "String",
        "JSONField" | "mutable_json_field" => "JSON",
        "JSONType" | "ScalarListType" | "LocaleType" => "UnicodeText",
        "ArrowType" | "EnrichedDateTimeType" => "DateTime",
        "EmailType" | "URLType" | "IPAddressType" | "TimezoneType" | "ColorType"
        | "CountryType" | "CurrencyType" | "PhoneNumberType" | "WeekDaysType" => "Unicode",
        "TIMESTAMPAware" => "TIMESTAMP",
        "TSVectorType" => "postgresql.TSVECTOR",
        "LtreeType" => "UserDefined",
        "EncryptedType" | "StringEncryptedType" => "Unicode",
        "GUID" | "UUIDType" => "Uuid",
        _ => return None,
    })
}

fn attr(vm: &mut Vm, module: &str, name: &str) -> PyResult<Option<Value>> {
    if module == "packaging.version" && matches!(name, "Version" | "parse" | "LegacyVersion") {
        return Ok(Some(Builtin::value("Version", |vm, mut args| {
            let text = args.require("Version", "version")?;
            Ok(version::Version::value(&vm.str(&text)?))
        })));
    }
    if module == "lazy_object_proxy" && name == "Proxy" {
        // Nothing is gained by waiting.
        return Ok(Some(Builtin::value("Proxy", |vm, mut args| {
            let factory = args.require("Proxy", "factory")?;
            vm.call(&factory, Args::default())
        })));
    }
    if implementation(name).is_some() {
        let name = name.to_owned();
        return Ok(Some(Builtin::value("type", move |vm, args| {
            make(vm, &name, args)
        })));
    }
    if module.starts_with("sqlmodel")
        && let Some(found) = sql::module_attr(vm, "sqlalchemy", name)?
    {
        return Ok(Some(found));
    }
    if SUBMODULES.contains(&name) {
        // A package's submodule.
        return vm.import(&format!("{module}.{name}")).map(Some);
    }
    let place = vm.location();
    Ok(Some(Value::unknown(format!("`{module}.{name}`"), place)))
}

fn row(vm: &mut Vm, name: &str, args: Args) -> PyResult {
    match spec(name) {
        Some(spec) => {
            let class = types::class(vm, spec);
            vm.call(&Value::Class(class), args)
        }
        None => Ok(Value::None),
    }
}

fn make(vm: &mut Vm, name: &str, mut args: Args) -> PyResult {
    let Some(target) = implementation(name) else {
        return Ok(Value::None);
    };
    let with_length = |length: i64| Args::of(vec![Value::Int(length)]);
    match name {
        "URLType" => row(vm, "UnicodeText", Args::default()),
        "AutoString" => {
            let has_length =
                !args.pos.is_empty() || args.kw.iter().any(|(key, _)| &**key == "length");
            let text = row(vm, target, args)?;
            if has_length {
                return Ok(text);
            }
            let limited = row(vm, target, with_length(255))?;
            let variant = Args::of(vec![limited, Value::from("mysql")]);
            vm.call_method(&text, "with_variant", variant)
        }
        "UUIDType" => {
            let binary = match args.take("binary") {
                Some(value) => vm.truth(&value)?,
                None => true,
            };
            uuid(vm, binary)
        }
        "GUID" => {
            let text = row(vm, "CHAR", with_length(32))?;
            let native = row(vm, "UUID", Args::default())?;
            let variant = Args::of(vec![native, Value::from("postgresql")]);
            vm.call_method(&text, "with_variant", variant)
        }
        "EmailType" => row(vm, target, with_length(255)),
        "IPAddressType" | "TimezoneType" => row(vm, target, with_length(50)),
        "ColorType" | "PhoneNumberType" => row(vm, target, with_length(20)),
        "CountryType" => row(vm, "String", with_length(2)),
        "CurrencyType" => row(vm, "String", with_length(3)),
        "LocaleType" => row(vm, "Unicode", with_length(10)),
        "ScalarListType" => row(vm, target, Args::default()),
        "EncryptedType" => row(vm, "LargeBinary", Args::default()),
        "StringEncryptedType" => row(vm, "String", Args::default()),
        "JSONType" => {
            let text = row(vm, "UnicodeText", Args::default())?;
            let json = row(vm, "JSON", Args::default())?;
            let variant = Args::of(vec![json, Value::from("postgresql")]);
            vm.call_method(&text, "with_variant", variant)
        }
        "TIMESTAMPAware" => row(vm, target, args),
        "LtreeType" => {
            let mut given = Args::default();
            given.kw.push(("spec".into(), Value::from("LTREE")));
            row(vm, target, given)
        }
        _ => row(vm, target, Args::default()),
    }
}

/// `UUIDType(binary)`: the native type on PostgreSQL, 16 bytes or 32 characters elsewhere.
fn uuid(vm: &mut Vm, binary: bool) -> PyResult {
    let base = if binary {
        row(vm, "BINARY", Args::of(vec![Value::Int(16)]))?
    } else {
        row(vm, "CHAR", Args::of(vec![Value::Int(32)]))?
    };
    let native = row(vm, "UUID", Args::default())?;
    let base = vm.call_method(
        &base,
        "with_variant",
        Args::of(vec![native, Value::from("postgresql")]),
    )?;
    let server = row(vm, "mssql.UNIQUEIDENTIFIER", Args::default())?;
    vm.call_method(
        &base,
        "with_variant",
        Args::of(vec![server, Value::from("mssql")]),
    )
}
