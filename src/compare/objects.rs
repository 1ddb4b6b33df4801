//! Whole objects: schemas, types, sequences, tables, and what is attached to tables.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::Comparison;
use super::order::{by_reference, referent};
use super::spelling::plain;
use super::tables::{add_constraint, drop_constraint, drop_index};
use crate::catalog::{
    Attached, AttachedKind, Catalog, ConstraintKind, ConstraintName, Key, ServerNaming, Table,
    TableName, Written,
};
use crate::datatype::{DataType, EnumType, TypeArg};
use crate::expression::Ident;
use crate::operation::{Along, Executable, Operation};

impl Comparison<'_> {
    fn push(&mut self, operation: Operation) {
        self.out.operations.push(operation);
    }

    fn execute(&mut self, statement: Executable) {
        self.push(Operation::Execute { statement });
    }

    fn named_types(&self) -> bool {
        self.dialect.has_named_types()
    }

    /// Schemas, types and sequences that come or change.
    pub(super) fn new_objects(&mut self) {
        let (from, to) = (self.from, self.to);
        let default = &self.dialect.facts().features.default_schema;
        for schema in to.schemas() {
            // The default schema is there in an empty database.
            if **schema != **default && !from.schemas().any(|known| known == schema) {
                self.execute(Executable::CreateSchema(Ident::new(schema), false));
            }
        }
        if self.named_types() {
            for ((schema, name), after) in to.enums_beside(from) {
                match from.enumeration(schema.as_ref(), name) {
                    // A type of which only the name is known is made by the statement that says it.
                    None if after.labels.is_empty() => {}
                    None => self.push(Operation::CreateEnum {
                        enumeration: Arc::clone(after),
                        checkfirst: false,
                    }),
                    // Without labels the type is known by its name only.
                    Some(before)
                        if before.labels != after.labels
                            && !before.labels.is_empty()
                            && !after.labels.is_empty() =>
                    {
                        self.push(Operation::AlterEnum {
                            before: Arc::clone(before),
                            after: Arc::clone(after),
                        });
                    }
                    Some(_) => {}
                }
            }
        }
        for (key, after) in to.sequences_beside(from) {
            match from.sequence(key) {
                None => self.execute(Executable::CreateSequence((**after).clone(), false)),
                Some(before) if before != after => self
                    .out
                    .unchanged
                    .push(format!("the options of sequence {}", shown(key))),
                Some(_) => {}
            }
        }
    }

    /// Schemas, types and sequences that go.
    pub(super) fn old_objects(&mut self) {
        let (from, to) = (self.from, self.to);
        for (key, before) in from.sequences_beside(to) {
            if to.sequence(key).is_none() {
                self.execute(Executable::DropSequence((**before).clone(), false));
            }
        }
        if self.named_types() {
            for ((schema, name), before) in from.enums_beside(to) {
                if to.enumeration(schema.as_ref(), name).is_none() {
                    self.push(Operation::DropEnum {
                        enumeration: Arc::clone(before),
                        checkfirst: false,
                    });
                }
            }
        }
        let default = &self.dialect.facts().features.default_schema;
        for schema in from.schemas() {
            if **schema != **default && !to.schemas().any(|known| known == schema) {
                self.execute(Executable::DropSchema(Ident::new(schema), false, false));
            }
        }
    }

    /// Creates tables, each after those that it refers to; the foreign keys that cannot be written
    /// so are returned.
    pub(super) fn create_tables(&mut self, created: &[&Key]) -> Vec<Operation> {
        let mut late = Vec::new();
        let ordered = by_reference(created, self.to);
        let places = places(&ordered);
        let alters = self.dialect.facts().features.alter_constraints;
        for (at, key) in ordered.iter().enumerate() {
            let Some(table) = self.to.table_by_key(key) else {
                continue;
            };
            let mut table = (**table).clone();
            // They are made by themselves: types and what only SQL says.
            table.attached.clear();
            if self.named_types() {
                for column in &mut table.columns {
                    column.data_type = with_type_made(&column.data_type);
                }
            }
            for constraint in &mut table.constraints {
                // What comes late is known from the order here.
                if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                    key.use_alter = false;
                }
            }
            if alters {
                let name = table.name.clone();
                table.constraints.retain(|constraint| {
                    let later = referent(constraint)
                        .and_then(|referent| places.get(&referent).copied())
                        .is_some_and(|other| other > at);
                    if later {
                        late.push(add_constraint(&name, constraint));
                    }
                    !later
                });
            }
            self.push(Operation::CreateTable {
                table: self.without_server_names(table),
                if_not_exists: false,
                along: Along::Everything,
                convention: None,
            });
        }
        late
    }

    /// The table without the names of foreign keys that the server gives by itself. Where an index
    /// comes with a foreign key, it is called after the key's name only if that was given.
    fn without_server_names(&self, table: Table) -> Table {
        let naming = self.dialect.facts().features.server_naming;
        let counted = match naming {
            ServerNaming::MysqlCounter | ServerNaming::MariadbCounter => true,
            ServerNaming::Anonymous | ServerNaming::Invented | ServerNaming::TableColumnLabel => {
                false
            }
        };
        if !counted {
            return table;
        }
        let mut nameless = table.clone();
        for constraint in &mut nameless.constraints {
            if referent(constraint).is_some() && naming.gave_name(&table, constraint) {
                constraint.name = ConstraintName::None;
            }
        }
        if naming == ServerNaming::MariadbCounter {
            checks_into_columns(&mut nameless);
        }
        let mut probe = Catalog::new(naming);
        probe.create_table(&nameless);
        let names = |table: &Table| -> Vec<String> {
            let constraints = table.constraints.iter().filter_map(|c| c.name.ident());
            let mut names: Vec<String> = constraints.map(|name| name.name.to_string()).collect();
            names.sort();
            names
        };
        match probe.table(&table.name) {
            Some(named) if names(named) == names(&table) => nameless,
            _ => table,
        }
    }

    /// Drops tables, each before those that it refers to.
    pub(super) fn drop_tables(&mut self, dropped: &[&Key]) {
        let mut ordered = by_reference(dropped, self.from);
        ordered.reverse();
        let tables: Vec<&Table> = ordered
            .iter()
            .filter_map(|key| self.from.table_by_key(key).map(|table| &**table))
            .collect();
        if self.dialect.facts().features.alter_constraints {
            // Where references go round in a circle, one of them goes first.
            let places = places(&ordered);
            for (at, table) in tables.iter().enumerate() {
                for constraint in &table.constraints {
                    let gone_before = referent(constraint).is_some_and(|referent| {
                        places.get(&referent).is_some_and(|other| *other < at)
                    });
                    if gone_before {
                        self.push(drop_constraint(&table.name, constraint));
                    }
                }
            }
        }
        for table in tables {
            self.push(Operation::DropTable {
                table: table.name.clone(),
                if_exists: false,
                options: Vec::new(),
            });
        }
    }

    /// Indexes of tables that go whose names new tables want, where new tables come first.
    pub(super) fn free_names(&mut self, created: &[&Key], dropped: &[&Key]) {
        let wanted: Vec<Ident> = created
            .iter()
            .filter_map(|key| self.to.table_by_key(key))
            .flat_map(|table| &table.indexes)
            .filter_map(|index| index.name.ident().cloned())
            .collect();
        for key in dropped {
            let Some(table) = self.from.table_by_key(key) else {
                continue;
            };
            for index in &table.indexes {
                let clashes = index
                    .name
                    .ident()
                    .is_some_and(|name| wanted.iter().any(|other| other.name == name.name));
                if clashes {
                    self.out.operations.push(drop_index(&table.name, index));
                }
            }
        }
    }

    /// Views that go or change, the last first.
    pub(super) fn old_views(&mut self) {
        let (from, to) = (self.from, self.to);
        for (key, sql) in from.views_beside(to).rev() {
            if !has_view(to, key, sql) {
                let schema = key.0.as_ref().map(Ident::new);
                let name = self.dialect.qualify(schema.as_ref(), &Ident::new(&key.1));
                self.execute(Executable::Verbatim(format!("DROP VIEW {name}").into()));
            }
        }
    }

    /// Views that come or change.
    pub(super) fn new_views(&mut self) {
        let (from, to) = (self.from, self.to);
        for (key, sql) in to.views_beside(from) {
            if !has_view(from, key, sql) {
                self.execute(Executable::Verbatim(Arc::clone(sql)));
            }
        }
    }

    /// Extensions, functions and their like that come; those that tables may need `first`.
    pub(super) fn written(&mut self, first: bool) {
        let (from, to) = (self.from, self.to);
        for object in to.written() {
            if object.kind.comes_first() == first && !has_written(from.written(), object) {
                self.execute(Executable::Verbatim(Arc::clone(&object.sql)));
            }
        }
    }

    /// Extensions, functions and their like that go, in reverse; those that tables may need last.
    pub(super) fn unwritten(&mut self, first: bool) {
        let (from, to) = (self.from, self.to);
        for object in from.written().iter().rev() {
            let replaced = to.written().iter().any(|other| {
                other.kind == object.kind && other.name.eq_ignore_ascii_case(&object.name)
            });
            if object.kind.comes_first() == first && !replaced {
                let text = format!("DROP {} {}", object.kind.word(), object.name);
                self.execute(Executable::Verbatim(text.into()));
            }
        }
    }

    /// Indexes and triggers that only SQL says, which go.
    pub(super) fn detached(&mut self) {
        for (key, before) in self.from.tables_beside(self.to) {
            let Some(after) = self.to.table_by_key(key) else {
                continue;
            };
            for attached in &before.attached {
                if !holds(after, attached) {
                    let operation = self.detach(&before.name, attached);
                    self.push(operation);
                }
            }
        }
    }

    /// Indexes and triggers that only SQL says, which come.
    pub(super) fn attached(&mut self) {
        for (key, after) in self.to.tables_beside(self.from) {
            let before = self.from.table_by_key(key);
            for attached in &after.attached {
                if !before.is_some_and(|before| holds(before, attached)) {
                    let statement = Executable::Verbatim(Arc::clone(&attached.sql));
                    self.execute(statement);
                }
            }
        }
    }

    fn detach(&self, table: &TableName, attached: &Attached) -> Operation {
        let name = Ident::new(&attached.name);
        match attached.kind {
            AttachedKind::Index => Operation::DropIndex {
                name: ConstraintName::Final(name),
                schema: table.schema.clone(),
                table: Some(table.name.clone()),
                if_exists: false,
                options: Vec::new(),
            },
            AttachedKind::Trigger => {
                let mut text = format!("DROP TRIGGER {}", self.dialect.quote(&name));
                if self.dialect.facts().features.triggers_of_table {
                    text.push_str(&format!(" ON {}", self.dialect.table_name(table)));
                }
                Operation::Execute {
                    statement: Executable::Verbatim(text.into()),
                }
            }
        }
    }
}

