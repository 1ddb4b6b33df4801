//! A table that is made anew: create, copy, drop, rename.

use std::sync::Arc;

use super::comment::Replacing;
use super::{Lowering, Statement};
use crate::catalog::{
    Attached, Catalog, Column, Constraint, ConstraintKind, ConstraintName, Invented, Table,
    TableName,
};
use crate::datatype::{DataType, Family};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Comments;
use crate::expression::{ExprKind, Expression, Ident, literal_column, null_type};
use crate::operation::{
    AlterColumn, BatchAlterTable, DropConstraintKind, Located, Operation, apply,
};

/// Where a column of the new table gets its values from.
#[derive(Clone)]
struct Source {
    /// The column's name in the old table; none for a new column.
    from: Option<Ident>,
    /// The type that values are cast to.
    cast: Option<DataType>,
    /// The name in the new table.
    name: Ident,
}

impl Lowering {
    /// Whether the constraints of a table that is copied go first, since their names are taken.
    /// Alembic knows that of some databases only.
    fn names_block_copies(&self) -> bool {
        let features = &self.dialect.facts().features;
        features.alter_constraints && (features.copies_drop_constraints || !self.options.compat)
    }

    /// Whether other tables may have a constraint of that name: MySQL and MariaDB call every primary
    /// key PRIMARY, and a unique constraint as its index. Without them a column could not count.
    fn is_named_in_its_table(&self, constraint: &Constraint) -> bool {
        let by_index = matches!(
            constraint.kind,
            ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. }
        );
        by_index && self.dialect.facts().features.drop_constraint.is_some()
    }

    pub(super) fn rebuild(
        &mut self,
        mut existing: Table,
        batch: &BatchAlterTable,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if batch.copy_from.is_none()
            && let Some(opaque) = before.and_then(|catalog| catalog.taint_of(&batch.table))
        {
            return Err(opaque.blame(&batch.table));
        }
        // The operations name the batch's table; the text names the one that was passed.
        let name = batch.table.clone();
        let written = std::mem::replace(&mut existing.name, name.clone());
        self.same_table(&name, &written)?;
        if batch.copy_from.is_none() && !batch.naming_convention.is_empty() {
            self.name_by(&batch.naming_convention, &mut existing);
        }
        if !self.dialect.facts().lacks.is_empty() {
            self.strip_table(&mut existing)?;
        }
        if batch.copy_from.is_some() && self.options.compat {
            // Alembic forgets the indexes that `index=True` of a copied column stands for.
            for column in &mut existing.columns {
                column.index = false;
            }
        }
        let mut catalog = Catalog::default();
        catalog.create_table(&existing);
        let mut sources: Vec<Source> = existing
            .columns
            .iter()
            .map(|c| Source {
                from: Some(c.name.clone()),
                cast: None,
                name: c.name.clone(),
            })
            .collect();
        if let Some(mut table) = catalog.table_mut(&name) {
            for column in &batch.reflect_columns {
                if let Some(known) = table
                    .columns
                    .iter_mut()
                    .find(|c| c.name.name == column.name.name)
                {
                    *known = column.clone();
                }
            }
            table
                .constraints
                .extend(batch.table_constraints.iter().cloned());
            table.options.extend(batch.table_options.iter().cloned());
        }
        for located in &batch.operations {
            if self.drop_unnamed(located, &mut catalog, &name)? {
                continue;
            }
            self.check(&located.operation, &catalog, &name)
                .map_err(|mut diagnostic| {
                    super::place(&mut diagnostic, located);
                    diagnostic
                })?;
            follow(&located.operation, &mut sources, &catalog, &name);
            apply(&located.operation, &mut catalog);
        }
        let Some(made) = catalog.table(&name) else {
            return Ok(());
        };
        let mut made = (**made).clone();
        reorder(&mut made, &batch.partial_reordering);
        let indexes = std::mem::take(&mut made.indexes);
        let attached = std::mem::take(&mut made.attached);
        if !self.options.compat {
            for attached in &attached {
                still_valid(attached, &batch.operations)?;
            }
        }
        let temporary = temporary_name(&written);
        made.name = temporary.clone();
        // Constraints that a convention would name differently on the temporary table are named now.
        for constraint in &mut made.constraints {
            self.settle_name(&written, constraint)?;
        }
        let frame = self.rebuild_frame(&existing, &made, before);
        out.extend(frame.before);
        let dropped: Vec<&Ident> = batch
            .operations
            .iter()
            .filter_map(|located| match &located.operation {
                Operation::DropConstraint { name, .. } => name.ident(),
                _ => None,
            })
            .collect();
        for constraint in &existing.constraints {
            if self.names_block_copies()
                && !self.is_named_in_its_table(constraint)
                && let Some(constraint_name) = constraint.name.ident()
                && !dropped.iter().any(|d| d.name == constraint_name.name)
            {
                let name = self.dialect.quote(constraint_name);
                out.push(self.drop_named(&written, constraint, name)?);
            }
        }
        if self.options.compat {
            made.comment = None;
        }
        self.original = Some(written.clone());
        let created = self.create_table_statement(&made, false);
        self.original = None;
        out.push(created?);
        // Alembic makes the new table without the comment of the old one.
        if let Some(comment) = &made.comment
            && !self.options.compat
            && self.dialect.facts().features.comments != Comments::None
        {
            self.table_comment(&temporary, Some(comment), Replacing::Nothing, out)?;
        }
        for column in &made.columns {
            if let Some(comment) = &column.comment {
                self.column_comment(&temporary, &column.name, Some(comment), out)?;
            }
        }
        let mut columns = Vec::new();
        let mut values = Vec::new();
        for column in &made.columns {
            let Some(source) = sources.iter().find(|s| s.name.name == column.name.name) else {
                continue;
            };
            let Some(from) = &source.from else { continue };
            if matches!(
                column.default,
                Some(crate::catalog::ServerDefault::Computed { .. })
            ) {
                continue;
            }
            columns.push(self.dialect.quote(&column.name));
            let old = format!(
                "{}.{}",
                self.dialect.table_name(&written),
                self.dialect.quote(from)
            );
            values.push(match &source.cast {
                Some(data_type) => {
                    let operand = literal_column(&old, null_type());
                    let cast = Expression::new(
                        ExprKind::Cast {
                            operand,
                            lenient: false,
                        },
                        data_type.clone(),
                    );
                    format!("{} AS {}", self.ddl(&cast)?, self.dialect.quote(from))
                }
                None => old,
            });
        }
        // Alembic copies the numbers of an identity column without leave.
        let numbered = self.dialect.facts().features.identity_insert
            && !self.options.compat
            && self
                .counting_column(&made)
                .is_some_and(|counting| columns.contains(&self.dialect.quote(counting)));
        let target = self.dialect.table_name(&temporary);
        if numbered {
            out.push(Self::allow_identity(&target, true));
        }
        out.push(
            Statement::new("copy_rows")
                .field("target", super::Field::Table(temporary.clone()))
                .table(&written)
                .list("columns", columns)
                .list("values", values),
        );
        if numbered {
            out.push(Self::allow_identity(&target, false));
        }
        out.push(
            Statement::new("drop_table")
                .table(&written)
                .flag("if_exists", false),
        );
        if frame.quiet_rename {
            out.push(Self::legacy_rename(true));
        }
        out.push(self.rename_table(&temporary, &written.name));
        if frame.quiet_rename {
            out.push(Self::legacy_rename(false));
        }
        for index in &indexes {
            self.create_index(&written, index, false, out)?;
        }
        // Alembic reflects what it can of these, and loses the rest.
        if !self.options.compat {
            out.extend(
                attached
                    .iter()
                    .map(|attached| Statement::sql(&*attached.sql)),
            );
        }
        out.extend(frame.after);
        Ok(())
    }

    /// Names what the server left without a name, as the batch's `naming_convention` does with
    /// what it reflects.
    pub(super) fn name_by(&self, patterns: &[(Arc<str>, Arc<str>)], table: &mut Table) {
        let convention = super::naming::Convention::new(patterns.to_vec());
        let name = table.name.clone();
        for constraint in &mut table.constraints {
            if !matches!(constraint.name, ConstraintName::None) {
                continue;
            }
            let subject = super::Subject::of(&name, constraint);
            let made = super::naming::resolve(
                &convention,
                super::convention_key(&constraint.kind),
                &constraint.name,
                &subject,
                self.dialect.facts().identifiers.object_limit(),
            );
            // A pattern that needs a name leaves what has none as it is.
            if let Ok(Some(made)) = made {
                constraint.name = ConstraintName::Final(made);
            }
        }
    }

    /// `copy_from` has to be the batch's table: what is copied and dropped is the one that it names.
    fn same_table(&mut self, batch: &TableName, written: &TableName) -> Result<()> {
        let default = &self.dialect.facts().features.default_schema;
        let schema = |table: &TableName| {
            let schema = table.schema.as_ref().map(|s| s.name.clone());
            schema.filter(|s| **s != **default)
        };
        if batch.name.name == written.name.name && schema(batch) == schema(written) {
            return Ok(());
        }
        let message = format!(
            "the batch is on `{}`, and `copy_from` is `{}`: the table that is rebuilt is not the batch's",
            self.dialect.table_name(batch),
            self.dialect.table_name(written),
        );
        if self.options.compat {
            self.warn(Code::UnsafeCompat, message);
            return Ok(());
        }
        Err(Box::new(
            Diagnostic::error(Code::OperationInvalid, message)
                .with_help("give the table of `copy_from` the name and schema of the batch"),
        ))
    }

    fn settle_name(&self, table: &TableName, constraint: &mut Constraint) -> Result<()> {
        let name = self.conventional_name(constraint, &super::Subject::of(table, constraint))?;
        if let Some(name) = name {
            constraint.name = ConstraintName::Final(name);
        }
        Ok(())
    }

    /// Drops a constraint that was given no name; whether the operation is that.
    fn drop_unnamed(
        &self,
        located: &Located,
        catalog: &mut Catalog,
        name: &TableName,
    ) -> Result<bool> {
        if let Operation::DropConstraint {
            name: ConstraintName::Invented(which),
            ..
        } = &located.operation
            && let Some(mut table) = catalog.table_mut(name)
            && let Some(place) = which.place(&table)
        {
            table.constraints.remove(place);
            if **which == Invented::PrimaryKey {
                for column in &mut table.columns {
                    column.primary_key = false;
                }
            }
            return Ok(true);
        }
        let Operation::DropConstraint {
            name: ConstraintName::None,
            kind: Some(kind),
            ..
        } = &located.operation
        else {
            return Ok(false);
        };
        let Some(mut table) = catalog.table_mut(name) else {
            return Ok(false);
        };
        if self.options.compat || *kind == DropConstraintKind::Primary {
            return Ok(false);
        }
        let index = self.meant(&table, *kind).map_err(|mut diagnostic| {
            super::place(&mut diagnostic, located);
            diagnostic
        })?;
        table.constraints.remove(index);
        Ok(true)
    }

    /// Refuses what names something that is not there.
    fn check(&self, operation: &Operation, catalog: &Catalog, name: &TableName) -> Result<()> {
        let Some(table) = catalog.table(name) else {
            return Ok(());
        };
        let missing_column = |column: &Ident| {
            (!table.columns.iter().any(|c| c.name.name == column.name)).then(|| {
                Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        format!(
                            "the table `{}` has no column `{}`",
                            name.name.name, column.name
                        ),
                    )
                    .with_help(
                        "check the name; the table is as the revisions before this one left it",
                    ),
                )
            })
        };
        let missing = match operation {
            Operation::DropColumn { column, .. } => missing_column(column),
            Operation::AlterColumn(alter) => missing_column(&alter.column),
            Operation::DropConstraint {
                name: constraint,
                kind,
                ..
            } => {
                let by_kind = *kind == Some(DropConstraintKind::Primary)
                    && table
                        .constraints
                        .iter()
                        .any(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
                let Some(wanted) = constraint.ident() else {
                    return Err(Box::new(
                        Diagnostic::error(Code::OperationInvalid, "Constraint must have a name")
                            .with_help("name the constraint, or give a `naming_convention` to `op.batch_alter_table`"),
                    ));
                };
                let resolved = |c: &Constraint| {
                    let mut c = c.clone();
                    self.settle_name(name, &mut c).is_ok()
                        && c.name.ident().is_some_and(|n| n.name == wanted.name)
                };
                let by_type = table.columns.iter().any(|c| {
                    self.type_check(c)
                        .and_then(|check| check.name.ident().cloned())
                        .is_some_and(|n| n.name == wanted.name)
                });
                (!by_kind && !by_type && !table.constraints.iter().any(resolved)).then(|| {
                    Box::new(
                        Diagnostic::error(
                            Code::OperationInvalid,
                            format!("No such constraint: '{}'", wanted.name),
                        )
                        .with_help(
                            "check the name; unnamed constraints get one from `naming_convention`",
                        ),
                    )
                })
            }
            _ => None,
        };
        match missing {
            Some(diagnostic) => Err(diagnostic),
            None => Ok(()),
        }
    }
}

