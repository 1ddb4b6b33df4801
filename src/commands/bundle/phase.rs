//! What kind of work a step is: definitions or rows, before or after the application's new code.

use crate::dialect::Dialect;
use crate::lint::{Action, Blocks, Effect, LockTable, Sql, Step, Work, locked};
use crate::operation::{Change, Operation};

/// What a step does, as a plan of the release tells it.
#[derive(Clone, Debug, Default)]
pub(super) struct Kind {
    /// It defines, changes or drops objects.
    pub(super) ddl: bool,
    /// It changes rows.
    pub(super) data: bool,
    /// Code that runs while the step is applied goes on working.
    pub(super) expand: bool,
    /// Code that was written for the schema before may fail after it.
    pub(super) contract: bool,
    /// What is locked that others have to wait for.
    pub(super) locks: Vec<String>,
}

impl Kind {
    /// `DDL`, `data`, or both.
    pub(super) fn work(&self) -> &'static str {
        match (self.ddl, self.data) {
            (true, true) => "DDL and data",
            (true, false) => "DDL",
            (false, true) => "data",
            (false, false) => "nothing",
        }
    }

    /// The phase of the release.
    pub(super) fn phase(&self) -> &'static str {
        match (self.expand, self.contract) {
            (true, true) => "expand and contract",
            (false, true) => "contract",
            (_, false) => "expand",
        }
    }
}

/// The kinds of the steps of a release. What is done to tables that it makes itself disturbs nobody.
pub(super) fn kinds(steps: &[Step], dialect: &Dialect) -> Vec<Kind> {
    let table = LockTable::of(dialect);
    let mut made = std::collections::BTreeSet::new();
    steps
        .iter()
        .map(|step| {
            let mut kind = Kind::default();
            for change in &step.changes {
                for effect in &change.effects {
                    let name = effect.table.as_ref().map(|table| dialect.table_name(table));
                    if let Action::Operation(Operation::CreateTable { .. }) = &effect.action {
                        made.extend(name.clone());
                    }
                    let new = name.is_some_and(|name| made.contains(&name));
                    kind.take_in(effect, new);
                    for used in locked(change, effect, dialect, table) {
                        let waits = match used.row.blocks {
                            Blocks::Nothing | Blocks::Schema => continue,
                            Blocks::Writes => "writers wait",
                            Blocks::Reads => "readers and writers wait",
                        };
                        if made.contains(&used.table) {
                            continue;
                        }
                        let work = match used.row.work {
                            Work::Nothing => "",
                            Work::Scan => ", reads all rows",
                            Work::Build => ", builds an index over all rows",
                            Work::Rewrite => ", writes all rows anew",
                        };
                        let text = format!("{} on {}: {waits}{work}", used.row.lock, used.table);
                        if !kind.locks.contains(&text) {
                            kind.locks.push(text);
                        }
                    }
                }
            }
            kind
        })
        .collect()
}

impl Kind {
    fn take_in(&mut self, effect: &Effect, new: bool) {
        let contracts = match &effect.action {
            Action::Operation(operation) => {
                self.ddl = true;
                restricts(operation)
            }
            Action::Sql(sql) if changes_rows(sql) => {
                self.data = true;
                return;
            }
            Action::Sql(sql) => {
                self.ddl = true;
                first(sql) == "DROP" || first(sql) == "TRUNCATE"
            }
        };
        match contracts && !new {
            true => self.contract = true,
            false => self.expand = true,
        }
    }
}

fn first(sql: &Sql) -> &str {
    sql.words.first().map_or("", String::as_str)
}

fn changes_rows(sql: &Sql) -> bool {
    [
        "INSERT", "UPDATE", "DELETE", "MERGE", "REPLACE", "WITH", "COPY", "SELECT",
    ]
    .contains(&first(sql))
}

/// Whether code that was written for the schema before may fail.
fn restricts(operation: &Operation) -> bool {
    match operation {
        Operation::DropTable { .. }
        | Operation::RenameTable { .. }
        | Operation::DropColumn { .. }
        | Operation::DropEnum { .. }
        | Operation::AddConstraint { .. } => true,
        Operation::AlterColumn(alter) => {
            let renamed = alter
                .new_name
                .as_ref()
                .is_some_and(|new| new.name != alter.column.name);
            renamed
                || alter.nullable == Some(false)
                || alter.data_type.is_some()
                || matches!(alter.default, Change::Drop)
        }
        Operation::AddColumn { column, .. } => column.is_not_null() && column.default.is_none(),
        Operation::CreateIndex { index, .. } => index.unique,
        Operation::CreateTable { .. }
        | Operation::TableComment { .. }
        | Operation::DropIndex { .. }
        | Operation::DropConstraint { .. }
        | Operation::CreateEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::BatchAlterTable(_)
        | Operation::BulkInsert { .. }
        | Operation::Execute { .. }
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => false,
    }
}
