//! What changes in a table that is there before and after.

use super::columns;
use super::order::referent;
use super::spelling::Spelling;
use crate::catalog::{Column, Constraint, ConstraintKind, Index, ServerNaming, Table, TableName};
use crate::expression::Ident;
use crate::operation::{
    AlterColumn, BatchAlterTable, DropConstraintKind, Located, Operation, Recreate,
};

/// The changes of one table.
pub(super) struct TableChange<'a> {
    before: &'a Table,
    after: &'a Table,
    dropped_constraints: Vec<&'a Constraint>,
    added_constraints: Vec<&'a Constraint>,
    dropped_indexes: Vec<&'a Index>,
    added_indexes: Vec<&'a Index>,
    dropped_columns: Vec<&'a Column>,
    added_columns: Vec<&'a Column>,
    altered: Vec<AlterColumn>,
    comment: bool,
}

/// Compares a table before and after; what no operation changes goes to `unchanged`. With `naming`,
/// names that the server gives by itself do not count.
pub(super) fn compare<'a>(
    before: &'a Table,
    after: &'a Table,
    spelling: &Spelling<'_>,
    naming: Option<ServerNaming>,
    unchanged: &mut Vec<String>,
) -> TableChange<'a> {
    let (dropped_constraints, added_constraints) = unmatched(
        &before.constraints,
        &after.constraints,
        |c| spelling.constraint(c),
        |c| c.name.ident(),
        |old, new| {
            naming.is_some_and(|naming| {
                naming.is_given(after, new, old) || naming.is_given(before, old, new)
            })
        },
    );
    let (dropped_indexes, added_indexes) = unmatched(
        &before.indexes,
        &after.indexes,
        |index| spelling.index(index),
        |index| index.name.ident(),
        |_, _| false,
    );
    let mut change = TableChange {
        before,
        after,
        dropped_constraints,
        added_constraints,
        dropped_indexes,
        added_indexes,
        dropped_columns: Vec::new(),
        added_columns: Vec::new(),
        altered: Vec::new(),
        comment: spelling.comments() && before.comment != after.comment,
    };
    for column in &after.columns {
        let Some(old) = find(&before.columns, &column.name) else {
            change.added_columns.push(column);
            continue;
        };
        match columns::compare(&after.name, old, column, spelling) {
            columns::Outcome::Same => {}
            columns::Outcome::Altered(alter) => change.altered.push(*alter),
            columns::Outcome::MadeAnew => {
                change.dropped_columns.push(old);
                change.added_columns.push(column);
            }
        }
    }
    for column in &before.columns {
        if find(&after.columns, &column.name).is_none() {
            change.dropped_columns.push(column);
        }
    }
    let (old, new) = (
        spelling.options(&before.options),
        spelling.options(&after.options),
    );
    if old != new || before.prefixes != after.prefixes {
        unchanged.push(format!(
            "options of table {}: {} instead of {}",
            after.name.name.name,
            or_nothing(&new),
            or_nothing(&old),
        ));
    }
    change
}

fn or_nothing(text: &str) -> &str {
    if text.is_empty() { "none" } else { text }
}

fn find<'a>(columns: &'a [Column], name: &Ident) -> Option<&'a Column> {
    columns.iter().find(|column| column.name.name == name.name)
}

