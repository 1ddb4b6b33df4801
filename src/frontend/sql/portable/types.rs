//! Column types: SQL's names and the rows of the type registry.

use std::sync::Arc;

use sqlparser::ast::{
    self, ArrayElemTypeDef, CharacterLength, DataType as Sql, ExactNumberInfo, ObjectNamePart,
    TimezoneInfo,
};

use super::Target;
use crate::datatype::{DataType, EnumType, TypeArg, spec};
use crate::dialect::{Dialect, EnumStrategy};

/// A type, and whether it numbers its rows by itself (`serial`).
pub(super) fn data_type(sql: &Sql, target: &Target<'_>) -> Option<(DataType, bool)> {
    if let Some(spelling) = configured(sql, target) {
        return typed("UserDefined", &[("spec", TypeArg::Str(spelling))])
            .map(|found| (found, false));
    }
    // In the portable words it is a date with a time; in a database's own it is what that calls so.
    if let (Sql::Timestamp(None, zone), true, Some(dialect)) =
        (sql, target.only_followed, target.dialect)
    {
        let own = zoned("TIMESTAMP", zone)?;
        let spelled = |found: &DataType| dialect.type_sql(found).ok();
        if spelled(&own.0) != zoned("DateTime", zone).and_then(|(found, _)| spelled(&found)) {
            return Some(own);
        }
    }
    // A database may have a type of that name that means something else.
    let writes = |found: &DataType| target.dialect.is_none_or(|own| own.type_sql(found).is_ok());
    let found = portable(sql);
    if let Some((of_all, _)) = &found
        && !writes(of_all)
        && let Some(own) = own(sql, target).filter(writes)
    {
        return Some((own, false));
    }
    found.or_else(|| own(sql, target).map(|found| (found, false)))
}

/// A type that all dialects have.
fn portable(sql: &Sql) -> Option<(DataType, bool)> {
    let plain = |name: &'static str| typed(name, &[]).map(|found| (found, false));
    match sql {
        Sql::Int(None) | Sql::Integer(None) | Sql::Int4(None) => plain("Integer"),
        Sql::BigInt(None) | Sql::Int8(None) => plain("BigInteger"),
        Sql::SmallInt(None) | Sql::Int2(None) => plain("SmallInteger"),
        Sql::Varchar(length) | Sql::CharacterVarying(length) | Sql::CharVarying(length) => {
            sized("String", *length)
        }
        Sql::Char(length @ Some(_)) | Sql::Character(length @ Some(_)) => sized("CHAR", *length),
        Sql::Nvarchar(length) => sized("Unicode", *length),
        Sql::Text => plain("Text"),
        Sql::Boolean | Sql::Bool => plain("Boolean"),
        Sql::Date => plain("Date"),
        Sql::Time(None, zone) => zoned("Time", zone),
        Sql::Timestamp(None, zone) => zoned("DateTime", zone),
        Sql::Datetime(None) => plain("DateTime"),
        Sql::Numeric(size) => numeric("Numeric", size),
        Sql::Decimal(size) | Sql::Dec(size) => numeric("Numeric", size),
        Sql::Float(size @ (ExactNumberInfo::None | ExactNumberInfo::Precision(_))) => {
            numeric("Float", size)
        }
        Sql::Real => plain("REAL"),
        Sql::DoublePrecision | Sql::Float8 | Sql::Double(ExactNumberInfo::None) => plain("Double"),
        Sql::JSON => plain("JSON"),
        Sql::Uuid => plain("Uuid"),
        Sql::Blob(None) | Sql::Bytea => plain("LargeBinary"),
        Sql::Custom(name, arguments) if arguments.is_empty() => {
            let [ObjectNamePart::Identifier(name)] = name.0.as_slice() else {
                return None;
            };
            match name.value.to_ascii_lowercase().as_str() {
                _ if name.quote_style.is_some() => None,
                "serial" | "serial4" => typed("Integer", &[]).map(|found| (found, true)),
                "bigserial" | "serial8" => typed("BigInteger", &[]).map(|found| (found, true)),
                "smallserial" | "serial2" => typed("SmallInteger", &[]).map(|found| (found, true)),
                "timestamptz" => zoned("DateTime", &TimezoneInfo::Tz),
                _ => None,
            }
        }
        _ => None,
    }
}

/// A type of the dialect's own: one that its database has, or one that a statement made.
fn own(sql: &Sql, target: &Target<'_>) -> Option<DataType> {
    let dialect = target.dialect?;
    if let Sql::Array(ArrayElemTypeDef::SquareBracket(item, None)) = sql {
        return array(item, target);
    }
    let words = match sql {
        // The parser takes `VARCHAR2(50 CHAR)` for two arguments.
        Sql::Custom(name, arguments) if arguments.len() == 2 && is_unit(arguments) => {
            format!("{name}({})", arguments.join(" "))
        }
        _ => sql.to_string(),
    };
    if let Some(found) = dialect.type_of_words(&words) {
        return Some(found);
    }
    if dialect.has_type(&words) {
        return typed("UserDefined", &[("spec", TypeArg::Str(words.into()))]);
    }
    match sql {
        Sql::Enum(members, None) => enumeration(members, dialect),
        Sql::Custom(name, arguments) if dialect.has_named_types() => {
            let mut parts = Vec::new();
            for part in &name.0 {
                let ObjectNamePart::Identifier(part) = part else {
                    return None;
                };
                let part = match part.quote_style {
                    Some(_) => part.clone(),
                    None => ast::Ident::new(part.value.to_lowercase()),
                };
                parts.push(part.to_string());
            }
            let mut spelling = parts.join(".");
            if !arguments.is_empty() {
                spelling = format!("{spelling}({})", arguments.join(", "));
            }
            typed("UserDefined", &[("spec", TypeArg::Str(spelling.into()))])
        }
        _ => None,
    }
}

