//! Sequences that number the rows of a table, where a column cannot do it by itself.

use super::column::sequence_of;
use super::{Lowering, Statement};
use crate::catalog::{Catalog, Column, ConstraintKind, ServerDefault, Table, TableName};
use crate::dialect::Autoincrement;
use crate::expression::Ident;

impl Lowering {
    /// Whether the dialect numbers rows by sequences.
    fn numbers_by_sequence(&self) -> bool {
        self.dialect.facts().features.autoincrement == Autoincrement::Sequence
    }

    /// The column that a sequence numbers.
    fn numbered(&self, table: &Table) -> Option<Ident> {
        let key = table.constraints.iter().find_map(|c| match &c.kind {
            ConstraintKind::PrimaryKey { columns } => Some(columns),
            _ => None,
        });
        let in_key = |column: &Column| {
            column.primary_key
                || key.is_some_and(|names| names.iter().any(|n| n.name == column.name.name))
        };
        let columns: Vec<&Column> = table.columns.iter().filter(|c| in_key(c)).collect();
        columns
            .iter()
            .find(|column| {
                let explicit = column.autoincrement == crate::catalog::Autoincrement::Yes;
                (columns.len() == 1 || explicit)
                    && matches!(column.default, None | Some(ServerDefault::Identity(_)))
                    && column.python_default.is_none()
                    && self.counts(column, columns.len(), column.refers(&table.constraints))
            })
            .map(|column| column.name.clone())
    }

    /// The sequence of a new table.
    pub(super) fn create_numbering(
        &self,
        table: &Table,
        if_not_exists: bool,
        out: &mut Vec<Statement>,
    ) {
        if self.numbers_by_sequence()
            && let Some(column) = self.numbered(table)
        {
            out.push(
                Statement::new("create_sequence")
                    .fragment(
                        "name",
                        self.dialect.table_name(&sequence_of(&table.name, &column)),
                    )
                    .flag("if_not_exists", if_not_exists)
                    .list("options", Vec::new()),
            );
        }
    }

    /// The sequence of a table that is dropped goes behind it.
    pub(super) fn drop_numbering(
        &self,
        table: &TableName,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) {
        if self.numbers_by_sequence()
            && let Some(known) = before.and_then(|catalog| catalog.table(table))
            && let Some(column) = self.numbered(known)
        {
            out.push(
                Statement::new("drop_sequence")
                    .fragment(
                        "name",
                        self.dialect.table_name(&sequence_of(table, &column)),
                    )
                    // The table may have had another name when it was made.
                    .flag("if_exists", true),
            );
        }
    }
}
