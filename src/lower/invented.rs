//! A constraint is dropped whose name the server invented: the script looks the name up.

use super::constraint::Dropping;
use super::{Lowering, Statement};
use crate::catalog::{Catalog, Invented, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;

impl Lowering {
    /// Looks the name up by what the constraint is, and drops the constraint of that name.
    pub(super) fn drop_invented(
        &self,
        table: &TableName,
        which: &Invented,
        dropping: Dropping,
        before: Option<&Catalog>,
    ) -> Result<Statement> {
        if let Some(known) = self.known_table(table, before)
            && which.place(known).is_none()
        {
            return Err(self.not_found(table, which));
        }
        let names = |columns: &[Ident]| {
            let names = columns.iter();
            names
                .map(|column| self.in_quotes(&column.name))
                .collect::<Vec<_>>()
        };
        let (columns, referent, referred) = match which {
            Invented::PrimaryKey | Invented::Check => (Vec::new(), None, Vec::new()),
            Invented::Unique { columns } => (names(columns), None, Vec::new()),
            Invented::ForeignKey {
                columns,
                referent,
                referent_columns,
            } => (
                names(columns),
                Some(self.object(referent)),
                names(referent_columns),
            ),
        };
        Ok(Statement::new("drop_invented")
            .fragment("object", self.object(table))
            .fragment("table", self.in_quotes(&self.dialect.table_name(table)))
            .fragment("noun", which.noun())
            .flag("if_exists", dropping.if_exists)
            .flag("primary", matches!(which, Invented::PrimaryKey))
            .flag("unique", matches!(which, Invented::Unique { .. }))
            .flag("check", matches!(which, Invented::Check))
            .optional("referent", referent)
            .list("columns", columns)
            .list("referred", referred))
    }

    fn not_found(&self, table: &TableName, which: &Invented) -> Box<Diagnostic> {
        let (noun, table) = (which.noun(), self.dialect.table_name(table));
        let message = format!("the {noun} of {table} to drop cannot be told by what it is");
        let several = "a check is found by being the only one of its table that was given no name";
        let gone = "a revision has changed or dropped it since its name was asked for";
        Box::new(
            Diagnostic::error(Code::OperationInvalid, message)
                .with_note(match which {
                    Invented::Check => several,
                    Invented::PrimaryKey
                    | Invented::Unique { .. }
                    | Invented::ForeignKey { .. } => gone,
                })
                .with_help("give the name of the constraint"),
        )
    }
}
