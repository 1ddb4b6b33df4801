//! Every directive of DDL in every variant and dialect, held against what Alembic prints
//! (`tests/oracle/ddl_cases.py` asks it).
//!
//! Scripts that are not Alembic's are listed in `tests/oracle/ddl_differences.txt`, below the reason for
//! them, which `COMPATIBILITY.md` gives too. The list must be exact, so what is repaired leaves it.
//! `GENSQL_BLESS=1` writes it: what is new comes without a reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use crate::explained::Explained;
use crate::vocabulary_cases::{
    Case, Expectation, body, cases, on_all, preamble, script, write_project,
};

const LIST: &str = "tests/oracle/ddl_differences.txt";

fn words(text: &str) -> Vec<String> {
    let text = text.replace(',', " ");
    let mut words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
    words.sort_unstable();
    words
}

/// How a script differs from Alembic's, if it does.
fn difference(
    expected: &Expectation,
    dialect: &str,
    found: &Result<String, String>,
) -> Option<&'static str> {
    let is_refused = expected.text.starts_with("!! ");
    // Alembic copies a table's constraints in the order of a set, which hashes addresses.
    let varies = expected.varying.iter().any(|other| other == dialect)
        || expected.text.contains("_alembic_tmp_");
    match found {
        Err(_) if is_refused => None,
        Err(_) => Some("refused"),
        Ok(_) if is_refused => Some("not refused"),
        Ok(text) if *text == expected.text => None,
        Ok(text) if words(text) == words(&expected.text) => (!varies).then_some("other order"),
        Ok(_) => Some("other text"),
    }
}

/// The differences of a case by what they are: the dialects, and one dialect's texts.
fn differences(case: &Case, directory: &std::path::Path, preamble: &str) -> Vec<(String, String)> {
    write_project(directory, preamble, &[], case);
    let mut kinds: BTreeMap<&str, (Vec<&str>, String)> = BTreeMap::new();
    for expected in &case.expectations {
        for dialect in &expected.dialects {
            let found = script(directory, dialect, "c0:c1", true)
                .and_then(|script| body(&script).map(str::to_owned));
            let Some(kind) = difference(expected, dialect, &found) else {
                continue;
            };
            let answer = match found {
                Ok(text) => text,
                Err(message) => format!("!! {message}\n"),
            };
            let (dialects, texts) = kinds.entry(kind).or_default();
            dialects.push(dialect);
            let _ = write!(
                texts,
                "--- Alembic, {dialect}\n{}--- gensql\n{answer}",
                expected.text
            );
        }
    }
    kinds
        .into_iter()
        .map(|(kind, (mut dialects, texts))| {
            dialects.sort_unstable();
            let line = format!(
                "{}: {}: {kind}: {}",
                case.file,
                dialects.join(" "),
                case.python.join(" | ")
            );
            (line, texts)
        })
        .collect()
}

#[test]
fn what_alembic_prints() {
    let cases = cases();
    assert!(cases.len() > 4_900, "{} cases", cases.len());
    let preamble = preamble();
    let found: BTreeMap<String, String> = on_all(cases.len(), |directory, number| {
        differences(&cases[number], directory, &preamble)
    })
    .into_iter()
    .flatten()
    .collect();
    Explained::read(LIST).hold(&found, |_| true);
}

#[test]
fn each_difference_is_explained() {
    Explained::read(LIST).is_in_compatibility();
}
