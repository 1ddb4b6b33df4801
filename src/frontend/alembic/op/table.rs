//! `create_table`, `drop_table`, `rename_table` and comments on tables.

use super::{Batch, emit, emit_about, finish, subject, with_schema};
use crate::catalog::TableName;
use crate::frontend::alembic::schema::{MetaDataObject, TableObject, companions, table_definition};
use crate::frontend::alembic::{convert, name, raise};
use crate::operation::{Along, Operation};
use crate::python::{Args, PyResult, Value, Vm};

pub fn create(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table_name = args.require("create_table", "table_name")?;
    raise::known(vm, &table_name, "the name of the table")?;
    let if_not_exists = convert::flag(vm, &mut args, "if_not_exists")?;
    let items = std::mem::take(&mut args.pos);
    for keyword in [
        "extend_existing",
        "keep_existing",
        "must_exist",
        "autoload_replace",
    ] {
        args.keyword(keyword);
    }
    if convert::some(&mut args, "autoload_with").is_some() {
        return Err(raise::unsupported(
            vm,
            "autoload_with= of op.create_table()",
        ));
    }
    let metadata = MetaDataObject::empty();
    let table = TableObject::construct(vm, &table_name, &items, args, &metadata, true)?;
    metadata.add(&table);
    let companions = companions(vm, &table, true)?;
    let definition = table_definition(vm, &table)?;
    let operation = Operation::CreateTable {
        table: definition,
        if_not_exists,
        along: Along::Everything,
        convention: None,
    };
    let subject = Value::Native(std::rc::Rc::clone(&table) as _);
    emit_about(vm, batch, operation, Some(&subject))?;
    for operation in companions {
        emit(vm, batch, operation)?;
    }
    // The metadata holds the table and the table its metadata: that circle must not outlive it.
    metadata.remove(&table);
    Ok(Value::Native(table))
}

pub fn drop(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = args.require("drop_table", "table_name")?;
    let table = with_schema(vm, &mut args, &table)?;
    let if_exists = convert::flag(vm, &mut args, "if_exists")?;
    if !args.pos.is_empty() {
        return Err(raise::type_error(
            "drop_table() takes 2 positional arguments but more were given",
        ));
    }
    args.kw
        .retain(|(key, _)| !matches!(&**key, "comment" | "info" | "prefixes" | "_reverse"));
    let options = convert::dialect_options(vm, args, "Table")?;
    let operation = Operation::DropTable {
        table,
        if_exists,
        options,
    };
    emit_about(vm, batch, operation, None)?;
    Ok(Value::None)
}

pub fn rename(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let old = args.require("rename_table", "old_table_name")?;
    let new = args.require("rename_table", "new_table_name")?;
    let table: TableName = with_schema(vm, &mut args, &old)?;
    let new_name = name::ident(vm, &new, "the new name of the table")?;
    finish(args, "rename_table")?;
    emit_about(vm, batch, Operation::RenameTable { table, new_name }, None)?;
    Ok(Value::None)
}

pub fn create_comment(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = subject(vm, &mut args, batch, "create_table_comment", "table_name")?;
    let comment = args.require("create_table_comment", "comment")?;
    let comment = convert::optional_text(vm, Some(&comment), "the comment")?;
    let existing = args.keyword("existing_comment");
    let existing = convert::optional_text(vm, existing.as_ref(), "the existing comment")?;
    finish(args, "create_table_comment")?;
    emit(
        vm,
        batch,
        Operation::TableComment {
            table,
            comment,
            existing,
        },
    )?;
    Ok(Value::None)
}

pub fn drop_comment(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = subject(vm, &mut args, batch, "drop_table_comment", "table_name")?;
    let existing = args.keyword("existing_comment");
    let existing = convert::optional_text(vm, existing.as_ref(), "the existing comment")?;
    finish(args, "drop_table_comment")?;
    emit(
        vm,
        batch,
        Operation::TableComment {
            table,
            comment: None,
            existing,
        },
    )?;
    Ok(Value::None)
}
