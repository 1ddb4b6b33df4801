//! From Python values to the plain data of operations.

use std::sync::Arc;

use super::name::{self, Name};
use super::{raise, sql};
use crate::catalog::{DialectOptions, OptionValue};
use crate::expression::Ident;
use crate::python::{Args, PyResult, Str, Value, Vm};

/// Text, as any `str`.
pub fn text(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Str> {
    raise::known(vm, value, what)?;
    match value.as_str() {
        Some(text) => Ok(text),
        None => {
            let class = vm.type_name(value);
            Err(raise::argument(
                vm,
                format!("{what} must be a str, not {class}"),
            ))
        }
    }
}

/// Text or `None`.
pub fn optional_text(vm: &mut Vm, value: Option<&Value>, what: &str) -> PyResult<Option<Str>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => text(vm, value, what).map(Some),
    }
}

/// The truth of a value that must be known.
pub fn truth(vm: &mut Vm, value: &Value, what: &str) -> PyResult<bool> {
    raise::known(vm, value, what)?;
    vm.truth(value)
}

/// `None`, or the truth of a value.
pub fn optional_truth(vm: &mut Vm, value: Option<&Value>, what: &str) -> PyResult<Option<bool>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => truth(vm, value, what).map(Some),
    }
}

/// Takes a keyword that is a flag, false when absent.
pub fn flag(vm: &mut Vm, args: &mut Args, name: &str) -> PyResult<bool> {
    let value = args.keyword(name);
    Ok(optional_truth(vm, value.as_ref(), name)?.unwrap_or(false))
}

/// Takes a keyword, `None` when it is absent or `None`.
pub fn some(args: &mut Args, name: &str) -> Option<Value> {
    args.keyword(name).filter(|value| !value.is_none())
}

/// A whole number or `None`.
pub fn optional_int(vm: &mut Vm, value: Option<&Value>, what: &str) -> PyResult<Option<i64>> {
    match value {
        None | Some(Value::None) => Ok(None),
        Some(value) => {
            raise::known(vm, value, what)?;
            match value {
                Value::Float(number) if number.fract() == 0.0 =>
                {
                    #[allow(clippy::cast_possible_truncation)]
                    Ok(Some(*number as i64))
                }
                value => match value.as_int() {
                    Some(number) => Ok(Some(number)),
                    None => match value.as_str().and_then(|text| text.parse().ok()) {
                        Some(number) => Ok(Some(number)),
                        None => {
                            let class = vm.type_name(value);
                            Err(raise::argument(
                                vm,
                                format!("{what} must be an int, not {class}"),
                            ))
                        }
                    },
                },
            }
        }
    }
}

