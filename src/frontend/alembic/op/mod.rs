//! `alembic.op`: the directives of a migration, each of which records an operation.

mod batch;
mod bulk;
mod column;
mod constraint;
mod custom;
mod execute;
mod index;
mod missing;
mod syntax;
mod table;
mod uncompiled;

use std::any::Any;
use std::rc::Rc;

pub use batch::BatchObject;
pub use custom::{batch_class, class as operations_class, migrate_operation};
pub use execute::statement;

use super::classes;
use super::host::{located, record, record_spelled};
use super::{bind, convert, name, raise, types};
use crate::catalog::TableName;
use crate::config::suggestion;
use crate::operation::Operation;
use crate::python::{Args, Builtin, Class, Hint, Native, PyResult, Value, Vm};

/// The batch that a directive belongs to, if it does.
type Batch<'a> = Option<&'a Rc<BatchObject>>;
type Directive = fn(&mut Vm, Args, Batch<'_>) -> PyResult;

/// Directives of `op`, and whether `batch_op` has them as well.
const DIRECTIVES: &[(&str, bool, Directive)] = &[
    ("add_column", true, column::add),
    ("alter_column", true, column::alter),
    ("drop_column", true, column::drop),
    ("create_table", false, table::create),
    ("drop_table", false, table::drop),
    ("rename_table", false, table::rename),
    ("create_table_comment", true, table::create_comment),
    ("drop_table_comment", true, table::drop_comment),
    ("create_index", true, index::create),
    ("drop_index", true, index::drop),
    ("create_primary_key", true, constraint::create_primary_key),
    ("create_unique_constraint", true, constraint::create_unique),
    ("create_foreign_key", true, constraint::create_foreign_key),
    ("create_check_constraint", true, constraint::create_check),
    (
        "create_exclude_constraint",
        true,
        constraint::create_exclude,
    ),
    ("drop_constraint", true, constraint::drop),
    ("bulk_insert", false, bulk::insert),
    ("execute", true, execute::execute),
    ("inline_literal", true, inline_literal),
    ("f", true, |vm, args, _| name::f(vm, args)),
    ("get_bind", true, |vm, _, _| Ok(bind::connection(vm))),
    ("get_context", true, |vm, _, _| Ok(bind::context(vm))),
    ("invoke", true, custom::invoke),
    ("run_async", true, run_async),
    ("batch_alter_table", false, batch::enter),
];

/// The directive called `name`.
pub fn directive(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((name, _, call)) = DIRECTIVES.iter().find(|(known, _, _)| *known == name) {
        return Ok(Some(Builtin::value(name, move |vm, args| {
            call(vm, args, None)
        })));
    }
    let found = custom::directive(vm, name)?;
    if found.is_none() {
        let known = DIRECTIVES.iter().map(|(known, _, _)| *known);
        missing(vm, "op", name, known);
    }
    Ok(found)
}

/// Has a remedy ready for a directive that does not exist.
fn missing<'a>(vm: &mut Vm, object: &str, name: &str, known: impl Iterator<Item = &'a str>) {
    if name.starts_with("__") {
        return;
    }
    vm.hint = Some(Hint {
        about: format!("has no attribute '{name}'"),
        note: None,
        help: match suggestion(name, known) {
            Some(near) => format!("did you mean `{object}.{near}`?"),
            None => "use one of Alembic's directives, or register this one with `Operations.register_operation`".to_owned(),
        },
    });
}

/// The directive called `name` of a batch.
fn batch_directive(batch: &Rc<BatchObject>, name: &str) -> Option<Value> {
    let (name, _, call) = DIRECTIVES
        .iter()
        .find(|(known, in_batch, _)| *in_batch && *known == name)?;
    let batch = Rc::clone(batch);
    Some(Builtin::value(name, move |vm, args| {
        call(vm, args, Some(&batch))
    }))
}

