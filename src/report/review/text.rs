//! The review for a terminal: within 80 columns, and what matters within a screen or two.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::model::{Database, LineKind, Lock, Review, Risk, Step};
use crate::report::{count, plain_text};

/// The columns of a line.
const WIDTH: usize = 80;
/// How many findings of one rule, locked tables and revisions are listed before the rest is counted.
const PLACES: usize = 3;
const TABLES: usize = 12;
const REVISIONS: usize = 20;

/// The review as text; `verbose` tells every statement.
pub(super) fn render(review: &Review, verbose: bool) -> String {
    let mut out = String::new();
    for (number, database) in review.databases.iter().enumerate() {
        if number > 0 {
            out.push('\n');
        }
        let from = or_base(&review.range.from);
        let to = or_base(&review.range.to);
        line(&mut out, 0, &format!("Review of {from} -> {to}"));
        head(&mut out, database);
        risks(&mut out, database, verbose);
        locks(&mut out, database, verbose);
        estimates(&mut out, database, review.assumed);
        steps(&mut out, database, verbose);
    }
    if !verbose {
        out.push_str("\n-v tells every statement; --format html makes a page of it.\n");
    }
    out
}

fn or_base(names: &[String]) -> String {
    match names {
        [] => "base".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} and {} more", rest.len()),
    }
}

fn head(out: &mut String, database: &Database) {
    let summary = &database.summary;
    let mut about = database.title.clone();
    if let Some(version) = &database.server_version {
        let _ = write!(about, " {version}");
    }
    let frame = match (database.transactional, database.transaction_per_revision) {
        (true, false) => "in one transaction",
        (true, true) => "in a transaction for each revision",
        (false, _) => "without a transaction: a failure leaves a part behind",
    };
    let counts = [
        count(summary.revisions, "revision"),
        count(summary.statements, "statement"),
        count(summary.tables, "table"),
    ];
    line(out, 0, &format!("{about}: {}, {frame}", counts.join(", ")));
    out.push('\n');
    let verdict = match summary.verdict {
        "incomplete" => "INCOMPLETE: not every revision could be read",
        "stop" => "STOP: there are errors",
        "look" => "LOOK: there are warnings",
        _ => "CLEAR: nothing dangerous was found",
    };
    line(out, 2, verdict);
    let mut risks = vec![
        count(summary.findings.error, "error"),
        count(summary.findings.warning, "warning"),
        count(summary.findings.note, "note"),
    ];
    if summary.acknowledged > 0 {
        risks.push(format!("{} acknowledged", summary.acknowledged));
    }
    line(out, 2, &format!("risks     {}", risks.join(", ")));
    let locks = match (summary.blocks_reads, summary.blocks_writes) {
        (0, 0) => "nobody has to wait".to_owned(),
        (reads, 0) => format!("readers wait for {}", count(reads, "table")),
        (0, writes) => format!("writers wait for {}", count(writes, "table")),
        (reads, writes) => format!(
            "readers wait for {}, writers for {writes} more",
            count(reads, "table")
        ),
    };
    line(out, 2, &format!("locks     {locks}"));
    let work = match (summary.rewrites, summary.scans) {
        (0, 0) => "no table in use is read or written as a whole".to_owned(),
        (rewrites, scans) => format!(
            "{} of a table in use, {} or index builds",
            count(rewrites, "rewrite"),
            count(scans, "scan")
        ),
    };
    line(out, 2, &format!("work      {work}"));
    let back = match (summary.no_rollback, summary.lossy_rollbacks) {
        (0, 0) => "every revision can be taken back".to_owned(),
        (none, lossy) => format!(
            "{} cannot be taken back, {} data",
            count(none, "revision"),
            match lossy {
                1 => "1 loses".to_owned(),
                lossy => format!("{lossy} lose"),
            }
        ),
    };
    line(out, 2, &format!("rollback  {back}"));
}

/// The findings, by rule.
fn risks(out: &mut String, database: &Database, verbose: bool) {
    if database.risks.is_empty() {
        return;
    }
    out.push_str("\nRISKS\n");
    let mut rules: Vec<(&Risk, Vec<&Risk>)> = Vec::new();
    for risk in database.risks.iter().filter(|r| r.acknowledged.is_none()) {
        let same = rules
            .iter_mut()
            .find(|(first, _)| first.rule == risk.rule && first.severity == risk.severity);
        match same {
            Some((_, found)) => found.push(risk),
            None => rules.push((risk, vec![risk])),
        }
    }
    for (first, found) in &rules {
        let times = match found.len() {
            1 => String::new(),
            number => format!(" ({number} times)"),
        };
        line(out, 2, &format!("{} {}{times}", first.severity, first.rule));
        let shown = if verbose { found.len() } else { PLACES };
        for risk in found.iter().take(shown) {
            wrapped(out, 4, &format!("{}{}", at(risk), risk.message));
        }
        if found.len() > shown {
            line(out, 4, &format!("and {} more", found.len() - shown));
        }
        wrapped(out, 4, &format!("instead: {}", first.remedy));
    }
    let acknowledged = database.risks.iter().filter(|r| r.acknowledged.is_some());
    for risk in acknowledged {
        let reason = risk.acknowledged.as_deref().unwrap_or_default();
        line(out, 2, &format!("acknowledged {}", risk.rule));
        wrapped(out, 4, &format!("{}{}: {reason}", at(risk), risk.message));
    }
}

