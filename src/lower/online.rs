//! `--online`: the same change in statements that let others use the table meanwhile.
//!
//! What one statement would do under one lock is done in several: a constraint is made without a
//! look at the rows and validated by a statement of its own transaction, a key is made of an index
//! that was built concurrently, NOT NULL is proved by a check. Where one statement can do it, it says
//! so at its end.

use super::{Body, Field, Lowering, Statement, constraint};
use crate::catalog::{
    Autoincrement, Catalog, Column, Constraint, ConstraintKind, ConstraintName, Index,
    IndexElement, OptionValue, ServerDefault, Table, TableName, key,
};
use crate::diagnostic::{Code, Result};
use crate::expression::Ident;
use crate::operation::{AlterColumn, Change, DropConstraintKind, Operation};

/// The check that proves NOT NULL while it lasts. A table has its names for itself, and each is gone
/// before the next is made.
const PROOF: &str = "gensql_not_null";

impl Lowering {
    /// An operation in several statements; whether it was such an operation.
    pub(super) fn in_steps(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<bool> {
        match operation {
            Operation::CreateTable { table, .. } => {
                self.made.insert(key(&table.name));
                Ok(false)
            }
            Operation::RenameTable { table, new_name } => {
                if self.made.remove(&key(table)) {
                    let renamed = TableName {
                        schema: table.schema.clone(),
                        name: new_name.clone(),
                    };
                    self.made.insert(key(&renamed));
                }
                Ok(false)
            }
            Operation::BeginAutocommit => {
                self.outside = true;
                Ok(false)
            }
            Operation::EndAutocommit => {
                self.outside = false;
                Ok(false)
            }
            Operation::AddConstraint { table, constraint } if self.is_shared(table, before) => {
                self.constraint_in_steps(table, constraint, before, out)
            }
            Operation::AddColumn {
                table,
                column,
                inline_references,
                inline_primary_key,
                if_not_exists,
                position,
            } if self.is_shared(table, before)
                && !*inline_references
                && self.is_unvalidated()
                && column.constraints.iter().any(is_scanned) =>
            {
                let mut plain = column.clone();
                let (later, kept) = plain.constraints.drain(..).partition(is_scanned);
                let later: Vec<Constraint> = later;
                plain.constraints = kept;
                let add = Operation::AddColumn {
                    table: table.clone(),
                    column: plain,
                    if_not_exists: *if_not_exists,
                    inline_references: *inline_references,
                    inline_primary_key: *inline_primary_key,
                    position: position.clone(),
                };
                self.plainly(&add, before, out)?;
                for constraint in later {
                    if !self.constraint_in_steps(table, &constraint, before, out)? {
                        self.add_constraint(table, &constraint, Some(&column.name), out)?;
                    }
                }
                Ok(true)
            }
            Operation::AlterColumn(alter) if self.is_shared(&alter.table, before) => {
                self.not_null_in_steps(alter, before, out)
            }
            _ => Ok(false),
        }
    }

    /// Says of the statements of an operation that others work on meanwhile, where they can.
    pub(super) fn let_others_work(
        &mut self,
        operation: &Operation,
        before: Option<&Catalog>,
        statements: &mut [Statement],
    ) {
        let table = match operation {
            Operation::DropIndex { .. } => None,
            other => altered(other),
        };
        if table.is_some_and(|table| !self.is_shared(table, before)) {
            return;
        }
        let concurrently = self.dialect.facts().online.concurrently;
        for statement in statements.iter_mut() {
            let is_index =
                statement.is_template("create_index") || statement.is_template("drop_index");
            if is_index && concurrently {
                set(statement, "concurrently");
                continue;
            }
            if statement.tail.is_some() {
                continue;
            }
            let tail = said_of(statement, operation)
                .and_then(|what| self.dialect.facts().online.tails.get(what))
                .filter(|tail| !tail.is_empty());
            if let Some(tail) = tail {
                statement.tail = Some(tail.as_str().into());
            }
        }
        self.admit(operation, before);
    }

    /// Warns of what has no online form.
    fn admit(&mut self, operation: &Operation, before: Option<&Catalog>) {
        let online = &self.dialect.facts().online;
        let tails = &online.tails;
        if !online.concurrently && tails.is_empty() && online.unvalidated.is_empty() {
            return;
        }
        let what = match operation {
            Operation::AlterColumn(alter) if self.changes_type(alter, before) => {
                (!tails.contains_key("alter_type")).then_some("the change of a column's type")
            }
            Operation::AddColumn { column, .. } if is_written_anew(column) => {
                Some("a new column with a value of its own in each row")
            }
            Operation::AddConstraint { constraint, .. } => match &constraint.kind {
                ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_) => {
                    (!self.is_unvalidated()).then_some("a constraint that is held against the rows")
                }
                ConstraintKind::Exclude(_) => Some("an exclusion constraint"),
                ConstraintKind::PrimaryKey { .. } => (!online.concurrently
                    && !tails.contains_key("add_primary_key"))
                .then_some("a primary key"),
                ConstraintKind::Unique { .. } => None,
            },
            _ => None,
        };
        if let Some(what) = what {
            let title = self.dialect.facts().title.clone();
            let message = format!("{title} has no online form of {what}");
            self.warn(Code::NotOnline, message);
        }
    }

