//! What the database says of a type that a statement has given it.

use std::sync::Arc;

use indexmap::IndexMap;
use serde::Deserialize;

use super::{Dialect, EnumStrategy};
use crate::datatype::{DataType, TypeArg, Written, spec};

/// What SQLAlchemy finds when it looks at a table of this database.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Reflection {
    /// By the words of a type: the class that stands for it, and its arguments (`%1` is the first
    /// of those in parentheses, `*` the rest of the words).
    pub types: IndexMap<String, String>,
    /// How the database writes the words of a type itself, where it does so in another way.
    #[serde(default)]
    pub words: IndexMap<String, String>,
    /// `FLOAT(n)` up to this `n` is `REAL`; nothing when it stays what it is.
    #[serde(default)]
    pub single_precision: Option<i64>,
    /// By what unknown words contain: the class, the first that fits (an affinity). The last has no
    /// words.
    #[serde(default)]
    pub affinities: Vec<(String, String)>,
    /// Whether a column says if it counts by itself.
    pub counting: bool,
    /// Whether literals in defaults have a cast to their type.
    pub casts: bool,
    /// Whether a default that is an expression is written in parentheses.
    pub parentheses: bool,
    /// Options that each unique constraint is found with, as Python.
    #[serde(default)]
    pub unique_options: Vec<String>,
    /// Types that are one and the same, in small letters.
    #[serde(default)]
    pub synonyms: Vec<Vec<String>>,
}

/// The words of a type without what is in parentheses, in small letters, and that.
pub(super) fn parts(sql: &str) -> (String, Vec<String>) {
    let sql = sql.find(" COLLATE ").map_or(sql, |at| &sql[..at]);
    let (before, rest) = sql.split_once('(').unwrap_or((sql, ""));
    let (inside, after) = rest.split_once(')').unwrap_or((rest, ""));
    let words: Vec<&str> = before
        .split_whitespace()
        .chain(after.split_whitespace())
        .collect();
    let arguments = inside
        .split(',')
        .map(|argument| argument.trim().to_owned())
        .filter(|argument| !argument.is_empty());
    (words.join(" ").to_lowercase(), arguments.collect())
}

impl Dialect {
    /// Whether statements can make types, which columns then have by their names.
    pub fn has_named_types(&self) -> bool {
        self.facts().features.enumeration == EnumStrategy::NamedType
    }

    /// The type of the database that SQL's words for it stand for; nothing when it has none that is
    /// written so.
    pub fn type_of_words(&self, sql: &str) -> Option<DataType> {
        let facts = self.facts();
        let sql = sql.to_lowercase();
        let other_words = match &facts.reflection {
            Some(reflection) => &reflection.words,
            None => &facts.own_words,
        };
        let known = |sql: &str| {
            let (words, arguments) = parts(sql);
            let words = other_words.get(&words).cloned().unwrap_or(words);
            (words, arguments)
        };
        let mut found = match &facts.reflection {
            Some(reflection) => self.reflected_words(reflection, &sql)?,
            None => {
                let (words, arguments) = known(&sql);
                let own = facts.own_types.get(&sql);
                let pattern = own.or_else(|| facts.own_types.get(&words))?;
                of_pattern(pattern, &arguments, "")?
            }
        };
        for (_, argument) in &mut found.args {
            // The rest of the words: the fields of an interval.
            if let TypeArg::Str(words) = argument {
                *words = words.to_uppercase().into();
            }
        }
        let written = self.type_sql(&found).ok()?.to_lowercase();
        (known(&written) == known(&sql)).then_some(found)
    }

    /// Whether the database has a type of these words that is written as it stands, since nothing
    /// else says all of it.
    pub fn has_type(&self, sql: &str) -> bool {
        let (words, _) = parts(&sql.to_lowercase());
        self.facts().own_types.contains_key(&words)
    }

    /// The type that SQLAlchemy makes of a column that was created with `data_type`. Where nothing
    /// is known about that, the type itself.
    pub fn reflected_type(&self, data_type: &DataType) -> DataType {
        let data_type = data_type.for_dialect(self.name());
        self.reflected(data_type).unwrap_or_else(|| DataType {
            variants: Vec::new(),
            written: Written::default(),
            ..data_type.clone()
        })
    }

