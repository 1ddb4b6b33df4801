//! The rows of a version table, read from what a database client printed or from a dump.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use crate::diagnostic::{Code, Diagnostic, Result};

/// The longest line that is looked at; rows of a version table are short.
const MAX_LINE: u64 = 1 << 20;
/// The column of the version table.
const COLUMN: &str = "version_num";
/// More rows than any version table has.
const MAX_ROWS: usize = 100_000;

/// Reads the rows from a file, or from the standard input for `-`.
pub(super) fn read(path: &Path, table: &str) -> Result<Vec<String>> {
    let failed = |error: io::Error| {
        let message = format!("cannot read {}: {error}", path.display());
        Box::new(Diagnostic::error(Code::Io, message).with_help(
            "give a file with what `SELECT version_num FROM alembic_version` printed, or name the revisions with `--current`",
        ))
    };
    let found = if path == Path::new("-") {
        parse(io::stdin().lock(), table)
    } else {
        File::open(path).and_then(|file| parse(BufReader::new(file), table))
    };
    match found.map_err(failed)? {
        Found::Rows(rows) => Ok(rows),
        Found::NoTable => {
            let message = format!("the dump {} has no table {table}", path.display());
            Err(Box::new(Diagnostic::error(Code::Io, message).with_help(
                "say `--current base` for a database without any revision",
            )))
        }
    }
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
    /// The rows of an `INSERT` that goes on.
    Insert,
}

/// What was found.
#[derive(Debug, PartialEq)]
enum Found {
    Rows(Vec<String>),
    /// A dump in which nothing is said about the version table.
    NoTable,
}

fn parse(mut input: impl BufRead, table: &str) -> io::Result<Found> {
    let mut form = Form::Listing;
    let mut listed = Vec::new();
    let mut dumped = Vec::new();
    let (mut is_dump, mut has_table) = (false, false);
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = input.by_ref().take(MAX_LINE).read_until(b'\n', &mut line)?;
        if read == 0 || dumped.len() > MAX_ROWS {
            break;
        }
        let text = String::from_utf8_lossy(&line);
        let text = text.trim_start_matches('\u{feff}').trim();
        match form {
            Form::Copy => {
                if text == "\\." {
                    form = Form::Dump;
                } else if let Some(id) = text.split('\t').next().filter(|id| !id.is_empty()) {
                    dumped.push(id.to_owned());
                }
                continue;
            }
            Form::Insert => {
                dumped.extend(quoted(text));
                if text.ends_with(';') {
                    form = Form::Dump;
                }
                continue;
            }
            Form::Listing | Form::Dump => {}
        }
        is_dump |= of_dump(text);
        if after_table(text, "CREATE TABLE IF NOT EXISTS ", table).is_some()
            || after_table(text, "CREATE TABLE ", table).is_some()
        {
            has_table = true;
            continue;
        }
        if let Some(rest) = after_table(text, "COPY ", table) {
            has_table = true;
            form = if rest.to_ascii_uppercase().contains("FROM STDIN") {
                Form::Copy
            } else {
                Form::Dump
            };
            continue;
        }
        if let Some(rest) = inserted(text, table) {
            has_table = true;
            dumped.extend(quoted(rest));
            form = if text.ends_with(';') {
                Form::Dump
            } else {
                Form::Insert
            };
            continue;
        }
        if form == Form::Listing && !is_dump && listed.len() <= MAX_ROWS {
            listed.extend(listed_rows(text));
        }
    }
    Ok(if !is_dump && !has_table {
        Found::Rows(listed)
    } else if has_table {
        Found::Rows(dumped)
    } else {
        Found::NoTable
    })
}

/// Whether a line is the beginning of a statement or a remark that only dumps have.
fn of_dump(line: &str) -> bool {
    const STARTS: &[&str] = &[
        "CREATE ",
        "PRAGMA ",
        "BEGIN;",
        "BEGIN TRANSACTION",
        "SET ",
        "COPY ",
        "INSERT INTO ",
        "LOCK TABLES",
        "DROP TABLE",
        "-- PostgreSQL database dump",
        "-- MySQL dump",
        "-- MariaDB dump",
        "/*!",
    ];
    STARTS.iter().any(|start| {
        line.get(..start.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(start))
    })
}

