//! Reading TOML with places: tables that know which keys they may have.

use std::sync::Arc;

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use crate::diagnostic::{Code, Diagnostic, Result};
use crate::source::{Location, SourceFile, Span};

/// A table of a TOML file that is being read.
pub(super) struct Table<'a> {
    file: &'a Arc<SourceFile>,
    table: &'a DeTable<'a>,
}

/// Parses a file and hands its top table to `read`.
pub(super) fn with_table<T>(
    file: &Arc<SourceFile>,
    read: impl FnOnce(Table<'_>) -> Result<T>,
) -> Result<T> {
    let parsed = DeTable::parse(file.text()).map_err(|error| {
        let place = error
            .span()
            .map(|s| Location::new(Arc::clone(file), Span::new(s.start, s.end)));
        let message = format!("the file is not valid TOML: {}", error.message());
        let found = Diagnostic::error(Code::ConfigInvalid, message).at(place);
        Box::new(found.with_help("correct the syntax; https://toml.io describes it"))
    })?;
    read(Table {
        file,
        table: parsed.get_ref(),
    })
}

/// A value with its place.
pub(super) struct Found<'a> {
    file: &'a Arc<SourceFile>,
    key: String,
    value: &'a Spanned<DeValue<'a>>,
}

impl<'a> Table<'a> {
    /// The value of a key.
    pub(super) fn get(&self, key: &str) -> Option<Found<'a>> {
        let value = self.table.get(key)?;
        Some(Found {
            file: self.file,
            key: key.to_owned(),
            value,
        })
    }

    /// All keys and values.
    pub(super) fn entries(&self) -> impl Iterator<Item = Found<'a>> + '_ {
        self.table.iter().map(|(key, value)| Found {
            file: self.file,
            key: key.get_ref().to_string(),
            value,
        })
    }

    /// Refuses keys that are not listed.
    pub(super) fn only(&self, known: &[&str]) -> Result<()> {
        let unknown = self
            .table
            .keys()
            .find(|key| !known.contains(&&**key.get_ref()));
        let Some(key) = unknown else { return Ok(()) };
        let name = key.get_ref();
        let span = Span::new(key.span().start, key.span().end);
        let message = format!("there is no option '{name}'");
        let mut found = Diagnostic::error(Code::ConfigInvalid, message)
            .at(Location::new(Arc::clone(self.file), span));
        found = match crate::config::suggestion(name, known.iter().copied()) {
            Some(near) => found.with_help(format!("did you mean '{near}'?")),
            None => found.with_help(format!("the options are: {}", known.join(", "))),
        };
        Err(Box::new(found))
    }
}

impl<'a> Found<'a> {
    /// The key.
    pub(super) fn key(&self) -> &str {
        &self.key
    }

    /// Where the value is.
    pub(super) fn location(&self) -> Location {
        let span = self.value.span();
        Location::new(Arc::clone(self.file), Span::new(span.start, span.end))
    }

    pub(super) fn table(&self) -> Result<Table<'a>> {
        match self.value.get_ref().as_table() {
            Some(table) => Ok(Table {
                file: self.file,
                table,
            }),
            None => Err(self.wrong("a table")),
        }
    }

    pub(super) fn text(&self) -> Result<String> {
        self.value
            .get_ref()
            .as_str()
            .map(str::to_owned)
            .ok_or_else(|| self.wrong("a string"))
    }

    pub(super) fn flag(&self) -> Result<bool> {
        self.value
            .get_ref()
            .as_bool()
            .ok_or_else(|| self.wrong("true or false"))
    }

    /// A list of strings; one string stands for a list of one.
    pub(super) fn texts(&self) -> Result<Vec<String>> {
        match self.value.get_ref() {
            DeValue::String(text) => Ok(vec![text.to_string()]),
            DeValue::Array(items) => items
                .iter()
                .map(|item| {
                    let found = Found {
                        file: self.file,
                        key: self.key.clone(),
                        value: item,
                    };
                    found.text()
                })
                .collect(),
            _ => Err(self.wrong("a string or a list of strings")),
        }
    }

    pub(super) fn is_text(&self) -> bool {
        self.value.get_ref().is_str()
    }

    /// The value as plain data.
    pub(super) fn data(&self) -> Result<serde_json::Value> {
        plain(self.value.get_ref())
            .ok_or_else(|| self.wrong("text, a number, a flag, a list or a table"))
    }

    pub(super) fn wrong(&self, expected: &str) -> Box<Diagnostic> {
        let kind = self.value.get_ref().type_str();
        let message = format!("the option '{}' must be {expected}, not {kind}", self.key);
        Box::new(Diagnostic::error(Code::ConfigInvalid, message).at(self.location()))
    }
}

/// The nesting of a TOML value is bounded by its parser.
fn plain(value: &DeValue<'_>) -> Option<serde_json::Value> {
    use serde_json::Value;
    Some(match value {
        DeValue::String(text) => Value::String(text.to_string()),
        DeValue::Boolean(flag) => Value::Bool(*flag),
        DeValue::Integer(number) => Value::Number(
            i64::from_str_radix(number.as_str(), number.radix())
                .ok()?
                .into(),
        ),
        DeValue::Float(number) => {
            Value::Number(serde_json::Number::from_f64(number.as_str().parse().ok()?)?)
        }
        DeValue::Datetime(moment) => Value::String(moment.to_string()),
        DeValue::Array(items) => Value::Array(
            items
                .iter()
                .map(|item| plain(item.get_ref()))
                .collect::<Option<_>>()?,
        ),
        DeValue::Table(table) => {
            let pairs = table
                .iter()
                .map(|(key, value)| Some((key.get_ref().to_string(), plain(value.get_ref())?)));
            Value::Object(pairs.collect::<Option<_>>()?)
        }
    })
}
