//! `op.execute`, and everything else that executes a statement.

use super::Batch;
use crate::frontend::alembic::host::{host, record_spelled};
use crate::frontend::alembic::{bind, convert, raise, schema, sql};
use crate::operation::{Executable, Operation};
use crate::python::{Args, PyResult, Value, Vm};

pub fn execute(vm: &mut Vm, mut args: Args, _batch: Batch<'_>) -> PyResult {
    let statement = args.require("execute", "sqltext")?;
    args.keyword("execution_options");
    convert::no_more(&args, "execute")?;
    if !args.pos.is_empty() {
        return Err(raise::type_error(format!(
            "execute() takes 2 positional arguments but {} were given",
            args.pos.len() + 2
        )));
    }
    let subject = schema::statement_subject(&statement);
    let mut statement = self::statement(vm, &statement)?;
    if !host(vm).compat {
        statement = schema::computed(vm, statement)?;
    }
    record_spelled(vm, Operation::Execute { statement }, subject.as_ref())?;
    Ok(Value::None)
}

/// What executing a value means: a string, a DDL object or a SQL expression.
pub fn statement(vm: &mut Vm, value: &Value) -> PyResult<Executable> {
    raise::known(vm, value, "the statement")?;
    if let Some(text) = value.as_str() {
        return Ok(Executable::Str(text));
    }
    if let Some(executable) = schema::executable(value) {
        return Ok(executable);
    }
    if let Some(text) = bind::compiled(vm, value)? {
        return Ok(Executable::Ddl(text));
    }
    if let Some(statement) = sql::statement_of(vm, value)? {
        return Ok(Executable::Expr(statement));
    }
    let text = vm.repr(value)?;
    Err(raise::exception(
        vm,
        "ObjectNotExecutableError",
        format!("Not an executable object: {text}"),
    ))
}
