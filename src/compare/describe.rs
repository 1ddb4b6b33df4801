//! Operations in a few words, for people.

use crate::catalog::{Constraint, ConstraintKind, ConstraintName, Index, IndexElement, TableName};
use crate::expression::{ExprKind, Ident};
use crate::operation::{AlterColumn, Change, Executable, Operation};

/// What an operation does, in a few words.
pub fn describe(operation: &Operation) -> String {
    match operation {
        Operation::CreateTable {
            table,
            if_not_exists: _,
            along: _,
            convention: _,
        } => format!("create table {}", table_name(&table.name)),
        Operation::DropTable {
            table,
            if_exists: _,
            options: _,
        } => format!("drop table {}", table_name(table)),
        Operation::RenameTable { table, new_name } => {
            format!("rename table {} to {}", table_name(table), new_name.name)
        }
        Operation::TableComment {
            table,
            comment,
            existing: _,
        } => match comment {
            Some(_) => format!("change the comment of table {}", table_name(table)),
            None => format!("drop the comment of table {}", table_name(table)),
        },
        Operation::AddColumn {
            table,
            column,
            if_not_exists: _,
            inline_references: _,
            inline_primary_key: _,
            position: _,
        } => format!("add column {}", column_name(table, &column.name)),
        Operation::DropColumn {
            table,
            column,
            if_exists: _,
            options: _,
        } => format!("drop column {}", column_name(table, column)),
        Operation::AlterColumn(alter) => altered(alter),
        Operation::CreateIndex {
            table,
            index,
            if_not_exists: _,
        } => format!("create {} on {}", self::index(index), table_name(table)),
        Operation::DropIndex {
            name,
            schema: _,
            table,
            if_exists: _,
            options: _,
        } => match table {
            Some(table) => format!("drop index {} of {}", named(name), table.name),
            None => format!("drop index {}", named(name)),
        },
        Operation::AddConstraint { table, constraint } => {
            format!(
                "add {} to {}",
                self::constraint(constraint),
                table_name(table)
            )
        }
        Operation::DropConstraint {
            table,
            name,
            kind,
            if_exists: _,
        } => {
            use crate::operation::DropConstraintKind as Kind;
            let kind = match kind {
                Some(Kind::ForeignKey) => "foreign key",
                Some(Kind::Primary) => "primary key",
                Some(Kind::Unique) => "unique constraint",
                Some(Kind::Check) => "check constraint",
                None => "constraint",
            };
            format!("drop {kind} {} of {}", named(name), table_name(table))
        }
        Operation::BulkInsert {
            table,
            defaulted: _,
            rows,
            multiinsert: _,
        } => format!("insert {} rows into {}", rows.len(), table.name.name),
        Operation::Execute { statement } => executed(statement),
        Operation::CreateEnum {
            enumeration,
            checkfirst: _,
        } => format!("create type {}", type_name(enumeration.name.as_deref())),
        Operation::DropEnum {
            enumeration,
            checkfirst: _,
        } => format!("drop type {}", type_name(enumeration.name.as_deref())),
        Operation::AlterEnum { before, after } => {
            let gone = before.labels.iter().filter(|l| !after.labels.contains(l));
            let come = after.labels.iter().filter(|l| !before.labels.contains(l));
            let changes: Vec<String> = come
                .map(|label| format!("add {label:?}"))
                .chain(gone.map(|label| format!("remove {label:?}")))
                .collect();
            let name = type_name(after.name.as_deref());
            if changes.is_empty() {
                format!("change the order of the labels of type {name}")
            } else {
                format!("change type {name}: {}", changes.join(", "))
            }
        }
        Operation::BatchAlterTable(batch) => {
            let mut parts: Vec<String> = batch
                .operations
                .iter()
                .map(|located| describe(&located.operation))
                .collect();
            if batch.copy_from.is_some() {
                parts.insert(0, "drop constraints without a name".into());
            }
            format!(
                "alter table {}: {}",
                table_name(&batch.table),
                parts.join("; ")
            )
        }
        Operation::BeginAutocommit => "end the transaction".into(),
        Operation::EndAutocommit => "begin a transaction".into(),
    }
}

