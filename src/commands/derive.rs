//! Downgrades that no revision says: derived from the schema before and after.

use super::states::States;
use super::workspace::Workspace;
use crate::catalog::{Catalog, TableName, key};
use crate::compare;
use crate::diagnostic::Result;
use crate::expression::{ExprKind, Ident};
use crate::operation::{AlterColumn, Change, Executable, Located, Operation};
use crate::revision::{Index, Plan, StepKind};

/// The operations that take back what a revision did to the schema, with comments on what they
/// cannot bring back.
pub(super) fn downgrade(
    states: &States<'_>,
    operations: &[Located],
    before: &Catalog,
    after: &Catalog,
) -> Vec<Operation> {
    let mut renames = Vec::new();
    let mut lost = Vec::new();
    collect(
        &mut operations.iter().map(|l| &l.operation),
        &mut renames,
        &mut lost,
    );
    let mut found = vec![comment(
        "derived: this downgrade restores the schema, as far as it is known",
    )];
    found.extend(lost.iter().map(|text| comment(text)));
    let (catalog, back) = Renames(renames).backwards(after);
    found.extend(back);
    let difference = compare::difference(&catalog, before, &states.dialect);
    found.extend(difference.operations);
    let unchanged = difference.unchanged.iter();
    found.extend(unchanged.map(|what| comment(&format!("not taken back: {what}"))));
    let unknown = after.opaque().iter().skip(before.opaque().len());
    found.extend(unknown.map(|opaque| {
        comment(&format!(
            "not taken back, since its effect is not known: {}",
            opaque.excerpt
        ))
    }));
    found
}

/// The downgrades of the revisions of a plan that goes down, for those that `wanted` names.
pub(super) fn downgrades(
    states: &States<'_>,
    workspace: &Workspace,
    plan: &Plan,
    wanted: &[Index],
) -> Result<Vec<(Index, Vec<Located>)>> {
    let start: Vec<&str> = plan.start.iter().map(|id| &**id).collect();
    let up = workspace.map.upgrade(&[], &start)?;
    let last = up.steps.iter().rposition(|step| match step.kind {
        StepKind::Revision(index) => wanted.contains(&index),
        StepKind::Stamp => false,
    });
    let mut up = up;
    up.steps.truncate(last.map_or(0, |at| at + 1));
    let mut found = Vec::new();
    states.walk(
        &up,
        Some(&mut |applied| {
            if wanted.contains(&applied.index) {
                let operations =
                    downgrade(states, applied.operations, applied.before, applied.after);
                let location = workspace.map.revision(applied.index).location.clone();
                let located = operations.into_iter().map(|operation| Located {
                    operation,
                    location: location.clone(),
                    stack: Vec::new(),
                    spelled: Vec::new(),
                });
                found.push((applied.index, located.collect()));
            }
            Ok(())
        }),
    )?;
    Ok(found)
}

fn comment(text: &str) -> Operation {
    let text = text.replace(['\n', '\r'], " ");
    Operation::Execute {
        statement: Executable::Output(format!("-- {text}").into()),
    }
}

/// The changes of names in some operations, in order.
pub(super) struct Renames(Vec<Rename>);

impl Renames {
    /// Those of the operations.
    pub(super) fn of(operations: &[Located]) -> Self {
        let mut renames = Vec::new();
        let mut all = operations.iter().map(|located| &located.operation);
        collect(&mut all, &mut renames, &mut Vec::new());
        Self(renames)
    }

    /// Gives the old names back in a schema, where they are free; the schema and the operations.
    pub(super) fn backwards(&self, schema: &Catalog) -> (Catalog, Vec<Operation>) {
        Self::apply(schema, self.0.iter().rev().map(Rename::reversed))
    }

    /// Gives the new names in a schema, where they are free; the schema and the operations.
    pub(super) fn forwards(&self, schema: &Catalog) -> (Catalog, Vec<Operation>) {
        Self::apply(schema, self.0.iter().cloned())
    }

    fn apply(schema: &Catalog, renames: impl Iterator<Item = Rename>) -> (Catalog, Vec<Operation>) {
        let mut catalog = schema.clone();
        let mut operations = Vec::new();
        for rename in renames {
            if let Some(operation) = rename.operation(&catalog) {
                crate::operation::apply(&operation, &mut catalog);
                operations.push(operation);
            }
        }
        (catalog, operations)
    }
}

/// A change of name, which no comparison of schemas tells from a loss.
#[derive(Clone)]
enum Rename {
    /// A table and its new name.
    Table(TableName, Ident),
    /// A column of a table and its new name.
    Column(TableName, Ident, Ident),
}

impl Rename {
    fn reversed(&self) -> Self {
        match self {
            Self::Table(old, new) => Self::Table(
                TableName {
                    schema: old.schema.clone(),
                    name: new.clone(),
                },
                old.name.clone(),
            ),
            Self::Column(table, old, new) => Self::Column(table.clone(), new.clone(), old.clone()),
        }
    }

