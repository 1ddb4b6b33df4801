//! Whether a type differs, as Alembic tells it from how both are written.

use crate::datatype::DataType;
use crate::dialect::Dialect;

/// Types that are one and the same everywhere.
const SAME: &[[&str; 2]] = &[["numeric", "decimal"]];

/// A type's words, and what is in its parentheses.
#[derive(Debug, Default)]
struct Words {
    first: String,
    others: Vec<String>,
    arguments: Vec<String>,
}

impl Words {
    fn of(text: &str) -> Self {
        let mut words = Self::default();
        let mut all = Vec::new();
        let mut inside = None;
        let mut rest = text;
        while !rest.is_empty() {
            if let Some(behind) = rest.strip_prefix('(') {
                let end = behind.find(')').unwrap_or(behind.len());
                inside = Some(&behind[..end]);
                rest = behind.get(end + 1..).unwrap_or("");
                continue;
            }
            let is_word = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
            let end = rest.find(|c| !is_word(c)).unwrap_or(rest.len());
            if end > 0 {
                all.push(rest[..end].to_owned());
                rest = &rest[end..];
            } else {
                let next = rest.chars().next().map_or(1, char::len_utf8);
                rest = &rest[next..];
            }
        }
        let mut all = all.into_iter();
        words.first = all.next().unwrap_or_default();
        words.others = all.collect();
        let arguments = inside.unwrap_or_default().split(',').map(str::trim);
        words.arguments = arguments
            .filter(|argument| !argument.is_empty())
            .map(str::to_owned)
            .collect();
        words
    }

    fn whole(&self) -> String {
        let mut text = self.first.clone();
        for word in &self.others {
            text.push(' ');
            text.push_str(word);
        }
        text
    }
}

/// Whether a wanted type is another one than the one that is found.
pub(super) fn differ(found: &DataType, wanted: &DataType, dialect: &Dialect) -> bool {
    let (Ok(found), Ok(wanted)) = (dialect.type_sql(found), dialect.type_sql(wanted)) else {
        return false;
    };
    let found = Words::of(&found.to_lowercase());
    let wanted = Words::of(&wanted.to_lowercase());
    !same_name(&found, &wanted, dialect) || !same_arguments(&found, &wanted)
}

fn same_name(found: &Words, wanted: &Words, dialect: &Dialect) -> bool {
    if found.first == wanted.first {
        return true;
    }
    let both = |pair: &[String]| {
        let has = |text: &str| pair.iter().any(|one| one == text);
        (has(&found.whole()) && has(&wanted.whole())) || (has(&found.first) && has(&wanted.first))
    };
    let own = dialect
        .facts()
        .reflection
        .iter()
        .flat_map(|facts| &facts.synonyms)
        .any(|pair| both(pair));
    own || SAME.iter().any(|pair| both(&pair.map(str::to_owned)))
}

/// Arguments count where both say them.
fn same_arguments(found: &Words, wanted: &Words) -> bool {
    let alike = |a: &[String], b: &[String]| a.len() != b.len() || a == b;
    alike(&found.others, &wanted.others) && alike(&found.arguments, &wanted.arguments)
}

#[cfg(test)]
mod tests {
    use super::Words;

    #[test]
    fn words_come_apart() {
        let words = Words::of("timestamp(3) without time zone");
        assert_eq!(words.whole(), "timestamp without time zone");
        assert_eq!(words.arguments, ["3"]);
    }
}
