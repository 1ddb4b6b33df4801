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

/// The items of a list that stands where 2.0 wants each of them as an argument.
pub fn listed(vm: &mut Vm, args: &Args) -> Option<Vec<Value>> {
    match args.pos.first() {
        Some(Value::List(items)) if is_read(vm) => Some(items.borrow().clone()),
        _ => None,
    }
}

/// The keywords of `select()`, which are methods since 2.0, in the order of its parameters.
const CLAUSES: [(&str, &str); 8] = [
    ("whereclause", "where"),
    ("from_obj", "select_from"),
    ("distinct", "distinct"),
    ("group_by", "group_by"),
    ("having", "having"),
    ("order_by", "order_by"),
    ("limit", "limit"),
    ("offset", "offset"),
];

/// The clauses of `select([…], whereclause, from_obj, …)`, whose columns are taken out already.
pub fn clauses(vm: &mut Vm, mut select: Value, mut args: Args) -> PyResult {
    for (keyword, method) in CLAUSES {
        let Some(given) = args.take(keyword) else {
            continue;
        };
        let given = match (&given, method) {
            (Value::None | Value::Bool(false), _) => continue,
            (Value::Bool(true), "distinct") => Vec::new(),
            (Value::List(items), "select_from" | "group_by" | "order_by") => items.borrow().clone(),
            _ => vec![given],
        };
        select = vm.call_method(&select, method, Args::of(given))?;
    }
    args.finish("select")?;
    Ok(select)
}