/// Where each table stands in an order.
fn places<'a>(ordered: &[&'a Key]) -> FxHashMap<&'a Key, usize> {
    let numbered = ordered.iter().enumerate();
    numbered.map(|(at, key)| (*key, at)).collect()
}

/// Checks that the server keeps with a column were written inside of it.
fn checks_into_columns(table: &mut Table) {
    let columns = &mut table.columns;
    table.constraints.retain(|constraint| {
        let name = constraint.name.ident().filter(|_| {
            matches!(
                constraint.kind,
                ConstraintKind::Check {
                    in_column: true,
                    ..
                }
            )
        });
        let column = name.and_then(|name| columns.iter_mut().find(|c| c.name.name == name.name));
        match column {
            Some(column) => {
                let mut inside = constraint.clone();
                inside.name = ConstraintName::None;
                column.constraints.push(inside);
                false
            }
            None => true,
        }
    });
}

fn has_view(catalog: &Catalog, wanted: &Key, sql: &str) -> bool {
    let known = catalog.view(wanted);
    known.is_some_and(|other| plain(other) == plain(sql))
}

fn has_written(objects: &[Written], wanted: &Written) -> bool {
    objects.iter().any(|object| {
        object.kind == wanted.kind
            && object.name.eq_ignore_ascii_case(&wanted.name)
            && plain(&object.sql) == plain(&wanted.sql)
    })
}

fn holds(table: &Table, wanted: &Attached) -> bool {
    table.attached.iter().any(|attached| {
        attached.kind == wanted.kind
            && attached.name.eq_ignore_ascii_case(&wanted.name)
            && plain(&attached.sql) == plain(&wanted.sql)
    })
}

/// The type of a column whose enum type is there already.
fn with_type_made(data_type: &DataType) -> DataType {
    let mut data_type = data_type.clone();
    if let Some(enumeration) = &data_type.enumeration
        && enumeration.create_type
    {
        data_type.enumeration = Some(Arc::new(EnumType {
            create_type: false,
            ..(**enumeration).clone()
        }));
    }
    for (_, arg) in &mut data_type.args {
        if let TypeArg::Type(item) = arg {
            **item = with_type_made(item);
        }
    }
    for (_, variant) in &mut data_type.variants {
        *variant = with_type_made(variant);
    }
    data_type
}

pub(super) fn shown((schema, name): &Key) -> String {
    match schema {
        Some(schema) => format!("{schema}.{name}"),
        None => name.to_string(),
    }
}
