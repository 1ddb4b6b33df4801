//! Which changes a table has to be rebuilt for where `ALTER TABLE` does little.

use super::{BatchAlterTable, Operation};
use crate::catalog::ServerDefault;

impl BatchAlterTable {
    /// Whether one of its operations needs the table to be rebuilt.
    pub fn needs_rebuild(&self) -> bool {
        let mut operations = self.operations.iter();
        operations.any(|located| needs_rebuild(&located.operation))
    }
}

/// Alembic's rule for SQLite: indexes and plain columns are added in place.
fn needs_rebuild(operation: &Operation) -> bool {
    match operation {
        Operation::CreateIndex { .. } | Operation::DropIndex { .. } => false,
        // What stands beside the column is a constraint by itself.
        Operation::AddColumn {
            column,
            inline_references,
            ..
        } if (column.unique && !column.index)
            || (!inline_references && column.has_foreign_key()) =>
        {
            true
        }
        Operation::AddColumn { column, .. } => match &column.default {
            Some(ServerDefault::Expr(_)) => true,
            Some(ServerDefault::Computed { persisted, .. }) => *persisted == Some(true),
            _ => false,
        },
        _ => true,
    }
}