/// `#12 name.py:7: `, with the file's name alone: the revisions below have the paths.
fn at(risk: &Risk) -> String {
    let file = risk.file.rsplit('/').next().unwrap_or_default();
    let number = risk.statement.map(|n| format!("#{n} "));
    format!("{}{file}:{}: ", number.unwrap_or_default(), risk.line)
}

/// Each table in use with its strongest lock.
fn locks(out: &mut String, database: &Database, verbose: bool) {
    let rank = |lock: &Lock| {
        let blocks = ["nothing", "schema", "writes", "reads"];
        let work = ["nothing", "scan", "build", "rewrite"];
        let place = |list: &[&str], name| list.iter().position(|known| *known == name);
        (place(&blocks, lock.blocks), place(&work, lock.work))
    };
    let mut strongest: indexmap::IndexMap<&str, &Lock> = indexmap::IndexMap::new();
    // From the first statement that makes the same ones wait to the last.
    let mut held: rustc_hash::FxHashMap<(&str, &str), (usize, usize)> = Default::default();
    for lock in database.locks.iter().filter(|lock| !lock.new_table) {
        let span = held.entry((&*lock.table, lock.blocks));
        let (_, until) = span.or_insert((lock.statement, lock.until));
        *until = lock.until.max(*until);
        let known = strongest.entry(&lock.table).or_insert(lock);
        if rank(lock) > rank(known) {
            *known = lock;
        }
    }
    if strongest.is_empty() {
        return;
    }
    let mut found: Vec<&Lock> = strongest.into_values().collect();
    found.sort_by_key(|lock| std::cmp::Reverse(rank(lock)));
    out.push_str("\nLOCKS on tables in use, the strongest of each\n");
    let _ = writeln!(
        out,
        "  {:<24} {:<8} {:<8} {:<22} held",
        "table", "blocks", "rows", "lock"
    );
    let shown = if verbose { found.len() } else { TABLES };
    for lock in found.iter().take(shown) {
        let (from, until) = *held.get(&(&*lock.table, lock.blocks)).unwrap_or(&(0, 0));
        let held = match until > from {
            true => format!("#{from}-{until}"),
            false => format!("#{from}"),
        };
        let blocks = waiting(lock);
        let text = format!(
            "{} {} {} {} {held}",
            padded(&lock.table, 24),
            padded(blocks, 8),
            padded(
                if lock.work == "nothing" {
                    "-"
                } else {
                    lock.work
                },
                8
            ),
            padded(&lock.lock, 22)
        );
        line(out, 2, &text);
    }
    if found.len() > shown {
        line(
            out,
            2,
            &format!("and {} more", count(found.len() - shown, "table")),
        );
    }
}

/// What work with the rows of tables in use takes, where their sizes were given.
fn estimates(out: &mut String, database: &Database, assumed: Option<&str>) {
    let Some(assumed) = assumed else { return };
    out.push_str("\nESTIMATES\n");
    for lock in &database.locks {
        let Some(estimate) = &lock.estimate else {
            continue;
        };
        let about = format!("#{} {} {}", lock.statement, lock.work, lock.table);
        line(out, 2, &about);
        line(
            out,
            4,
            &format!("{}; {} wait", estimate.text(), waiting(lock)),
        );
    }
    let unknown: BTreeSet<&str> = database
        .locks
        .iter()
        .filter(|lock| lock.estimate.is_none() && lock.work != "nothing" && !lock.new_table)
        .map(|lock| &*lock.table)
        .collect();
    if !unknown.is_empty() {
        let names: Vec<&str> = unknown.into_iter().collect();
        line(out, 2, &format!("not in the file: {}", names.join(", ")));
    }
    let mut shown = String::new();
    for part in assumed.split_inclusive(", ") {
        if shown.len() + part.len() > WIDTH - 2 {
            line(out, 2, shown.trim_end());
            shown.clear();
        }
        shown.push_str(part);
    }
    line(out, 2, &shown);
}

fn waiting(lock: &Lock) -> &'static str {
    match lock.blocks {
        "reads" => "readers",
        "writes" => "writers",
        "schema" => "DDL",
        _ => "nobody",
    }
}

