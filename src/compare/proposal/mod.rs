//! What Alembic's autogenerate would propose if the database were at the head of the revisions:
//! the same operations in the same order, with what leads back from each. Where its proposal cannot
//! run, or does not see a difference that matters, COMPATIBILITY.md says what is proposed instead.

mod columns;
mod indexes;
mod keys;
mod order;
mod reflected;
mod tables;
mod types;

pub use reflected::table as found;

use std::rc::Rc;

use super::spelling::Spelling;
use crate::catalog::{Catalog, Column, Constraint, Index, Table, TableName};
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::operation::{BatchAlterTable, Directive, Operation, Recreate};

/// What is looked at, as the project has it.
#[derive(Clone, Copy, Debug)]
pub struct Looks {
    /// `include_schemas=`: tables that go are looked for in other schemas, too.
    pub schemas: bool,
    /// `compare_type=`.
    pub types: bool,
    /// `compare_server_default=`.
    pub defaults: bool,
}

/// A thing that a project's functions decide about.
#[derive(Clone, Copy, Debug)]
#[allow(missing_docs)]
pub enum Thing<'a> {
    Table(&'a Table),
    Column(&'a Table, &'a Column),
    Index(&'a Table, &'a Index),
    Unique(&'a Table, &'a Constraint),
    ForeignKey(&'a Table, &'a Constraint),
}

impl<'a> Thing<'a> {
    /// What Alembic calls its kind, its name if it has one, and the table that it is of.
    pub fn parts(self) -> (&'static str, Option<&'a str>, &'a Table) {
        let named = |constraint: &'a Constraint| constraint.name.ident().map(|name| &*name.name);
        match self {
            Self::Table(table) => ("table", Some(&*table.name.name.name), table),
            Self::Column(table, column) => ("column", Some(&*column.name.name), table),
            Self::Index(table, index) => {
                ("index", index.name.ident().map(|name| &*name.name), table)
            }
            Self::Unique(table, constraint) => ("unique_constraint", named(constraint), table),
            Self::ForeignKey(table, constraint) => {
                ("foreign_key_constraint", named(constraint), table)
            }
        }
    }
}

/// What a project's own functions say.
pub trait Judge {
    /// `include_name=` of a thing that the database has.
    ///
    /// # Errors
    /// When the function fails.
    fn has_name(&self, thing: Thing<'_>) -> Result<bool>;

    /// `include_object=`; `reflected` when the database has it and the models do not.
    ///
    /// # Errors
    /// When the function fails.
    fn includes(&self, thing: Thing<'_>, reflected: bool, other: Option<Thing<'_>>)
    -> Result<bool>;

    /// `compare_type=`: whether it differs, or `None` to compare as usual.
    ///
    /// # Errors
    /// When the function fails.
    fn type_differs(&self, found: Thing<'_>, wanted: Thing<'_>) -> Result<Option<bool>>;

    /// `compare_server_default=`, alike.
    ///
    /// # Errors
    /// When the function fails.
    fn default_differs(&self, found: Thing<'_>, wanted: Thing<'_>) -> Result<Option<bool>>;
}

/// A step there, and what leads back from it.
#[derive(Clone, Debug)]
pub struct Change {
    /// There.
    pub up: Option<Operation>,
    /// Back.
    pub down: Option<Operation>,
}

impl Change {
    pub(super) fn new(up: Operation, down: Operation) -> Self {
        Self {
            up: Some(up),
            down: Some(down),
        }
    }
}

/// Steps that belong together.
#[derive(Clone, Debug)]
#[allow(clippy::large_enum_variant)]
pub enum Step {
    /// One that stands by itself.
    Whole(Change),
    /// Changes of one table.
    Table {
        /// The table.
        table: TableName,
        /// In order.
        changes: Vec<Change>,
    },
}

/// What is proposed.
#[derive(Debug, Default)]
pub struct Proposal {
    /// In order.
    pub steps: Vec<Step>,
}

impl Proposal {
    /// These steps.
    pub fn of(steps: Vec<Step>) -> Self {
        Self { steps }
    }

