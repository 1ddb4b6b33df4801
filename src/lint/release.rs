//! What is reviewed: the steps of a script, what each operation does, and the schema before it.

use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::{
    Catalog, Column, Constraint, ConstraintKind, ConstraintName, ForeignKey, Table, TableName,
};
use crate::diagnostic::Diagnostic;
use crate::expression::Ident;
use crate::frontend::sql::{operations_of, split};
use crate::operation::{Executable, Located, Operation};
use crate::revision::Direction;
use crate::source::{Location, SourceFile};

/// The steps that are released together.
#[derive(Debug, Default)]
pub struct Release {
    /// The steps, in the order of the script.
    pub steps: Vec<Step>,
    /// Whether each step has a transaction of its own.
    pub transaction_per_step: bool,
    /// Whether statements of DDL can be rolled back, and so run in the transaction.
    pub transactional: bool,
    /// The heads that come from the same revision without being brought together, none of which
    /// has a label.
    pub heads: Vec<Arc<str>>,
}

/// One revision, walked in one direction.
#[derive(Debug)]
pub struct Step {
    /// Its identifier.
    pub revision: Arc<str>,
    /// The first paragraph of its message.
    pub message: Arc<str>,
    /// The revisions that it follows.
    pub follows: Vec<Arc<str>>,
    /// Which way it is walked.
    pub direction: Direction,
    /// Its file.
    pub path: PathBuf,
    /// The text of the file.
    pub source: Option<Arc<SourceFile>>,
    /// Where the identifier is declared.
    pub location: Option<Location>,
    /// What it does, in order.
    pub changes: Vec<Change>,
    /// Whether it says how it is taken back.
    pub taken_back: bool,
    /// Whether it was released, and its file is another since.
    pub edited: bool,
    /// Why it could not be read to its end, where it could not.
    pub failure: Option<Box<Diagnostic>>,
}

/// One operation of a revision with its statements.
#[derive(Debug)]
pub struct Change {
    /// What the revision asks for.
    pub located: Located,
    /// The statements, as the script has them, without what ends them.
    pub statements: Vec<String>,
    /// Whether the statements run outside of the transaction.
    pub autocommit: bool,
    /// What it does, one after another: the operations of a batch, the statements of a text.
    pub effects: Vec<Effect>,
}

/// One elementary thing that a change does.
#[derive(Debug)]
pub struct Effect {
    /// What.
    pub action: Action,
    /// The table that it is done to.
    pub table: Option<TableName>,
    /// The table as it is before the change; `None` where no revision made it.
    pub before: Option<Rc<Table>>,
    /// The tables that its foreign keys refer to, as they are before the change.
    pub referents: Vec<Rc<Table>>,
    /// Where it was written.
    pub location: Option<Location>,
}

/// What an effect is.
#[derive(Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Action {
    /// An operation, also one that was read from SQL.
    Operation(Operation),
    /// A statement that is no operation: rows are changed, or the product's own SQL.
    Sql(Sql),
}

/// A statement as its words: keywords and names in upper case, without literals and comments.
#[derive(Debug)]
pub struct Sql {
    /// As it was written, or rendered.
    pub text: String,
    /// Its words and signs.
    pub words: Vec<String>,
}

impl Effect {
    /// What `located` does to the schema `before` it; `rendered` are its statements.
    pub fn all(
        located: &Located,
        before: Option<&Catalog>,
        rendered: &[String],
        dialect: &crate::dialect::Dialect,
    ) -> Vec<Self> {
        let mut effects = Vec::with_capacity(1);
        collect(located, before, rendered, dialect, &mut effects);
        effects
    }
}