    /// What changes the name, where the old one is there and the new one is free.
    fn operation(&self, catalog: &Catalog) -> Option<Operation> {
        match self {
            Self::Table(old, new) => {
                let mut renamed = old.clone();
                renamed.name = new.clone();
                let free = catalog.table(old).is_some() && catalog.table(&renamed).is_none();
                free.then(|| Operation::RenameTable {
                    table: old.clone(),
                    new_name: new.clone(),
                })
            }
            Self::Column(table, old, new) => {
                let known = catalog.table_by_key(&key(table))?;
                let column = known.columns.iter().find(|c| c.name.name == old.name)?;
                if known.columns.iter().any(|c| c.name.name == new.name) {
                    return None;
                }
                Some(Operation::AlterColumn(Box::new(AlterColumn {
                    table: table.clone(),
                    column: old.clone(),
                    nullable: None,
                    comment: Change::Keep,
                    default: Change::Keep,
                    new_name: Some(new.clone()),
                    data_type: None,
                    existing_type: Some(column.data_type.clone()),
                    type_is_class: false,
                    existing_default: match &column.default {
                        None => Change::Keep,
                        Some(default) => Change::Set(default.clone()),
                    },
                    existing_nullable: Some(!column.is_not_null()),
                    existing_comment: column.comment.clone(),
                    autoincrement: None,
                    existing_autoincrement: None,
                    position: None,
                    options: Vec::new(),
                })))
            }
        }
    }
}

/// Collects renames, and in words what does not come back.
fn collect(
    operations: &mut dyn Iterator<Item = &Operation>,
    renames: &mut Vec<Rename>,
    lost: &mut Vec<String>,
) {
    for operation in operations {
        match operation {
            Operation::RenameTable { table, new_name } => {
                renames.push(Rename::Table(table.clone(), new_name.clone()));
            }
            Operation::AlterColumn(alter) => {
                if let Some(new) = &alter.new_name {
                    renames.push(Rename::Column(
                        alter.table.clone(),
                        alter.column.clone(),
                        new.clone(),
                    ));
                }
                if alter.data_type.is_some() {
                    lost.push(format!(
                        "what the change of type of {}.{} cut off does not come back",
                        alter.table.name.name, alter.column.name
                    ));
                }
            }
            Operation::DropTable { table, .. } => lost.push(format!(
                "the rows of table {} do not come back",
                table.name.name
            )),
            Operation::DropColumn { table, column, .. } => lost.push(format!(
                "the values of column {}.{} do not come back",
                table.name.name, column.name
            )),
            Operation::BatchAlterTable(batch) => {
                let mut inner = batch.operations.iter().map(|located| &located.operation);
                collect(&mut inner, renames, lost);
            }
            Operation::BulkInsert { table, .. } => lost.push(format!(
                "the rows that were inserted into {} stay",
                table.name.name
            )),
            Operation::Execute { statement } => changed_rows(statement, renames, lost),
            Operation::CreateTable { .. }
            | Operation::TableComment { .. }
            | Operation::AddColumn { .. }
            | Operation::CreateIndex { .. }
            | Operation::DropIndex { .. }
            | Operation::AddConstraint { .. }
            | Operation::DropConstraint { .. }
            | Operation::CreateEnum { .. }
            | Operation::DropEnum { .. }
            | Operation::AlterEnum { .. }
            | Operation::BeginAutocommit
            | Operation::EndAutocommit => {}
        }
    }
}

fn changed_rows(statement: &Executable, renames: &mut Vec<Rename>, lost: &mut Vec<String>) {
    if let Some(text) = statement.text() {
        changed_by(text, lost);
        return;
    }
    match statement {
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Insert(_) | ExprKind::Update(_) | ExprKind::Delete(_) => {
                lost.push("rows that were changed stay as they are".into());
            }
            _ => {}
        },
        Executable::Operation(operation, _) => {
            collect(&mut std::iter::once(&**operation), renames, lost);
        }
        Executable::Manual(step) => {
            lost.push(format!("what is done by hand for {} stays", step.place));
        }
        Executable::Str(_)
        | Executable::Ddl(_)
        | Executable::Verbatim(_)
        | Executable::CreateSequence(..)
        | Executable::DropSequence(..)
        | Executable::CreateDomain(_)
        | Executable::DropDomain(_)
        | Executable::CreateSchema(..)
        | Executable::DropSchema(..)
        | Executable::Output(_) => {}
    }
}

/// Notes that rows stay as a text left them, where it is one that changes some.
fn changed_by(text: &str, lost: &mut Vec<String>) {
    let line: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
    let first = line.split(' ').next().unwrap_or_default();
    let changes = ["INSERT", "UPDATE", "DELETE", "MERGE", "WITH", "TRUNCATE"];
    if changes.iter().any(|word| first.eq_ignore_ascii_case(word)) {
        let short: String = line.chars().take(60).collect();
        lost.push(format!("rows stay as this left them: {short}"));
    }
}
