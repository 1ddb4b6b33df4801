//! Types as the dialect writes them.

use super::{Dialect, EnumStrategy};
use crate::datatype::{DataType, EnumType, Family, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;

impl Dialect {
    /// A type as it stands in a column definition or a cast.
    ///
    /// # Errors
    /// [`Code::Unsupported`] when the dialect has no such type.
    pub fn type_sql(&self, data_type: &DataType) -> Result<String> {
        let data_type = data_type.for_dialect(self.name());
        if let Some(enumeration) = &data_type.enumeration {
            return self.enum_sql(enumeration, data_type);
        }
        let key = match (data_type.spec.visit, data_type.spec.name) {
            ("type_decorator", "PickleType") => "pickle",
            ("type_decorator", _)
                if matches!(data_type.arg("native"), Some(TypeArg::Bool(false))) =>
            {
                "datetime"
            }
            ("type_decorator", _) => "interval",
            ("user_defined", _) => {
                return data_type
                    .text("spec")
                    .map(str::to_owned)
                    .ok_or_else(|| unsupported(self, data_type));
            }
            ("ARRAY", _) => return self.array_sql(data_type),
            ("SET", _) => return self.labelled("SET", data_type, &labels(data_type)),
            ("DOMAIN", _) => {
                return match (self.facts.features.enumeration, data_type.text("name")) {
                    (EnumStrategy::NamedType, Some(name)) => Ok(self.qualify(
                        data_type.text("schema").map(Ident::new).as_ref(),
                        &Ident::new(name),
                    )),
                    _ => Err(unsupported(self, data_type)),
                };
            }
            ("null", _) => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "Can't generate DDL for NullType(); did you forget to specify a type on this Column?",
                    )
                    .with_help("give the column a type"),
                ));
            }
            (visit, _) => visit,
        };
        if let Some(TypeArg::Str(length)) = data_type.arg("length")
            && !self.compat
            && !self
                .facts
                .features
                .length_words
                .contains(&length.to_string())
        {
            return Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    format!(
                        "{} has no length {length:?} of {}",
                        self.facts.title, data_type.spec.name
                    ),
                )
                .with_help("give the length as a number, or leave it away"),
            ));
        }
        match self.facts.types.get(key).filter(|p| !p.is_empty()) {
            Some(pattern) => match refusal(pattern, data_type) {
                Some(reason) => Err(Box::new(
                    Diagnostic::error(
                        Code::Unsupported,
                        format!("{} refuses this {}", self.facts.title, data_type.spec.name),
                    )
                    .with_help(reason),
                )),
                None => Ok(self.fill(pattern, data_type, "")),
            },
            None => Err(unsupported(self, data_type)),
        }
    }

    fn array_sql(&self, data_type: &DataType) -> Result<String> {
        let (EnumStrategy::NamedType, Some(TypeArg::Type(item))) =
            (self.facts.features.enumeration, data_type.arg("item_type"))
        else {
            return Err(unsupported(self, data_type));
        };
        let inner = self.type_sql(item)?;
        let dimensions = data_type
            .int("dimensions")
            .and_then(|n| usize::try_from(n).ok());
        let brackets = "[]".repeat(dimensions.unwrap_or(1).clamp(1, 32));
        Ok(match inner.find(" COLLATE ") {
            Some(at) => format!("{}{brackets}{}", &inner[..at], &inner[at..]),
            None => format!("{inner}{brackets}"),
        })
    }

    /// A type that lists labels.
    fn labelled(
        &self,
        visit: &str,
        data_type: &DataType,
        labels: &[std::sync::Arc<str>],
    ) -> Result<String> {
        let Some(pattern) = self.facts.types.get(visit) else {
            return Err(unsupported(self, data_type));
        };
        let quoted: Vec<String> = labels.iter().map(|label| self.string(label)).collect();
        Ok(self.fill(pattern, data_type, &quoted.join(",")))
    }

    fn enum_sql(&self, enumeration: &EnumType, data_type: &DataType) -> Result<String> {
        if self.facts.features.enumeration == EnumStrategy::Inline && enumeration.native {
            return self.labelled("ENUM", data_type, &enumeration.labels);
        }
        if enumeration.native && self.facts.features.enumeration == EnumStrategy::NamedType {
            let Some(name) = &enumeration.name else {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        format!("{} Enum type requires a name.", self.facts.title),
                    )
                    .with_help("give the Enum a `name=`"),
                ));
            };
            let schema = enumeration.schema.as_ref().map(Ident::new);
            return Ok(self.qualify(schema.as_ref(), &Ident::new(name)));
        }
        let longest = enumeration
            .labels
            .iter()
            .map(|label| label.chars().count())
            .max()
            .unwrap_or(0);
        let length = enumeration
            .length
            .and_then(|n| usize::try_from(n).ok())
            .map_or(longest, |n| n.max(longest));
        if length == 0
            && let Some(spelling) = self.facts.types.get("enum_empty")
        {
            return Ok(spelling.clone());
        }
        let pattern = self.facts.types.get("enum").map_or("VARCHAR(%)", |p| p);
        Ok(pattern.replace('%', &length.to_string()))
    }

    /// Fills a pattern: `{arg:text}`, `{arg?yes|no}`, `{!arg?yes|no}` (given as false), `%`, `%q`.
    fn fill(&self, pattern: &str, data_type: &DataType, value: &str) -> String {
        let mut out = String::with_capacity(pattern.len() + 8);
        let mut rest = pattern;
        while let Some(at) = rest.find(['{', '%']) {
            out.push_str(&rest[..at]);
            if rest.as_bytes()[at] == b'%' {
                if let Some(behind) = rest[at + 1..].strip_prefix('q') {
                    out.push_str(&self.quote(&Ident::new(value)));
                    rest = behind;
                } else {
                    out.push_str(value);
                    rest = &rest[at + 1..];
                }
                continue;
            }
            let end = at + closing(&rest[at..]);
            out.push_str(&self.group(&rest[at + 1..end], data_type));
            rest = rest.get(end + 1..).unwrap_or("");
        }
        out.push_str(rest);
        out
    }

    fn group(&self, body: &str, data_type: &DataType) -> String {
        let Some(at) = body.find([':', '?']) else {
            return argument(data_type, body).unwrap_or_default();
        };
        if body[1..at].contains('!') {
            return String::new();
        }
        let (name, text) = (&body[..at], &body[at + 1..]);
        if body.as_bytes()[at] == b':' {
            return match argument(data_type, name) {
                Some(value) => self.fill(text, data_type, &value),
                None => String::new(),
            };
        }
        let given = match name.strip_prefix('!') {
            Some(name) => matches!(data_type.arg(name), Some(TypeArg::Bool(false))),
            None => argument(data_type, name).is_some(),
        };
        let split = top_level_bar(text).unwrap_or(text.len());
        let chosen = if given {
            &text[..split]
        } else {
            text.get(split + 1..).unwrap_or("")
        };
        self.fill(chosen, data_type, "")
    }
}

