//! The review for a pull request, in the Markdown that GitHub and GitLab understand.

use std::fmt::Write;

use super::model::{Database, LineKind, Review, Step};
use crate::report::count;
use crate::report::graph::{self, Picture};

/// GitHub refuses comments of more than 65,536 characters. Beyond this many no more revisions are
/// written out.
const ROOM: usize = 56_000;
/// How many rows a table has at most.
const ROWS: usize = 100;
/// How many revisions a picture has at most.
const DRAWN: usize = 60;

/// The review as Markdown.
pub(super) fn render(review: &Review, picture: &Picture) -> String {
    let mut out = String::new();
    for database in &review.databases {
        let _ = writeln!(
            out,
            "## Release review: {} → {} ({})\n",
            names(&review.range.from),
            names(&review.range.to),
            prose(&database.title)
        );
        summary(&mut out, database);
        risks(&mut out, database);
        locks(&mut out, database, review.assumed);
        steps(&mut out, database);
    }
    if (2..=DRAWN).contains(&picture.nodes.len()) {
        let drawn = graph::mermaid(picture);
        if out.len() + drawn.len() < ROOM + 4_000 {
            let _ = writeln!(
                out,
                "<details><summary>Revision graph</summary>\n\n{}\n</details>\n",
                fenced("mermaid", &drawn)
            );
        }
    }
    let _ = writeln!(out, "Apply with {}", code(&review.range.upgrade));
    if !review.range.downgrade.is_empty() {
        let _ = writeln!(out, "and take back with {}", code(&review.range.downgrade));
    }
    out
}

fn names(names: &[String]) -> String {
    match names {
        [] => "base".to_owned(),
        names => names
            .iter()
            .map(|name| code(name))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

fn summary(out: &mut String, database: &Database) {
    let summary = &database.summary;
    let verdict = match summary.verdict {
        "incomplete" => "⛔ **Incomplete**: not every revision could be read",
        "stop" => "⛔ **Stop**: there are errors",
        "look" => "⚠️ **Look**: there are warnings",
        _ => "✅ **Clear**: nothing dangerous was found",
    };
    let _ = writeln!(out, "{verdict}\n");
    let frame = match (database.transactional, database.transaction_per_revision) {
        (true, false) => "one",
        (true, true) => "one for each revision",
        (false, _) => "none: a failure leaves a part behind",
    };
    let rows = [
        ("Revisions", summary.revisions.to_string()),
        ("Statements", summary.statements.to_string()),
        ("Tables", summary.tables.to_string()),
        ("Transaction", frame.to_owned()),
        (
            "Risks",
            format!(
                "{}, {}, {}, {} acknowledged",
                count(summary.findings.error, "error"),
                count(summary.findings.warning, "warning"),
                count(summary.findings.note, "note"),
                summary.acknowledged
            ),
        ),
        (
            "Tables in use that others wait for",
            format!(
                "{} for readers and writers, {} for writers alone",
                summary.blocks_reads, summary.blocks_writes
            ),
        ),
        (
            "Work on tables in use",
            format!(
                "{} rewrites, {} scans or index builds",
                summary.rewrites, summary.scans
            ),
        ),
        (
            "Rollback",
            format!(
                "{} revisions cannot be taken back, {} lose data",
                summary.no_rollback, summary.lossy_rollbacks
            ),
        ),
    ];
    out.push_str("| | |\n|---|---|\n");
    for (name, value) in rows {
        let _ = writeln!(out, "| {name} | {value} |");
    }
    out.push('\n');
}

fn risks(out: &mut String, database: &Database) {
    if database.risks.is_empty() {
        return;
    }
    out.push_str("### Risks\n\n| | Severity | Rule | Finding | Instead | Where |\n|---|---|---|---|---|---|\n");
    for risk in database.risks.iter().take(ROWS) {
        let severity = match &risk.acknowledged {
            Some(reason) => format!("acknowledged: {}", prose(reason)),
            None => risk.severity.to_owned(),
        };
        let statement = risk
            .statement
            .map(|number| format!(" (statement {number})"));
        let _ = writeln!(
            out,
            "| {} | {severity} | {} | {} | {} | {}{} |",
            risk.number,
            code(risk.rule),
            prose(&risk.message),
            prose(&risk.remedy),
            code(&format!("{}:{}", risk.file, risk.line)),
            statement.unwrap_or_default()
        );
    }
    rest(out, database.risks.len());
}

fn locks(out: &mut String, database: &Database, assumed: Option<&str>) {
    let used: Vec<_> = database.locks.iter().filter(|l| !l.new_table).collect();
    if used.is_empty() {
        return;
    }
    out.push_str("### Locks on tables in use\n\n");
    let (title, rule) = match assumed {
        Some(_) => (" Estimate |", "---|"),
        None => ("", ""),
    };
    let _ = writeln!(
        out,
        "| Statement | Held until | Table | Lock | Who waits | Rows |{title}\n|---|---|---|---|---|---|{rule}"
    );
    for lock in used.iter().take(ROWS) {
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} |{}",
            lock.statement,
            lock.until,
            code(&lock.table),
            prose(&lock.lock),
            match lock.blocks {
                "reads" => "readers and writers",
                "writes" => "writers",
                "schema" => "other DDL",
                _ => "nobody",
            },
            lock.work,
            match (&lock.estimate, assumed) {
                (_, None) => String::new(),
                (Some(estimate), _) => format!(" {} |", estimate.text()),
                (None, _) => " |".to_owned(),
            }
        );
    }
    rest(out, used.len());
    if let Some(assumed) = assumed {
        let _ = writeln!(out, "{}\n", prose(assumed));
    }
}

