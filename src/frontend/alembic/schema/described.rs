//! Columns, constraints and defaults of the schema model as the objects of SQLAlchemy that say the
//! same.

use std::rc::Rc;

use super::super::{convert, name::Name, sql};
use super::column::ColumnObject;
use super::item::{Item, ItemKind};
use crate::catalog::{
    Autoincrement, Column, Constraint, ConstraintKind, ConstraintName, DialectOptions, ForeignKey,
    Identity, OptionValue, SequenceOptions, ServerDefault, TableName,
};
use crate::expression::Ident;
use crate::python::{Args, Dict, DictKey, PyResult, Str, Value, Vm};

/// A name of a constraint or an index.
pub fn name_value(name: &ConstraintName) -> Value {
    match name {
        ConstraintName::None | ConstraintName::Invented(_) => Value::None,
        ConstraintName::Given(name) => convert::ident_value(name),
        ConstraintName::Final(name) => Name::conv(name.name.clone()),
    }
}

/// Names of columns.
pub fn names_value(columns: &[Ident]) -> Value {
    Value::list(columns.iter().map(convert::ident_value).collect())
}

/// Keywords for particular dialects.
pub fn options_value(options: &DialectOptions) -> Vec<(Str, Value)> {
    let pairs = options.iter();
    pairs
        .map(|(key, value)| (Str::from(&**key), option_value(value)))
        .collect()
}

fn option_value(value: &OptionValue) -> Value {
    match value {
        OptionValue::Null => Value::None,
        OptionValue::Bool(flag) => Value::Bool(*flag),
        OptionValue::Int(number) => Value::Int(*number),
        OptionValue::Str(text) => Value::Str(text.clone()),
        OptionValue::Expr(expr) => sql::wrap(Rc::clone(expr)),
        OptionValue::List(items) => Value::list(items.iter().map(option_value).collect()),
        OptionValue::Map(items) => {
            let mut dict = Dict::default();
            for (key, value) in items {
                dict.insert(DictKey::str(key), option_value(value));
            }
            Value::dict(dict)
        }
    }
}

/// What `server_default=` is given.
pub fn default_value(vm: &mut Vm, default: &ServerDefault) -> Value {
    match default {
        ServerDefault::Str(text) => Value::Str(text.clone()),
        ServerDefault::Expr(expr) => sql::wrap(Rc::clone(expr)),
        ServerDefault::Fetched => Value::Native(Item::made(vm, ItemKind::FetchedValue, vec![])),
        ServerDefault::Identity(identity) => identity_value(vm, identity),
        ServerDefault::Computed {
            sql: text,
            persisted,
        } => {
            let persisted = persisted.map_or(Value::None, Value::Bool);
            let attrs = vec![
                ("sqltext", sql::wrap(Rc::clone(text))),
                ("persisted", persisted),
            ];
            Value::Native(Item::made(vm, ItemKind::Computed, attrs))
        }
    }
}

fn identity_value(vm: &mut Vm, identity: &Identity) -> Value {
    let Identity {
        always,
        on_null,
        sequence,
    } = identity;
    let SequenceOptions {
        start,
        increment,
        minvalue,
        maxvalue,
        nominvalue,
        nomaxvalue,
        cycle,
        cache,
        order,
    } = sequence;
    let truth = |value: &Option<bool>| value.map_or(Value::None, Value::Bool);
    let number = |value: &Option<i64>| value.map_or(Value::None, Value::Int);
    let attrs = vec![
        ("always", Value::Bool(*always)),
        ("on_null", truth(on_null)),
        ("start", number(start)),
        ("increment", number(increment)),
        ("minvalue", number(minvalue)),
        ("maxvalue", number(maxvalue)),
        ("nominvalue", Value::Bool(*nominvalue)),
        ("nomaxvalue", Value::Bool(*nomaxvalue)),
        ("cycle", truth(cycle)),
        ("cache", number(cache)),
        ("order", truth(order)),
    ];
    Value::Native(Item::made(vm, ItemKind::Identity, attrs))
}

