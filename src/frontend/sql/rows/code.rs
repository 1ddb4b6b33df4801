//! What code in the database may do to rows: the bodies of functions, triggers and DO blocks.
//!
//! The text is looked at as words, inside of its strings too, where statements are put together
//! that are executed later. What writes rows has to say so in these words.

use super::Effect;
use super::shape::Query;
use crate::catalog::TableName;
use crate::expression::Ident;

/// What a statement does that is code, or makes some; `None` for other statements.
///
/// What a routine may write counts as written when it is made, so that nothing has to be known of
/// where it is called.
pub(super) fn effects(statement: &str) -> Option<Vec<Effect>> {
    let words = words(statement);
    let first = words.first()?;
    let block = first.is("DO")
        && words
            .get(1)
            .is_some_and(|word| word.is_any(&["$", "'", "LANGUAGE"]));
    let routine = first.is_any(&["CREATE", "ALTER"]) && makes_routine(&words);
    if !block && !routine {
        return None;
    }
    let mut effects: Vec<Effect> = match written(&words, block) {
        Some(tables) => tables
            .into_iter()
            .map(|table| Effect::Insert(table, None))
            .collect(),
        None if block => vec![Effect::Anything],
        None => vec![Effect::Routine],
    };
    // Code that says none of these words makes new rows at most, which count as written.
    let changes = words.iter().any(|word| {
        word.is_any(&[
            "UPDATE", "DELETE", "TRUNCATE", "EXECUTE", "PERFORM", "CALL", "SELECT",
        ])
    });
    if block {
        // What it calls may be a routine of which nothing is known.
        effects.push(Effect::Query(Query::unknown()));
        if changes {
            effects.push(Effect::Changes);
        }
    } else {
        // A trigger may also change the row that is being written.
        effects.push(Effect::Code);
    }
    Some(effects)
}

/// A word, or a sign.
#[derive(Clone, Copy)]
struct Word<'a>(&'a str);

impl Word<'_> {
    fn is(self, word: &str) -> bool {
        self.0.eq_ignore_ascii_case(word)
    }

    fn is_any(self, words: &[&str]) -> bool {
        words.iter().any(|word| self.is(word))
    }

    fn is_name(self) -> bool {
        self.0
            .starts_with(|c: char| c.is_alphanumeric() || c == '_')
    }
}

fn words(text: &str) -> Vec<Word<'_>> {
    let mut found = Vec::new();
    let mut rest = text.trim_start();
    while let Some(first) = rest.chars().next() {
        let end = if first.is_alphanumeric() || first == '_' {
            rest.find(|c: char| !(c.is_alphanumeric() || c == '_'))
                .unwrap_or(rest.len())
        } else {
            first.len_utf8()
        };
        let (word, behind) = rest.split_at(end);
        found.push(Word(word));
        rest = behind.trim_start();
    }
    found
}

