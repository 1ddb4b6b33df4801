//! `op.bulk_insert`.

use std::rc::Rc;
use std::sync::Arc;

use super::{Lowering, Statement};
use crate::catalog::Catalog;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::{ColumnDefault, TableClause, TableColumn};
use crate::operation::RowValue;

impl Lowering {
    pub(super) fn bulk_insert(
        &mut self,
        table: &Rc<TableClause>,
        defaulted: &[Arc<str>],
        rows: &[Vec<(Arc<str>, RowValue)>],
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        let name = self.dialect.qualify(table.schema.as_ref(), &table.name);
        let allowed = self.gives_identity(table, rows, before);
        if allowed {
            self.warn_compat(
                "`SET IDENTITY_INSERT` is written around rows, which fails where the table has no identity"
                    .to_owned(),
            );
            out.push(Self::allow_identity(&name, true));
        }
        let mut nulls: Vec<&str> = Vec::new();
        for row in rows {
            for (key, _) in row {
                if !table.columns.iter().any(|column| column.key == *key) {
                    return Err(Box::new(
                        Diagnostic::error(
                            Code::OperationInvalid,
                            format!("the table `{}` has no column `{key}`", table.name.name),
                        )
                        .with_note("Alembic raises KeyError")
                        .with_help("add the column to the table that is passed to `bulk_insert`"),
                    ));
                }
            }
            let mut columns = Vec::with_capacity(row.len());
            let mut values = Vec::with_capacity(row.len());
            // SQLAlchemy writes the columns in the order of the table.
            for column in &table.columns {
                let given = row.iter().find(|(key, _)| *key == column.key);
                let text = match given {
                    Some((_, RowValue::Literal(literal))) => {
                        self.dialect.literal(literal, &column.data_type)?
                    }
                    Some((_, RowValue::Expr(expr))) => self.value_sql(expr)?,
                    None => match self.default_value(column, defaulted)? {
                        Some(text) => {
                            if !matches!(column.default, Some(ColumnDefault::Sql(_)))
                                && !nulls.contains(&&*column.key)
                            {
                                nulls.push(&column.key);
                            }
                            text
                        }
                        None => continue,
                    },
                };
                columns.push(self.dialect.quote(&column.name));
                values.push(text);
            }
            if columns.is_empty()
                && !self.options.compat
                && !self.dialect.facts().features.default_values
            {
                // Any column does; there is no other form.
                let Some(column) = table.columns.first() else {
                    continue;
                };
                columns.push(self.dialect.quote(&column.name));
                values.push("DEFAULT".into());
            }
            if columns.is_empty() {
                out.push(Statement::new("insert_default").fragment("table", name.clone()));
                continue;
            }
            out.push(
                Statement::new("insert_row")
                    .fragment("table", name.clone())
                    .list("columns", columns)
                    .list("values", values),
            );
        }
        if allowed {
            out.push(Self::allow_identity(&name, false));
        }
        if !nulls.is_empty() {
            self.warn_compat(format!(
                "`NULL` is written in the rows of {name} for `{}`, which has a default in Python",
                nulls.join("`, `")
            ));
        }
        Ok(())
    }

    /// What stands in a row for a column that it leaves out but that has a default in Python.
    fn default_value(
        &self,
        column: &TableColumn,
        defaulted: &[Arc<str>],
    ) -> Result<Option<String>> {
        let known = match &column.default {
            Some(ColumnDefault::Value(literal)) if !self.options.compat => {
                return self.dialect.literal(literal, &column.data_type).map(Some);
            }
            Some(ColumnDefault::Sql(expr)) => return self.value_sql(expr).map(Some),
            Some(ColumnDefault::Value(_) | ColumnDefault::Python) => true,
            Some(ColumnDefault::Sequence(..)) | None => defaulted.contains(&column.key),
        };
        if !known {
            return Ok(None);
        }
        if self.options.compat {
            return Ok(Some("NULL".into()));
        }
        Err(Box::new(
            Diagnostic::error(
                Code::UnknownValue,
                format!(
                    "the column `{}` has a default that Python computes",
                    column.key
                ),
            )
            .with_note("Alembic writes NULL in its place")
            .with_help("give the column a value in each row"),
        ))
    }
}
