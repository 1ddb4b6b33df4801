//! Findings that a revision acknowledges: `-- gensql:allow RULE reason` or
//! `# gensql: allow RULE reason`, on the line of the statement or in the comments directly above
//! it. With `allow-file` it holds for the whole revision.

use std::sync::Arc;

use super::release::Step;
use super::rule::Finding;
use super::rules;
use crate::config::suggestion;
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
/// Whether one hides nothing is only known of a release that begins with the step (`first`): what
/// came before in the release may be why the finding is not there.
pub(super) fn acknowledge(
    step: &Step,
    first: bool,
    unused: Option<Severity>,
    findings: &mut Vec<Finding>,
) {
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
    let open: Vec<(&'static str, usize)> = findings
        .iter()
        .filter(|finding| finding.allowed.is_none())
        .filter_map(|finding| {
            let start = finding.location.as_ref()?.span.start;
            Some((finding.rule.name, source.line_column(start).0))
        })
        .collect();
    let unused = allowances.iter().zip(used);
    let unused = unused.filter(|(allowance, used)| !used && !is_way_back(&lines, allowance.line));
    for (allowance, _) in unused {
        let Some((message, remedy)) = without_effect(allowance, first, &open) else {
            continue;
        };
        findings.push(Finding {
            rule: rules::OF_ALLOWANCES,
            severity,
            message,
            remedy,
            revision: step.revision.clone(),
            location: Some(Location::new(Arc::clone(source), allowance.span)),
            statement: None,
            allowed: None,
            fix: None,
        });
    }
}

/// Whether a line, from 1, stands in what takes the revision back, which is not looked at here.
fn is_way_back(lines: &[&str], line: usize) -> bool {
    let above = lines.iter().take(line).rev();
    let mut parts =
        above.filter(|text| text.starts_with("def ") || text.starts_with("-- migrate:"));
    parts.next().is_some_and(|text| {
        text.starts_with("def downgrade") || text.starts_with("-- migrate:down")
    })
}

/// What is said of an acknowledgement that hides nothing, and what to do about it. `open` are the
/// rules of the findings that are not acknowledged, with their lines; `first` as above.
fn without_effect(
    allowance: &Allowance,
    first: bool,
    open: &[(&'static str, usize)],
) -> Option<(String, String)> {
    let rule = &allowance.rule;
    let instead = rules::OF_ALLOWANCES.instead.to_owned();
    if rules::named(rule).is_none() {
        let known = rules::ALL.iter().map(|rule| rule.info().name);
        let remedy = match suggestion(rule, known) {
            Some(near) => format!("did you mean `{near}`?"),
            None => "`gensql explain` lists the rules".to_owned(),
        };
        return Some((format!("there is no rule `{rule}` to acknowledge"), remedy));
    }
    if allowance.reason.is_empty() {
        let message = format!("`{rule}` is acknowledged without a reason, which does not count");
        return Some((message, instead));
    }
    match open.iter().find(|(name, _)| name == rule) {
        Some((_, line)) => Some((
            format!("`{rule}` is acknowledged, but not where it is found, which is line {line}"),
            "move it to the end of that line or to the line above, or write `allow-file`"
                .to_owned(),
        )),
        None => first.then(|| {
            let message = format!("`{rule}` is acknowledged, and nothing of the kind is found");
            (message, instead)
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_is_not_looked_at() {
        let text =
            "def upgrade_a():\n    x\n\ndef downgrade_a():\n    y\n\ndef upgrade_b():\n    z\n";
        let lines: Vec<&str> = text.lines().collect();
        let back: Vec<usize> = (1..=lines.len())
            .filter(|line| is_way_back(&lines, *line))
            .collect();
        assert_eq!(back, [4, 5, 6]);
        assert!(is_way_back(&["-- migrate:up", "-- migrate:down", "x"], 3));
    }

    #[test]
    fn what_hides_nothing_says_why() {
        let said = |rule: &str, reason: &str, open: &[(&'static str, usize)]| {
            let text = format!("# gensql: allow {rule} {reason}\n");
            without_effect(&read(&text)[0], true, open).unwrap().0
        };
        let open = [("change-type", 22)];
        assert!(said("type-change", "x", &open).contains("there is no rule `type-change`"));
        assert!(said("change-type", "x", &open).ends_with("which is line 22"));
        assert!(said("change-type", "", &open).contains("without a reason"));
        assert!(said("drop-table", "x", &open).ends_with("nothing of the kind is found"));
        let later = &read("# gensql: allow drop-table moved\n")[0];
        assert_eq!(without_effect(later, false, &open), None);
    }

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
