//! `add_column`, `alter_column`, `drop_column`.

use std::rc::Rc;

use super::{Batch, constraint, emit, emit_about, finish, subject};
use crate::catalog::{Column, ConstraintKind, Index, ServerDefault, TableName};
use crate::frontend::alembic::schema::{
    ColumnObject, MetaDataObject, TableObject, column_definition, companions, has_companions,
    index_definition, server_default,
};
use crate::frontend::alembic::{convert, name, raise, types};
use crate::operation::{AlterColumn, Change, Operation, Position};
use crate::python::{Args, PyResult, Value, Vm};

pub fn add(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = subject(vm, &mut args, batch, "add_column", "table_name")?;
    let column = args.require("add_column", "column")?;
    raise::known(vm, &column, "the column")?;
    let Some(column) = column.downcast::<ColumnObject>() else {
        let class = vm.type_name(&column);
        return Err(raise::no_attribute(&class, "table"));
    };
    let position = position(vm, &mut args)?;
    let if_not_exists = convert::flag(vm, &mut args, "if_not_exists")?;
    let inline_references = convert::flag(vm, &mut args, "inline_references")?;
    let inline_primary_key = convert::flag(vm, &mut args, "inline_primary_key")?;
    finish(args, "add_column")?;
    let beside = beside(vm, &table, &column)?;
    let subject = Value::Native(Rc::clone(&column) as _);
    let mut column = column_definition(vm, &column)?;
    types::in_schema_of(
        &mut column.data_type,
        table.schema.as_ref().map(|schema| &schema.name),
    );
    let of_table = table.clone();
    let refused = if batch.is_none() && constraint::alembic_raises(vm) {
        without_constraints(&mut column, inline_references)
    } else {
        false
    };
    let operation = Operation::AddColumn {
        table,
        column,
        if_not_exists,
        inline_references,
        inline_primary_key,
        position,
    };
    emit_about(vm, batch, operation, Some(&subject))?;
    if refused {
        return Err(constraint::no_alter());
    }
    for index in beside {
        let operation = Operation::CreateIndex {
            table: of_table.clone(),
            index,
            if_not_exists: false,
        };
        emit(vm, batch, operation)?;
    }
    Ok(Value::None)
}

/// Takes from a column what Alembic adds as constraints of the table after it, and tells whether there
/// is any.
fn without_constraints(column: &mut Column, inline_references: bool) -> bool {
    let unique = column.unique && !column.index;
    column.unique &= !unique;
    let before = column.constraints.len();
    column.constraints.retain(|constraint| {
        inline_references || !matches!(constraint.kind, ConstraintKind::ForeignKey(_))
    });
    unique || column.constraints.len() < before
}

/// The indexes that the type of a column brings along.
fn beside(vm: &mut Vm, table: &TableName, column: &Rc<ColumnObject>) -> PyResult<Vec<Index>> {
    if !has_companions(vm, column)? {
        return Ok(Vec::new());
    }
    let metadata = MetaDataObject::empty();
    let name = convert::ident_value(&table.name);
    let mut args = Args::default();
    if let Some(schema) = &table.schema {
        args.kw
            .push(("schema".into(), convert::ident_value(schema)));
    }
    let items = [Value::Native(Rc::clone(column) as _)];
    let table = TableObject::construct(vm, &name, &items, args, &metadata, false)?;
    companions(vm, &table, false)?;
    let mut indexes = Vec::new();
    for item in table.indexes.borrow().clone() {
        indexes.push(index_definition(vm, &item)?);
    }
    Ok(indexes)
}

fn position(vm: &mut Vm, args: &mut Args) -> PyResult<Option<Position>> {
    if let Some(before) = convert::some(args, "insert_before") {
        let before = name::ident(vm, &before, "insert_before")?;
        return Ok(Some(Position::Before(before)));
    }
    if let Some(after) = convert::some(args, "insert_after") {
        let after = name::ident(vm, &after, "insert_after")?;
        return Ok(Some(Position::After(after)));
    }
    Ok(None)
}

pub fn drop(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = subject(vm, &mut args, batch, "drop_column", "table_name")?;
    let column = args.require("drop_column", "column_name")?;
    let column = convert::column_name(vm, &column, "the name of the column")?;
    let if_exists = convert::flag(vm, &mut args, "if_exists")?;
    let options = lenient_options(vm, args)?;
    emit(
        vm,
        batch,
        Operation::DropColumn {
            table,
            column,
            if_exists,
            options,
        },
    )?;
    Ok(Value::None)
}

