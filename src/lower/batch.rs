//! `op.batch_alter_table`.

use super::{Lowering, Statement};
use crate::catalog::{Catalog, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Batch as Strategy;
use crate::operation::{BatchAlterTable, Located, Operation, Recreate, apply};

impl Lowering {
    /// Whether the table is made anew.
    fn recreates(&self, batch: &BatchAlterTable, before: Option<&Catalog>) -> Result<bool> {
        Ok(
            match (batch.recreate, self.dialect.facts().features.batch) {
                (Recreate::Always, _) => true,
                (Recreate::Never, _) | (Recreate::Auto, Strategy::Alter) => false,
                (Recreate::Auto, Strategy::Recreate) => {
                    let known = before.and_then(|catalog| catalog.table(&batch.table));
                    let in_place = match known {
                        Some(table) => self.batch_in_place(&batch.operations, table)?,
                        None => false,
                    };
                    batch.needs_rebuild() && !in_place
                }
            },
        )
    }

    /// Puts into the schema what an operation makes of what is there already: a batch that makes its
    /// table anew begins with the one of `copy_from`, and names by its `naming_convention` what has no name.
    pub fn settle_existing(&self, operation: &Operation, catalog: &mut Catalog) {
        let Operation::BatchAlterTable(batch) = operation else {
            return;
        };
        if batch.naming_convention.is_empty() && batch.copy_from.is_none()
            || catalog.table(&batch.table).is_none()
            || !matches!(self.recreates(batch, Some(catalog)), Ok(true))
        {
            return;
        }
        if let Some(copied) = &batch.copy_from {
            let mut copied = copied.clone();
            copied.name = batch.table.clone();
            catalog.create_table(&copied);
            return;
        }
        let named = catalog.table(&batch.table).map(|known| {
            let mut table = (**known).clone();
            self.name_by(&batch.naming_convention, &mut table);
            table.constraints
        });
        if let (Some(named), Some(mut table)) = (named, catalog.table_mut(&batch.table)) {
            table.constraints = named;
        }
    }

    pub(super) fn batch(
        &mut self,
        batch: &BatchAlterTable,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if !self.recreates(batch, before)? {
            // Each operation begins with what the last one made.
            let follows = batch.operations.len() > 1;
            let mut schema = before.filter(|_| follows).cloned();
            for located in &batch.operations {
                let before = schema.as_ref().or(before);
                let mut statements = Vec::new();
                self.operation(&located.operation, before, &mut statements)
                    .and_then(|()| self.around_indexes(&located.operation, before, &mut statements))
                    .map_err(|mut diagnostic| {
                        super::place(&mut diagnostic, located);
                        diagnostic
                    })?;
                for statement in &mut statements {
                    statement.location.clone_from(&located.location);
                }
                out.append(&mut statements);
                if let Some(schema) = &mut schema {
                    apply(&located.operation, schema);
                }
            }
            return Ok(());
        }
        let reflected = before
            .and_then(|catalog| catalog.table(&batch.table))
            .map(|t| (**t).clone());
        let existing = match (&batch.copy_from, reflected) {
            (Some(table), _) => table.clone(),
            (None, Some(table)) if !self.options.compat => table,
            (None, _) => return Err(self.not_reflected(&batch.table)),
        };
        for located in &batch.operations {
            let data_type = match &located.operation {
                Operation::AddColumn { column, .. } => Some(&column.data_type),
                Operation::AlterColumn(alter) => alter.data_type.as_ref(),
                _ => None,
            };
            if let Some(data_type) = data_type {
                self.create_missing_enum(data_type, before, out)?;
            }
        }
        self.rebuild(existing, batch, before, out)
    }

    /// An operation that ALTER TABLE cannot do on this dialect: a batch of its own.
    pub(super) fn alter_by_rebuild(
        &mut self,
        operation: &Operation,
        table: &TableName,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let title = self.dialect.facts().title.clone();
        let existing = before
            .and_then(|catalog| catalog.table(table))
            .map(|t| (**t).clone());
        match existing {
            Some(existing) if !self.options.compat => {
                let batch = BatchAlterTable {
                    table: table.clone(),
                    recreate: Recreate::Always,
                    copy_from: None,
                    partial_reordering: Vec::new(),
                    table_constraints: Vec::new(),
                    table_options: Vec::new(),
                    reflect_columns: Vec::new(),
                    naming_convention: Vec::new(),
                    operations: vec![Located {
                        operation: operation.clone(),
                        location: None,
                        stack: Vec::new(),
                        spelled: Vec::new(),
                    }],
                };
                self.rebuild(existing, &batch, before, out)
            }
            _ => Err(Box::new(
                Diagnostic::error(
                    Code::Unsupported,
                    format!("{title} cannot do this with ALTER TABLE, and the table `{}` is not known", table.name.name),
                )
                .with_note("No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.")
                .with_help("use `op.batch_alter_table`, and let the chain start at the base so that the table is known"),
            )),
        }
    }

    fn not_reflected(&self, table: &TableName) -> Box<Diagnostic> {
        let message = format!(
            "the table `{}` has to be rebuilt, and its present form is not known",
            table.name.name
        );
        let diagnostic = Diagnostic::error(Code::Unsupported, message);
        Box::new(if self.options.compat {
            diagnostic
                .with_note("This operation cannot proceed in --sql mode; batch mode requires a live database connection with which to reflect the table")
                .with_help("leave `--compat alembic` away: the table is known from the revisions before this one")
        } else {
            diagnostic
                .with_note("no revision before this one creates it")
                .with_help("pass the table as `copy_from=` to `op.batch_alter_table`")
        })
    }
}
