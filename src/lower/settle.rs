//! The names that constraints and indexes get, put into the operations, so that the catalog knows
//! them: what a naming convention makes of a missing name is decided when a statement is written.

use std::rc::Rc;

use super::{LowerOptions, Lowering, Subject, naming};
use crate::catalog::{
    Column, Constraint, ConstraintKind, ConstraintName, Index, IndexElement, Table, TableName,
};
use crate::expression::Ident;
use crate::operation::{DropConstraintKind, Executable, Located, Operation};

/// Which names are final.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Names {
    /// Every one: what a database has.
    All,
    /// Those that a naming convention made.
    Made,
}

impl Names {
    /// A name that has been resolved.
    fn decided(self, before: &ConstraintName, name: Ident) -> ConstraintName {
        match before {
            ConstraintName::Given(given) if self == Self::Made && *given == name => {
                ConstraintName::Given(name)
            }
            ConstraintName::Given(_)
            | ConstraintName::Final(_)
            | ConstraintName::Invented(_)
            | ConstraintName::None => ConstraintName::Final(name),
        }
    }
}

impl Lowering {
    /// The operation with every name decided that the project's naming convention decides.
    pub fn settled(&self, located: &Located) -> Located {
        let mut located = located.clone();
        self.settle(&mut located.operation, Names::All);
        located
    }

    /// The same, but names that were given stay what a project gave, and keys that are added later
    /// stay with their tables: the models as they are.
    pub fn named(&self, located: &Located) -> Located {
        let mut located = located.clone();
        self.settle(&mut located.operation, Names::Made);
        located
    }

    fn settle(&self, operation: &mut Operation, names: Names) {
        match operation {
            Operation::CreateTable {
                table,
                if_not_exists: _,
                along: _,
                convention,
            } => {
                if names == Names::All {
                    self.without_late_keys(table);
                }
                let Some(own) = convention else {
                    return self.settle_table(table, names);
                };
                let options = LowerOptions {
                    naming_convention: naming::Convention::new(own.to_vec()),
                    ..self.options.clone()
                };
                Self::new(Rc::clone(&self.dialect), options).settle_table(table, names);
            }
            Operation::AddColumn { table, column, .. } => {
                let table = table.clone();
                self.settle_column(&table, column, names);
            }
            Operation::CreateIndex { table, index, .. } => {
                let table = table.clone();
                self.settle_index(&table, index, names);
            }
            Operation::AddConstraint { table, constraint } => {
                let table = table.clone();
                self.settle_constraint(&table, constraint, names);
            }
            Operation::DropConstraint {
                table, name, kind, ..
            } => self.settle_dropped(table, name, *kind),
            Operation::DropIndex { name, .. } => {
                let limit = self.dialect.facts().identifiers.object_limit();
                if let Some(given) = naming::given(name, limit) {
                    *name = ConstraintName::Final(given);
                }
            }
            Operation::BatchAlterTable(batch) => {
                for located in &mut batch.operations {
                    self.settle(&mut located.operation, names);
                }
            }
            Operation::Execute {
                statement: Executable::Operation(operation, _),
            } => self.settle(operation, names),
            Operation::DropTable { .. }
            | Operation::RenameTable { .. }
            | Operation::TableComment { .. }
            | Operation::DropColumn { .. }
            | Operation::AlterColumn(_)
            | Operation::BulkInsert { .. }
            | Operation::Execute { .. }
            | Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::AlterEnum { .. }
            | Operation::BeginAutocommit
            | Operation::EndAutocommit => {}
        }
    }

    /// `op.create_table` leaves the keys with `use_alter` away where they can be added later.
    fn without_late_keys(&self, table: &mut Table) {
        if !self.dialect.facts().features.alter_constraints {
            return;
        }
        let late = |constraint: &Constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => key.use_alter,
            _ => false,
        };
        table.constraints.retain(|constraint| !late(constraint));
        for column in &mut table.columns {
            column.constraints.retain(|constraint| !late(constraint));
        }
    }

    fn settle_table(&self, table: &mut Table, names: Names) {
        let name = table.name.clone();
        let explicit = table
            .constraints
            .iter()
            .any(|c| matches!(c.kind, ConstraintKind::PrimaryKey { .. }));
        if !explicit && !self.options.naming_convention.is_empty() {
            let key = table.columns.iter().filter(|column| column.primary_key);
            let columns: Vec<_> = key.map(|column| column.name.clone()).collect();
            if !columns.is_empty() {
                let key = Constraint::new(ConstraintKind::PrimaryKey { columns });
                table.constraints.insert(0, key);
            }
        }
        for constraint in &mut table.constraints {
            self.settle_constraint(&name, constraint, names);
        }
        for index in &mut table.indexes {
            self.settle_index(&name, index, names);
        }
        let mut indexes = Vec::new();
        for column in &mut table.columns {
            if column.index {
                let mut index = Index {
                    name: ConstraintName::None,
                    elements: vec![IndexElement::Column(column.name.clone())],
                    unique: column.unique,
                    options: Vec::new(),
                };
                self.settle_index(&name, &mut index, names);
                indexes.push(index);
                column.index = false;
                column.unique = false;
            }
            self.settle_column(&name, column, names);
        }
        table.indexes.splice(0..0, indexes);
    }

    fn settle_column(&self, table: &TableName, column: &mut Column, names: Names) {
        for constraint in &mut column.constraints {
            self.settle_constraint(table, constraint, names);
        }
        if column.unique && !column.index && !self.options.naming_convention.is_empty() {
            let mut unique = Constraint::new(ConstraintKind::Unique {
                columns: vec![column.name.clone()],
            });
            self.settle_constraint(table, &mut unique, names);
            column.constraints.push(unique);
            column.unique = false;
        }
    }

    fn settle_index(&self, table: &TableName, index: &mut Index, names: Names) {
        let subject = Subject::of_index(table, &index.elements);
        let name = naming::resolve(
            &self.options.naming_convention,
            "ix",
            &index.name,
            &subject,
            self.dialect.facts().identifiers.object_limit(),
        );
        // What cannot be named is refused where the statement is written.
        if let Ok(Some(name)) = name {
            index.name = names.decided(&index.name, name);
        }
    }

    fn settle_constraint(&self, table: &TableName, constraint: &mut Constraint, names: Names) {
        let name = self.conventional_name(constraint, &Subject::of(table, constraint));
        if let Ok(Some(name)) = name {
            constraint.name = names.decided(&constraint.name, name);
        }
    }

    fn settle_dropped(
        &self,
        table: &TableName,
        name: &mut ConstraintName,
        kind: Option<DropConstraintKind>,
    ) {
        let key = match kind {
            Some(DropConstraintKind::Primary) => "pk",
            Some(DropConstraintKind::Check) => "ck",
            Some(DropConstraintKind::ForeignKey) => "fk",
            Some(DropConstraintKind::Unique) | None => "uq",
        };
        if matches!(name, ConstraintName::None | ConstraintName::Invented(_)) {
            return;
        }
        let subject = Subject::of_index(table, &[]);
        let resolved = naming::resolve(
            &self.options.naming_convention,
            key,
            name,
            &subject,
            self.dialect.facts().identifiers.object_limit(),
        );
        if let Ok(Some(resolved)) = resolved {
            *name = ConstraintName::Final(resolved);
        }
    }
}
