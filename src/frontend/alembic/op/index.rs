//! `create_index` and `drop_index`.

use super::{Batch, emit, emit_about, subject};
use crate::catalog::Index;
use crate::frontend::alembic::schema::index_elements;
use crate::frontend::alembic::{convert, name, raise};
use crate::operation::Operation;
use crate::python::{Args, PyResult, Value, Vm};

pub fn create(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let index_name = args.require("create_index", "index_name")?;
    let table = subject(vm, &mut args, batch, "create_index", "table_name")?;
    let columns = args.require("create_index", "columns")?;
    raise::known(vm, &columns, "the columns of the index")?;
    let columns = vm.iterate(&columns)?;
    let unique = convert::flag(vm, &mut args, "unique")?;
    let if_not_exists = convert::flag(vm, &mut args, "if_not_exists")?;
    let quote = args.keyword("quote").and_then(|quote| quote.as_bool());
    args.keyword("info");
    if !args.pos.is_empty() {
        return Err(raise::type_error(format!(
            "create_index() takes 4 positional arguments but {} were given",
            args.pos.len() + 4
        )));
    }
    let mut index_name = name::constraint_name(vm, &index_name, "the name of the index")?;
    if let crate::catalog::ConstraintName::Given(ident)
    | crate::catalog::ConstraintName::Final(ident) = &mut index_name
        && quote.is_some()
    {
        ident.quote = quote;
    }
    let index = Index {
        name: index_name,
        elements: index_elements(vm, &columns)?,
        unique,
        options: convert::dialect_options(vm, args, "Index")?,
    };
    let operation = Operation::CreateIndex {
        table,
        index,
        if_not_exists,
    };
    emit_about(vm, batch, operation, None)?;
    Ok(Value::None)
}

pub fn drop(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let index_name = args.require("drop_index", "index_name")?;
    let mut index_name = name::constraint_name(vm, &index_name, "the name of the index")?;
    let (table, schema) = match batch {
        Some(batch) => (Some(batch.table.name.clone()), batch.table.schema.clone()),
        None => {
            let table = args.take("table_name").unwrap_or(Value::None);
            let schema = args.keyword("schema").unwrap_or(Value::None);
            (
                name::optional_ident(vm, &table, "the name of the table")?,
                name::optional_ident(vm, &schema, "the schema")?,
            )
        }
    };
    let if_exists = convert::flag(vm, &mut args, "if_exists")?;
    args.keyword("unique");
    if let Some(quote) = args.keyword("quote").and_then(|quote| quote.as_bool())
        && let crate::catalog::ConstraintName::Given(ident)
        | crate::catalog::ConstraintName::Final(ident) = &mut index_name
    {
        ident.quote = Some(quote);
    }
    args.keyword("info");
    if !args.pos.is_empty() {
        return Err(raise::type_error(format!(
            "drop_index() takes from 2 to 3 positional arguments but {} were given",
            args.pos.len() + 3
        )));
    }
    let options = convert::dialect_options(vm, args, "Index")?;
    emit(
        vm,
        batch,
        Operation::DropIndex {
            name: index_name,
            schema,
            table,
            if_exists,
            options,
        },
    )?;
    Ok(Value::None)
}
