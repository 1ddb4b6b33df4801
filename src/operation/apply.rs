//! What each operation does to the catalog.

use std::sync::Arc;

use super::{
    Along, AlterColumn, Change, DropConstraintKind, Executable, Located, Operation, Position,
    unnamed,
};
use crate::catalog::{
    AttachedKind, Catalog, ConstraintKind, ConstraintName, Identity, ServerDefault, Table,
    TableName,
};
use crate::datatype::{DataType, EnumType, Family, TypeArg, spec};
use crate::expression::{ExprKind, Ident};

/// Applies an operation. Operations on tables that no revision created change nothing: what is
/// not known stays unknown.
///
/// Names are taken as they stand: naming conventions have been applied before.
pub fn apply(operation: &Operation, catalog: &mut Catalog) {
    match operation {
        Operation::CreateTable {
            table,
            if_not_exists,
            along,
            convention: _,
        } => {
            if *if_not_exists && catalog.table(&table.name).is_some() {
                return;
            }
            if *along == Along::Everything {
                for column in &table.columns {
                    note_enum(&column.data_type, catalog);
                }
            }
            match with_named_types(table, catalog) {
                Some(table) => catalog.create_table(&table),
                None => catalog.create_table(table),
            }
        }
        Operation::DropTable {
            table,
            if_exists: _,
            options: _,
        } => catalog.drop_table(table),
        Operation::RenameTable { table, new_name } => catalog.rename_table(table, new_name),
        Operation::TableComment {
            table,
            comment,
            existing: _,
        } => {
            if let Some(mut table) = catalog.table_mut(table) {
                table.comment.clone_from(comment);
            }
        }
        Operation::AddColumn {
            table,
            column,
            if_not_exists,
            inline_references: _,
            inline_primary_key: _,
            position,
        } => {
            let existing = catalog.table(table);
            if *if_not_exists
                && existing.is_some_and(|table| column_index(table, &column.name).is_some())
            {
                return;
            }
            let at = match position {
                None => None,
                Some(Position::Before(other)) => existing.and_then(|t| column_index(t, other)),
                Some(Position::After(other)) => {
                    existing.and_then(|t| column_index(t, other)).map(|n| n + 1)
                }
            };
            // The type is there also where the table is not known.
            note_enum(&column.data_type, catalog);
            let mut column = column.clone();
            if let Some(named) = named_type(&column.data_type, catalog) {
                column.data_type = named;
            }
            catalog.add_column(table, column, at);
        }
        Operation::DropColumn {
            table,
            column,
            if_exists: _,
            options: _,
        } => {
            catalog.drop_column(table, column);
        }
        Operation::AlterColumn(alter) => alter_column(alter, catalog),
        Operation::CreateIndex {
            table,
            index,
            if_not_exists,
        } => {
            if let Some(mut table) = catalog.table_mut(table) {
                let known = table.indexes.iter().any(|other| {
                    index.name.ident().is_some() && other.name.ident() == index.name.ident()
                });
                if !(known && *if_not_exists) {
                    table.indexes.push(index.clone());
                }
            }
        }
        Operation::DropIndex {
            name,
            schema,
            table,
            if_exists: _,
            options: _,
        } => {
            drop_index(name, schema.as_ref(), table.as_ref(), catalog);
        }
        Operation::AddConstraint { table, constraint } => {
            catalog.add_constraint(table, constraint);
        }
        Operation::DropConstraint {
            table,
            name,
            kind,
            if_exists: _,
        } => {
            drop_constraint(table, name, *kind, catalog);
        }
        Operation::BulkInsert {
            table: _,
            defaulted: _,
            rows: _,
            multiinsert: _,
        } => {}
        Operation::Execute { statement } => execute(statement, catalog),
        Operation::CreateEnum {
            enumeration,
            checkfirst: _,
        } => catalog.create_enum(enumeration),
        Operation::DropEnum {
            enumeration,
            checkfirst: _,
        } => {
            if let Some(name) = &enumeration.name {
                catalog.drop_enum(enumeration.schema.as_ref(), name);
            }
        }
        Operation::AlterEnum { before: _, after } => catalog.create_enum(after),
        Operation::BatchAlterTable(batch) => {
            for Located {
                operation,
                location: _,
                stack: _,
                spelled: _,
            } in &batch.operations
            {
                apply(operation, catalog);
            }
        }
        Operation::BeginAutocommit | Operation::EndAutocommit => {}
    }
}

