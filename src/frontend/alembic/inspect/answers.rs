//! The dictionaries that an `Inspector` returns, in SQLAlchemy's own shape.

use std::sync::Arc;

use super::introspection;
use crate::catalog::{
    Autoincrement, Constraint, ConstraintKind, ConstraintName, IndexElement, ServerDefault, Table,
};
use crate::expression::{ExprKind, Ident};
use crate::python::{Dict, DictKey, PyResult, Value, Vm};

/// A dictionary with text keys.
pub(super) fn record(items: Vec<(&str, Value)>) -> Value {
    let mut dict = Dict::default();
    for (key, value) in items {
        dict.insert(DictKey::str(key), value);
    }
    Value::dict(dict)
}

fn optional(text: Option<Arc<str>>) -> Value {
    text.map_or(Value::None, Value::Str)
}

fn name_of(name: &ConstraintName) -> Value {
    optional(name.ident().map(|ident| ident.name.clone()))
}

fn names(columns: &[Ident]) -> Value {
    Value::list(columns.iter().map(|c| Value::Str(c.name.clone())).collect())
}

/// `get_columns`.
pub(super) fn columns(vm: &mut Vm, table: &Table) -> PyResult {
    let make = introspection(vm)?.type_value;
    let mut rows = Vec::with_capacity(table.columns.len());
    for column in &table.columns {
        let data_type = make(vm, &column.data_type)?;
        let identity = matches!(column.default, Some(ServerDefault::Identity(_)));
        let nullable = column.nullable.unwrap_or(!(column.primary_key || identity));
        rows.push(record(vec![
            ("name", Value::Str(column.name.name.clone())),
            ("type", data_type),
            ("nullable", Value::Bool(nullable)),
            ("default", default_text(column.default.as_ref())),
            (
                "autoincrement",
                match column.autoincrement {
                    Autoincrement::Yes => Value::Bool(true),
                    Autoincrement::No => Value::Bool(false),
                    Autoincrement::Auto | Autoincrement::IgnoreForeignKey => Value::str("auto"),
                },
            ),
            ("primary_key", Value::Int(i64::from(column.primary_key))),
            ("comment", optional(column.comment.clone())),
        ]));
    }
    Ok(Value::list(rows))
}

fn default_text(default: Option<&ServerDefault>) -> Value {
    match default {
        None | Some(ServerDefault::Identity(_) | ServerDefault::Computed { .. }) => Value::None,
        Some(ServerDefault::Str(text)) => Value::from(format!("'{}'", text.replace('\'', "''"))),
        Some(ServerDefault::Expr(expression)) => match &expression.kind {
            ExprKind::Text(text) => Value::Str(text.sql.clone()),
            ExprKind::LiteralColumn(text) => Value::Str(text.clone()),
            _ => Value::unknown(
                "the text of a column default as the database stores it",
                None,
            ),
        },
        Some(ServerDefault::Fetched) => Value::unknown("a default made by the database", None),
    }
}

/// `get_pk_constraint`.
pub(super) fn primary_key(_vm: &mut Vm, table: &Table) -> PyResult {
    let key = table.constraints.iter().find_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } => Some((c, columns)),
        _ => None,
    });
    let (name, columns) = match key {
        Some((constraint, columns)) => (name_of(&constraint.name), names(columns)),
        None => (Value::None, Value::list(Vec::new())),
    };
    Ok(record(vec![
        ("constrained_columns", columns),
        ("name", name),
        ("comment", Value::None),
    ]))
}

/// `get_primary_keys`, the old name.
pub(super) fn primary_key_columns(_vm: &mut Vm, table: &Table) -> PyResult {
    let columns = table.constraints.iter().find_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } => Some(names(columns)),
        _ => None,
    });
    Ok(columns.unwrap_or_else(|| Value::list(Vec::new())))
}