fn missing_in_batch(vm: &mut Vm, name: &str) {
    let known = DIRECTIVES.iter().filter(|(_, in_batch, _)| *in_batch);
    missing(vm, "batch_op", name, known.map(|(known, _, _)| *known));
}

/// Records an operation, in its batch if there is one.
fn emit(vm: &mut Vm, batch: Batch<'_>, operation: Operation) -> PyResult<()> {
    match batch {
        None => {
            syntax::refuse_unknown(vm, &operation)?;
            missing::refuse_missing(vm, &operation)?;
            missing::refuse_held(vm, &operation)?;
            uncompiled::refuse(vm, &operation)?;
            record(vm, operation);
        }
        Some(batch) => {
            let located = located(vm, operation);
            batch.push(located);
        }
    }
    Ok(())
}

/// Passes on an operation whose statements the project may spell itself.
fn emit_about(
    vm: &mut Vm,
    batch: Batch<'_>,
    operation: Operation,
    subject: Option<&Value>,
) -> PyResult<()> {
    match batch {
        None => {
            uncompiled::refuse(vm, &operation)?;
            record_spelled(vm, operation, subject)
        }
        Some(_) => emit(vm, batch, operation),
    }
}

/// The table that a directive is about: the batch's, or its argument and `schema=`.
fn subject(
    vm: &mut Vm,
    args: &mut Args,
    batch: Batch<'_>,
    function: &str,
    parameter: &str,
) -> PyResult<TableName> {
    match batch {
        Some(batch) => Ok(batch.table.clone()),
        None => {
            let table = args.require(function, parameter)?;
            with_schema(vm, args, &table)
        }
    }
}

/// A table's name with the schema of the keyword.
fn with_schema(vm: &mut Vm, args: &mut Args, table: &Value) -> PyResult<TableName> {
    let schema = args.keyword("schema");
    name::table_name(vm, table, schema.as_ref())
}

/// Nothing may be left.
fn finish(args: Args, function: &str) -> PyResult<()> {
    if !args.pos.is_empty() {
        return Err(raise::type_error(format!(
            "{function}() takes fewer positional arguments ({} too many were given)",
            args.pos.len()
        )));
    }
    convert::no_more(&args, function)
}

fn inline_literal(vm: &mut Vm, mut args: Args, _batch: Batch<'_>) -> PyResult {
    let value = args.require("inline_literal", "value")?;
    let data_type = match args.take("type_").filter(|value| !value.is_none()) {
        Some(data_type) => Some(types::data_type(vm, &data_type)?),
        None => None,
    };
    raise::known(vm, &value, "the literal")?;
    let literal = super::sql::literal_of(vm, &value)?;
    let expr = match data_type {
        Some(data_type) => crate::expression::typed_bind(literal, data_type),
        None => crate::expression::value_bind(literal),
    };
    Ok(super::sql::wrap(expr))
}

fn run_async(vm: &mut Vm, _args: Args, _batch: Batch<'_>) -> PyResult {
    if super::host::host(vm).compat {
        return Err(crate::python::Raise::exception(
            "ValueError",
            "Cannot call run_async with a sync engine",
        ));
    }
    Err(raise::unsupported(vm, "op.run_async()"))
}

/// The object that custom directives get as `operations`.
pub struct Operations;

impl Operations {
    /// The object.
    pub fn value() -> Value {
        Value::native(Self)
    }
}

impl Native for Operations {
    fn type_name(&self) -> &str {
        "Operations"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(custom::class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        match name {
            "migration_context" => Ok(Some(bind::context(vm))),
            "impl" => {
                let context = bind::context(vm);
                vm.find_attr(&context, "impl")
            }
            "schema_obj" => Err(raise::unsupported(vm, "Operations.schema_obj")),
            _ => directive(vm, name),
        }
    }
}

/// A class that exists for `isinstance` and annotations only.
pub fn marker(vm: &mut Vm, module: &'static str, name: &'static str) -> Rc<Class> {
    classes::plain(vm, module, name, || {
        classes::Maker::new(|_, _, _| Ok(Value::None))
    })
}