/// Those before and those after that have no counterpart: the same definition and name. One
/// without a name has its counterpart by definition, and so have two whose names do not count.
fn unmatched<'a, T>(
    before: &'a [T],
    after: &'a [T],
    definition: impl Fn(&T) -> String,
    name: impl Fn(&T) -> Option<&Ident>,
    alike: impl Fn(&T, &T) -> bool,
) -> (Vec<&'a T>, Vec<&'a T>) {
    let mut old: Vec<(&T, String)> = before.iter().map(|item| (item, definition(item))).collect();
    let mut new: Vec<(&T, String)> = after.iter().map(|item| (item, definition(item))).collect();
    for exact in [true, false] {
        new.retain(|(item, text)| {
            let wanted = name(item).map(|name| &*name.name);
            let found = old.iter().position(|(other, other_text)| {
                let known = name(other).map(|name| &*name.name);
                let named_alike = if exact {
                    wanted == known
                } else {
                    wanted.is_none() || known.is_none() || alike(other, item)
                };
                named_alike && other_text == text
            });
            match found {
                Some(at) => {
                    old.remove(at);
                    false
                }
                None => true,
            }
        });
    }
    let first = |items: Vec<(&'a T, String)>| items.into_iter().map(|(item, _)| item).collect();
    (first(old), first(new))
}

impl TableChange<'_> {
    /// Whether nothing changes.
    pub(super) fn is_empty(&self) -> bool {
        let Self {
            before: _,
            after: _,
            dropped_constraints,
            added_constraints,
            dropped_indexes,
            added_indexes,
            dropped_columns,
            added_columns,
            altered,
            comment,
        } = self;
        dropped_constraints.is_empty()
            && added_constraints.is_empty()
            && dropped_indexes.is_empty()
            && added_indexes.is_empty()
            && dropped_columns.is_empty()
            && added_columns.is_empty()
            && altered.is_empty()
            && !comment
    }

    fn name(&self) -> &TableName {
        &self.after.name
    }

    /// What goes first: foreign keys, indexes, and the constraints that they may need.
    pub(super) fn removals(&self) -> Vec<Operation> {
        let foreign = |c: &&&Constraint| referent(c).is_some();
        let keys = self.dropped_constraints.iter().filter(foreign);
        let others = self.dropped_constraints.iter().filter(|c| !foreign(c));
        let indexes = self.dropped_indexes.iter();
        keys.map(|c| drop_constraint(self.name(), c))
            .chain(indexes.map(|index| drop_index(self.name(), index)))
            .chain(others.map(|c| drop_constraint(self.name(), c)))
            .collect()
    }

    /// Columns and comments.
    pub(super) fn columns(&self) -> Vec<Operation> {
        let mut operations: Vec<Operation> = Vec::new();
        let drop = |column: &&Column| Operation::DropColumn {
            table: self.name().clone(),
            column: column.name.clone(),
            if_exists: false,
            options: Vec::new(),
        };
        // A column that is made anew goes before it comes.
        let (anew, gone): (Vec<&Column>, Vec<&Column>) = self
            .dropped_columns
            .iter()
            .partition(|column| find(&self.after.columns, &column.name).is_some());
        operations.extend(anew.iter().map(drop));
        for column in &self.added_columns {
            operations.push(Operation::AddColumn {
                table: self.name().clone(),
                column: (*column).clone(),
                if_not_exists: false,
                inline_references: false,
                inline_primary_key: false,
                position: None,
            });
        }
        let altered = self.altered.iter();
        operations.extend(altered.map(|alter| Operation::AlterColumn(Box::new(alter.clone()))));
        operations.extend(gone.iter().map(drop));
        if self.comment {
            operations.push(Operation::TableComment {
                table: self.name().clone(),
                comment: self.after.comment.clone(),
                existing: self.before.comment.clone(),
            });
        }
        operations
    }

    /// Constraints but foreign keys, and indexes.
    pub(super) fn additions(&self) -> Vec<Operation> {
        let constraints = self.added_constraints.iter();
        let indexes = self.added_indexes.iter();
        constraints
            .filter(|c| referent(c).is_none())
            .map(|c| add_constraint(self.name(), c))
            .chain(indexes.map(|index| Operation::CreateIndex {
                table: self.name().clone(),
                index: (*index).clone(),
                if_not_exists: false,
            }))
            .collect()
    }

    /// Foreign keys, which need what they refer to.
    pub(super) fn references(&self) -> Vec<Operation> {
        let constraints = self.added_constraints.iter();
        constraints
            .filter(|c| referent(c).is_some())
            .map(|c| add_constraint(self.name(), c))
            .collect()
    }

    /// The same as one rebuild of the table, where `ALTER TABLE` does little.
    pub(super) fn as_batch(&self) -> Vec<Operation> {
        // A constraint without a name cannot be dropped by it: the table that is copied lacks it.
        let nameless = |c: &&&Constraint| c.name.ident().is_none();
        let mut copy_from = None;
        if self.dropped_constraints.iter().any(|c| nameless(&c)) {
            let mut table = self.before.clone();
            table.constraints = self
                .before
                .constraints
                .iter()
                .filter(|c| {
                    let mut dropped = self.dropped_constraints.iter().filter(nameless);
                    !dropped.any(|gone| std::ptr::eq(*gone, *c))
                })
                .cloned()
                .collect();
            if !table.constraints.iter().any(is_key) {
                for column in &mut table.columns {
                    column.primary_key = false;
                }
            }
            copy_from = Some(table);
        }
        let mut operations = Vec::new();
        for operation in self.removals() {
            let skip = matches!(&operation, Operation::DropConstraint { name, .. } if name.ident().is_none());
            if !skip {
                operations.push(operation);
            }
        }
        operations.extend(self.columns());
        operations.extend(self.additions());
        operations.extend(self.references());
        // Statements that need no rebuild stand by themselves.
        let recreate = if copy_from.is_some() {
            Recreate::Always
        } else {
            Recreate::Auto
        };
        let batch = BatchAlterTable {
            table: self.name().clone(),
            recreate,
            copy_from,
            partial_reordering: Vec::new(),
            table_constraints: Vec::new(),
            table_options: Vec::new(),
            reflect_columns: Vec::new(),
            naming_convention: Vec::new(),
            operations: operations.into_iter().map(located).collect(),
        };
        vec![Operation::BatchAlterTable(Box::new(batch))]
    }
}

pub(super) fn located(operation: Operation) -> Located {
    Located {
        operation,
        location: None,
        stack: Vec::new(),
        spelled: Vec::new(),
    }
}

fn is_key(constraint: &Constraint) -> bool {
    matches!(constraint.kind, ConstraintKind::PrimaryKey { .. })
}

pub(super) fn add_constraint(table: &TableName, constraint: &Constraint) -> Operation {
    Operation::AddConstraint {
        table: table.clone(),
        constraint: constraint.clone(),
    }
}

pub(super) fn drop_constraint(table: &TableName, constraint: &Constraint) -> Operation {
    Operation::DropConstraint {
        table: table.clone(),
        name: constraint.name.clone(),
        kind: match &constraint.kind {
            ConstraintKind::PrimaryKey { .. } => Some(DropConstraintKind::Primary),
            ConstraintKind::Unique { .. } => Some(DropConstraintKind::Unique),
            ConstraintKind::Check { .. } => Some(DropConstraintKind::Check),
            ConstraintKind::ForeignKey(_) => Some(DropConstraintKind::ForeignKey),
            ConstraintKind::Exclude(_) => None,
        },
        if_exists: false,
    }
}

pub(super) fn drop_index(table: &TableName, index: &Index) -> Operation {
    Operation::DropIndex {
        name: index.name.clone(),
        schema: table.schema.clone(),
        table: Some(table.name.clone()),
        if_exists: false,
        options: Vec::new(),
    }
}