    fn changes_type(&self, alter: &AlterColumn, before: Option<&Catalog>) -> bool {
        let Some(wanted) = &alter.data_type else {
            return false;
        };
        let known = before
            .and_then(|catalog| catalog.table(&alter.table))
            .and_then(|table| column_of(table, &alter.column))
            .map(|column| &column.data_type)
            .or(alter.existing_type.as_ref());
        let spelt = |data_type: &crate::datatype::DataType| {
            let data_type = data_type.for_dialect(self.dialect.name());
            self.dialect.type_sql(data_type).ok()
        };
        known.is_none_or(|known| spelt(known) != spelt(wanted))
    }

    fn is_unvalidated(&self) -> bool {
        !self.dialect.facts().online.unvalidated.is_empty()
    }

    /// Whether others may use the table: the script has not made it, and it is no partitioned one,
    /// for which nothing can be done concurrently.
    fn is_shared(&self, table: &TableName, before: Option<&Catalog>) -> bool {
        let known = before.and_then(|catalog| catalog.table(table));
        let partitioned = known.is_some_and(|table| {
            let mut options = table.options.iter();
            options.any(|(name, _)| name.ends_with("partition_by"))
        });
        !self.made.contains(&key(table)) && !partitioned
    }

    /// The statements between run outside of the transaction.
    fn aside(&self, statements: Vec<Statement>, out: &mut Vec<Statement>) {
        if self.outside {
            out.extend(statements);
            return;
        }
        out.push(Statement::body(Body::BeginAutocommit));
        out.extend(statements);
        out.push(Statement::body(Body::EndAutocommit));
    }

    /// The name that a constraint has in the end.
    fn final_name(
        &self,
        table: &TableName,
        constraint: &Constraint,
        before: Option<&Catalog>,
    ) -> Result<Option<Ident>> {
        let name = self.conventional_name(constraint, &super::Subject::of(table, constraint))?;
        if name.is_some() {
            return Ok(name);
        }
        let naming = self.dialect.facts().features.server_naming;
        let known = before.and_then(|catalog| catalog.table(table));
        Ok(known.and_then(|known| naming.name(known, constraint)))
    }

