//! The review of a release: rules over what its revisions do, and what each statement locks.
//!
//! A rule is one file in `rules`, and a row in its registry.

mod advice;
mod allow;
mod coming;
mod estimate;
mod form;
mod levels;
mod locks;
mod release;
mod rule;
pub mod rules;
mod seen;
mod words;

pub use advice::Advice;
pub use allow::Allowance;
pub use coming::Coming;
pub use estimate::{ASSUMED, Cost, Estimate, Size, Stats, estimates};
pub use form::{Form, Formed};
pub use levels::Levels;
pub use locks::{Blocks, LockTable, Row, Use, Work};
pub use release::{Action, Change, Effect, Release, Sql, Step};
pub use rule::{Example, Family, Finding, Fix, Found, Info, Rule, Site, StepSite};
pub use seen::Seen;

use crate::diagnostic::Severity;
use crate::dialect::Dialect;

/// The effects of a change with what they lock.
pub fn locked<'a>(
    change: &Change,
    effect: &Effect,
    dialect: &Dialect,
    table: &'a LockTable,
) -> Vec<Use<'a>> {
    let version = dialect
        .version()
        .and_then(|text| text.split('.').next()?.parse().ok());
    form::forms(change, effect, dialect, table)
        .into_iter()
        .filter_map(|(form, name)| {
            let row = table.row(form, version)?;
            Some(Use {
                form,
                table: name,
                row,
            })
        })
        .collect()
}

/// What the rules find in a release, in the order of the script.
pub fn check(release: &Release, dialect: &Dialect, levels: &Levels) -> Vec<Finding> {
    let table = LockTable::of(dialect);
    let wanted: Vec<(&dyn Rule, Severity)> = rules::ALL
        .iter()
        .filter_map(|rule| Some((*rule, levels.of(rule.info(), dialect)?)))
        .collect();
    let mut seen = Seen::default();
    let coming = Coming::of(release);
    let mut place = 0;
    let mut findings = Vec::new();
    for (number, step) in release.steps.iter().enumerate() {
        let mut found = Found::new();
        for change in &step.changes {
            if change.autocommit {
                seen.end_transaction();
            }
            for (index, effect) in change.effects.iter().enumerate() {
                let locks = locked(change, effect, dialect, table);
                let site = Site {
                    release,
                    step,
                    change,
                    effect,
                    place,
                    seen: &seen,
                    coming: &coming,
                    locks: &locks,
                    served: table.served,
                    table,
                    names: &levels.names,
                    dialect,
                };
                for (rule, severity) in &wanted {
                    found.severity = *severity;
                    let before = found.findings.len();
                    rule.effect(&site, &mut found);
                    if let Some(fix) = rule.fix()
                        && rule.can_fix(&site)
                    {
                        let new = found.findings.iter_mut().skip(before);
                        new.for_each(|finding| finding.fix = Some(fix));
                    }
                }
                if index == 0 {
                    seen.take_in_statements(change);
                }
                seen.take_in(effect);
                place += 1;
                for used in &locks {
                    let new = effect
                        .table
                        .as_ref()
                        .is_some_and(|table| seen.is_new(table));
                    if used.row.blocks == Blocks::Reads && !new && !change.autocommit {
                        seen.hold(&used.table);
                    }
                }
            }
        }
        let site = StepSite {
            release,
            step,
            seen: &seen,
            table,
            dialect,
        };
        for (rule, severity) in &wanted {
            found.severity = *severity;
            rule.step(&site, &mut found);
        }
        if release.transaction_per_step || !release.transactional {
            seen.end_transaction();
        }
        let mut found = found.findings;
        let unused = levels.of(rules::OF_ALLOWANCES, dialect);
        allow::acknowledge(step, number == 0, unused, &mut found);
        findings.append(&mut found);
    }
    findings
}
