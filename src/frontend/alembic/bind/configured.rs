//! `[answers]`: what the user says that the database answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Data;

use crate::frontend::sql::Answer;
use crate::frontend::sql::system::{Datum, Rows};
use crate::operation::Executable;

/// By the text of the query, its rows: a value, a list of values of one column, or a list of rows.
pub type Answers = BTreeMap<String, Data>;

/// What reads and writes nothing begins with one of these.
const READING: &[&str] = &["SELECT", "SHOW", "PRAGMA", "DESCRIBE"];

/// What is said of a query; blanks and a semicolon at its end do not count.
pub(super) fn answer(answers: &Answers, statement: &Executable) -> Option<Answer> {
    if answers.is_empty() {
        return None;
    }
    let asked = plain(statement.text()?);
    let first = asked.split(' ').next().unwrap_or_default();
    if !READING.iter().any(|word| word.eq_ignore_ascii_case(first)) {
        return None;
    }
    let (_, said) = answers.iter().find(|(text, _)| plain(text) == asked)?;
    let rows: Vec<Vec<Datum>> = match said {
        Data::Array(rows) => rows.iter().map(row).collect(),
        cell => vec![row(cell)],
    };
    // Nobody has said what the columns are called.
    let width = rows.first().map_or(0, Vec::len);
    Some(Answer::Rows(Rows {
        columns: vec![Arc::from(""); width],
        rows,
        ordered: true,
    }))
}

fn plain(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").trim_end_matches([';', ' ']).to_owned()
}

fn row(data: &Data) -> Vec<Datum> {
    match data {
        Data::Array(cells) => cells.iter().map(cell).collect(),
        single => vec![cell(single)],
    }
}

fn cell(data: &Data) -> Datum {
    match data {
        Data::Bool(flag) => Datum::Bool(*flag),
        Data::String(text) => Datum::Text(Arc::from(text.as_str())),
        Data::Number(number) => number.as_i64().map_or(Datum::Unknown, Datum::Int),
        Data::Null | Data::Array(_) | Data::Object(_) => Datum::Unknown,
    }
}
