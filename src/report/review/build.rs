//! The model of a release, from what lint knows of it.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::model::{Change, Database, Lock, Risk, Rollback, Statement, Step, Summary};
use super::tables::Definitions;
use super::timeline::Timeline;
use crate::compare::describe;
use crate::diagnostic::{Diagnostic, Severity};
use crate::dialect::Dialect;
use crate::lint::{self, Action, Finding, Release};
use crate::operation::Operation;
use crate::report::findings::severity;
use crate::source::Location;

/// A release on one database, with its way back.
#[derive(Clone, Copy)]
pub struct Part<'a> {
    /// The dialect.
    pub dialect: &'a Rc<Dialect>,
    /// The release.
    pub release: &'a Release,
    /// The same revisions, taken back.
    pub back: &'a Release,
    /// What lint found in the release.
    pub findings: &'a [Finding],
    /// The sizes of tables, where they are known.
    pub stats: Option<&'a lint::Stats>,
}

/// The model of a part.
pub fn database(part: Part<'_>) -> Database {
    let Part {
        dialect,
        release,
        back,
        findings,
        stats,
    } = part;
    let mut rollbacks: FxHashMap<Arc<str>, &lint::Step> = back
        .steps
        .iter()
        .map(|step| (Arc::clone(&step.revision), step))
        .collect();
    let mut by_revision: FxHashMap<&str, Vec<&Finding>> = FxHashMap::default();
    for finding in findings {
        by_revision
            .entry(&finding.revision)
            .or_default()
            .push(finding);
    }
    let mut timeline = Timeline::new(release, dialect, stats);
    let definitions = Definitions::new(dialect);
    let mut risks = Vec::with_capacity(findings.len());
    let mut steps = Vec::with_capacity(release.steps.len());
    let mut tables = FxHashSet::default();
    for (number, step) in release.steps.iter().enumerate() {
        let found = by_revision.remove(&*step.revision).unwrap_or_default();
        let mut sorted = Sorted::new(step, &found);
        let mut changes = Vec::with_capacity(step.changes.len());
        for (at, change) in step.changes.iter().enumerate() {
            let (numbers, locks) = timeline.change(step, change);
            let first = numbers.first().map(|(number, _)| *number);
            for table in change.effects.iter().filter_map(|e| e.table.as_ref()) {
                tables.insert(dialect.table_name(table));
            }
            let about = sorted.of_change.remove(&at).unwrap_or_default();
            let begin = risks.len();
            risks.extend(about.iter().map(|finding| risk(finding, first)));
            let location = change.located.location.as_ref().or(step.location.as_ref());
            let (file, line) = place(location);
            changes.push(Change {
                effect: describe(&change.located.operation),
                file,
                line,
                statements: change
                    .statements
                    .iter()
                    .zip(numbers)
                    .map(|(sql, (number, transaction))| Statement {
                        number,
                        sql: sql.trim().to_owned(),
                        transaction,
                    })
                    .collect(),
                risks: (begin..risks.len()).collect(),
                locks,
            });
        }
        timeline.end_step();
        let begin = risks.len();
        risks.extend(sorted.of_step.iter().map(|finding| risk(finding, None)));
        let worst = found
            .iter()
            .filter(|finding| finding.allowed.is_none())
            .map(|finding| finding.severity)
            .max();
        let (_, line) = place(step.location.as_ref());
        steps.push(Step {
            number: number + 1,
            revision: step.revision.to_string(),
            message: step.message.to_string(),
            follows: step.follows.iter().map(|id| id.to_string()).collect(),
            file: file_name(&step.path),
            line,
            severity: worst.map_or("none", severity),
            risks: (begin..risks.len()).collect(),
            changes,
            tables: definitions.changed(step),
            rollback: rollback(step, rollbacks.remove(&step.revision)),
            failure: step.failure.as_deref().map(in_words),
        });
    }
    timeline.end_transaction();
    let statements = timeline.statements();
    let locks = timeline.locks;
    number_risks(&mut risks, &mut steps);
    let mut summary = summary(&risks, &locks, &steps);
    summary.statements = statements;
    summary.tables = tables.len();
    Database {
        dialect: dialect.name().to_owned(),
        title: dialect.facts().title.to_string(),
        server_version: dialect.version().map(str::to_owned),
        transactional: release.transactional,
        transaction_per_revision: release.transaction_per_step,
        summary,
        risks,
        locks,
        steps,
    }
}

