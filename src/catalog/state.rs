//! The replayed schema: what a database holds after some revisions.

use std::rc::Rc;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use rustc_hash::FxBuildHasher;

use super::contents::{Contents, Doubt};
use super::ordered::Ordered;
use super::places::{Holdings, TableMut};
use super::rows::{Counting, KnownRows};
use super::server_name::{self, ServerNaming};
use super::{
    Attached, AttachedKind, Column, Constraint, ConstraintKind, ConstraintName, ForeignKey, Index,
    IndexElement, Sequence, Table, TableName, Written, WrittenKind,
};
use crate::datatype::EnumType;
use crate::diagnostic::{Code, Diagnostic};
use crate::expression::Ident;

/// A schema-qualified name as a key: the schema (none: the default one) and the name.
pub type Key = (Option<Arc<str>>, Arc<str>);

/// The schema as far as the revisions tell. A copy costs nothing: what both hold is shared until
/// one of them changes it.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    pub(super) tables: Ordered<Rc<Table>>,
    /// Which tables may hold what has a name.
    pub(super) holdings: Holdings,
    /// Views, with the statements that create them.
    pub(super) views: Ordered<Arc<str>>,
    pub(super) enums: Ordered<Arc<EnumType>>,
    pub(super) sequences: Ordered<Rc<Sequence>>,
    schemas: Rc<IndexSet<Arc<str>, FxBuildHasher>>,
    opaque: Rc<Vec<Opaque>>,
    /// The tables that an opaque statement may have changed since, by lower-case name.
    tainted: Rc<IndexMap<Arc<str>, usize, FxBuildHasher>>,
    /// The first opaque statement that may have changed any table.
    all_tainted: Option<usize>,
    written: Rc<Vec<Written>>,
    naming: ServerNaming,
    contents: Option<Contents>,
}

/// A statement whose effect on the schema is not known.
#[derive(Clone, Debug)]
pub struct Opaque {
    /// The beginning of its text.
    pub excerpt: Arc<str>,
    /// Where it was written.
    pub location: Option<crate::source::Location>,
    /// Why it is not known, where it is not a statement of SQL.
    pub reason: Option<Arc<str>>,
    /// What it may have changed.
    pub taint: Taint,
}

impl Opaque {
    /// The error of a step that needs a table which this statement may have changed.
    pub fn blame(&self, table: &TableName) -> Box<Diagnostic> {
        if let Some(reason) = &self.reason {
            return self.blame_for(reason, table);
        }
        let message = format!(
            "the form of the table `{}` is not known: a statement before this one may have changed it",
            table.name.name
        );
        let diagnostic = Diagnostic::error(Code::CatalogTainted, message).with_help(
            "declare in that statement what it does: `-- gensql: effect ALTER TABLE …`, or \
             `-- gensql: effect none`",
        );
        Box::new(match &self.location {
            Some(at) => diagnostic.label(at.clone(), "this statement cannot be read"),
            None => diagnostic.with_note(format!("the statement is {}", self.excerpt)),
        })
    }

    fn blame_for(&self, reason: &str, table: &TableName) -> Box<Diagnostic> {
        let message = format!(
            "the form of the table `{}` is not known: {} may have changed it",
            table.name.name, self.excerpt
        );
        let diagnostic = Diagnostic::error(Code::CatalogTainted, message)
            .with_note(reason.to_owned())
            .with_help(
                "change what stops gensql there, or give the schema as a file with `--baseline`",
            );
        Box::new(match &self.location {
            Some(at) => diagnostic.label(at.clone(), "what it does from here on is not known"),
            None => diagnostic,
        })
    }
}

/// What a statement that cannot be read may have changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Taint {
    /// No table.
    Nothing,
    /// The tables with these names, in lower case.
    Tables(Vec<Arc<str>>),
    /// It cannot be said which.
    Everything,
}

/// Makes room for one more. Short lists, of which a catalog has many, get no room to spare.
fn room_for_one<T>(list: &mut Vec<T>) {
    if list.len() < 16 {
        list.reserve_exact(1);
    }
}

/// The key of a table.
pub fn key(name: &TableName) -> Key {
    (
        name.schema.as_ref().map(|schema| schema.name.clone()),
        name.name.name.clone(),
    )
}