fn rest(out: &mut String, length: usize) {
    if length > ROWS {
        let _ = writeln!(out, "\nand {} more", length - ROWS);
    }
    out.push('\n');
}

fn steps(out: &mut String, database: &Database) {
    out.push_str("### Revisions\n\n");
    let mut left_out = 0;
    for step in &database.steps {
        let mut text = String::new();
        self::step(&mut text, step);
        if out.len() + text.len() > ROOM {
            left_out += 1;
            continue;
        }
        out.push_str(&text);
    }
    if left_out > 0 {
        let _ = writeln!(
            out,
            "{left_out} revisions are left out here, since comments are limited in length. `gensql review --format html` has all of them.\n"
        );
    }
}

fn step(out: &mut String, step: &Step) {
    let severity = match step.severity {
        "none" => String::new(),
        severity => format!(" — {severity}"),
    };
    let _ = writeln!(
        out,
        "<details><summary>{}. <code>{}</code> {}{severity}</summary>\n",
        step.number,
        entities(&step.revision),
        entities(&step.message)
    );
    if let Some(failure) = &step.failure {
        let _ = writeln!(out, "⛔ not read to its end: {}\n", prose(failure));
    }
    for change in &step.changes {
        let place = code(&format!("{}:{}", change.file, change.line));
        let _ = writeln!(out, "{} ({place})\n", prose(&change.effect));
        let sql: Vec<&str> = change.statements.iter().map(|s| s.sql.as_str()).collect();
        if !sql.is_empty() {
            out.push_str(&fenced("sql", &sql.join(";\n")));
            out.push('\n');
        }
    }
    for table in &step.tables {
        let _ = writeln!(out, "Table {} {}:\n", code(&table.table), table.change);
        let lines: Vec<String> = table
            .lines
            .iter()
            .map(|line| match line.kind {
                LineKind::Same => format!("  {}", line.text),
                LineKind::Removed => format!("- {}", line.text),
                LineKind::Added => format!("+ {}", line.text),
            })
            .collect();
        out.push_str(&fenced("diff", &lines.join("\n")));
        out.push('\n');
    }
    match &step.rollback.failure {
        Some(reason) => {
            let _ = writeln!(out, "No rollback: {}\n", prose(reason));
        }
        None => out.push_str("Rollback:\n\n"),
    }
    if !step.rollback.statements.is_empty() {
        out.push_str(&fenced("sql", &step.rollback.statements.join(";\n")));
        out.push('\n');
    }
    for lost in &step.rollback.loses {
        let _ = writeln!(out, "Does not bring back {}\n", prose(lost));
    }
    out.push_str("</details>\n\n");
}

/// Text in which nothing is Markdown, HTML or the name of somebody to tell.
fn prose(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            c if c.is_ascii_alphanumeric() || " .,:;()/'-?%".contains(c) => out.push(c),
            '@' => out.push_str("&#64;&#8203;"),
            '\n' | '\r' | '\t' => out.push(' '),
            c if c.is_ascii() && !c.is_control() => {
                let _ = write!(out, "&#{};", u32::from(c));
            }
            c if is_hidden(c) => out.push('\u{FFFD}'),
            c => out.push(c),
        }
    }
    out
}

/// The same inside of HTML.
fn entities(text: &str) -> String {
    prose(text)
}

fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// A code span, also in a table.
fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '\n' | '\r' | '\t' => ' ',
            c if is_hidden(c) => '\u{FFFD}',
            c => c,
        })
        .collect();
    let text = text.trim().replace('|', "\\|");
    if text.is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest(&text) + 1);
    let space = if text.contains('`') { " " } else { "" };
    format!("{fence}{space}{text}{space}{fence}")
}

/// A block of code whose end is not in it.
fn fenced(language: &str, text: &str) -> String {
    let fence = "`".repeat((longest(text) + 1).max(3));
    let text: String = text
        .chars()
        .map(|c| {
            if c != '\n' && c != '\t' && is_hidden(c) {
                '\u{FFFD}'
            } else {
                c
            }
        })
        .collect();
    format!("{fence}{language}\n{}\n{fence}\n", text.trim_end())
}

/// The longest run of backticks.
fn longest(text: &str) -> usize {
    let mut longest = 0;
    let mut run = 0;
    for c in text.chars() {
        run = if c == '`' { run + 1 } else { 0 };
        longest = longest.max(run);
    }
    longest
}
