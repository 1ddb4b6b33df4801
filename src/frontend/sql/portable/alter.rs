//! `ALTER TABLE`, `COMMENT ON` and renaming.

use std::sync::Arc;

use sqlparser::ast::{
    self, AlterColumnOperation, AlterTableOperation, CommentObject, ObjectName, ObjectNamePart,
    RenameTableNameKind,
};

use super::followed;
use super::slice::{self, Slices};
use super::table::{column, constraint};
use super::types::data_type;
use super::{ident, table_name};
use crate::catalog::{Autoincrement, ConstraintName, OptionValue, ServerDefault, TableName};
use crate::operation::{AlterColumn, Change, Operation};

/// The operations of an `ALTER TABLE`, when each part of it is one.
pub(super) fn operations(change: &ast::AlterTable, slices: &Slices<'_>) -> Option<Vec<Operation>> {
    let ast::AlterTable {
        name,
        if_exists: false,
        only: false,
        operations,
        location: None,
        on_cluster: None,
        table_type: None,
        end_token: _,
    } = change
    else {
        return None;
    };
    let table = table_name(name)?;
    let mut found = Vec::new();
    for operation in operations {
        let before = found.len();
        if one(&table, name, operation, slices, &mut found).is_none() {
            if !slices.target.only_followed {
                return None;
            }
            found.truncate(before);
            found.extend(followed::effect(&table, operation, slices)?);
        }
    }
    Some(found)
}

fn one(
    table: &TableName,
    name: &ObjectName,
    operation: &AlterTableOperation,
    slices: &Slices<'_>,
    found: &mut Vec<Operation>,
) -> Option<()> {
    let table = table.clone();
    match operation {
        AlterTableOperation::AddColumn {
            column_keyword: _,
            if_not_exists,
            column_def,
            column_position: None,
        } => {
            let (column, more) = column(column_def, slices)?;
            let numbered = column.autoincrement == Autoincrement::Yes;
            if numbered || column.primary_key || !more.is_empty() {
                return None;
            }
            found.push(Operation::AddColumn {
                table,
                column,
                if_not_exists: *if_not_exists,
                inline_references: false,
                inline_primary_key: false,
                position: None,
            });
        }
        AlterTableOperation::DropColumn {
            has_column_keyword: _,
            column_names,
            if_exists,
            drop_behavior: None,
        } => found.extend(column_names.iter().map(|name| Operation::DropColumn {
            table: table.clone(),
            column: ident(name),
            if_exists: *if_exists,
            options: Vec::new(),
        })),
        AlterTableOperation::AddConstraint {
            constraint: written,
            not_valid: false,
        } => found.push(Operation::AddConstraint {
            table,
            constraint: constraint(written, slices)?,
        }),
        AlterTableOperation::DropConstraint {
            if_exists,
            name,
            drop_behavior: None,
        } => found.push(Operation::DropConstraint {
            table,
            name: ConstraintName::Final(ident(name)),
            kind: None,
            if_exists: *if_exists,
        }),
        AlterTableOperation::RenameColumn {
            old_column_name,
            new_column_name,
        } => {
            let mut alter = AlterColumn::new(table, ident(old_column_name));
            alter.new_name = Some(ident(new_column_name));
            found.push(Operation::AlterColumn(Box::new(alter)));
        }
        AlterTableOperation::RenameTable {
            table_name: RenameTableNameKind::To(new) | RenameTableNameKind::As(new),
        } => found.push(rename_table(name, new)?),
        AlterTableOperation::AlterColumn { column_name, op } => {
            let mut alter = AlterColumn::new(table, ident(column_name));
            match op {
                AlterColumnOperation::SetNotNull => alter.nullable = Some(false),
                AlterColumnOperation::DropNotNull => alter.nullable = Some(true),
                AlterColumnOperation::SetDefault { value } => {
                    alter.default = Change::Set(ServerDefault::Expr(slices.text(value)?));
                }
                AlterColumnOperation::DropDefault => alter.default = Change::Drop,
                AlterColumnOperation::SetDataType {
                    data_type: written,
                    using,
                    had_set: _,
                } => {
                    let (data_type, serial) = data_type(written, slices.target)?;
                    if serial {
                        return None;
                    }
                    alter.data_type = Some(data_type);
                    if let Some(using) = using {
                        let target = slices.target;
                        if !target.allows("alter_using") {
                            return None;
                        }
                        let using = OptionValue::Expr(slices.text(using)?);
                        alter.options.push((target.option("using"), using));
                    }
                }
                _ => return None,
            }
            found.push(Operation::AlterColumn(Box::new(alter)));
        }
        _ => return None,
    }
    Some(())
}

/// `ALTER TABLE … RENAME TO` and `RENAME TABLE`; the schema stays.
pub(super) fn rename_table(old: &ObjectName, new: &ObjectName) -> Option<Operation> {
    let table = table_name(old)?;
    let new = table_name(new)?;
    if new.schema.is_some() && new.schema != table.schema {
        return None;
    }
    Some(Operation::RenameTable {
        table,
        new_name: new.name,
    })
}

/// `COMMENT ON TABLE` and `COMMENT ON COLUMN`.
pub(super) fn comment(
    kind: CommentObject,
    name: &ObjectName,
    comment: Option<String>,
) -> Option<Operation> {
    let comment: Option<Arc<str>> = comment.map(|text| slice::unquoted(&text));
    match kind {
        CommentObject::Table => Some(Operation::TableComment {
            table: table_name(name)?,
            comment,
            existing: None,
        }),
        CommentObject::Column => {
            let (ObjectNamePart::Identifier(column), table) = name.0.split_last()? else {
                return None;
            };
            let mut alter =
                AlterColumn::new(table_name(&ObjectName(table.to_vec()))?, ident(column));
            alter.comment = comment.map_or(Change::Drop, Change::Set);
            Some(Operation::AlterColumn(Box::new(alter)))
        }
        _ => None,
    }
}