impl Catalog {
    /// An empty catalog of a server that names constraints by `naming`.
    pub fn new(naming: ServerNaming) -> Self {
        Self {
            naming,
            ..Self::default()
        }
    }

    /// From here on, keeps track of which tables hold rows: the database is known to hold none.
    /// `joins_texts`: whether it takes `||` between texts for joining them.
    pub fn begin_empty(&mut self, joins_texts: bool) {
        self.contents = Some(Contents::of_new(joins_texts));
    }

    /// What is known of the rows; `None` where the database was not new.
    pub fn contents(&self) -> Option<&Contents> {
        self.contents.as_ref()
    }

    /// The same, to be told of a statement.
    pub fn contents_mut(&mut self) -> Option<&mut Contents> {
        self.contents.as_mut()
    }

    /// Whether the table is known and holds no rows. Its name is compared without letter case.
    pub fn is_empty_table(&self, name: &TableName) -> bool {
        let wanted = name.name.name.to_lowercase();
        self.contents
            .as_ref()
            .is_some_and(|contents| contents.is_empty(&wanted))
            && self.tables.named(&wanted).next().is_some()
    }

    /// The rows of a table of the database that began empty; `None` where they are not known, or the
    /// table is not. `counting` says which keys a new table gives to its rows.
    pub fn rows(&self, name: &TableName, counting: Counting) -> Option<KnownRows> {
        let wanted = name.name.name.to_lowercase();
        let contents = self.contents.as_ref()?;
        let mut found = self.tables.named(&wanted);
        // Rows are told apart by the table's plain name.
        let (Some((own, form)), None) = (found.next(), found.next()) else {
            return None;
        };
        let schema = name.schema.as_ref().map(|schema| &schema.name);
        if own.0.as_ref() != schema || self.taint_of(name).is_some() {
            return None;
        }
        if contents.is_empty(&wanted) {
            return Some(KnownRows::none(form, counting));
        }
        let rows = contents.rows(&wanted)?;
        Rc::ptr_eq(rows.table(), form).then(|| KnownRows::clone(rows))
    }

    /// Why a table may hold rows; `None` where it holds none.
    pub fn doubt(&self, name: &TableName) -> Option<Doubt> {
        let wanted = name.name.name.to_lowercase();
        let contents = self.contents.as_ref()?;
        if self.tables.named(&wanted).next().is_none() {
            let what = format!("`{}` is a table that no revision makes", name.name.name);
            return Some(Doubt { what, by: None });
        }
        contents.doubt(&wanted)
    }

    /// The table, with its column-level constraints and indexes lifted to the table.
    pub fn table(&self, name: &TableName) -> Option<&Rc<Table>> {
        self.tables.get(&key(name))
    }

    /// The table by schema and name.
    pub fn table_by_key(&self, key: &Key) -> Option<&Rc<Table>> {
        self.tables.get(key)
    }

    /// How the server names constraints without a name.
    pub fn naming(&self) -> ServerNaming {
        self.naming
    }

    /// Every table, in order of creation.
    pub fn tables(&self) -> impl Iterator<Item = (&Key, &Rc<Table>)> {
        self.tables.iter()
    }

    /// Every view's name, in order of creation.
    pub fn views(&self) -> impl Iterator<Item = &Key> {
        self.views.iter().map(|(key, _)| key)
    }

    /// The statement that makes the view.
    pub fn view(&self, key: &Key) -> Option<&Arc<str>> {
        self.views.get(key)
    }

    /// The sequence, when revisions created it.
    pub fn sequence(&self, key: &Key) -> Option<&Rc<Sequence>> {
        self.sequences.get(key)
    }

    /// Every view with the statement that makes it, in order of creation.
    pub fn view_statements(&self) -> impl DoubleEndedIterator<Item = (&Key, &Arc<str>)> {
        self.views.iter()
    }

    /// Every named enum type, in order of creation.
    pub fn enums(&self) -> impl Iterator<Item = (&Key, &Arc<EnumType>)> {
        self.enums.iter()
    }

    /// Every sequence, in order of creation.
    pub fn sequences(&self) -> impl Iterator<Item = (&Key, &Rc<Sequence>)> {
        self.sequences.iter()
    }

