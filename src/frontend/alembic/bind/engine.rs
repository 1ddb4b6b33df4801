//! Engines and connections that `env.py` makes. Nothing is connected: they know their URL, and
//! what is executed on them is no part of a script.

use std::any::Any;
use std::rc::Rc;

use super::connection::Transaction;
use super::{ResultObject, dialect, url};
use crate::frontend::alembic::classes;
use crate::python::{Args, Builtin, Class, Dict, Native, PyResult, Value, Vm};

/// An engine, or a connection of one.
pub struct Engine {
    url: Value,
    connection: bool,
}

/// `create_engine(url)`, `engine_from_config(section)` and their asynchronous likes.
pub fn engine(vm: &mut Vm, args: Args) -> PyResult {
    let url = url::of_engine(vm, args)?;
    Ok(of_url(url))
}

/// An engine for a URL.
pub fn of_url(url: Value) -> Value {
    Value::native(Engine {
        url,
        connection: false,
    })
}

impl Engine {
    /// The URL that `context.configure(connection=…)` is about.
    pub fn url(&self) -> &Value {
        &self.url
    }
}

impl Native for Engine {
    fn type_name(&self) -> &str {
        if self.connection {
            "Connection"
        } else {
            "Engine"
        }
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(if self.connection {
            super::connection_class(vm)
        } else {
            classes::plain(vm, "sqlalchemy.engine.base", "Engine", || {
                classes::Maker::new(|_, _, _| Ok(Value::None))
            })
        })
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let held = this.clone();
        Ok(Some(match name {
            "url" => self.url.clone(),
            "dialect" => dialect(vm),
            "name" | "driver" => {
                let dialect = dialect(vm);
                return vm.find_attr(&dialect, name);
            }
            "engine" | "sync_engine" | "sync_connection" => held,
            "connect" | "begin" | "_run_ddl_visitor" if !self.connection => {
                let url = self.url.clone();
                Builtin::value("connect", move |_, _| {
                    Ok(Value::native(Self {
                        url: url.clone(),
                        connection: true,
                    }))
                })
            }
            "begin" | "begin_nested" | "begin_twophase" | "get_transaction" => {
                Builtin::value("begin", |_, _| Ok(Value::native(Transaction)))
            }
            "execution_options" | "get_raw_connection" => {
                Builtin::value("execution_options", move |_, _| Ok(held.clone()))
            }
            "run_sync" => Builtin::value("run_sync", move |vm, mut args| {
                let function = args.require("run_sync", "fn")?;
                args.pos.insert(0, held.clone());
                vm.call(&function, args)
            }),
            "dispose" | "commit" | "rollback" | "close" | "invalidate" => {
                Builtin::value("dispose", |_, _| Ok(Value::None))
            }
            "execute" | "exec_driver_sql" | "scalar" | "scalars" | "stream" => {
                Builtin::value("execute", |vm, _| {
                    Ok(ResultObject::unknown(vm, true, None, None))
                })
            }
            "in_transaction" => Builtin::value("in_transaction", |_, _| Ok(Value::Bool(false))),
            "closed" => Value::Bool(false),
            "info" => Value::dict(Dict::default()),
            _ => return Ok(None),
        }))
    }

    fn enter(&self, this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(this.clone()))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        Ok(true)
    }
}