fn steps(out: &mut String, database: &Database, verbose: bool) {
    out.push_str("\nREVISIONS\n");
    let _ = writeln!(
        out,
        "   # {:<13} {:<37} {:>5} {:<8} rollback",
        "revision", "message", "stmts", "risk"
    );
    let all = verbose || database.steps.len() <= REVISIONS;
    let matters = |step: &&Step| {
        all || step.severity != "none" || step.failure.is_some() || step.rollback.failure.is_some()
    };
    let limit = if verbose { usize::MAX } else { REVISIONS };
    let shown: Vec<&Step> = database.steps.iter().filter(matters).take(limit).collect();
    for step in &shown {
        let statements: usize = step.changes.iter().map(|c| c.statements.len()).sum();
        let risk = match (&step.failure, step.severity) {
            (Some(_), _) => "unread",
            (None, "none") => "-",
            (None, severity) => severity,
        };
        let back = match &step.rollback {
            rollback if rollback.failure.is_some() => "none",
            rollback if !rollback.loses.is_empty() => "lossy",
            _ => "yes",
        };
        let text = format!(
            "{:>4} {} {} {statements:>5} {risk:<8} {back}",
            step.number,
            padded(&step.revision, 13),
            padded(&step.message, 37),
        );
        line(out, 0, &text);
        if verbose {
            told(out, database, step);
        }
    }
    if shown.len() < database.steps.len() {
        let rest = database.steps.len() - shown.len();
        line(out, 2, &format!("and {} more", count(rest, "revision")));
    }
}

/// Everything about a step; statements keep their lines.
fn told(out: &mut String, database: &Database, step: &Step) {
    if let Some(failure) = &step.failure {
        wrapped(out, 6, &format!("not read to its end: {failure}"));
    }
    for change in &step.changes {
        wrapped(
            out,
            6,
            &format!("{} ({}:{})", change.effect, change.file, change.line),
        );
        for statement in &change.statements {
            let number = format!("#{}", statement.number);
            block(out, 8, &number, &statement.sql);
        }
        for lock in change.locks.iter().filter_map(|at| database.locks.get(*at)) {
            let new = if lock.new_table { " (new table)" } else { "" };
            let text = format!(
                "locks {}{new}: {}, for {}",
                lock.table,
                lock.lock,
                waiting(lock)
            );
            wrapped(out, 8, &text);
        }
    }
    for table in &step.tables {
        line(out, 6, &format!("table {} {}", table.table, table.change));
        for changed in &table.lines {
            let sign = match changed.kind {
                LineKind::Same => ' ',
                LineKind::Removed => '-',
                LineKind::Added => '+',
            };
            block(out, 8, &sign.to_string(), &changed.text);
        }
    }
    match &step.rollback.failure {
        Some(reason) => wrapped(out, 6, &format!("no rollback: {reason}")),
        None => line(out, 6, "rollback"),
    }
    for sql in &step.rollback.statements {
        block(out, 8, " ", sql);
    }
    for lost in &step.rollback.loses {
        wrapped(out, 8, &format!("does not bring back {lost}"));
    }
    out.push('\n');
}

/// SQL as it is, with a mark before its first line.
fn block(out: &mut String, indent: usize, mark: &str, sql: &str) {
    for (number, text) in sql.lines().enumerate() {
        let mark = if number == 0 { mark } else { "" };
        let _ = write!(out, "{:indent$}{mark:<4} ", "");
        out.push_str(plain_text(text.trim_end()).trim_end());
        out.push('\n');
    }
}

/// A text in one line, without what steers terminals.
fn clean(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    plain_text(&line).into_owned()
}

/// Exactly so many columns.
fn padded(text: &str, width: usize) -> String {
    let text = cut(&clean(text), width);
    let missing = width.saturating_sub(text.chars().count());
    format!("{text}{:missing$}", "")
}

fn cut(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(width.saturating_sub(1)).collect();
    short.push('…');
    short
}

/// A line that is cut where it is too long.
fn line(out: &mut String, indent: usize, text: &str) {
    let text = plain_text(text).replace('\n', " ");
    let text = cut(text.trim_end(), WIDTH - indent);
    let _ = writeln!(out, "{:indent$}{text}", "");
}

/// A text over as many lines as it needs.
fn wrapped(out: &mut String, indent: usize, text: &str) {
    let mut column = 0;
    let mut first = true;
    for word in clean(text).split(' ') {
        let mut rest = word;
        loop {
            let room = WIDTH - indent - if first { 0 } else { 2 };
            let (head, tail) = match rest.char_indices().nth(room) {
                Some((at, _)) => rest.split_at(at),
                None => (rest, ""),
            };
            let width = head.chars().count();
            if column > 0 && column + 1 + width > room {
                out.push('\n');
                column = 0;
                first = false;
                continue;
            }
            if column == 0 {
                let indent = indent + if first { 0 } else { 2 };
                let _ = write!(out, "{:indent$}", "");
            } else {
                out.push(' ');
                column += 1;
            }
            out.push_str(head);
            column += width;
            if tail.is_empty() {
                break;
            }
            rest = tail;
        }
    }
    out.push('\n');
}
