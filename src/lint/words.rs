//! SQL as its words, for rules that look for the shape of a statement that no operation says.

/// The words of a statement in upper case, quoted names without their quotes, and signs. Literals
/// are `'`; comments are left out.
pub fn words(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(first) = rest.next() {
        match first {
            '-' if rest.peek() == Some(&'-') => {
                rest.by_ref().find(|c| *c == '\n');
            }
            '/' if rest.peek() == Some(&'*') => {
                rest.next();
                let mut star = false;
                rest.by_ref().find(|c| {
                    let end = star && *c == '/';
                    star = *c == '*';
                    end
                });
            }
            '\'' => {
                until(&mut rest, '\'');
                found.push("'".to_owned());
            }
            '"' => found.push(until(&mut rest, '"').to_uppercase()),
            '`' => found.push(until(&mut rest, '`').to_uppercase()),
            '[' => found.push(until(&mut rest, ']').to_uppercase()),
            c if c.is_alphanumeric() || c == '_' => {
                let mut word = String::from(c);
                while let Some(c) = rest.next_if(|c| c.is_alphanumeric() || matches!(c, '_' | '$'))
                {
                    word.push(c);
                }
                found.push(word.to_uppercase());
            }
            c if c.is_whitespace() => {}
            c => found.push(c.to_string()),
        }
    }
    found
}

/// Up to the closing quote, which inside is written twice.
fn until(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, close: char) -> String {
    let mut inside = String::new();
    while let Some(c) = rest.next() {
        if c == close && rest.next_if_eq(&close).is_none() {
            break;
        }
        inside.push(c);
    }
    inside
}

/// Whether the words begin with those of `shape`, which spaces separate.
pub fn begins(words: &[String], shape: &str) -> bool {
    let mut words = words.iter();
    shape
        .split(' ')
        .all(|wanted| words.next().is_some_and(|word| word == wanted))
}

/// Whether the words of `shape` stand somewhere one after another.
pub fn contains(words: &[String], shape: &str) -> bool {
    (0..words.len()).any(|start| begins(words.get(start..).unwrap_or_default(), shape))
}

/// The name behind the words of `shape`: its last part, in upper case, without the schema.
pub fn name_behind<'a>(words: &'a [String], shape: &str) -> Option<&'a str> {
    let length = shape.split(' ').count();
    let start =
        (0..words.len()).find(|start| begins(words.get(*start..).unwrap_or_default(), shape))?;
    let mut at = start + length;
    while words.get(at + 1).is_some_and(|sign| sign == ".") {
        at += 2;
    }
    words.get(at).map(String::as_str)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_a_statement() {
        let found = words("UPDATE \"a\".t -- x\n SET b = 'it''s' /* y */ WHERE c=1");
        assert_eq!(found.join(" "), "UPDATE A . T SET B = ' WHERE C = 1");
        assert_eq!(name_behind(&found, "UPDATE"), Some("T"));
        assert!(contains(&found, "WHERE C"));
        assert!(!begins(&found, "SET"));
    }
}
