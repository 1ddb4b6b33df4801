//! Which tables are known to hold no rows, because the database was new and nothing wrote to them.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::rows::KnownRows;
use crate::source::Location;

/// What was written since the database was new, and by which statement first. A table is told from
/// others by its name without schema and letter case, so that doubt makes it count as written.
#[derive(Clone, Debug, Default)]
pub struct Contents {
    written: Rc<IndexMap<Arc<str>, Written, FxBuildHasher>>,
    anything: Option<By>,
    routines: Option<By>,
    /// Whether code in the database may change rows beside those that a statement names.
    changes_along: bool,
    /// The numbers that sequences give next, as far as some were drawn.
    sequences: Rc<IndexMap<Arc<str>, i64, FxBuildHasher>>,
    /// Whether a statement may have set what sequences give.
    sequences_set: bool,
    /// Whether `||` between texts puts one behind the other.
    joins_texts: bool,
}

/// A table that was written to.
#[derive(Clone, Debug)]
struct Written {
    /// The first statement that did.
    by: Option<Location>,
    /// What it holds, where that is known.
    rows: Option<Rc<KnownRows>>,
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
    /// Of a new database. `joins_texts`: whether it takes `||` between texts for joining them.
    pub(super) fn of_new(joins_texts: bool) -> Self {
        Self {
            joins_texts,
            ..Self::default()
        }
    }

    /// Whether `||` between texts puts one behind the other.
    pub fn joins_texts(&self) -> bool {
        self.joins_texts
    }

    /// Rows were put into a table. Where triggers may exist, other tables may hold some too.
    pub fn write(&mut self, table: &str, by: Option<&Location>) {
        self.call();
        self.insert(folded(table), by, None);
    }

    /// The same, where it is known what the table holds then.
    pub fn write_rows(&mut self, table: &str, rows: KnownRows, by: Option<&Location>) {
        self.call();
        let rows = Some(Rc::new(rows)).filter(|_| !self.changes_along);
        self.insert(folded(table), by, rows);
    }

    /// The rows of a table that has another form now.
    pub fn carry(&mut self, table: &str, rows: KnownRows) {
        if self.rows(table).is_some() {
            self.insert(folded(table), None, Some(Rc::new(rows)));
        }
    }

    /// What a table that was written to holds, where that is known.
    pub fn rows(&self, table: &str) -> Option<&Rc<KnownRows>> {
        let known = self
            .written
            .get(&folded(table))
            .filter(|_| self.anything.is_none());
        known?.rows.as_ref()
    }

    /// Every table whose rows are known.
    pub fn all_rows(&self) -> Vec<Rc<KnownRows>> {
        let written = self.written.values();
        written.filter_map(|written| written.rows.clone()).collect()
    }

    /// Whether there is a table whose rows are known.
    pub fn has_rows(&self) -> bool {
        self.written.values().any(|written| written.rows.is_some())
    }

    /// What a table holds is not known any more; one without rows has none as before.
    pub fn forget(&mut self, table: &str) {
        let table = folded(table);
        if self
            .written
            .get(&table)
            .is_some_and(|written| written.rows.is_some())
            && let Some(written) = Rc::make_mut(&mut self.written).get_mut(&table)
        {
            written.rows = None;
        }
    }

    /// The table is gone with its rows.
    pub fn drop_table(&mut self, table: &str) {
        let table = folded(table);
        if self.written.contains_key(&table) {
            Rc::make_mut(&mut self.written).shift_remove(&table);
        }
    }

    /// A statement that may have put rows anywhere.
    pub fn write_anything(&mut self, by: Option<&Location>) {
        self.anything.get_or_insert_with(|| by.cloned());
    }

    /// A function, procedure, trigger or rule was created: what it does is not known.
    pub fn create_routine(&mut self, by: Option<&Location>) {
        self.change_along();
        self.routines.get_or_insert_with(|| by.cloned());
    }

    /// There is code in the database now that may change rows beside those that a statement names.
    pub fn change_along(&mut self) {
        self.changes_along = true;
        self.forget_all();
    }

    /// The number that a sequence gives next, which began with `first`, where that is known.
    pub fn next_of(&self, sequence: &str, first: i64) -> Option<i64> {
        let known = self.anything.is_none() && !self.changes_along && !self.sequences_set;
        let next = self.sequences.get(&folded(sequence)).copied();
        known.then(|| next.unwrap_or(first))
    }

    /// Numbers of a sequence were drawn: it gives this one next.
    pub fn draw(&mut self, sequence: &str, next: i64) {
        Rc::make_mut(&mut self.sequences).insert(folded(sequence), next);
    }

    /// A statement may have set what sequences and keys give.
    pub fn set_sequences(&mut self) {
        self.sequences_set = true;
        self.forget_all();
    }

    /// The values in rows may have changed, of any table. None has rows that had none.
    pub fn forget_all(&mut self) {
        if self.has_rows() {
            for written in Rc::make_mut(&mut self.written).values_mut() {
                written.rows = None;
            }
        }
    }

    /// A statement that calls functions; those that revisions created may write anywhere.
    pub fn call(&mut self) {
        if self.anything.is_none() {
            self.anything.clone_from(&self.routines);
        }
    }

    /// The rows of one table are now those of another name.
    pub fn rename(&mut self, from: &str, to: &str) {
        if let Some(written) = self.written.get(&folded(from)).cloned() {
            self.insert(folded(to), written.by.as_ref(), written.rows);
        }
    }

    fn insert(&mut self, table: Arc<str>, by: Option<&Location>, rows: Option<Rc<KnownRows>>) {
        match self.written.get(&table) {
            // Most writes are to tables that were written before: a shared map stays shared.
            Some(known) if known.rows.is_none() && rows.is_none() => {}
            Some(_) => {
                if let Some(known) = Rc::make_mut(&mut self.written).get_mut(&table) {
                    known.rows = rows;
                }
            }
            None => {
                let by = by.cloned();
                Rc::make_mut(&mut self.written).insert(table, Written { by, rows });
            }
        }
    }

    /// Why a table of that name may hold rows; `None` where it holds none.
    pub fn doubt(&self, table: &str) -> Option<Doubt> {
        let written = self.written.get(&folded(table));
        let written =
            written.map(|written| (format!("what is in the table `{table}`"), &written.by));
        let anything = self.anything.as_ref();
        let (what, by) = written.or_else(|| {
            let what = format!("what may be in the table `{table}`, as in any,");
            Some((what, anything?))
        })?;
        let by = by.clone();
        Some(Doubt { what, by })
    }

    /// Whether no statement wrote to a table of that name.
    pub fn is_empty(&self, table: &str) -> bool {
        self.anything.is_none() && !self.written.contains_key(&folded(table))
    }
}

fn folded(name: &str) -> Arc<str> {
    name.to_lowercase().into()
}