/// `get_foreign_keys`.
pub(super) fn foreign_keys(_vm: &mut Vm, table: &Table) -> PyResult {
    let rows = table.constraints.iter().filter_map(|constraint| {
        let ConstraintKind::ForeignKey(foreign_key) = &constraint.kind else {
            return None;
        };
        let mut options = Vec::new();
        if let Some(action) = &foreign_key.ondelete {
            options.push(("ondelete", Value::Str(action.clone())));
        }
        if let Some(action) = &foreign_key.onupdate {
            options.push(("onupdate", Value::Str(action.clone())));
        }
        let schema = foreign_key.referent.schema.as_ref().map(|s| s.name.clone());
        Some(record(vec![
            ("name", name_of(&constraint.name)),
            ("constrained_columns", names(&foreign_key.columns)),
            ("referred_schema", optional(schema)),
            (
                "referred_table",
                Value::Str(foreign_key.referent.name.name.clone()),
            ),
            ("referred_columns", names(&foreign_key.referent_columns)),
            ("options", record(options)),
            ("comment", Value::None),
        ]))
    });
    Ok(Value::list(rows.collect()))
}

/// `get_indexes`.
pub(super) fn indexes(vm: &mut Vm, table: &Table) -> PyResult {
    let mut rows: Vec<Value> = table
        .indexes
        .iter()
        .map(|index| {
            let columns = index.elements.iter().map(|element| match element {
                IndexElement::Column(name) => Value::Str(name.name.clone()),
                IndexElement::Expr(_) => Value::None,
            });
            record(vec![
                ("name", name_of(&index.name)),
                ("unique", Value::Bool(index.unique)),
                ("column_names", Value::list(columns.collect())),
                ("include_columns", Value::list(Vec::new())),
                ("dialect_options", record(Vec::new())),
            ])
        })
        .collect();
    if introspection(vm)?.unique_constraints_are_indexes {
        rows.extend(uniques(table).map(|(constraint, columns)| {
            record(vec![
                ("name", name_of(&constraint.name)),
                ("unique", Value::Bool(true)),
                ("column_names", names(columns)),
                ("duplicates_constraint", name_of(&constraint.name)),
                ("include_columns", Value::list(Vec::new())),
                ("dialect_options", record(Vec::new())),
            ])
        }));
    }
    Ok(Value::list(rows))
}

fn uniques(table: &Table) -> impl Iterator<Item = (&Constraint, &Vec<Ident>)> {
    table
        .constraints
        .iter()
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::Unique { columns } => Some((constraint, columns)),
            _ => None,
        })
}

/// `get_unique_constraints`.
pub(super) fn unique_constraints(_vm: &mut Vm, table: &Table) -> PyResult {
    let rows = uniques(table).map(|(constraint, columns)| {
        record(vec![
            ("name", name_of(&constraint.name)),
            ("column_names", names(columns)),
            ("comment", Value::None),
        ])
    });
    Ok(Value::list(rows.collect()))
}

/// `get_check_constraints`.
pub(super) fn check_constraints(_vm: &mut Vm, table: &Table) -> PyResult {
    let rows = table.constraints.iter().filter_map(|constraint| {
        let ConstraintKind::Check {
            condition,
            from_type: _,
        } = &constraint.kind
        else {
            return None;
        };
        let sql = match &condition.kind {
            ExprKind::Text(text) => Value::Str(text.sql.clone()),
            _ => Value::unknown(
                "the text of a CHECK constraint as the database stores it",
                None,
            ),
        };
        Some(record(vec![
            ("name", name_of(&constraint.name)),
            ("sqltext", sql),
            ("comment", Value::None),
        ]))
    });
    Ok(Value::list(rows.collect()))
}

/// `get_table_comment`.
pub(super) fn comment(_vm: &mut Vm, table: &Table) -> PyResult {
    Ok(record(vec![("text", optional(table.comment.clone()))]))
}

/// PostgreSQL's `get_enums`.
pub(super) fn enums(vm: &mut Vm, schema: Option<&str>) -> PyResult {
    let view = introspection(vm)?;
    let catalog = view.catalog.borrow();
    let rows = catalog
        .enums()
        .filter(|((of, _), _)| schema == Some("*") || view.schema_matches(of.as_ref(), schema))
        .map(|((of, name), enumeration)| {
            let labels = enumeration
                .labels
                .iter()
                .map(|l| Value::Str(l.clone()))
                .collect();
            let schema = of.clone().or_else(|| view.default_schema.clone());
            record(vec![
                ("name", Value::Str(name.clone())),
                ("schema", optional(schema)),
                ("visible", Value::Bool(of.is_none())),
                ("labels", Value::list(labels)),
            ])
        });
    Ok(Value::list(rows.collect()))
}
