//! INSERT, UPDATE and DELETE as objects.

use std::rc::Rc;
use std::sync::Arc;

use super::super::earlier;
use super::super::types;
use super::clause::{method, wrap};
use super::{coerce, collection, constructs, fail, modules, select};
use crate::expression::{
    Assignments, BindParameter, Delete, Expr, ExprKind, Expression, FromClause, INSERTED_ROW,
    Insert, Literal, TableClause, TableColumn, Target, Update, Upsert, UpsertAction, as_scalar,
    null_type,
};
use crate::python::{Args, PyResult, Value, Vm};

/// `insert(table)`.
pub(super) fn insert_into(table: &FromClause) -> Value {
    rewrap_insert(Insert {
        table: table.clone(),
        rows: Vec::new(),
        multi: false,
        from_select: None,
        include_defaults: true,
        inline: false,
        returning: Vec::new(),
        upsert: Vec::new(),
        prefixes: Vec::new(),
        ctes: Vec::new(),
    })
}

/// `update(table)`.
pub(super) fn update_of(table: &FromClause) -> Value {
    rewrap_update(Update {
        table: table.clone(),
        values: Vec::new(),
        ordered: false,
        where_: Vec::new(),
        returning: Vec::new(),
        inline: false,
        prefixes: Vec::new(),
        ctes: Vec::new(),
        limit: None,
    })
}

/// `delete(table)`.
pub(super) fn delete_from(table: &FromClause) -> Value {
    rewrap_delete(Delete {
        table: table.clone(),
        where_: Vec::new(),
        returning: Vec::new(),
        prefixes: Vec::new(),
        ctes: Vec::new(),
        limit: None,
    })
}

fn rewrap_insert(insert: Insert) -> Value {
    wrap(Expression::untyped(ExprKind::Insert(Box::new(insert))))
}

fn rewrap_update(update: Update) -> Value {
    wrap(Expression::untyped(ExprKind::Update(Box::new(update))))
}

fn rewrap_delete(delete: Delete) -> Value {
    wrap(Expression::untyped(ExprKind::Delete(Box::new(delete))))
}

/// `insert(table)`, `update(table)`, `delete(table)` as functions.
pub(super) fn statement(
    vm: &mut Vm,
    mut args: Args,
    make: fn(&FromClause) -> Value,
    earlier: (&str, &earlier::Parameters),
) -> PyResult {
    let mut table = args.require(earlier.0, "table")?;
    if coerce::clause(vm, &table)?.is_none() {
        // A class of the ORM stands for its table.
        let Some(inner) = vm.find_attr(&table, "__table__")? else {
            let shown = vm.repr(&table)?;
            return Err(fail::argument(
                vm,
                format!("subject table for an INSERT, UPDATE or DELETE expected, got {shown}."),
            ));
        };
        table = inner;
    }
    let table = coerce::from_of(vm, &table)?;
    earlier::clauses(vm, make(&table), args, earlier)
}

/// What is assigned to, by its name or as an expression.
fn target(vm: &mut Vm, table: &FromClause, key: &Value) -> PyResult<Target> {
    Ok(match constructs::target(vm, key)? {
        Target::Key(key) => Target::Key(column_key(table, &key)),
        other => other,
    })
}

/// The key of a column that is named as the attribute of a mapped class.
pub(super) fn column_key(table: &FromClause, name: &Arc<str>) -> Arc<str> {
    let FromClause::Table(table) = table else {
        return Arc::clone(name);
    };
    let is_key = table.columns.iter().any(|column| column.key == *name);
    let mut columns = table.columns.iter();
    let found = columns.find(|column| !is_key && column.attribute.as_ref() == Some(name));
    found.map_or_else(|| Arc::clone(name), |column| Arc::clone(&column.key))
}

