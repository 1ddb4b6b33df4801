//! What the compiler asks of a dialect, answered by the built-in dialects and by the neutral one
//! that `str(statement)` uses.

use std::rc::Rc;

use super::{CompileContext, Spelling, compile};
use crate::datatype::DataType;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Dialect, Expressions, Library};
use crate::expression::{Expr, Ident, Literal};

impl Spelling for Dialect {
    fn name(&self) -> &str {
        Dialect::name(self)
    }

    fn expressions(&self) -> &Expressions {
        Dialect::expressions(self)
    }

    fn supports_sequences(&self) -> bool {
        Dialect::supports_sequences(self)
    }

    fn quote(&self, ident: &Ident) -> String {
        Dialect::quote(self, ident)
    }

    fn qualify(&self, schema: Option<&Ident>, name: &Ident) -> String {
        Dialect::qualify(self, schema, name)
    }

    fn type_sql(&self, data_type: &DataType) -> Result<String> {
        Dialect::type_sql(self, data_type)
    }

    fn literal(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        Dialect::literal(self, value, data_type)
    }
}

/// The dialect of `str(statement)`: none in particular.
struct Neutral;

impl Spelling for Neutral {
    fn name(&self) -> &str {
        "default"
    }

    fn expressions(&self) -> &Expressions {
        Expressions::neutral()
    }

    fn quote(&self, ident: &Ident) -> String {
        let legal = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '$';
        let plain = ident.name.chars().all(legal)
            && !ident
                .name
                .starts_with(|c: char| c.is_ascii_digit() || c == '$');
        if ident.quote.unwrap_or(!plain) {
            format!("\"{}\"", ident.name.replace('"', "\"\""))
        } else {
            ident.name.to_string()
        }
    }

    fn qualify(&self, schema: Option<&Ident>, name: &Ident) -> String {
        match schema {
            Some(schema) => format!("{}.{}", self.quote(schema), self.quote(name)),
            None => self.quote(name),
        }
    }

    fn type_sql(&self, data_type: &DataType) -> Result<String> {
        let length = |name: &str| match data_type.int("length") {
            Some(length) => format!("{name}({length})"),
            None => name.to_owned(),
        };
        let own = data_type.spec.name.starts_with("mysql.");
        if let Some(enumeration) = data_type.enumeration.as_ref().filter(|_| !own) {
            let labels = enumeration.labels.iter().map(|label| label.chars().count());
            let longest = labels.max().unwrap_or_default();
            return Ok(match enumeration.length.map_or(longest as i64, i64::from) {
                0 => "VARCHAR".to_owned(),
                length => format!("VARCHAR({length})"),
            });
        }
        Ok(match data_type.spec.visit {
            "string" | "unicode" => length("VARCHAR"),
            "unicode_text" => length("TEXT"),
            "big_integer" => "BIGINT".to_owned(),
            "small_integer" => "SMALLINT".to_owned(),
            "large_binary" => "BLOB".to_owned(),
            "type_decorator" if data_type.spec.name == "Interval" => "DATETIME".to_owned(),
            "type_decorator" if data_type.spec.name == "PickleType" => "BLOB".to_owned(),
            "uuid" => "CHAR(32)".to_owned(),
            visit => {
                let name = visit.replace('_', " ").to_uppercase();
                let sizes = (data_type.int("precision"), data_type.int("scale"));
                match (visit.to_lowercase().as_str(), sizes) {
                    ("numeric" | "decimal", (Some(precision), Some(scale))) => {
                        format!("{name}({precision}, {scale})")
                    }
                    ("numeric" | "decimal", (Some(precision), None)) => {
                        format!("{name}({precision})")
                    }
                    (
                        "varchar" | "nvarchar" | "char" | "nchar" | "text" | "clob" | "binary"
                        | "varbinary",
                        _,
                    ) => length(&name),
                    _ => name,
                }
            }
        })
    }

    fn literal(&self, value: &Literal, data_type: &DataType) -> Result<String> {
        let quoted = |text: &str| Ok(format!("'{}'", text.replace('\'', "''")));
        match value {
            Literal::Null => Ok("NULL".to_owned()),
            Literal::Bool(flag) => Ok(flag.to_string()),
            Literal::Int(number) | Literal::Decimal(number) => Ok(number.to_string()),
            Literal::Float(number) => Ok(format!("{number:?}")),
            Literal::Str(text) | Literal::Date(text) | Literal::Uuid(text) => quoted(text),
            Literal::DateTime { date, time, .. } => quoted(&format!("{date} {time}")),
            _ => Err(Box::new(Diagnostic::error(
                Code::LiteralUnsupported,
                format!(
                    "the value cannot be written as a literal of type {}",
                    data_type.spec.name
                ),
            ))),
        }
    }
}

/// The text of an expression as `str(expr)` and `expr.compile(dialect=…)` give it.
pub fn stringify(
    library: &Rc<Library>,
    expr: &Expr,
    dialect: &str,
    literal_binds: bool,
    compat: bool,
) -> Result<String> {
    let loaded;
    let spelling: &dyn Spelling = if dialect == "default" {
        &Neutral
    } else {
        loaded = library.load(dialect, None, compat)?;
        &*loaded
    };
    compile(
        expr,
        &CompileContext {
            literal_binds,
            ..CompileContext::statement(spelling, compat)
        },
    )
}

/// The text of a type as `str(type)` and `type.compile(dialect=…)` give it.
pub fn stringify_type(
    library: &Rc<Library>,
    data_type: &DataType,
    dialect: &str,
) -> Result<String> {
    if dialect == "default" {
        return Neutral.type_sql(data_type);
    }
    library.load(dialect, None, false)?.type_sql(data_type)
}