fn collect(
    located: &Located,
    before: Option<&Catalog>,
    rendered: &[String],
    dialect: &crate::dialect::Dialect,
    effects: &mut Vec<Effect>,
) {
    match &located.operation {
        Operation::BatchAlterTable(batch) => {
            for inner in &batch.operations {
                collect(inner, before, &[], dialect, effects);
            }
        }
        Operation::Execute { statement } => match statement {
            Executable::Operation(inner, _) => effects.push(done(inner, located, before)),
            Executable::Str(text) | Executable::Ddl(text) | Executable::Verbatim(text) => {
                for piece in split(text) {
                    let Some(statement) = text.get(piece.statement) else {
                        continue;
                    };
                    match operations_of(statement, Some(dialect)) {
                        Some(operations) => {
                            effects.extend(operations.iter().map(|o| done(o, located, before)));
                        }
                        None => sql(statement, located, effects),
                    }
                }
            }
            Executable::Expr(_) => rendered.iter().for_each(|text| sql(text, located, effects)),
            Executable::CreateSequence(..)
            | Executable::DropSequence(..)
            | Executable::CreateSchema(..)
            | Executable::DropSchema(..)
            | Executable::CreateDomain(_)
            | Executable::DropDomain(_) => effects.push(done(&located.operation, located, before)),
            Executable::Output(_) | Executable::Manual(_) => {}
        },
        Operation::BulkInsert { .. } => {
            rendered.iter().for_each(|text| sql(text, located, effects))
        }
        Operation::BeginAutocommit | Operation::EndAutocommit => {}
        Operation::CreateTable { .. }
        | Operation::DropTable { .. }
        | Operation::RenameTable { .. }
        | Operation::TableComment { .. }
        | Operation::AddColumn { .. }
        | Operation::DropColumn { .. }
        | Operation::AlterColumn(_)
        | Operation::CreateIndex { .. }
        | Operation::DropIndex { .. }
        | Operation::AddConstraint { .. }
        | Operation::DropConstraint { .. }
        | Operation::CreateEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::DropEnum { .. } => effects.push(done(&located.operation, located, before)),
    }
}

fn done(operation: &Operation, located: &Located, before: Option<&Catalog>) -> Effect {
    let table = match operation {
        Operation::DropIndex {
            name,
            schema,
            table,
            ..
        } => indexed(name, schema.as_ref(), table.as_ref(), before),
        _ => table_of(operation).cloned(),
    };
    let names = foreign_keys(operation).map(|key| &key.referent);
    Effect {
        referents: names
            .filter_map(|name| before?.table(name).cloned())
            .collect(),
        before: table.as_ref().and_then(|name| before?.table(name).cloned()),
        table,
        action: Action::Operation(operation.clone()),
        location: located.location.clone(),
    }
}

/// The foreign keys that an operation makes.
pub fn foreign_keys(operation: &Operation) -> impl Iterator<Item = &ForeignKey> {
    let (columns, constraints): (&[Column], &[Constraint]) = match operation {
        Operation::CreateTable { table, .. } => (&table.columns, &table.constraints),
        Operation::AddColumn { column, .. } => (std::slice::from_ref(column), &[]),
        Operation::AddConstraint { constraint, .. } => (&[], std::slice::from_ref(constraint)),
        _ => (&[], &[]),
    };
    let inline = columns.iter().flat_map(|column| &column.constraints);
    inline
        .chain(constraints)
        .filter_map(|constraint| match &constraint.kind {
            ConstraintKind::ForeignKey(key) => Some(key),
            _ => None,
        })
}

/// The table of an index that is dropped: as it was said, or the one that has it.
fn indexed(
    name: &ConstraintName,
    schema: Option<&Ident>,
    table: Option<&Ident>,
    before: Option<&Catalog>,
) -> Option<TableName> {
    if let Some(table) = table {
        return Some(TableName {
            schema: schema.cloned(),
            name: table.clone(),
        });
    }
    let name = name.ident()?;
    let has = |table: &&Rc<Table>| {
        let mut indexes = table.indexes.iter();
        indexes.any(|index| {
            index
                .name
                .ident()
                .is_some_and(|known| known.name == name.name)
        })
    };
    let mut tables = before?.tables_having(&name.name).map(|(_, table)| table);
    tables.find(has).map(|table| table.name.clone())
}

fn sql(text: &str, located: &Located, effects: &mut Vec<Effect>) {
    let words = super::words::words(text);
    if words.is_empty() {
        return;
    }
    effects.push(Effect {
        action: Action::Sql(Sql {
            text: text.to_owned(),
            words,
        }),
        table: None,
        before: None,
        referents: Vec::new(),
        location: located.location.clone(),
    });
}

/// The table that an operation is done to.
pub fn table_of(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::CreateTable { table, .. } => Some(&table.name),
        Operation::DropTable { table, .. }
        | Operation::RenameTable { table, .. }
        | Operation::TableComment { table, .. }
        | Operation::AddColumn { table, .. }
        | Operation::DropColumn { table, .. }
        | Operation::CreateIndex { table, .. }
        | Operation::AddConstraint { table, .. }
        | Operation::DropConstraint { table, .. } => Some(table),
        Operation::AlterColumn(alter) => Some(&alter.table),
        Operation::BatchAlterTable(batch) => Some(&batch.table),
        Operation::DropIndex { .. }
        | Operation::BulkInsert { .. }
        | Operation::Execute { .. }
        | Operation::CreateEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => None,
    }
}
