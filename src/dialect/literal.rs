//! Values as literals, by SQLAlchemy's rules for each type.

use std::sync::Arc;

use super::{DateTimeLiteral, Dialect, EnumStrategy, UuidLiteral};
use crate::datatype::{DataType, Family, TypeArg};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Literal;

impl Dialect {
    /// A value as a literal of a type.
    ///
    /// # Errors
    /// [`Code::LiteralUnsupported`] when the value does not fit the type, or the type has no
    /// literal form.
    pub fn literal(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        if matches!(value, Literal::Null) {
            return Ok("NULL".into());
        }
        let written = self.unescaped(value, data_type)?;
        Ok(self.escape(written))
    }

    /// A backslash counts, where it does, in the literals of all types.
    fn escape(&self, text: String) -> String {
        if self.facts.features.backslash_escapes && text.contains('\\') {
            text.replace('\\', "\\\\")
        } else {
            text
        }
    }

    fn unescaped(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        if matches!(value, Literal::Null) {
            return Ok("NULL".into());
        }
        let data_type = data_type.for_dialect(self.name());
        if let Literal::Member(name, inner) = value {
            return self.unescaped(&member(name, inner, data_type), data_type);
        }
        let written = match data_type.spec.family {
            Family::Unicode => match value {
                Literal::Str(text) => Some(self.prefixed(text)),
                _ => None,
            },
            Family::String | Family::Enum => match value {
                Literal::Str(text) => Some(self.plain(text)),
                _ => None,
            },
            Family::Integer => integer(value),
            Family::Numeric | Family::Float => self.number(value),
            Family::Boolean => self.boolean(value),
            Family::Date | Family::DateTime | Family::Time => {
                self.temporal(value, data_type.spec.family)
            }
            Family::Interval => self.interval(value),
            Family::Uuid => self.uuid(value, data_type),
            Family::Binary => match value {
                Literal::Bytes(bytes) => self.bytes(bytes),
                _ => None,
            },
            Family::Array => self.array(value, data_type)?,
            Family::Json if !self.compat => json(value),
            Family::Other | Family::Hstore | Family::Range | Family::UserDefined
                if !self.compat =>
            {
                match value {
                    Literal::Str(text) => Some(quoted(text)),
                    _ => number(value),
                }
            }
            Family::Json
            | Family::Null
            | Family::Other
            | Family::Hstore
            | Family::Range
            | Family::UserDefined => {
                return Err(no_renderer(value, data_type));
            }
        };
        written.ok_or_else(|| could_not_render(value, data_type))
    }

    /// Text in quotes. SQLAlchemy never marks it as text of any character, and SQL Server then
    /// loses what its code page does not have.
    pub fn string(&self, text: &str) -> String {
        self.escape(self.plain(text))
    }

    fn plain(&self, text: &str) -> String {
        if self.compat || text.is_ascii() {
            quoted(text)
        } else {
            self.prefixed(text)
        }
    }

    /// Text in quotes that may have any character.
    pub fn national(&self, text: &str) -> String {
        self.escape(self.prefixed(text))
    }

    fn prefixed(&self, text: &str) -> String {
        format!("{}{}", self.facts.features.national_prefix, quoted(text))
    }

    fn boolean(&self, value: &Literal) -> Option<String> {
        let [yes, no] = &self.facts.features.boolean_literals;
        match value {
            Literal::Bool(true) => Some(yes.clone()),
            Literal::Bool(false) => Some(no.clone()),
            Literal::Int(text) if &**text == "1" => Some(yes.clone()),
            Literal::Int(text) if &**text == "0" => Some(no.clone()),
            _ => None,
        }
    }

