//! `postgresql.DOMAIN`: a type of its own over another one.

use std::rc::Rc;

use super::super::host::record;
use super::super::{convert, raise, sql};
use super::object::TypeObject;
use crate::datatype::{DataType, TypeArg};
use crate::expression::ExprKind;
use crate::operation::{Executable, Operation};
use crate::python::{Builtin, PyResult, Str, Value, Vm};

/// Whether it is a type of this kind.
pub fn is_domain(data_type: &DataType) -> bool {
    data_type.spec.visit == "DOMAIN"
}

/// Adds what the domain is made of: its name and schema, and `default_sql` and `check` as SQL.
pub fn complete(vm: &mut Vm, object: &TypeObject, domain: &mut DataType) -> PyResult<()> {
    let attrs = object.attrs.borrow().clone();
    let text = |vm: &mut Vm, name: &str| convert::optional_text(vm, attrs.get(name), name);
    if let Some(name) = text(vm, "name")? {
        domain.args.push(("name", TypeArg::Str(name)));
    }
    domain
        .args
        .retain(|(name, _)| !matches!(*name, "schema" | "metadata"));
    let mut schema = text(vm, "schema")?;
    if schema.is_none()
        && let Some(metadata) = attrs.get("metadata").filter(|value| !value.is_none())
        && let Some(value) = vm.find_attr(metadata, "schema")?
    {
        schema = value.as_str();
    }
    if let Some(schema) = schema {
        domain.args.push(("schema", TypeArg::Str(schema)));
    }
    for (name, key) in [("default", "default_sql"), ("check", "check_sql")] {
        let Some(value) = attrs.get(name).filter(|value| !value.is_none()).cloned() else {
            continue;
        };
        match value.as_str() {
            // A default that is a string is one; a check that is a string is SQL.
            Some(_) if name == "default" => {}
            Some(condition) => domain.args.push((key, TypeArg::Str(condition))),
            None => {
                let sql = written(vm, &value, name)?;
                domain.args.push((key, TypeArg::Str(sql)));
            }
        }
    }
    Ok(())
}

/// The SQL of a `text()`.
fn written(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Str> {
    raise::known(vm, value, "a part of the domain")?;
    let expression = match value {
        Value::Native(_) | Value::Instance(_) => Some(sql::expr_of(vm, value, None)?),
        _ => None,
    };
    match expression.as_ref().map(|expression| &expression.kind) {
        Some(ExprKind::Text(text)) if text.binds.is_empty() => Ok(Str::clone(&text.sql)),
        _ => Err(raise::unsupported(
            vm,
            &format!("the `{what}` of a domain that is neither a string nor `text()`"),
        )),
    }
}

/// `.create(bind)` and `.drop(bind)`.
pub fn create_or_drop(this: &Value, create: bool) -> Value {
    let this = this.clone();
    let name = if create { "create" } else { "drop" };
    Builtin::value(name, move |vm, mut args| {
        args.require(name, "bind")?;
        let domain = Rc::new(super::data_type(vm, &this)?);
        let statement = if create {
            Executable::CreateDomain(domain)
        } else {
            Executable::DropDomain(domain)
        };
        record(vm, Operation::Execute { statement });
        Ok(Value::None)
    })
}