/// A value to be written: a plain one has no type until it meets its column.
fn value_of(vm: &mut Vm, table: &FromClause, key: &Target, value: &Value) -> PyResult<Expr> {
    if let Some(found) = coerce::clause(vm, value)? {
        return Ok(as_scalar(&found));
    }
    let data_type = match (table, key) {
        (FromClause::Table(table), Target::Key(key)) => table
            .columns
            .iter()
            .find(|column| column.key == *key)
            .map(|column| &column.data_type),
        (_, Target::Expr(expr)) => Some(&expr.data_type),
        _ => None,
    };
    let value = match data_type {
        Some(data_type) => &types::processed(vm, data_type, value)?,
        None => value,
    };
    if let Some(found) = coerce::clause(vm, value)? {
        return Ok(found);
    }
    let literal = super::literal::literal_of(vm, value)?;
    let name = match key {
        Target::Key(key) => Some(key.clone()),
        Target::Expr(expr) => crate::expression::natural_name(expr).map(|name| name.name),
    };
    Ok(Expression::untyped(ExprKind::Bind(BindParameter {
        key: name,
        value: Some(literal),
        data_type: null_type(),
        expanding: false,
    })))
}

/// An INSERT or UPDATE with values for columns that it does not name itself.
pub(super) fn with_values(vm: &mut Vm, expr: &Expr, given: Vec<(Value, Value)>) -> PyResult<Expr> {
    if given.is_empty() {
        return Ok(Rc::clone(expr));
    }
    let table = match &expr.kind {
        ExprKind::Insert(insert) if insert.from_select.is_none() && !insert.multi => &insert.table,
        ExprKind::Update(update) => &update.table,
        _ => return Ok(Rc::clone(expr)),
    };
    let mut row = Vec::with_capacity(given.len());
    for (key, value) in given {
        let target = target(vm, table, &key)?;
        let value = value_of(vm, table, &target, &value)?;
        row.push((target, value));
    }
    Ok(match &expr.kind {
        ExprKind::Insert(insert) => {
            let mut insert = (**insert).clone();
            if let Some(own) = insert.rows.first_mut() {
                merge(&mut row, std::mem::take(own));
                *own = row;
            } else {
                insert.rows.push(row);
            }
            Expression::untyped(ExprKind::Insert(Box::new(insert)))
        }
        ExprKind::Update(update) => {
            let mut update = (**update).clone();
            merge(&mut row, std::mem::take(&mut update.values));
            update.values = row;
            Expression::untyped(ExprKind::Update(Box::new(update)))
        }
        _ => Rc::clone(expr),
    })
}

pub(super) fn pairs(vm: &mut Vm, value: &Value) -> PyResult<Vec<(Value, Value)>> {
    fail::known(vm, value)?;
    if let Some(entries) = collection::entries(value) {
        return Ok(entries
            .into_iter()
            .map(|(key, value)| (Value::Str(key), value))
            .collect());
    }
    if let Value::Dict(entries) = value {
        return Ok(entries
            .borrow()
            .iter()
            .map(|(key, value)| (key.value().clone(), value.clone()))
            .collect());
    }
    // Pairs, or another mapping.
    if let Some(items) = vm.find_attr(value, "items")? {
        let items = vm.call(&items, Args::default())?;
        return pairs_of(vm, &items);
    }
    pairs_of(vm, value)
}

fn pairs_of(vm: &mut Vm, value: &Value) -> PyResult<Vec<(Value, Value)>> {
    let mut result = Vec::new();
    for item in vm.iterate(value)? {
        let parts = vm.iterate(&item)?;
        match parts.as_slice() {
            [key, value] => result.push((key.clone(), value.clone())),
            _ => return Err(fail::argument(vm, "pairs of a column and a value expected")),
        }
    }
    Ok(result)
}

fn assignments(vm: &mut Vm, table: &FromClause, value: &Value) -> PyResult<Assignments> {
    let mut result = Vec::new();
    for (key, value) in pairs(vm, value)? {
        let target = target(vm, table, &key)?;
        let value = value_of(vm, table, &target, &value)?;
        result.push((target, value));
    }
    Ok(result)
}

