//! `op.get_context()`.

use std::any::Any;
use std::rc::Rc;

use super::connection::Transaction;
use super::{config, connection, dialect, script};
use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::env::Framed;
use crate::frontend::alembic::host::{host, record};
use crate::frontend::alembic::{convert, op};
use crate::operation::{Executable, Operation};
use crate::python::{Args, Builtin, Class, Dict, DictKey, Native, PyResult, Value, Vm};

/// The migration context.
pub struct Context;

/// `op.get_context()`.
pub fn context(_vm: &mut Vm) -> Value {
    Value::native(Context)
}

/// The class `MigrationContext`.
pub fn context_class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "alembic.runtime.migration", "MigrationContext", || {
        Maker::new(|_, _, _| Ok(Value::native(Context))).with_attrs(|_, _, name| {
            Ok((name == "configure")
                .then(|| Builtin::value("configure", |_, _| Ok(Value::native(Context)))))
        })
    })
}

fn run(vm: &mut Vm, mut args: Args) -> PyResult {
    let statement = args.require("execute", "sql")?;
    let statement = op::statement(vm, &statement)?;
    record(vm, Operation::Execute { statement });
    Ok(Value::None)
}

impl Native for Context {
    fn type_name(&self) -> &str {
        "MigrationContext"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(context_class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "dialect" => dialect(vm),
            "impl" => Value::native(Impl),
            "bind" | "connection" => connection(vm),
            "as_sql" => Value::Bool(true),
            "autocommit_block" => Builtin::value("autocommit_block", |_, _| {
                Ok(Value::native(AutocommitBlock))
            }),
            "begin_transaction" => Builtin::value("begin_transaction", |vm, _| {
                Ok(if host(vm).environment.borrow().is_some() {
                    Value::native(Framed)
                } else {
                    Value::native(Transaction)
                })
            }),
            "config" => config(vm),
            "environment_context" | "migration_context" => this.clone(),
            "script" => script::directory(vm),
            "opts" => {
                let mut opts = Dict::default();
                opts.insert(DictKey::str("as_sql"), Value::Bool(true));
                let batch = host(vm).render_as_batch.get();
                opts.insert(DictKey::str("render_as_batch"), Value::Bool(batch));
                Value::dict(opts)
            }
            "execute" => Builtin::value("execute", run),
            "version_table" => {
                let table = host(vm).version_table.borrow().clone();
                Value::Str(table.unwrap_or_else(|| "alembic_version".into()))
            }
            "version_table_schema" => {
                let schema = host(vm).version_table_schema.borrow().clone();
                schema.map_or(Value::None, Value::Str)
            }
            "get_current_revision" | "get_current_heads" if host(vm).compat => {
                let all = name == "get_current_heads";
                Builtin::value("get_current_revision", move |vm, _| {
                    // Offline, Alembic takes the start of the range for what is current.
                    let start = host(vm).invocation.start.clone().unwrap_or_default();
                    let mut ids = start.into_iter().map(Value::Str);
                    Ok(if all {
                        Value::tuple(ids.collect())
                    } else {
                        ids.next().unwrap_or(Value::None)
                    })
                })
            }
            "get_current_revision" | "get_current_heads" => {
                let place = vm.location();
                Builtin::value("get_current_revision", move |_, _| {
                    Ok(Value::read("the database's revision", place.clone()))
                })
            }
            _ => return Ok(None),
        }))
    }
}

/// `context.impl`.
struct Impl;

impl Native for Impl {
    fn type_name(&self) -> &str {
        "DefaultImpl"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(Some(match name {
            "dialect" => dialect(vm),
            "bind" | "connection" => connection(vm),
            "as_sql" => Value::Bool(true),
            "memo" => Value::dict(Dict::default()),
            "execute" | "_exec" => Builtin::value("execute", run),
            "static_output" => Builtin::value("static_output", |vm, mut args| {
                let text = args.require("static_output", "text")?;
                let text = convert::text(vm, &text, "the text")?;
                let statement = Executable::Output(text);
                record(vm, Operation::Execute { statement });
                Ok(Value::None)
            }),
            "create_table" | "drop_table" => {
                let method = if name == "create_table" {
                    "create"
                } else {
                    "drop"
                };
                Builtin::value("create_table", move |vm, mut args| {
                    let table = args.require("create_table", "table")?;
                    let bind = connection(vm);
                    vm.call_method(&table, method, Args::of(vec![bind]))
                })
            }
            "add_column" | "drop_column" | "bulk_insert" => return op::directive(vm, name),
            _ => return Ok(None),
        }))
    }
}

/// `context.autocommit_block()`.
struct AutocommitBlock;

impl Native for AutocommitBlock {
    fn type_name(&self) -> &str {
        "_GeneratorContextManager"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn enter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Value>> {
        record(vm, Operation::BeginAutocommit);
        Ok(Some(Value::None))
    }

    fn exit(&self, _this: &Value, vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        record(vm, Operation::EndAutocommit);
        Ok(true)
    }
}