/// The dialect's own type of that name without its arguments, where it may have a character set, and
/// what that is called.
pub(super) fn with_charset(sql: &Sql, target: &Target<'_>) -> Option<(DataType, &'static str)> {
    let printed = sql.to_string().to_uppercase();
    let word = printed.split('(').next()?.trim();
    let mut names = target.dialect?.lineage().iter();
    let found = names.find_map(|dialect| spec(&format!("{dialect}.{word}")))?;
    let charset = found.params.iter().find(|param| **param == "charset")?;
    Some((DataType::new(found), charset))
}

/// Whether the second argument says what the first, a length, counts.
fn is_unit(arguments: &[String]) -> bool {
    arguments.get(1).is_some_and(|unit| {
        ["char", "byte"]
            .iter()
            .any(|known| unit.eq_ignore_ascii_case(known))
    })
}

/// `ENUM('a', 'b')`, where the dialect has such types without names.
fn enumeration(members: &[ast::EnumMember], dialect: &Dialect) -> Option<DataType> {
    let mut labels = Vec::new();
    for member in members {
        let ast::EnumMember::Name(label) = member else {
            return None;
        };
        labels.push(Arc::from(label.as_str()));
    }
    if dialect.facts().features.enumeration != EnumStrategy::Inline {
        return None;
    }
    let mut found = typed("Enum", &[])?;
    found.enumeration = Some(Arc::new(EnumType {
        name: None,
        schema: None,
        labels,
        unwritable: None,
        native: true,
        create_constraint: false,
        create_type: false,
        length: None,
        inherit_schema: false,
    }));
    Some(found)
}

/// `item[]`, with as many brackets as there are dimensions.
fn array(item: &Sql, target: &Target<'_>) -> Option<DataType> {
    let (mut item, mut dimensions) = (item, 1);
    while let Sql::Array(ArrayElemTypeDef::SquareBracket(inner, None)) = item {
        item = inner;
        dimensions += 1;
    }
    let (item, false) = data_type(item, target)? else {
        return None;
    };
    let mut args = vec![("item_type", TypeArg::Type(Box::new(item)))];
    if dimensions > 1 {
        args.push(("dimensions", TypeArg::Int(dimensions)));
    }
    let found = typed("ARRAY", &args)?;
    target.dialect?.type_sql(&found).ok()?;
    Some(found)
}

/// The spelling of a type that the configuration names, with its arguments for `{0}`, `{1}`….
fn configured(sql: &Sql, target: &Target<'_>) -> Option<Arc<str>> {
    if target.types.is_empty() {
        return None;
    }
    let printed = sql.to_string();
    let (name, arguments) = match printed.split_once('(') {
        Some((name, rest)) => (name, rest.strip_suffix(')')?),
        None => (printed.as_str(), ""),
    };
    let mut spelling = target.types.get(&name.trim().to_lowercase())?.clone();
    for (number, argument) in arguments.split(',').enumerate() {
        spelling = spelling.replace(&format!("{{{number}}}"), argument.trim());
    }
    Some(Arc::from(spelling))
}

/// The type that a numbered key has.
pub(super) fn numbered_key(target: &Target<'_>) -> Option<DataType> {
    typed(target.portable.numbered_key.as_deref()?, &[])
}

fn typed(name: &str, args: &[(&'static str, TypeArg)]) -> Option<DataType> {
    let mut found = DataType::new(spec(name)?);
    found.args.extend_from_slice(args);
    Some(found)
}

fn sized(name: &str, length: Option<CharacterLength>) -> Option<(DataType, bool)> {
    let args = match length {
        None => Vec::new(),
        Some(CharacterLength::IntegerLength { length, unit: None }) => {
            vec![("length", TypeArg::Int(i64::try_from(length).ok()?))]
        }
        Some(_) => return None,
    };
    typed(name, &args).map(|found| (found, false))
}

fn zoned(name: &str, zone: &TimezoneInfo) -> Option<(DataType, bool)> {
    let args: &[_] = match zone {
        TimezoneInfo::None | TimezoneInfo::WithoutTimeZone => &[],
        TimezoneInfo::WithTimeZone | TimezoneInfo::Tz => &[("timezone", TypeArg::Bool(true))],
    };
    typed(name, args).map(|found| (found, false))
}

fn numeric(name: &str, size: &ExactNumberInfo) -> Option<(DataType, bool)> {
    let int = |number: u64| i64::try_from(number).ok().map(TypeArg::Int);
    let args = match size {
        ExactNumberInfo::None => Vec::new(),
        ExactNumberInfo::Precision(precision) => vec![("precision", int(*precision)?)],
        ExactNumberInfo::PrecisionAndScale(precision, scale) => {
            vec![
                ("precision", int(*precision)?),
                ("scale", TypeArg::Int(*scale)),
            ]
        }
    };
    typed(name, &args).map(|found| (found, false))
}
