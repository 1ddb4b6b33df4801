//! `logging` and `warnings`: everything is accepted and nothing is written.

use std::any::Any;
use std::rc::Rc;

use super::function;
use crate::python::args::Args;
use crate::python::class::Class;
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

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        match class(vm, "Logger") {
            Ok(Some(Value::Class(class))) => Some(class),
            _ => None,
        }
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
            _ => quiet(),
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
        "getLoggerClass" => {
            let class = class(vm, "Logger")?;
            function("getLoggerClass", move |_, _| {
                Ok(class.clone().unwrap_or(Value::None))
            })
        }
        name if name.starts_with("__") => None,
        // A class: its objects keep what they are given, and code derives others from it.
        name if name.starts_with(char::is_uppercase) => match class(vm, name)? {
            Some(class) => Some(class),
            None => quiet(),
        },
        _ => quiet(),
    })
}

/// A function that does nothing.
fn quiet() -> Option<Value> {
    function("log", |_, _| Ok(Value::None))
}

/// A class of `logging`, for code that derives its own from it.
fn class(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    let module = vm.import("_logging")?;
    match vm.find_attr(&module, name)? {
        Some(class) => Ok(Some(class)),
        // The handlers that are written here keep to what every handler has.
        None if name.ends_with("Handler") => vm.find_attr(&module, "OtherHandler"),
        None => Ok(None),
    }
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
