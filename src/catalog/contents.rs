//! Which tables are known to hold no rows, because the database was new and nothing wrote to them.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use crate::source::Location;

/// What was written since the database was new, and by which statement first. A table is told from
/// others by its name without schema and letter case, so that doubt makes it count as written.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    written: Rc<IndexMap<Arc<str>, Option<Location>, FxBuildHasher>>,
    anything: Option<By>,
    routines: Option<By>,
}

/// The statement, where it is known.
type By = Option<Location>;

/// Why it is not known which rows there are.
#[derive(Clone, Debug)]
pub struct Doubt {
    /// What makes them unknown, as a noun phrase.
    pub what: String,
    /// The statement.
    pub by: Option<Location>,
}

impl Contents {
    /// Rows were put into a table. Where triggers may exist, other tables may hold some too.
    pub fn write(&mut self, table: &str, by: Option<&Location>) {
        self.call();
        self.insert(folded(table), by);
    }

    /// A statement that may have put rows anywhere.
    pub fn write_anything(&mut self, by: Option<&Location>) {
        self.anything.get_or_insert_with(|| by.cloned());
    }

    /// A function, procedure, trigger or rule was created: what it does is not known.
    pub fn create_routine(&mut self, by: Option<&Location>) {
        self.routines.get_or_insert_with(|| by.cloned());
    }

    /// A statement that calls functions; those that revisions created may write anywhere.
    pub fn call(&mut self) {
        if self.anything.is_none() {
            self.anything.clone_from(&self.routines);
        }
    }

    /// The rows of one table are now those of another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(by) = self.written.get(&folded(from)).cloned() {
            self.insert(folded(to), by.as_ref());
        }
    }

    fn insert(&mut self, table: Arc<str>, by: Option<&Location>) {
        // Most writes are to tables that were written before: a shared map stays shared.
        if !self.written.contains_key(&table) {
            Rc::make_mut(&mut self.written).insert(table, by.cloned());
        }
    }

    /// Why a table of that name may hold rows; `None` where it holds none.
    pub fn doubt(&self, table: &str) -> Option<Doubt> {
        let written = self.written.get(&folded(table));
        let written = written.map(|by| (format!("what is in the table `{table}`"), by));
        let anything = self.anything.as_ref();
        let (what, by) = written.or_else(|| {
            let what = format!("what may be in the table `{table}`, as in any,");
            Some((what, anything?))
        })?;
        let by = by.clone();
        Some(Doubt { what, by })
    }

    /// Whether a table of that name holds no rows.
    pub fn is_empty(&self, table: &str) -> bool {
        self.anything.is_none() && !self.written.contains_key(&folded(table))
    }
}

fn folded(name: &str) -> Arc<str> {
    name.to_lowercase().into()
}
