//! Phrases that are written as they are: only what looks like one is let through.

use crate::diagnostic::{Code, Diagnostic, Result};

/// Words with single spaces between them, such as `SET NULL`; with `columns`, a list of names
/// behind them.
pub(super) fn phrase(text: &str, columns: bool) -> Result<&str> {
    let words = match text.split_once('(') {
        Some((words, list)) if columns => {
            let list = list.trim_end().strip_suffix(')');
            match list {
                Some(list) if names(list) => words.trim_end(),
                _ => return Err(unexpected(text)),
            }
        }
        _ => text,
    };
    let word =
        |word: &str| !word.is_empty() && word.chars().all(|c| c.is_alphanumeric() || c == '_');
    if words.split_whitespace().next().is_some()
        && words
            .split(char::is_whitespace)
            .all(|w| w.is_empty() || word(w))
        && !words.starts_with(char::is_whitespace)
    {
        Ok(text)
    } else {
        Err(unexpected(text))
    }
}

/// One word, such as the method of an index.
pub(super) fn word(text: &str) -> Result<&str> {
    if text.contains(char::is_whitespace) {
        return Err(unexpected(text));
    }
    phrase(text, false)
}

/// Names with commas between them.
fn names(list: &str) -> bool {
    let mut rest = list.trim();
    loop {
        let end = if let Some(inner) = rest.strip_prefix('"') {
            let mut at = 1;
            let mut bytes = inner.bytes().peekable();
            let mut closed = false;
            while let Some(byte) = bytes.next() {
                at += 1;
                if byte == b'"' {
                    if bytes.peek() == Some(&b'"') {
                        bytes.next();
                        at += 1;
                    } else {
                        closed = true;
                        break;
                    }
                }
            }
            if !closed {
                return false;
            }
            at
        } else {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                .unwrap_or(rest.len())
        };
        if end == 0 {
            return false;
        }
        rest = rest[end..].trim_start();
        if rest.is_empty() {
            return true;
        }
        match rest.strip_prefix(',') {
            Some(behind) => rest = behind.trim_start(),
            None => return false,
        }
    }
}

fn unexpected(text: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::OperationInvalid,
            format!("Unexpected SQL phrase: {text:?}"),
        )
        .with_help("write a phrase of plain words, such as `SET NULL`"),
    )
}
