//! Options for particular dialects, such as `postgresql_where`.

use crate::catalog::{DialectOptions, OptionValue};
use crate::dialect::Dialect;

/// The option `{dialect}_{name}`.
pub(super) fn find<'a>(
    dialect: &Dialect,
    options: &'a DialectOptions,
    name: &str,
) -> Option<&'a OptionValue> {
    let prefixes = &dialect.facts().option_prefixes;
    if prefixes.is_empty() {
        return find_of(dialect.name(), options, name);
    }
    prefixes
        .iter()
        .find_map(|prefix| find_of(prefix, options, name))
}

fn find_of<'a>(prefix: &str, options: &'a DialectOptions, name: &str) -> Option<&'a OptionValue> {
    options
        .iter()
        .find(|(key, _)| {
            key.strip_prefix(prefix)
                .and_then(|rest| rest.strip_prefix('_'))
                == Some(name)
        })
        .map(|(_, value)| value)
        .filter(|value| !matches!(value, OptionValue::Null))
}

/// A flag, false when it was not given.
pub(super) fn flag(dialect: &Dialect, options: &DialectOptions, name: &str) -> bool {
    match find(dialect, options, name) {
        Some(OptionValue::Bool(flag)) => *flag,
        Some(OptionValue::Int(number)) => *number != 0,
        Some(OptionValue::Str(text)) => !text.is_empty(),
        Some(_) => true,
        None => false,
    }
}

/// Text.
pub(super) fn text(dialect: &Dialect, options: &DialectOptions, name: &str) -> Option<String> {
    find(dialect, options, name).map(plain)
}

/// Text of the option of another dialect.
pub(super) fn text_of(dialect: &str, options: &DialectOptions, name: &str) -> Option<String> {
    find_of(dialect, options, name).map(plain)
}

/// A value as text.
pub(super) fn plain(value: &OptionValue) -> String {
    match value {
        OptionValue::Null => String::new(),
        OptionValue::Bool(flag) => if *flag { "true" } else { "false" }.to_owned(),
        OptionValue::Int(number) => number.to_string(),
        OptionValue::Str(text) => text.to_string(),
        OptionValue::Expr(expr) => match &expr.kind {
            crate::expression::ExprKind::Text(text) => text.sql.to_string(),
            crate::expression::ExprKind::LiteralColumn(text) => text.to_string(),
            crate::expression::ExprKind::Column { name, .. } => name.name.to_string(),
            _ => String::new(),
        },
        OptionValue::List(items) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        OptionValue::Map(items) => {
            let pairs: Vec<String> = items
                .iter()
                .map(|(key, value)| match value {
                    OptionValue::Null => key.to_string(),
                    value => format!("{key} = {}", plain(value)),
                })
                .collect();
            pairs.join(", ")
        }
    }
}

/// Several texts.
pub(super) fn texts(value: &OptionValue) -> Vec<String> {
    match value {
        OptionValue::List(items) => items.iter().map(plain).collect(),
        other => vec![plain(other)],
    }
}
