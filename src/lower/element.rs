//! DDL elements that are executed: SQLAlchemy writes them itself, not as Alembic does its operations.

use super::constraint::Dropping;
use super::{Lowering, Statement};
use crate::catalog::{Catalog, Column, TableName};
use crate::diagnostic::Result;
use crate::dialect::Comments;
use crate::operation::{Change, Element, Operation};

impl Lowering {
    /// `op.execute(CreateTable(…))` and its like.
    pub(super) fn element(
        &mut self,
        operation: &Operation,
        element: &Element,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let Element {
            column,
            key_columns,
            cascade,
        } = element;
        let features = &self.dialect.facts().features;
        let (alters, cascades) = (features.alter_constraints, features.drop_constraint_cascade);
        match operation {
            Operation::AddConstraint { table, constraint } if self.options.compat => {
                self.add_constraint(table, constraint, None, out)
            }
            Operation::DropConstraint {
                table,
                name,
                kind,
                if_exists,
            } if self.options.compat || (*cascade && alters) => {
                if *cascade && !cascades && !self.options.compat {
                    self.ignored("CASCADE of DROP CONSTRAINT");
                }
                let dropping = Dropping {
                    if_exists: *if_exists,
                    cascade: *cascade && (cascades || self.options.compat),
                };
                self.drop_constraint(table, name, *kind, dropping, before, out)
            }
            Operation::AlterColumn(alter) => match column {
                Some(column) if self.options.compat => {
                    let drop = !matches!(alter.comment, Change::Set(_));
                    let refers = column.has_foreign_key();
                    let counts = column.primary_key && self.counts(column, *key_columns, refers);
                    self.executed_comment(&alter.table, (column, counts), drop, out)
                }
                Some(_) | None => self.operation(operation, before, out),
            },
            _ => self.operation(operation, before, out),
        }
    }

    /// `SetColumnComment` and `DropColumnComment`, as SQLAlchemy writes them.
    fn executed_comment(
        &mut self,
        table: &TableName,
        (column, counts): (&Column, bool),
        drop: bool,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let comment = column.comment.as_deref().filter(|_| !drop);
        match self.dialect.facts().features.comments {
            Comments::Property => return self.column_comment(table, &column.name, comment, out),
            Comments::Definition if !drop => {
                out.push(
                    Statement::new("alter_column_whole")
                        .table(table)
                        .ident("column", &column.name)
                        .ident("new_name", &column.name)
                        .fragment("definition", self.mysql_definition(column, counts)?),
                );
                return Ok(());
            }
            Comments::None => self.unsafe_on_generic("comments on columns")?,
            Comments::Statement | Comments::Definition => {}
        }
        let comment = comment.map(|text| self.dialect.string(text));
        out.push(
            Statement::new("comment_on_column")
                .table(table)
                .ident("column", &column.name)
                // Alembic has Oracle drop a comment in other words than SQLAlchemy's.
                .fragment("comment", comment.unwrap_or_else(|| "NULL".to_owned())),
        );
        Ok(())
    }
}
