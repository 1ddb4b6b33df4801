//! The forms of statements that databases lock and work differently for.

use serde::Deserialize;

use super::locks::LockTable;
use super::release::{Action, Change, Effect, Sql};
use super::words::{begins, contains, name_behind};
use crate::catalog::{
    Autoincrement, Column, Constraint, ConstraintKind, DialectOptions, OptionValue, ServerDefault,
    Table,
};
use crate::datatype::DataType;
use crate::dialect::Dialect;
use crate::expression::ExprKind;
use crate::operation::{Change as Changed, Operation};

/// A form of statement, by the name that it has in the lock tables.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum Form {
    CreateTable,
    /// A foreign key of a new table: what the table referred to goes through.
    ReferencedByNewTable,
    DropTable,
    RenameTable,
    AddColumn,
    /// A default that the server cannot keep beside the table.
    AddColumnVolatileDefault,
    AddColumnStoredGenerated,
    AddColumnVirtualGenerated,
    AddColumnIdentity,
    /// NOT NULL without a default.
    AddColumnRequired,
    DropColumn,
    RenameColumn,
    /// A type that the rows there are need not be written anew for.
    ChangeTypeCompatible,
    ChangeType,
    SetDefault,
    SetNotNull,
    DropNotNull,
    ColumnComment,
    TableComment,
    AddCheck,
    AddCheckNotValid,
    AddForeignKey,
    AddForeignKeyNotValid,
    /// A foreign key: what the table referred to goes through.
    Referenced,
    AddUnique,
    AddPrimaryKey,
    /// A key or unique constraint over an index that is there.
    AddUsingIndex,
    AddExclude,
    DropConstraint,
    DropPrimaryKey,
    ValidateConstraint,
    CreateIndex,
    CreateIndexConcurrently,
    DropIndex,
    DropIndexConcurrently,
    Reindex,
    ReindexConcurrently,
    AddEnumValue,
    Truncate,
    Rewrite,
    RefreshView,
    RefreshViewConcurrently,
    DetachPartition,
    DetachPartitionConcurrently,
    AttachPartition,
    Trigger,
    ChangeRows,
}

/// A form and the upper-case or plain name of the table that it is about.
pub type Formed = (Form, String);

/// The forms of an effect.
pub fn forms(
    change: &Change,
    effect: &Effect,
    dialect: &Dialect,
    table: &LockTable,
) -> Vec<Formed> {
    match &effect.action {
        Action::Operation(found) => operation(found, change, effect, dialect, table),
        Action::Sql(sql) => statement(sql),
    }
}

fn operation(
    operation: &Operation,
    change: &Change,
    effect: &Effect,
    dialect: &Dialect,
    locks: &LockTable,
) -> Vec<Formed> {
    let name = effect
        .table
        .as_ref()
        .map(|table| dialect.table_name(table))
        .unwrap_or_default();
    match operation {
        Operation::CreateTable { table, .. } => {
            let mut found = vec![(Form::CreateTable, name)];
            let inline = table.columns.iter().flat_map(|column| &column.constraints);
            for constraint in inline.chain(&table.constraints) {
                if let ConstraintKind::ForeignKey(key) = &constraint.kind {
                    found.push((
                        Form::ReferencedByNewTable,
                        dialect.table_name(&key.referent),
                    ));
                }
            }
            found
        }
        Operation::DropTable { .. } => vec![(Form::DropTable, name)],
        Operation::RenameTable { .. } => vec![(Form::RenameTable, name)],
        Operation::TableComment { .. } => vec![(Form::TableComment, name)],
        Operation::AddColumn { column, .. } => {
            let mut found = vec![(added(column, change, locks), name.clone())];
            for constraint in &column.constraints {
                found.extend(constrained(constraint, &name, dialect));
            }
            if column.unique {
                found.push((Form::AddUnique, name));
            }
            found
        }
        Operation::DropColumn { .. } => vec![(Form::DropColumn, name)],
        Operation::AlterColumn(alter) => {
            let mut found = Vec::new();
            let before = effect
                .before
                .as_deref()
                .and_then(|table| column_of(table, &alter.column.name));
            if alter
                .new_name
                .as_ref()
                .is_some_and(|new| new.name != alter.column.name)
            {
                found.push((Form::RenameColumn, name.clone()));
            }
            if let Some(wanted) = &alter.data_type {
                let existing = before
                    .map(|column| &column.data_type)
                    .or(alter.existing_type.as_ref());
                if let Some(form) = retyped(existing, wanted, dialect, locks) {
                    found.push((form, name.clone()));
                }
            }
            match alter.nullable {
                Some(false) if before.is_none_or(is_nullable) => {
                    found.push((Form::SetNotNull, name.clone()))
                }
                Some(true) => found.push((Form::DropNotNull, name.clone())),
                Some(false) | None => {}
            }
            if !matches!(alter.default, Changed::Keep) {
                found.push((Form::SetDefault, name.clone()));
            }
            if !matches!(alter.comment, Changed::Keep) {
                found.push((Form::ColumnComment, name));
            }
            found
        }
        Operation::CreateIndex { index, .. } => {
            let form =
                match is_set(&index.options, "concurrently") || is_set(&index.options, "online") {
                    true => Form::CreateIndexConcurrently,
                    false => Form::CreateIndex,
                };
            vec![(form, name)]
        }
        Operation::DropIndex { options, table, .. } => {
            let form = match is_set(options, "concurrently") || is_set(options, "online") {
                true => Form::DropIndexConcurrently,
                false => Form::DropIndex,
            };
            vec![(
                form,
                table
                    .as_ref()
                    .map(|table| dialect.quote(table))
                    .unwrap_or_default(),
            )]
        }
        Operation::AddConstraint { constraint, .. } => constrained(constraint, &name, dialect),
        Operation::DropConstraint {
            name: dropped,
            kind,
            ..
        } => {
            let primary = matches!(kind, Some(crate::operation::DropConstraintKind::Primary))
                || effect.before.as_deref().is_some_and(|table| {
                    table.constraints.iter().any(|known| {
                        known.name == *dropped
                            && matches!(known.kind, ConstraintKind::PrimaryKey { .. })
                    })
                });
            vec![(
                if primary {
                    Form::DropPrimaryKey
                } else {
                    Form::DropConstraint
                },
                name,
            )]
        }
        Operation::AlterEnum { .. } => vec![(Form::AddEnumValue, name)],
        Operation::BatchAlterTable(_)
        | Operation::BulkInsert { .. }
        | Operation::Execute { .. }
        | Operation::CreateEnum { .. }
        | Operation::DropEnum { .. }
        | Operation::BeginAutocommit
        | Operation::EndAutocommit => Vec::new(),
    }
}