/// The labels of a SET.
fn labels(data_type: &DataType) -> Vec<std::sync::Arc<str>> {
    let Some(TypeArg::List(items)) = data_type.arg("*") else {
        return Vec::new();
    };
    let label = |item: &TypeArg| match item {
        TypeArg::Str(text) => Some(text.clone()),
        _ => None,
    };
    items.iter().filter_map(label).collect()
}

/// Why a pattern refuses an argument that the type has: `{argument!reason}`, or one that it has
/// not: `{no argument!reason}`.
fn refusal<'a>(pattern: &'a str, data_type: &DataType) -> Option<&'a str> {
    let (before, behind) = pattern
        .split_once('!')
        .filter(|_| !pattern.contains("{!"))?;
    let name = before.rsplit('{').next()?;
    let refused = match name.strip_prefix("no ") {
        Some(name) => argument(data_type, name).is_none(),
        None => argument(data_type, name).is_some(),
    };
    behind.split('}').next().filter(|_| refused)
}

/// An argument as text; `None` when absent or false, and with a `+` before its name when zero.
fn argument(data_type: &DataType, name: &str) -> Option<String> {
    if let Some(name) = name.strip_prefix('+') {
        return argument(data_type, name).filter(|value| value != "0");
    }
    match data_type.arg(name)? {
        TypeArg::Bool(false) => None,
        TypeArg::Bool(true) => Some(String::new()),
        TypeArg::Int(number) => Some(number.to_string()),
        TypeArg::Str(text) => Some(text.to_string()),
        TypeArg::Type(_) | TypeArg::List(_) => None,
    }
}

/// Where the brace that opens a text is closed.
fn closing(text: &str) -> usize {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => {
                depth = depth.saturating_sub(1);
                if depth == 0 {
                    return at;
                }
            }
            _ => {}
        }
    }
    text.len()
}

fn top_level_bar(text: &str) -> Option<usize> {
    let mut depth = 0usize;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'{' => depth += 1,
            b'}' => depth = depth.saturating_sub(1),
            b'|' if depth == 0 => return Some(at),
            _ => {}
        }
    }
    None
}

fn unsupported(dialect: &Dialect, data_type: &DataType) -> Box<Diagnostic> {
    let mut diagnostic = Diagnostic::error(
        Code::Unsupported,
        format!(
            "{} has no type for {}",
            dialect.facts.title, data_type.spec.name
        ),
    );
    diagnostic = if data_type.spec.family == Family::UserDefined {
        diagnostic.with_help("the type's `get_col_spec` must return the SQL as a string")
    } else {
        diagnostic.with_help(format!(
            "give the column a variant: `.with_variant(…, \"{}\")`",
            dialect.facts.name
        ))
    };
    Box::new(diagnostic)
}
