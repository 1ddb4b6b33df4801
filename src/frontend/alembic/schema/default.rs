//! What fills a column in: server defaults, identities, computed columns, sequences.

use super::super::{convert, name, raise, sql, types};
use super::item::{Item, ItemKind};
use crate::catalog::{Identity, Sequence, SequenceOptions, ServerDefault};
use crate::python::{PyResult, Value, Vm};

/// `server_default=` and its like.
pub fn server_default(vm: &mut Vm, value: &Value) -> PyResult<ServerDefault> {
    raise::known(vm, value, "the server default")?;
    if let Some(text) = value.as_str() {
        return Ok(ServerDefault::Str(text));
    }
    if let Some(item) = value.downcast::<Item>() {
        return match item.kind {
            ItemKind::Identity => Ok(ServerDefault::Identity(identity(vm, &item)?)),
            ItemKind::Computed => {
                let sql = computed(vm, &item)?;
                let persisted = item.attr("persisted");
                Ok(ServerDefault::Computed {
                    sql,
                    persisted: convert::optional_truth(vm, persisted.as_ref(), "persisted")?,
                })
            }
            ItemKind::FetchedValue => Ok(ServerDefault::Fetched),
            ItemKind::DefaultClause | ItemKind::ColumnDefault => {
                let arg = item.attr("arg").unwrap_or(Value::None);
                server_default(vm, &arg)
            }
            ItemKind::Sequence => {
                let sequence = sequence(vm, &item)?;
                Ok(ServerDefault::Expr(crate::expression::Expression::untyped(
                    crate::expression::ExprKind::NextValue(sequence.schema, sequence.name),
                )))
            }
            _ => Err(not_a_default(vm, value)),
        };
    }
    match value {
        Value::Native(_) | Value::Instance(_) => {
            Ok(ServerDefault::Expr(sql::expr_of(vm, value, None)?))
        }
        _ => Err(not_a_default(vm, value)),
    }
}

fn not_a_default(vm: &mut Vm, value: &Value) -> Box<crate::python::Raise> {
    let class = vm.class_of(value);
    raise::argument(
        vm,
        format!(
            "Argument 'arg' is expected to be one of type '<class 'str'>' or \
             '<class 'sqlalchemy.sql.elements.ClauseElement'>' or \
             '<class 'sqlalchemy.sql.elements.TextClause'>', got '<class '{}'>'",
            class.name
        ),
    )
}

fn computed(vm: &mut Vm, item: &Item) -> PyResult<crate::expression::Expr> {
    let text = item.attr("sqltext").unwrap_or(Value::None);
    raise::known(vm, &text, "the computed expression")?;
    match text.as_str() {
        Some(text) => Ok(crate::expression::text(text)),
        None => sql::expr_of(vm, &text, None),
    }
}

/// `Identity(…)`.
pub fn identity(vm: &mut Vm, item: &Item) -> PyResult<Identity> {
    let always = item.attr("always");
    let on_null = item
        .attr("on_null")
        .or_else(|| option(item, "oracle_on_null"));
    Ok(Identity {
        always: convert::optional_truth(vm, always.as_ref(), "always")?.unwrap_or(false),
        on_null: convert::optional_truth(vm, on_null.as_ref(), "on_null")?,
        sequence: sequence_options(vm, item)?,
    })
}

/// An option for one dialect, by its full name.
fn option(item: &Item, name: &str) -> Option<Value> {
    let options = item.options.borrow();
    let found = options.kw.iter().find(|(key, _)| &**key == name);
    found.map(|(_, value)| value.clone())
}

fn sequence_options(vm: &mut Vm, item: &Item) -> PyResult<SequenceOptions> {
    let int = |vm: &mut Vm, name: &str| convert::optional_int(vm, item.attr(name).as_ref(), name);
    let truth =
        |vm: &mut Vm, name: &str| convert::optional_truth(vm, item.attr(name).as_ref(), name);
    Ok(SequenceOptions {
        start: int(vm, "start")?,
        increment: int(vm, "increment")?,
        minvalue: int(vm, "minvalue")?,
        maxvalue: int(vm, "maxvalue")?,
        nominvalue: truth(vm, "nominvalue")?.unwrap_or(false),
        nomaxvalue: truth(vm, "nomaxvalue")?.unwrap_or(false),
        cycle: truth(vm, "cycle")?,
        cache: int(vm, "cache")?,
        order: convert::optional_truth(
            vm,
            item.attr("order")
                .or_else(|| option(item, "oracle_order"))
                .as_ref(),
            "order",
        )?,
    })
}

/// `Sequence(…)`.
pub fn sequence(vm: &mut Vm, item: &Item) -> PyResult<Sequence> {
    let given = item.attr("name").unwrap_or(Value::None);
    let mut schema = item.attr("schema");
    if schema.is_none()
        && let Some(metadata) = item.some("metadata")
    {
        schema = vm.find_attr(&metadata, "schema")?;
    }
    let data_type = match item.some("data_type") {
        Some(data_type) => Some(types::data_type(vm, &data_type)?),
        None => None,
    };
    let mut sequence_name = name::ident(vm, &given, "the name of the sequence")?;
    if let Some(quote) = convert::optional_truth(vm, item.attr("quote").as_ref(), "quote")? {
        sequence_name.quote = Some(quote);
    }
    Ok(Sequence {
        name: sequence_name,
        schema: match schema {
            Some(schema) => name::optional_ident(vm, &schema, "the schema")?,
            None => None,
        },
        options: sequence_options(vm, item)?,
        data_type,
        optional: convert::optional_truth(vm, item.attr("optional").as_ref(), "optional")?
            .unwrap_or(false),
    })
}
