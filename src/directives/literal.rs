//! Values in Python.

use super::{Writer, unwritable};
use crate::diagnostic::Result;
use crate::expression::Literal;

/// Text as Python's `repr` writes it.
pub(super) fn quoted(text: &str) -> String {
    let quote = if text.contains('\'') && !text.contains('"') {
        '"'
    } else {
        '\''
    };
    let mut out = String::with_capacity(text.len() + 2);
    out.push(quote);
    for c in text.chars() {
        match c {
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if c == quote => {
                out.push('\\');
                out.push(c);
            }
            c if (c as u32) < 0x20 || c == '\u{7f}' => {
                out.push_str(&format!("\\x{:02x}", c as u32));
            }
            // Characters that do not print, or that end a line for some readers.
            c if (0x80..0xa1).contains(&(c as u32)) || c == '\u{ad}' => {
                out.push_str(&format!("\\x{:02x}", c as u32));
            }
            c @ ('\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202f}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}') => {
                out.push_str(&format!("\\u{:04x}", c as u32));
            }
            c => out.push(c),
        }
    }
    out.push(quote);
    out
}

/// `[a, b]`.
pub(super) fn list(items: impl Iterator<Item = String>) -> String {
    format!("[{}]", items.collect::<Vec<_>>().join(", "))
}

fn bytes(value: &[u8]) -> String {
    let inner: String = value
        .iter()
        .map(|byte| match byte {
            b'\\' => "\\\\".to_owned(),
            b'\'' => "\\'".to_owned(),
            0x20..=0x7e => char::from(*byte).to_string(),
            byte => format!("\\x{byte:02x}"),
        })
        .collect();
    format!("b'{inner}'")
}

impl Writer<'_> {
    fn import(&mut self, module: &str) {
        self.imports.insert(format!("import {module}"));
    }

    /// A value of a row.
    pub(super) fn value(&mut self, value: &Literal) -> Result<String> {
        let zone = |offset: Option<i32>| {
            offset.map_or(String::new(), |seconds| {
                let sign = if seconds < 0 { '-' } else { '+' };
                let seconds = seconds.unsigned_abs();
                format!("{sign}{:02}:{:02}", seconds / 3600, seconds / 60 % 60)
            })
        };
        Ok(match value {
            Literal::Null => "None".into(),
            Literal::Bool(true) => "True".into(),
            Literal::Bool(false) => "False".into(),
            Literal::Int(digits) => digits.to_string(),
            Literal::Float(number) if number.is_finite() => format!("{number:?}"),
            Literal::Float(number) => format!("float('{number}')"),
            Literal::Decimal(digits) => {
                self.import("decimal");
                format!("decimal.Decimal({})", quoted(digits))
            }
            Literal::Str(text) => quoted(text),
            Literal::Bytes(value) => bytes(value),
            Literal::Date(date) => {
                self.import("datetime");
                format!("datetime.date.fromisoformat({})", quoted(date))
            }
            Literal::DateTime {
                date,
                time,
                micros,
                offset,
            } => {
                self.import("datetime");
                let text = format!("{date}T{time}.{micros:06}{}", zone(*offset));
                format!("datetime.datetime.fromisoformat({})", quoted(&text))
            }
            Literal::Time {
                time,
                micros,
                offset,
            } => {
                self.import("datetime");
                let text = format!("{time}.{micros:06}{}", zone(*offset));
                format!("datetime.time.fromisoformat({})", quoted(&text))
            }
            Literal::Interval {
                days,
                seconds,
                micros,
            } => {
                self.import("datetime");
                format!("datetime.timedelta({days}, {seconds}, {micros})")
            }
            Literal::Uuid(text) => {
                self.import("uuid");
                format!("uuid.UUID({})", quoted(text))
            }
            Literal::List(items) => {
                let items: Result<Vec<String>> = items.iter().map(|i| self.value(i)).collect();
                format!("[{}]", items?.join(", "))
            }
            Literal::Json(text) => {
                self.import("json");
                format!("json.loads({})", quoted(text))
            }
            Literal::Member(name, _) => quoted(name),
            Literal::Other(text) => return Err(unwritable(&format!("the value {text}"))),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn text_is_written_as_python_does() {
        assert_eq!(quoted("a"), "'a'");
        assert_eq!(quoted("it's"), "\"it's\"");
        assert_eq!(quoted("\"it's\""), "'\"it\\'s\"'");
        assert_eq!(quoted("a\\b\nc\u{1}é\u{2028}"), "'a\\\\b\\nc\\x01é\\u2028'");
    }
}
