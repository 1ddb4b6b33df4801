//! Which tables a statement may have changed that cannot be read.

use std::sync::Arc;

use crate::catalog::{Catalog, Taint};

/// Statements on a table that change nothing of what the catalog knows: the words behind its name.
const HARMLESS: &[&[&str]] = &[
    &["OWNER"],
    &["ENABLE"],
    &["DISABLE"],
    &["FORCE", "ROW"],
    &["NO", "FORCE", "ROW"],
    &["VALIDATE"],
    &["REPLICA"],
    &["CLUSTER"],
    &["SET", "WITHOUT"],
    &["SET", "TABLESPACE"],
    &["SET", "LOGGED"],
    &["SET", "UNLOGGED"],
    &["SET", "("],
    &["RESET"],
    &["ENGINE"],
    &["AUTO_INCREMENT"],
    &["CONVERT"],
    &["CHECK"],
    &["NOCHECK"],
    &["WITH"],
    &["INHERIT"],
    &["ATTACH"],
    &["DETACH"],
];

/// Words between CREATE and TABLE.
const KINDS: &[&str] = &[
    "OR",
    "REPLACE",
    "GLOBAL",
    "LOCAL",
    "TEMP",
    "TEMPORARY",
    "UNLOGGED",
    "FOREIGN",
    "VIRTUAL",
    "EXTERNAL",
];

/// What is not known any more after a statement that was not read.
pub(super) fn taint(statement: &str, catalog: &Catalog) -> Taint {
    let words = words(statement);
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    let is = |at: usize, wanted: &str| word(at).eq_ignore_ascii_case(wanted);
    if is(0, "DO") || is(0, "BEGIN") || is(0, "DECLARE") {
        return block(&words, catalog);
    }
    let mut at = 1;
    while KINDS.iter().any(|kind| is(at, kind)) {
        at += 1;
    }
    if !is(at, "TABLE") {
        // Views, functions, types and their like change no table.
        return Taint::Nothing;
    }
    at += 1;
    while ["IF", "NOT", "EXISTS", "ONLY"].iter().any(|w| is(at, w)) {
        at += 1;
    }
    let mut name = word(at).to_owned();
    while word(at + 1) == "." {
        at += 2;
        word(at).clone_into(&mut name);
    }
    if name.is_empty() {
        return Taint::Everything;
    }
    let rest = words.get(at + 1..).unwrap_or_default();
    let harmless = HARMLESS.iter().any(|known| {
        known.len() <= rest.len()
            && known
                .iter()
                .zip(rest)
                .all(|(known, word)| known.eq_ignore_ascii_case(word))
    });
    if is(0, "ALTER") && harmless {
        return Taint::Nothing;
    }
    Taint::Tables(vec![Arc::from(name.to_lowercase())])
}

/// A block of a procedural language: the known tables that it names, when it changes tables.
fn block(words: &[String], catalog: &Catalog) -> Taint {
    let changes = words.windows(2).any(|pair| {
        ["ALTER", "DROP", "CREATE", "RENAME"]
            .iter()
            .any(|verb| pair[0].eq_ignore_ascii_case(verb))
            && pair[1].eq_ignore_ascii_case("TABLE")
    });
    if !changes {
        return Taint::Nothing;
    }
    let mut named: Vec<Arc<str>> = words
        .iter()
        .flat_map(|word| catalog.tables_named(word))
        .map(|((_, name), _)| Arc::from(name.to_lowercase()))
        .collect();
    named.sort_unstable();
    named.dedup();
    if named.is_empty()
        && words
            .iter()
            .any(|word| word.eq_ignore_ascii_case("EXECUTE"))
    {
        return Taint::Everything;
    }
    Taint::Tables(named)
}

/// The words of a statement, quoted names without their quotes, punctuation alone; comments are
/// left out.
fn words(statement: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = statement;
    loop {
        rest = rest.trim_start();
        if let Some(comment) = rest.strip_prefix("--") {
            rest = comment.split_once('\n').map_or("", |(_, rest)| rest);
            continue;
        }
        if let Some(comment) = rest.strip_prefix("/*") {
            rest = comment.split_once("*/").map_or("", |(_, rest)| rest);
            continue;
        }
        let Some(first) = rest.chars().next() else {
            return found;
        };
        let closing = match first {
            '"' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        let body = rest.get(first.len_utf8()..).unwrap_or("");
        if let Some(closing) = closing
            && let Some((name, behind)) = body.split_once(closing)
        {
            found.push(name.to_owned());
            rest = behind;
            continue;
        }
        let end = match first.is_alphanumeric() || first == '_' {
            true => rest
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
                .unwrap_or(rest.len()),
            false => first.len_utf8(),
        };
        let (word, behind) = rest.split_at(end);
        found.push(word.to_owned());
        rest = behind;
    }
}

/// The statements that a comment declares as the effect of its statement:
/// `-- gensql: effect ALTER TABLE t ADD COLUMN c INTEGER`.
pub(in crate::frontend::sql) fn declared(statement: &str) -> Vec<&str> {
    let lines = statement.lines().filter_map(|line| {
        let comment = line.trim().strip_prefix("--")?.trim_start();
        let comment = comment.strip_prefix("gensql:")?.trim_start();
        let effect = comment.strip_prefix("effect")?;
        Some(effect.trim().trim_end_matches(';'))
    });
    lines.collect()
}

#[cfg(test)]
mod tests {
    use super::{declared, taint};
    use crate::catalog::{Catalog, Taint};

    #[test]
    fn what_a_statement_may_have_changed() {
        let catalog = Catalog::default();
        let of = |sql| taint(sql, &catalog);
        assert_eq!(of("CREATE FUNCTION f() RETURNS int"), Taint::Nothing);
        assert_eq!(
            of("ALTER TABLE IF EXISTS ONLY s.\"T\" OWNER TO me"),
            Taint::Nothing
        );
        assert_eq!(
            of("/* x */ ALTER TABLE s.\"T\" ADD PARTITION p"),
            Taint::Tables(vec!["t".into()])
        );
        assert_eq!(
            of("CREATE UNLOGGED TABLE IF NOT EXISTS t AS SELECT 1"),
            Taint::Tables(vec!["t".into()])
        );
        assert_eq!(
            of("DO $$ BEGIN CREATE TYPE x AS ENUM ('a'); END $$"),
            Taint::Nothing
        );
        assert_eq!(
            of("DO $$ BEGIN EXECUTE format('ALTER TABLE %I ADD x int', n); END $$"),
            Taint::Everything
        );
    }

    #[test]
    fn effects_that_are_declared() {
        assert_eq!(
            declared("-- gensql: effect ALTER TABLE t ADD COLUMN c INTEGER;\nCALL p()"),
            ["ALTER TABLE t ADD COLUMN c INTEGER"]
        );
        assert!(
            declared("-- gensql:effect\nCALL p()")
                .iter()
                .all(|e| e.is_empty())
        );
    }
}