/// The findings of a step by the change that they are about.
struct Sorted<'a> {
    of_change: FxHashMap<usize, Vec<&'a Finding>>,
    of_step: Vec<&'a Finding>,
}

impl<'a> Sorted<'a> {
    /// A finding has the place of its effect, and the text of its statement; a place alone may be
    /// that of several, as in a loop.
    fn new(step: &lint::Step, found: &[&'a Finding]) -> Self {
        let mut sorted = Self {
            of_change: FxHashMap::default(),
            of_step: Vec::new(),
        };
        if found.is_empty() {
            return sorted;
        }
        let mut exact: FxHashMap<(Option<u32>, &str), usize> = FxHashMap::default();
        let mut near: FxHashMap<u32, usize> = FxHashMap::default();
        for (at, change) in step.changes.iter().enumerate() {
            for effect in &change.effects {
                let start = effect.location.as_ref().map(|l| l.span.start);
                let text = match &effect.action {
                    Action::Sql(sql) => Some(sql.text.as_str()),
                    Action::Operation(_) => change.statements.first().map(String::as_str),
                };
                if let Some(text) = text {
                    exact.entry((start, text)).or_insert(at);
                }
                if let Some(start) = start {
                    near.entry(start).or_insert(at);
                }
            }
        }
        for finding in found {
            let start = finding.location.as_ref().map(|l| l.span.start);
            let exactly = finding
                .statement
                .as_deref()
                .and_then(|text| exact.get(&(start, text)));
            let at = exactly.or_else(|| start.and_then(|start| near.get(&start)));
            match at {
                Some(at) => sorted.of_change.entry(*at).or_default().push(finding),
                None => sorted.of_step.push(finding),
            }
        }
        sorted
    }
}

fn risk(finding: &Finding, statement: Option<usize>) -> Risk {
    let (file, line) = place(finding.location.as_ref());
    Risk {
        number: 0,
        severity: severity(finding.severity),
        rule: finding.rule.name,
        family: finding.rule.family.name(),
        message: finding.message.clone(),
        remedy: finding.remedy.clone(),
        revision: finding.revision.to_string(),
        statement,
        file,
        line,
        acknowledged: finding.allowed.clone(),
    }
}

/// Orders the risks, the worst first and the acknowledged last, and gives them their numbers.
fn number_risks(risks: &mut [Risk], steps: &mut [Step]) {
    let rank = |risk: &Risk| {
        let severity = match risk.severity {
            "error" => 0,
            "warning" => 1,
            _ => 2,
        };
        (risk.acknowledged.is_some(), severity)
    };
    let mut order: Vec<usize> = (0..risks.len()).collect();
    order.sort_by_key(|at| risks.get(*at).map(rank));
    let mut numbers = vec![0; risks.len()];
    for (number, at) in order.iter().enumerate() {
        if let Some(slot) = numbers.get_mut(*at) {
            *slot = number + 1;
        }
    }
    for (risk, number) in risks.iter_mut().zip(&numbers) {
        risk.number = *number;
    }
    risks.sort_by_key(|risk| risk.number);
    let renumber = |list: &mut Vec<usize>| {
        for at in list.iter_mut() {
            *at = numbers.get(*at).copied().unwrap_or_default();
        }
        list.sort_unstable();
    };
    for step in steps {
        renumber(&mut step.risks);
        step.changes.iter_mut().for_each(|c| renumber(&mut c.risks));
    }
}

fn rollback(step: &lint::Step, back: Option<&lint::Step>) -> Rollback {
    let mut rollback = Rollback {
        loses: loses(step),
        ..Rollback::default()
    };
    match back {
        Some(back) => {
            let statements = back.changes.iter().flat_map(|change| &change.statements);
            rollback.statements = statements.map(|sql| sql.trim().to_owned()).collect();
            rollback.failure = back.failure.as_deref().map(in_words);
        }
        None => rollback.failure = Some("it was not looked at".to_owned()),
    }
    if rollback.statements.is_empty() && rollback.failure.is_none() && does_something(step) {
        rollback.failure = Some("the downgrade does nothing".to_owned());
    }
    rollback
}

fn does_something(step: &lint::Step) -> bool {
    step.changes
        .iter()
        .any(|change| !change.statements.is_empty())
}

/// What no way back restores.
fn loses(step: &lint::Step) -> Vec<String> {
    let mut made = FxHashSet::default();
    let mut lost = Vec::new();
    for effect in step.changes.iter().flat_map(|change| &change.effects) {
        match &effect.action {
            Action::Operation(Operation::CreateTable { table, .. }) => {
                made.insert(&table.name);
            }
            Action::Operation(Operation::DropTable { table, .. }) if !made.contains(table) => {
                lost.push(format!("the rows of table {}", table.name.name));
            }
            Action::Operation(Operation::DropColumn { table, column, .. })
                if !made.contains(table) =>
            {
                lost.push(format!(
                    "the values of column {}.{}",
                    table.name.name, column.name
                ));
            }
            Action::Sql(sql) => match sql.words.first().map(String::as_str) {
                Some("DELETE" | "TRUNCATE") => {
                    lost.push(format!("the rows removed by {}", short(&sql.text)));
                }
                Some("UPDATE" | "MERGE") => {
                    lost.push(format!("the values before {}", short(&sql.text)));
                }
                _ => {}
            },
            Action::Operation(_) => {}
        }
    }
    lost
}

/// The beginning of a statement, in one line.
fn short(text: &str) -> String {
    let mut line = String::new();
    for word in text.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
        if line.chars().count() > 60 {
            let mut cut: String = line.chars().take(60).collect();
            cut.push('…');
            return cut;
        }
    }
    line
}

