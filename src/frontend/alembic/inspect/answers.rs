//! The dictionaries that an `Inspector` returns, in SQLAlchemy's own shape.

use std::sync::Arc;

use super::super::sql;
use super::{Found, Introspection, introspection, server_name};
use crate::catalog::{
    Constraint, ConstraintKind, ConstraintName, DialectOptions, Identity, IndexElement,
    OptionValue, ServerDefault, Table, object_name,
};
use crate::datatype::Family;
use crate::dialect::{Counts, Inspection};
use crate::expression::{Expr, ExprKind, Ident};
use crate::python::{Dict, DictKey, PyResult, Value, Vm};

/// A dictionary with text keys.
pub(super) fn record(items: Vec<(&str, Value)>) -> Value {
    let mut dict = Dict::default();
    for (key, value) in items {
        dict.insert(DictKey::str(key), value);
    }
    Value::dict(dict)
}

pub(super) fn optional(text: Option<Arc<str>>) -> Value {
    text.map_or(Value::None, Value::Str)
}

fn name_of(name: &ConstraintName) -> Value {
    optional(name.ident().map(|ident| ident.name.clone()))
}

fn names(columns: &[Ident]) -> Value {
    Value::list(columns.iter().map(|c| Value::Str(c.name.clone())).collect())
}

/// The sequence that the server makes for the column that counts, in the column's schema.
pub(super) fn own_sequence(view: &Introspection, found: &Found) -> Option<Arc<str>> {
    let counting = found.counting.as_ref()?;
    let named = !view.inspection.own_sequence.is_empty();
    named.then(|| {
        let table = &found.table.name.name.name;
        object_name(table, Some(&counting.name), "seq").into()
    })
}

/// `get_columns`.
pub(super) fn columns(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
    let make = view.type_value;
    let form = &view.inspection;
    let found = (view.found)(table);
    let own_sequence = own_sequence(&view, &found);
    let key: &[Ident] = key_of(table).map_or(&[], |(_, columns)| columns);
    let mut rows = Vec::with_capacity(table.columns.len());
    for column in &found.table.columns {
        let data_type = make(vm, &column.data_type)?;
        let counts = found.counting.as_ref() == Some(&column.name);
        let default = match (&own_sequence, &column.default) {
            (Some(sequence), None) if counts => {
                let schema = table.name.schema.as_ref().map(|s| format!("{}.", s.name));
                let sequence = format!("{}{sequence}", schema.unwrap_or_default());
                Value::from(form.own_sequence.replace("{sequence}", &sequence))
            }
            (_, default) => default_text(default.as_ref()),
        };
        let mut row = vec![
            ("name", Value::Str(column.name.name.clone())),
            ("type", data_type),
            ("nullable", Value::Bool(!column.is_not_null())),
            ("default", default),
        ];
        let says = match form.counts {
            Counts::All => true,
            Counts::Never => false,
            Counts::Numbers => matches!(
                column.data_type.spec.family,
                Family::Integer | Family::Boolean
            ),
        };
        if says {
            row.push(("autoincrement", Value::Bool(counts)));
        }
        if form.key_place {
            let place = key.iter().position(|name| *name == column.name);
            let place = place.map_or(0, |place| place as i64 + 1);
            row.push(("primary_key", Value::Int(place)));
        }
        if form.column_comments {
            row.push(("comment", optional(column.comment.clone())));
        }
        match &column.default {
            Some(ServerDefault::Computed { sql, persisted }) => row.push((
                "computed",
                record(vec![
                    ("sqltext", expression_text(sql)),
                    ("persisted", persisted.map_or(Value::None, Value::Bool)),
                ]),
            )),
            Some(ServerDefault::Identity(identity)) => {
                row.push(("identity", self::identity(identity)));
            }
            _ => {}
        }
        rows.push(record(row));
    }
    Ok(Value::list(rows))
}

fn identity(identity: &Identity) -> Value {
    let options = &identity.sequence;
    let mut items = vec![("always", Value::Bool(identity.always))];
    for (name, value) in [
        ("start", options.start),
        ("increment", options.increment),
        ("minvalue", options.minvalue),
        ("maxvalue", options.maxvalue),
        ("cache", options.cache),
    ] {
        items.extend(value.map(|value| (name, Value::Int(value))));
    }
    items.extend(options.cycle.map(|cycle| ("cycle", Value::Bool(cycle))));
    record(items)
}

