//! What `env.py` does while it is evaluated: contexts that it configures, and what it does in each.

use super::Event;
use crate::operation::Located;
use crate::python::{Args, Str, Value};

/// One `context.configure(…)` and what follows it.
#[derive(Default)]
pub struct Configured {
    /// The keywords in force: those of this call, and earlier ones that stay.
    pub keywords: Vec<(Str, Value)>,
    /// What was done, in order.
    pub events: Vec<Event>,
}

/// What `env.py` has done so far.
#[derive(Default)]
pub struct Capture {
    /// The contexts, in order.
    pub contexts: Vec<Configured>,
    /// What was executed before the first context was there.
    early: Vec<Event>,
}

/// Keywords that the next `configure` has to give again, or their default holds. All others stay
/// in force for later contexts.
const RESET: &[&str] = &[
    "url",
    "dialect_name",
    "connection",
    "dialect_opts",
    "transaction_per_migration",
    "target_metadata",
    "include_name",
    "include_object",
    "include_schemas",
    "render_as_batch",
    "literal_binds",
    "on_version_apply",
];

/// Keywords for which `None` is as good as nothing.
const SKIPPED: &[&str] = &["transactional_ddl", "output_buffer", "starting_rev", "tag"];

impl Capture {
    /// `context.configure(…)`.
    pub fn configure(&mut self, args: Args, executed: Vec<Located>) {
        self.executed(executed);
        let mut keywords: Vec<(Str, Value)> = match self.contexts.last() {
            Some(earlier) => {
                let stays = |(name, _): &&(Str, Value)| !RESET.contains(&&**name);
                earlier.keywords.iter().filter(stays).cloned().collect()
            }
            None => Vec::new(),
        };
        let positional = ["connection", "url", "dialect_name"];
        let given = positional
            .iter()
            .zip(args.pos)
            .map(|(name, value)| (Str::from(*name), value))
            .chain(args.kw);
        for (name, value) in given {
            if SKIPPED.contains(&&*name) && value.is_none() {
                continue;
            }
            keywords.retain(|(known, _)| *known != name);
            keywords.push((name, value));
        }
        self.contexts.push(Configured {
            keywords,
            events: std::mem::take(&mut self.early),
        });
    }

    /// Statements that were executed since the last event.
    pub fn executed(&mut self, executed: Vec<Located>) {
        if !executed.is_empty() {
            self.event(Event::Operations(executed));
        }
    }

    /// Something was done.
    pub fn event(&mut self, event: Event) {
        match self.contexts.last_mut() {
            Some(context) => context.events.push(event),
            None => self.early.push(event),
        }
    }

    /// `context.run_migrations(…)`.
    pub fn run(&mut self, args: Args) {
        self.event(Event::Migrations(args.kw));
    }

    /// Whether the migrations have been run.
    pub fn has_run(&self) -> bool {
        self.contexts
            .iter()
            .flat_map(|context| &context.events)
            .any(|event| matches!(event, Event::Migrations(_)))
    }
}
