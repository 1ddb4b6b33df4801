//! Values.

use super::{Compiler, Flags};
use crate::datatype::{DataType, Family, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{
    BindParameter, Expr, Ident, Literal, is_json_index, null_type, of_literal, typed,
};

impl Compiler<'_> {
    pub(super) fn bind(
        &mut self,
        whole: &Expr,
        bind: &BindParameter,
        flags: Flags,
    ) -> Result<String> {
        if flags.literal {
            return self.bind_literal(bind, flags);
        }
        let ident = match &bind.key {
            Some(key) => Ident::from(key.clone()),
            None => Ident::anonymous_for(std::rc::Rc::as_ptr(whole).addr(), "param"),
        };
        let name = self.resolve(&ident).name;
        Ok(self.placeholder(&name, &bind.data_type))
    }

    /// A value inside a `text()`, by its name.
    pub(super) fn bind_value(
        &mut self,
        name: &str,
        bind: &BindParameter,
        flags: Flags,
    ) -> Result<String> {
        if flags.literal {
            self.bind_literal(bind, flags)
        } else {
            Ok(self.placeholder(name, &bind.data_type))
        }
    }

    /// `:name`, with its type where the driver sends one.
    pub(super) fn placeholder(&self, name: &str, data_type: &DataType) -> String {
        let cast = self.facts.typed_placeholders
            && matches!(
                data_type.spec.family,
                Family::Integer
                    | Family::String
                    | Family::Unicode
                    | Family::Date
                    | Family::DateTime
                    | Family::Time
                    | Family::Interval
                    | Family::Json
                    | Family::Uuid
            );
        if cast {
            let data_type = if matches!(data_type.spec.family, Family::String | Family::Unicode) {
                typed(if data_type.spec.name == "Text" {
                    "Text"
                } else {
                    "String"
                })
            } else {
                data_type.clone()
            };
            if let Ok(type_text) = self.dialect.type_sql(&data_type) {
                return format!("{}::{type_text}", self.dialect.placeholder(name));
            }
        }
        self.dialect.placeholder(name)
    }

    fn bind_literal(&mut self, bind: &BindParameter, flags: Flags) -> Result<String> {
        let Some(value) = &bind.value else {
            if self.context.compat {
                return Ok("NULL".to_owned());
            }
            let name = bind.key.as_deref().unwrap_or("?");
            return Err(Box::new(
                Diagnostic::error(
                    Code::LiteralUnsupported,
                    format!("the parameter :{name} has no value"),
                )
                .with_note(
                    "a script has no parameters: every value must be known when it is written",
                )
                .with_help(format!(
                    "give the value with .bindparams({name}=…) or bindparam({name:?}, value)"
                )),
            ));
        };
        if bind.expanding {
            return self.expanding(value, &bind.data_type, flags);
        }
        if is_json_index(&bind.data_type) {
            return self.json_index(value);
        }
        self.value(value, &bind.data_type)
    }

    /// A value of a type.
    pub(super) fn value(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        if matches!(value, Literal::Null) {
            return Ok("NULL".to_owned());
        }
        let data_type = data_type.for_dialect(self.dialect.name());
        if let Literal::Member(name, inner) = value {
            // A member stands for its name in an Enum, unless the labels are the values.
            let labels = data_type.enumeration.as_ref().map(|found| &found.labels);
            let by_value = match (&**inner, labels) {
                (_, None) => data_type.spec.family != Family::Enum,
                (Literal::Str(text), Some(labels)) => {
                    !labels.contains(name) && labels.contains(text)
                }
                _ => false,
            };
            let plain = if by_value {
                (**inner).clone()
            } else {
                Literal::Str(name.clone())
            };
            return self.value(&plain, data_type);
        }
        if self.context.compat {
            return self.dialect.literal(value, data_type);
        }
        match data_type.spec.family {
            // The column's type is not known, but the value's is.
            Family::Null => {
                let own = match value {
                    Literal::Json(_) => return self.json_literal(value),
                    _ => of_literal(value),
                };
                self.dialect.literal(value, &own)
            }
            Family::Json => self.json_literal(value),
            _ => self.dialect.literal(value, data_type),
        }
    }

    fn json_literal(&self, value: &Literal) -> Result<String> {
        let text = json_text(value).ok_or_else(|| {
            Box::new(Diagnostic::error(
                Code::LiteralUnsupported,
                "the value cannot be written as JSON",
            ))
        })?;
        self.dialect
            .literal(&Literal::Str(text.into()), &typed("String"))
    }

    /// A string constant of the compiler's own.
    pub(super) fn string(&self, text: &str) -> Result<String> {
        self.dialect
            .literal(&Literal::Str(text.into()), &typed("String"))
    }

    fn expanding(&mut self, value: &Literal, data_type: &DataType, flags: Flags) -> Result<String> {
        let single;
        let items = match value {
            Literal::List(items) => items.as_slice(),
            other => {
                single = [other.clone()];
                &single
            }
        };
        let types: Option<Vec<DataType>> = match data_type.arg("types") {
            Some(TypeArg::List(types)) => Some(
                types
                    .iter()
                    .map(|item| match item {
                        TypeArg::Type(data_type) => (**data_type).clone(),
                        _ => null_type(),
                    })
                    .collect(),
            ),
            _ => None,
        };
        let values = if self.facts.tuple_values && types.is_some() {
            "VALUES "
        } else {
            ""
        };
        if items.is_empty() {
            let count = types.as_ref().map_or(1, Vec::len);
            return Ok(format!("({values}{})", self.empty_set(count, flags.not_in)));
        }
        let mut parts = Vec::with_capacity(items.len());
        for item in items {
            match (&types, item) {
                (Some(types), Literal::List(members)) => {
                    let mut row = Vec::with_capacity(members.len());
                    for (index, member) in members.iter().enumerate() {
                        let data_type = types
                            .get(index)
                            .filter(|found| found.spec.family != Family::Null)
                            .cloned()
                            .unwrap_or_else(|| of_literal(member));
                        row.push(self.value(member, &data_type)?);
                    }
                    parts.push(format!("({})", row.join(", ")));
                }
                (_, item) => parts.push(self.value(item, data_type)?),
            }
        }
        Ok(format!("({values}{})", parts.join(", ")))
    }

    fn empty_set(&self, count: usize, not_in: bool) -> String {
        if self.facts.empty_in == "select" {
            let ones = vec!["1"; count].join(", ");
            return self.facts.empty_set.replace("{ones}", &ones);
        }
        let nulls = if count > 1 {
            format!("({})", vec!["NULL"; count].join(", "))
        } else {
            "NULL".to_owned()
        };
        if not_in {
            format!("{nulls}) OR (1 = 1")
        } else {
            format!("{nulls}) AND (1 != 1")
        }
    }

    /// An index into a JSON document.
    fn json_index(&self, value: &Literal) -> Result<String> {
        let arrow = self.facts.json == "arrow";
        let text = match value {
            Literal::Int(number) if arrow => return Ok(number.to_string()),
            Literal::Str(text) if arrow => text.to_string(),
            Literal::List(items) if arrow => {
                let parts: Vec<String> = items.iter().map(plain).collect();
                format!("{{{}}}", parts.join(", "))
            }
            Literal::List(items) => {
                let parts: Vec<String> = items
                    .iter()
                    .map(|item| match item {
                        Literal::Int(number) => format!("[{number}]"),
                        other => format!(".\"{}\"", plain(other)),
                    })
                    .collect();
                format!("${}", parts.concat())
            }
            Literal::Int(number) => format!("$[{number}]"),
            other => format!("$.\"{}\"", plain(other)),
        };
        self.string(&text)
    }
}

