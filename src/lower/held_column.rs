//! What is known to hold on to a column goes before it, where the server does not drop it by
//! itself: indexes and unique constraints on SQL Server, keys and checks on MySQL and MariaDB.

use super::{Lowering, Statement, constraint, in_place, mysql};
use crate::catalog::{
    Catalog, Constraint, ConstraintKind, Index, IndexElement, OptionValue, Table, TableName,
};
use crate::diagnostic::{Code, Result};
use crate::dialect::AlterColumn;
use crate::expression::Ident;
use crate::operation::DropConstraintKind;

impl Lowering {
    /// Drops what holds on to a column.
    pub(super) fn release_column(
        &mut self,
        table: &TableName,
        column: &Ident,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        if self.options.compat {
            return Ok(());
        }
        let Some(known) = before.and_then(|before| before.table(table)) else {
            return Ok(());
        };
        match self.dialect.facts().features.alter_column {
            AlterColumn::SqlServer => self.release_on_sqlserver(known, column, out),
            AlterColumn::Mysql => self.release_on_mysql(known, column, out),
            AlterColumn::Postgresql | AlterColumn::Generic | AlterColumn::Clauses => Ok(()),
        }
    }

    fn release_on_sqlserver(
        &mut self,
        known: &Table,
        column: &Ident,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        for constraint in &known.constraints {
            let ConstraintKind::Unique { .. } = constraint.kind else {
                continue;
            };
            if !constraint.uses(&column.name) {
                continue;
            }
            let Some(name) = constraint.name.ident() else {
                self.warn(
                    Code::Refused,
                    format!(
                        "a unique constraint without a name holds on to `{}`",
                        column.name
                    ),
                );
                continue;
            };
            out.push(
                constraint::Dropping::only(false)
                    .statement(&known.name)
                    .ident("name", name),
            );
        }
        for index in &known.indexes {
            if let Some(name) = index.name.ident()
                && self.reads(index, column)?
            {
                out.push(
                    Statement::new("drop_index")
                        .flag("if_exists", false)
                        .ident("name", name)
                        .table(&known.name),
                );
            }
        }
        Ok(())
    }

    fn release_on_mysql(
        &mut self,
        known: &Table,
        column: &Ident,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let features = &self.dialect.facts().features;
        let Some(words) = &features.drop_constraint else {
            return Ok(());
        };
        let inline = known.columns.iter().flat_map(|column| &column.constraints);
        for constraint in known.constraints.iter().chain(inline) {
            let Some(name) = constraint.name.ident() else {
                continue;
            };
            let kind = match &constraint.kind {
                ConstraintKind::ForeignKey(_) if constraint.uses(&column.name) => {
                    DropConstraintKind::ForeignKey
                }
                ConstraintKind::Check { .. } if self.check_reads(constraint, column)? => {
                    DropConstraintKind::Check
                }
                // A unique constraint without one of its columns would be another one.
                ConstraintKind::Unique { columns }
                    if columns.len() > 1
                        && constraint.uses(&column.name)
                        && !features.unique_loses_column =>
                {
                    DropConstraintKind::Unique
                }
                ConstraintKind::PrimaryKey { .. }
                | ConstraintKind::Unique { .. }
                | ConstraintKind::Check { .. }
                | ConstraintKind::ForeignKey(_)
                | ConstraintKind::Exclude(_) => continue,
            };
            let statement = Statement::new("drop_constraint").table(&known.name);
            let name = Some(self.dialect.quote(name));
            out.push(mysql::drop_constraint(statement, Some(kind), name, words)?);
        }
        if !features.unique_loses_column {
            for index in known.indexes.iter().filter(|index| index.unique) {
                if let Some(name) = index.name.ident()
                    && index.elements.len() > 1
                    && index.uses(&column.name)
                {
                    out.push(
                        Statement::new("drop_index")
                            .flag("if_exists", false)
                            .ident("name", name)
                            .table(&known.name),
                    );
                }
            }
        }
        Ok(())
    }

    fn check_reads(&self, constraint: &Constraint, column: &Ident) -> Result<bool> {
        let ConstraintKind::Check { condition, .. } = &constraint.kind else {
            return Ok(false);
        };
        Ok(in_place::mentions(&self.ddl(condition)?, &column.name))
    }

    /// Whether an index has the column in its elements, in INCLUDE or in its condition.
    fn reads(&self, index: &Index, column: &Ident) -> Result<bool> {
        if index.uses(&column.name) {
            return Ok(true);
        }
        for element in &index.elements {
            if let IndexElement::Expr(expr) = element
                && in_place::mentions(&self.ddl(expr)?, &column.name)
            {
                return Ok(true);
            }
        }
        for (name, option) in &index.options {
            if !name.starts_with(self.dialect.name()) {
                continue;
            }
            let found = match option {
                OptionValue::Expr(expr) => in_place::mentions(&self.ddl(expr)?, &column.name),
                OptionValue::Str(text) => in_place::mentions(text, &column.name),
                OptionValue::List(items) => items.iter().any(|item| match item {
                    OptionValue::Str(text) => **text == *column.name,
                    _ => false,
                }),
                _ => false,
            };
            if found {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