fn keywords(vm: &mut Vm, table: &FromClause, args: &Args, into: &mut Assignments) -> PyResult<()> {
    for (key, value) in &args.kw {
        let target = Target::Key(column_key(table, key));
        let value = value_of(vm, table, &target, value)?;
        into.push((target, value));
    }
    Ok(())
}

/// A row given as a sequence, in the order of the table's columns.
fn positional(vm: &mut Vm, table: &FromClause, row: &Value) -> PyResult<Assignments> {
    let values = vm.iterate(row)?;
    let columns = table.columns();
    let mut result = Vec::with_capacity(values.len());
    for (value, (key, _)) in values.iter().zip(columns) {
        let target = Target::Key(key);
        let value = value_of(vm, table, &target, value)?;
        result.push((target, value));
    }
    Ok(result)
}

/// Later assignments to the same target win.
fn merge(into: &mut Assignments, more: Assignments) {
    for (target, value) in more {
        if let Target::Key(key) = &target {
            into.retain(|(known, _)| !matches!(known, Target::Key(other) if other == key));
        }
        into.push((target, value));
    }
}

fn insert_values(vm: &mut Vm, insert: &mut Insert, args: &Args) -> PyResult<()> {
    if let Some(value) = args.pos.first() {
        fail::known(vm, value)?;
        match value {
            Value::List(_) | Value::Tuple(_) => {
                let items = vm.iterate(value)?;
                let rows_of_rows = matches!(
                    items.first(),
                    Some(Value::Dict(_) | Value::List(_) | Value::Tuple(_) | Value::Unknown(_))
                );
                if !rows_of_rows {
                    let row = positional(vm, &insert.table, value)?;
                    merge_row(insert, row);
                    return Ok(());
                }
                for item in &items {
                    let row = match item {
                        Value::List(_) | Value::Tuple(_) => positional(vm, &insert.table, item)?,
                        _ => assignments(vm, &insert.table, item)?,
                    };
                    insert.rows.push(row);
                }
                insert.multi = true;
                return Ok(());
            }
            _ => {
                let row = assignments(vm, &insert.table, value)?;
                merge_row(insert, row);
            }
        }
    }
    let mut row = Vec::new();
    keywords(vm, &insert.table, args, &mut row)?;
    merge_row(insert, row);
    Ok(())
}

fn merge_row(insert: &mut Insert, row: Assignments) {
    match insert.rows.first_mut() {
        Some(first) => merge(first, row),
        None => insert.rows.push(row),
    }
}

fn change_insert(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    edit: impl Fn(&mut Vm, &mut Insert, Args) -> PyResult<()> + 'static,
) -> Value {
    method(name, this, expr, move |vm, _, expr, args| {
        let ExprKind::Insert(insert) = &expr.kind else {
            return Ok(Value::None);
        };
        let mut insert = (**insert).clone();
        edit(vm, &mut insert, args)?;
        Ok(rewrap_insert(insert))
    })
}

fn returning(vm: &mut Vm, into: &mut Vec<Expr>, args: &Args) -> PyResult<()> {
    for value in &args.pos {
        match collection::items(value) {
            Some(items) => {
                for item in &items {
                    into.push(coerce::select_column(vm, item)?);
                }
            }
            None => into.push(coerce::select_column(vm, value)?),
        }
    }
    Ok(())
}

fn froms(vm: &mut Vm, values: &[Value]) -> PyResult<Vec<FromClause>> {
    values
        .iter()
        .map(|value| coerce::from_of(vm, value))
        .collect()
}