    /// Whether nothing differs.
    pub fn is_empty(&self) -> bool {
        self.steps.is_empty()
    }

    /// What leads there.
    pub fn upgrade(&self) -> Vec<Directive> {
        let mut found = Vec::new();
        for step in &self.steps {
            match step {
                Step::Whole(change) => found.extend(change.up.clone().map(Directive::Single)),
                Step::Table { table, changes } => {
                    let operations = changes.iter().filter_map(|change| change.up.clone());
                    found.extend(of_table(table, operations.collect()));
                }
            }
        }
        found
    }

    /// What leads back.
    pub fn downgrade(&self) -> Vec<Directive> {
        let mut found = Vec::new();
        for step in self.steps.iter().rev() {
            match step {
                Step::Whole(change) => found.extend(change.down.clone().map(Directive::Single)),
                Step::Table { table, changes } => {
                    let changes = changes.iter().rev();
                    let operations = changes.filter_map(|change| change.down.clone());
                    found.extend(of_table(table, operations.collect()));
                }
            }
        }
        found
    }
}

fn of_table(table: &TableName, operations: Vec<Operation>) -> Option<Directive> {
    let table = table.clone();
    (!operations.is_empty()).then_some(Directive::Table { table, operations })
}

/// The operations one after the other; the changes of a table are a batch where `batches` says so.
pub fn flat(directives: Vec<Directive>, batches: impl Fn(&[Operation]) -> bool) -> Vec<Operation> {
    let mut found = Vec::new();
    for directive in directives {
        match directive {
            Directive::Single(operation) => found.push(operation),
            Directive::Table { table, operations } if batches(&operations) => {
                found.push(batch(table, operations));
            }
            Directive::Table { operations, .. } => found.extend(operations),
        }
    }
    found
}

fn batch(table: TableName, operations: Vec<Operation>) -> Operation {
    let operations = operations.into_iter().map(super::tables::located);
    Operation::BatchAlterTable(Box::new(BatchAlterTable {
        table,
        recreate: Recreate::Auto,
        copy_from: None,
        partial_reordering: Vec::new(),
        table_constraints: Vec::new(),
        table_options: Vec::new(),
        reflect_columns: Vec::new(),
        naming_convention: Vec::new(),
        operations: operations.collect(),
    }))
}

/// Proposes what leads from the schema at the head of the revisions to that of the models, whose
/// constraints have only the names that the models or a naming convention give them.
///
/// # Errors
/// When a function of the project fails.
pub fn propose(
    head: &Catalog,
    wanted: &Catalog,
    dialect: &Dialect,
    looks: Looks,
    judge: &dyn Judge,
) -> Result<Proposal> {
    let mut comparing = Comparing {
        head,
        wanted,
        dialect,
        looks,
        judge,
        spelling: Spelling::new(dialect),
        out: Proposal::default(),
    };
    comparing.run()?;
    Ok(comparing.out)
}

/// A comparison that is being made.
struct Comparing<'a> {
    head: &'a Catalog,
    wanted: &'a Catalog,
    dialect: &'a Dialect,
    looks: Looks,
    judge: &'a dyn Judge,
    spelling: Spelling<'a>,
    out: Proposal,
}

impl<'a> Comparing<'a> {
    fn whole(&mut self, up: Operation, down: Operation) {
        self.out.steps.push(Step::Whole(Change::new(up, down)));
    }

    fn of_table(&mut self, table: &TableName, changes: Vec<Change>) {
        if !changes.is_empty() {
            self.out.steps.push(Step::Table {
                table: table.clone(),
                changes,
            });
        }
    }

    /// The table as the database describes it.
    fn reflect(&self, table: &Rc<Table>) -> Table {
        reflected::table(table, self.dialect)
    }
}
