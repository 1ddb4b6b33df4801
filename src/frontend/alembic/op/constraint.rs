//! `create_*_constraint`, `create_primary_key`, `create_foreign_key`, `drop_constraint`.

use super::{Batch, emit, finish, subject};
use crate::catalog::{Constraint, ConstraintKind, ConstraintName, ForeignKey, TableName};
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::schema::{Item, ItemKind, check_condition, exclude};
use crate::frontend::alembic::{convert, name, raise};
use crate::operation::{DropConstraintKind, Operation};
use crate::python::{Args, PyResult, Raise, Value, Vm};

fn constraint_name(vm: &mut Vm, args: &mut Args, function: &str) -> PyResult<ConstraintName> {
    let given = args.require(function, "constraint_name")?;
    name::constraint_name(vm, &given, "the name of the constraint")
}

/// Adds the constraint with what its keywords say.
fn add(
    vm: &mut Vm,
    mut args: Args,
    batch: Batch<'_>,
    table: TableName,
    name: ConstraintName,
    kind: ConstraintKind,
) -> PyResult {
    if !args.pos.is_empty() {
        return Err(raise::type_error(
            "too many positional arguments for a constraint",
        ));
    }
    let deferrable = args.keyword("deferrable");
    let initially = args.keyword("initially");
    let comment = args.keyword("comment");
    args.keyword("info");
    let class = kind.class();
    let constraint = Constraint {
        name,
        kind,
        deferrable: convert::optional_truth(vm, deferrable.as_ref(), "deferrable")?,
        initially: convert::optional_text(vm, initially.as_ref(), "initially")?,
        comment: convert::optional_text(vm, comment.as_ref(), "the comment")?,
        options: convert::dialect_options(vm, args, class)?,
    };
    refuse_as_alembic(vm, batch.is_some(), true)?;
    emit(vm, batch, Operation::AddConstraint { table, constraint })?;
    Ok(Value::None)
}

pub fn create_primary_key(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let name = constraint_name(vm, &mut args, "create_primary_key")?;
    let table = subject(vm, &mut args, batch, "create_primary_key", "table_name")?;
    let columns = args.require("create_primary_key", "columns")?;
    let columns = convert::column_names(vm, &columns, "a column of the primary key")?;
    finish(args, "create_primary_key")?;
    let args = Args::default();
    add(
        vm,
        args,
        batch,
        table,
        name,
        ConstraintKind::PrimaryKey { columns },
    )
}

pub fn create_unique(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let name = constraint_name(vm, &mut args, "create_unique_constraint")?;
    let table = subject(
        vm,
        &mut args,
        batch,
        "create_unique_constraint",
        "table_name",
    )?;
    let columns = args.require("create_unique_constraint", "columns")?;
    let columns = convert::column_names(vm, &columns, "a column of the unique constraint")?;
    add(
        vm,
        args,
        batch,
        table,
        name,
        ConstraintKind::Unique { columns },
    )
}

pub fn create_check(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let name = constraint_name(vm, &mut args, "create_check_constraint")?;
    let table = subject(
        vm,
        &mut args,
        batch,
        "create_check_constraint",
        "table_name",
    )?;
    let condition = args.require("create_check_constraint", "condition")?;
    let condition = check_condition(vm, &condition)?;
    let kind = ConstraintKind::Check {
        condition,
        from_type: false,
        in_column: false,
    };
    add(vm, args, batch, table, name, kind)
}

