//! Every directive of DDL in every variant and dialect, held against what Alembic prints
//! (`tests/oracle/ddl_cases.py` asks it).
//!
//! Scripts that are not Alembic's are listed in `tests/oracle/ddl_differences.txt`, below the reason for
//! them, which `COMPATIBILITY.md` gives too. The list must be exact, so what is repaired leaves it.
//! `GENSQL_BLESS=1` writes it: what is new comes without a reason.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::PathBuf;

use crate::program::root;
use crate::vocabulary_cases::{
    Case, Expectation, body, cases, on_all, preamble, script, write_project,
};

const UNEXPLAINED: &str = "?";

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
    let varies = expected.varying.iter().any(|other| other == dialect);
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

fn list() -> PathBuf {
    root().join("tests/oracle/ddl_differences.txt")
}

/// The listed differences, each with its reason.
fn listed() -> BTreeMap<String, String> {
    let text = std::fs::read_to_string(list()).unwrap_or_default();
    let mut reason = UNEXPLAINED;
    let mut found = BTreeMap::new();
    for line in text.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix("# ") {
            Some(text) => reason = text,
            None => {
                found.insert(line.to_owned(), reason.to_owned());
            }
        }
    }
    found
}

fn bless(details: &BTreeMap<String, String>, listed: &BTreeMap<String, String>) {
    let mut reasons: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for line in details.keys() {
        let reason = listed.get(line).map_or(UNEXPLAINED, String::as_str);
        reasons.entry(reason).or_default().push(line);
    }
    let mut text = String::new();
    for (reason, lines) in reasons {
        let _ = writeln!(text, "# {reason}\n{}\n", lines.join("\n"));
    }
    std::fs::write(list(), text).unwrap();
}

#[test]
fn what_alembic_prints() {
    let cases = cases();
    assert!(cases.len() > 4_900, "{} cases", cases.len());
    let preamble = preamble();
    let details: BTreeMap<String, String> = on_all(cases.len(), |directory, number| {
        differences(&cases[number], directory, &preamble)
    })
    .into_iter()
    .flatten()
    .collect();
    let listed = listed();
    if std::env::var_os("GENSQL_BLESS").is_some() {
        bless(&details, &listed);
        for (line, texts) in &details {
            println!("{line}\n{texts}");
        }
        return;
    }
    let new: Vec<String> = details
        .iter()
        .filter(|(line, _)| !listed.contains_key(*line))
        .map(|(line, texts)| format!("{line}\n{texts}"))
        .collect();
    assert!(new.is_empty(), "{} differ:\n{}", new.len(), new.join("\n"));
    let repaired: Vec<&String> = listed
        .keys()
        .filter(|line| !details.contains_key(*line))
        .collect();
    assert!(
        repaired.is_empty(),
        "no longer different, take them off {}:\n{repaired:#?}",
        list().display(),
    );
}

#[test]
fn each_difference_is_explained() {
    let explanations = std::fs::read_to_string(root().join("COMPATIBILITY.md")).unwrap();
    for (line, reason) in listed() {
        assert!(
            explanations.contains(&format!("| {reason} |")),
            "COMPATIBILITY.md has no row for {reason:?}: {line}"
        );
    }
}