/// The row that an upsert wanted to insert, as a table.
fn proposed_row(table: &FromClause, name: &str) -> Value {
    let columns = table
        .columns()
        .into_iter()
        .map(|(key, expr)| {
            let name = crate::expression::natural_name(&expr)
                .unwrap_or_else(|| crate::expression::Ident::from(key.clone()));
            let mut column = TableColumn::new(name, expr.data_type.clone());
            column.key = key;
            column
        })
        .collect();
    let row = FromClause::Table(Rc::new(TableClause::new(name, None, columns)));
    collection::Columns::of(row.columns())
}

/// The columns that make a row unique, and the constraint's name.
fn conflict_target(vm: &mut Vm, args: &mut Args) -> PyResult<Upsert> {
    let constraint = args.keyword("constraint").filter(|value| !value.is_none());
    let elements = args
        .keyword("index_elements")
        .filter(|value| !value.is_none());
    let index_where = args.keyword("index_where").filter(|value| !value.is_none());
    let constraint = match &constraint {
        Some(value) => {
            let named = match value.as_str() {
                Some(_) => Some(value.clone()),
                None => vm.find_attr(value, "name")?,
            };
            match named {
                Some(name) => modules::ident(vm, &name)?,
                None => None,
            }
        }
        None => None,
    };
    let elements = match elements {
        Some(elements) => {
            let items = match collection::items(&elements) {
                Some(items) => items,
                None => vm.iterate(&elements)?,
            };
            let mut targets = Vec::with_capacity(items.len());
            for item in &items {
                targets.push(constructs::target(vm, item)?);
            }
            Some(targets)
        }
        None => None,
    };
    let index_where = match index_where {
        Some(condition) => Some(coerce::condition(vm, &condition)?),
        None => None,
    };
    Ok(Upsert {
        constraint,
        elements,
        index_where,
        action: UpsertAction::Nothing,
    })
}

