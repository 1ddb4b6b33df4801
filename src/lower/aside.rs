//! Indexes that keep their table from being altered: dropped before, made again behind.

use super::{Lowering, Statement, index};
use crate::catalog::{Catalog, Index, TableName};
use crate::diagnostic::Result;
use crate::dialect::Construct;
use crate::operation::{Operation, apply};

impl Lowering {
    /// The table that an operation alters in place.
    fn altered(operation: &Operation) -> Option<(&TableName, TableName)> {
        match operation {
            Operation::AddColumn { table, .. } | Operation::DropColumn { table, .. } => {
                Some((table, table.clone()))
            }
            Operation::RenameTable { table, new_name } => Some((
                table,
                TableName {
                    schema: table.schema.clone(),
                    name: new_name.clone(),
                },
            )),
            Operation::AlterColumn(alter) => Some((&alter.table, alter.table.clone())),
            Operation::AddConstraint { table, .. } | Operation::DropConstraint { table, .. } => {
                Some((table, table.clone()))
            }
            Operation::CreateTable { .. }
            | Operation::DropTable { .. }
            | Operation::TableComment { .. }
            | Operation::CreateIndex { .. }
            | Operation::DropIndex { .. }
            | Operation::BulkInsert { .. }
            | Operation::Execute { .. }
            | Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::AlterEnum { .. }
            | Operation::BatchAlterTable(_)
            | Operation::BeginAutocommit
            | Operation::EndAutocommit => None,
        }
    }

    /// Puts the statements of an operation between the DROP and the CREATE of the indexes of its
    /// table, where the database refuses to alter a table that has some. A table that is made
    /// anew takes care of its indexes.
    pub(super) fn around_indexes(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        statements: &mut Vec<Statement>,
    ) -> Result<()> {
        if !self.dialect.facts().features.indexes_block_alter {
            return Ok(());
        }
        let (Some((table, later)), Some(before)) = (Self::altered(operation), before) else {
            return Ok(());
        };
        let copied = statements.iter().any(|s| s.is_template("copy_rows"));
        let Some(known) = before.table(table) else {
            return Ok(());
        };
        let old: Vec<Index> = known.indexes.clone();
        if copied || old.is_empty() || self.lacks(Construct::Index) {
            return Ok(());
        }
        let mut catalog = before.clone();
        apply(operation, &mut catalog);
        let mut around = Vec::new();
        for index in &old {
            let place = index::Dropped {
                schema: table.schema.as_ref(),
                table: Some(table),
            };
            self.drop_index(
                &index.name,
                place,
                false,
                &Vec::new(),
                Some(before),
                &mut around,
            )?;
        }
        around.append(statements);
        if let Some(after) = catalog.table(&later) {
            let after = after.indexes.clone();
            let mark = self.warnings.len();
            for mut index in after {
                if self.strip_index(&mut index)? {
                    self.create_index(&later, &index, false, &mut around)?;
                }
            }
            // It has been said when the index was made.
            self.warnings.truncate(mark);
        }
        *statements = around;
        Ok(())
    }
}