    fn temporal(&self, value: &Literal, family: Family) -> Option<String> {
        if self.facts.features.datetime_literal == DateTimeLiteral::ToDate && family != Family::Time
        {
            return self.to_date(value, family);
        }
        let style = match self.facts.features.datetime_literal {
            DateTimeLiteral::ToDate => DateTimeLiteral::Iso,
            style => style,
        };
        let text = match (style, family, value) {
            (DateTimeLiteral::Storage, Family::Date, Literal::Date(date))
            | (DateTimeLiteral::Storage, Family::Date, Literal::DateTime { date, .. }) => {
                date.to_string()
            }
            (DateTimeLiteral::Storage, Family::DateTime, Literal::Date(date)) => {
                format!("{date} 00:00:00.000000")
            }
            (
                DateTimeLiteral::Storage,
                Family::DateTime,
                Literal::DateTime {
                    date, time, micros, ..
                },
            ) => {
                format!("{date} {time}.{micros:06}")
            }
            (DateTimeLiteral::Storage, Family::Time, Literal::Time { time, micros, .. }) => {
                format!("{time}.{micros:06}")
            }
            (DateTimeLiteral::Storage, _, _) => return None,
            (DateTimeLiteral::Iso, _, Literal::Date(date)) => date.to_string(),
            (DateTimeLiteral::Iso, Family::Date, Literal::DateTime { date, .. }) => {
                date.to_string()
            }
            (
                DateTimeLiteral::Iso,
                Family::Time,
                Literal::DateTime {
                    time,
                    micros,
                    offset,
                    ..
                },
            )
            | (
                DateTimeLiteral::Iso,
                _,
                Literal::Time {
                    time,
                    micros,
                    offset,
                },
            ) => clock(time, *micros, *offset),
            (
                DateTimeLiteral::Iso,
                _,
                Literal::DateTime {
                    date,
                    time,
                    micros,
                    offset,
                },
            ) => {
                format!("{date} {}", clock(time, *micros, *offset))
            }
            _ => return None,
        };
        Some(format!("'{text}'"))
    }

    /// `TO_DATE` and `TO_TIMESTAMP` with their formats, as SQLAlchemy chooses them.
    fn to_date(&self, value: &Literal, family: Family) -> Option<String> {
        let (date, time, micros, offset) = match value {
            Literal::Date(date) => (date, None, 0, None),
            Literal::DateTime {
                date,
                time,
                micros,
                offset,
            } => (date, Some(time), *micros, *offset),
            _ => return None,
        };
        let function = if micros > 0 {
            "TO_TIMESTAMP"
        } else {
            "TO_DATE"
        };
        if family == Family::Date {
            return Some(format!("{function}('{date}', 'YYYY-MM-DD')"));
        }
        let fraction = if micros > 0 { ".FF" } else { "" };
        let format = format!("YYYY-MM-DD HH24:MI:SS{fraction}");
        Some(match (time, offset) {
            (None, _) => format!("{function}('{date}', '{format}')"),
            (Some(time), Some(offset)) if !self.compat => {
                let clock = clock(time, micros, None);
                let zone = zone(offset);
                format!("TO_TIMESTAMP_TZ('{date} {clock} {zone}', '{format} TZH:TZM')")
            }
            (Some(time), offset) => {
                format!(
                    "{function}('{date} {}', '{format}')",
                    clock(time, micros, offset)
                )
            }
        })
    }

    fn interval(&self, value: &Literal) -> Option<String> {
        let pattern = &self.facts.features.interval_literal;
        if pattern.is_empty() {
            return self.temporal(value, Family::DateTime);
        }
        match value {
            Literal::Interval {
                days,
                seconds,
                micros,
            } => {
                #[allow(clippy::cast_precision_loss)]
                let total = (days * 86_400 + seconds) as f64 + *micros as f64 / 1e6;
                Some(pattern.replace("{seconds}", &float(total)))
            }
            _ => None,
        }
    }

    fn uuid(&self, value: &Literal, data_type: &DataType) -> Option<String> {
        let native = !matches!(data_type.arg("native_uuid"), Some(TypeArg::Bool(false)))
            && self.facts.features.uuid_literal != UuidLiteral::Hex;
        let verbatim = native && self.facts.features.uuid_literal == UuidLiteral::Verbatim;
        let as_uuid = !matches!(data_type.arg("as_uuid"), Some(TypeArg::Bool(false)));
        match value {
            Literal::Str(text) if verbatim => Some(quoted(text)),
            Literal::Uuid(text) if native => Some(format!("'{text}'")),
            Literal::Uuid(text) if as_uuid => Some(format!("'{}'", text.replace('-', ""))),
            Literal::Str(text) if native && (as_uuid || !self.compat) => Some(quoted(text)),
            Literal::Str(text) if !as_uuid || !self.compat => Some(quoted(&text.replace('-', ""))),
            Literal::Int(text) if native => Some(format!("'{text}'")),
            _ => None,
        }
    }