    /// Schemas that revisions created.
    pub fn schemas(&self) -> impl Iterator<Item = &Arc<str>> {
        self.schemas.iter()
    }

    /// The statements whose effect is not known, in order.
    pub fn opaque(&self) -> &[Opaque] {
        &self.opaque
    }

    /// Objects that are only known as SQL, in order of creation.
    pub fn written(&self) -> &[Written] {
        &self.written
    }

    /// Adds an object that is only known as SQL.
    pub fn add_written(&mut self, written: Written) {
        Rc::make_mut(&mut self.written).push(written);
    }

    /// Removes the objects of that kind and name, in whichever case of letters.
    pub fn drop_written(&mut self, kind: WrittenKind, name: &str) {
        Rc::make_mut(&mut self.written)
            .retain(|w| w.kind != kind || !w.name.eq_ignore_ascii_case(name));
    }

    /// Notes a statement whose effect is not known.
    pub fn add_opaque(&mut self, opaque: Opaque) {
        let at = self.opaque.len();
        match &opaque.taint {
            Taint::Nothing => {}
            Taint::Tables(names) => {
                for name in names {
                    Rc::make_mut(&mut self.tainted).insert(name.clone(), at);
                }
            }
            Taint::Everything => {
                self.all_tainted.get_or_insert(at);
            }
        }
        Rc::make_mut(&mut self.opaque).push(opaque);
    }

    /// The statement because of which the table's form is not known, where there is one.
    pub fn taint_of(&self, name: &TableName) -> Option<&Opaque> {
        if self.tainted.is_empty() && self.all_tainted.is_none() {
            return None;
        }
        let own = self.tainted.get(name.name.name.to_lowercase().as_str());
        self.opaque.get(own.copied().or(self.all_tainted)?)
    }

    /// Whether there may be a table or view of that name, in whatever schema and letter case: one is
    /// known, or something is there whose doing is not.
    pub fn may_have(&self, name: &TableName) -> bool {
        let wanted = name.name.name.to_lowercase();
        self.tables.named(&wanted).next().is_some()
            || self.views.named(&wanted).next().is_some()
            || self.taint_of(name).is_some()
            || self
                .written
                .iter()
                .any(|written| written.kind != WrittenKind::Domain)
    }

    /// The statement that may have created a table which no other is known to have created.
    pub fn hidden(&self, name: &str) -> Option<&Opaque> {
        let at = self.tainted.get(name.to_lowercase().as_str())?;
        self.opaque.get(*at)
    }

    fn untaint(&mut self, name: &TableName) {
        if !self.tainted.is_empty() {
            Rc::make_mut(&mut self.tainted).shift_remove(name.name.name.to_lowercase().as_str());
        }
    }

