//! The source of an expression: not what the parser prints, but what was written.

use std::fmt::Display;
use std::ops::Range;
use std::sync::Arc;

use rustc_hash::FxHashSet;
use sqlparser::dialect::Dialect;
use sqlparser::tokenizer::{Token, TokenWithSpan, Tokenizer};

use super::{Target, spelling};
use crate::expression::{Expr, text};

/// The text of a literal as the parser hands it on here: the quotes in it are still doubled, since
/// the source has to be found again by its tokens.
pub(super) fn unquoted(literal: &str) -> Arc<str> {
    Arc::from(literal.replace("''", "'"))
}

/// More tokens than these between two commas make a tree too deep to take apart.
const LONGEST_RUN: usize = 400;

/// A statement and its tokens.
pub(super) struct Slices<'a> {
    text: &'a str,
    dialect: &'a dyn Dialect,
    /// What the statement is read for.
    pub(super) target: &'a Target<'a>,
    tokens: Vec<TokenWithSpan>,
    /// Tokens that are not white space, with their ranges.
    solid: Vec<(Token, Range<usize>)>,
}

impl<'a> Slices<'a> {
    /// `None` when the text has no tokens that can be parsed safely.
    pub(super) fn new(
        text: &'a str,
        dialect: &'a dyn Dialect,
        target: &'a Target<'a>,
    ) -> Option<Self> {
        // Without unescaping, literals print as they were written.
        let tokens = Tokenizer::new(dialect, text)
            .with_unescape(false)
            .tokenize_with_location()
            .ok()?;
        let mut offsets = Offsets::new(text);
        let mut solid = Vec::with_capacity(tokens.len());
        for found in &tokens {
            let start = offsets.of(found.span.start.line, found.span.start.column);
            let end = offsets.of(found.span.end.line, found.span.end.column);
            if !matches!(found.token, Token::Whitespace(_) | Token::EOF) {
                solid.push((found.token.clone(), start..end));
            }
        }
        is_shallow(&solid).then_some(Self {
            text,
            dialect,
            target,
            tokens,
            solid,
        })
    }

    pub(super) fn tokens(&self) -> Vec<TokenWithSpan> {
        spelling::known(self.tokens.clone())
    }

    /// Whether each word of the source is in what the parser made of it.
    pub(super) fn all_words_in(&self, statement: &impl Display) -> bool {
        let printed = statement.to_string();
        let Ok(tokens) = Tokenizer::new(self.dialect, &printed).tokenize() else {
            return false;
        };
        let words: FxHashSet<String> = tokens.iter().filter_map(word).collect();
        self.solid
            .iter()
            .filter_map(|(token, _)| word(token))
            .all(|word| words.contains(&word))
    }

    /// The source of a part of the tree, as an expression.
    pub(super) fn text(&self, part: &impl Display) -> Option<Expr> {
        Some(text(without_binds(self.source(part)?)))
    }

    fn source(&self, part: &impl Display) -> Option<&'a str> {
        let printed = part.to_string();
        let wanted: Vec<Token> = Tokenizer::new(self.dialect, &printed)
            .with_unescape(false)
            .tokenize()
            .ok()?
            .into_iter()
            .filter(|token| !matches!(token, Token::Whitespace(_)))
            .collect();
        if wanted.is_empty() {
            return None;
        }
        let window = self.solid.windows(wanted.len()).find(|window| {
            window
                .iter()
                .zip(&wanted)
                .all(|((found, _), wanted)| same(found, wanted))
        })?;
        let start = window.first()?.1.start;
        let end = window.last()?.1.end;
        self.text.get(start..end)
    }
}

fn word(token: &Token) -> Option<String> {
    match token {
        Token::Word(word) => Some(word.value.to_ascii_uppercase()),
        _ => None,
    }
}

fn same(a: &Token, b: &Token) -> bool {
    match (a, b) {
        (Token::Word(a), Token::Word(b)) if a.quote_style.is_none() && b.quote_style.is_none() => {
            a.value.eq_ignore_ascii_case(&b.value)
        }
        _ => a == b,
    }
}

/// Whether no run of operands is so long that its tree could not be dropped.
fn is_shallow(tokens: &[(Token, Range<usize>)]) -> bool {
    let mut runs = vec![0usize];
    for (token, _) in tokens {
        match token {
            Token::LParen | Token::LBracket | Token::LBrace => runs.push(0),
            Token::RParen | Token::RBracket | Token::RBrace => {
                if runs.len() > 1 {
                    runs.pop();
                }
            }
            Token::Comma => {
                if let Some(run) = runs.last_mut() {
                    *run = 0;
                }
            }
            _ => {
                if let Some(run) = runs.last_mut() {
                    *run += 1;
                    if *run > LONGEST_RUN {
                        return false;
                    }
                }
            }
        }
    }
    true
}

/// `:name` in SQL is not a bind of ours.
fn without_binds(sql: &str) -> String {
    let mut out = String::with_capacity(sql.len());
    let mut before = ' ';
    let mut chars = sql.chars().peekable();
    while let Some(c) = chars.next() {
        let binds = c == ':'
            && before != ':'
            && chars
                .peek()
                .is_some_and(|next| next.is_alphanumeric() || *next == '_');
        if binds {
            out.push('\\');
        }
        out.push(c);
        before = c;
    }
    out
}

/// From the tokenizer's lines and columns (in characters) to bytes; asked in ascending order.
struct Offsets<'a> {
    text: &'a str,
    at: usize,
    line: u64,
    column: u64,
}

impl<'a> Offsets<'a> {
    fn new(text: &'a str) -> Self {
        Self {
            text,
            at: 0,
            line: 1,
            column: 1,
        }
    }

    fn of(&mut self, line: u64, column: u64) -> usize {
        while (self.line, self.column) < (line, column) {
            let Some(c) = self.text[self.at..].chars().next() else {
                break;
            };
            self.at += c.len_utf8();
            if c == '\n' {
                self.line += 1;
                self.column = 1;
            } else {
                self.column += 1;
            }
        }
        self.at
    }
}