/// What follows the table's name in an INSERT of version rows: into the version table, or into
/// any table whose one column is that of versions, as `sqlite3` prints rows in its insert mode.
fn inserted<'a>(line: &'a str, table: &str) -> Option<&'a str> {
    after_table(line, "INSERT INTO ", table).or_else(|| {
        let rest = after_table(line, "INSERT INTO ", "table")?;
        rest.starts_with("(version_num)").then_some(rest)
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

/// What clients say beside the rows.
fn is_remark(line: &str) -> bool {
    let starts = [
        "mysql: [",
        "mariadb: [",
        "WARNING:",
        "Warning:",
        "INFO  [",
        "Time: ",
    ];
    let lower = line.to_ascii_lowercase();
    let counts = lower.starts_with('(') && lower.ends_with(')') && lower.contains("row");
    let counted = lower.split_once(' ').is_some_and(|(count, rest)| {
        count.chars().all(|c| c.is_ascii_digit())
            && ["row in set", "rows in set", "row selected", "rows selected"]
                .iter()
                .any(|end| rest.starts_with(end))
    });
    counts
        || counted
        || lower.starts_with("empty set")
        || lower == "no rows selected"
        || line.starts_with("-[ RECORD ")
        || (line.starts_with("***") && line.ends_with("***"))
        || starts.iter().any(|start| line.starts_with(start))
}

/// The rows on a line of a listing by psql, mysql, sqlite3, sqlcmd or sqlplus, in any of their
/// modes; not its header or its frame.
fn listed_rows(line: &str) -> Vec<String> {
    if is_remark(line) {
        return Vec::new();
    }
    if line.starts_with(['[', '{']) && line.contains(COLUMN) {
        return of_json(line);
    }
    let frame = |c: char| "-+=|:─┼┌┐└┘├┤┬┴│═║╔╗╚╝╠╣╬ ".contains(c);
    let mut cell = line
        .trim_matches(['|', '│', '║', ' ', '\t'])
        .trim_matches(['"', '\'']);
    if cell.is_empty() || cell.chars().all(frame) || cell.eq_ignore_ascii_case(COLUMN) {
        return Vec::new();
    }
    // `version_num | a1`, `version_num: a1` and `version_num = a1` of expanded listings.
    if let Some(begin) = cell.get(..COLUMN.len())
        && begin.eq_ignore_ascii_case(COLUMN)
    {
        let rest = cell[COLUMN.len()..].trim_start();
        if let Some(value) = rest.strip_prefix(['|', ':', '=']) {
            cell = value.trim();
        }
    }
    // `current` of Alembic adds marks such as `(head)`.
    vec![cell.split_once(" (").map_or(cell, |(id, _)| id).to_owned()]
}

/// The values of `"version_num":"…"`.
fn of_json(line: &str) -> Vec<String> {
    let text = line.trim_end_matches(',');
    let closed = if text.starts_with('[') && !text.ends_with(']') {
        format!("{text}]")
    } else {
        text.trim_start_matches('[')
            .trim_end_matches(']')
            .to_owned()
    };
    let parsed = serde_json::from_str(&closed)
        .or_else(|_| serde_json::from_str(&format!("[{closed}]")))
        .unwrap_or(serde_json::Value::Null);
    let rows = match parsed {
        serde_json::Value::Array(rows) => rows,
        row => vec![row],
    };
    rows.iter()
        .filter_map(|row| row.get(COLUMN)?.as_str())
        .map(str::to_owned)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rows(text: &str) -> Vec<String> {
        match parse(text.as_bytes(), "alembic_version").unwrap() {
            Found::Rows(rows) => rows,
            Found::NoTable => panic!("no table: {text}"),
        }
    }

    #[test]
    fn modes_of_clients() {
        for text in [
            "-[ RECORD 1 ]---------\nversion_num | abc123\n\n",
            " version_num \n-------------\n abc123\n(1 row)\n\nTime: 0.412 ms\n",
            "+-------------+\n| version_num |\n+-------------+\n| abc123      |\n+-------------+\n1 row in set (0.00 sec)\n",
            "*************************** 1. row ***************************\nversion_num: abc123\n1 row in set (0.00 sec)\n",
            "mysql: [Warning] Using a password on the command line interface can be insecure.\nversion_num\nabc123\n",
            "version_num = abc123\n",
            "[{\"version_num\":\"abc123\"}]\n",
            "| version_num |\n|-------------|\n| abc123      |\n",
            "INSERT INTO \"table\"(version_num) VALUES('abc123');\n",
            "INSERT INTO public.alembic_version VALUES\n\t('abc123');\n",
            "\u{feff}version_num\r\nabc123\r\n",
            "INFO  [alembic.runtime.migration] Context impl SQLiteImpl.\nabc123 (head)\n",
        ] {
            assert_eq!(rows(text), ["abc123"], "{text}");
        }
        let two = "[{\"version_num\":\"a1\"},\n{\"version_num\":\"b2\"}]\n";
        assert_eq!(rows(two), ["a1", "b2"]);
        assert!(rows("Empty set (0.00 sec)\n").is_empty());
        let empty = "CREATE TABLE public.alembic_version (\n    version_num varchar(32) NOT NULL\n);\nCOPY public.alembic_version (version_num) FROM stdin;\n\\.\n";
        assert!(rows(empty).is_empty());
        let other = "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\nCREATE TABLE t(a);\nCOMMIT;\n";
        assert_eq!(
            parse(other.as_bytes(), "alembic_version").unwrap(),
            Found::NoTable
        );
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