    /// The table for changing; `None` when no revision created it.
    pub fn table_mut(&mut self, name: &TableName) -> Option<TableMut<'_>> {
        self.table_mut_by_key(key(name))
    }

    fn table_mut_by_key(&mut self, key: Key) -> Option<TableMut<'_>> {
        let table = self.tables.get_mut(&key).map(Rc::make_mut)?;
        Some(TableMut {
            table,
            key,
            holdings: &mut self.holdings,
        })
    }

    /// Puts a table in, and notes what it holds.
    fn put_table(&mut self, key: Key, table: Rc<Table>) {
        self.tables.insert(key.clone(), table);
        drop(self.table_mut_by_key(key));
    }

    /// Adds a table. What columns say of keys, uniqueness, indexes, foreign keys and checks
    /// becomes table constraints and indexes.
    pub fn create_table(&mut self, table: &Table) {
        self.untaint(&table.name);
        let mut table = table.clone();
        let columns = std::mem::take(&mut table.columns);
        let written = std::mem::take(&mut table.constraints);
        let mut key_columns: Vec<Ident> = columns
            .iter()
            .filter(|c| c.primary_key)
            .map(|c| c.name.clone())
            .collect();
        let mut lifted = Vec::new();
        for column in columns {
            let column = lift(
                self.naming,
                &mut lifted,
                &mut table.indexes,
                column,
                &table.name,
            );
            table.columns.push(column);
        }
        if let Some(explicit) = written.iter().find_map(|c| match &c.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns.clone()),
            _ => None,
        }) {
            key_columns.clear();
            for column in &mut table.columns {
                if explicit.iter().any(|name| name.name == column.name.name) {
                    column.primary_key = true;
                }
            }
        }
        if !key_columns.is_empty() {
            table
                .constraints
                .push(Constraint::new(ConstraintKind::PrimaryKey {
                    columns: key_columns,
                }));
        }
        table.constraints.extend(written);
        table.constraints.extend(lifted);
        server_name::name_all(self.naming, &mut table);
        // Tables are kept for the whole run, and most of them never grow.
        table.columns.shrink_to_fit();
        table.constraints.shrink_to_fit();
        table.indexes.shrink_to_fit();
        self.put_table(key(&table.name), Rc::new(table));
    }

    /// Removes a table.
    pub fn drop_table(&mut self, name: &TableName) {
        self.untaint(name);
        self.tables.remove(&key(name));
    }

    /// Renames a table within its schema, and the references to it.
    pub fn rename_table(&mut self, name: &TableName, new_name: &Ident) {
        let old = key(name);
        let Some(mut table) = self.tables.remove(&old) else {
            return;
        };
        let of = self.tainted.get(old.1.to_lowercase().as_str()).copied();
        if let Some(at) = of {
            self.untaint(name);
            Rc::make_mut(&mut self.tainted).insert(Arc::from(new_name.name.to_lowercase()), at);
        }
        let renamed = Rc::make_mut(&mut table);
        renamed.name.name = new_name.clone();
        for constraint in &mut renamed.constraints {
            if let Some(own) = constraint.name.ident()
                && let Some(new) = self.naming.renamed(own, &old.1, &new_name.name)
            {
                constraint.name = ConstraintName::Final(new);
            }
        }
        self.put_table((old.0.clone(), new_name.name.clone()), table);
        self.for_each_reference(&old, |reference| reference.referent.name = new_name.clone());
    }

    /// Takes away an index or trigger that is only known as SQL; whether there was one.
    pub fn detach(&mut self, kind: AttachedKind, name: &str) -> bool {
        let is_it =
            |attached: &Attached| attached.kind == kind && attached.name.eq_ignore_ascii_case(name);
        let owner = self
            .tables_having(name)
            .find(|(_, table)| table.attached.iter().any(is_it))
            .map(|(key, _)| key.clone());
        match owner.and_then(|owner| self.table_mut_by_key(owner)) {
            Some(mut table) => {
                table.attached.retain(|attached| !is_it(attached));
                true
            }
            None => false,
        }
    }

    /// Adds a column at the end, or where `position` counts.
    pub fn add_column(&mut self, name: &TableName, column: Column, position: Option<usize>) {
        let naming = self.naming;
        let Some(mut table) = self.table_mut(name) else {
            return;
        };
        let table = &mut *table;
        let mut lifted = Vec::new();
        let primary = column.primary_key;
        let column = lift(naming, &mut lifted, &mut table.indexes, column, name);
        let ident = column.name.clone();
        let at = position
            .unwrap_or(table.columns.len())
            .min(table.columns.len());
        room_for_one(&mut table.columns);
        table.columns.insert(at, column);
        table.constraints.extend(lifted);
        if primary {
            match table
                .constraints
                .iter_mut()
                .find_map(|c| match &mut c.kind {
                    ConstraintKind::PrimaryKey { columns } => Some(columns),
                    _ => None,
                }) {
                Some(columns) => columns.push(ident),
                None => table.constraints.insert(
                    0,
                    Constraint::new(ConstraintKind::PrimaryKey {
                        columns: vec![ident],
                    }),
                ),
            }
        }
        server_name::name_all(naming, table);
    }

    /// Adds a constraint to a table. It takes the place of one that has its name, and a primary key
    /// that of another: databases refuse a second one, and where the table is made anew only the last
    /// one is written.
    pub fn add_constraint(&mut self, name: &TableName, constraint: &Constraint) {
        let naming = self.naming;
        let Some(mut table) = self.table_mut(name) else {
            return;
        };
        let table = &mut *table;
        if let ConstraintKind::PrimaryKey { columns } = &constraint.kind {
            forget_key(table);
            for column in &mut table.columns {
                if columns.iter().any(|name| name.name == column.name.name) {
                    column.primary_key = true;
                    column.nullable = Some(false);
                }
            }
        }
        if let Some(name) = constraint.name.ident()
            && let Some(known) = table
                .constraints
                .iter_mut()
                .find(|known| known.name.ident().is_some_and(|n| n.name == name.name))
        {
            *known = constraint.clone();
            return;
        }
        room_for_one(&mut table.constraints);
        table.constraints.push(constraint.clone());
        server_name::name_one(naming, table, table.constraints.len() - 1);
    }

    /// Removes a column with the constraints and indexes that need it.
    pub fn drop_column(&mut self, name: &TableName, column: &Ident) {
        let Some(mut table) = self.table_mut(name) else {
            return;
        };
        table.columns.retain(|c| c.name.name != column.name);
        table.constraints.retain(|c| !c.uses(&column.name));
        table.indexes.retain(|index| !index.uses(&column.name));
    }

    /// Renames a column, and the references to it.
    pub fn rename_column(&mut self, name: &TableName, column: &Ident, new_name: &Ident) {
        let old = key(name);
        let Some(mut guard) = self.table_mut(name) else {
            return;
        };
        let table = &mut *guard;
        for c in &mut table.columns {
            if c.name.name == column.name {
                c.name = new_name.clone();
            }
        }
        let rename = |columns: &mut Vec<Ident>| {
            for c in columns.iter_mut().filter(|c| c.name == column.name) {
                *c = new_name.clone();
            }
        };
        for constraint in &mut table.constraints {
            match &mut constraint.kind {
                ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
                    rename(columns);
                }
                ConstraintKind::ForeignKey(foreign_key) => rename(&mut foreign_key.columns),
                ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => {}
            }
        }
        for index in &mut table.indexes {
            for element in &mut index.elements {
                match element {
                    IndexElement::Column(c) if c.name == column.name => *c = new_name.clone(),
                    IndexElement::Column(_) | IndexElement::Expr(_) => {}
                }
            }
        }
        drop(guard);
        self.for_each_reference(&old, |reference| rename(&mut reference.referent_columns));
    }

    /// Adds an enum type.
    pub fn create_enum(&mut self, enumeration: &Arc<EnumType>) {
        if let Some(name) = &enumeration.name {
            self.enums.insert(
                (enumeration.schema.clone(), name.clone()),
                Arc::clone(enumeration),
            );
        }
    }

    /// The enum type, when revisions created it.
    pub fn enumeration(
        &self,
        schema: Option<&Arc<str>>,
        name: &Arc<str>,
    ) -> Option<&Arc<EnumType>> {
        self.enums.get(&(schema.cloned(), name.clone()))
    }

    /// Removes an enum type.
    pub fn drop_enum(&mut self, schema: Option<&Arc<str>>, name: &Arc<str>) {
        self.enums.remove(&(schema.cloned(), name.clone()));
    }

    /// Adds a sequence.
    pub fn create_sequence(&mut self, sequence: &Sequence) {
        let key = (
            sequence.schema.as_ref().map(|s| s.name.clone()),
            sequence.name.name.clone(),
        );
        self.sequences.insert(key, Rc::new(sequence.clone()));
    }

    /// Removes a sequence.
    pub fn drop_sequence(&mut self, sequence: &Sequence) {
        let key = (
            sequence.schema.as_ref().map(|s| s.name.clone()),
            sequence.name.name.clone(),
        );
        self.sequences.remove(&key);
    }

    /// Adds a schema.
    pub fn create_schema(&mut self, name: &Ident) {
        Rc::make_mut(&mut self.schemas).insert(name.name.clone());
    }

    /// Removes a schema with what it holds.
    pub fn drop_schema(&mut self, name: &Ident) {
        Rc::make_mut(&mut self.schemas).shift_remove(&name.name);
        let kept = |key: &Key| key.0.as_ref() != Some(&name.name);
        self.tables.retain(kept);
        self.views.retain(kept);
        self.enums.retain(kept);
        self.sequences.retain(kept);
    }

    /// Adds a view.
    pub fn create_view(&mut self, key: Key, sql: &str) {
        self.holdings.note_words(sql, &key);
        self.views.insert(key, Arc::from(sql));
    }

    /// Removes a view.
    pub fn drop_view(&mut self, key: &Key) {
        self.views.remove(key);
    }

    /// Takes away the foreign keys that refer to a table, as `DROP TABLE … CASCADE` does.
    pub fn drop_references(&mut self, name: &TableName) {
        let referent = key(name);
        let refers = |c: &Constraint| match &c.kind {
            ConstraintKind::ForeignKey(foreign_key) => key(&foreign_key.referent) == referent,
            _ => false,
        };
        for owner in self.referring_by_key(&referent) {
            if let Some(mut table) = self.table_mut_by_key(owner) {
                table.constraints.retain(|c| !refers(c));
            }
        }
    }

    /// The tables that refer to exactly this one.
    fn referring_by_key(&self, referent: &Key) -> Vec<Key> {
        let refers = |c: &Constraint| match &c.kind {
            ConstraintKind::ForeignKey(foreign_key) => key(&foreign_key.referent) == *referent,
            _ => false,
        };
        self.holdings
            .referring
            .of(&referent.1)
            .filter(|owner| {
                let table = self.tables.get(owner);
                table.is_some_and(|table| table.constraints.iter().any(refers))
            })
            .cloned()
            .collect()
    }

    fn for_each_reference(&mut self, referent: &Key, mut change: impl FnMut(&mut ForeignKey)) {
        for owner in self.referring_by_key(referent) {
            let Some(mut table) = self.table_mut_by_key(owner) else {
                continue;
            };
            for constraint in &mut table.constraints {
                if let ConstraintKind::ForeignKey(foreign_key) = &mut constraint.kind
                    && key(&foreign_key.referent) == *referent
                {
                    change(foreign_key);
                }
            }
        }
    }
}