pub(super) fn insert_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    insert: &Insert,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = &vm;
    Ok(Some(match name {
        "values" => change_insert("values", this, expr, |vm, insert, args| {
            insert_values(vm, insert, &args)
        }),
        "from_select" => change_insert("from_select", this, expr, |vm, insert, mut args| {
            let names = args.require("from_select", "names")?;
            let source = args.require("from_select", "select")?;
            if let Some(flag) = args.take("include_defaults") {
                insert.include_defaults = vm.truth(&flag)?;
            }
            let items = match collection::items(&names) {
                Some(items) => items,
                None => vm.iterate(&names)?,
            };
            let mut targets = Vec::with_capacity(items.len());
            for item in &items {
                targets.push(constructs::target(vm, item)?);
            }
            let found = coerce::clause(vm, &source)?;
            let select = match found {
                Some(found) if found.is_select() => found,
                Some(found) => match &found.kind {
                    ExprKind::ScalarSelect(select) => Rc::clone(select),
                    _ => {
                        return Err(fail::argument(
                            vm,
                            "SELECT statement or equivalent textual object expected",
                        ));
                    }
                },
                None => {
                    return Err(fail::argument(
                        vm,
                        "SELECT statement or equivalent textual object expected",
                    ));
                }
            };
            insert.from_select = Some((targets, select));
            insert.inline = true;
            Ok(())
        }),
        "inline" => change_insert("inline", this, expr, |_, insert, _| {
            insert.inline = true;
            Ok(())
        }),
        "returning" => change_insert("returning", this, expr, |vm, insert, args| {
            returning(vm, &mut insert.returning, &args)
        }),
        "prefix_with" => change_insert("prefix_with", this, expr, |vm, insert, args| {
            insert.prefixes.extend(select::phrases(vm, args)?);
            Ok(())
        }),
        "add_cte" => change_insert("add_cte", this, expr, |vm, insert, args| {
            insert.ctes.extend(froms(vm, &args.pos)?);
            Ok(())
        }),
        "return_defaults" => change_insert("return_defaults", this, expr, |_, _, _| Ok(())),
        "on_conflict_do_nothing" => change_insert(
            "on_conflict_do_nothing",
            this,
            expr,
            |vm, insert, mut args| {
                if let Some(constraint) = args.take("constraint") {
                    args.kw.push(("constraint".into(), constraint));
                }
                if let Some(elements) = args.take("index_elements") {
                    args.kw.push(("index_elements".into(), elements));
                }
                let upsert = conflict_target(vm, &mut args)?;
                insert.upsert.push(upsert);
                Ok(())
            },
        ),
        "on_conflict_do_update" => change_insert(
            "on_conflict_do_update",
            this,
            expr,
            |vm, insert, mut args| {
                let set = args.keyword("set_");
                let condition = args.keyword("where").filter(|value| !value.is_none());
                let mut upsert = conflict_target(vm, &mut args)?;
                let Some(set) = set else {
                    return Err(fail::argument(
                        vm,
                        "set parameter dictionary must not be empty",
                    ));
                };
                let values = assignments(vm, &insert.table, &set)?;
                let values = values
                    .into_iter()
                    .map(|(target, value)| (target, untyped_null(&value)))
                    .collect();
                let condition = match condition {
                    Some(condition) => Some(coerce::condition(vm, &condition)?),
                    None => None,
                };
                upsert.action = UpsertAction::Update(values, condition);
                insert.upsert.push(upsert);
                Ok(())
            },
        ),
        "on_duplicate_key_update" => {
            change_insert("on_duplicate_key_update", this, expr, |vm, insert, args| {
                let ordered = matches!(args.pos.first(), Some(Value::List(_) | Value::Tuple(_)));
                let mut values = match args.pos.first() {
                    Some(value) => assignments(vm, &insert.table, value)?,
                    None => Vec::new(),
                };
                keywords(vm, &insert.table, &args, &mut values)?;
                insert.upsert.push(Upsert {
                    constraint: None,
                    elements: None,
                    index_where: None,
                    action: UpsertAction::DuplicateKey(values, ordered),
                });
                Ok(())
            })
        }
        "excluded" => proposed_row(&insert.table, "excluded"),
        "inserted" => proposed_row(&insert.table, INSERTED_ROW),
        "table" => wrap(Expression::untyped(ExprKind::From(insert.table.clone()))),
        "cte" => method("cte", this, expr, |vm, _, expr, args| {
            super::from::cte(vm, expr, args)
        }),
        _ => return Ok(None),
    }))
}

fn untyped_null(value: &Expr) -> Expr {
    match &value.kind {
        ExprKind::Bind(bind) if matches!(bind.value, Some(Literal::Null)) => {
            Expression::untyped(ExprKind::Null)
        }
        _ => Rc::clone(value),
    }
}

fn change_update(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    edit: impl Fn(&mut Vm, &mut Update, Args) -> PyResult<()> + 'static,
) -> Value {
    method(name, this, expr, move |vm, _, expr, args| {
        let ExprKind::Update(update) = &expr.kind else {
            return Ok(Value::None);
        };
        let mut update = (**update).clone();
        edit(vm, &mut update, args)?;
        Ok(rewrap_update(update))
    })
}