/// A column of a type, which is given as its object.
pub fn column_value(vm: &mut Vm, column: &Column, data_type: Value) -> PyResult<Rc<ColumnObject>> {
    let Column {
        name,
        data_type: _,
        nullable,
        primary_key,
        autoincrement,
        default,
        // What Python fills in, and what a table says by constraints and indexes of its own.
        python_default: _,
        unique: _,
        index: _,
        comment,
        constraints,
        system,
        options,
    } = column;
    let mut args = Args::of(vec![convert::ident_value(name), data_type]);
    for constraint in constraints {
        if let Some(item) = constraint_item(vm, constraint, true) {
            args.pos.push(Value::Native(item));
        }
    }
    let mut keyword = |name: &str, value: Value| args.kw.push((Str::from(name), value));
    if let Some(nullable) = nullable {
        keyword("nullable", Value::Bool(*nullable));
    }
    if *primary_key {
        keyword("primary_key", Value::Bool(true));
    }
    match autoincrement {
        Autoincrement::Auto => {}
        Autoincrement::Yes => keyword("autoincrement", Value::Bool(true)),
        Autoincrement::No => keyword("autoincrement", Value::Bool(false)),
        Autoincrement::IgnoreForeignKey => keyword("autoincrement", Value::from("ignore_fk")),
    }
    if let Some(default) = default {
        keyword("server_default", default_value(vm, default));
    }
    if let Some(comment) = comment {
        keyword("comment", Value::Str(comment.clone()));
    }
    if *system {
        keyword("system", Value::Bool(true));
    }
    args.kw.extend(options_value(options));
    ColumnObject::construct(vm, args)
}

/// A constraint of a table; there is none for what a type brings along, and for exclusions.
pub fn constraint_value(vm: &mut Vm, constraint: &Constraint) -> Option<Rc<Item>> {
    constraint_item(vm, constraint, false)
}

fn constraint_item(vm: &mut Vm, constraint: &Constraint, in_column: bool) -> Option<Rc<Item>> {
    let Constraint {
        name,
        kind,
        deferrable,
        initially,
        options,
        comment,
    } = constraint;
    let text = |text: &Option<std::sync::Arc<str>>| text.clone().map_or(Value::None, Value::Str);
    let (kind, mut attrs) = match kind {
        ConstraintKind::PrimaryKey { columns } => {
            (ItemKind::PrimaryKey, vec![("*", names_value(columns))])
        }
        ConstraintKind::Unique { columns } => (ItemKind::Unique, vec![("*", names_value(columns))]),
        ConstraintKind::Check {
            condition,
            from_type: false,
            in_column: _,
        } => (
            ItemKind::Check,
            vec![("sqltext", sql::wrap(Rc::clone(condition)))],
        ),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => return None,
        ConstraintKind::ForeignKey(key) => {
            let ForeignKey {
                columns,
                referent,
                referent_columns,
                ondelete,
                onupdate,
                match_type,
                use_alter,
                from_column: _,
            } = key;
            let targets: Vec<Value> = referent_columns
                .iter()
                .map(|column| Value::from(format!("{}.{}", full_name(referent), column.name)))
                .collect();
            let mut attrs = vec![
                ("ondelete", text(ondelete)),
                ("onupdate", text(onupdate)),
                ("match", text(match_type)),
                ("use_alter", Value::Bool(*use_alter)),
            ];
            if in_column {
                let target = targets.into_iter().next();
                let table = || Value::from(full_name(referent));
                attrs.push(("column", target.unwrap_or_else(table)));
                (ItemKind::ForeignKey, attrs)
            } else {
                attrs.push(("columns", names_value(columns)));
                attrs.push(("refcolumns", Value::list(targets)));
                (ItemKind::ForeignKeyConstraint, attrs)
            }
        }
    };
    attrs.push(("name", name_value(name)));
    attrs.push(("deferrable", deferrable.map_or(Value::None, Value::Bool)));
    attrs.push(("initially", text(initially)));
    attrs.push(("comment", text(comment)));
    let item = Item::made(vm, kind, attrs);
    item.options.borrow_mut().kw = options_value(options);
    Some(item)
}

fn full_name(table: &TableName) -> String {
    match &table.schema {
        Some(schema) => format!("{}.{}", schema.name, table.name.name),
        None => table.name.name.to_string(),
    }
}