/// The names of columns: strings, or columns that have a name.
pub fn column_names(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Vec<Ident>> {
    raise::known(vm, value, what)?;
    if value.as_str().is_some() {
        // As Python iterates a string; `op.create_unique_constraint("u", "t", "c")` names the
        // columns letter by letter, which is what Alembic prints.
        let items = vm.iterate(value)?;
        return items
            .iter()
            .map(|item| name::ident(vm, item, what))
            .collect();
    }
    let items = vm.iterate(value)?;
    let mut names = Vec::with_capacity(items.len());
    for item in &items {
        names.push(column_name(vm, item, what)?);
    }
    Ok(names)
}

/// The name of a column: a string, or a column that has a name.
pub fn column_name(vm: &mut Vm, item: &Value, what: &str) -> PyResult<Ident> {
    if item.as_str().is_some() || matches!(item, Value::Unknown(_)) {
        return name::ident(vm, item, what);
    }
    match vm.find_attr(item, "name")? {
        Some(found) => name::ident(vm, &found, what),
        None => name::ident(vm, item, what),
    }
}

/// The value of a dialect option.
pub fn option_value(vm: &mut Vm, value: &Value, what: &str) -> PyResult<OptionValue> {
    raise::known(vm, value, what)?;
    Ok(match value {
        Value::None => OptionValue::Null,
        Value::Bool(flag) => OptionValue::Bool(*flag),
        Value::Int(number) => OptionValue::Int(*number),
        Value::Float(number) => OptionValue::Str(Str::from(number.to_string())),
        Value::List(items) => {
            let items = items.borrow().clone();
            OptionValue::List(option_values(vm, &items, what)?)
        }
        Value::Tuple(items) => OptionValue::List(option_values(vm, items, what)?),
        Value::Set(_) | Value::FrozenSet(_) => {
            let items = vm.iterate(value)?;
            OptionValue::List(option_values(vm, &items, what)?)
        }
        Value::Dict(entries) => {
            let entries: Vec<_> = entries
                .borrow()
                .iter()
                .map(|(key, value)| (key.value().clone(), value.clone()))
                .collect();
            let mut map = Vec::with_capacity(entries.len());
            for (key, value) in entries {
                let key = column_name(vm, &key, what)?.name;
                map.push((key, option_value(vm, &value, what)?));
            }
            OptionValue::Map(map)
        }
        value => match value.as_str() {
            Some(text) => OptionValue::Str(text),
            None => OptionValue::Expr(sql::expr_of(vm, value, None)?),
        },
    })
}

fn option_values(vm: &mut Vm, items: &[Value], what: &str) -> PyResult<Vec<OptionValue>> {
    items
        .iter()
        .map(|item| option_value(vm, item, what))
        .collect()
}

/// The keywords that each dialect of SQLAlchemy takes for a class of schema items, a line for each of
/// them; `*` takes all. Other dialects are not checked.
const KEYWORDS: &str = include_str!("keywords.txt");

/// Whether a keyword is one that the class has, as SQLAlchemy checks it.
fn is_accepted(class: &str, dialect: &str, argument: &str) -> bool {
    let mut is_known = false;
    for line in KEYWORDS.lines() {
        let Some((owner, accepted)) = line.split_once(' ') else {
            continue;
        };
        let Some((of, of_class)) = owner.split_once('.') else {
            continue;
        };
        if of != dialect {
            continue;
        }
        is_known = true;
        if of_class == class {
            return accepted
                .split(' ')
                .any(|word| word == argument || word == "*");
        }
    }
    !is_known
}

/// What is left of the keywords of a schema item's `class` as options for particular dialects.
///
/// # Errors
/// `TypeError` for a name that cannot be one, `ArgumentError` for one that the dialect does not have.
pub fn dialect_options(vm: &mut Vm, args: Args, class: &str) -> PyResult<DialectOptions> {
    let mut options = Vec::with_capacity(args.kw.len());
    for (key, value) in args.kw {
        if !key.trim_start_matches('_').contains('_') {
            return Err(raise::type_error(format!(
                "Additional arguments should be named <dialectname>_<argument>, got '{key}'"
            )));
        }
        if let Some((dialect, argument)) = key.split_once('_')
            && !is_accepted(class, dialect, argument)
        {
            return Err(raise::argument(
                vm,
                format!(
                    "Argument '{key}' is not accepted by dialect '{dialect}' on behalf of \
                     <class 'sqlalchemy.sql.schema.{class}'>"
                ),
            ));
        }
        let value = option_value(vm, &value, &key)?;
        options.push((Arc::clone(&key), value));
    }
    Ok(options)
}

/// A Python `str` for an identifier, with its wish about quotes.
pub fn ident_value(name: &Ident) -> Value {
    match name.quote {
        None => Value::Str(name.name.clone()),
        quote => Name::quoted(name.name.clone(), quote),
    }
}

/// Python's `TypeError` for keywords that a function does not know.
pub fn no_more(args: &Args, function: &str) -> PyResult<()> {
    match args.kw.first() {
        Some((key, _)) => Err(raise::type_error(format!(
            "{function}() got an unexpected keyword argument '{key}'"
        ))),
        None => Ok(()),
    }
}