/// Takes the primary key away: a table that is made anew has the new one only.
fn forget_key(table: &mut Table) {
    table
        .constraints
        .retain(|c| !matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
    for column in &mut table.columns {
        if column.primary_key {
            // What was NOT NULL as a key stays so.
            column.nullable.get_or_insert(false);
        }
        column.primary_key = false;
    }
}

/// Takes out of a column what belongs to the table.
fn lift(
    naming: ServerNaming,
    constraints: &mut Vec<Constraint>,
    indexes: &mut Vec<Index>,
    mut column: Column,
    table: &TableName,
) -> Column {
    for mut constraint in std::mem::take(&mut column.constraints) {
        naming.name_in_column(&column.name, &mut constraint);
        constraints.push(constraint);
    }
    if column.index {
        let name = format!("ix_{}_{}", table.name.name, column.name.name);
        indexes.push(Index {
            name: ConstraintName::Final(Ident::new(name)),
            elements: vec![IndexElement::Column(column.name.clone())],
            unique: column.unique,
            options: Vec::new(),
        });
    } else if column.unique {
        constraints.push(Constraint::new(ConstraintKind::Unique {
            columns: vec![column.name.clone()],
        }));
    }
    column.index = false;
    column.unique = false;
    column
}

impl Constraint {
    /// A constraint without name and options.
    pub fn new(kind: ConstraintKind) -> Self {
        Self {
            name: ConstraintName::None,
            kind,
            deferrable: None,
            initially: None,
            options: Vec::new(),
            comment: None,
        }
    }

    /// Whether the column of that name takes part (the text of checks is not read).
    pub fn uses(&self, column: &str) -> bool {
        match &self.kind {
            ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
                columns.iter().any(|c| &*c.name == column)
            }
            ConstraintKind::ForeignKey(foreign_key) => {
                foreign_key.columns.iter().any(|c| &*c.name == column)
            }
            ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => false,
        }
    }
}

impl Index {
    /// Whether the column of that name takes part by name.
    pub fn uses(&self, column: &str) -> bool {
        self.elements.iter().any(|element| match element {
            IndexElement::Column(name) => &*name.name == column,
            IndexElement::Expr(_) => false,
        })
    }
}

impl ConstraintName {
    /// The name, whether final or not.
    pub fn ident(&self) -> Option<&Ident> {
        match self {
            Self::None | Self::Invented(_) => None,
            Self::Given(name) | Self::Final(name) => Some(name),
        }
    }
}
