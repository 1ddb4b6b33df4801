//! The module `alembic.context`, as `env.py` uses it.

use std::rc::Rc;

use super::Event;
use crate::frontend::alembic::host::{host, record};
use crate::frontend::alembic::{bind, convert, op, raise};
use crate::operation::{Executable, Operation};
use crate::python::{Args, Builtin, Dict, DictKey, Native, PyResult, Value, Vm};

/// `context.name`.
pub fn attr(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "is_offline_mode" => Builtin::value("is_offline_mode", |vm, _| {
            Ok(Value::Bool(!host(vm).online.get()))
        }),
        "config" => bind::config(vm),
        "get_context" => Builtin::value("get_context", |vm, _| Ok(bind::context(vm))),
        "get_bind" => Builtin::value("get_bind", |vm, _| Ok(bind::connection(vm))),
        "get_impl" => Builtin::value("get_impl", |vm, _| {
            let context = bind::context(vm);
            vm.get_attr(&context, "impl")
        }),
        "get_x_argument" => Builtin::value("get_x_argument", x_argument),
        "get_tag_argument" => Builtin::value("get_tag_argument", |vm, _| {
            Ok(host(vm).tag.as_deref().map_or(Value::None, Value::from))
        }),
        "configure" => Builtin::value("configure", |vm, args| {
            let host = host(vm);
            let executed = host.drain();
            if let Some(capture) = &mut *host.environment.borrow_mut() {
                capture.configure(args, executed);
            }
            Ok(Value::None)
        }),
        "run_migrations" => Builtin::value("run_migrations", |vm, args| {
            let host = host(vm);
            let executed = host.drain();
            if let Some(capture) = &mut *host.environment.borrow_mut() {
                capture.executed(executed);
                capture.run(args);
            }
            Ok(Value::None)
        }),
        "begin_transaction" => {
            Builtin::value("begin_transaction", |_, _| Ok(Value::native(Framed)))
        }
        "execute" => Builtin::value("execute", |vm, mut args| {
            let statement = args.require("execute", "sql")?;
            let statement = op::statement(vm, &statement)?;
            record(vm, Operation::Execute { statement });
            Ok(Value::None)
        }),
        "static_output" => Builtin::value("static_output", |vm, mut args| {
            let text = args.require("static_output", "text")?;
            let text = convert::text(vm, &text, "the text")?;
            let statement = Executable::Output(text);
            record(vm, Operation::Execute { statement });
            Ok(Value::None)
        }),
        "is_transactional_ddl" => Builtin::value("is_transactional_ddl", |vm, _| {
            Ok(Value::Bool(host(vm).target.transactional_ddl))
        }),
        "requires_connection" => {
            Builtin::value("requires_connection", |_, _| Ok(Value::Bool(false)))
        }
        "get_head_revision" => Builtin::value("get_head_revision", |vm, _| {
            let host = host(vm);
            match host.invocation.heads.as_slice() {
                [] => Ok(Value::None),
                [head] => Ok(Value::Str(head.clone())),
                _ => Err(raise::exception(
                    vm,
                    "CommandError",
                    "Multiple head revisions are present for given argument 'head'; please \
                     specify a specific target revision, '<branchname>@head' to narrow to a \
                     specific head, or 'heads' for all heads"
                        .to_owned(),
                )),
            }
        }),
        "get_head_revisions" => Builtin::value("get_head_revisions", |vm, _| {
            let heads = host(vm).invocation.heads.clone();
            Ok(Value::tuple(heads.into_iter().map(Value::Str).collect()))
        }),
        "get_revision_argument" => Builtin::value("get_revision_argument", |vm, _| {
            let host = host(vm);
            Ok(one_or_all(host.invocation.destination.as_deref(), || {
                Value::unknown("the target of the command", vm.location())
            }))
        }),
        "get_starting_revision_argument" => {
            Builtin::value("get_starting_revision_argument", |vm, _| {
                let host = host(vm);
                Ok(one_or_all(host.invocation.start.as_deref(), || Value::None))
            })
        }
        "script" => Value::unknown("`context.script`", vm.location()),
        _ => return Ok(None),
    }))
}

fn one_or_all(ids: Option<&[crate::python::Str]>, missing: impl FnOnce() -> Value) -> Value {
    match ids {
        None => missing(),
        Some([]) => Value::None,
        Some([id]) => Value::Str(id.clone()),
        Some(several) => Value::tuple(several.iter().cloned().map(Value::Str).collect()),
    }
}

fn x_argument(vm: &mut Vm, mut args: Args) -> PyResult {
    let as_dictionary = match args.take("as_dictionary") {
        Some(value) => vm.truth(&value)?,
        None => false,
    };
    let given = host(vm).x_arguments.clone();
    if !as_dictionary {
        return Ok(Value::list(
            given.iter().map(|x| Value::from(x.as_str())).collect(),
        ));
    }
    let mut dict = Dict::default();
    for argument in &given {
        let (key, value) = argument.split_once('=').unwrap_or((argument, ""));
        dict.insert(DictKey::str(key), Value::from(value));
    }
    Ok(Value::dict(dict))
}

/// `with context.begin_transaction():`
pub struct Framed;

fn happened(vm: &mut Vm, event: Event) {
    let host = host(vm);
    let mut environment = host.environment.borrow_mut();
    if let Some(capture) = &mut *environment {
        capture.executed(host.drain());
        capture.event(event);
    }
}

impl Native for Framed {
    fn type_name(&self) -> &str {
        "_GeneratorContextManager"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn std::any::Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(matches!(name, "commit" | "rollback" | "close")
            .then(|| Builtin::value("commit", |_, _| Ok(Value::None))))
    }

    fn enter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Value>> {
        happened(vm, Event::Begin);
        Ok(Some(Value::None))
    }

    fn exit(&self, _this: &Value, vm: &mut Vm, failed: bool) -> PyResult<bool> {
        if !failed {
            happened(vm, Event::Commit);
        }
        Ok(true)
    }
}
