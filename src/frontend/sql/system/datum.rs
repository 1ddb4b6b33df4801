//! The values of the system catalog, and what comparing them says.

use std::sync::Arc;

/// How much work one LIKE may be: the length of the text times that of the pattern.
const LONGEST: usize = 1 << 20;

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Datum {
    /// `NULL`.
    Null,
    /// A truth value.
    Bool(bool),
    /// A number.
    Int(i64),
    /// A text.
    Text(Arc<str>),
    /// The schema or database that the connection is in, when its name is not known.
    Here,
    /// The number of an object, by what tells it from others. Only good for comparing.
    Object(Arc<str>),
    /// `regclass`: an object, which is written as its name.
    Class(Arc<str>, Arc<str>),
    /// An array.
    List(Vec<Datum>),
    /// PostgreSQL's `int2vector`: an array that is counted from zero.
    Vector(Vec<Datum>),
    /// A name that the server made, which begins so.
    Begins(&'static str),
    /// A name that the server made, which ends so.
    Ends(&'static str),
    /// One of these names, which the catalog does not keep.
    OneOf(Arc<[String]>),
    /// A name that the catalog does not keep, other than these.
    Other(Arc<[Arc<str>]>),
    /// Not known.
    Unknown,
}

/// What a condition says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Truth {
    True,
    False,
    Null,
    Unknown,
}

impl Truth {
    pub(super) fn of(value: bool) -> Self {
        match value {
            true => Self::True,
            false => Self::False,
        }
    }

    pub(super) fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            other => other,
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::Unknown, _) | (_, Self::Unknown) => Self::Unknown,
            (Self::Null, _) | (_, Self::Null) => Self::Null,
            (Self::True, Self::True) => Self::True,
        }
    }

    pub(super) fn or(self, other: Self) -> Self {
        self.not().and(other.not()).not()
    }

    pub(super) fn datum(self) -> Datum {
        match self {
            Self::True => Datum::Bool(true),
            Self::False => Datum::Bool(false),
            Self::Null => Datum::Null,
            Self::Unknown => Datum::Unknown,
        }
    }
}

impl Datum {
    pub(super) fn text(text: &str) -> Self {
        Self::Text(Arc::from(text))
    }

    /// Whether a row may hold it.
    pub(super) fn is_known(&self) -> bool {
        match self {
            Self::Null | Self::Bool(_) | Self::Int(_) | Self::Text(_) | Self::Class(..) => true,
            Self::List(items) | Self::Vector(items) => items.iter().all(Self::is_known),
            Self::Here
            | Self::Object(_)
            | Self::Begins(_)
            | Self::Ends(_)
            | Self::OneOf(_)
            | Self::Other(_)
            | Self::Unknown => false,
        }
    }

    /// As a condition.
    pub(super) fn truth(&self) -> Truth {
        match self {
            Self::Bool(value) => Truth::of(*value),
            Self::Int(number) => Truth::of(*number != 0),
            Self::Null => Truth::Null,
            _ => Truth::Unknown,
        }
    }

    /// `self = other`. Where the database compares names without regard to case, names that only
    /// differ in that are not told apart.
    pub(super) fn equals(&self, other: &Self) -> Truth {
        match (self, other) {
            (Self::Null, _) | (_, Self::Null) => Truth::Null,
            (Self::Bool(a), Self::Bool(b)) => Truth::of(a == b),
            (Self::Int(a), Self::Int(b)) => Truth::of(a == b),
            (Self::Text(a), Self::Text(b)) if a == b => Truth::True,
            // Collations may pass over letter case, accents and blanks at the end.
            (Self::Text(a), Self::Text(b)) => {
                let plain = a.is_ascii() && b.is_ascii();
                let alike = a.trim_end().eq_ignore_ascii_case(b.trim_end());
                match plain && !alike {
                    true => Truth::False,
                    false => Truth::Unknown,
                }
            }
            (Self::Here, Self::Here) => Truth::True,
            // What a server has from the beginning is not what an application works in.
            (Self::Here, Self::OneOf(_)) | (Self::OneOf(_), Self::Here) => Truth::False,
            (Self::Object(a), Self::Object(b))
            | (Self::Object(a), Self::Class(b, _))
            | (Self::Class(a, _), Self::Object(b))
            | (Self::Class(a, _), Self::Class(b, _)) => Truth::of(a == b),
            // No object has the number 0.
            (Self::Object(_) | Self::Class(..), Self::Int(0))
            | (Self::Int(0), Self::Object(_) | Self::Class(..)) => Truth::False,
            (Self::Begins(start), Self::Text(text)) | (Self::Text(text), Self::Begins(start)) => {
                match text.starts_with(start) {
                    true => Truth::Unknown,
                    false => Truth::False,
                }
            }
            (Self::Ends(end), Self::Text(text)) | (Self::Text(text), Self::Ends(end)) => {
                match text.ends_with(end) {
                    true => Truth::Unknown,
                    false => Truth::False,
                }
            }
            (Self::OneOf(names), Self::Text(text)) | (Self::Text(text), Self::OneOf(names)) => {
                match names.iter().any(|name| text.eq_ignore_ascii_case(name)) {
                    true => Truth::Unknown,
                    false => Truth::False,
                }
            }
            (Self::Other(names), Self::Text(text)) | (Self::Text(text), Self::Other(names)) => {
                match names.contains(text) {
                    true => Truth::False,
                    false => Truth::Unknown,
                }
            }
            _ => Truth::Unknown,
        }
    }

