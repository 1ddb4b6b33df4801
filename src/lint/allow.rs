//! Findings that a revision acknowledges: `-- gensql:allow RULE reason` or
//! `# gensql: allow RULE reason`, on the line of the statement or in the comments directly above
//! it. With `allow-file` it holds for the whole revision.

use std::sync::Arc;

use super::release::Step;
use super::rule::Finding;
use crate::diagnostic::Severity;
use crate::source::{Location, Span};

/// One acknowledgement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// The line, from 1.
    pub line: usize,
    /// Where it is in the source.
    pub span: Span,
    /// The rule.
    pub rule: String,
    /// Why it is accepted.
    pub reason: String,
    /// Whether it holds for the whole revision.
    pub file: bool,
}

/// The acknowledgements in a source.
pub fn read(text: &str) -> Vec<Allowance> {
    let mut start = 0;
    text.split_inclusive('\n')
        .enumerate()
        .filter_map(|(index, line)| {
            let begin = start;
            start += line.len();
            let line = line.trim_end();
            let at = line.find("gensql:")?;
            let comment = line.get(..at)?.trim_end();
            if !comment.ends_with("--") && !comment.ends_with('#') && !comment.ends_with("/*") {
                return None;
            }
            let rest = line.get(at + "gensql:".len()..)?.trim_start();
            let (file, rest) = match rest.strip_prefix("allow-file ") {
                Some(rest) => (true, rest),
                None => (false, rest.strip_prefix("allow ")?),
            };
            let (rule, reason) = rest
                .trim()
                .split_once(char::is_whitespace)
                .unwrap_or((rest.trim(), ""));
            Some(Allowance {
                line: index + 1,
                span: Span::new(begin + at, begin + line.len()),
                rule: rule.to_owned(),
                reason: reason.trim().trim_end_matches("*/").trim_end().to_owned(),
                file,
            })
        })
        .collect()
}

/// Marks the findings that the step's source acknowledges. One without a reason does not count.
pub(super) fn acknowledge(step: &Step, unused: Option<Severity>, findings: &mut Vec<Finding>) {
    let Some(source) = &step.source else { return };
    if !source.text().contains("gensql:") {
        return;
    }
    let allowances = read(source.text());
    let lines: Vec<&str> = source.text().lines().collect();
    let is_comment = |line: usize| {
        lines.get(line.saturating_sub(1)).is_some_and(|text| {
            let text = text.trim_start();
            text.starts_with('#') || text.starts_with("--") || text.starts_with("/*")
        })
    };
    let mut used = vec![false; allowances.len()];
    for finding in findings.iter_mut() {
        let line = finding
            .location
            .as_ref()
            .map(|location| source.line_column(location.span.start).0);
        let fits = |allowance: &&Allowance| {
            let near = line.is_some_and(|line| {
                allowance.line == line
                    || (allowance.line < line && (allowance.line..line).all(is_comment))
            });
            allowance.rule == finding.rule.name
                && !allowance.reason.is_empty()
                && (allowance.file || near)
        };
        let place = allowances.iter().position(|allowance| fits(&allowance));
        if let Some(place) = place
            && let (Some(allowance), Some(used)) = (allowances.get(place), used.get_mut(place))
        {
            *used = true;
            finding.allowed = Some(allowance.reason.clone());
        }
    }
    let Some(severity) = unused else { return };
    let unused = allowances.iter().zip(used).filter(|(_, used)| !used);
    for (allowance, _) in unused {
        let message = match allowance.reason.is_empty() {
            true => format!(
                "`{}` is acknowledged without a reason, which does not count",
                allowance.rule
            ),
            false => format!(
                "`{}` is acknowledged, and nothing of the kind is found",
                allowance.rule
            ),
        };
        findings.push(Finding {
            rule: super::rules::OF_ALLOWANCES,
            severity,
            message,
            remedy: super::rules::OF_ALLOWANCES.instead.to_owned(),
            revision: step.revision.clone(),
            location: Some(Location::new(Arc::clone(source), allowance.span)),
            statement: None,
            allowed: None,
            fix: None,
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_of_both_kinds() {
        let found = read(
            "# gensql: allow drop-column nobody reads it\nx = 'gensql: allow a b'\n-- gensql:allow-file drop-table moved\n",
        );
        assert_eq!(found.len(), 2);
        assert_eq!(
            (&*found[0].rule, &*found[0].reason, found[0].file),
            ("drop-column", "nobody reads it", false)
        );
        assert_eq!((found[1].line, found[1].file), (3, true));
    }
}
