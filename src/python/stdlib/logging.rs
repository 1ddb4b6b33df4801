//! `logging` and `warnings`: everything is accepted and nothing is written.

use std::any::Any;
use std::rc::Rc;

use super::function;
use crate::python::args::Args;
use crate::python::error::PyResult;
use crate::python::native::Native;
use crate::python::value::Value;
use crate::python::vm::Vm;

/// An object whose every method does nothing.
struct Silent {
    name: String,
}

impl Native for Silent {
    fn type_name(&self) -> &str {
        "Logger"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "name" => Some(Value::str(&self.name)),
            "level" => Some(Value::Int(0)),
            "handlers" | "filters" => Some(Value::list(vec![])),
            "propagate" => Some(Value::Bool(true)),
            "disabled" => Some(Value::Bool(false)),
            "parent" => Some(Value::None),
            "root" => Some(silent("root")),
            "isEnabledFor" | "hasHandlers" => {
                function("isEnabledFor", |_, _| Ok(Value::Bool(false)))
            }
            "getEffectiveLevel" => function("getEffectiveLevel", |_, _| Ok(Value::Int(30))),
            "getChild" => function("getChild", |_, _| Ok(silent("child"))),
            "__enter__" => None,
            name if name.starts_with("__") => None,
            _ => function("log", |_, _| Ok(Value::None)),
        })
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, _name: &str, _value: Value) -> PyResult<bool> {
        Ok(true)
    }

    fn call(&self, _this: &Value, _vm: &mut Vm, _args: Args) -> PyResult<Option<Value>> {
        Ok(Some(Value::None))
    }

    fn enter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(Some(Value::list(vec![])))
    }

    fn exit(&self, _this: &Value, _vm: &mut Vm, _failed: bool) -> PyResult<bool> {
        Ok(true)
    }
}

fn silent(name: &str) -> Value {
    Value::native(Silent {
        name: name.to_owned(),
    })
}

const LEVELS: &[(&str, i64)] = &[
    ("CRITICAL", 50),
    ("FATAL", 50),
    ("ERROR", 40),
    ("WARNING", 30),
    ("WARN", 30),
    ("INFO", 20),
    ("DEBUG", 10),
    ("NOTSET", 0),
];

/// The attributes of `logging` and the modules below it.
pub(super) fn attribute(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((_, level)) = LEVELS.iter().find(|(n, _)| *n == name) {
        return Ok(Some(Value::Int(*level)));
    }
    Ok(match name {
        "getLogger" => function("getLogger", |vm, mut args| {
            let name = match args.take("name").filter(|n| !n.is_none()) {
                Some(name) => vm.str(&name)?.to_string(),
                None => "root".to_owned(),
            };
            Ok(silent(&name))
        }),
        "root" => Some(silent("root")),
        "config" | "handlers" => Some(Value::Module(super::lazy(
            &format!("logging.{name}"),
            attribute,
        ))),
        "getLevelName" => function("getLevelName", |_, mut args| {
            let level = args.require("getLevelName", "level")?;
            let found = LEVELS.iter().find(|(_, n)| Some(*n) == level.as_int());
            Ok(found.map_or(level, |(name, _)| Value::str(*name)))
        }),
        "Logger"
        | "LoggerAdapter"
        | "Handler"
        | "StreamHandler"
        | "FileHandler"
        | "NullHandler"
        | "Formatter"
        | "Filter"
        | "LogRecord"
        | "RotatingFileHandler" => function("Handler", |_, _| Ok(silent("handler"))),
        name if name.starts_with("__") => None,
        _ => {
            let _ = vm;
            function("log", |_, _| Ok(Value::None))
        }
    })
}

/// The attributes of `warnings`.
pub(super) fn warnings(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "catch_warnings" => function("catch_warnings", |_, _| Ok(silent("warnings"))),
        "warn" | "warn_explicit" | "simplefilter" | "filterwarnings" | "resetwarnings"
        | "showwarning" => function("warn", |_, _| Ok(Value::None)),
        _ => None,
    })
}
