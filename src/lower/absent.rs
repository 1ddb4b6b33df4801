//! Tables that cannot be there: the database began empty, and no revision has made them.

use std::sync::Arc;

use super::Lowering;
use crate::catalog::{Catalog, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::operation::Operation;

/// What statements begin with that make tables which they name, or none.
const PLAIN: &[&str] = &[
    "alter", "comment", "create", "delete", "drop", "grant", "insert", "pragma", "revoke",
    "select", "set", "truncate", "update", "with",
];

/// A database that was empty before the first operation.
pub(super) struct Begun {
    /// The table of versions, which is there all the same.
    version_table: Arc<str>,
    /// The texts that have been executed.
    executed: Vec<Arc<str>>,
}

impl Begun {
    /// Whether a text that was executed may have made a table of that name.
    fn may_have_made(&self, table: &TableName) -> bool {
        let wanted = table.name.name.to_lowercase();
        self.executed.iter().any(|text| {
            let text = text.to_lowercase();
            let first = text.split_whitespace().next().unwrap_or_default();
            !PLAIN.contains(&first) || text.contains(&wanted)
        })
    }
}

impl Lowering {
    /// Says that the database is empty before the first operation, but for the table of versions.
    pub fn begin_empty(&mut self, version_table: Arc<str>) {
        self.begun = Some(Begun {
            version_table,
            executed: Vec::new(),
        });
    }

    /// Refuses to change a table that is not there, as the database would.
    pub(super) fn expect_table(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
    ) -> Result<()> {
        let Some(begun) = &mut self.begun else {
            return Ok(());
        };
        if let Some(text) = executed(operation) {
            begun.executed.push(text);
        }
        let (Some(before), Some(table)) = (before, changed(operation)) else {
            return Ok(());
        };
        if before.may_have(table)
            || table.name.name == begun.version_table
            || begun.may_have_made(table)
        {
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(
                Code::OperationInvalid,
                format!("the table {} is not there", self.dialect.table_name(table)),
            )
            .with_note("the database begins empty, and no revision before this one creates it")
            .with_help("say with `--baseline FILE` what is there before the first revision"),
        ))
    }
}

/// The text that an operation executes.
fn executed(operation: &Operation) -> Option<Arc<str>> {
    match operation {
        Operation::Execute { statement } => statement.text().cloned(),
        _ => None,
    }
}

/// The table that an operation needs.
fn changed(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::RenameTable { table, .. }
        | Operation::TableComment { table, .. }
        | Operation::AddColumn { table, .. }
        | Operation::DropColumn { table, .. }
        | Operation::CreateIndex { table, .. }
        | Operation::AddConstraint { table, .. }
        | Operation::DropConstraint { table, .. }
        | Operation::DropTable {
            table,
            if_exists: false,
            ..
        } => Some(table),
        Operation::AlterColumn(alter) => Some(&alter.table),
        Operation::BatchAlterTable(batch) => (!batch.operations.is_empty()).then_some(&batch.table),
        Operation::CreateTable { .. }
        | Operation::DropTable { .. }
        | Operation::DropIndex { .. }
        | Operation::BulkInsert { .. }
        | Operation::Execute { .. }
        | Operation::CreateEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => None,
    }
}
