//! The timeline of locks as SVG: a row for each table in use, from statement to statement.

use std::fmt::Write;

use indexmap::IndexMap;

use super::super::model::{Database, Lock};
use crate::report::graph::xml;

/// Pixels.
const ROW: usize = 26;
const NAMES: usize = 190;
const PLOT: usize = 950;
const TOP: usize = 30;
/// How many tables are drawn; the list below the picture has all.
const TABLES: usize = 40;

/// The picture; empty where no table in use is locked.
pub(super) fn locks(database: &Database) -> String {
    let mut tables: IndexMap<&str, Vec<&Lock>> = IndexMap::new();
    let used = database.locks.iter().filter(|lock| !lock.new_table);
    for lock in used.filter(|lock| lock.blocks != "nothing") {
        tables.entry(&lock.table).or_default().push(lock);
    }
    if tables.is_empty() {
        return String::new();
    }
    let count = database.summary.statements.max(1);
    let shown = tables.len().min(TABLES);
    let height = TOP + shown * ROW + 8;
    let width = NAMES + PLOT + 10;
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" class=\"lk\" role=\"img\" aria-label=\"Timeline of locks on {} tables over {count} statements; the table below has the same in words\" viewBox=\"0 0 {width} {height}\" width=\"{width}\" height=\"{height}\">\n",
        tables.len()
    );
    let x = |statement: usize| NAMES + (statement.saturating_sub(1)) * PLOT / count;
    let stride = (count / 10).max(1);
    for number in (1..=count).step_by(stride) {
        let at = x(number);
        let _ = writeln!(
            out,
            "<line class=\"lk-grid\" x1=\"{at}\" y1=\"{TOP}\" x2=\"{at}\" y2=\"{height}\"/><text class=\"lk-soft\" x=\"{}\" y=\"20\">{number}</text>",
            at + 2
        );
    }
    for (row, (table, locks)) in tables.iter().take(shown).enumerate() {
        let y = TOP + row * ROW;
        let _ = writeln!(
            out,
            "<text x=\"{}\" y=\"{}\" text-anchor=\"end\"><title>{}</title>{}</text>",
            NAMES - 10,
            y + 17,
            xml(table),
            xml(&cut(table))
        );
        for lock in drawn(locks) {
            let (from, to) = (x(lock.statement), x(lock.until + 1));
            let _ = writeln!(
                out,
                "<rect class=\"lk-{}\" x=\"{from}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"3\"><title>{}</title></rect>",
                lock.blocks,
                y + 5,
                to.saturating_sub(from).max(3),
                ROW - 10,
                xml(&format!(
                    "{table}: {}, statements {} to {}",
                    lock.lock, lock.statement, lock.until
                ))
            );
        }
    }
    out.push_str("</svg>\n");
    out
}

/// The locks that can be seen: one that is held as long as another that blocks as much hides it.
fn drawn<'a>(locks: &[&'a Lock]) -> Vec<&'a Lock> {
    let mut ends: [usize; 3] = [0; 3];
    let mut found: Vec<&Lock> = Vec::new();
    for lock in locks {
        let strength = match lock.blocks {
            "reads" => 2,
            "writes" => 1,
            _ => 0,
        };
        let hidden = ends
            .get(strength..)
            .is_some_and(|ends| ends.iter().any(|end| *end >= lock.until));
        if hidden {
            continue;
        }
        if let Some(end) = ends.get_mut(strength) {
            *end = lock.until;
        }
        found.push(lock);
    }
    found.sort_by_key(|lock| match lock.blocks {
        "reads" => 2,
        "writes" => 1,
        _ => 0,
    });
    found
}

fn cut(text: &str) -> String {
    if text.chars().count() <= 24 {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(23).collect();
    short.push('…');
    short
}
