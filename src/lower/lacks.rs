//! What a database lacks, as its dialect file says: left out with a warning, or refused.
//!
//! It is taken out of the operations before they are lowered, so that no strategy has to know.

use super::Lowering;
use crate::catalog::{
    Catalog, Column, Constraint, ConstraintKind, ConstraintName, Index, Table, TableName,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::{Construct, Then};
use crate::operation::{
    BatchAlterTable, Change, DropConstraintKind, Executable, Located, Operation,
};

impl Lowering {
    /// The operation without what the database lacks; `None` when nothing is left of it.
    ///
    /// # Errors
    /// [`Code::Unsupported`] for what the dialect file refuses.
    pub(super) fn without_lacks(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
    ) -> Result<Option<Operation>> {
        let mut operation = operation.clone();
        let kept = match &mut operation {
            Operation::CreateTable {
                table,
                if_not_exists: _,
                along: _,
                convention: _,
            } => {
                self.strip_table(table)?;
                true
            }
            Operation::AddColumn {
                table: _,
                column,
                if_not_exists: _,
                inline_references: _,
                inline_primary_key: _,
                position: _,
            } => {
                self.strip_column(column)?;
                if !column.constraints.is_empty() && self.lacks(Construct::AddColumnConstraint) {
                    self.omit(
                        Construct::AddColumnConstraint,
                        "a constraint of a new column",
                    )?;
                    column.constraints.clear();
                }
                true
            }
            Operation::CreateIndex {
                table: _,
                index,
                if_not_exists: _,
            } => self.strip_index(index)?,
            Operation::DropIndex {
                name: _,
                schema: _,
                table: _,
                if_exists: _,
                options,
            } => {
                if self.lacks(Construct::ConcurrentIndex) {
                    options.retain(|(key, _)| !key.ends_with("_concurrently"));
                }
                // It was not made either.
                !self.lacks(Construct::Index)
            }
            Operation::AddConstraint {
                table: _,
                constraint,
            } => {
                if self.has(constraint)? {
                    self.strip_actions(constraint)?;
                    true
                } else {
                    false
                }
            }
            Operation::DropConstraint {
                table,
                name,
                kind,
                if_exists: _,
            } => {
                let dropped = dropped(table, name, *kind, before);
                if dropped.is_some_and(|construct| self.omits(construct)) {
                    false
                } else {
                    if self.lacks(Construct::DropConstraint) {
                        self.omit(Construct::DropConstraint, "DROP CONSTRAINT")?;
                    }
                    true
                }
            }
            Operation::AlterColumn(alter) => {
                if alter.nullable.is_some() && self.lacks(Construct::AlterNullable) {
                    self.omit(Construct::AlterNullable, "ALTER COLUMN … SET NOT NULL")?;
                    alter.nullable = None;
                }
                if !matches!(alter.default, Change::Keep) && self.lacks(Construct::AlterDefault) {
                    self.omit(Construct::AlterDefault, "ALTER COLUMN … SET DEFAULT")?;
                    alter.default = Change::Keep;
                }
                if alter.data_type.is_some() && self.lacks(Construct::AlterType) {
                    self.omit(Construct::AlterType, "ALTER COLUMN … TYPE")?;
                    alter.data_type = None;
                }
                true
            }
            Operation::BatchAlterTable(batch) => {
                self.strip_batch(batch, before)?;
                true
            }
            Operation::Execute {
                statement: Executable::CreateSequence(..) | Executable::DropSequence(..),
            } if self.lacks(Construct::Sequence) => {
                self.omit(Construct::Sequence, "sequences")?;
                false
            }
            // `op.execute(CreateTable(…))` and its like make the same.
            Operation::Execute {
                statement: Executable::Operation(inner, _),
            } => match self.without_lacks(inner, before)? {
                Some(kept) => {
                    **inner = kept;
                    true
                }
                None => false,
            },
            Operation::DropTable { .. }
            | Operation::RenameTable { .. }
            | Operation::TableComment { .. }
            | Operation::DropColumn { .. }
            | Operation::BulkInsert { .. }
            | Operation::Execute { .. }
            | Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::AlterEnum { .. }
            | Operation::BeginAutocommit
            | Operation::EndAutocommit => true,
        };
        Ok(kept.then_some(operation))
    }

    fn strip_batch(&mut self, batch: &mut BatchAlterTable, before: Option<&Catalog>) -> Result<()> {
        let mut kept = Vec::with_capacity(batch.operations.len());
        for located in std::mem::take(&mut batch.operations) {
            if let Some(operation) = self.without_lacks(&located.operation, before)? {
                kept.push(Located {
                    operation,
                    ..located
                });
            }
        }
        batch.operations = kept;
        Ok(())
    }

    /// A table without what the database lacks.
    pub(super) fn strip_table(&mut self, table: &mut Table) -> Result<()> {
        table.constraints = self.strip_constraints(std::mem::take(&mut table.constraints))?;
        for column in &mut table.columns {
            self.strip_column(column)?;
            if column.index && self.lacks(Construct::Index) {
                self.omit(Construct::Index, "the index of a column")?;
                column.index = false;
            }
        }
        let mut indexes = Vec::with_capacity(table.indexes.len());
        for mut index in std::mem::take(&mut table.indexes) {
            if self.strip_index(&mut index)? {
                indexes.push(index);
            }
        }
        table.indexes = indexes;
        Ok(())
    }

    fn strip_column(&mut self, column: &mut Column) -> Result<()> {
        column.constraints = self.strip_constraints(std::mem::take(&mut column.constraints))?;
        if matches!(
            column.default,
            Some(crate::catalog::ServerDefault::Computed { .. })
        ) && self.lacks(Construct::GeneratedColumn)
        {
            self.omit(Construct::GeneratedColumn, "a generated column")?;
            column.default = None;
        }
        Ok(())
    }

    fn strip_constraints(&mut self, constraints: Vec<Constraint>) -> Result<Vec<Constraint>> {
        let mut kept = Vec::with_capacity(constraints.len());
        for mut constraint in constraints {
            if self.has(&constraint)? {
                self.strip_actions(&mut constraint)?;
                kept.push(constraint);
            }
        }
        Ok(kept)
    }

    fn strip_actions(&mut self, constraint: &mut Constraint) -> Result<()> {
        if let ConstraintKind::ForeignKey(key) = &mut constraint.kind
            && (key.ondelete.is_some() || key.onupdate.is_some())
            && self.lacks(Construct::ForeignKeyAction)
        {
            self.omit(Construct::ForeignKeyAction, "ON DELETE and ON UPDATE")?;
            key.ondelete = None;
            key.onupdate = None;
        }
        Ok(())
    }

    /// Whether the database has constraints like this one.
    fn has(&mut self, constraint: &Constraint) -> Result<bool> {
        let Some((construct, what)) = construct(&constraint.kind) else {
            return Ok(true);
        };
        if !self.lacks(construct) {
            return Ok(true);
        }
        self.omit(construct, what)?;
        Ok(false)
    }

    pub(super) fn strip_index(&mut self, index: &mut Index) -> Result<bool> {
        let option = |index: &Index, name: &str| {
            let option = super::options::find(&self.dialect, &index.options, name);
            option.is_some()
        };
        let partial = option(index, "where");
        let concurrent = option(index, "concurrently");
        let method = super::options::text(&self.dialect, &index.options, "using");
        if self.lacks(Construct::Index) {
            self.omit(Construct::Index, "indexes")?;
            return Ok(false);
        }
        if partial && self.lacks(Construct::PartialIndex) {
            if index.unique {
                // Without the condition, more rows would have to be unique.
                return self
                    .refuse(Construct::PartialIndex, "unique indexes with a condition")
                    .map(|()| false);
            }
            self.omit(Construct::PartialIndex, "indexes with a condition")?;
            remove(index, "where");
        }
        if concurrent && self.lacks(Construct::ConcurrentIndex) {
            self.omit(Construct::ConcurrentIndex, "CREATE INDEX CONCURRENTLY")?;
            remove(index, "concurrently");
        }
        if let Some(method) = method
            && let Some(lack) = self.dialect.facts().lacks.get(&Construct::IndexMethod)
            && !lack.allowed.contains(&method.to_lowercase())
        {
            self.omit(Construct::IndexMethod, "indexes with this method")?;
            remove(index, "using");
        }
        Ok(true)
    }

    pub(super) fn lacks(&self, construct: Construct) -> bool {
        self.dialect.facts().lacks.contains_key(&construct)
    }

    fn omits(&self, construct: Construct) -> bool {
        let lack = self.dialect.facts().lacks.get(&construct);
        lack.is_some_and(|lack| lack.then == Then::Omit)
    }

    /// Warns that something is left out, or refuses it.
    pub(super) fn omit(&mut self, construct: Construct, what: &str) -> Result<()> {
        if !self.omits(construct) {
            return self.refuse(construct, what);
        }
        let facts = self.dialect.facts();
        let message = format!("{} has no {what}: left out", facts.title);
        let why = facts.lacks.get(&construct).map(|lack| lack.why.clone());
        let warning = Diagnostic::warning(Code::OptionIgnored, message);
        self.warnings.push(match why {
            Some(why) => warning.with_help(why),
            None => warning,
        });
        Ok(())
    }

    fn refuse(&self, construct: Construct, what: &str) -> Result<()> {
        let facts = self.dialect.facts();
        let message = format!("{} has no {what}", facts.title);
        let why = facts.lacks.get(&construct).map(|lack| lack.why.clone());
        let found = Diagnostic::error(Code::Unsupported, message);
        Err(Box::new(match why {
            Some(why) => found.with_help(why),
            None => found,
        }))
    }
}

/// Takes an option out of an index, whatever dialect it is for.
fn remove(index: &mut Index, name: &str) {
    let suffix = format!("_{name}");
    index.options.retain(|(key, _)| !key.ends_with(&suffix));
}

fn construct(kind: &ConstraintKind) -> Option<(Construct, &'static str)> {
    match kind {
        ConstraintKind::PrimaryKey { .. } => None,
        ConstraintKind::Unique { .. } => Some((Construct::Unique, "unique constraints")),
        ConstraintKind::Check { .. } => Some((Construct::Check, "check constraints")),
        ConstraintKind::ForeignKey(_) => Some((Construct::ForeignKey, "foreign keys")),
        ConstraintKind::Exclude(_) => Some((Construct::Exclude, "exclusion constraints")),
    }
}

/// What kind of constraint is dropped, as the operation or the schema says.
fn dropped(
    table: &TableName,
    name: &ConstraintName,
    kind: Option<DropConstraintKind>,
    before: Option<&Catalog>,
) -> Option<Construct> {
    match kind {
        Some(DropConstraintKind::Primary) => None,
        Some(DropConstraintKind::Unique) => Some(Construct::Unique),
        Some(DropConstraintKind::Check) => Some(Construct::Check),
        Some(DropConstraintKind::ForeignKey) => Some(Construct::ForeignKey),
        None => {
            let wanted = name.ident()?;
            let known = before?.table(table)?;
            let columns = known.columns.iter().flat_map(|column| &column.constraints);
            let found = known
                .constraints
                .iter()
                .chain(columns)
                .find(|c| c.name.ident().is_some_and(|n| n.name == wanted.name))?;
            construct(&found.kind).map(|(construct, _)| construct)
        }
    }
}
