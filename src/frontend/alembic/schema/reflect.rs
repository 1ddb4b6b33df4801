//! `autoload_with=` and `metadata.reflect()`: answered from the replayed catalog.

use std::rc::Rc;

use super::super::host::host;
use super::super::inspect::Introspection;
use super::super::{convert, raise, types};
use super::column::ColumnObject;
use super::item::{Item, ItemKind};
use super::metadata::MetaDataObject;
use super::table::TableObject;
use crate::catalog::{Column, Constraint, ConstraintKind, ServerDefault, Table};
use crate::python::{Args, PyResult, Str, Value, Vm};

/// What Alembic's offline connection answers, or the catalog.
fn view(vm: &mut Vm) -> PyResult<Rc<Introspection>> {
    if host(vm).compat {
        return Err(no_inspection(vm));
    }
    match vm.host::<Introspection>() {
        Some(view) => Ok(view),
        None => Err(raise::database_read(vm, "the database's tables")),
    }
}

/// `NoInspectionAvailable`, as offline Alembic raises it.
pub fn no_inspection(vm: &mut Vm) -> Box<crate::python::Raise> {
    raise::exception(
        vm,
        "NoInspectionAvailable",
        "No inspection system is available for object of type \
         <class 'sqlalchemy.engine.mock.MockConnection'>",
    )
}

/// Fills a table in from the catalog.
pub fn table(vm: &mut Vm, table: &Rc<TableObject>, _bind: &Value) -> PyResult<()> {
    let view = view(vm)?;
    let name = table.table_name();
    let schema = name.schema.as_ref().map(|schema| &*schema.name);
    let Some(known) = view.table(schema, &name.name.name) else {
        return Err(raise::database_read(
            vm,
            &format!(
                "the definition of the table `{}`, which no earlier revision creates",
                table.key()
            ),
        ));
    };
    fill(vm, table, &known)
}

/// Fills a table in from the catalog, when it is known there.
pub(super) fn fill_known(vm: &mut Vm, table: &Rc<TableObject>) -> PyResult<()> {
    let Some(view) = vm.host::<Introspection>() else {
        return Ok(());
    };
    let name = table.table_name();
    let schema = name.schema.as_ref().map(|schema| &*schema.name);
    match view.table(schema, &name.name.name) {
        Some(known) => fill(vm, table, &known),
        None => Ok(()),
    }
}

fn fill(vm: &mut Vm, table: &Rc<TableObject>, known: &Table) -> PyResult<()> {
    for column in &known.columns {
        if table.column(&column.name.name).is_none() {
            let column = column_object(vm, column)?;
            table.append(vm, &Value::Native(column))?;
        }
    }
    for constraint in &known.constraints {
        if let Some(item) = constraint_item(vm, constraint) {
            table.append(vm, &Value::Native(item))?;
        }
    }
    Ok(())
}

fn column_object(vm: &mut Vm, column: &Column) -> PyResult<Rc<ColumnObject>> {
    let data_type = types::value_of(vm, &column.data_type)?;
    let mut args = Args::of(vec![convert::ident_value(&column.name), data_type]);
    let mut keyword = |name: &str, value: Value| args.kw.push((Str::from(name), value));
    if let Some(nullable) = column.nullable {
        keyword("nullable", Value::Bool(nullable));
    }
    if column.primary_key {
        keyword("primary_key", Value::Bool(true));
    }
    if let Some(comment) = &column.comment {
        keyword("comment", Value::Str(comment.clone()));
    }
    match &column.default {
        Some(ServerDefault::Str(text)) => keyword("server_default", Value::Str(text.clone())),
        Some(ServerDefault::Expr(expr)) => {
            keyword("server_default", super::super::sql::wrap(Rc::clone(expr)));
        }
        _ => {}
    }
    ColumnObject::construct(vm, args)
}

fn constraint_item(vm: &mut Vm, constraint: &Constraint) -> Option<Rc<Item>> {
    let name = constraint
        .name
        .ident()
        .map_or(Value::None, convert::ident_value);
    let list = |columns: &[crate::expression::Ident]| {
        Value::list(columns.iter().map(convert::ident_value).collect())
    };
    Some(match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } => Item::made(
            vm,
            ItemKind::PrimaryKey,
            vec![("*", list(columns)), ("name", name)],
        ),
        ConstraintKind::Unique { columns } => Item::made(
            vm,
            ItemKind::Unique,
            vec![("*", list(columns)), ("name", name)],
        ),
        ConstraintKind::ForeignKey(key) => {
            let table = match &key.referent.schema {
                Some(schema) => format!("{}.{}", schema.name, key.referent.name.name),
                None => key.referent.name.name.to_string(),
            };
            let targets = key
                .referent_columns
                .iter()
                .map(|column| Value::from(format!("{table}.{}", column.name)))
                .collect();
            Item::made(
                vm,
                ItemKind::ForeignKeyConstraint,
                vec![
                    ("columns", list(&key.columns)),
                    ("refcolumns", Value::list(targets)),
                    ("name", name),
                ],
            )
        }
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => return None,
    })
}

/// `metadata.reflect(bind, only=…)`.
pub fn metadata(vm: &mut Vm, metadata: &Rc<MetaDataObject>, mut args: Args) -> PyResult {
    args.require("MetaData.reflect", "bind")?;
    let view = view(vm)?;
    let schema = args.take("schema").and_then(|schema| schema.as_str());
    args.keyword("views");
    let only = convert::some(&mut args, "only");
    let names = match only {
        Some(only) => match &only {
            Value::List(_) | Value::Tuple(_) | Value::Set(_) => {
                let mut names = Vec::new();
                for name in vm.iterate(&only)? {
                    names.push(convert::text(vm, &name, "the name of a table")?);
                }
                names
            }
            callable => {
                let mut names = Vec::new();
                for name in view.table_names(schema.as_deref()) {
                    let holder = Value::Native(Rc::clone(metadata) as _);
                    let answer =
                        vm.call(callable, Args::of(vec![Value::Str(name.clone()), holder]))?;
                    if vm.truth(&answer)? {
                        names.push(name);
                    }
                }
                names
            }
        },
        None => view.table_names(schema.as_deref()),
    };
    for name in names {
        let Some(known) = view.table(schema.as_deref(), &name) else {
            continue;
        };
        if metadata.table(&name).is_some() {
            continue;
        }
        let mut args = Args::default();
        if let Some(schema) = &schema {
            args.kw
                .push((Str::from("schema"), Value::Str(schema.clone())));
        }
        let made = TableObject::construct(vm, &Value::Str(name), &[], args, metadata, false)?;
        fill(vm, &made, &known)?;
        metadata.add(&made);
    }
    Ok(Value::None)
}