/// An index or trigger that is made again as it was written must not name what is gone.
fn still_valid(attached: &Attached, operations: &[Located]) -> Result<()> {
    let mentions = |column: &Ident| {
        attached
            .sql
            .split(|c: char| !c.is_alphanumeric() && c != '_')
            .any(|word| word.eq_ignore_ascii_case(&column.name))
    };
    for located in operations {
        let gone = match &located.operation {
            Operation::DropColumn { column, .. } => column,
            Operation::AlterColumn(alter) if alter.new_name.is_some() => &alter.column,
            _ => continue,
        };
        if mentions(gone) {
            let mut diagnostic = Box::new(
                Diagnostic::error(
                    Code::OperationInvalid,
                    format!(
                        "`{}` was created with SQL that names the column `{}`, and cannot be made again without it",
                        attached.name, gone.name
                    ),
                )
                .with_help("drop it before the column changes, and create it again afterwards"),
            );
            super::place(&mut diagnostic, located);
            return Err(diagnostic);
        }
    }
    Ok(())
}

/// Keeps track of where each column's values come from.
fn follow(operation: &Operation, sources: &mut Vec<Source>, catalog: &Catalog, name: &TableName) {
    match operation {
        Operation::AddColumn { column, .. } => {
            sources.push(Source {
                from: None,
                cast: None,
                name: column.name.clone(),
            });
        }
        Operation::DropColumn { column, .. } => sources.retain(|s| s.name.name != column.name),
        Operation::AlterColumn(alter) => {
            let AlterColumn {
                column,
                new_name,
                data_type,
                ..
            } = &**alter;
            let old: Option<&Column> = catalog
                .table(name)
                .and_then(|table| table.columns.iter().find(|c| c.name.name == column.name));
            let Some(source) = sources.iter_mut().find(|s| s.name.name == column.name) else {
                return;
            };
            if let (Some(new), Some(old)) = (data_type, old)
                && affinity(new) != affinity(&old.data_type)
                && new.spec.family != Family::Json
            {
                source.cast = Some(new.clone());
            }
            if let Some(new_name) = new_name {
                source.name = new_name.clone();
            }
        }
        _ => {}
    }
}

/// Types with the same affinity need no cast.
fn affinity(data_type: &DataType) -> Family {
    match data_type.spec.family {
        Family::Unicode | Family::Enum => Family::String,
        Family::Float => Family::Numeric,
        family => family,
    }
}

fn temporary_name(table: &TableName) -> TableName {
    let name: String = format!("_alembic_tmp_{}", table.name.name)
        .chars()
        .take(50)
        .collect();
    TableName {
        schema: table.schema.clone(),
        name: Ident::new(name),
    }
}

/// `partial_reordering`: each tuple's columns stand together in that order.
fn reorder(table: &mut Table, partial: &[Vec<Ident>]) {
    for group in partial {
        let Some((first, rest)) = group.split_first() else {
            continue;
        };
        let mut anchor = first.clone();
        for name in rest {
            let Some(at) = table.columns.iter().position(|c| c.name.name == name.name) else {
                continue;
            };
            let column = table.columns.remove(at);
            let behind = table
                .columns
                .iter()
                .position(|c| c.name.name == anchor.name)
                .map_or(table.columns.len(), |n| n + 1);
            table.columns.insert(behind, column);
            anchor = name.clone();
        }
    }
}