/// The column of that name.
pub fn column_of<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    table
        .columns
        .iter()
        .find(|column| &*column.name.name == name)
}

/// Whether the column takes NULL.
pub fn is_nullable(column: &Column) -> bool {
    let identity = matches!(column.default, Some(ServerDefault::Identity(_)));
    column.nullable.unwrap_or(!column.primary_key && !identity)
}

/// Whether an option of any dialect with that ending is set.
pub fn is_set(options: &DialectOptions, ending: &str) -> bool {
    options.iter().any(|(name, value)| {
        name.split_once('_').is_some_and(|(_, rest)| rest == ending)
            && matches!(value, OptionValue::Bool(true))
    })
}

/// Whether a default is an empty text.
pub fn is_empty_text(default: &ServerDefault) -> bool {
    match default {
        ServerDefault::Str(text) => text.is_empty(),
        ServerDefault::Expr(expr) => match &expr.kind {
            ExprKind::Text(clause) => clause.sql.trim() == "''",
            _ => false,
        },
        _ => false,
    }
}

fn added(column: &Column, change: &Change, locks: &LockTable) -> Form {
    match &column.default {
        Some(ServerDefault::Computed { persisted, .. }) => match persisted {
            Some(false) => Form::AddColumnVirtualGenerated,
            Some(true) => Form::AddColumnStoredGenerated,
            None if locks.generated_is_stored => Form::AddColumnStoredGenerated,
            None => Form::AddColumnVirtualGenerated,
        },
        Some(ServerDefault::Identity(_)) => Form::AddColumnIdentity,
        Some(ServerDefault::Expr(_)) if locks.is_volatile(&change.statements) => {
            Form::AddColumnVolatileDefault
        }
        Some(_) => Form::AddColumn,
        None if column.autoincrement == Autoincrement::Yes
            || (column.primary_key && column.data_type.spec.visit.contains("INT")) =>
        {
            Form::AddColumnIdentity
        }
        None if is_nullable(column) => Form::AddColumn,
        None => Form::AddColumnRequired,
    }
}

fn constrained(constraint: &Constraint, name: &str, dialect: &Dialect) -> Vec<Formed> {
    let not_valid = is_set(&constraint.options, "not_valid");
    let form = match &constraint.kind {
        ConstraintKind::PrimaryKey { .. } => Form::AddPrimaryKey,
        ConstraintKind::Unique { .. } => Form::AddUnique,
        ConstraintKind::Check { .. } if not_valid => Form::AddCheckNotValid,
        ConstraintKind::Check { .. } => Form::AddCheck,
        ConstraintKind::ForeignKey(key) => {
            let form = if not_valid {
                Form::AddForeignKeyNotValid
            } else {
                Form::AddForeignKey
            };
            return vec![
                (form, name.to_owned()),
                (Form::Referenced, dialect.table_name(&key.referent)),
            ];
        }
        ConstraintKind::Exclude(_) => Form::AddExclude,
    };
    vec![(form, name.to_owned())]
}

