//! Steps that run only if they are due.

use super::guard::{no_option, tag};
use super::item::{Item, starts_with, starts_with_any};
use super::{Render, Script};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::StatementQuotes;
use crate::expression::Ident;
use crate::frontend::sql::Splitter;
use crate::lower::{Body, Field, Statement};
use crate::revision::{Due, RowChange, VersionRows};

/// Words that begin or end transactions, which are the script's own.
const TRANSACTIONS: &[&str] = &[
    "begin",
    "start transaction",
    "commit",
    "end",
    "rollback",
    "savepoint",
    "release",
];

impl Script<'_> {
    /// Writes a step that runs only if it is due.
    pub(super) fn due_step(
        &mut self,
        due: &Due,
        statements: &[Statement],
        after: &[Statement],
    ) -> Result<()> {
        let mut items = Vec::with_capacity(statements.len() + after.len());
        for statement in statements.iter().chain(after) {
            items.push((self.item(statement)?, statement));
        }
        let leaves = items.iter().any(|(item, _)| item.leaves_transaction());
        let whole = self.transactional() && !leaves;
        let marked = !whole && items.iter().any(|(item, _)| item.text().is_some());
        let when = self.condition(&due.when, marked);
        let mut block = Vec::new();
        if marked {
            block.push(self.text_of(&self.mark(true))?);
        }
        let mut autocommit = false;
        // What a setting of the session holds together must be run as one, since the setting ends
        // with the text that is run.
        let mut held: Option<String> = None;
        for (item, statement) in items {
            match item {
                Item::Nothing => {}
                Item::Comment(text) => self.element(&text),
                Item::Output(text) => {
                    if !is_comment(&text) {
                        return Err(not_dynamic(statement, "text that is printed as it is"));
                    }
                    self.element(&text);
                }
                Item::Begin => {
                    self.block(&when, &mut block)?;
                    self.commit();
                    autocommit = self.transactional();
                }
                Item::End => {
                    autocommit = false;
                    self.begin();
                }
                Item::WithoutForeignKeys(text) => self.without_foreign_keys(&text),
                Item::Statement { text, outside, .. } => {
                    let setting = statement.is("identity_insert");
                    if let Some(before) = held.take() {
                        let text = format!("{before};\n{text}");
                        if setting {
                            block.push(text);
                        } else {
                            held = Some(text);
                        }
                    } else if setting {
                        held = Some(text);
                    } else if autocommit || (outside && self.in_transaction) {
                        self.needs_client(
                            self.dialect.facts().guard.outside_client.as_deref(),
                            Some(statement),
                        )?;
                        self.block(&when, &mut block)?;
                        self.commit();
                        let skipped = Statement::new("skip_outside")
                            .fragment("condition", when.clone())
                            .fragment("quoted", self.quoted(&text))
                            .fragment("statement", text);
                        if !self.verbatim(&skipped)? {
                            return Err(not_dynamic(
                                statement,
                                "a statement that runs outside of transactions",
                            ));
                        }
                        self.resume = !autocommit;
                    } else {
                        self.dynamic(&text, statement, &mut block)?;
                    }
                }
            }
        }
        block.extend(held);
        self.ensure_transaction()?;
        let guard = &self.dialect.clone();
        let guard = &guard.facts().guard;
        let apart = !self.transactional() && !guard.rows_begin.is_empty();
        if apart {
            self.block(&when, &mut block)?;
            self.terminated(&guard.rows_begin);
        }
        for change in &due.changes {
            let statement = self.row_change(change);
            block.push(self.text_of(&statement)?);
        }
        if marked {
            block.push(self.text_of(&self.mark(false))?);
        }
        self.block(&when, &mut block)?;
        if !self.transactional() && !guard.rows_commit.is_empty() {
            self.terminated(&guard.rows_commit);
        }
        Ok(())
    }

    /// Writes what has been gathered.
    fn block(&mut self, when: &str, texts: &mut Vec<String>) -> Result<()> {
        if texts.is_empty() {
            return Ok(());
        }
        self.ensure_transaction()?;
        let terminator = &self.dialect.facts().script.terminator;
        let whole: Vec<String> = texts
            .iter()
            .map(|text| format!("{text}{terminator}"))
            .collect();
        let mut all: Vec<&str> = texts.iter().map(String::as_str).collect();
        all.push(when);
        let statement = Statement::new("skip_block")
            .fragment("tag", tag("gensql", &all))
            .fragment("condition", when)
            .fragment(
                "query",
                self.quoted(&format!("SELECT count(*) FROM dual WHERE {when}")),
            )
            .list(
                "statements",
                texts.iter().map(|text| self.quoted(text)).collect(),
            )
            .fragment("script", self.dialect.string(&whole.join("\n\n")));
        texts.clear();
        if self.verbatim(&statement)? {
            return Ok(());
        }
        Err(no_option("idempotent", &self.dialect.facts().title))
    }

    /// Writes a template that has its own terminators; whether there is any.
    fn verbatim(&mut self, statement: &Statement) -> Result<bool> {
        let text = (self.render)(statement)?.unwrap_or_default();
        if text.is_empty() {
            return Ok(false);
        }
        self.element(text.trim());
        self.separator();
        Ok(true)
    }

    fn text_of(&self, statement: &Statement) -> Result<String> {
        let render: Render<'_> = self.render;
        Ok(render(statement)?.unwrap_or_default().trim().to_owned())
    }

    /// A text as the statements that can be run by themselves.
    fn dynamic(&self, text: &str, statement: &Statement, block: &mut Vec<String>) -> Result<()> {
        let facts = self.dialect.facts();
        if !matches!(statement.body, Body::Sql(_)) {
            block.push(without_terminator(text, &facts.script.terminator).to_owned());
            return Ok(());
        }
        let splitter = Splitter {
            backslash_escapes: facts.features.backslash_escapes,
            keeps_block_end: true,
        };
        let pieces = splitter.split(text);
        for piece in &pieces {
            let part = text.get(piece.statement.clone()).unwrap_or_default();
            if piece.client || piece.runs.is_some() {
                return Err(not_dynamic(statement, "a command of a client"));
            }
            if TRANSACTIONS
                .iter()
                .any(|words| starts_with(part, words) && !is_block(part))
            {
                return Err(not_dynamic(
                    statement,
                    "the beginning or end of a transaction",
                ));
            }
            let known = &facts.guard.dynamic;
            if !part.is_empty() && !known.is_empty() && !starts_with_any(part, known) {
                return Err(not_dynamic(
                    statement,
                    &format!("what {} takes in no prepared statement", facts.title),
                ));
            }
            if facts.guard.single_statements && !part.is_empty() {
                block.push(part.to_owned());
            }
        }
        if !facts.guard.single_statements {
            block.push(without_terminator(text, &facts.script.terminator).to_owned());
        }
        Ok(())
    }

    /// A statement as a value of another.
    pub(super) fn quoted(&self, text: &str) -> String {
        let guard = &self.dialect.facts().guard;
        match guard.quotes {
            StatementQuotes::Dollars => {
                let tag = tag("sql", &[text]);
                format!("{tag}{text}{tag}")
            }
            StatementQuotes::National => self.dialect.national(text),
            StatementQuotes::Text => match guard.longest_literal {
                Some(longest) if text.len() > longest => {
                    let parts: Vec<String> = chunks(text, longest)
                        .map(|part| {
                            guard
                                .literal_part
                                .replace("{literal}", &self.dialect.string(part))
                        })
                        .collect();
                    parts.join(" || ")
                }
                _ => self.dialect.string(text),
            },
        }
    }

    fn row_change(&self, change: &RowChange) -> Statement {
        match change {
            RowChange::Plain(change) => self
                .version_change(change)
                .without("returning")
                .fragment("returning", ""),
            RowChange::InsertUnless { id, covered_by } => {
                let covered = VersionRows::NoneOf(covered_by.clone());
                Statement::new("version_insert_unless")
                    .table(&self.version_table())
                    .ident("column", &Ident::new(super::COLUMN))
                    .field("value", Field::Sql(self.dialect.string(id)))
                    .fragment("condition", self.condition(&covered, false))
            }
        }
    }
}

