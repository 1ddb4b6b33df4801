//! Indexes and unique constraints, which have their names from one space.

use std::collections::BTreeMap;

use super::{Change, Comparing, Thing};
use crate::catalog::{
    Constraint, ConstraintKind, ConstraintName, Index, IndexElement, OptionValue, Table, option,
};
use crate::compare::spelling::plain;
use crate::compare::tables::{add_constraint, drop_constraint};
use crate::diagnostic::Result;
use crate::expression::{ExprKind, Ident};
use crate::operation::Operation;

/// An index or a unique constraint.
#[derive(Clone, Copy)]
enum Item<'a> {
    Index(&'a Index),
    Unique(&'a Constraint, &'a [Ident]),
}

impl<'a> Item<'a> {
    fn thing(self, table: &'a Table) -> Thing<'a> {
        match self {
            Self::Index(index) => Thing::Index(table, index),
            Self::Unique(constraint, _) => Thing::Unique(table, constraint),
        }
    }

    fn name(self) -> Option<&'a str> {
        let name = match self {
            Self::Index(index) => &index.name,
            Self::Unique(constraint, _) => &constraint.name,
        };
        name.ident().map(|name| &*name.name)
    }
}

/// The names of columns, in no order.
fn signature(columns: &[Ident]) -> Vec<&str> {
    let mut names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
    names.sort_unstable();
    names
}

fn items(table: &Table) -> impl Iterator<Item = Item<'_>> {
    let uniques = table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::Unique { columns } => Some(Item::Unique(c, columns)),
        _ => None,
    });
    uniques.chain(table.indexes.iter().map(Item::Index))
}

fn named(table: &Table) -> BTreeMap<&str, Item<'_>> {
    items(table)
        .filter_map(|item| Some((item.name()?, item)))
        .collect()
}

