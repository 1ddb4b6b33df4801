//! What SQLAlchemy took up to 1.4 and refuses since 2.0: `MetaData(bind=…)`, `autoload=True`,
//! `select([…])`, `case([…])`.
//!
//! Migrations of that time are in many histories, and their projects stay with 1.4. They are read
//! with the meaning that they had (<https://docs.sqlalchemy.org/en/20/changelog/migration_20.html>),
//! except in the compatible mode, which raises what 2.x raises.

use super::host::host;
use crate::python::{Args, PyResult, Value, Vm};

/// Whether the forms of 1.4 are read.
pub fn is_read(vm: &mut Vm) -> bool {
    !host(vm).compat
}

/// The items of a list, the first argument or `keyword`, where 2.0 wants each as an argument.
pub fn listed(vm: &mut Vm, args: &Args, keyword: &str) -> Option<Vec<Value>> {
    let mut named = args.kw.iter().filter(|(name, _)| &**name == keyword);
    let first = args.pos.first();
    match first.or_else(|| named.next().map(|(_, value)| value)) {
        Some(Value::List(items)) if is_read(vm) => Some(items.borrow().clone()),
        _ => None,
    }
}

/// Parameters of a function that are methods of the statement since 2.0, in their order.
pub type Parameters = [(&'static str, &'static str)];

/// Those of `select([…], whereclause, from_obj, …)` behind its columns.
pub const SELECT: &Parameters = &[
    ("whereclause", "where"),
    ("from_obj", "select_from"),
    ("distinct", "distinct"),
    ("group_by", "group_by"),
    ("having", "having"),
    ("order_by", "order_by"),
    ("limit", "limit"),
    ("offset", "offset"),
];

/// Those of `table.select(whereclause)`.
pub const SELECT_OF_TABLE: &Parameters = &[("whereclause", "where")];

/// Those of `text(sql, bind, bindparams, …)`.
pub const TEXT: &Parameters = &[
    ("bind", ""),
    ("bindparams", "bindparams"),
    ("typemap", "columns"),
    ("autocommit", ""),
];

/// Those of `insert(table, values, …)` and `table.insert(values, …)`.
pub const INSERT: &Parameters = &[
    ("values", "values"),
    ("inline", "inline"),
    ("bind", ""),
    ("prefixes", "prefix_with"),
    ("returning", "returning"),
];

/// Those of `update(table, whereclause, values, …)` and `table.update(whereclause, values, …)`.
pub const UPDATE: &Parameters = &[
    ("whereclause", "where"),
    ("values", "values"),
    ("inline", "inline"),
    ("bind", ""),
    ("prefixes", "prefix_with"),
    ("returning", "returning"),
];

/// Those of `delete(table, whereclause, …)` and `table.delete(whereclause, …)`.
pub const DELETE: &Parameters = &[
    ("whereclause", "where"),
    ("bind", ""),
    ("returning", "returning"),
    ("prefixes", "prefix_with"),
];

/// A statement with the clauses that `function` was given as arguments.
pub fn clauses(
    vm: &mut Vm,
    mut statement: Value,
    mut args: Args,
    (function, parameters): (&str, &Parameters),
) -> PyResult {
    if !is_read(vm) {
        args.finish(function)?;
        return Ok(statement);
    }
    for (keyword, method) in parameters {
        let Some(given) = args.take(keyword) else {
            continue;
        };
        let given = match (&given, *method) {
            (Value::None | Value::Bool(false), _) | (_, "") => continue,
            (Value::Bool(true), "distinct" | "inline") => Vec::new(),
            (
                Value::List(items),
                "select_from" | "group_by" | "order_by" | "prefix_with" | "returning"
                | "bindparams",
            ) => items.borrow().clone(),
            _ => vec![given],
        };
        statement = vm.call_method(&statement, method, Args::of(given))?;
    }
    args.finish(function)?;
    Ok(statement)
}
