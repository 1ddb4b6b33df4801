//! Forms of `ALTER TABLE` whose effect on the schema is known, though they are not said in
//! operations: one database's own words, and clauses that only matter while the statement runs.
//! The statement itself is written as it stands, so that only the catalog sees these operations.

use sqlparser::ast::{
    AlterColumnOperation, AlterTableOperation, ColumnDef, ColumnOption, ColumnOptionDef, DataType,
    Ident as SqlIdent, MySQLColumnPosition,
};

use super::ident;
use super::slice::Slices;
use super::table::{column, constraint};
use super::types::data_type;
use crate::catalog::{Autoincrement, ConstraintName, OptionValue, TableName};
use crate::operation::{AlterColumn, Change, DropConstraintKind, Operation, Position};

/// What one part of an `ALTER TABLE` does to the catalog; `None` where that is not known.
pub(super) fn effect(
    table: &TableName,
    operation: &AlterTableOperation,
    slices: &Slices<'_>,
) -> Option<Vec<Operation>> {
    let drop = |name: ConstraintName, kind| Operation::DropConstraint {
        table: table.clone(),
        name,
        kind,
        if_exists: false,
    };
    let found = match operation {
        AlterTableOperation::AddColumn {
            column_keyword: _,
            if_not_exists,
            column_def,
            column_position,
        } => {
            let (column, more) = column(column_def, slices)?;
            let added = Operation::AddColumn {
                table: table.clone(),
                inline_primary_key: column.primary_key,
                column,
                if_not_exists: *if_not_exists,
                inline_references: false,
                position: place(column_position.as_ref())?,
            };
            let constraints = more.into_iter().map(|constraint| Operation::AddConstraint {
                table: table.clone(),
                constraint,
            });
            std::iter::once(added).chain(constraints).collect()
        }
        AlterTableOperation::ModifyColumn {
            col_name,
            data_type,
            options,
            column_position,
        } => vec![restated(
            table,
            (col_name, col_name),
            data_type,
            options,
            column_position.as_ref(),
            slices,
        )?],
        AlterTableOperation::ChangeColumn {
            old_name,
            new_name,
            data_type,
            options,
            column_position,
        } => vec![restated(
            table,
            (old_name, new_name),
            data_type,
            options,
            column_position.as_ref(),
            slices,
        )?],
        AlterTableOperation::DropForeignKey {
            name,
            drop_behavior: None,
        } => vec![drop(
            ConstraintName::Final(ident(name)),
            Some(DropConstraintKind::ForeignKey),
        )],
        AlterTableOperation::DropPrimaryKey {
            drop_behavior: None,
        } => vec![drop(
            ConstraintName::None,
            Some(DropConstraintKind::Primary),
        )],
        AlterTableOperation::DropIndex { name } => vec![Operation::DropIndex {
            name: ConstraintName::Final(ident(name)),
            schema: table.schema.clone(),
            table: Some(table.name.clone()),
            if_exists: false,
            options: Vec::new(),
        }],
        AlterTableOperation::AddConstraint {
            constraint: written,
            not_valid: true,
        } => vec![Operation::AddConstraint {
            table: table.clone(),
            constraint: constraint(written, slices)?,
        }],
        AlterTableOperation::AlterColumn {
            column_name,
            op:
                AlterColumnOperation::SetDataType {
                    data_type: written,
                    using: Some(using),
                    had_set: _,
                },
        } => {
            let (data_type, serial) = data_type(written, slices.target)?;
            if serial {
                return None;
            }
            let mut alter = AlterColumn::new(table.clone(), ident(column_name));
            alter.data_type = Some(data_type);
            let using = OptionValue::Expr(slices.text(using)?);
            alter.options.push((slices.target.option("using"), using));
            vec![Operation::AlterColumn(Box::new(alter))]
        }
        // Neither columns nor constraints.
        AlterTableOperation::ValidateConstraint { .. }
        | AlterTableOperation::OwnerTo { .. }
        | AlterTableOperation::Algorithm { .. }
        | AlterTableOperation::Lock { .. }
        | AlterTableOperation::AutoIncrement { .. } => Vec::new(),
        _ => return None,
    };
    Some(found)
}

/// `MODIFY` and `CHANGE` say the whole column: what they leave away is gone, but for its key.
fn restated(
    table: &TableName,
    (old, new): (&SqlIdent, &SqlIdent),
    data_type: &DataType,
    options: &[ColumnOption],
    position: Option<&MySQLColumnPosition>,
    slices: &Slices<'_>,
) -> Option<Operation> {
    let definition = ColumnDef {
        name: new.clone(),
        data_type: data_type.clone(),
        options: options
            .iter()
            .map(|option| ColumnOptionDef {
                name: None,
                option: option.clone(),
            })
            .collect(),
    };
    let (column, more) = column(&definition, slices)?;
    if column.primary_key || column.unique || !column.constraints.is_empty() || !more.is_empty() {
        return None;
    }
    let mut alter = AlterColumn::new(table.clone(), ident(old));
    alter.new_name = (old != new).then(|| ident(new));
    alter.data_type = Some(column.data_type);
    alter.nullable = Some(column.nullable != Some(false));
    alter.default = column.default.map_or(Change::Drop, Change::Set);
    alter.comment = column.comment.map_or(Change::Drop, Change::Set);
    alter.autoincrement = Some(column.autoincrement == Autoincrement::Yes);
    alter.position = place(position)?;
    Some(Operation::AlterColumn(Box::new(alter)))
}

/// Where a column comes; `FIRST` is not known without the table.
fn place(position: Option<&MySQLColumnPosition>) -> Option<Option<Position>> {
    match position {
        None => Some(None),
        Some(MySQLColumnPosition::After(other)) => Some(Some(Position::After(ident(other)))),
        Some(MySQLColumnPosition::First) => None,
    }
}