fn executed(statement: &Executable) -> String {
    let first = |text: &str| {
        let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
        let mut short: String = line.chars().take(60).collect();
        if short.len() < line.len() {
            short.push('…');
        }
        short
    };
    match statement {
        Executable::Str(text)
        | Executable::Ddl(text)
        | Executable::Verbatim(text)
        | Executable::Output(text) => format!("execute {}", first(text)),
        Executable::Manual(step) => format!("a step by hand, for {}", step.place),
        Executable::Expr(expr) => match &expr.kind {
            ExprKind::Text(text) => format!("execute {}", first(&text.sql)),
            _ => "execute a statement".into(),
        },
        Executable::CreateSequence(sequence, _) => {
            format!("create sequence {}", sequence.name.name)
        }
        Executable::DropSequence(sequence, _) => format!("drop sequence {}", sequence.name.name),
        Executable::CreateDomain(domain) => {
            format!("create domain {}", domain.text("name").unwrap_or_default())
        }
        Executable::DropDomain(domain) => {
            format!("drop domain {}", domain.text("name").unwrap_or_default())
        }
        Executable::CreateSchema(name, _) => format!("create schema {}", name.name),
        Executable::DropSchema(name, _, _) => format!("drop schema {}", name.name),
        Executable::Operation(operation, _) => describe(operation),
    }
}

fn altered(alter: &AlterColumn) -> String {
    let mut changes = Vec::new();
    if alter.data_type.is_some() {
        changes.push("type");
    }
    match alter.nullable {
        Some(true) => changes.push("allow NULL"),
        Some(false) => changes.push("refuse NULL"),
        None => {}
    }
    match alter.default {
        Change::Keep => {}
        Change::Drop => changes.push("drop the default"),
        Change::Set(_) => changes.push("default"),
    }
    if !matches!(alter.comment, Change::Keep) {
        changes.push("comment");
    }
    if alter.new_name.is_some() {
        changes.push("name");
    }
    let name = column_name(&alter.table, &alter.column);
    format!("alter column {name}: {}", changes.join(", "))
}

fn index(index: &Index) -> String {
    let elements: Vec<&str> = index
        .elements
        .iter()
        .map(|element| match element {
            IndexElement::Column(name) => &*name.name,
            IndexElement::Expr(_) => "an expression",
        })
        .collect();
    let unique = if index.unique { "unique " } else { "" };
    format!(
        "{unique}index {} ({})",
        named(&index.name),
        elements.join(", ")
    )
}

fn constraint(constraint: &Constraint) -> String {
    let columns = |columns: &[Ident]| {
        let names: Vec<&str> = columns.iter().map(|c| &*c.name).collect();
        names.join(", ")
    };
    let (kind, about) = match &constraint.kind {
        ConstraintKind::PrimaryKey { columns: key } => ("primary key", columns(key)),
        ConstraintKind::Unique { columns: key } => ("unique constraint", columns(key)),
        ConstraintKind::Check { .. } => ("check constraint", String::new()),
        ConstraintKind::ForeignKey(key) => ("foreign key", {
            let mut about = format!("{} to {}", columns(&key.columns), table_name(&key.referent));
            for (event, action) in [("delete", &key.ondelete), ("update", &key.onupdate)] {
                if let Some(action) = action {
                    about.push_str(&format!(" on {event} {}", action.to_lowercase()));
                }
            }
            about
        }),
        ConstraintKind::Exclude(_) => ("exclusion constraint", String::new()),
    };
    let name = match constraint.name.ident() {
        Some(name) => format!(" {}", name.name),
        None => String::new(),
    };
    if about.is_empty() {
        format!("{kind}{name}")
    } else {
        format!("{kind}{name} ({about})")
    }
}

fn named(name: &ConstraintName) -> &str {
    name.ident().map_or("without a name", |name| &name.name)
}

fn type_name(name: Option<&str>) -> &str {
    name.unwrap_or("without a name")
}

fn table_name(table: &TableName) -> String {
    match &table.schema {
        Some(schema) => format!("{}.{}", schema.name, table.name.name),
        None => table.name.name.to_string(),
    }
}

fn column_name(table: &TableName, column: &Ident) -> String {
    format!("{}.{}", table_name(table), column.name)
}
