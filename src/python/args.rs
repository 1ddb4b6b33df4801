//! The arguments of a call, and how native functions take them apart.

use super::error::{PyResult, Raise};
use super::value::{Str, Value};

/// Evaluated arguments.
#[derive(Clone, Default)]
pub struct Args {
    /// Positional ones, after `*` was expanded.
    pub pos: Vec<Value>,
    /// Keyword ones in order, after `**` was expanded.
    pub kw: Vec<(Str, Value)>,
}

impl Args {
    /// Positional arguments only.
    pub fn of(pos: Vec<Value>) -> Self {
        Self {
            pos,
            kw: Vec::new(),
        }
    }

    /// Takes the keyword argument `name` out.
    pub fn keyword(&mut self, name: &str) -> Option<Value> {
        let index = self.kw.iter().position(|(key, _)| &**key == name)?;
        Some(self.kw.remove(index).1)
    }

    /// Takes the next positional argument out, or else the keyword `name`.
    pub fn take(&mut self, name: &str) -> Option<Value> {
        if self.pos.is_empty() {
            self.keyword(name)
        } else {
            Some(self.pos.remove(0))
        }
    }

    /// Like [`Args::take`], with Python's `TypeError` when it is missing.
    pub fn require(&mut self, function: &str, name: &str) -> PyResult {
        self.take(name).ok_or_else(|| {
            Raise::exception(
                "TypeError",
                format!("{function}() missing 1 required positional argument: '{name}'"),
            )
        })
    }

    /// Raises Python's `TypeError` when anything is left over.
    pub fn finish(self, function: &str) -> PyResult<()> {
        if let Some((name, _)) = self.kw.first() {
            return Err(Raise::exception(
                "TypeError",
                format!("{function}() got an unexpected keyword argument '{name}'"),
            ));
        }
        if !self.pos.is_empty() {
            return Err(Raise::exception(
                "TypeError",
                format!(
                    "{function}() got {} unexpected positional argument(s)",
                    self.pos.len()
                ),
            ));
        }
        Ok(())
    }
}
