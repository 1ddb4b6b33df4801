//! What the typed arguments mean.

use super::args::{
    self, Command, Current, FailOn, Files, Global, Graph, GraphFormat, Lint, LintFormat, Merge,
    OnOpaque, Review, ReviewFormat, Revision, Safety,
};
use super::printer::is_directory;
use crate::commands::{self, At, Fresh, Kept, LintOptions, NewRevision, Options, SafetyOptions};
use crate::config::Request;
use crate::diagnostic::{Code, Diagnostic, Result, Severity};
use crate::python::vm::Budget;
use crate::report::findings::Format;
use crate::report::review;

/// The options of all commands.
pub(super) fn options(global: &Global, command: &Command) -> Options {
    let script = match command {
        Command::Upgrade(upgrade) => Some(&upgrade.script),
        Command::Downgrade(downgrade) => Some(&downgrade.script),
        Command::Stamp(stamp) => Some(&stamp.script),
        Command::EnsureVersion(ensure) => Some(&ensure.script),
        Command::Schema(schema) => Some(&schema.script),
        Command::Diff(diff) => Some(&diff.script),
        Command::Verify(verify) => Some(&verify.script),
        Command::Squash(squash) => Some(&squash.script),
        Command::Bundle(bundle) => Some(&bundle.script),
        _ => None,
    };
    let usual = Budget::default();
    let text = |name| {
        std::env::var(name)
            .ok()
            .filter(|value: &String| !value.is_empty())
    };
    Options {
        request: Request {
            directory: ".".into(),
            files: global.config.clone(),
            section: global.name.clone(),
            packages: global.packages.clone(),
        },
        dialect: global.dialect.first().cloned(),
        database_url: text("DATABASE_URL"),
        compat: global.compat.is_some(),
        arguments: global.x.clone(),
        tag: match command {
            Command::Lock(lock) => lock.tag.clone(),
            _ => script.and_then(|script| script.tag.clone()),
        },
        fresh: match command {
            Command::Upgrade(upgrade) if upgrade.fresh => Fresh::New,
            Command::Bundle(bundle) if bundle.fresh => Fresh::New,
            Command::Downgrade(downgrade) if downgrade.fresh => Fresh::Installed,
            _ => Fresh::No,
        },
        baseline: match command {
            Command::Lock(lock) => lock.baseline.clone(),
            _ => script.and_then(|script| script.baseline.clone()),
        },
        stub: match command {
            Command::Upgrade(upgrade) => matches!(upgrade.opaque.on_opaque, OnOpaque::Stub),
            Command::Downgrade(downgrade) => matches!(downgrade.opaque.on_opaque, OnOpaque::Stub),
            Command::Bundle(bundle) => matches!(bundle.opaque.on_opaque, OnOpaque::Stub),
            _ => false,
        },
        applied: false,
        online: match command {
            Command::Upgrade(upgrade) => upgrade.online.online,
            Command::Downgrade(downgrade) => downgrade.online.online,
            _ => false,
        },
        derive_downgrade: match command {
            Command::Downgrade(downgrade) => downgrade.derive.derive_downgrade,
            Command::Verify(verify) => verify.derive.derive_downgrade,
            Command::Review(review) => review.derive.derive_downgrade,
            Command::Bundle(bundle) => bundle.derive.derive_downgrade,
            _ => false,
        },
        safety: script
            .map(|script| safety(&script.safety))
            .unwrap_or_default(),
        split: script.is_some()
            && !matches!(command, Command::Bundle(_))
            && global.output.as_deref().is_some_and(is_directory),
        verbose: global.verbose,
        budget: Budget {
            steps: global.max_steps.unwrap_or(usual.steps),
            depth: global.max_depth.unwrap_or(usual.depth),
            memory: global.max_memory.unwrap_or(usual.memory),
        },
        fixed_time: text("SOURCE_DATE_EPOCH").and_then(|seconds| seconds.trim().parse().ok()),
        kept: Kept::default(),
    }
}

/// Refuses several dialects, unless the command is for several.
pub(super) fn dialects(global: &Global, command: &Command) -> Result<()> {
    if global.dialect.len() < 2 || matches!(command, Command::Lock(_)) {
        return Ok(());
    }
    Err(Box::new(
        Diagnostic::error(Code::Usage, "--dialect is given several times")
            .with_help("name one; only `gensql lock` is for several"),
    ))
}

/// Where the printed result goes. What `bundle` writes it writes itself.
pub(super) fn output(global: &Global, command: &Command) -> Option<std::path::PathBuf> {
    match command {
        Command::Bundle(_) => None,
        _ => global.output.clone(),
    }
}

/// What `bundle` is told.
pub(super) fn bundle(global: &Global, bundle: &args::Bundle) -> commands::Bundle {
    commands::Bundle {
        revisions: bundle.revisions.clone(),
        output: global.output.clone(),
        force: bundle.force,
        irreversible: bundle.irreversible,
        check: bundle.check.clone(),
    }
}

