//! What stands around a table that is made anew, after SQLite's own procedure
//! (<https://www.sqlite.org/lang_altertable.html>, "making other kinds of table schema changes").

use super::in_place::mentions;
use super::{Body, Lowering, Statement};
use crate::catalog::{Catalog, ConstraintKind, ForeignKey, Table, TableName};

/// The statements around a rebuild.
#[derive(Default)]
pub(super) struct Frame {
    pub(super) before: Vec<Statement>,
    /// Whether the renaming must leave alone what names the table.
    pub(super) quiet_rename: bool,
    pub(super) after: Vec<Statement>,
}

impl Lowering {
    /// The frame of a rebuild of `old` to `new`. `before` is the schema, where it is known.
    pub(super) fn rebuild_frame(
        &self,
        old: &Table,
        new: &Table,
        before: Option<&Catalog>,
    ) -> Frame {
        if self.options.compat || !self.dialect.facts().features.copies_turn_keys_off {
            return Frame::default();
        }
        let mut frame = Frame::default();
        let name = &old.name;
        let referring: Vec<&Table> = before
            .into_iter()
            .flat_map(|catalog| catalog.referring_to(&name.name.name))
            .map(|table| &**table)
            .filter(|table| !same(&table.name, name))
            .collect();
        let itself = foreign_keys(old).any(|key| same(&key.referent, name));
        // Dropping the old table would delete the rows that refer to it, or fail.
        if before.is_none() || itself || !referring.is_empty() {
            frame.before.push(Statement::body(Body::WithoutForeignKeys));
        }
        let mut checked: Vec<&TableName> = Vec::new();
        if foreign_keys(old).chain(foreign_keys(new)).next().is_some() {
            checked.push(name);
        }
        checked.extend(referring.iter().map(|table| &table.name));
        // A key that refers to columns which are no key makes the check itself fail.
        let find = |wanted: &TableName| {
            let mut named = before?.tables_named(&wanted.name.name);
            named.next().map(|(_, table)| &**table)
        };
        let sound = |this: &Table, table: &Table| {
            foreign_keys(table).all(|key| {
                let referent = if same(&key.referent, name) {
                    Some(this)
                } else {
                    find(&key.referent)
                };
                referent.is_some_and(|referent| is_key(referent, key))
            })
        };
        let checkable = before.is_some()
            && [old, new]
                .into_iter()
                .all(|this| sound(this, this) && referring.iter().all(|table| sound(this, table)));
        if checkable && !checked.is_empty() {
            let tables: Vec<String> = checked
                .iter()
                .map(|table| self.dialect.string(&table.name.name))
                .collect();
            let step = |step: &str| {
                let statement = Statement::new("count_violations").list("tables", tables.clone());
                ["create", "before", "after"]
                    .into_iter()
                    .fold(statement, |statement, known| {
                        statement.flag(known, known == step)
                    })
            };
            frame.before.extend([step("create"), step("before")]);
            frame.after.extend([step("after"), step("drop")]);
        }
        // Renaming looks at every view and trigger, and fails when one names a table that is not
        // there.
        let own: Vec<_> = old.attached.iter().map(|item| &item.sql).collect();
        frame.quiet_rename = before.is_some_and(|catalog| {
            catalog
                .statements_with(&name.name.name)
                .filter(|sql| !own.contains(sql))
                .any(|sql| mentions(sql, &name.name.name))
        });
        frame
    }

    /// Whether renaming looks at views and triggers.
    pub(super) fn legacy_rename(on: bool) -> Statement {
        Statement::new("legacy_rename").flag("on", on)
    }
}

fn foreign_keys(table: &Table) -> impl Iterator<Item = &ForeignKey> {
    table.constraints.iter().filter_map(|c| match &c.kind {
        ConstraintKind::ForeignKey(key) => Some(key),
        _ => None,
    })
}

fn same(one: &TableName, other: &TableName) -> bool {
    one.name.name.eq_ignore_ascii_case(&other.name.name)
}

/// Whether what a foreign key refers to is the primary key or unique.
fn is_key(table: &Table, key: &ForeignKey) -> bool {
    let mut wanted: Vec<String> = key
        .referent_columns
        .iter()
        .map(|c| c.name.to_lowercase())
        .collect();
    wanted.sort();
    let is = |columns: &mut dyn Iterator<Item = &crate::expression::Ident>| {
        let mut columns: Vec<String> = columns.map(|c| c.name.to_lowercase()).collect();
        columns.sort();
        columns == wanted || wanted.is_empty()
    };
    let mut key_columns = table
        .columns
        .iter()
        .filter(|c| c.primary_key)
        .map(|c| &c.name);
    let by_constraint = table.constraints.iter().any(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
            is(&mut columns.iter())
        }
        _ => false,
    });
    let by_index = table.indexes.iter().any(|index| {
        let mut columns = index.elements.iter().filter_map(|element| match element {
            crate::catalog::IndexElement::Column(name) => Some(name),
            crate::catalog::IndexElement::Expr(_) => None,
        });
        index.unique && index.options.is_empty() && !wanted.is_empty() && is(&mut columns)
    });
    by_constraint || by_index || (!wanted.is_empty() && is(&mut key_columns))
}
