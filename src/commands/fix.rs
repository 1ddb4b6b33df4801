//! `gensql lint --fix`: findings whose safe form is mechanical are mended in the revisions.
//!
//! A revision that the lock records is released, and stays as it is.

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::authoring::files::{self, Existing};
use super::difference;
use super::lock::Locked;
use super::workspace::Workspace;
use crate::config::Source;
use crate::diagnostic::Result;
use crate::frontend::sql::{Section, SqlFile, Template, split};
use crate::lint::{Finding, Fix};
use crate::source::{Location, SourceFile};

/// What is done about findings.
#[derive(Debug, Default)]
pub(super) struct Fixed {
    /// Each file with its new text.
    files: BTreeMap<PathBuf, (Arc<SourceFile>, String)>,
    /// A line for each finding that has a fix: what is done, or why not.
    pub(super) lines: Vec<String>,
}

/// A piece of a file and what comes in its place.
type Edit = (Range<usize>, String);

/// Works out what is done about the findings.
pub(super) fn fixes(workspace: &Workspace, findings: &[Finding]) -> Fixed {
    let locked = Locked::read(&workspace.config.directory);
    let mut edits: BTreeMap<PathBuf, (Arc<SourceFile>, Vec<Edit>)> = BTreeMap::new();
    let mut fixed = Fixed::default();
    for finding in findings.iter().filter(|finding| finding.allowed.is_none()) {
        let (Some(fix), Some(location)) = (finding.fix, &finding.location) else {
            continue;
        };
        let (line, _) = location.file.line_column(location.span.start);
        let place = format!("{}:{line}", location.file.path().display());
        let rule = finding.rule.name;
        let found = if locked.has(&finding.revision) {
            Err("the revision is released; write another one".to_owned())
        } else {
            match &workspace.config.source {
                Source::Alembic(_) => python(location, fix),
                Source::Sql { .. } => sql(location, fix),
            }
        };
        match found {
            Ok(mut new) => {
                fixed
                    .lines
                    .push(format!("fixed: {place}: {rule}: {}", fix.does));
                let path = location.file.path().to_path_buf();
                let entry = edits.entry(path);
                let (_, known) = entry.or_insert_with(|| (Arc::clone(&location.file), Vec::new()));
                // The marker of a section is changed once.
                new.retain(|edit| !known.contains(edit));
                known.extend(new);
            }
            Err(why) => fixed
                .lines
                .push(format!("not fixed: {place}: {rule}: {why}")),
        }
    }
    for (path, (file, mut edits)) in edits {
        edits.sort_by_key(|(range, _)| (range.start, range.end));
        let mut text = file.text().to_owned();
        for (range, new) in edits.into_iter().rev() {
            text.replace_range(range, &new);
        }
        fixed.files.insert(path, (file, text));
    }
    fixed
}

impl Fixed {
    /// Whether a file changes.
    pub(super) fn is_empty(&self) -> bool {
        self.files.is_empty()
    }

    /// The changes as people read them.
    pub(super) fn difference(&self) -> String {
        let mut out = String::new();
        for (path, (file, text)) in &self.files {
            let name = path.display().to_string();
            out.push_str(&difference::unified(file.text(), text, &name, &name));
        }
        out
    }

    /// Writes the files.
    ///
    /// # Errors
    /// When one cannot be written.
    pub(super) fn write(&self) -> Result<()> {
        for (path, (_, text)) in &self.files {
            files::write(Path::new(path), text, Existing::Replace)?;
        }
        Ok(())
    }
}

fn range(location: &Location) -> Range<usize> {
    location.span.start as usize..location.span.end as usize
}

/// The statement of a SQL revision, whose section leaves the transaction.
fn sql(location: &Location, fix: &Fix) -> std::result::Result<Vec<Edit>, String> {
    let file = &location.file;
    let unread = || "its place in the file is not known".to_owned();
    if Template::is_needed(file.text()) {
        return Err("the file is a template".to_owned());
    }
    let parsed = SqlFile::parse(Arc::clone(file)).map_err(|_| unread())?;
    let at = range(location);
    let holds = |section: &&Section| section.body.start <= at.start && at.start < section.body.end;
    let sections = [Some(&parsed.up), parsed.down.as_ref()];
    let section = sections
        .into_iter()
        .flatten()
        .find(holds)
        .ok_or_else(unread)?;
    let body = file.text().get(section.body.clone()).ok_or_else(unread)?;
    let mut edit = None;
    for piece in split(body) {
        let statement = piece.statement.clone();
        let text = body.get(statement.clone()).ok_or_else(unread)?;
        if text.is_empty() {
            continue;
        }
        let start = section.body.start + statement.start;
        let end = section.body.start + statement.end;
        if start <= at.start && at.start < end {
            let behind = behind(text, fix.begins).ok_or_else(unread)?;
            let place = start + behind;
            edit = Some((place..place, format!(" {}", fix.word)));
        } else if section.transaction && !alone(text) {
            let message = "other statements share its transaction; give it a revision of its own";
            return Err(message.to_owned());
        }
    }
    let mut edits: Vec<Edit> = edit.into_iter().collect();
    if edits.is_empty() {
        return Err(unread());
    }
    if section.transaction {
        let marker = file.text().get(section.marker.clone()).ok_or_else(unread)?;
        let end = section.marker.start + marker.trim_end().len();
        edits.push((end..end, " transaction:false".to_owned()));
    }
    Ok(edits)
}