/// Keywords that Alembic hands on to the implementation, which ignores those it does not know.
fn lenient_options(vm: &mut Vm, args: Args) -> PyResult<crate::catalog::DialectOptions> {
    let mut options = Vec::new();
    for (key, value) in args.kw {
        if key.contains('_') && !matches!(value, Value::Unknown(_)) {
            let value = convert::option_value(vm, &value, &key)?;
            options.push((key, value));
        }
    }
    Ok(options)
}

/// `server_default=` and `existing_server_default=`: absent and `False` change nothing.
fn default_change(vm: &mut Vm, value: Option<Value>) -> PyResult<Change<ServerDefault>> {
    Ok(match value {
        None | Some(Value::Bool(false)) => Change::Keep,
        Some(Value::None) => Change::Drop,
        Some(value) => match server_default(vm, &value)? {
            ServerDefault::Fetched => {
                return Err(raise::argument(
                    vm,
                    "FetchedValue() is not a default that a column can be altered to",
                ));
            }
            default => Change::Set(default),
        },
    })
}

pub fn alter(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = subject(vm, &mut args, batch, "alter_column", "table_name")?;
    let column = args.require("alter_column", "column_name")?;
    let column = convert::column_name(vm, &column, "the name of the column")?;
    if !args.pos.is_empty() {
        return Err(raise::type_error(format!(
            "alter_column() takes {} positional arguments but {} were given",
            if batch.is_some() { 2 } else { 3 },
            args.pos.len() + if batch.is_some() { 2 } else { 3 }
        )));
    }
    if batch.is_some() && args.keyword("schema").is_some() {
        return Err(raise::type_error(
            "alembic.operations.ops.AlterColumnOp() got multiple values for keyword argument 'schema'",
        ));
    }
    let truth = |vm: &mut Vm, args: &mut Args, name: &str| {
        let value = args.keyword(name);
        convert::optional_truth(vm, value.as_ref(), name)
    };
    let nullable = truth(vm, &mut args, "nullable")?;
    let existing_nullable = truth(vm, &mut args, "existing_nullable")?;
    let autoincrement = truth(vm, &mut args, "autoincrement")?;
    let existing_autoincrement = truth(vm, &mut args, "existing_autoincrement")?;
    let comment = match args.keyword("comment") {
        None | Some(Value::Bool(false)) => Change::Keep,
        Some(Value::None) => Change::Drop,
        Some(text) => Change::Set(convert::text(vm, &text, "the comment")?),
    };
    let default = args.keyword("server_default");
    let default = default_change(vm, default)?;
    let existing_default = args.keyword("existing_server_default");
    let existing_default = default_change(vm, existing_default)?;
    let new_name = match convert::some(&mut args, "new_column_name") {
        Some(new_name) => Some(name::ident(vm, &new_name, "the new name of the column")?),
        None => None,
    };
    let data_type = |vm: &mut Vm, args: &mut Args, name: &str| -> PyResult<_> {
        match convert::some(args, name) {
            Some(value) => {
                let is_class = matches!(value, Value::Class(_));
                types::data_type(vm, &value).map(|found| Some((found, is_class)))
            }
            None => Ok(None),
        }
    };
    let new_type = data_type(vm, &mut args, "type_")?;
    let existing_type = data_type(vm, &mut args, "existing_type")?;
    let type_is_class = new_type
        .as_ref()
        .or(existing_type.as_ref())
        .is_some_and(|(_, is_class)| *is_class);
    let existing_comment = args.keyword("existing_comment");
    let existing_comment =
        convert::optional_text(vm, existing_comment.as_ref(), "the existing comment")?;
    let position = position(vm, &mut args)?;
    let options = lenient_options(vm, args)?;
    emit(
        vm,
        batch,
        Operation::AlterColumn(Box::new(AlterColumn {
            table,
            column,
            nullable,
            comment,
            default,
            new_name,
            data_type: new_type.map(|(found, _)| found),
            existing_type: existing_type.map(|(found, _)| found),
            type_is_class,
            existing_default,
            existing_nullable,
            existing_comment,
            autoincrement,
            existing_autoincrement,
            position,
            options,
        })),
    )?;
    Ok(Value::None)
}
