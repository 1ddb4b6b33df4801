//! Which tables are known to hold no rows, because the database was new and nothing wrote to them.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexSet;
use rustc_hash::FxBuildHasher;

/// What was written since the database was new. A table is told from others by its name without
/// schema and letter case, so that doubt makes it count as written.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    written: Rc<IndexSet<Arc<str>, FxBuildHasher>>,
    anything: bool,
    routines: bool,
}

impl Contents {
    /// Rows were put into a table. Where triggers may exist, other tables may hold some too.
    pub fn write(&mut self, table: &str) {
        if self.routines {
            self.anything = true;
        }
        self.insert(folded(table));
    }

    /// A statement that may have put rows anywhere.
    pub fn write_anything(&mut self) {
        self.anything = true;
    }

    /// A function, procedure, trigger or rule was created: what it does is not known.
    pub fn create_routine(&mut self) {
        self.routines = true;
    }

    /// A statement that calls functions; those that revisions created may write anywhere.
    pub fn call(&mut self) {
        if self.routines {
            self.anything = true;
        }
    }

    /// The rows of one table are now those of another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        if self.written.contains(&folded(from)) {
            self.insert(folded(to));
        }
    }

    fn insert(&mut self, table: Arc<str>) {
        // Most writes are to tables that were written before: a shared set stays shared.
        if !self.written.contains(&table) {
            Rc::make_mut(&mut self.written).insert(table);
        }
    }

    /// Whether a table of that name holds no rows.
    pub fn is_empty(&self, table: &str) -> bool {
        !self.anything && !self.written.contains(&folded(table))
    }
}

fn folded(name: &str) -> Arc<str> {
    name.to_lowercase().into()
}
