//! A statement that has been rendered.

use super::Script;
use crate::diagnostic::Result;
use crate::lower::{Body, Statement};

/// What a statement has become.
pub(super) enum Item {
    /// Nothing is left of it.
    Nothing,
    /// What follows runs outside of the transaction.
    Begin,
    /// What follows runs in a transaction again.
    End,
    /// Lines for the reader.
    Comment(String),
    /// Text as it is.
    Output(String),
    /// Foreign keys must not be enforced: the statement that says so before the first
    /// transaction.
    WithoutForeignKeys(String),
    /// SQL, not yet finished.
    Statement {
        /// Its text, without a terminator of the dialect's.
        text: String,
        /// Whether the text is the revision's own.
        own: bool,
        /// Whether it cannot run in a transaction.
        outside: bool,
    },
}

impl Item {
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Statement { text, .. } => Some(text),
            Self::Nothing
            | Self::Begin
            | Self::End
            | Self::Comment(_)
            | Self::Output(_)
            | Self::WithoutForeignKeys(_) => None,
        }
    }

    /// Whether it ends a transaction that is open.
    pub(super) fn leaves_transaction(&self) -> bool {
        match self {
            Self::Begin => true,
            Self::Statement { outside, .. } => *outside,
            Self::Nothing
            | Self::End
            | Self::Comment(_)
            | Self::Output(_)
            | Self::WithoutForeignKeys(_) => false,
        }
    }
}

impl Script<'_> {
    /// Renders a statement.
    pub(super) fn item(&self, statement: &Statement) -> Result<Item> {
        let own = match &statement.body {
            Body::BeginAutocommit => return Ok(Item::Begin),
            Body::EndAutocommit => return Ok(Item::End),
            Body::Comment(text) => {
                let lines: Vec<String> = text.lines().map(|line| format!("-- {line}")).collect();
                return Ok(Item::Comment(lines.join("\n")));
            }
            Body::Output(text) => return Ok(Item::Output(text.clone())),
            Body::WithoutForeignKeys => {
                let statement = Statement::new("foreign_keys").flag("on", false);
                let text = (self.render)(&statement)?.unwrap_or_default();
                // Where the script itself has changed the setting, it is said in its place.
                return Ok(match self.leaves_settings {
                    true => Item::Statement {
                        text,
                        own: false,
                        outside: true,
                    },
                    false => Item::WithoutForeignKeys(text),
                });
            }
            Body::Template { .. } => false,
            Body::Sql(_) => true,
        };
        let Some(text) = (self.render)(statement)? else {
            return Ok(Item::Nothing);
        };
        let outside = !self.options.compat
            && starts_with_any(&text, &self.dialect.facts().script.outside_transaction);
        Ok(Item::Statement { text, own, outside })
    }
}

fn begins(text: &str, word: &str) -> bool {
    let start = text.as_bytes().get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// What comes behind the comments.
fn uncommented(statement: &str) -> &str {
    let mut rest = statement;
    loop {
        if rest.starts_with(|c: char| !c.is_ascii_alphanumeric()) {
            rest = rest.trim_start();
        }
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
        } else if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
        } else {
            return rest;
        }
    }
}

/// Whether a statement begins with these words, behind comments. `*` is any word.
pub(super) fn starts_with(statement: &str, words: &str) -> bool {
    let mut rest = uncommented(statement);
    for word in words.split(' ') {
        if word != "*" && !begins(rest, word) {
            return false;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | '='))
            .unwrap_or(rest.len());
        if end == 0 || (word != "*" && end != word.len()) {
            return false;
        }
        rest = uncommented(&rest[end..]);
    }
    true
}

/// Whether a statement begins with one of several.
pub(super) fn starts_with_any(statement: &str, several: &[String]) -> bool {
    // Most statements begin with another word than all of them, which the first letter tells.
    let statement = uncommented(statement);
    let letter = |text: &str| text.as_bytes().first().map(u8::to_ascii_lowercase);
    let first = letter(statement);
    several.iter().any(|words| {
        (letter(words) == first || words.starts_with('*')) && starts_with(statement, words)
    })
}

#[cfg(test)]
mod tests {
    use super::starts_with;

    #[test]
    fn the_first_words_count() {
        assert!(starts_with(
            "create  index\nconcurrently x",
            "create index concurrently"
        ));
        assert!(starts_with("-- a\n/* b */ VACUUM;", "vacuum"));
        assert!(starts_with(
            "PRAGMA foreign_keys=OFF",
            "pragma foreign_keys"
        ));
        assert!(starts_with(
            "REINDEX TABLE CONCURRENTLY t",
            "reindex * concurrently"
        ));
        assert!(!starts_with("CREATE INDEX x", "create index concurrently"));
        assert!(!starts_with("vacuumed", "vacuum"));
    }
}
