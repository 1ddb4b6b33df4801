//! `text()` and the `:name` in it.

use super::{Compiler, Flags};
use crate::diagnostic::Result;
use crate::expression::TextClause;

/// One piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum Piece<'a> {
    /// Plain text.
    Plain(&'a str),
    /// `:name`.
    Bind(&'a str),
    /// `\:name`: the colon is meant as it is.
    Escaped(&'a str),
}

/// Takes a text apart by the rule of `text()`: a colon and a word, unless a colon, a word or a
/// backslash comes before, or a colon after.
pub fn pieces(sql: &str) -> Vec<Piece<'_>> {
    let is_word = |c: char| c.is_alphanumeric() || c == '_';
    let mut result = Vec::new();
    let mut plain = 0;
    let mut previous: Option<char> = None;
    let mut skip_until = 0;
    for (at, c) in sql.char_indices() {
        let before = previous.replace(c);
        if at < skip_until {
            continue;
        }
        let escaped = c == '\\' && sql[at + 1..].starts_with(':');
        if c != ':' && !escaped {
            continue;
        }
        let start = at + if escaped { 2 } else { 1 };
        let length: usize = sql[start..]
            .chars()
            .take_while(|&c| is_word(c))
            .map(char::len_utf8)
            .sum();
        let name = &sql[start..start + length];
        let colon_after = sql[start + length..].starts_with(':');
        if escaped {
            // The pattern may give characters back, but not so that a word would follow.
            if colon_after {
                continue;
            }
        } else if name.is_empty()
            || colon_after
            || before.is_some_and(|b| b == ':' || b == '\\' || is_word(b))
        {
            continue;
        }
        if plain < at {
            result.push(Piece::Plain(&sql[plain..at]));
        }
        result.push(if escaped {
            Piece::Escaped(&sql[at + 1..start + length])
        } else {
            Piece::Bind(name)
        });
        plain = start + length;
        skip_until = plain;
    }
    if plain < sql.len() {
        result.push(Piece::Plain(&sql[plain..]));
    }
    result
}

impl Compiler<'_> {
    pub(super) fn text_clause(&mut self, text: &TextClause, flags: Flags) -> Result<String> {
        let mut out = String::with_capacity(text.sql.len());
        for piece in pieces(&text.sql) {
            match piece {
                Piece::Plain(plain) => out.push_str(&self.percent(plain)),
                Piece::Escaped(rest) => out.push_str(rest),
                Piece::Bind(name) => {
                    let bind = text.binds.iter().find(|(key, _)| &**key == name);
                    match bind {
                        Some((_, bind)) if bind.value.is_some() || self.context.compat => {
                            out.push_str(&self.bind_value(name, bind, flags)?);
                        }
                        // A name without a value is what the author wrote: a colon in a
                        // literal, or the server's own syntax.
                        _ if !self.context.compat || !flags.literal => {
                            out.push(':');
                            out.push_str(name);
                        }
                        _ => out.push_str("NULL"),
                    }
                }
            }
        }
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::{Piece, pieces};

    fn binds(sql: &str) -> Vec<&str> {
        pieces(sql)
            .into_iter()
            .filter_map(|piece| match piece {
                Piece::Bind(name) => Some(name),
                _ => None,
            })
            .collect()
    }

    #[test]
    fn a_colon_and_a_word_is_a_bind() {
        assert_eq!(binds("a = :b and :c"), ["b", "c"]);
        assert_eq!(binds("'{\"a\":1}'"), ["1"]);
        assert_eq!(binds("(:a,:b)"), ["a", "b"]);
    }

    #[test]
    fn casts_times_and_slices_are_not() {
        assert!(binds("a::text").is_empty());
        assert!(binds("12:30").is_empty());
        assert!(binds("a :b: c").is_empty());
        assert!(binds("x[1:2]").is_empty());
        assert!(binds("@a:=1").is_empty());
    }

    #[test]
    fn a_backslash_keeps_the_colon() {
        assert_eq!(pieces("\\:b"), [Piece::Escaped(":b")]);
        assert_eq!(
            pieces("a\\:=1"),
            [
                Piece::Plain("a"),
                Piece::Escaped(":"),
                Piece::Plain("=1")
            ]
        );
    }
}
