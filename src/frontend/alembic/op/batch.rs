//! `op.batch_alter_table`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::{Batch, custom, finish};
use super::{batch_directive, missing_in_batch, uncompiled};
use crate::catalog::TableName;
use crate::frontend::alembic::bind;
use crate::frontend::alembic::host::{host, located, record_located};
use crate::frontend::alembic::schema::{
    ColumnObject, Item, TableObject, column_definition, naming_convention, table_constraint,
    table_definition,
};
use crate::frontend::alembic::{convert, name, raise};
use crate::operation::{BatchAlterTable, Located, Operation, Recreate};
use crate::python::{Args, Class, Native, PyResult, Raise, Value, Vm};

/// The context manager and what it gives: `batch_op`.
pub struct BatchObject {
    /// The table.
    pub table: TableName,
    start: RefCell<Option<Located>>,
}

impl BatchObject {
    /// Queues an operation.
    pub fn push(&self, operation: Located) {
        if let Some(Located {
            operation: Operation::BatchAlterTable(batch),
            ..
        }) = &mut *self.start.borrow_mut()
        {
            batch.operations.push(operation);
        }
    }
}

pub fn enter(vm: &mut Vm, mut args: Args, _batch: Batch<'_>) -> PyResult {
    let table = args.require("batch_alter_table", "table_name")?;
    let schema = args.take("schema");
    let table = name::table_name(vm, &table, schema.as_ref())?;
    let recreate = match args.take("recreate") {
        None => Recreate::Auto,
        Some(value) => match value.as_str().as_deref() {
            Some("auto") => Recreate::Auto,
            Some("always") => Recreate::Always,
            Some("never") => Recreate::Never,
            _ => {
                return Err(Raise::exception(
                    "ValueError",
                    "recreate may be one of 'auto', 'always', or 'never'.",
                ));
            }
        },
    };
    let mut partial_reordering = Vec::new();
    if let Some(groups) = args.take("partial_reordering").filter(|v| !v.is_none()) {
        for group in vm.iterate(&groups)? {
            partial_reordering.push(convert::column_names(vm, &group, "a column")?);
        }
    }
    let copy_from = match args.take("copy_from").filter(|v| !v.is_none()) {
        None => None,
        Some(value) => {
            raise::known(vm, &value, "copy_from")?;
            match value.downcast::<TableObject>() {
                Some(table) => Some(table_definition(vm, &table)?),
                None => return Err(raise::argument(vm, "copy_from must be a Table")),
            }
        }
    };
    let mut table_constraints = Vec::new();
    if let Some(items) = args.take("table_args").filter(|v| !v.is_none()) {
        // Alembic looks at it only when the table is recreated: a lone constraint does no harm.
        let items = match items.downcast::<Item>() {
            Some(_) => vec![items.clone()],
            None => vm.iterate(&items)?,
        };
        for item in items {
            if let Some(item) = item.downcast::<Item>() {
                table_constraints.push(table_constraint(vm, &item, None, None)?);
            }
        }
    }
    let mut table_options = Vec::new();
    if let Some(Value::Dict(entries)) = args.take("table_kwargs") {
        let kw = entries
            .borrow()
            .iter()
            .filter_map(|(key, value)| Some((key.value().as_str()?, value.clone())))
            .collect();
        let options = Args {
            pos: Vec::new(),
            kw,
        };
        table_options = convert::dialect_options(vm, options, "Table")?;
    }
    let mut reflect_columns = Vec::new();
    if let Some(items) = args.take("reflect_args").filter(|v| !v.is_none()) {
        for item in vm.iterate(&items)? {
            if let Some(column) = item.downcast::<ColumnObject>() {
                reflect_columns.push(column_definition(vm, &column)?);
            } else if let Some(item) = item.downcast::<Item>() {
                table_constraints.push(table_constraint(vm, &item, None, None)?);
            }
        }
    }
    args.take("reflect_kwargs");
    let naming_convention = match args.take("naming_convention").filter(|v| !v.is_none()) {
        Some(value) => naming_convention(vm, &value)?,
        None => Vec::new(),
    };
    finish(args, "batch_alter_table")?;
    let operation = Operation::BatchAlterTable(Box::new(BatchAlterTable {
        table: table.clone(),
        recreate,
        copy_from,
        partial_reordering,
        table_constraints,
        table_options,
        reflect_columns,
        naming_convention,
        operations: Vec::new(),
    }));
    let start = located(vm, operation);
    Ok(Value::native(BatchObject {
        table,
        start: RefCell::new(Some(start)),
    }))
}

impl Native for BatchObject {
    fn type_name(&self) -> &str {
        "BatchOperations"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(custom::batch_class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(batch) = this.downcast::<BatchObject>() else {
            return Ok(None);
        };
        if let Some(directive) = batch_directive(&batch, name) {
            return Ok(Some(directive));
        }
        Ok(match name {
            "impl" => Some(this.clone()),
            "migration_context" => Some(bind::context(vm)),
            "table_name" => Some(convert::ident_value(&self.table.name)),
            "schema" => Some(
                self.table
                    .schema
                    .as_ref()
                    .map_or(Value::None, convert::ident_value),
            ),
            _ => {
                let found = custom::batch_directive(vm, this, name)?;
                if found.is_none() {
                    missing_in_batch(vm, name);
                }
                found
            }
        })
    }

    fn enter(&self, this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(&self, _this: &Value, vm: &mut Vm, failed: bool) -> PyResult<bool> {
        if let Some(batch) = self.start.borrow_mut().take()
            && !failed
        {
            refuse_as_alembic(vm, &batch.operation)?;
            uncompiled::refuse_in_batch(vm, &batch)?;
            record_located(vm, batch);
        }
        Ok(true)
    }
}

/// With `--compat alembic`, what Alembic raises at the end of a batch that has to look at the
/// table: a migration may catch it.
fn refuse_as_alembic(vm: &mut Vm, operation: &Operation) -> PyResult<()> {
    let Operation::BatchAlterTable(batch) = operation else {
        return Ok(());
    };
    let host = host(vm);
    let rebuilt = match batch.recreate {
        Recreate::Always => true,
        Recreate::Never => false,
        Recreate::Auto => !host.target.alters_constraints && batch.needs_rebuild(),
    };
    if !host.compat || !rebuilt || batch.copy_from.is_some() {
        return Ok(());
    }
    Err(Raise::exception(
        "CommandError",
        format!(
            "This operation cannot proceed in --sql mode; batch mode requires a live database \
             connection with which to reflect the table \"{}\"; without `--compat alembic` the \
             table is known from the revisions before this one",
            batch.table.name.name
        ),
    ))
}
