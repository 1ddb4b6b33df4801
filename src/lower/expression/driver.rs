//! What a driver's parameter style does to the text of statements.

use std::cell::RefCell;

use super::Spelling;
use crate::datatype::DataType;
use crate::diagnostic::Result;
use crate::expression::{Ident, Literal};

/// How placeholders are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ParamStyle {
    /// `:name`
    #[default]
    Named,
    /// `%(name)s`
    Pyformat,
    /// `%s`
    Format,
    /// `?`
    Qmark,
    /// `:1`
    Numeric,
    /// `$1`
    NumericDollar,
}

impl ParamStyle {
    /// A style by the name that Python's database interface gives it.
    pub fn named(name: &str) -> Option<Self> {
        Some(match name {
            "named" => Self::Named,
            "pyformat" => Self::Pyformat,
            "format" => Self::Format,
            "qmark" => Self::Qmark,
            "numeric" => Self::Numeric,
            "numeric_dollar" => Self::NumericDollar,
            _ => return None,
        })
    }

    /// Whether `%` means something in statements of this style, so that it is written twice.
    pub fn uses_percent(self) -> bool {
        matches!(self, Self::Pyformat | Self::Format)
    }
}

/// A dialect as one of its drivers wants it.
pub struct Driver<'a> {
    inner: &'a dyn Spelling,
    style: ParamStyle,
    doubles: bool,
    names: RefCell<Vec<String>>,
}

impl<'a> Driver<'a> {
    /// For one statement: placeholders are numbered from its start.
    pub fn new(inner: &'a dyn Spelling, style: ParamStyle, doubles: bool) -> Self {
        Self {
            inner,
            style,
            doubles,
            names: RefCell::default(),
        }
    }

    fn double(&self, text: String) -> String {
        if self.doubles {
            text.replace('%', "%%")
        } else {
            text
        }
    }

    fn number(&self, name: &str) -> usize {
        let mut names = self.names.borrow_mut();
        match names.iter().position(|known| known == name) {
            Some(at) => at + 1,
            None => {
                names.push(name.to_owned());
                names.len()
            }
        }
    }
}

impl Spelling for Driver<'_> {
    fn name(&self) -> &str {
        self.inner.name()
    }

    fn expressions(&self) -> &crate::dialect::Expressions {
        self.inner.expressions()
    }

    fn supports_sequences(&self) -> bool {
        self.inner.supports_sequences()
    }

    fn quote(&self, ident: &Ident) -> String {
        self.double(self.inner.quote(ident))
    }

    fn qualify(&self, schema: Option<&Ident>, name: &Ident) -> String {
        self.double(self.inner.qualify(schema, name))
    }

    fn type_sql(&self, data_type: &DataType) -> Result<String> {
        Ok(self.double(self.inner.type_sql(data_type)?))
    }

    fn literal(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        Ok(self.double(self.inner.literal(value, data_type)?))
    }

    fn doubles_percent(&self) -> bool {
        self.doubles
    }

    fn placeholder(&self, name: &str) -> String {
        match self.style {
            ParamStyle::Named => format!(":{name}"),
            ParamStyle::Pyformat => format!("%({})s", escaped(name)),
            ParamStyle::Format => "%s".to_owned(),
            ParamStyle::Qmark => "?".to_owned(),
            ParamStyle::Numeric => format!(":{}", self.number(name)),
            ParamStyle::NumericDollar => format!("${}", self.number(name)),
        }
    }
}

/// A name as SQLAlchemy escapes it in placeholders.
fn escaped(name: &str) -> String {
    name.replace('%', "P")
        .replace('(', "A")
        .replace(')', "Z")
        .replace([':', '.', '[', ']', ' '], "_")
}
