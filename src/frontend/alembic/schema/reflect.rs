//! `autoload_with=` and `metadata.reflect()`: answered from the replayed catalog.

use std::rc::Rc;

use super::super::host::host;
use super::super::inspect::{Introspection, ServerName};
use super::super::{convert, raise, types};
use super::column::ColumnObject;
use super::item::{Item, ItemKind};
use super::metadata::MetaDataObject;
use super::table::TableObject;
use crate::catalog::{
    Column, Constraint, ConstraintKind, IndexElement, ServerDefault, Table, TableName,
};
use crate::python::{Args, PyResult, Str, Value, Vm};

/// What Alembic's offline connection answers, or the catalog.
fn view(vm: &mut Vm) -> PyResult<Rc<Introspection>> {
    if host(vm).compat {
        return Err(no_inspection(vm));
    }
    match vm.host::<Introspection>() {
        Some(view) => Ok(view),
        None => Err(raise::database_read(vm, "the database's tables", None)),
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
    let Some(known) = view.known(vm, schema, &name.name.name)? else {
        return Err(raise::database_read(
            vm,
            &format!(
                "the definition of the table `{}`, which no earlier revision creates",
                table.key()
            ),
            None,
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
    match view.known(vm, schema, &name.name.name)? {
        Some(known) => fill(vm, table, &known),
        None => Ok(()),
    }
}

/// A table as the database describes it, in a metadata of its own.
pub fn found_table(vm: &mut Vm, known: &Table) -> PyResult<Rc<TableObject>> {
    let metadata = MetaDataObject::empty();
    let mut args = Args::default();
    if let Some(schema) = &known.name.schema {
        args.kw
            .push((Str::from("schema"), convert::ident_value(schema)));
    }
    let name = convert::ident_value(&known.name.name);
    let table = TableObject::construct(vm, &name, &[], args, &metadata, true)?;
    metadata.add(&table);
    fill(vm, &table, known)?;
    Ok(table)
}

/// The index or constraint of a table by its kind and name; one that only a column says is made.
pub fn found_item(
    vm: &mut Vm,
    table: &Rc<TableObject>,
    known: &Table,
    kind: &str,
    name: Option<&str>,
) -> PyResult {
    let wanted = match kind {
        "index" => ItemKind::Index,
        "unique_constraint" => ItemKind::Unique,
        _ => ItemKind::ForeignKeyConstraint,
    };
    let items: Vec<Rc<Item>> = table
        .indexes
        .borrow()
        .iter()
        .chain(table.constraints.borrow().iter())
        .filter(|item| item.kind == wanted)
        .cloned()
        .collect();
    for item in items {
        let value = Value::Native(Rc::clone(&item) as _);
        let own = vm.get_attr(&value, "name")?;
        if own.as_str().as_deref() == name {
            return Ok(value);
        }
    }
    let constraint = known.constraints.iter().find(|constraint| {
        constraint.name.ident().map(|name| &*name.name) == name
            && matches!(
                (&constraint.kind, wanted),
                (ConstraintKind::Unique { .. }, ItemKind::Unique)
                    | (
                        ConstraintKind::ForeignKey(_),
                        ItemKind::ForeignKeyConstraint
                    )
            )
    });
    let made = match constraint.and_then(|constraint| constraint_item(vm, &known.name, constraint))
    {
        Some(made) => made,
        None => {
            let index = known
                .indexes
                .iter()
                .find(|index| index.name.ident().map(|name| &*name.name) == name);
            let columns = index.map_or_else(Vec::new, |index| {
                let named = index.elements.iter().filter_map(|element| match element {
                    IndexElement::Column(column) => Some(convert::ident_value(column)),
                    IndexElement::Expr(_) => None,
                });
                named.collect()
            });
            let unique = index.is_some_and(|index| index.unique);
            let name = name.map_or(Value::None, Value::from);
            let attrs = vec![
                ("name", name),
                ("*", Value::list(columns)),
                ("unique", Value::Bool(unique)),
            ];
            Item::made(vm, ItemKind::Index, attrs)
        }
    };
    *made.table.borrow_mut() = Some(Rc::downgrade(table));
    Ok(Value::Native(made))
}

fn fill(vm: &mut Vm, table: &Rc<TableObject>, known: &Table) -> PyResult<()> {
    for column in &known.columns {
        if table.column(&column.name.name).is_none() {
            let column = column_object(vm, column)?;
            table.append(vm, &Value::Native(column))?;
        }
    }
    for constraint in &known.constraints {
        if let Some(item) = constraint_item(vm, &known.name, constraint) {
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

fn constraint_item(vm: &mut Vm, table: &TableName, constraint: &Constraint) -> Option<Rc<Item>> {
    let invented = vm
        .host::<Introspection>()
        .and_then(|view| ServerName::value(vm, &view.inspection, table, constraint));
    let name = invented.unwrap_or_else(|| {
        let given = constraint.name.ident();
        given.map_or(Value::None, convert::ident_value)
    });
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
            let referred = match &key.referent.schema {
                Some(schema) => format!("{}.{}", schema.name, key.referent.name.name),
                None => key.referent.name.name.to_string(),
            };
            let targets = key
                .referent_columns
                .iter()
                .map(|column| Value::from(format!("{referred}.{}", column.name)))
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
    metadata.require_bind(vm, &mut args, "MetaData.reflect")?;
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
        if metadata.table(&name).is_some() {
            continue;
        }
        let Some(known) = view.known(vm, schema.as_deref(), &name)? else {
            continue;
        };
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
