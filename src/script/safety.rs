//! What a script does so that nothing goes wrong unnoticed: the options.

use std::sync::Arc;
use std::time::Duration;

/// What a script checks, waits for and skips, besides what Alembic's text has.
#[derive(Clone, Debug, Default)]
pub struct Safety {
    /// Whether the script refuses a database that is not at its start, and asserts its end.
    pub guard: bool,
    /// Whether each revision runs only if it is not applied.
    pub idempotent: bool,
    /// How long a statement waits for a lock.
    pub lock_timeout: Option<Duration>,
    /// How long a statement may run.
    pub statement_timeout: Option<Duration>,
    /// Whether the script holds a lock that no two of them have at once.
    pub advisory_lock: bool,
    /// The client that reads the script, whose own commands may stand in it.
    pub client: Option<Arc<str>>,
    /// Whether steps may be left to a person, before which the script has to stop.
    pub manual: bool,
}

impl Safety {
    /// Whether the script must be a transaction where the database has any for DDL.
    pub(super) fn wants_transaction(&self) -> bool {
        self.guard || self.idempotent || self.advisory_lock || self.manual
    }

    /// Whether the rows of the version table are checked.
    pub(super) fn checks(&self) -> bool {
        self.guard || self.idempotent
    }
}