fn summary(risks: &[Risk], locks: &[Lock], steps: &[Step]) -> Summary {
    let mut summary = Summary {
        revisions: steps.len(),
        ..Summary::default()
    };
    for risk in risks {
        match (risk.acknowledged.is_some(), risk.severity) {
            (true, _) => summary.acknowledged += 1,
            (false, "error") => summary.findings.error += 1,
            (false, "warning") => summary.findings.warning += 1,
            (false, _) => summary.findings.note += 1,
        }
    }
    let used: Vec<&Lock> = locks.iter().filter(|lock| !lock.new_table).collect();
    let of = |blocks: &str| -> FxHashSet<&str> {
        let blocking = used.iter().filter(|lock| lock.blocks == blocks);
        blocking.map(|lock| lock.table.as_str()).collect()
    };
    let reads = of("reads");
    summary.blocks_writes = of("writes").difference(&reads).count();
    summary.blocks_reads = reads.len();
    summary.rewrites = used.iter().filter(|lock| lock.work == "rewrite").count();
    let scanning = |lock: &&&Lock| matches!(lock.work, "scan" | "build");
    summary.scans = used.iter().filter(scanning).count();
    for step in steps {
        let statements = step.changes.iter().flat_map(|change| &change.statements);
        summary.outside_transactions += statements.filter(|s| s.transaction.is_none()).count();
        summary.no_rollback += usize::from(step.rollback.failure.is_some());
        summary.lossy_rollbacks += usize::from(!step.rollback.loses.is_empty());
        summary.unread += usize::from(step.failure.is_some());
    }
    summary.verdict = match &summary {
        found if found.unread > 0 => "incomplete",
        found if found.findings.error > 0 => "stop",
        found if found.findings.warning > 0 => "look",
        _ => "clear",
    };
    summary
}

/// The message of a failure with its place and the first remedy.
fn in_words(found: &Diagnostic) -> String {
    let (file, line) = place(found.primary.as_ref());
    match found.severity {
        Severity::Note | Severity::Warning | Severity::Error if file.is_empty() => {
            found.message.clone()
        }
        Severity::Note | Severity::Warning | Severity::Error => {
            format!("{} ({file}:{line})", found.message)
        }
    }
}

fn place(location: Option<&Location>) -> (String, usize) {
    location.map_or_else(Default::default, |location| {
        let (line, _) = location.file.line_column(location.span.start);
        (file_name(location.file.path()), line)
    })
}

/// A path as the user knows it, with forward slashes.
fn file_name(path: &std::path::Path) -> String {
    let path = path.to_string_lossy().replace('\\', "/");
    path.trim_start_matches("./").to_owned()
}