    fn bytes(&self, bytes: &[u8]) -> Option<String> {
        if self.compat {
            // SQLAlchemy decodes the bytes as UTF-8 and writes them as text.
            return std::str::from_utf8(bytes).ok().map(quoted);
        }
        let hex: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
        Some(self.facts.features.binary_literal.replace("{hex}", &hex))
    }

    fn array(&self, value: &Literal, data_type: &DataType) -> Result<Option<String>> {
        let (Literal::List(items), Some(TypeArg::Type(item_type))) =
            (value, data_type.arg("item_type"))
        else {
            return Ok(None);
        };
        if !self.compat {
            if self.facts.features.enumeration != EnumStrategy::NamedType {
                // There are no arrays.
                return Ok(None);
            }
            if items.is_empty() {
                // `ARRAY[]` has no type (PostgreSQL, "Array Constructors").
                return Ok(Some("'{}'".to_owned()));
            }
        }
        let mut written = Vec::with_capacity(items.len());
        for item in items {
            written.push(match item {
                Literal::List(_) => self.unescaped(item, data_type)?,
                _ => self.unescaped(item, item_type)?,
            });
        }
        // The type of PostgreSQL's own module has its form everywhere.
        let pattern = if data_type.spec.name == "postgresql.ARRAY" {
            "ARRAY[{items}]"
        } else {
            &self.facts.features.array_literal
        };
        Ok(Some(pattern.replace("{items}", &written.join(", "))))
    }
}

/// A member of a Python enumeration stands for its name in an Enum, unless the labels are the values.
fn member(name: &Arc<str>, inner: &Literal, data_type: &DataType) -> Literal {
    let labels = data_type.enumeration.as_ref().map(|found| &found.labels);
    let by_value = match (inner, labels) {
        (_, None) => data_type.spec.family != Family::Enum,
        (Literal::Str(text), Some(labels)) => !labels.contains(name) && labels.contains(text),
        _ => false,
    };
    if by_value {
        inner.clone()
    } else {
        Literal::Str(name.clone())
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "''"))
}

impl Dialect {
    /// A number; not every database has literals for those that are not finite.
    fn number(&self, value: &Literal) -> Option<String> {
        match value {
            Literal::Float(float) if !float.is_finite() && !self.compat() => {
                let pattern = &self.facts().features.not_finite;
                let name = match float {
                    nan if nan.is_nan() => "NaN",
                    positive if *positive > 0.0 => "Infinity",
                    _ => "-Infinity",
                };
                (!pattern.is_empty()).then(|| pattern.replace("{name}", name))
            }
            value => number(value),
        }
    }
}

fn integer(value: &Literal) -> Option<String> {
    match value {
        Literal::Bool(flag) => Some(u8::from(*flag).to_string()),
        Literal::Int(text) => Some(text.to_string()),
        #[allow(clippy::cast_possible_truncation)]
        Literal::Float(number) if number.is_finite() && number.abs() < 9.0e15 => {
            Some((number.trunc() as i64).to_string())
        }
        Literal::Decimal(text) => text.split('.').next().map(str::to_owned),
        Literal::Str(text) => {
            let digits = text.trim();
            let body = digits.strip_prefix(['-', '+']).unwrap_or(digits);
            let plain = !body.is_empty() && body.bytes().all(|b| b.is_ascii_digit());
            let trimmed = body.trim_start_matches('0');
            let sign = if digits.starts_with('-') { "-" } else { "" };
            plain.then(|| {
                if trimmed.is_empty() {
                    "0".to_owned()
                } else {
                    format!("{sign}{trimmed}")
                }
            })
        }
        _ => None,
    }
}