fn plain(value: &Literal) -> String {
    match value {
        Literal::Str(text) | Literal::Int(text) => text.to_string(),
        other => format!("{other:?}"),
    }
}

/// A value as JSON, in the form of Python's `json.dumps`.
fn json_text(value: &Literal) -> Option<String> {
    Some(match value {
        Literal::Null => "null".to_owned(),
        Literal::Bool(flag) => flag.to_string(),
        Literal::Int(number) | Literal::Decimal(number) => number.to_string(),
        Literal::Float(number) => format!("{number:?}"),
        Literal::Json(text) => text.to_string(),
        Literal::Str(text) => {
            let mut out = String::from("\"");
            for c in text.chars() {
                match c {
                    '"' => out.push_str("\\\""),
                    '\\' => out.push_str("\\\\"),
                    '\n' => out.push_str("\\n"),
                    '\r' => out.push_str("\\r"),
                    '\t' => out.push_str("\\t"),
                    c if (c as u32) < 0x20 || !c.is_ascii() => {
                        let mut units = [0u16; 2];
                        for unit in c.encode_utf16(&mut units) {
                            out.push_str(&format!("\\u{unit:04x}"));
                        }
                    }
                    c => out.push(c),
                }
            }
            out.push('"');
            out
        }
        Literal::List(items) => {
            let parts: Option<Vec<String>> = items.iter().map(json_text).collect();
            format!("[{}]", parts?.join(", "))
        }
        Literal::Member(_, value) => json_text(value)?,
        _ => return None,
    })
}
