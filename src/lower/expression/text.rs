//! `text()` and the `:name` in it.

use super::{Compiler, Flags};
use crate::diagnostic::Result;
use crate::expression::{TextClause, TextPiece, text_pieces};

impl Compiler<'_> {
    pub(super) fn text_clause(&mut self, text: &TextClause, flags: Flags) -> Result<String> {
        let mut out = String::with_capacity(text.sql.len());
        for piece in text_pieces(&text.sql) {
            match piece {
                TextPiece::Plain(plain) => out.push_str(&self.percent(plain)),
                TextPiece::Escaped(rest) => out.push_str(rest),
                TextPiece::Bind(name) => {
                    let bind = text.binds.iter().find(|(key, _)| &**key == name);
                    match bind {
                        Some((_, bind)) if bind.value.is_some() || self.context.compat => {
                            out.push_str(&self.bind_value(name, bind, flags)?);
                        }
                        // A name without a value is what the author wrote: a colon in a
                        // literal, or the server's own syntax.
                        _ if !self.context.compat => {
                            out.push(':');
                            out.push_str(name);
                        }
                        _ if !flags.literal => out.push_str(&self.dialect.placeholder(name)),
                        _ => out.push_str("NULL"),
                    }
                }
            }
        }
        Ok(out)
    }
}