    /// `self LIKE pattern`.
    pub(super) fn like(&self, pattern: &Self, any_case: bool) -> Truth {
        match (self, pattern) {
            (Self::Null, _) | (_, Self::Null) => Truth::Null,
            (Self::Text(text), Self::Text(pattern))
                if text.len().saturating_mul(pattern.len()) > LONGEST =>
            {
                Truth::Unknown
            }
            (Self::Text(text), Self::Text(pattern)) => {
                let exact = matches(text, pattern);
                let folded = matches(&text.to_lowercase(), &pattern.to_lowercase());
                match (any_case, exact == folded) {
                    (true, _) => Truth::of(folded),
                    (false, true) => Truth::of(exact),
                    // Whether case matters depends on the database.
                    (false, false) => Truth::Unknown,
                }
            }
            (Self::Begins(start), Self::Text(pattern)) => match pattern.strip_suffix('%') {
                Some(head)
                    if !head.contains(['%', '\\'])
                        && start.get(..head.len()).is_some_and(|s| matches(s, head)) =>
                {
                    Truth::True
                }
                _ => Truth::Unknown,
            },
            _ => Truth::Unknown,
        }
    }
}

/// `LIKE`: `%` stands for any text, `_` for one character, a backslash takes both their meaning.
fn matches(text: &str, pattern: &str) -> bool {
    let text: Vec<char> = text.chars().collect();
    let mut wanted = Vec::new();
    let mut chars = pattern.chars();
    while let Some(c) = chars.next() {
        wanted.push(match c {
            '\\' => (chars.next(), false),
            '%' | '_' => (Some(c), true),
            _ => (Some(c), false),
        });
    }
    // The last `%`, and where in the text it was tried: as far as needed, never more than a
    // product of both lengths.
    let (mut at, mut next, mut back) = (0, 0, None);
    while at < text.len() {
        match wanted.get(next) {
            Some((Some('%'), true)) => {
                back = Some((next, at));
                next += 1;
            }
            Some((Some('_'), true)) => {
                at += 1;
                next += 1;
            }
            Some((Some(c), _)) if *c == text[at] => {
                at += 1;
                next += 1;
            }
            _ => match back {
                Some((star, from)) => {
                    back = Some((star, from + 1));
                    at = from + 1;
                    next = star + 1;
                }
                None => return false,
            },
        }
    }
    wanted[next..].iter().all(|part| *part == (Some('%'), true))
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::{Datum, Truth, matches};

    #[test]
    fn like() {
        assert!(matches("ix_users_mail", "ix%mail"));
        assert!(matches("abc", "a_c"));
        assert!(!matches("abc", "a_"));
        assert!(matches("a%c", "a\\%c"));
        assert!(!matches("abc", "a\\%c"));
        assert!(matches("", "%"));
        assert!(!matches("aab", "%a"));
    }

    #[test]
    fn what_is_not_known_decides_nothing() {
        let text = Datum::text("mood");
        assert_eq!(Datum::Unknown.equals(&text), Truth::Unknown);
        assert_eq!(
            Datum::OneOf(Arc::from(["citext".to_owned()])).equals(&text),
            Truth::False
        );
        assert_eq!(
            Datum::OneOf(Arc::from(["mood".to_owned()])).equals(&text),
            Truth::Unknown
        );
        assert_eq!(Truth::Unknown.and(Truth::False), Truth::False);
        assert_eq!(Truth::Unknown.or(Truth::True), Truth::True);
    }
}
