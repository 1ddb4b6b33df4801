//! `gensql lint`: what is dangerous about a range of revisions.

use std::fmt::Write as _;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use super::dialect_choice;
use super::fix;
use super::range::Range;
use super::release::releases;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::lint::{self, ASSUMED, Blocks, Estimate, Finding, Levels, Stats, Work};
use crate::report::findings::{self, Format, Report};

/// How findings are printed, and which of them fail.
#[derive(Clone, Debug)]
pub struct LintOptions {
    /// A file with the sizes of tables.
    pub stats: Option<PathBuf>,
    /// Whether only the query for such a file is asked for.
    pub stats_query: bool,
    /// What is done about findings whose safe form is mechanical.
    pub fix: Fixing,
    /// The format.
    pub format: Format,
    /// The least severity that makes the command fail; `None`: none does.
    pub fail_on: Option<Severity>,
}

/// What is done about findings whose safe form is mechanical.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fixing {
    /// Nothing.
    Nothing,
    /// It is shown.
    Shown,
    /// The revisions are changed, and looked at again.
    Done,
}

/// Looks at the revisions of a range, by default all of them, as one release.
pub fn lint(
    options: &Options,
    revisions: &[String],
    at: &At,
    wanted: LintOptions,
) -> Result<Outcome> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let levels = Levels::new(&workspace.config.settings.lint, &workspace.library.names())?;
    if wanted.stats_query {
        let dialect = dialect_choice::choose(&workspace, options)?;
        let query = lint::LockTable::of(&dialect).sizes.as_str();
        if query.is_empty() {
            let message = format!("there is no such query for {}", dialect.facts().title);
            return Err(Box::new(
                Diagnostic::error(Code::Unsupported, message)
                    .with_help("write a file with lines of `table,rows,bytes`"),
            ));
        }
        return Ok(query.to_owned().into());
    }
    let stats = wanted.stats.as_deref().map(read_stats).transpose()?;
    let all = ["heads".to_owned()];
    let revisions = if revisions.is_empty() {
        &all
    } else {
        revisions
    };
    let range = Range::parse(revisions, "Lint")?;
    let start = workspace
        .start(options, range.start, at)?
        .unwrap_or_default();
    workspace.asked(&start, &range.targets);
    let released = releases(&workspace, options, &|given| {
        workspace
            .map
            .upgrade(given.unwrap_or(&start), &range.targets)
    })?;
    let is_text = matches!(wanted.format, Format::Text);
    let mut before = String::new();
    let mut outcome = Outcome::default();
    let mut found: Vec<Finding> = Vec::new();
    let mut estimates = Vec::new();
    let mut warnings = Vec::new();
    let mut steps = 0;
    for part in released {
        if let Some(stats) = &stats {
            estimates.extend(lint::estimates(&part.release, &part.dialect, stats));
        }
        found.extend(lint::check(&part.release, &part.dialect, &levels));
        steps += part.release.steps.len();
        warnings.extend(part.warnings);
        for step in &part.release.steps {
            if let Some(failure) = &step.failure {
                let mut failure = Diagnostic::clone(failure);
                failure.notes.push(format!(
                    "revision {} was not looked at to its end",
                    step.revision
                ));
                outcome.diagnostics.push(failure);
            }
        }
    }
    let unread = !outcome.diagnostics.is_empty();
    outcome.diagnostics.extend(warnings);
    let failing = wanted.fail_on.is_some_and(|least| {
        unread
            || found
                .iter()
                .any(|finding| finding.allowed.is_none() && finding.severity >= least)
    });
    if wanted.fix != Fixing::Nothing {
        let fixed = fix::fixes(&workspace, &found);
        let lines: String = fixed.lines.iter().map(|line| format!("{line}\n")).collect();
        if wanted.fix == Fixing::Shown {
            let lines = lines.replace("\nfixed: ", "\nwould be fixed: ");
            let lines = match lines.strip_prefix("fixed: ") {
                Some(rest) => format!("would be fixed: {rest}"),
                None => lines,
            };
            outcome.output = format!("{}{lines}", fixed.difference());
            outcome.failed = failing;
            return Ok(outcome);
        }
        if !fixed.is_empty() {
            fixed.write()?;
            let again = LintOptions {
                fix: Fixing::Nothing,
                ..wanted
            };
            let mut outcome = lint(options, revisions, at, again)?;
            if is_text {
                outcome.output.insert_str(0, &format!("{lines}\n"));
            }
            return Ok(outcome);
        }
        if is_text {
            before = lines;
        }
    }
    outcome.output = findings::render(
        &Report {
            findings: &found,
            steps,
        },
        wanted.format,
    );
    outcome.output.insert_str(0, &before);
    if stats.is_some() {
        outcome.output = with_estimates(outcome.output, &estimates, wanted.format);
    }
    outcome.failed = failing;
    Ok(outcome)
}

