//! `RUNBOOK.md`: what to do in which order, for whoever applies the release.

use std::fmt::Write;
use std::sync::Arc;

use super::{Made, manifest};
use crate::commands::workspace::Workspace;
use crate::script::Atomicity;

/// The run-book.
pub(super) fn text(workspace: &Workspace, made: &Made) -> String {
    let mut out = String::new();
    let _ = writeln!(
        out,
        "# Run-book: {} to {}\n",
        named(&made.start),
        named(&made.end)
    );
    let one = made.steps.len() == 1;
    let _ = writeln!(
        out,
        "{} revision{} for {} (`{}`). Made by gensql {}.\n",
        made.steps.len(),
        if one { "" } else { "s" },
        made.title,
        made.dialect,
        env!("CARGO_PKG_VERSION")
    );
    before(made, &mut out);
    manual(made, &mut out);
    apply(made, &mut out);
    steps(workspace, made, &mut out);
    phases(made, &mut out);
    failures(made, &mut out);
    verify(made, &mut out);
    rollback(made, &mut out);
    out
}

fn named(rows: &[Arc<str>]) -> String {
    match rows {
        [] => "nothing".to_owned(),
        rows => rows
            .iter()
            .map(|id| code(id))
            .collect::<Vec<_>>()
            .join(", "),
    }
}

/// Text in a cell of a table, or in a line.
fn plain(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\r' => out.push(' '),
            '|' | '\\' | '`' | '*' | '_' | '<' | '>' | '[' | ']' | '&' => {
                out.push('\\');
                out.push(c);
            }
            c if c.is_control() => out.push(' '),
            c => out.push(c),
        }
    }
    out
}

/// A name as code, whatever it holds.
fn code(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| if c.is_control() || c == '|' { ' ' } else { c })
        .collect();
    if text.contains('`') {
        plain(&text)
    } else {
        format!("`{text}`")
    }
}

fn before(made: &Made, out: &mut String) {
    out.push_str("## Before\n\n");
    out.push_str(
        "1. Check that the files are those that were handed over: `sha256sum -c SHA256SUMS`\n",
    );
    out.push_str("2. Read `review.html` (or `review.md`): what is dangerous about the release, and what to do instead.\n");
    out.push_str(
        "3. Back up the database. What a rollback cannot bring back is in the section on it.\n",
    );
    let _ = writeln!(
        out,
        "4. The version table must name {}.{}\n",
        named(&made.start),
        if made.safety.guard || made.safety.idempotent {
            " The scripts check that and refuse any other database."
        } else {
            " The scripts do not check that."
        }
    );
}

/// What a person has to write into the scripts before they run to their end.
fn manual(made: &Made, out: &mut String) {
    if made.manual.is_empty() {
        return;
    }
    out.push_str(
        "## By hand\n\nOnly the database knows what these steps do. The scripts stop there until somebody has written \
         them in place of what they say; afterwards the sums of the files are others.\n\n",
    );
    for (number, reason) in &made.manual {
        let _ = writeln!(out, "- revision {number}: {}", plain(reason));
    }
    out.push('\n');
}

/// How a file is applied, with the words that the dialect has for it.
fn command(made: &Made, file: &str) -> String {
    let apply = &made.apply;
    match (apply.contains("FILE"), apply.contains("DATABASE")) {
        (true, _) => apply.replace("FILE", file),
        (false, true) => format!("{apply} < {file}"),
        (false, false) => format!("apply {file} with a client that stops at the first error"),
    }
}

fn apply(made: &Made, out: &mut String) {
    out.push_str(
        "## Apply\n\nName host, user and database as the client wants it. Either all of it:\n\n",
    );
    let _ = writeln!(out, "    {}\n", command(made, "upgrade.sql"));
    out.push_str("or one revision after the other, in the order of their numbers:\n\n");
    for step in &made.steps {
        let _ = writeln!(out, "    {}", command(made, &step.upgrade));
    }
    out.push_str(
        "\nThe client must stop at the first error; if it does not, do not go on by hand.\n\n",
    );
}

