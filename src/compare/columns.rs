//! What changes in a column.

use super::spelling::Spelling;
use crate::catalog::{Column, ServerDefault, TableName};
use crate::operation::{AlterColumn, Change};

/// How a column differs.
pub(super) enum Outcome {
    /// It does not.
    Same,
    /// It can be altered.
    Altered(Box<AlterColumn>),
    /// It has to be dropped and added: what it holds is computed.
    MadeAnew,
}

/// Compares a column before and after.
pub(super) fn compare(
    table: &TableName,
    before: &Column,
    after: &Column,
    spelling: &Spelling<'_>,
) -> Outcome {
    let type_changes =
        spelling.data_type(&before.data_type) != spelling.data_type(&after.data_type);
    let default_changes = spelling.default(before) != spelling.default(after);
    if (computed(before) || computed(after)) && default_changes {
        return Outcome::MadeAnew;
    }
    let null_changes = before.is_not_null() != after.is_not_null();
    let comment_changes = spelling.comments() && before.comment != after.comment;
    if !type_changes && !default_changes && !null_changes && !comment_changes {
        return Outcome::Same;
    }
    Outcome::Altered(Box::new(AlterColumn {
        table: table.clone(),
        column: after.name.clone(),
        nullable: null_changes.then(|| !after.is_not_null()),
        comment: match (&after.comment, comment_changes) {
            (_, false) => Change::Keep,
            (None, true) => Change::Drop,
            (Some(text), true) => Change::Set(text.clone()),
        },
        default: match (&after.default, default_changes) {
            (_, false) => Change::Keep,
            (None | Some(ServerDefault::Fetched), true) => Change::Drop,
            (Some(default), true) => Change::Set(default.clone()),
        },
        new_name: None,
        data_type: type_changes.then(|| after.data_type.clone()),
        existing_type: Some(before.data_type.clone()),
        existing_default: match &before.default {
            None => Change::Keep,
            Some(default) => Change::Set(default.clone()),
        },
        existing_nullable: Some(!before.is_not_null()),
        existing_comment: before.comment.clone(),
        autoincrement: None,
        existing_autoincrement: None,
        position: None,
        type_is_class: false,
        options: match type_changes {
            true => spelling.conversion(before, after),
            false => Vec::new(),
        },
    }))
}

fn computed(column: &Column) -> bool {
    matches!(column.default, Some(ServerDefault::Computed { .. }))
}