/// Whether the statement defines what runs later.
fn makes_routine(words: &[Word<'_>]) -> bool {
    const ROUTINES: &[&str] = &[
        "FUNCTION",
        "PROCEDURE",
        "TRIGGER",
        "RULE",
        "EVENT",
        "PACKAGE",
    ];
    const OTHERS: &[&str] = &[
        "TABLE",
        "VIEW",
        "INDEX",
        "TYPE",
        "SEQUENCE",
        "SCHEMA",
        "ROLE",
        "USER",
        "DATABASE",
        "EXTENSION",
        "DOMAIN",
        "POLICY",
        "COLUMN",
    ];
    let mut known = words.iter().take(12);
    known
        .find(|word| word.is_any(ROUTINES) || word.is_any(OTHERS))
        .is_some_and(|word| word.is_any(ROUTINES))
}

/// The tables that the code puts rows into; `None` where that may be any.
fn written(words: &[Word<'_>], block: bool) -> Option<Vec<TableName>> {
    let mut tables = Vec::new();
    for (at, word) in words.iter().enumerate() {
        let behind = words.get(at + 1..).unwrap_or_default();
        let next = behind.first();
        let before = at.checked_sub(1).and_then(|at| words.get(at));
        if word.is("INSERT") {
            match next {
                Some(next) if next.is("INTO") => tables.push(target(behind.get(1..)?)?),
                // SQLite's `INSERT OR REPLACE INTO`; what triggers watch is `INSERT OR UPDATE`.
                Some(next)
                    if next.is("OR") && behind.get(2).is_some_and(|word| word.is("INTO")) =>
                {
                    tables.push(target(behind.get(3..)?)?);
                }
                // Other products leave INTO away; here it is a privilege, an event or a text.
                Some(next)
                    if next.is_name() && !next.is_any(&["ON", "OR", "AS", "UPDATE", "BEGIN"]) =>
                {
                    return None;
                }
                _ => {}
            }
        } else if word.is("REPLACE") {
            let or = before.is_some_and(|word| word.is("OR"));
            match next {
                Some(next) if next.is("INTO") => tables.push(target(behind.get(1..)?)?),
                Some(next) if next.is_name() && !or => return None,
                _ => {}
            }
        } else if word.is_any(&["MERGE", "COPY", "LOAD", "EXEC", "CALL", "BULK"]) {
            return None;
        } else if word.is("LANGUAGE") {
            let known = behind.iter().find(|word| word.is_name());
            if !known.is_some_and(|word| word.is_any(&["SQL", "PLPGSQL"])) {
                return None;
            }
        } else if (word.is("TABLE") && makes_filled_table(before, behind))
            || (word.is("EXECUTE") && !block && !is_literal(behind))
        {
            return None;
        }
    }
    Some(tables)
}

/// Whether what is executed stands in the text: a routine may be given a statement.
fn is_literal(behind: &[Word<'_>]) -> bool {
    match behind {
        [next, ..] if next.is_any(&["FUNCTION", "PROCEDURE", "ON", "'"]) => true,
        [format, open, quote, ..] => format.is("FORMAT") && open.is("(") && quote.is("'"),
        _ => false,
    }
}

/// `CREATE TABLE … AS`.
fn makes_filled_table(before: Option<&Word<'_>>, behind: &[Word<'_>]) -> bool {
    let makes = before.is_some_and(|word| {
        word.is_any(&["CREATE", "TEMP", "TEMPORARY", "UNLOGGED", "GLOBAL", "LOCAL"])
    });
    let mut until = behind.iter().take_while(|word| !word.is_any(&["(", ";"]));
    makes && until.any(|word| word.is("AS"))
}

/// The table of `INSERT INTO`, when the whole of its name is there.
fn target(words: &[Word<'_>]) -> Option<TableName> {
    const BEHIND: &[&str] = &[
        "(",
        "SELECT",
        "VALUES",
        "DEFAULT",
        "AS",
        "WITH",
        "OVERRIDING",
        "SET",
        "TABLE",
    ];
    let (first, rest) = name(words)?;
    let (table, rest) = match rest {
        [dot, rest @ ..] if dot.is(".") => {
            let (second, rest) = name(rest)?;
            (
                TableName {
                    schema: Some(first),
                    name: second,
                },
                rest,
            )
        }
        rest => (
            TableName {
                schema: None,
                name: first,
            },
            rest,
        ),
    };
    rest.first()?.is_any(BEHIND).then_some(table)
}

fn name<'a, 'b>(words: &'b [Word<'a>]) -> Option<(Ident, &'b [Word<'a>])> {
    match words {
        [name, rest @ ..] if name.is_name() => Some((Ident::new(name.0), rest)),
        [open, name, close, rest @ ..]
            if name.is_name()
                && (open.0 == close.0 && matches!(open.0, "\"" | "`")
                    || (open.0, close.0) == ("[", "]")) =>
        {
            Some((Ident::new(name.0), rest))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(sql: &str) -> String {
        let Some(effects) = effects(sql) else {
            return "no code".to_owned();
        };
        let names: Vec<String> = effects
            .iter()
            .filter(|effect| !matches!(effect, Effect::Changes | Effect::Code))
            .map(|effect| match effect {
                Effect::Insert(table, _) => table.name.name.to_string(),
                Effect::Routine => "routine".to_owned(),
                Effect::Anything => "anything".to_owned(),
                _ => "calls".to_owned(),
            })
            .collect();
        names.join(" ")
    }

    #[test]
    fn what_code_writes() {
        for (sql, wanted) in [
            ("CREATE TABLE trigger (a int)", "no code"),
            ("DO something", "no code"),
            ("DO $$ BEGIN CREATE TYPE t AS ENUM ('a'); END $$", "calls"),
            ("do $x$ begin insert into a values (1); end $x$", "a calls"),
            (
                "DO $$ BEGIN GRANT SELECT, INSERT ON t TO r; END $$",
                "calls",
            ),
            ("DO $$ BEGIN EXECUTE q; END $$", "calls"),
            (
                "DO $$ BEGIN EXECUTE 'INSERT INTO ' || t; END $$",
                "anything calls",
            ),
            (
                "DO $$ BEGIN EXECUTE 'INSERT INTO a_' || t; END $$",
                "anything calls",
            ),
            (
                "DO $$ BEGIN EXECUTE format('INSERT INTO %I', t); END $$",
                "anything calls",
            ),
            (
                "DO $$ BEGIN CREATE TABLE a AS SELECT 1; END $$",
                "anything calls",
            ),
            ("DO $$ BEGIN CREATE TABLE a (b int); END $$", "calls"),
            ("DO $$ x $$ LANGUAGE plpython3u", "anything calls"),
            (
                "CREATE OR REPLACE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN NEW.a = now(); RETURN NEW; END $$",
                "",
            ),
            (
                "CREATE FUNCTION f() RETURNS trigger AS $$ BEGIN IF TG_OP = 'INSERT' THEN INSERT INTO s.\"log\" (a) VALUES (1); END IF; END $$ LANGUAGE 'plpgsql'",
                "log",
            ),
            (
                "CREATE FUNCTION f(q text) RETURNS int AS $$ EXECUTE q $$",
                "routine",
            ),
            (
                "CREATE FUNCTION f() RETURNS int AS 'x' LANGUAGE C",
                "routine",
            ),
            (
                "CREATE TRIGGER x BEFORE INSERT OR UPDATE ON t EXECUTE FUNCTION f()",
                "",
            ),
            (
                "CREATE TRIGGER x AFTER INSERT ON t BEGIN INSERT OR IGNORE INTO u SELECT 1; END",
                "u",
            ),
            (
                "CREATE TRIGGER x ON t AFTER INSERT AS BEGIN INSERT log SELECT 1 END",
                "routine",
            ),
            (
                "CREATE RULE r AS ON UPDATE TO t DO ALSO INSERT INTO log VALUES (1)",
                "log",
            ),
        ] {
            assert_eq!(said(sql), wanted, "{sql}");
        }
    }
}