    fn reflected(&self, data_type: &DataType) -> Option<DataType> {
        let reflection = self.facts().reflection.as_ref()?;
        let named = self.has_named_types();
        if let Some(enumeration) = &data_type.enumeration
            && named
            && enumeration.native
        {
            let class = reflection.types.get("enum")?;
            let mut found = DataType::new(spec(class)?);
            let mut enumeration = (**enumeration).clone();
            enumeration.create_type = true;
            enumeration.length = None;
            found.enumeration = Some(Arc::new(enumeration));
            return Some(found);
        }
        let class = data_type.spec.visit;
        if class == "ARRAY" {
            let Some(TypeArg::Type(item)) = data_type.arg("item_type") else {
                return None;
            };
            let mut found = DataType::new(spec(reflection.types.get("array")?)?);
            let item = Box::new(self.reflected_type(item));
            found.args.push(("item_type", TypeArg::Type(item)));
            return Some(found);
        }
        let sql = self.type_sql(data_type).ok()?;
        self.reflected_words(reflection, &sql)
    }

    fn reflected_words(&self, reflection: &Reflection, sql: &str) -> Option<DataType> {
        let (words, arguments) = parts(sql);
        let (mut pattern, mut rest) = (reflection.types.get(&words).cloned(), String::new());
        if pattern.is_none()
            && let Some((first, others)) = words.split_once(' ')
        {
            pattern = reflection.types.get(&format!("{first} *")).cloned();
            rest = others.to_owned();
        }
        if let (Some(limit), Some(Ok(digits)), "float") = (
            reflection.single_precision,
            arguments.first().map(|n| n.parse::<i64>()),
            words.as_str(),
        ) && digits <= limit
        {
            pattern = reflection.types.get("real").cloned();
        }
        let pattern = pattern.or_else(|| {
            let upper = words.to_uppercase();
            let fits = |part: &str| part.split('|').any(|word| upper.contains(word));
            let affinity = reflection.affinities.iter().find(|(part, _)| fits(part))?;
            Some(affinity.1.clone())
        })?;
        of_pattern(&pattern, &arguments, &rest)
    }

    /// The name of a type as the database itself writes it in a cast.
    pub fn cast_words(&self, data_type: &DataType) -> Option<String> {
        let reflection = self.facts().reflection.as_ref()?;
        let data_type = data_type.for_dialect(self.name());
        let sql = self.type_sql(data_type).ok()?;
        if data_type.enumeration.is_some() && !sql.contains('(') {
            return Some(sql);
        }
        let brackets = sql.len() - sql.trim_end_matches("[]").len();
        let (words, _) = parts(&sql[..sql.len() - brackets]);
        let words = reflection.words.get(&words).cloned().unwrap_or(words);
        Some(if brackets > 0 {
            format!("{words}[]")
        } else {
            words
        })
    }
}

/// The type that a pattern makes of the arguments in parentheses and of the rest of the words.
fn of_pattern(pattern: &str, arguments: &[String], rest: &str) -> Option<DataType> {
    let mut pieces = pattern.split_whitespace();
    let mut found = DataType::new(spec(pieces.next()?)?);
    for piece in pieces {
        let (name, value) = piece.split_once('=')?;
        let name = found.spec.params.iter().find(|param| **param == name)?;
        let text = match value.strip_prefix('%') {
            Some(place) => {
                // `%2|0`: what holds when only the first is there.
                let (place, otherwise) = place.split_once('|').unwrap_or((place, ""));
                let given = arguments.get(place.parse::<usize>().ok()?.checked_sub(1)?);
                match given {
                    Some(given) => given.clone(),
                    None if arguments.is_empty() || otherwise.is_empty() => continue,
                    None => otherwise.to_owned(),
                }
            }
            None if value == "*" => rest.to_owned(),
            None => value.to_owned(),
        };
        let value = match (text.parse::<i64>(), text.as_str()) {
            (Ok(number), _) => TypeArg::Int(number),
            (Err(_), "True") => TypeArg::Bool(true),
            (Err(_), "False") => TypeArg::Bool(false),
            (Err(_), text) => TypeArg::Str(text.into()),
        };
        found.args.push((name, value));
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use super::parts;

    #[test]
    fn types_come_apart() {
        let words = |sql| parts(sql).0;
        assert_eq!(
            words("TIMESTAMP(3) WITH TIME ZONE"),
            "timestamp with time zone"
        );
        assert_eq!(words("VARCHAR(3) COLLATE \"C\""), "varchar");
        assert_eq!(parts("NUMERIC(10, 2)").1, ["10", "2"]);
    }
}