fn expression_text(expression: &Expr) -> Value {
    match &expression.kind {
        ExprKind::Text(text) => Value::Str(text.sql.clone()),
        ExprKind::LiteralColumn(text) => Value::Str(text.clone()),
        _ => Value::unknown("the text of an expression as the database stores it", None),
    }
}

fn default_text(default: Option<&ServerDefault>) -> Value {
    match default {
        None | Some(ServerDefault::Identity(_) | ServerDefault::Computed { .. }) => Value::None,
        Some(ServerDefault::Str(text)) => Value::from(format!("'{}'", text.replace('\'', "''"))),
        Some(ServerDefault::Expr(expression)) => expression_text(expression),
        Some(ServerDefault::Fetched) => Value::unknown("a default made by the database", None),
    }
}

/// The primary key and its columns.
fn key_of(table: &Table) -> Option<(&Constraint, &Vec<Ident>)> {
    table.constraints.iter().find_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } => Some((c, columns)),
        _ => None,
    })
}

/// What a constraint's answer has besides.
fn with_comment(form: &Inspection, mut items: Vec<(&str, Value)>) -> Value {
    if form.constraint_comments {
        items.push(("comment", Value::None));
    }
    record(items)
}

/// The options that keys and indexes are found with.
fn options(form: &Inspection) -> Vec<(&str, Value)> {
    let include = (!form.include.is_empty()).then(|| (&*form.include, Value::list(Vec::new())));
    include.into_iter().collect()
}

/// `get_pk_constraint`.
pub(super) fn primary_key(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
    let form = &view.inspection;
    let Some((constraint, columns)) = key_of(table) else {
        return Ok(record(vec![
            ("constrained_columns", Value::list(Vec::new())),
            ("name", Value::None),
        ]));
    };
    let name = form
        .key_has_name
        .then(|| server_name::name_of(vm, form, table, constraint));
    let mut items = vec![
        ("constrained_columns", names(columns)),
        ("name", name.unwrap_or(Value::None)),
    ];
    let options = options(form);
    if !options.is_empty() {
        items.push(("dialect_options", record(options)));
    }
    Ok(with_comment(form, items))
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
pub(super) fn foreign_keys(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
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
        let items = vec![
            (
                "name",
                server_name::name_of(vm, &view.inspection, table, constraint),
            ),
            ("constrained_columns", names(&foreign_key.columns)),
            ("referred_schema", optional(schema)),
            (
                "referred_table",
                Value::Str(foreign_key.referent.name.name.clone()),
            ),
            ("referred_columns", names(&foreign_key.referent_columns)),
            ("options", record(options)),
        ];
        Some(with_comment(&view.inspection, items))
    });
    Ok(Value::list(rows.collect()))
}

/// `get_indexes`.
pub(super) fn indexes(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
    let form = &view.inspection;
    let row = |name: Value, unique: bool, columns: Value, own: Vec<(&str, Value)>| {
        let unique = match form.unique_is_number {
            true => Value::Int(unique.into()),
            false => Value::Bool(unique),
        };
        let mut items = vec![
            ("name", name),
            ("unique", unique),
            ("column_names", columns),
        ];
        if form.index_options {
            let mut options = options(form);
            options.extend(own);
            items.push(("dialect_options", record(options)));
        }
        items
    };
    let found = (view.found)(table);
    let mut rows = Vec::new();
    for index in &found.table.indexes {
        let columns = index.elements.iter().map(|element| match element {
            IndexElement::Column(name) => Value::Str(name.name.clone()),
            IndexElement::Expr(_) => Value::None,
        });
        let own = index
            .options
            .iter()
            .map(|(name, value)| (&**name, option_value(value)));
        let columns = Value::list(columns.collect());
        let items = row(name_of(&index.name), index.unique, columns, own.collect());
        rows.push(record(items));
    }
    if view.unique_constraints_are_indexes {
        rows.extend(uniques(table).map(|(constraint, columns)| {
            let name = server_name::name_of(vm, form, table, constraint);
            let mut items = row(name.clone(), true, names(columns), Vec::new());
            if form.index_names_constraint {
                items.push(("duplicates_constraint", name));
            }
            record(items)
        }));
    }
    if form.keys_have_indexes {
        for (name, columns) in indexes_of_keys(table) {
            rows.push(record(row(
                name_of(&name),
                false,
                names(columns),
                Vec::new(),
            )));
        }
    }
    Ok(Value::list(rows))
}

