//! Tables as SQLAlchemy finds them in a database.

use crate::catalog::{
    Autoincrement, Column, ConstraintKind, DialectOptions, Identity, OptionValue, ServerDefault,
    Table,
};
use crate::datatype::{DataType, Family};
use crate::dialect::Dialect;
use crate::expression::{Expr, text};
use crate::lower::expression::{CompileContext, compile};

/// A table as it is found.
pub fn table(table: &Table, dialect: &Dialect) -> Table {
    let mut found = table.clone();
    let counting = table.numbered().map(|column| column.name.clone());
    let facts = dialect.facts().reflection.as_ref();
    for column in &mut found.columns {
        let counts = counting.as_ref().is_some_and(|name| *name == column.name)
            || matches!(column.default, Some(ServerDefault::Identity(_)));
        column.default = column
            .default
            .as_ref()
            .and_then(|default| self::default(default, &column.data_type, dialect));
        column.data_type = dialect.reflected_type(&column.data_type);
        column.nullable = Some(!column.is_not_null());
        column.python_default = None;
        column.options = Vec::new();
        column.autoincrement = match facts {
            Some(facts) if facts.counting && counts => Autoincrement::Yes,
            Some(facts) if facts.counting => Autoincrement::No,
            Some(_) | None => Autoincrement::Auto,
        };
    }
    for constraint in &mut found.constraints {
        match &mut constraint.kind {
            ConstraintKind::Check {
                condition: _,
                from_type,
                in_column: _,
            } => *from_type = false,
            ConstraintKind::ForeignKey(key) => key.use_alter = false,
            ConstraintKind::Unique { .. } => {
                let usual = facts.iter().flat_map(|facts| &facts.unique_options);
                for (name, value) in usual.filter_map(|option| option.split_once('=')) {
                    if !constraint.options.iter().any(|(key, _)| **key == *name) {
                        let value = match value {
                            "False" => OptionValue::Bool(false),
                            _ => OptionValue::List(Vec::new()),
                        };
                        constraint.options.push((name.into(), value));
                    }
                }
            }
            ConstraintKind::PrimaryKey { .. } | ConstraintKind::Exclude(_) => {}
        }
    }
    for index in &mut found.indexes {
        index.options = options(&index.options, dialect);
    }
    found.prefixes = Vec::new();
    found.attached = Vec::new();
    found
}

/// The options of an index as they are found: what is usual is not said, and a condition is text.
fn options(options: &DialectOptions, dialect: &Dialect) -> DialectOptions {
    let casts = dialect
        .facts()
        .reflection
        .as_ref()
        .is_some_and(|facts| facts.casts);
    let kept = options.iter().filter(|(name, value)| {
        let usual = matches!(value, OptionValue::Str(text) if text.eq_ignore_ascii_case("btree"));
        !value.is_usual() && !usual && name.starts_with(dialect.name())
    });
    kept.map(|(name, value)| {
        let value = match value {
            OptionValue::Expr(expr) if casts => {
                match compile(expr, &CompileContext::ddl(dialect, false)) {
                    Ok(sql) => OptionValue::Str(in_brackets(&sql).into()),
                    Err(_) => value.clone(),
                }
            }
            _ => value.clone(),
        };
        (name.clone(), value)
    })
    .collect()
}

/// An expression with the parentheses that the database writes around an operator.
fn in_brackets(sql: &str) -> String {
    let mut depth = 0usize;
    let mut quoted = false;
    let mut operator = false;
    for c in sql.chars() {
        match c {
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ' ' if depth == 0 => operator = true,
            _ => {}
        }
    }
    if operator {
        format!("({sql})")
    } else {
        sql.to_owned()
    }
}

pub(super) fn column<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table
        .columns
        .iter()
        .find(|column| &*column.name.name == name)
}

/// A default as the database writes it.
fn default(
    default: &ServerDefault,
    data_type: &DataType,
    dialect: &Dialect,
) -> Option<ServerDefault> {
    let Some(facts) = &dialect.facts().reflection else {
        return Some(default.clone());
    };
    let written = |expr: &Expr| compile(expr, &CompileContext::ddl(dialect, false)).ok();
    let sql = match default {
        ServerDefault::Str(text) if facts.casts => with_cast(text, data_type, dialect),
        ServerDefault::Str(text) => dialect.string(text),
        ServerDefault::Expr(expr) => {
            let written = written(expr)?;
            let inner = written
                .strip_prefix('\'')
                .and_then(|t| t.strip_suffix('\''));
            match inner {
                Some(inner) if facts.casts && !inner.contains('\'') => {
                    with_cast(inner, data_type, dialect)
                }
                _ => written,
            }
        }
        ServerDefault::Fetched => return None,
        ServerDefault::Identity(identity) if facts.counting => {
            return Some(ServerDefault::Identity(full_identity(identity, data_type)));
        }
        ServerDefault::Identity(identity) => {
            return Some(ServerDefault::Identity(identity.clone()));
        }
        ServerDefault::Computed { sql, persisted } => {
            return Some(ServerDefault::Computed {
                sql: match written(sql) {
                    Some(sql) if facts.casts => text(in_brackets(&sql)),
                    Some(sql) => text(sql),
                    None => sql.clone(),
                },
                persisted: Some(persisted.unwrap_or(facts.counting)),
            });
        }
    };
    Some(ServerDefault::Expr(text(sql)))
}

/// A literal with the cast that the database gives it.
fn with_cast(text: &str, data_type: &DataType, dialect: &Dialect) -> String {
    let of = data_type.for_dialect(dialect.name());
    let number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let truth = match (of.spec.family, text.to_lowercase().as_str()) {
        (Family::Boolean, "true" | "t" | "1" | "yes" | "on") => Some("true"),
        (Family::Boolean, "false" | "f" | "0" | "no" | "off") => Some("false"),
        _ => None,
    };
    if let Some(truth) = truth {
        return truth.to_owned();
    }
    let decimal = text.contains('.')
        && text
            .replacen('.', "", 1)
            .bytes()
            .all(|b| b.is_ascii_digit());
    match of.spec.family {
        Family::Integer if number(text) => text.to_owned(),
        Family::Numeric if decimal => text.to_owned(),
        _ => match dialect.cast_words(of) {
            Some(words) => format!("{}::{words}", dialect.string(text)),
            None => dialect.string(text),
        },
    }
}

/// An identity with all that the database knows of it.
fn full_identity(identity: &Identity, data_type: &DataType) -> Identity {
    let mut full = identity.clone();
    let options = &mut full.sequence;
    let most = match data_type.spec.visit {
        "small_integer" | "SMALLINT" => i64::from(i16::MAX),
        "big_integer" | "BIGINT" => i64::MAX,
        _ => i64::from(i32::MAX),
    };
    options.start.get_or_insert(1);
    options.increment.get_or_insert(1);
    options.minvalue.get_or_insert(1);
    options.maxvalue.get_or_insert(most);
    options.cycle.get_or_insert(false);
    options.cache.get_or_insert(1);
    options.nominvalue = false;
    options.nomaxvalue = false;
    full
}
