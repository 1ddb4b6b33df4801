//! The `:name` in a `text()`.

/// One piece of a text.
#[derive(Debug, PartialEq, Eq)]
pub enum TextPiece<'a> {
    /// Plain text.
    Plain(&'a str),
    /// `:name`.
    Bind(&'a str),
    /// `\:name`: the colon is meant as it is.
    Escaped(&'a str),
}

/// Takes a text apart by the rule of `text()`: a colon and a word, unless a colon, a word or a
/// backslash comes before, or a colon after.
pub fn text_pieces(sql: &str) -> Vec<TextPiece<'_>> {
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
            result.push(TextPiece::Plain(&sql[plain..at]));
        }
        result.push(if escaped {
            TextPiece::Escaped(&sql[at + 1..start + length])
        } else {
            TextPiece::Bind(name)
        });
        plain = start + length;
        skip_until = plain;
    }
    if plain < sql.len() {
        result.push(TextPiece::Plain(&sql[plain..]));
    }
    result
}

#[cfg(test)]
mod tests {
    use super::{TextPiece, text_pieces};

    fn binds(sql: &str) -> Vec<&str> {
        text_pieces(sql)
            .into_iter()
            .filter_map(|piece| match piece {
                TextPiece::Bind(name) => Some(name),
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
        assert_eq!(text_pieces("\\:b"), [TextPiece::Escaped(":b")]);
        assert_eq!(
            text_pieces("a\\:=1"),
            [
                TextPiece::Plain("a"),
                TextPiece::Escaped(":"),
                TextPiece::Plain("=1")
            ]
        );
    }
}
