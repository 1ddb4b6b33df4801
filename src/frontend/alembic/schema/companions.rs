//! What types bring along: the indexes of spatial columns, and statements after `CREATE TABLE`.

use std::rc::Rc;

use super::super::{bind, op, types};
use super::column::ColumnObject;
use super::table::TableObject;
use crate::operation::Operation;
use crate::python::{Args, PyResult, Value, Vm};

/// The method of a type that says what it brings along.
const METHOD: &str = "__companions__";

/// Whether the type of a column brings something along.
pub fn has_companions(vm: &mut Vm, column: &ColumnObject) -> PyResult<bool> {
    let class = match column.attr("type_") {
        Some(Value::Class(class)) => class,
        Some(Value::Instance(instance)) => Rc::clone(&instance.class.borrow()),
        _ => return Ok(false),
    };
    if class.lookup(METHOD).is_none() {
        return Ok(false);
    }
    if let Some(kind @ Value::Class(_)) = column.attr("type_") {
        let kind = types::instance_of(vm, &kind)?;
        column.attrs.borrow_mut().insert("type_".into(), kind);
    }
    Ok(true)
}

/// Attaches the indexes that the types of a table's columns bring along, and gives the operations
/// that follow the table's creation (`created`) or that of the columns alone.
pub fn companions(vm: &mut Vm, table: &Rc<TableObject>, created: bool) -> PyResult<Vec<Operation>> {
    let mut operations = Vec::new();
    for column in table.columns.borrow().clone() {
        if !has_companions(vm, &column)? {
            continue;
        }
        let Some(kind) = column.attr("type_") else {
            continue;
        };
        let args = vec![
            Value::Native(column as _),
            Value::Native(Rc::clone(table) as _),
            bind::dialect(vm),
            Value::Bool(created),
        ];
        let made = vm.call_method(&kind, METHOD, Args::of(args))?;
        for statement in vm.iterate(&made)? {
            let statement = op::statement(vm, &statement)?;
            operations.push(Operation::Execute { statement });
        }
    }
    Ok(operations)
}