impl Comparing<'_> {
    /// The indexes of a table that comes, by name.
    pub(super) fn new_indexes(&self, table: &Table) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for item in named(table).into_values() {
            if let Item::Index(_) = item {
                self.added(table, item, &mut changes)?;
            }
        }
        Ok(changes)
    }

    /// The indexes of a table that goes, by name.
    pub(super) fn old_indexes(&self, table: &Table) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        for item in named(table).into_values() {
            if matches!(item, Item::Index(_)) && self.judge.has_name(item.thing(table))? {
                self.removed(table, item, &mut changes)?;
            }
        }
        Ok(changes)
    }

    /// What changes in a table that stays.
    pub(super) fn indexes(&self, found: &Table, after: &Table) -> Result<Vec<Change>> {
        let mut changes = Vec::new();
        let mut old = named(found);
        let mut unknown = Vec::new();
        for (name, item) in &old {
            if !self.judge.has_name(item.thing(found))? {
                unknown.push(*name);
            }
        }
        for name in unknown {
            old.remove(name);
        }
        let new = named(after);
        let unnamed: Vec<Item<'_>> = items(after).filter(|item| item.name().is_none()).collect();
        let same_unnamed = |item: Item<'_>| match item {
            Item::Unique(_, columns) => unnamed.iter().any(|other| match other {
                Item::Unique(_, others) => signature(columns) == signature(others),
                Item::Index(_) => false,
            }),
            Item::Index(_) => false,
        };
        for (name, item) in &old {
            if !new.contains_key(name) && !same_unnamed(*item) {
                self.removed(found, *item, &mut changes)?;
            }
        }
        for (name, item) in &new {
            let Some(other) = old.get(name) else {
                continue;
            };
            match (other, item) {
                (Item::Index(before), Item::Index(wanted)) => {
                    if !self.same_index(before, wanted) {
                        self.replaced((found, *other), (after, *item), &mut changes)?;
                    }
                }
                (Item::Unique(before, columns), Item::Unique(wanted, others)) => {
                    let options =
                        |c: &Constraint| option(&c.options, "nulls_not_distinct").is_some();
                    if signature(columns) != signature(others) || options(before) != options(wanted)
                    {
                        self.replaced((found, *other), (after, *item), &mut changes)?;
                    }
                }
                (Item::Index(_), Item::Unique(..)) | (Item::Unique(..), Item::Index(_)) => {
                    self.removed(found, *other, &mut changes)?;
                    self.added(after, *item, &mut changes)?;
                }
            }
        }
        for (name, item) in &new {
            if !old.contains_key(name) {
                self.added(after, *item, &mut changes)?;
            }
        }
        for item in unnamed {
            let Item::Unique(_, columns) = item else {
                continue;
            };
            let there = items(found).any(|other| match other {
                Item::Unique(_, others) => signature(columns) == signature(others),
                Item::Index(_) => false,
            });
            if !there {
                self.added(after, item, &mut changes)?;
            }
        }
        Ok(changes)
    }

    fn added(&self, table: &Table, item: Item<'_>, changes: &mut Vec<Change>) -> Result<()> {
        if self.judge.includes(item.thing(table), false, None)? {
            changes.push(self.creation(table, item, table));
        }
        Ok(())
    }

    fn removed(&self, table: &Table, item: Item<'_>, changes: &mut Vec<Change>) -> Result<()> {
        if self.judge.includes(item.thing(table), true, None)? {
            changes.push(reversed(self.creation(table, item, table)));
        }
        Ok(())
    }

    fn replaced(
        &self,
        (found, old): (&Table, Item<'_>),
        (after, new): (&Table, Item<'_>),
        changes: &mut Vec<Change>,
    ) -> Result<()> {
        let other = Some(old.thing(found));
        if self.judge.includes(new.thing(after), false, other)? {
            changes.push(reversed(self.creation(found, old, after)));
            changes.push(self.creation(after, new, after));
        }
        Ok(())
    }

    /// What creates it, and what takes it back.
    fn creation(&self, table: &Table, item: Item<'_>, of: &Table) -> Change {
        let name = &of.name;
        match item {
            Item::Index(index) => Change::new(
                Operation::CreateIndex {
                    table: name.clone(),
                    index: index.clone(),
                    if_not_exists: false,
                },
                Operation::DropIndex {
                    name: index.name.clone(),
                    schema: name.schema.clone(),
                    table: Some(name.name.clone()),
                    if_exists: false,
                    options: index.options.clone(),
                },
            ),
            Item::Unique(constraint, _) => {
                let mut plain = constraint.clone();
                plain.options.retain(
                    |(_, value)| !matches!(value, OptionValue::List(items) if items.is_empty()),
                );
                Change::new(
                    add_constraint(name, &plain),
                    drop_constraint(name, &self.with_server_name(table, constraint)),
                )
            }
        }
    }

    /// The constraint with the name that the server gives it, so that it can be dropped.
    pub(super) fn with_server_name(&self, table: &Table, constraint: &Constraint) -> Constraint {
        let mut constraint = constraint.clone();
        if constraint.name.ident().is_none() {
            let naming = self.dialect.facts().features.server_naming;
            if let Some(name) = naming.name(table, &constraint) {
                constraint.name = ConstraintName::Final(name);
            }
        }
        constraint
    }

    fn same_index(&self, before: &Index, wanted: &Index) -> bool {
        let elements = |index: &Index| -> Vec<String> {
            index
                .elements
                .iter()
                .map(|element| self.element(element))
                .collect()
        };
        let said = |index: &Index, name: &str| {
            option(&index.options, name).map(|value| self.spelling.option(value))
        };
        before.unique == wanted.unique
            && elements(before) == elements(wanted)
            && said(before, "where") == said(wanted, "where")
            && said(before, "include") == said(wanted, "include")
            && said(before, "nulls_not_distinct") == said(wanted, "nulls_not_distinct")
    }

    fn element(&self, element: &IndexElement) -> String {
        let text = match element {
            IndexElement::Column(name) => name.name.to_string(),
            IndexElement::Expr(expr) => match &expr.kind {
                ExprKind::Column { name, .. } => name.name.to_string(),
                _ => self.spelling.expr(expr),
            },
        };
        let mut text = plain(&text).to_lowercase();
        text.retain(|c| !matches!(c, '"' | '\'' | '`'));
        // What a database writes by itself.
        for usual in [" asc nulls last", " asc"] {
            if let Some(bare) = text.strip_suffix(usual) {
                text = bare.to_owned();
            }
        }
        if !text.ends_with(" desc nulls last") {
            text = text.strip_suffix(" nulls last").unwrap_or(&text).to_owned();
        }
        if let Some(bare) = text.strip_suffix(" desc nulls first") {
            text = format!("{bare} desc");
        }
        text.retain(|c| !matches!(c, '(' | ')' | ' '));
        text
    }
}

pub(super) fn reversed(change: Change) -> Change {
    Change {
        up: change.down,
        down: change.up,
    }
}