pub(super) fn update_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    update: &Update,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = &vm;
    Ok(Some(match name {
        "where" | "filter" => change_update("where", this, expr, |vm, update, args| {
            for value in &args.pos {
                update.where_.push(coerce::condition(vm, value)?);
            }
            Ok(())
        }),
        "filter_by" => change_update("filter_by", this, expr, |vm, update, args| {
            let conditions = select::filter_by(vm, std::slice::from_ref(&update.table), &args)?;
            update.where_.extend(conditions);
            Ok(())
        }),
        "values" => change_update("values", this, expr, |vm, update, args| {
            if let Some(value) = args.pos.first() {
                let row = match value {
                    Value::Tuple(_) => positional(vm, &update.table, value)?,
                    _ => assignments(vm, &update.table, value)?,
                };
                merge(&mut update.values, row);
            }
            let mut row = Vec::new();
            keywords(vm, &update.table, &args, &mut row)?;
            merge(&mut update.values, row);
            Ok(())
        }),
        "ordered_values" => change_update("ordered_values", this, expr, |vm, update, args| {
            let items = Value::list(args.pos.clone());
            let row = assignments(vm, &update.table, &items)?;
            update.values = row;
            update.ordered = true;
            Ok(())
        }),
        "inline" => change_update("inline", this, expr, |_, update, _| {
            update.inline = true;
            Ok(())
        }),
        "returning" => change_update("returning", this, expr, |vm, update, args| {
            returning(vm, &mut update.returning, &args)
        }),
        "prefix_with" => change_update("prefix_with", this, expr, |vm, update, args| {
            update.prefixes.extend(select::phrases(vm, args)?);
            Ok(())
        }),
        "add_cte" => change_update("add_cte", this, expr, |vm, update, args| {
            update.ctes.extend(froms(vm, &args.pos)?);
            Ok(())
        }),
        "return_defaults" => change_update("return_defaults", this, expr, |_, _, _| Ok(())),
        "with_dialect_options" => change_update(
            "with_dialect_options",
            this,
            expr,
            |vm, update, mut args| {
                if let Some(limit) = args.keyword("mysql_limit") {
                    update.limit = coerce::count(vm, &limit)?;
                }
                Ok(())
            },
        ),
        "table" => wrap(Expression::untyped(ExprKind::From(update.table.clone()))),
        "cte" => method("cte", this, expr, |vm, _, expr, args| {
            super::from::cte(vm, expr, args)
        }),
        _ => return Ok(None),
    }))
}

fn change_delete(
    name: &'static str,
    this: &Value,
    expr: &Expr,
    edit: impl Fn(&mut Vm, &mut Delete, Args) -> PyResult<()> + 'static,
) -> Value {
    method(name, this, expr, move |vm, _, expr, args| {
        let ExprKind::Delete(delete) = &expr.kind else {
            return Ok(Value::None);
        };
        let mut delete = (**delete).clone();
        edit(vm, &mut delete, args)?;
        Ok(rewrap_delete(delete))
    })
}

pub(super) fn delete_attr(
    vm: &mut Vm,
    this: &Value,
    expr: &Expr,
    delete: &Delete,
    name: &str,
) -> PyResult<Option<Value>> {
    let _ = &vm;
    Ok(Some(match name {
        "where" | "filter" => change_delete("where", this, expr, |vm, delete, args| {
            for value in &args.pos {
                delete.where_.push(coerce::condition(vm, value)?);
            }
            Ok(())
        }),
        "filter_by" => change_delete("filter_by", this, expr, |vm, delete, args| {
            let conditions = select::filter_by(vm, std::slice::from_ref(&delete.table), &args)?;
            delete.where_.extend(conditions);
            Ok(())
        }),
        "returning" => change_delete("returning", this, expr, |vm, delete, args| {
            returning(vm, &mut delete.returning, &args)
        }),
        "prefix_with" => change_delete("prefix_with", this, expr, |vm, delete, args| {
            delete.prefixes.extend(select::phrases(vm, args)?);
            Ok(())
        }),
        "add_cte" => change_delete("add_cte", this, expr, |vm, delete, args| {
            delete.ctes.extend(froms(vm, &args.pos)?);
            Ok(())
        }),
        "with_dialect_options" => change_delete(
            "with_dialect_options",
            this,
            expr,
            |vm, delete, mut args| {
                if let Some(limit) = args.keyword("mysql_limit") {
                    delete.limit = coerce::count(vm, &limit)?;
                }
                Ok(())
            },
        ),
        "table" => wrap(Expression::untyped(ExprKind::From(delete.table.clone()))),
        "cte" => method("cte", this, expr, |vm, _, expr, args| {
            super::from::cte(vm, expr, args)
        }),
        _ => return Ok(None),
    }))
}
