//! What Python computes when a statement runs: the `default=` and `onupdate=` of columns that it does not
//! name.

use std::rc::Rc;

use super::column::ColumnObject;
use super::{Item, ItemKind, TableObject};
use crate::expression::{
    Assignments, ColumnDefault, Expr, ExprKind, Expression, FromClause, Insert, TableColumn,
    Target, Update, typed_bind,
};
use crate::frontend::alembic::{sql, types};
use crate::operation::{Executable, RowValue};
use crate::python::{Args, PyResult, Raise, Str, Value, Vm};

/// The statement with what Python computes for columns that it does not name. What cannot be computed is
/// left to be refused where it is written.
///
/// # Errors
/// What a function of the project raises.
pub fn computed(vm: &mut Vm, statement: Executable) -> PyResult<Executable> {
    let Executable::Expr(expr) = &statement else {
        return Ok(statement);
    };
    let changed = match &expr.kind {
        ExprKind::Insert(insert) => inserted(vm, insert)?,
        ExprKind::Update(update) => updated(vm, update)?,
        _ => None,
    };
    Ok(changed.map_or(statement, Executable::Expr))
}

/// The same for a row of `bulk_insert`.
///
/// # Errors
/// What a function of the project raises.
pub fn computed_row(
    vm: &mut Vm,
    table: &TableObject,
    columns: &[TableColumn],
    row: &mut Vec<(Str, RowValue)>,
) -> PyResult<()> {
    for column in columns {
        let is_given = row.iter().any(|(key, _)| *key == column.key);
        if is_given || !is_python(column.default.as_ref()) {
            continue;
        }
        let Some(value) = value_for(vm, table, column, "default")? else {
            continue;
        };
        let value = match sql::is_clause(vm, &value) {
            true => RowValue::Expr(sql::expr_of(vm, &value, Some(&column.data_type))?),
            false => RowValue::Literal(sql::literal_of(vm, &value)?),
        };
        row.push((column.key.clone(), value));
    }
    Ok(())
}

fn inserted(vm: &mut Vm, insert: &Insert) -> PyResult<Option<Expr>> {
    let (FromClause::Table(clause), None) = (&insert.table, &insert.from_select) else {
        return Ok(None);
    };
    let columns = clause.columns.iter();
    let filled: Vec<&TableColumn> = columns
        .filter(|column| is_python(column.default.as_ref()))
        .collect();
    let missing =
        |row: &Assignments, column: &TableColumn| !row.iter().any(|(target, _)| target.is(column));
    // Few tables have any, and a statement may have many rows.
    let Some(table) = TableObject::of(&insert.table).filter(|_| !filled.is_empty()) else {
        return Ok(None);
    };
    let mut made = insert.clone();
    let mut is_changed = false;
    for row in &mut made.rows {
        for column in &filled {
            if missing(row, column)
                && let Some(value) = value_for(vm, &table, column, "default")?
            {
                let value = sql::expr_of(vm, &value, Some(&column.data_type))?;
                row.push((Target::Key(column.key.clone()), value));
                is_changed = true;
            }
        }
    }
    Ok(is_changed.then(|| Expression::untyped(ExprKind::Insert(Box::new(made)))))
}

fn updated(vm: &mut Vm, update: &Update) -> PyResult<Option<Expr>> {
    let FromClause::Table(clause) = &update.table else {
        return Ok(None);
    };
    let mut columns = clause.columns.iter();
    let any = columns.any(|column| is_python(column.onupdate.as_ref()));
    let Some(table) = TableObject::of(&update.table).filter(|_| any && !update.values.is_empty())
    else {
        return Ok(None);
    };
    let mut made = update.clone();
    let mut is_changed = false;
    for column in &clause.columns {
        if update.values.iter().any(|(target, _)| target.is(column)) {
            continue;
        }
        let value = match &column.onupdate {
            Some(ColumnDefault::Python) => {
                let value = value_for(vm, &table, column, "onupdate")?;
                is_changed |= value.is_some();
                match value {
                    Some(value) => Some(sql::expr_of(vm, &value, Some(&column.data_type))?),
                    None => None,
                }
            }
            // Where the statement says an order, these are in that of the table all the same.
            Some(ColumnDefault::Value(value)) if update.ordered => {
                Some(typed_bind(value.clone(), column.data_type.clone()))
            }
            Some(ColumnDefault::Sql(value)) if update.ordered => Some(Rc::clone(value)),
            Some(ColumnDefault::Value(_) | ColumnDefault::Sql(_) | ColumnDefault::Sequence(..))
            | None => None,
        };
        if let Some(value) = value {
            made.values.push((Target::Key(column.key.clone()), value));
        }
    }
    Ok(is_changed.then(|| Expression::untyped(ExprKind::Update(Box::new(made)))))
}

fn is_python(default: Option<&ColumnDefault>) -> bool {
    matches!(default, Some(ColumnDefault::Python))
}

/// The value that a column gets, as its type writes it; `None` where it cannot be known.
fn value_for(
    vm: &mut Vm,
    table: &TableObject,
    column: &TableColumn,
    keyword: &str,
) -> PyResult<Option<Value>> {
    let columns = table.columns.borrow().clone();
    let own = columns
        .iter()
        .find(|own| own.key().as_ref() == Some(&column.key));
    let Some(value) = own.and_then(|own| own.some(keyword)) else {
        return Ok(None);
    };
    let value = python_value(vm, &value)?;
    let value = value.filter(|value| !matches!(value, Value::Unknown(_)));
    let Some(value) = value else {
        return Ok(None);
    };
    let value = types::processed(vm, &column.data_type, &value)?;
    Ok(Some(value).filter(|value| !matches!(value, Value::Unknown(_))))
}

/// The value that a column of an object gets that has none.
///
/// # Errors
/// What a function of the project raises.
pub fn value_by_default(vm: &mut Vm, column: &ColumnObject) -> PyResult<Option<Value>> {
    let default = column.some("default");
    match default.or_else(|| column.some("insert_default")) {
        Some(default) => python_value(vm, &default),
        None => Ok(None),
    }
}

/// What a `default=` or `onupdate=` is: a value, or what its function gives. A sequence is none: the
/// statement names it by itself.
fn python_value(vm: &mut Vm, given: &Value) -> PyResult<Option<Value>> {
    let given = match given.downcast::<Item>() {
        Some(item) if item.kind == ItemKind::ColumnDefault => {
            item.attr("arg").unwrap_or(Value::None)
        }
        Some(_) => return Ok(None),
        None => given.clone(),
    };
    match &given {
        Value::Function(_) | Value::Builtin(_) | Value::BoundMethod(_) | Value::Class(_) => {
            match vm.call(&given, Args::default()) {
                Ok(value) => Ok(Some(value)),
                // It may take the context of the execution.
                Err(raise) => match &*raise {
                    Raise::Builtin { class, .. } if *class == "TypeError" => {
                        let place = vm.location();
                        let context = Value::unknown("the context of the execution", place);
                        vm.call(&given, Args::of(vec![context])).map(Some)
                    }
                    _ => Err(raise),
                },
            }
        }
        _ => Ok(Some(given)),
    }
}
