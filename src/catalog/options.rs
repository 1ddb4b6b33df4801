//! Options for one dialect, as the items of a table carry them.

use std::sync::Arc;

use crate::expression::Expr;

/// Options for one dialect by their full name (`postgresql_where`, `mysql_engine`), in order.
pub type DialectOptions = Vec<(Arc<str>, OptionValue)>;

/// The value of a dialect option.
#[derive(Clone, Debug)]
pub enum OptionValue {
    /// `None`.
    Null,
    /// `True`/`False`.
    Bool(bool),
    /// A number.
    Int(i64),
    /// Text.
    Str(Arc<str>),
    /// An expression or `text()`.
    Expr(Expr),
    /// Several values.
    List(Vec<OptionValue>),
    /// Values by key (`postgresql_ops`, `postgresql_with`).
    Map(Vec<(Arc<str>, OptionValue)>),
}

impl OptionValue {
    /// Whether it says what any database would do without it.
    pub fn is_usual(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::List(items) => items.is_empty(),
            Self::Map(items) => items.is_empty(),
            Self::Bool(true) | Self::Int(_) | Self::Str(_) | Self::Expr(_) => false,
        }
    }
}

/// What an option says in whichever dialect, by its name without the dialect's (`where`); `None`
/// where it says nothing of its own.
pub fn option<'a>(options: &'a DialectOptions, name: &str) -> Option<&'a OptionValue> {
    options
        .iter()
        .find(|(full, value)| {
            let dialect = full
                .strip_suffix(name)
                .and_then(|rest| rest.strip_suffix('_'));
            dialect.is_some() && !value.is_usual()
        })
        .map(|(_, value)| value)
}
