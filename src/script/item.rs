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
            && self
                .dialect
                .facts()
                .script
                .outside_transaction
                .iter()
                .any(|words| starts_with(&text, words));
        Ok(Item::Statement { text, own, outside })
    }
}

fn begins(text: &str, word: &str) -> bool {
    let start = text.as_bytes().get(..word.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(word.as_bytes()))
}

/// Whether a statement begins with these words, behind comments. `*` is any word.
pub(super) fn starts_with(statement: &str, words: &str) -> bool {
    let mut rest = statement;
    let mut wanted = Some(words);
    loop {
        if rest.starts_with(|c: char| !c.is_ascii_alphanumeric()) {
            rest = rest.trim_start();
        }
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some(words) = wanted else {
            return true;
        };
        // Most statements begin with another word, which the first letter tells.
        if !words.starts_with('*') && !begins(rest, words.get(..1).unwrap_or_default()) {
            return false;
        }
        let word = words.split(' ').next().unwrap_or_default();
        wanted = words.get(word.len() + 1..);
        if word != "*" && !begins(rest, word) {
            return false;
        }
        let end = rest
            .find(|c: char| c.is_whitespace() || matches!(c, '(' | ';' | '='))
            .unwrap_or(rest.len());
        if end == 0 || (word != "*" && end != word.len()) {
            return false;
        }
        rest = &rest[end..];
    }
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