/// Whether a statement may as well stand outside of a transaction: it is of the kind that is mended.
fn alone(text: &str) -> bool {
    [&["CREATE", "?UNIQUE", "INDEX"][..], &["DROP", "INDEX"]]
        .iter()
        .any(|begins| behind(text, begins).is_some())
}

/// Where the words that a statement begins with end.
fn behind(text: &str, begins: &[&str]) -> Option<usize> {
    let mut at = 0;
    for word in begins {
        let rest = text.get(at..)?;
        let blank = rest.len() - rest.trim_start().len();
        let (word, optional) = match word.strip_prefix('?') {
            Some(word) => (word, true),
            None => (*word, false),
        };
        let found = rest.get(blank..blank + word.len());
        let ends = rest
            .get(blank + word.len()..)
            .is_some_and(|rest| !rest.starts_with(|c: char| c.is_alphanumeric() || c == '_'));
        if found.is_some_and(|found| found.eq_ignore_ascii_case(word)) && ends {
            at += blank + word.len();
        } else if !optional {
            return None;
        }
    }
    Some(at)
}

/// The call of a directive, in a block of its own outside of the transaction.
fn python(location: &Location, fix: &Fix) -> std::result::Result<Vec<Edit>, String> {
    let text = location.file.text();
    let at = range(location);
    let by_hand = || {
        format!(
            "it is no plain `op.{}(…)` on lines of its own",
            fix.directive
        )
    };
    let call = text.get(at.clone()).ok_or_else(by_hand)?;
    let line = text
        .get(..at.start)
        .map_or(0, |before| before.rfind('\n').map_or(0, |n| n + 1));
    let indent = text.get(line..at.start).ok_or_else(by_hand)?;
    let rest = text.get(at.end..).ok_or_else(by_hand)?;
    let rest = rest.split('\n').next().unwrap_or_default().trim();
    let key = fix.keyword.split('=').next().unwrap_or_default();
    let directive = format!("op.{}(", fix.directive);
    if !indent.chars().all(|c| c == ' ' || c == '\t')
        || !call.starts_with(&directive)
        || !call.ends_with(')')
        || call.contains(key)
        || call.contains("**")
        || !(rest.is_empty() || rest.starts_with('#'))
    {
        return Err(by_hand());
    }
    let inner = call.get(..call.len() - 1).ok_or_else(by_hand)?;
    let kept = inner.trim_end();
    let blank = inner.get(kept.len()..).unwrap_or_default();
    let given = match kept.strip_suffix(',') {
        Some(kept) if blank.contains('\n') => {
            let inside = kept.rsplit('\n').next().unwrap_or_default();
            let inside = &inside[..inside.len() - inside.trim_start().len()];
            format!("{kept},\n{inside}{},{blank})", fix.keyword)
        }
        Some(kept) => format!("{kept}, {})", fix.keyword),
        None => format!("{kept}, {}{blank})", fix.keyword),
    };
    if is_outside(text, line, indent) {
        return Ok(vec![(at, given)]);
    }
    // Lines of a text with three quotes are not ours to move.
    let moved = if given.contains("\"\"\"") || given.contains("\'\'\'") {
        given
    } else {
        given.replace('\n', "\n    ")
    };
    let block = format!("with op.get_context().autocommit_block():\n{indent}    {moved}");
    Ok(vec![(at, block)])
}

/// Whether a line stands in a block outside of the transaction: the line above with less
/// indentation opens it.
fn is_outside(text: &str, line: usize, indent: &str) -> bool {
    let above = text.get(..line).unwrap_or_default().lines().rev();
    let mut opened = above.filter(|line| {
        let inner = line.trim_start();
        !inner.is_empty() && line.len() - inner.len() < indent.len()
    });
    opened
        .next()
        .is_some_and(|line| line.contains("autocommit_block()"))
}

#[cfg(test)]
mod tests {
    use super::behind;

    #[test]
    fn words_are_passed_over() {
        let index = ["CREATE", "?UNIQUE", "INDEX"];
        assert_eq!(behind("create  index ix ON t (a)", &index), Some(13));
        assert_eq!(behind("CREATE UNIQUE\nINDEX ix ON t (a)", &index), Some(19));
        assert_eq!(behind("CREATE INDEXES", &index), None);
        assert_eq!(behind("CREATE TABLE t (a INT)", &index), None);
    }
}
