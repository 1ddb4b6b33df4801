//! `env.py`: what its offline path tells `context.configure` and `context.run_migrations`.

use crate::python::{Args, Str, Value};

/// What `env.py` has said so far.
#[derive(Default)]
pub struct Capture {
    /// The keywords of each `context.configure(…)`.
    pub configured: Vec<Vec<(Str, Value)>>,
    /// The keywords of each `context.run_migrations(…)`, with the index of the configuration that
    /// was in force.
    pub runs: Vec<(usize, Vec<(Str, Value)>)>,
}

impl Capture {
    /// `context.configure(…)`.
    pub fn configure(&mut self, args: Args) {
        self.configured.push(args.kw);
    }

    /// `context.run_migrations(…)`.
    pub fn run(&mut self, args: Args) {
        let index = self.configured.len().saturating_sub(1);
        self.runs.push((index, args.kw));
    }
}
