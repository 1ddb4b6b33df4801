//! What a constraint says of the columns and tables that it stands on, once it belongs to a table.

use std::rc::Rc;

use super::super::{convert, host::host, raise, sql};
use super::constraint::foreign_key_reference;
use super::item::{Item, ItemKind};
use super::{MetaDataObject, TableObject, reflect};
use crate::python::{Args, PyResult, Str, Value, Vm};

/// `constraint.columns`, `.c`, `.column_keys`, `.referred_table`, `.elements`; `None` for other names.
pub(super) fn attr(vm: &mut Vm, item: &Item, name: &str) -> PyResult<Option<Value>> {
    let foreign_key = item.kind == ItemKind::ForeignKeyConstraint;
    if !has_columns(item.kind) {
        return Ok(None);
    }
    Ok(Some(match name {
        "columns" | "c" => {
            let Some(table) = item.owner() else {
                return Ok(None);
            };
            let mut columns = Vec::new();
            for key in keys(vm, item)? {
                let column = match table.column(&key) {
                    Some(column) => Value::Native(column as _),
                    None => Value::Str(key.clone()),
                };
                columns.push((key, column));
            }
            sql::collection(columns)
        }
        "column_keys" => Value::list(keys(vm, item)?.into_iter().map(Value::Str).collect()),
        "referred_table" if foreign_key => match targets(vm, item)?.first() {
            Some(target) => referred_table(vm, item, target)?,
            None => Value::None,
        },
        "elements" if foreign_key => {
            let columns = keys(vm, item)?;
            let mut elements = Vec::new();
            for (target, own) in targets(vm, item)?.into_iter().zip(columns) {
                let parent = item.owner().and_then(|table| table.column(&own));
                let parent = parent.map_or(Value::Str(own), |column| Value::Native(column as _));
                let attrs = vec![("column", target), ("parent", parent)];
                elements.push(Value::Native(
                    Item::made(vm, ItemKind::ForeignKey, attrs) as _
                ));
            }
            Value::list(elements)
        }
        _ => return Ok(None),
    }))
}

/// The columns that a key goes through; those of a key which no table has yet are not known to it.
/// `None` for what is no key.
pub(super) fn columns(vm: &mut Vm, item: &Item) -> PyResult<Option<Vec<Value>>> {
    if item.owner().is_none() && has_columns(item.kind) {
        return Ok(Some(Vec::new()));
    }
    match attr(vm, item, "columns")? {
        Some(columns) => vm.iterate(&columns).map(Some),
        None => Ok(None),
    }
}

fn has_columns(kind: ItemKind) -> bool {
    matches!(
        kind,
        ItemKind::ForeignKeyConstraint | ItemKind::PrimaryKey | ItemKind::Unique
    )
}

/// The names of its own columns.
fn keys(vm: &mut Vm, item: &Item) -> PyResult<Vec<Str>> {
    let given = match item.attr("columns") {
        Some(columns) => columns,
        None => match item.rest().as_slice() {
            [only @ (Value::List(_) | Value::Tuple(_))] => only.clone(),
            rest => Value::list(rest.to_vec()),
        },
    };
    let names = convert::column_names(vm, &given, "a column of the constraint")?;
    Ok(names.into_iter().map(|name| name.name).collect())
}

fn targets(vm: &mut Vm, item: &Item) -> PyResult<Vec<Value>> {
    let given = item.attr("refcolumns").unwrap_or(Value::None);
    raise::known(vm, &given, "the columns that the foreign key refers to")?;
    vm.iterate(&given)
}

/// The table that a foreign key refers to: the metadata's, or one that is read from the catalog.
fn referred_table(vm: &mut Vm, item: &Item, target: &Value) -> PyResult {
    let metadata = item.owner().and_then(|table| table.metadata());
    let schema = item.owner().and_then(|table| table.metadata_schema());
    let (name, _) = foreign_key_reference(vm, target, schema.as_ref())?;
    let key = match &name.schema {
        Some(schema) => format!("{}.{}", schema.name, name.name.name),
        None => name.name.name.to_string(),
    };
    if let Some(known) = metadata.as_ref().and_then(|metadata| metadata.table(&key)) {
        return Ok(Value::Native(known as _));
    }
    let metadata = metadata.unwrap_or_else(MetaDataObject::empty);
    let mut args = Args::default();
    if let Some(schema) = &name.schema {
        args.kw
            .push((Str::from("schema"), convert::ident_value(schema)));
    }
    let ident = convert::ident_value(&name.name);
    let table = TableObject::construct(vm, &ident, &[], args, &metadata, false)?;
    if !host(vm).compat {
        reflect::fill_known(vm, &table)?;
    }
    metadata.add(&table);
    Ok(Value::Native(Rc::clone(&table) as _))
}