/// Pieces of at most that many bytes.
fn chunks(text: &str, longest: usize) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let mut at = longest.min(rest.len());
        while !rest.is_char_boundary(at) {
            at -= 1;
        }
        let (part, behind) = rest.split_at(at.max(1));
        rest = behind;
        Some(part)
    })
}

fn without_terminator<'a>(text: &'a str, terminator: &str) -> &'a str {
    let mut body = text.trim();
    while !terminator.is_empty() && !is_block(body) {
        let Some(rest) = body.strip_suffix(terminator) else {
            break;
        };
        body = rest.trim_end();
    }
    body
}

/// Whether a text is an anonymous block of a procedural language rather than a transaction's
/// beginning.
fn is_block(text: &str) -> bool {
    let words: Vec<&str> = text.split_whitespace().take(2).collect();
    let last = text.trim_end().trim_end_matches(';').trim_end();
    words.len() == 2
        && words[0].eq_ignore_ascii_case("begin")
        && last
            .get(last.len().saturating_sub(3)..)
            .is_some_and(|word| word.eq_ignore_ascii_case("end"))
}

fn is_comment(text: &str) -> bool {
    text.lines()
        .all(|line| line.trim().is_empty() || line.trim_start().starts_with("--"))
}

fn not_dynamic(statement: &Statement, what: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error(
            Code::Unsupported,
            format!("{what} cannot be skipped, which --idempotent would have to"),
        )
        .at(statement.location.clone())
        .with_help("write a script with `--guard` in place of `--idempotent`, from the revision that the database is at"),
    )
}
