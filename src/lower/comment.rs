//! Comments on tables and columns.

use super::{Lowering, Statement};
use crate::catalog::TableName;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Comments;
use crate::expression::Ident;

/// What a comment does to the one before it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Replacing {
    /// There was none, or the statement is the same.
    Nothing,
    /// There was one.
    Comment,
}

impl Lowering {
    /// A table's comment; `None` drops it.
    pub(super) fn table_comment(
        &mut self,
        table: &TableName,
        comment: Option<&str>,
        replacing: Replacing,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        match self.dialect.facts().features.comments {
            Comments::Property => {
                // Alembic always adds, which fails where there is one.
                let replacing = if self.options.compat {
                    Replacing::Nothing
                } else {
                    replacing
                };
                out.push(self.property(table, None, comment, replacing, "execute")?);
                return Ok(());
            }
            Comments::None => self.unsafe_on_generic("comments on tables")?,
            Comments::Statement | Comments::Definition => {}
        }
        out.push(
            Statement::new("comment_on_table")
                .table(table)
                .optional("comment", comment.map(|text| self.dialect.string(text))),
        );
        Ok(())
    }

    /// A column's comment in the definition of its table, where columns have comments.
    pub(super) fn column_comment(
        &self,
        table: &TableName,
        column: &Ident,
        comment: Option<&str>,
        out: &mut Vec<Statement>,
    ) -> Result<()> {
        match self.dialect.facts().features.comments {
            Comments::None | Comments::Definition => {}
            Comments::Statement => out.push(
                Statement::new("comment_on_column")
                    .table(table)
                    .ident("column", column)
                    .optional("comment", comment.map(|text| self.dialect.string(text))),
            ),
            Comments::Property => out.push(self.property(
                table,
                Some(column),
                comment,
                Replacing::Nothing,
                "execute",
            )?),
        }
        Ok(())
    }

    /// SQL Server keeps comments as extended properties, found by the path to their object.
    pub(super) fn property(
        &self,
        table: &TableName,
        column: Option<&Ident>,
        comment: Option<&str>,
        replacing: Replacing,
        verb: &'static str,
    ) -> Result<Statement> {
        let schema = match &table.schema {
            Some(schema) => self.dialect.quote_schema(schema),
            None if self.options.compat => {
                return Err(Box::new(
                    Diagnostic::error(
                        Code::OperationInvalid,
                        "the comment needs a schema: offline, Alembic knows no default schema",
                    )
                    .with_note(
                        "Alembic raises AttributeError: 'NoneType' object has no attribute 'startswith'",
                    )
                    .with_help("pass `schema=`, or leave `--compat alembic` away"),
                ));
            }
            None => self
                .dialect
                .quote(&Ident::new(&self.dialect.facts().features.default_schema)),
        };
        let action = match (comment, replacing) {
            (None, _) => "drop",
            (Some(_), Replacing::Nothing) => "add",
            (Some(_), Replacing::Comment) => "update",
        };
        let statement = Statement::new("extended_property")
            .fragment("verb", verb)
            .fragment("action", action)
            .optional("comment", comment.map(|text| self.dialect.national(text)))
            .fragment("schema", schema)
            .ident("table", &table.name);
        Ok(match column {
            Some(column) => statement.ident("column", column),
            None => statement.flag("column", false),
        })
    }
}