fn column_index(table: &Table, name: &Ident) -> Option<usize> {
    table
        .columns
        .iter()
        .position(|column| column.name.name == name.name)
}

fn note_enum(data_type: &DataType, catalog: &mut Catalog) {
    if let Some(enumeration) = &data_type.enumeration
        && enumeration.native
        && let Some(name) = &enumeration.name
        && catalog
            .enumeration(enumeration.schema.as_ref(), name)
            .is_none()
    {
        catalog.create_enum(&Arc::clone(enumeration));
    }
}

/// The table with its named types, where some of its columns only have their names.
fn with_named_types(table: &Table, catalog: &Catalog) -> Option<Table> {
    let mut changed: Option<Table> = None;
    for (at, column) in table.columns.iter().enumerate() {
        if let Some(named) = named_type(&column.data_type, catalog) {
            let changed = changed.get_or_insert_with(|| table.clone());
            changed.columns[at].data_type = named;
        }
    }
    changed
}

/// The enum type that a type is which was given as SQL, also as the items of an array.
fn named_type(data_type: &DataType, catalog: &Catalog) -> Option<DataType> {
    if let Some(TypeArg::Type(item)) = data_type.arg("item_type") {
        let item = named_type(item, catalog)?;
        let mut found = data_type.clone();
        for (name, value) in &mut found.args {
            if *name == "item_type" {
                *value = TypeArg::Type(Box::new(item.clone()));
            }
        }
        return Some(found);
    }
    if data_type.spec.family != Family::UserDefined {
        return None;
    }
    let (schema, name) = stored_name(data_type.text("spec")?);
    let known = catalog.enumeration(schema.as_ref(), &name)?;
    let mut found = DataType::new(spec("Enum")?);
    found.enumeration = Some(Arc::clone(known));
    Some(found)
}

fn alter_column(alter: &AlterColumn, catalog: &mut Catalog) {
    let AlterColumn {
        table: name,
        column,
        nullable,
        comment,
        default,
        new_name,
        data_type,
        existing_type,
        type_is_class: _,
        existing_default: _,
        existing_nullable: _,
        existing_comment: _,
        autoincrement,
        existing_autoincrement: _,
        position,
        options: _,
    } = alter;
    let named = data_type.as_ref().map(|data_type| {
        note_enum(data_type, catalog);
        named_type(data_type, catalog)
    });
    let checks_stay = catalog.naming().keeps_checks_of_types();
    let Some(mut changed) = catalog.table_mut(name) else {
        return;
    };
    let table = &mut *changed;
    if let (Some(_), Some(old)) = (data_type, existing_type)
        && !checks_stay
        && let Some(check) = check_of(old)
    {
        // The CHECK that came with the old type goes with it.
        table.constraints.retain(|constraint| {
            !(matches!(constraint.kind, ConstraintKind::Check { .. })
                && constraint
                    .name
                    .ident()
                    .is_some_and(|name| name.name == check))
        });
    }
    let Some(index) = column_index(table, column) else {
        return;
    };
    let target = &mut table.columns[index];
    if let Some(nullable) = nullable {
        target.nullable = Some(*nullable);
    }
    match comment {
        Change::Keep => {}
        Change::Drop => target.comment = None,
        Change::Set(text) => target.comment = Some(text.clone()),
    }
    match default {
        Change::Keep => {}
        Change::Drop => target.default = None,
        Change::Set(value) => set_default(&mut target.default, value),
    }
    if let Some(data_type) = data_type {
        target.data_type = named.flatten().unwrap_or_else(|| data_type.clone());
    }
    if let Some(autoincrement) = autoincrement {
        target.autoincrement = if *autoincrement {
            crate::catalog::Autoincrement::Yes
        } else {
            crate::catalog::Autoincrement::No
        };
    }
    if let Some(position) = position {
        let moved = table.columns.remove(index);
        let at = match position {
            Position::Before(other) => column_index(table, other),
            Position::After(other) => column_index(table, other).map(|n| n + 1),
        };
        table
            .columns
            .insert(at.unwrap_or(index).min(table.columns.len()), moved);
    }
    drop(changed);
    if let Some(new_name) = new_name {
        catalog.rename_column(name, column, new_name);
    }
}

