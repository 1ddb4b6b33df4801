//! Tables that come, go and stay.

use std::rc::Rc;
use std::sync::Arc;

use super::indexes::reversed;
use super::order::sorted;
use super::{Change, Comparing, Step, Thing};
use crate::catalog::{Catalog, ConstraintKind, Key, Table};
use crate::compare::order::{by_reference, referent};
use crate::datatype::EnumType;
use crate::diagnostic::Result;
use crate::dialect::EnumStrategy;
use crate::operation::{Along, Operation};

impl Comparing<'_> {
    pub(super) fn run(&mut self) -> Result<()> {
        let default = self.default_schema();
        let mut here = Vec::new();
        for (key, table) in self.head.tables() {
            let known = self.find(self.wanted, key).is_some();
            let looked_at = key.0.is_none() || key.0 == default || self.looks.schemas || known;
            if looked_at && self.judge.has_name(Thing::Table(table))? {
                here.push(key);
            }
        }
        let wanted: Vec<&Key> = self.wanted.tables().map(|(key, _)| key).collect();
        let wanted = sorted(&wanted, self.wanted);
        let created: Vec<&Key> = wanted
            .iter()
            .copied()
            .filter(|key| !here.iter().any(|other| self.same_key(other, key)))
            .collect();
        let dropped: Vec<&Key> = here
            .iter()
            .copied()
            .filter(|key| self.find(self.wanted, key).is_none())
            .collect();
        let mut kept: Vec<(&Key, &Key)> = wanted
            .iter()
            .filter_map(|key| {
                let old = here.iter().find(|other| self.same_key(other, key))?;
                Some((*old, *key))
            })
            .collect();
        kept.sort_by_key(|(_, key)| (key.0.clone().unwrap_or_default(), key.1.clone()));
        let (head, target) = (self.head, self.wanted);
        self.new_types(&created);
        let late = self.created(&created)?;
        let mut dropped = by_reference(&dropped, head);
        dropped.reverse();
        // Those that a table which stays refers to go when it does so no more.
        let needed = |key: &&Key| {
            kept.iter().any(|(old, _)| {
                let table = head.table_by_key(old);
                let mut constraints = table.into_iter().flat_map(|table| &table.constraints);
                constraints.any(|c| referent(c).is_some_and(|other| other == **key))
            })
        };
        let can_alter = self.dialect.facts().features.alter_constraints;
        let (last, first): (Vec<&Key>, Vec<&Key>) = dropped
            .into_iter()
            .partition(|key| can_alter && needed(key));
        self.dropped(&first)?;
        for (old, new) in &kept {
            if let (Some(before), Some(after)) = (head.table_by_key(old), target.table_by_key(new))
            {
                self.kept(before, after)?;
            }
        }
        self.dropped(&last)?;
        for (table, change) in late {
            self.of_table(&table.name, vec![change]);
        }
        self.old_types(&first, &last);
        Ok(())
    }

    fn default_schema(&self) -> Option<Arc<str>> {
        let schema = &self.dialect.facts().features.default_schema;
        (!schema.is_empty()).then(|| Arc::from(schema.as_str()))
    }

    /// Whether two keys are of one table: the usual schema need not be said.
    fn same_key(&self, a: &Key, b: &Key) -> bool {
        let default = self.default_schema();
        let schema = |key: &Key| {
            key.0
                .clone()
                .filter(|schema| Some(schema) != default.as_ref())
        };
        a.1 == b.1 && schema(a) == schema(b)
    }

    fn find<'b>(&self, catalog: &'b Catalog, key: &Key) -> Option<&'b Rc<Table>> {
        if let Some(table) = catalog.table_by_key(key) {
            return Some(table);
        }
        let default = self.default_schema()?;
        let other = match &key.0 {
            None => (Some(default), key.1.clone()),
            Some(schema) if *schema == default => (None, key.1.clone()),
            Some(_) => return None,
        };
        catalog.table_by_key(&other)
    }

    /// Creates tables; the foreign keys that have to wait are returned.
    fn created(&mut self, created: &[&Key]) -> Result<Vec<(Rc<Table>, Change)>> {
        let mut late = Vec::new();
        let can_alter = self.dialect.facts().features.alter_constraints;
        for (at, key) in created.iter().enumerate() {
            let Some(table) = self.wanted.table_by_key(key) else {
                continue;
            };
            if !self.judge.includes(Thing::Table(table), false, None)? {
                continue;
            }
            let mut new = (**table).clone();
            new.indexes = Vec::new();
            new.attached = Vec::new();
            new.constraints.retain(|constraint| {
                let comes_later = referent(constraint).is_some_and(|referent| {
                    let place = created.iter().position(|other| **other == referent);
                    place.is_some_and(|other| other > at)
                });
                let waits = match &constraint.kind {
                    ConstraintKind::ForeignKey(key) => key.use_alter || comes_later,
                    _ => false,
                };
                if waits && can_alter {
                    let mut constraint = constraint.clone();
                    if let ConstraintKind::ForeignKey(key) = &mut constraint.kind {
                        key.use_alter = false;
                    }
                    late.push((Rc::clone(table), self.added_constraint(table, &constraint)));
                }
                !(waits && can_alter)
            });
            let name = new.name.clone();
            self.whole(
                Operation::CreateTable {
                    table: new,
                    if_not_exists: false,
                    along: Along::Everything,
                    convention: None,
                },
                drop(table),
            );
            let indexes = self.new_indexes(table)?;
            self.of_table(&name, indexes);
        }
        Ok(late)
    }

    fn dropped(&mut self, dropped: &[&Key]) -> Result<()> {
        let can_alter = self.dialect.facts().features.alter_constraints;
        for (at, key) in dropped.iter().enumerate() {
            let Some(table) = self.head.table_by_key(key) else {
                continue;
            };
            let mut found = self.reflect(table);
            if !self.judge.includes(Thing::Table(&found), true, None)? {
                continue;
            }
            // Where references go round in a circle, one of them goes first.
            let mut loose = Vec::new();
            for constraint in &table.constraints {
                let gone = referent(constraint).is_some_and(|referent| {
                    dropped.iter().take(at).any(|other| **other == referent)
                });
                if gone && can_alter {
                    loose.push(reversed(self.added_constraint(table, constraint)));
                }
            }
            self.of_table(&table.name, loose);
            let indexes = self.old_indexes(&found)?;
            self.of_table(&table.name, indexes);
            found.indexes = Vec::new();
            self.out.steps.push(Step::Whole(Change::new(
                drop(table),
                Operation::CreateTable {
                    table: found,
                    if_not_exists: false,
                    along: Along::Everything,
                    convention: None,
                },
            )));
        }
        Ok(())
    }

    fn kept(&mut self, before: &Rc<Table>, after: &Rc<Table>) -> Result<()> {
        let found = self.reflect(before);
        let other = Some(Thing::Table(&found));
        if !self.judge.includes(Thing::Table(after), false, other)? {
            return Ok(());
        }
        let mut changes = self.columns(before, &found, after)?;
        changes.extend(self.indexes(&found, after)?);
        changes.extend(self.keys(&found, after)?);
        changes.extend(self.checks(&found, before, after));
        let text = |table: &Table| table.comment.clone().filter(|text| !text.is_empty());
        let (old, new) = (text(&found), text(after));
        if self.spelling.comments() && old != new {
            let comment =
                |to: &Option<Arc<str>>, from: &Option<Arc<str>>| Operation::TableComment {
                    table: after.name.clone(),
                    comment: to.clone(),
                    existing: from.clone(),
                };
            changes.push(Change::new(comment(&new, &old), comment(&old, &new)));
        }
        changes.extend(self.columns_gone(&found, after)?);
        let name = after.name.clone();
        self.of_table(&name, changes);
        Ok(())
    }

    /// Named types that come; a table that comes brings its own.
    fn new_types(&mut self, created: &[&Key]) {
        if self.dialect.facts().features.enumeration != EnumStrategy::NamedType {
            return;
        }
        let (head, wanted) = (self.head, self.wanted);
        for ((schema, name), after) in wanted.enums() {
            if after.labels.is_empty() {
                continue;
            }
            match head.enumeration(schema.as_ref(), name) {
                None => {
                    let brought = brings(wanted, created, after);
                    self.out.steps.push(Step::Whole(Change {
                        up: (!brought).then(|| create_type(after)),
                        down: Some(drop_type(after)),
                    }));
                }
                Some(before) if before.labels != after.labels && !before.labels.is_empty() => {
                    let alter =
                        |before: &Arc<EnumType>, after: &Arc<EnumType>| Operation::AlterEnum {
                            before: Arc::clone(before),
                            after: Arc::clone(after),
                        };
                    self.whole(alter(before, after), alter(after, before));
                }
                Some(_) => {}
            }
        }
    }

    /// Named types that go, with the last table that has them.
    fn old_types(&mut self, first: &[&Key], last: &[&Key]) {
        if self.dialect.facts().features.enumeration != EnumStrategy::NamedType {
            return;
        }
        let (head, wanted) = (self.head, self.wanted);
        for ((schema, name), before) in head.enums() {
            let looked_at = self.looks.schemas || schema.is_none();
            if wanted.enumeration(schema.as_ref(), name).is_some()
                || before.labels.is_empty()
                || !looked_at
                || self.out.steps.is_empty()
            {
                continue;
            }
            let brought = brings(head, first, before) || brings(head, last, before);
            self.out.steps.push(Step::Whole(Change {
                up: Some(drop_type(before)),
                down: (!brought).then(|| create_type(before)),
            }));
        }
    }
}

/// Whether one of the tables has a column of the type.
fn brings(catalog: &Catalog, tables: &[&Key], of: &EnumType) -> bool {
    let columns = tables
        .iter()
        .filter_map(|key| catalog.table_by_key(key))
        .flat_map(|table| &table.columns);
    let mut types = columns.filter_map(|column| column.data_type.enumeration.as_ref());
    types.any(|own| own.name == of.name && own.schema == of.schema && own.create_type)
}

fn create_type(of: &Arc<EnumType>) -> Operation {
    Operation::CreateEnum {
        enumeration: Arc::clone(of),
        checkfirst: true,
    }
}

fn drop_type(of: &Arc<EnumType>) -> Operation {
    Operation::DropEnum {
        enumeration: Arc::clone(of),
        checkfirst: true,
    }
}

fn drop(table: &Table) -> Operation {
    Operation::DropTable {
        table: table.name.clone(),
        if_exists: false,
        options: Vec::new(),
    }
}