fn number(value: &Literal) -> Option<String> {
    match value {
        Literal::Bool(flag) => Some(if *flag { "True" } else { "False" }.to_owned()),
        Literal::Int(text) | Literal::Decimal(text) => Some(text.to_string()),
        Literal::Float(number) => Some(float(*number)),
        Literal::Str(text) => text.trim().parse::<f64>().is_ok().then(|| text.to_string()),
        _ => None,
    }
}

/// A float as Python's `repr` writes it.
fn float(number: f64) -> String {
    if number.is_nan() {
        return "nan".into();
    }
    if number.is_infinite() {
        return if number > 0.0 {
            "inf".into()
        } else {
            "-inf".into()
        };
    }
    let exponent = if number == 0.0 {
        0
    } else {
        exponent_of(number)
    };
    if (-4..16).contains(&exponent) {
        let text = format!("{number}");
        return if text.contains('.') {
            text
        } else {
            format!("{text}.0")
        };
    }
    let text = format!("{number:e}");
    match text.split_once('e') {
        Some((mantissa, exponent)) => match exponent.strip_prefix('-') {
            Some(digits) => format!("{mantissa}e-{digits:0>2}"),
            None => format!("{mantissa}e+{exponent:0>2}"),
        },
        None => text,
    }
}

fn exponent_of(number: f64) -> i32 {
    let text = format!("{number:e}");
    text.split_once('e')
        .and_then(|(_, exponent)| exponent.parse().ok())
        .unwrap_or(0)
}

fn clock(time: &str, micros: u32, offset: Option<i32>) -> String {
    let mut text = time.to_owned();
    if micros > 0 {
        text.push_str(&format!(".{micros:06}"));
    }
    if let Some(offset) = offset {
        text.push_str(&zone(offset));
    }
    text
}

fn zone(offset: i32) -> String {
    let sign = if offset < 0 { '-' } else { '+' };
    let seconds = offset.unsigned_abs();
    let mut text = format!("{sign}{:02}:{:02}", seconds / 3600, seconds % 3600 / 60);
    if !seconds.is_multiple_of(60) {
        text.push_str(&format!(":{:02}", seconds % 60));
    }
    text
}

fn json(value: &Literal) -> Option<String> {
    let text: Arc<str> = match value {
        Literal::Json(text) => text.clone(),
        Literal::Str(text) => serde_json::to_string(&**text).ok()?.into(),
        Literal::Bool(flag) => Arc::from(if *flag { "true" } else { "false" }),
        Literal::Int(text) | Literal::Decimal(text) => text.clone(),
        Literal::Float(number) => float(*number).into(),
        Literal::List(items) => {
            let mut parts = Vec::new();
            for item in items {
                let part = match item {
                    Literal::Null => "null".to_owned(),
                    item => unquoted_json(item)?,
                };
                parts.push(part);
            }
            format!("[{}]", parts.join(", ")).into()
        }
        _ => return None,
    };
    Some(quoted(&text))
}

fn unquoted_json(value: &Literal) -> Option<String> {
    let text = json(value)?;
    Some(text[1..text.len() - 1].replace("''", "'"))
}

fn shown(value: &Literal) -> String {
    let text = match value {
        Literal::Str(text) => format!("{:?}", &**text),
        Literal::Json(text)
        | Literal::Other(text)
        | Literal::Int(text)
        | Literal::Decimal(text) => text.to_string(),
        other => format!("{other:?}"),
    };
    text.chars().take(80).collect()
}

fn could_not_render(value: &Literal, data_type: &DataType) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::LiteralUnsupported,
            format!(
                "the value {} does not fit the type {}",
                shown(value),
                data_type.spec.name
            ),
        )
        .with_note("Alembic refuses it too: Could not render literal value")
        .with_help("give a value of the column's type, or another type for the column"),
    )
}

fn no_renderer(value: &Literal, data_type: &DataType) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::LiteralUnsupported,
            format!(
                "{} has no literal form for the value {}",
                data_type.spec.name,
                shown(value)
            ),
        )
        .with_note("Alembic refuses it too: No literal value renderer is available")
        .with_help("give the column a type, or write the value with `sa.text()`"),
    )
}