/// The name of the CHECK constraint that a type brings along.
fn check_of(data_type: &DataType) -> Option<Arc<str>> {
    match (&data_type.enumeration, &data_type.constraint_name) {
        (Some(enumeration), _) if enumeration.create_constraint => enumeration.name.clone(),
        (None, Some(name)) => Some(name.name.clone()),
        (Some(_) | None, _) => None,
    }
}

fn set_default(target: &mut Option<ServerDefault>, value: &ServerDefault) {
    match value {
        ServerDefault::Identity(Identity {
            always,
            on_null,
            sequence,
        }) => {
            *target = Some(ServerDefault::Identity(Identity {
                always: *always,
                on_null: *on_null,
                sequence: sequence.clone(),
            }));
        }
        ServerDefault::Str(_)
        | ServerDefault::Expr(_)
        | ServerDefault::Fetched
        | ServerDefault::Computed { .. } => *target = Some(value.clone()),
    }
}

fn drop_index(
    name: &ConstraintName,
    schema: Option<&Ident>,
    table: Option<&Ident>,
    catalog: &mut Catalog,
) {
    let Some(name) = name.ident() else { return };
    if catalog.detach(AttachedKind::Index, &name.name) {
        return;
    }
    let owner = catalog
        .tables_having(&name.name)
        .filter(|((owner_schema, owner_name), _)| {
            owner_schema.as_deref() == schema.map(|s| &*s.name)
                && table.is_none_or(|t| t.name == *owner_name)
        })
        .find(|(_, t)| {
            t.indexes
                .iter()
                .any(|i| i.name.ident().is_some_and(|n| n.name == name.name))
        })
        .map(|(_, t)| t.name.clone());
    if let Some(mut table) = owner.and_then(|owner| catalog.table_mut(&owner)) {
        table
            .indexes
            .retain(|i| i.name.ident().is_none_or(|n| n.name != name.name));
    }
}

fn drop_constraint(
    table: &TableName,
    name: &ConstraintName,
    kind: Option<DropConstraintKind>,
    catalog: &mut Catalog,
) {
    let naming = catalog.naming();
    let Some(mut table) = catalog.table_mut(table) else {
        return;
    };
    if let ConstraintName::Invented(which) = name {
        if let Some(place) = which.place(&table) {
            let key = table.constraints.remove(place);
            if matches!(key.kind, ConstraintKind::PrimaryKey { .. }) {
                for column in &mut table.columns {
                    column.primary_key = false;
                }
            }
        }
        return;
    }
    if let (ConstraintName::None, Some(kind)) = (name, kind)
        && kind != DropConstraintKind::Primary
    {
        // Of several, none is said to be meant: that is refused where the statement is written.
        if let [only] = *unnamed(&table, kind, naming) {
            table.constraints.remove(only);
        }
        return;
    }
    let primary = |c: &ConstraintKind| matches!(c, ConstraintKind::PrimaryKey { .. });
    let named = |c: &crate::catalog::Constraint| match (c.name.ident(), name.ident()) {
        (Some(a), Some(b)) => a.name == b.name,
        _ => false,
    };
    let mut dropped_key = false;
    table.constraints.retain(|c| {
        let drop = named(c) || (kind == Some(DropConstraintKind::Primary) && primary(&c.kind));
        dropped_key |= drop && primary(&c.kind);
        !drop
    });
    if dropped_key {
        for column in &mut table.columns {
            column.primary_key = false;
        }
    }
}