    fn constraint_in_steps(
        &mut self,
        table: &TableName,
        constraint: &Constraint,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<bool> {
        let options = &constraint.options;
        match &constraint.kind {
            ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_)
                if self.is_unvalidated()
                    && !super::options::flag(&self.dialect, options, "not_valid") =>
            {
                let Some(name) = self.final_name(table, constraint, before)? else {
                    self.nameless();
                    return Ok(false);
                };
                let mut unvalidated = constraint.clone();
                unvalidated.name = ConstraintName::Final(name.clone());
                let option = format!("{}_not_valid", self.dialect.name());
                unvalidated
                    .options
                    .push((option.into(), OptionValue::Bool(true)));
                self.add_constraint(table, &unvalidated, None, out)?;
                let validate = Statement::new("validate_constraint")
                    .table(table)
                    .ident("name", &name);
                self.aside(vec![validate], out);
                Ok(true)
            }
            ConstraintKind::Unique { columns } | ConstraintKind::PrimaryKey { columns }
                if self.dialect.facts().online.concurrently && options.is_empty() =>
            {
                let Some(name) = self.final_name(table, constraint, before)? else {
                    self.nameless();
                    return Ok(false);
                };
                let primary = matches!(constraint.kind, ConstraintKind::PrimaryKey { .. });
                if primary {
                    self.key_columns_not_null(table, columns, before, out);
                }
                let elements = columns.iter().cloned().map(IndexElement::Column);
                let index = Index {
                    name: ConstraintName::Final(name.clone()),
                    elements: elements.collect(),
                    unique: true,
                    options: Vec::new(),
                };
                self.create_index(table, &index, false, out)?;
                let kind = if primary { "PRIMARY KEY" } else { "UNIQUE" };
                out.push(
                    Statement::new("add_constraint_using_index")
                        .table(table)
                        .ident("name", &name)
                        .fragment("kind", kind)
                        .fragment("deferrable", self.deferrability(constraint)?),
                );
                Ok(true)
            }
            _ => Ok(false),
        }
    }

    /// The columns of a key are NOT NULL before the key is made, which would read all rows itself.
    fn key_columns_not_null(
        &self,
        table: &TableName,
        columns: &[Ident],
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) {
        let known = before.and_then(|catalog| catalog.table(table));
        for name in columns {
            let column = known.and_then(|table| column_of(table, name));
            if column.is_none_or(|column| !column.is_not_null()) {
                self.prove_not_null(table, name, out);
            }
        }
    }

    /// NOT NULL by a check that is validated while others work.
    fn prove_not_null(&self, table: &TableName, column: &Ident, out: &mut Vec<Statement>) {
        let proof = Ident::new(PROOF);
        let unvalidated = &self.dialect.facts().online.unvalidated;
        let check = format!(
            "CONSTRAINT {} CHECK ({} IS NOT NULL){unvalidated}",
            self.dialect.quote(&proof),
            self.dialect.quote(column)
        );
        out.push(
            Statement::new("add_constraint")
                .table(table)
                .fragment("constraint", check),
        );
        let validate = Statement::new("validate_constraint")
            .table(table)
            .ident("name", &proof);
        self.aside(vec![validate], out);
        out.push(
            Statement::new("alter_column_null")
                .table(table)
                .ident("column", column)
                .flag("nullable", false),
        );
        out.push(
            constraint::Dropping::only(false)
                .statement(table)
                .ident("name", &proof),
        );
    }

    fn not_null_in_steps(
        &mut self,
        alter: &AlterColumn,
        before: Option<&Catalog>,
        out: &mut Vec<Statement>,
    ) -> Result<bool> {
        let known = before
            .and_then(|catalog| catalog.table(&alter.table))
            .and_then(|table| column_of(table, &alter.column));
        let already = known.is_some_and(Column::is_not_null);
        if alter.nullable != Some(false)
            || already
            || !self.dialect.facts().online.not_null_by_check
        {
            return Ok(false);
        }
        self.prove_not_null(&alter.table, &alter.column, out);
        let AlterColumn {
            comment,
            default,
            new_name,
            data_type,
            autoincrement,
            ..
        } = alter;
        let more = !matches!(comment, Change::Keep)
            || !matches!(default, Change::Keep)
            || new_name.is_some()
            || data_type.is_some()
            || autoincrement.is_some();
        if more {
            let mut rest = alter.clone();
            rest.nullable = None;
            self.plainly(&Operation::AlterColumn(Box::new(rest)), before, out)?;
        }
        Ok(true)
    }