/// What a change of the type takes; `None` where nothing changes.
fn retyped(
    existing: Option<&DataType>,
    wanted: &DataType,
    dialect: &Dialect,
    locks: &LockTable,
) -> Option<Form> {
    let spelt = |data_type: &DataType| dialect.type_sql(data_type.for_dialect(dialect.name())).ok();
    let (Some(from), Some(to)) = (existing.and_then(spelt), spelt(wanted)) else {
        return Some(Form::ChangeType);
    };
    if from == to {
        return None;
    }
    Some(if locks.is_compatible(&from, &to) {
        Form::ChangeTypeCompatible
    } else {
        Form::ChangeType
    })
}

/// The shapes of statements that no operation says. A shape's name stands behind its first words.
const SHAPES: &[(&str, &str, Form)] = &[
    ("VACUUM FULL", "", Form::Rewrite),
    ("CLUSTER", "", Form::Rewrite),
    ("OPTIMIZE TABLE", "", Form::Rewrite),
    ("REINDEX", "CONCURRENTLY", Form::ReindexConcurrently),
    ("REINDEX", "", Form::Reindex),
    ("ALTER INDEX", "ONLINE = ON", Form::ReindexConcurrently),
    ("ALTER INDEX", "REBUILD ONLINE", Form::ReindexConcurrently),
    ("ALTER INDEX", "REBUILD", Form::Reindex),
    ("ALTER TABLE", "PARTITION BY", Form::Rewrite),
    ("ALTER TABLE", "REMOVE PARTITIONING", Form::Rewrite),
    ("TRUNCATE TABLE", "", Form::Truncate),
    ("TRUNCATE", "", Form::Truncate),
    (
        "REFRESH MATERIALIZED VIEW CONCURRENTLY",
        "",
        Form::RefreshViewConcurrently,
    ),
    ("REFRESH MATERIALIZED VIEW", "", Form::RefreshView),
    ("ALTER TABLE", "DETACH PARTITION", Form::DetachPartition),
    ("ALTER TABLE", "ATTACH PARTITION", Form::AttachPartition),
    (
        "ALTER TABLE",
        "VALIDATE CONSTRAINT",
        Form::ValidateConstraint,
    ),
    (
        "ALTER TABLE",
        "WITH CHECK CHECK CONSTRAINT",
        Form::ValidateConstraint,
    ),
    ("ALTER TABLE", "DROP PRIMARY KEY", Form::DropPrimaryKey),
    ("ALTER TABLE", "USING INDEX", Form::AddUsingIndex),
    ("ALTER TABLE", "SET LOGGED", Form::Rewrite),
    ("ALTER TABLE", "SET UNLOGGED", Form::Rewrite),
    ("ALTER TABLE", "SET TABLESPACE", Form::Rewrite),
    ("ALTER TABLE", "ENGINE =", Form::Rewrite),
    ("ALTER TABLE", "CONVERT TO CHARACTER SET", Form::Rewrite),
    ("ALTER TABLE", "ENABLE TRIGGER", Form::Trigger),
    ("ALTER TABLE", "DISABLE TRIGGER", Form::Trigger),
    ("ALTER TABLE", "NOT VALID", Form::AddCheckNotValid),
    ("ALTER TABLE", "ADD EXCLUDE", Form::AddExclude),
    ("ALTER TYPE", "ADD VALUE", Form::AddEnumValue),
    ("CREATE TRIGGER", "", Form::Trigger),
    ("UPDATE", "", Form::ChangeRows),
    ("DELETE FROM", "", Form::ChangeRows),
    ("INSERT INTO", "", Form::ChangeRows),
];

fn statement(sql: &Sql) -> Vec<Formed> {
    for (first, inside, form) in SHAPES {
        if begins(&sql.words, first) && (inside.is_empty() || contains(&sql.words, inside)) {
            let concurrently = contains(&sql.words, "CONCURRENTLY");
            let form = match form {
                Form::DetachPartition if concurrently => &Form::DetachPartitionConcurrently,
                form => form,
            };
            let optional = ["IF EXISTS", "ONLY"].iter().find_map(|words| {
                let shape = format!("{first} {words}");
                begins(&sql.words, &shape).then(|| name_behind(&sql.words, &shape))?
            });
            let name = optional
                .or_else(|| name_behind(&sql.words, first))
                .unwrap_or_default();
            return vec![(*form, name.to_lowercase())];
        }
    }
    if begins(&sql.words, "ALTER TABLE") && retypes(&sql.words) {
        let name = name_behind(&sql.words, "ALTER TABLE").unwrap_or_default();
        return vec![(Form::ChangeType, name.to_lowercase())];
    }
    Vec::new()
}

/// Whether the words have `ALTER [COLUMN] name [SET DATA] TYPE`.
fn retypes(words: &[String]) -> bool {
    words.windows(3).any(|three| match three {
        [alter, name, word] => {
            alter == "COLUMN"
                && name != "TYPE"
                && (word == "TYPE" || word == "SET")
                && contains(words, "TYPE")
                || alter == "ALTER" && name != "COLUMN" && name != "TABLE" && word == "TYPE"
        }
        _ => false,
    })
}