fn execute(statement: &Executable, catalog: &mut Catalog) {
    match statement {
        Executable::CreateSequence(sequence, _) => catalog.create_sequence(sequence),
        Executable::DropSequence(sequence, _) => catalog.drop_sequence(sequence),
        Executable::CreateSchema(name, _) => catalog.create_schema(name),
        Executable::DropSchema(name, _, _) => catalog.drop_schema(name),
        Executable::Operation(operation, _) => apply(operation, catalog),
        Executable::Output(_)
        | Executable::Manual(_)
        | Executable::CreateDomain(_)
        | Executable::DropDomain(_) => {}
        Executable::Str(text) | Executable::Ddl(text) | Executable::Verbatim(text) => {
            note_written_types(text, catalog);
        }
        Executable::Expr(expr) => {
            if let ExprKind::Text(text) = &expr.kind {
                note_written_types(&text.sql, catalog);
            }
        }
    }
}

/// Notes the enum types that SQL text creates, so that they are not created again. Their labels
/// are not read.
fn note_written_types(sql: &str, catalog: &mut Catalog) {
    let mut words = sql
        .split(|c: char| c.is_whitespace() || c == '(' || c == ';')
        .filter(|word| !word.is_empty())
        .peekable();
    while let Some(word) = words.next() {
        let changes = ["drop", "alter"];
        if changes.iter().any(|verb| word.eq_ignore_ascii_case(verb)) {
            let drops = word.eq_ignore_ascii_case("drop");
            if words
                .next_if(|word| word.eq_ignore_ascii_case("type"))
                .is_none()
            {
                continue;
            }
            while words
                .next_if(|word| {
                    ["if", "exists"]
                        .iter()
                        .any(|w| word.eq_ignore_ascii_case(w))
                })
                .is_some()
            {}
            let Some(written) = words.next() else { return };
            let (schema, name) = stored_name(written.trim_end_matches(','));
            let renamed = (!drops)
                .then(|| words.next_if(|word| word.eq_ignore_ascii_case("rename")))
                .flatten()
                .and_then(|_| words.next_if(|word| word.eq_ignore_ascii_case("to")))
                .and_then(|_| words.next());
            if let Some(new) = renamed {
                if let Some(known) = catalog.enumeration(schema.as_ref(), &name).cloned() {
                    let mut known = (*known).clone();
                    known.name = Some(as_stored(new));
                    catalog.drop_enum(schema.as_ref(), &name);
                    catalog.create_enum(&Arc::new(known));
                }
            } else if drops {
                catalog.drop_enum(schema.as_ref(), &name);
            }
            continue;
        }
        if !word.eq_ignore_ascii_case("create") {
            continue;
        }
        if words
            .next_if(|word| word.eq_ignore_ascii_case("type"))
            .is_none()
        {
            continue;
        }
        let Some(written) = words.next() else { return };
        let is_enum = words
            .next_if(|word| word.eq_ignore_ascii_case("as"))
            .and_then(|_| words.next_if(|word| word.eq_ignore_ascii_case("enum")))
            .is_some();
        if !is_enum {
            continue;
        }
        let (schema, name) = stored_name(written);
        catalog.create_enum(&Arc::new(EnumType {
            name: Some(name),
            schema,
            labels: Vec::new(),
            unwritable: None,
            native: true,
            create_constraint: false,
            create_type: true,
            length: None,
            inherit_schema: false,
        }));
    }
}

/// The schema and the name of a type as it is written.
fn stored_name(written: &str) -> (Option<Arc<str>>, Arc<str>) {
    match written.rsplit_once('.') {
        Some((schema, name)) => (Some(as_stored(schema)), as_stored(name)),
        None => (None, as_stored(written)),
    }
}

/// A name as servers keep it: in lower case unless it is in quotes.
fn as_stored(word: &str) -> Arc<str> {
    match word.strip_prefix('"').and_then(|w| w.strip_suffix('"')) {
        Some(inner) => Arc::from(inner),
        None => Arc::from(word.to_lowercase()),
    }
}