/// The indexes that come with foreign keys whose columns lead no other index, with their names: that
/// of the key where it was given, or else that of the first column.
pub(super) fn indexes_of_keys(table: &Table) -> Vec<(ConstraintName, &Vec<Ident>)> {
    let by_constraint = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
            Some(columns.iter().collect::<Vec<_>>())
        }
        _ => None,
    });
    let by_index = table.indexes.iter().map(|index| {
        let columns = index.elements.iter().map_while(|element| match element {
            IndexElement::Column(name) => Some(name),
            IndexElement::Expr(_) => None,
        });
        columns.collect()
    });
    let leading: Vec<Vec<&Ident>> = by_constraint.chain(by_index).collect();
    let counted = format!("{}_ibfk_", table.name.name.name);
    let keys = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::ForeignKey(key) => Some((c, &key.columns)),
        _ => None,
    });
    keys.filter(|(_, columns)| {
        let served =
            |lead: &Vec<&Ident>| lead.iter().copied().take(columns.len()).eq(columns.iter());
        !leading.iter().any(served)
    })
    .filter_map(|(constraint, columns)| {
        let given = constraint.name.ident().filter(|name| {
            let number = name.name.strip_prefix(counted.as_str());
            !number.is_some_and(|rest| rest.bytes().all(|byte| byte.is_ascii_digit()))
        });
        let name = given.or(columns.first())?;
        Some((ConstraintName::Final(name.clone()), columns))
    })
    .collect()
}

fn option_value(value: &OptionValue) -> Value {
    match value {
        OptionValue::Null => Value::None,
        OptionValue::Bool(value) => Value::Bool(*value),
        OptionValue::Int(value) => Value::Int(*value),
        OptionValue::Str(text) => Value::Str(text.clone()),
        OptionValue::Expr(expression) => sql::wrap(expression.clone()),
        OptionValue::List(items) => Value::list(items.iter().map(option_value).collect()),
        OptionValue::Map(items) => {
            let items = items.iter();
            record(
                items
                    .map(|(key, item)| (&**key, option_value(item)))
                    .collect(),
            )
        }
    }
}

pub(super) fn uniques(table: &Table) -> impl Iterator<Item = (&Constraint, &Vec<Ident>)> {
    table
        .constraints
        .iter()
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::Unique { columns } => Some((constraint, columns)),
            _ => None,
        })
}

/// `get_unique_constraints`.
pub(super) fn unique_constraints(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
    let form = &view.inspection;
    let mut found: Vec<(Value, Value, &DialectOptions)> = uniques(table)
        .map(|(c, columns)| {
            let name = server_name::name_of(vm, form, table, c);
            (name, names(columns), &c.options)
        })
        .collect();
    if form.constraint_names_index {
        // Unique indexes and unique constraints are one and the same there.
        found.extend(table.indexes.iter().filter(|i| i.unique).map(|index| {
            let columns = index.elements.iter().filter_map(|element| match element {
                IndexElement::Column(name) => Some(Value::Str(name.name.clone())),
                IndexElement::Expr(_) => None,
            });
            (
                name_of(&index.name),
                Value::list(columns.collect()),
                &index.options,
            )
        }));
    }
    let rows = found.into_iter().map(|(name, columns, given)| {
        let mut items = vec![("name", name.clone()), ("column_names", columns)];
        if form.constraint_names_index {
            items.push(("duplicates_index", name));
        }
        let mut options = options(form);
        if !form.nulls_not_distinct.is_empty() {
            let mut given = given
                .iter()
                .filter(|(name, _)| **name == *form.nulls_not_distinct);
            let alike = given.any(|(_, value)| matches!(value, OptionValue::Bool(true)));
            options.push((&form.nulls_not_distinct, Value::Bool(alike)));
        }
        if !options.is_empty() {
            items.push(("dialect_options", record(options)));
        }
        with_comment(form, items)
    });
    Ok(Value::list(rows.collect()))
}

/// `get_check_constraints`.
pub(super) fn check_constraints(vm: &mut Vm, table: &Table) -> PyResult {
    let view = introspection(vm)?;
    let rows = table.constraints.iter().filter_map(|constraint| {
        let ConstraintKind::Check {
            condition,
            from_type: _,
            in_column: _,
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
        let name = server_name::name_of(vm, &view.inspection, table, constraint);
        let items = vec![("name", name), ("sqltext", sql)];
        Some(with_comment(&view.inspection, items))
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
