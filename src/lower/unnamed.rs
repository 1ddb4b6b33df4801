//! A constraint is dropped that was given no name.

use super::Lowering;
use crate::catalog::{Catalog, Constraint, ConstraintKind, ConstraintName, Table, TableName};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;
use crate::operation::{DropConstraintKind, kind_of, unnamed};

impl Lowering {
    /// The place, among the table's constraints, of the one that a drop without a name means: the
    /// only one of its kind that was given none.
    pub(super) fn meant(&self, table: &Table, kind: DropConstraintKind) -> Result<usize> {
        let naming = self.dialect.facts().features.server_naming;
        match unnamed(table, kind, naming).as_slice() {
            [only] => Ok(*only),
            [] => Err(self.none_unnamed(table, kind)),
            several => Err(self.not_said(table, kind, several)),
        }
    }

    /// The name by which the server knows the constraint that a drop without a name means, where
    /// the table and the server's rule are known.
    pub(super) fn name_of_meant(
        &self,
        table: &TableName,
        kind: Option<DropConstraintKind>,
        before: Option<&Catalog>,
    ) -> Result<Option<ConstraintName>> {
        let (Some(kind), Some(known)) = (kind, self.known_table(table, before)) else {
            return Ok(None);
        };
        let meant = match kind {
            // A table has one.
            DropConstraintKind::Primary => {
                let mut constraints = known.constraints.iter();
                constraints.find(|constraint| kind_of(constraint) == Some(kind))
            }
            DropConstraintKind::ForeignKey
            | DropConstraintKind::Unique
            | DropConstraintKind::Check => known.constraints.get(self.meant(known, kind)?),
        };
        let name = meant.and_then(|constraint| constraint.name.ident());
        Ok(name.cloned().map(ConstraintName::Final))
    }

    fn none_unnamed(&self, table: &Table, kind: DropConstraintKind) -> Box<Diagnostic> {
        let name = self.dialect.table_name(&table.name);
        let message = format!(
            "the constraint to drop has no name, and {name} has no {} without one",
            noun(kind).0
        );
        Box::new(
            Diagnostic::error(Code::OperationInvalid, message)
                .with_help("give the name of the constraint"),
        )
    }

    fn not_said(
        &self,
        table: &Table,
        kind: DropConstraintKind,
        several: &[usize],
    ) -> Box<Diagnostic> {
        let name = self.dialect.table_name(&table.name);
        let message = format!(
            "which of the {} {} of {name} that were given no name is dropped is not said",
            several.len(),
            noun(kind).1
        );
        let mut found = Diagnostic::error(Code::OperationInvalid, message);
        let mut has_names = false;
        for constraint in several
            .iter()
            .filter_map(|index| table.constraints.get(*index))
        {
            let named = constraint.name.ident();
            has_names |= named.is_some();
            let called = named.map(|own| format!(", which the server named `{}`", own.name));
            let text = self.in_words(constraint);
            found = found.with_note(format!("{text}{}", called.unwrap_or_default()));
        }
        Box::new(found.with_help(match has_names {
            true => "give the name of the one that is meant",
            false => {
                "give `op.batch_alter_table` a `naming_convention`, and the name that it makes of \
                 the one that is meant"
            }
        }))
    }

    fn in_words(&self, constraint: &Constraint) -> String {
        let list = |columns: &[Ident]| {
            let names: Vec<&str> = columns.iter().map(|column| &*column.name).collect();
            names.join(", ")
        };
        match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => format!("PRIMARY KEY ({})", list(columns)),
            ConstraintKind::Unique { columns } => format!("UNIQUE ({})", list(columns)),
            ConstraintKind::ForeignKey(key) => format!(
                "FOREIGN KEY ({}) to {}",
                list(&key.columns),
                self.dialect.table_name(&key.referent)
            ),
            ConstraintKind::Check { condition, .. } => {
                format!("CHECK ({})", self.ddl(condition).unwrap_or_default())
            }
            ConstraintKind::Exclude(_) => "EXCLUDE".to_owned(),
        }
    }
}

/// One, and several.
fn noun(kind: DropConstraintKind) -> (&'static str, &'static str) {
    match kind {
        DropConstraintKind::Primary => ("primary key", "primary keys"),
        DropConstraintKind::Unique => ("unique constraint", "unique constraints"),
        DropConstraintKind::Check => ("check", "checks"),
        DropConstraintKind::ForeignKey => ("foreign key", "foreign keys"),
    }
}
