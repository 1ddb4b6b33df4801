//! The rows of a version table, read from what a database client printed or from a dump.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Result};

/// The longest line that is looked at; rows of a version table are short.
const MAX_LINE: u64 = 1 << 20;
/// More rows than any version table has.
const MAX_ROWS: usize = 100_000;

/// Reads the rows from a file, or from the standard input for `-`.
pub(super) fn read(path: &Path, table: &str) -> Result<Vec<String>> {
    let failed = |error: io::Error| {
        let message = format!("cannot read {}: {error}", path.display());
        Box::new(Diagnostic::error(Code::Io, message))
    };
    if path == Path::new("-") {
        return parse(io::stdin().lock(), table).map_err(failed);
    }
    let file = File::open(path).map_err(failed)?;
    parse(BufReader::new(file), table).map_err(failed)
}

/// What the lines so far have turned out to be.
#[derive(PartialEq)]
enum Form {
    /// A listing, as far as one can see.
    Listing,
    /// A dump, outside the rows.
    Dump,
    /// The rows of a `COPY` in a dump.
    Copy,
}

fn parse(mut input: impl BufRead, table: &str) -> io::Result<Vec<String>> {
    let mut form = Form::Listing;
    let mut listed = Vec::new();
    let mut dumped = Vec::new();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 || dumped.len() > MAX_ROWS {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        if form == Form::Copy {
            if text == "\\." {
                form = Form::Dump;
            } else if let Some(id) = text.split('\t').next().filter(|id| !id.is_empty()) {
                dumped.push(id.to_owned());
            }
            continue;
        }
        if let Some(rest) = after_table(text, "COPY ", table) {
            form = if rest.to_ascii_uppercase().contains("FROM STDIN") {
                Form::Copy
            } else {
                Form::Dump
            };
            continue;
        }
        if let Some(rest) = after_table(text, "INSERT INTO ", table) {
            form = Form::Dump;
            dumped.extend(quoted(rest));
            continue;
        }
        if form == Form::Listing && listed.len() <= MAX_ROWS {
            listed.extend(listed_row(text));
        }
    }
    Ok(if form == Form::Dump || !dumped.is_empty() {
        dumped
    } else {
        listed
    })
}

/// What follows the table's name in a statement on it. The name may be quoted and qualified.
fn after_table<'a>(line: &'a str, keyword: &str, table: &str) -> Option<&'a str> {
    let start = line.get(..keyword.len())?;
    if !start.eq_ignore_ascii_case(keyword) {
        return None;
    }
    let rest = line[keyword.len()..].trim_start();
    let end = rest.find([' ', '(']).unwrap_or(rest.len());
    let name = rest[..end].rsplit('.').next()?;
    let name = name.trim_matches(['"', '`', '[', ']']);
    name.eq_ignore_ascii_case(table).then(|| &rest[end..])
}

/// The string literals of a statement.
fn quoted(text: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some(start) = rest.find('\'') {
        let mut value = String::new();
        rest = &rest[start + 1..];
        loop {
            let Some(end) = rest.find('\'') else {
                return found;
            };
            value.push_str(&rest[..end]);
            rest = &rest[end + 1..];
            match rest.strip_prefix('\'') {
                Some(after) => {
                    value.push('\'');
                    rest = after;
                }
                None => break,
            }
        }
        found.push(value);
    }
    found
}

/// A row of a listing by psql, mysql, sqlite3, sqlcmd or sqlplus; not its header or its frame.
fn listed_row(line: &str) -> Option<String> {
    let cell = line
        .trim_matches(['|', '│', ' ', '\t'])
        .trim_matches(['"', '\'']);
    let frame = |c: char| {
        matches!(
            c,
            '-' | '+'
                | '='
                | '|'
                | '─'
                | '┼'
                | '┌'
                | '┐'
                | '└'
                | '┘'
                | '├'
                | '┤'
                | '┬'
                | '┴'
                | ' '
        )
    };
    let counts = line.starts_with('(') && line.ends_with(')') && line.contains("row");
    let tail = line.ends_with(" rows affected)")
        || line.ends_with("row selected.")
        || line.ends_with("rows selected.");
    let header = cell.eq_ignore_ascii_case("version_num");
    if cell.is_empty() || cell.chars().all(frame) || counts || tail || header {
        return None;
    }
    // `current` of Alembic adds marks such as `(head)`.
    Some(cell.split_once(" (").map_or(cell, |(id, _)| id).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        parse(text.as_bytes(), "alembic_version").unwrap()
    }

    #[test]
    fn listings_of_clients() {
        let psql = " version_num  \n--------------\n abc123\n def456\n(2 rows)\n\n";
        let mysql = "+-------------+\n| version_num |\n+-------------+\n| abc123      |\n| def456      |\n+-------------+\n";
        let plain = "abc123\ndef456\n";
        let csv = "version_num\n\"abc123\"\n\"def456\"\n";
        let sqlcmd = "version_num\r\n-----------\r\nabc123\r\ndef456\r\n\r\n(2 rows affected)\r\n";
        let alembic = "abc123 (head)\ndef456\n";
        for text in [psql, mysql, plain, csv, sqlcmd, alembic] {
            assert_eq!(rows(text), ["abc123", "def456"], "{text}");
        }
    }

    #[test]
    fn dumps() {
        let postgresql = "SET x = 1;\nCREATE TABLE public.alembic_version (\n    version_num character varying(32) NOT NULL\n);\nCOPY public.users (id) FROM stdin;\n1\n\\.\nCOPY public.alembic_version (version_num) FROM stdin;\nabc123\ndef456\n\\.\n-- done\n";
        assert_eq!(rows(postgresql), ["abc123", "def456"]);
        let mysql = "INSERT INTO `users` VALUES (1,'x');\nINSERT INTO `alembic_version` VALUES ('abc123'),('def456');\n";
        assert_eq!(rows(mysql), ["abc123", "def456"]);
    }

    #[test]
    fn nothing_is_nothing() {
        assert!(rows("").is_empty());
        assert!(rows(" version_num \n---\n(0 rows)\n").is_empty());
    }
}
