//! What a script checks and waits for: the options, `gensql.toml`, and what is usual.

use super::workspace::Workspace;
use super::{Fresh, Options};
use crate::config::Source;
use crate::diagnostic::{Code, Diagnostic};
use crate::dialect::Dialect;
use crate::script::Safety;

/// Options as typed; those that are not decide nothing.
#[derive(Clone, Debug, Default)]
pub struct SafetyOptions {
    /// `--guard` or `--no-guard`.
    pub guard: Option<bool>,
    /// `--idempotent`.
    pub idempotent: bool,
    /// `--lock-timeout`.
    pub lock_timeout: Option<std::time::Duration>,
    /// `--statement-timeout`.
    pub statement_timeout: Option<std::time::Duration>,
    /// `--advisory-lock`.
    pub advisory_lock: bool,
    /// `--client`.
    pub client: Option<String>,
}

/// What counts. With `--compat alembic` nothing does, since Alembic's text has none of it.
pub(super) fn resolved(workspace: &Workspace, options: &Options) -> Safety {
    if options.compat {
        return Safety::default();
    }
    let settings = &workspace.config.settings.safety;
    let typed = &options.safety;
    let guard = typed
        .guard
        .or(settings.guard)
        .unwrap_or(matches!(workspace.config.source, Source::Sql { .. }));
    // What is known of rows holds at one revision only.
    let guard = guard || options.fresh == Fresh::Installed;
    let client = typed.client.as_ref().or(settings.client.as_ref());
    Safety {
        guard,
        idempotent: options.fresh == Fresh::No && (typed.idempotent || settings.idempotent),
        lock_timeout: typed.lock_timeout.or(settings.lock_timeout),
        statement_timeout: typed.statement_timeout.or(settings.statement_timeout),
        advisory_lock: typed.advisory_lock || settings.advisory_lock,
        client: client
            .filter(|name| *name != "none")
            .map(|name| name.as_str().into()),
        manual: options.stub,
    }
}

/// The note of a script that checks nothing, where nobody has decided that it should not.
pub(super) fn recommended(workspace: &Workspace, options: &Options) -> Option<Diagnostic> {
    let decided = options.compat
        || options.safety.guard.is_some()
        || workspace.config.settings.safety.guard.is_some()
        || resolved(workspace, options).guard;
    (!decided).then(|| {
        Diagnostic::note(
            Code::NotGuarded,
            "the script does not check that the database is at its start",
        )
        .with_help("add `--guard`; or `--no-guard`, which says that it need not")
    })
}

/// The warning of a script that only its client can stop.
pub(super) fn unstopped(dialect: &Dialect) -> Diagnostic {
    let guard = &dialect.facts().guard;
    let message = "statements outside of transactions run also where the script refuses the database, unless the client stops";
    let found = Diagnostic::warning(Code::Unguarded, message);
    let clients: Vec<&str> = guard.clients.keys().map(String::as_str).collect();
    found.with_help(format!(
        "apply it with `{}`, or add `--client {}`",
        guard.apply,
        clients.join("`, `--client ")
    ))
}