/// The largest file of sizes that is read.
const LIMIT: u64 = 64 << 20;

pub(super) fn read_stats(path: &Path) -> Result<Stats> {
    let mut text = String::new();
    let read = if path.as_os_str() == "-" {
        std::io::stdin().take(LIMIT).read_to_string(&mut text)
    } else {
        std::fs::File::open(path).and_then(|file| file.take(LIMIT).read_to_string(&mut text))
    };
    read.map_err(|error| {
        let message = format!("{} cannot be read: {error}", path.display());
        Box::new(
            Diagnostic::error(Code::Usage, message)
                .with_help("export what `gensql lint --stats-query` prints as CSV"),
        )
    })?;
    Stats::parse(&text)
}

/// The estimates behind the findings; formats of other programs have no place for them.
fn with_estimates(mut output: String, estimates: &[Estimate], format: Format) -> String {
    match format {
        Format::Text => {
            let _ = writeln!(output, "\nEstimates ({ASSUMED}):");
            for estimate in estimates {
                let line = described(estimate);
                let _ = writeln!(output, "  {}: {line}", estimate.revision);
            }
            if estimates.is_empty() {
                output.push_str("  no statement reads or writes the rows of a table in use\n");
            }
            output
        }
        Format::Json => {
            let Ok(mut value) = serde_json::from_str::<serde_json::Value>(&output) else {
                return output;
            };
            let list = estimates.iter().map(|estimate| {
                serde_json::json!({
                    "revision": &*estimate.revision,
                    "table": estimate.table,
                    "lock": estimate.lock,
                    "blocks": format!("{:?}", estimate.blocks).to_lowercase(),
                    "work": format!("{:?}", estimate.work).to_lowercase(),
                    "rows": estimate.size.map(|size| size.rows),
                    "bytes": estimate.size.map(|size| size.bytes),
                    "seconds": estimate.seconds,
                    "space": estimate.space,
                    "statement": estimate.statement,
                })
            });
            if let Some(object) = value.as_object_mut() {
                object.insert("estimates".to_owned(), list.collect());
                object.insert("estimates_assume".to_owned(), ASSUMED.into());
            }
            let mut text = serde_json::to_string_pretty(&value).unwrap_or(output);
            text.push('\n');
            text
        }
        Format::Sarif | Format::Github | Format::Junit => output,
    }
}

fn described(estimate: &Estimate) -> String {
    let work = match estimate.work {
        Work::Nothing => "nothing is done with",
        Work::Scan => "reads",
        Work::Build => "builds an index over",
        Work::Rewrite => "writes anew",
    };
    let waits = match estimate.blocks {
        Blocks::Nothing => "nobody waits",
        Blocks::Schema => "other DDL waits",
        Blocks::Writes => "writers wait",
        Blocks::Reads => "readers and writers wait",
    };
    let (table, lock) = (&estimate.table, &estimate.lock);
    match (estimate.size, estimate.seconds, estimate.space) {
        (Some(size), Some(seconds), Some(space)) => format!(
            "{work} {table} ({} rows, {} MB): about {} s under {lock}, {waits}; {} MB of space",
            size.rows,
            size.bytes.div_ceil(1_000_000),
            seconds.ceil(),
            space.div_ceil(1_000_000),
        ),
        _ => format!("{work} {table}, whose size is not in the file, under {lock}, {waits}"),
    }
}