    fn nameless(&mut self) {
        let message = "a constraint without a name cannot be made in steps: it is made in one";
        self.warn(Code::NotOnline, message);
    }
}

/// Whether a constraint is held against the rows there are.
fn is_scanned(constraint: &Constraint) -> bool {
    matches!(
        constraint.kind,
        ConstraintKind::Check { .. } | ConstraintKind::ForeignKey(_)
    )
}

/// Whether a new column has a value for each row that the server has to work out.
fn is_written_anew(column: &Column) -> bool {
    match &column.default {
        Some(ServerDefault::Computed { persisted, .. }) => *persisted != Some(false),
        Some(ServerDefault::Identity(_)) => true,
        Some(ServerDefault::Str(_) | ServerDefault::Expr(_) | ServerDefault::Fetched) => false,
        None => column.autoincrement == Autoincrement::Yes || column.primary_key,
    }
}

/// What a statement does, as the facts name it.
fn said_of(statement: &Statement, operation: &Operation) -> Option<&'static str> {
    let Body::Template { name, fields } = &statement.body else {
        return None;
    };
    match *name {
        "create_index" => {
            let has_words = fields.iter().any(
                |(field, value)| matches!(value, Field::Sql(text) if *field == "words" && !text.is_empty()),
            );
            (!has_words).then_some("create_index")
        }
        "drop_index" => Some("drop_index"),
        "add_column" => match operation {
            Operation::AddColumn { column, .. }
                if !is_written_anew(column)
                    && !matches!(column.default, Some(ServerDefault::Expr(_)))
                    && column.constraints.is_empty() =>
            {
                Some("add_column")
            }
            _ => None,
        },
        "drop_column" => Some("drop_column"),
        "alter_column_whole" | "alter_column_type" => match operation {
            Operation::AlterColumn(alter) if alter.data_type.is_none() => Some("alter_column"),
            Operation::AlterColumn(_) => Some("alter_type"),
            _ => None,
        },
        "add_constraint" => match operation {
            Operation::AddConstraint { constraint, .. } => match &constraint.kind {
                ConstraintKind::Unique { .. } => Some("add_unique"),
                ConstraintKind::PrimaryKey { .. } => Some("add_primary_key"),
                _ => None,
            },
            _ => None,
        },
        "drop_constraint" => match operation {
            Operation::DropConstraint {
                kind: Some(DropConstraintKind::ForeignKey),
                ..
            } => Some("drop_foreign_key"),
            _ => None,
        },
        _ => None,
    }
}

/// Sets a choice of a statement.
fn set(statement: &mut Statement, wanted: &str) {
    if let Body::Template { fields, .. } = &mut statement.body {
        for (name, field) in fields {
            if *name == wanted {
                *field = Field::Flag(true);
            }
        }
    }
}

/// The table that an operation changes.
fn altered(operation: &Operation) -> Option<&TableName> {
    match operation {
        Operation::AddColumn { table, .. }
        | Operation::DropColumn { table, .. }
        | Operation::CreateIndex { table, .. }
        | Operation::AddConstraint { table, .. }
        | Operation::DropConstraint { table, .. } => Some(table),
        Operation::AlterColumn(alter) => Some(&alter.table),
        Operation::CreateTable { table, .. } => Some(&table.name),
        Operation::BatchAlterTable(batch) => Some(&batch.table),
        Operation::DropTable { .. }
        | Operation::RenameTable { .. }
        | Operation::TableComment { .. }
        | Operation::DropIndex { .. }
        | Operation::BulkInsert { .. }
        | Operation::Execute { .. }
        | Operation::CreateEnum { .. }
        | Operation::AlterEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => None,
    }
}

fn column_of<'a>(table: &'a Table, name: &Ident) -> Option<&'a Column> {
    let mut columns = table.columns.iter();
    columns.find(|column| column.name.name == name.name)
}