/// What `lock` is told.
pub(super) fn lock(global: &Global, lock: &args::Lock) -> commands::Lock {
    commands::Lock {
        revisions: lock.revisions.clone(),
        dialects: global.dialect.clone(),
        check: lock.check,
        complete: lock.complete,
        update: lock.update.clone(),
        force: lock.force,
    }
}

/// What `revision` is told.
pub(super) fn revision(revision: &Revision) -> NewRevision {
    let Revision {
        message,
        autogenerate: _,
        rename,
        sql,
        head,
        splice,
        branch_label,
        version_path,
        rev_id,
        depends_on,
        files: Files { force, hooks },
    } = revision;
    NewRevision {
        message: message.clone(),
        heads: vec![head.clone()],
        splice: *splice,
        branch_labels: branch_label.clone(),
        version_path: version_path.clone(),
        rev_id: rev_id.clone(),
        depends_on: depends_on.clone(),
        preview: *sql,
        force: *force,
        hooks: *hooks,
        renames: rename.clone(),
    }
}

/// What `merge` is told.
pub(super) fn merge(merge: &Merge) -> NewRevision {
    let Merge {
        revisions,
        message,
        branch_label,
        rev_id,
        splice,
        files: Files { force, hooks },
    } = merge;
    NewRevision {
        message: message.clone(),
        heads: revisions.clone(),
        splice: *splice,
        branch_labels: branch_label.clone(),
        rev_id: rev_id.clone(),
        force: *force,
        hooks: *hooks,
        renames: Vec::new(),
        ..NewRevision::default()
    }
}

/// The user's editor, as a command line.
pub(super) fn editor() -> Option<String> {
    let text = |name| {
        std::env::var(name)
            .ok()
            .filter(|value| !value.trim().is_empty())
    };
    text("VISUAL").or_else(|| text("EDITOR"))
}

fn safety(typed: &Safety) -> SafetyOptions {
    SafetyOptions {
        guard: match (typed.guard, typed.no_guard) {
            (true, _) => Some(true),
            (false, true) => Some(false),
            (false, false) => None,
        },
        idempotent: typed.idempotent,
        lock_timeout: typed.lock_timeout,
        statement_timeout: typed.statement_timeout,
        advisory_lock: typed.advisory_lock,
        client: typed.client.clone(),
    }
}

/// What the database is said to be at.
pub(super) fn at(current: &Current) -> At {
    match &current.current_from {
        Some(path) => At::File(path.clone()),
        None if current.current.is_empty() => At::Unknown,
        None => At::Revisions(current.current.clone()),
    }
}

/// How findings are printed, and which of them fail.
pub(super) fn lint(lint: &Lint) -> LintOptions {
    LintOptions {
        stats: lint.stats.clone(),
        stats_query: lint.stats_query,
        fix: match (lint.fix, lint.dry_run) {
            (false, _) => commands::Fixing::Nothing,
            (true, true) => commands::Fixing::Shown,
            (true, false) => commands::Fixing::Done,
        },
        format: match lint.format {
            LintFormat::Text => Format::Text,
            LintFormat::Json => Format::Json,
            LintFormat::Sarif => Format::Sarif,
            LintFormat::Github => Format::Github,
            LintFormat::Junit => Format::Junit,
        },
        fail_on: fail_on(lint.fail_on),
    }
}

/// How a graph is drawn.
pub(super) fn graph(graph: &Graph) -> commands::GraphFormat {
    match graph.format {
        GraphFormat::Text => commands::GraphFormat::Text,
        GraphFormat::Mermaid => commands::GraphFormat::Mermaid,
        GraphFormat::Dot => commands::GraphFormat::Dot,
        GraphFormat::Svg => commands::GraphFormat::Svg,
    }
}

fn fail_on(typed: FailOn) -> Option<Severity> {
    match typed {
        FailOn::Note => Some(Severity::Note),
        FailOn::Warning => Some(Severity::Warning),
        FailOn::Error => Some(Severity::Error),
        FailOn::Never => None,
    }
}

/// How a review is printed, and which findings fail.
pub(super) fn review(review: &Review) -> commands::ReviewOptions {
    commands::ReviewOptions {
        stats: review.stats.clone(),
        format: match review.format {
            ReviewFormat::Text => review::Format::Text,
            ReviewFormat::Markdown => review::Format::Markdown,
            ReviewFormat::Json => review::Format::Json,
            ReviewFormat::Sarif => review::Format::Findings(Format::Sarif),
            ReviewFormat::Github => review::Format::Findings(Format::Github),
            ReviewFormat::Junit => review::Format::Findings(Format::Junit),
            ReviewFormat::Html => review::Format::Html,
        },
        fail_on: fail_on(review.fail_on),
    }
}