pub fn create_foreign_key(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let function = "create_foreign_key";
    let name = constraint_name(vm, &mut args, function)?;
    let table = match batch {
        Some(batch) => batch.table.clone(),
        None => {
            let table = args.require(function, "source_table")?;
            let schema = args.keyword("source_schema");
            name::table_name(vm, &table, schema.as_ref())?
        }
    };
    let referent = args.require(function, "referent_table")?;
    let local = args.require(function, "local_cols")?;
    let remote = args.require(function, "remote_cols")?;
    let referent_schema = args.keyword("referent_schema");
    let referent = name::table_name(vm, &referent, referent_schema.as_ref())?;
    let columns = convert::column_names(vm, &local, "a column of the foreign key")?;
    let referent_columns =
        convert::column_names(vm, &remote, "a column that the foreign key refers to")?;
    if columns.len() != referent_columns.len() {
        return Err(raise::argument(
            vm,
            format!(
                "ForeignKeyConstraint number of constrained columns must match the number of \
                 referenced columns. ({} != {})",
                columns.len(),
                referent_columns.len()
            ),
        ));
    }
    let mut text = |vm: &mut Vm, name: &str| {
        let value = args.keyword(name);
        convert::optional_text(vm, value.as_ref(), name)
    };
    let onupdate = text(vm, "onupdate")?;
    let ondelete = text(vm, "ondelete")?;
    let match_type = text(vm, "match")?;
    let use_alter = convert::flag(vm, &mut args, "use_alter")?;
    args.keyword("link_to_name");
    let kind = ConstraintKind::ForeignKey(ForeignKey {
        columns,
        referent,
        referent_columns,
        ondelete,
        onupdate,
        match_type,
        use_alter,
        from_column: false,
    });
    add(vm, args, batch, table, name, kind)
}

pub fn create_exclude(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let name = constraint_name(vm, &mut args, "create_exclude_constraint")?;
    let table = subject(
        vm,
        &mut args,
        batch,
        "create_exclude_constraint",
        "table_name",
    )?;
    let mut attrs = vec![("*", Value::list(std::mem::take(&mut args.pos)))];
    for keyword in ["using", "where", "ops"] {
        if let Some(value) = args.keyword(keyword) {
            attrs.push((keyword, value));
        }
    }
    let item = Item::made(vm, ItemKind::Exclude, attrs);
    let kind = ConstraintKind::Exclude(exclude(vm, &item)?);
    add(vm, args, batch, table, name, kind)
}

pub fn drop(vm: &mut Vm, mut args: Args, batch: Batch<'_>) -> PyResult {
    let given = args.require("drop_constraint", "constraint_name")?;
    let name = name::dropped_constraint(vm, &given)?;
    let table = subject(vm, &mut args, batch, "drop_constraint", "table_name")?;
    let kind = match args.take("type_").filter(|kind| !kind.is_none()) {
        None => None,
        Some(kind) => match &*convert::text(vm, &kind, "type_")? {
            "foreignkey" => Some(DropConstraintKind::ForeignKey),
            "primary" => Some(DropConstraintKind::Primary),
            "unique" => Some(DropConstraintKind::Unique),
            "check" => Some(DropConstraintKind::Check),
            _ => {
                return Err(raise::type_error(
                    "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None",
                ));
            }
        },
    };
    let if_exists = convert::flag(vm, &mut args, "if_exists")?;
    finish(args, "drop_constraint")?;
    let named = !matches!(name, ConstraintName::None);
    refuse_as_alembic(vm, batch.is_some(), named)?;
    emit(
        vm,
        batch,
        Operation::DropConstraint {
            table,
            name,
            kind,
            if_exists,
        },
    )?;
    Ok(Value::None)
}

/// What Alembic raises at once, where the migration catches it; with `--compat alembic` always.
fn refuse_as_alembic(vm: &mut Vm, in_batch: bool, named: bool) -> PyResult<()> {
    let host = host(vm);
    if in_batch || !(host.compat || vm.catching > 0) {
        return Ok(());
    }
    if !host.target.alters_constraints {
        return Err(no_alter());
    }
    if !named {
        return Err(Raise::exception(
            "CompileError",
            "Can't emit DROP CONSTRAINT for a constraint; it has no name",
        ));
    }
    Ok(())
}

/// What Alembic raises where a table's constraints cannot be altered.
pub(super) fn no_alter() -> Box<Raise> {
    Raise::exception(
        "NotImplementedError",
        "No support for ALTER of constraints in SQLite dialect. Please refer to the batch mode feature which allows for SQLite migrations using a copy-and-move strategy.",
    )
}

/// Whether the migration catches what Alembic raises where a table's constraints cannot be altered.
pub(super) fn alembic_raises(vm: &mut Vm) -> bool {
    vm.catching > 0 && !host(vm).target.alters_constraints
}
