//! A constraint is dropped that was given no name.

use std::sync::Arc;

use super::{Lowering, Subject};
use crate::catalog::{
    Catalog, Constraint, ConstraintKind, ConstraintName, Invented, ServerNaming, Table, TableName,
};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::expression::Ident;
use crate::operation::{DropConstraintKind, Located, Operation, apply, kind_of, unnamed};

impl Lowering {
    /// An operation with the names of the constraints that its drops without a name mean, where a
    /// naming convention made them: the schema that follows operations knows none. `None` where
    /// there are no such drops.
    pub fn as_meant(&self, located: &Located, catalog: &Catalog) -> Option<Located> {
        if self.options.naming_convention.is_empty() {
            return None;
        }
        let operation = match &located.operation {
            Operation::DropConstraint {
                table,
                name: ConstraintName::None,
                kind: Some(kind),
                if_exists,
            } => {
                let known = catalog.table(table)?;
                let meant = known.constraints.get(self.meant(known, *kind).ok()?)?;
                Operation::DropConstraint {
                    table: table.clone(),
                    name: ConstraintName::Final(meant.name.ident()?.clone()),
                    kind: Some(*kind),
                    if_exists: *if_exists,
                }
            }
            Operation::BatchAlterTable(batch) => {
                let unnamed = |located: &Located| {
                    let operation = &located.operation;
                    matches!(operation, Operation::DropConstraint { name, .. } if *name == ConstraintName::None)
                };
                if !batch.operations.iter().any(unnamed) {
                    return None;
                }
                let mut batch = batch.clone();
                let mut schema = catalog.clone();
                for located in &mut batch.operations {
                    if let Some(meant) = self.as_meant(located, &schema) {
                        *located = meant;
                    }
                    apply(&self.settled(located).operation, &mut schema);
                }
                Operation::BatchAlterTable(batch)
            }
            _ => return None,
        };
        Some(Located {
            operation,
            ..located.clone()
        })
    }

    /// The places, among a table's constraints, of those of a kind that the project gave no name:
    /// the server or a naming convention named them, if anyone did.
    fn unnamed(&self, table: &Table, kind: DropConstraintKind) -> Vec<usize> {
        let naming = self.dialect.facts().features.server_naming;
        let by_server = unnamed(table, kind, naming);
        let constraints = table.constraints.iter().enumerate();
        let named = constraints.filter(|(place, constraint)| {
            by_server.contains(place)
                || (kind_of(constraint) == Some(kind)
                    && self.convention_named(&table.name, constraint))
        });
        named.map(|(place, _)| place).collect()
    }

    /// Whether a constraint has the name that the project's naming convention makes of none.
    fn convention_named(&self, table: &TableName, constraint: &Constraint) -> bool {
        let nameless = Constraint {
            name: ConstraintName::None,
            ..constraint.clone()
        };
        let made = self.conventional_name(&nameless, &Subject::of(table, &nameless));
        matches!((made, constraint.name.ident()), (Ok(Some(made)), Some(name)) if made.name == name.name)
    }

    /// The place, among the table's constraints, of the one that a drop without a name means: the
    /// only one of its kind that was given none.
    pub(super) fn meant(&self, table: &Table, kind: DropConstraintKind) -> Result<usize> {
        match self.unnamed(table, kind).as_slice() {
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
        let Some(meant) = meant else {
            return Ok(None);
        };
        if let Some(name) = meant.name.ident() {
            return Ok(Some(ConstraintName::Final(name.clone())));
        }
        let invents = self.dialect.facts().features.server_naming == ServerNaming::Invented;
        let which = Invented::of(meant).filter(|_| invents);
        Ok(which.map(|which| ConstraintName::Invented(Arc::new(which))))
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
            let by = match self.convention_named(&table.name, constraint) {
                true => "a naming convention",
                false => "the server",
            };
            let called = named.map(|own| format!(", which {by} named `{}`", own.name));
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
