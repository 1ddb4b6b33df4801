//! `op.bulk_insert`.

use super::{Batch, emit};
use crate::expression::TableClause;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::schema::{TableObject, table_clause};
use crate::frontend::alembic::{convert, raise, schema, sql, types};
use crate::operation::{Operation, RowValue};
use crate::python::{Args, PyResult, Raise, Str, Value, Vm};

pub fn insert(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let table = args.require("bulk_insert", "table")?;
    let given = args.require("bulk_insert", "rows")?;
    let multiinsert = match args.keyword("multiinsert") {
        Some(value) => convert::truth(vm, &value, "multiinsert")?,
        None => true,
    };
    raise::known(vm, &table, "the table")?;
    raise::known(vm, &given, "the rows")?;
    let Value::List(rows) = &given else {
        return Err(raise::type_error("List expected"));
    };
    let rows = rows.borrow().clone();
    let clause = match table_clause(vm, &table)? {
        Some(clause) => clause,
        None => match sql::from_of(vm, &table)? {
            crate::expression::FromClause::Table(clause) => clause,
            _ => {
                let class = vm.type_name(&table);
                return Err(raise::no_attribute(&class, "insert"));
            }
        },
    };
    let object = table.downcast::<TableObject>();
    let mut converted = Vec::with_capacity(rows.len());
    for value in &rows {
        let mut row = row(vm, &clause, value)?;
        if let Some(object) = object.as_ref().filter(|_| !host(vm).compat) {
            schema::computed_row(vm, object, &clause.columns, &mut row)?;
        }
        converted.push(row);
    }
    let mut defaulted: Vec<Str> = Vec::new();
    for column in &clause.columns {
        if column.default.is_some() {
            defaulted.push(column.name.name.clone());
        }
    }
    emit(
        vm,
        batch,
        Operation::BulkInsert {
            table: clause,
            defaulted,
            rows: converted,
            multiinsert,
        },
    )?;
    Ok(Value::None)
}

fn row(vm: &mut Vm, clause: &TableClause, value: &Value) -> PyResult<Vec<(Str, RowValue)>> {
    raise::known(vm, value, "a row")?;
    let Value::Dict(entries) = value else {
        return Err(raise::type_error("List of dictionaries expected"));
    };
    let entries: Vec<(Value, Value)> = entries
        .borrow()
        .iter()
        .map(|(key, value)| (key.value().clone(), value.clone()))
        .collect();
    let mut row = Vec::with_capacity(entries.len());
    for (key, value) in entries {
        let key = convert::column_name(vm, &key, "the name of a column")?.name;
        let Some(column) = clause.columns.iter().find(|column| column.key == key) else {
            return Err(Raise::exception("KeyError", format!("'{key}'")));
        };
        raise::known(vm, &value, &format!("the value of `{key}`"))?;
        let value = types::processed(vm, &column.data_type, &value)?;
        raise::known(vm, &value, &format!("the value of `{key}`"))?;
        let value = if sql::is_clause(vm, &value) {
            RowValue::Expr(sql::expr_of(vm, &value, Some(&column.data_type))?)
        } else {
            RowValue::Literal(sql::literal_of(vm, &value)?)
        };
        row.push((column.name.name.clone(), value));
    }
    Ok(row)
}