fn steps(workspace: &Workspace, made: &Made, out: &mut String) {
    out.push_str("## Steps\n\n");
    out.push_str("| | revision | message | work | phase | in a transaction | others wait for |\n");
    out.push_str("|---|---|---|---|---|---|---|\n");
    for step in &made.steps {
        let revision = workspace.map.revision(step.index);
        let locks = match step.kind.locks.as_slice() {
            [] => "-".to_owned(),
            locks => locks
                .iter()
                .map(|l| plain(l))
                .collect::<Vec<_>>()
                .join("; "),
        };
        let _ = writeln!(
            out,
            "| {} | {} | {} | {} | {} | {} | {locks} |",
            step.number,
            code(&revision.id),
            plain(revision.summary()),
            step.kind.work(),
            step.kind.phase(),
            manifest::atomicity(step.atomicity),
        );
    }
    out.push_str(
        "\nHow long a step takes depends on the rows, which nobody has counted: the duration is unknown. Locks \
        are held until the end of the transaction; those of tables that the release makes itself are left out.\n\n",
    );
}

fn phases(made: &Made, out: &mut String) {
    out.push_str("## Phases\n\n");
    let contracts = made.steps.iter().any(|step| step.kind.contract);
    match made.cut {
        Some(cut) => {
            let _ = writeln!(
                out,
                "The first {cut} can be applied while the old code runs (`expand.sql`); from number {} on, code that \
                was written for the schema before may fail: deploy the new code first, then apply `contract.sql`. \
                The two files together are `upgrade.sql`.\n",
                cut + 1
            );
        }
        None if contracts => out.push_str(
            "The first revision already takes something away that old code may use: stop the old code before, or \
            split the release.\n\n",
        ),
        None => out.push_str(
            "Everything can be applied while the old code runs; deploy the new code behind it.\n\n",
        ),
    }
}

fn failures(made: &Made, out: &mut String) {
    out.push_str("## If a step fails\n\n");
    let worst = made.steps.iter().map(|step| match step.atomicity {
        Atomicity::Whole => 0,
        Atomicity::Partly => 1,
        Atomicity::Nothing => 2,
    });
    out.push_str(match worst.max().unwrap_or(0) {
        0 => "Each script is one transaction: a script that fails has changed nothing. Mend the reason and apply it \
            again.\n\n",
        1 => "Scripts with `whole` change nothing when they fail. In those with `partly`, statements run outside of \
            the transaction and stay: look at the version table and at what is there before going on.\n\n",
        _ => "Definitions are not rolled back on this database: what ran before the failing statement stays. The \
            version table names the last revision that was finished; see which statements of the next one ran, undo \
            them or finish them by hand, and go on with the number behind.\n\n",
    });
}

fn verify(made: &Made, out: &mut String) {
    out.push_str("## Verify\n\n");
    let _ = writeln!(out, "    {}\n", command(made, "verify.sql"));
    out.push_str(
        "It compares the version table and the catalog with what the release should have made, changes nothing, and \
        fails with a list of differences.\n\n",
    );
    if !made.unverified.is_empty() {
        out.push_str("It does not look at:\n\n");
        for what in &made.unverified {
            let _ = writeln!(out, "- {}", plain(what));
        }
        out.push('\n');
    }
}

fn rollback(made: &Made, out: &mut String) {
    out.push_str("## Rollback\n\n");
    if let Some((number, reason)) = &made.irreversible {
        let _ = writeln!(
            out,
            "**Number {number} cannot be taken back** ({}). The rollback ends above it; beyond that only the backup \
            helps.\n",
            plain(reason)
        );
    }
    let back: Vec<&str> = made
        .steps
        .iter()
        .rev()
        .filter_map(|step| step.rollback.as_deref())
        .collect();
    if back.is_empty() {
        return;
    }
    out.push_str("From the end of the release, all of it:\n\n");
    let _ = writeln!(out, "    {}\n", command(made, "rollback.sql"));
    out.push_str(
        "or one revision after the other, from the highest number that was applied downwards:\n\n",
    );
    for path in back {
        let _ = writeln!(out, "    {}", command(made, path));
    }
    out.push_str("\nRows that the release deleted or changed do not come back; see the review.\n");
}
