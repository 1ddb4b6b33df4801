//! `context.config`: the configuration's main section.

use std::any::Any;
use std::rc::Rc;

use crate::frontend::alembic::host::host;
use crate::python::{Builtin, Dict, DictKey, Native, PyResult, Value, Vm};

struct ConfigObject;

/// `context.config`.
pub fn config(_vm: &mut Vm) -> Value {
    Value::native(ConfigObject)
}

impl Native for ConfigObject {
    fn type_name(&self) -> &str {
        "Config"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let host = host(vm);
        Ok(Some(match name {
            "get_main_option" | "get_section_option" | "get_alembic_option" => {
                let with_section = name == "get_section_option";
                Builtin::value("get_main_option", move |vm, mut args| {
                    if with_section {
                        args.require("get_section_option", "section")?;
                    }
                    let option = args.require("get_main_option", "name")?;
                    let default = args.take("default").unwrap_or(Value::None);
                    Ok(lookup(vm, &option).unwrap_or(default))
                })
            }
            "set_main_option" | "set_section_option" => {
                let with_section = name == "set_section_option";
                Builtin::value("set_main_option", move |vm, mut args| {
                    if with_section {
                        args.require("set_section_option", "section")?;
                    }
                    let option = args.require("set_main_option", "name")?;
                    let value = args.require("set_main_option", "value")?;
                    if let Some(option) = option.as_str() {
                        let host = crate::frontend::alembic::host::host(vm);
                        host.set_options.borrow_mut().push((option, value));
                    }
                    Ok(Value::None)
                })
            }
            "get_section" => Builtin::value("get_section", |vm, mut args| {
                let section = args.require("get_section", "name")?;
                let default = args.take("default").unwrap_or(Value::None);
                let host = crate::frontend::alembic::host::host(vm);
                if section.as_str().is_some_and(|name| *name != *host.section) {
                    return Ok(default);
                }
                let mut dict = Dict::default();
                for (key, value) in &host.options {
                    dict.insert(DictKey::str(key), Value::from(value.as_str()));
                }
                for (key, value) in host.set_options.borrow().iter() {
                    dict.insert(DictKey::str(key), value.clone());
                }
                Ok(Value::dict(dict))
            }),
            "config_ini_section" => Value::from(host.section.as_str()),
            "config_file_name" => match &host.config_file {
                Some(path) => Value::from(path.as_str()),
                None => Value::None,
            },
            "attributes" => Value::dict(Dict::default()),
            "cmd_opts" => Value::native(CommandOptions),
            "print_stdout" => Builtin::value("print_stdout", |_, _| Ok(Value::None)),
            "file_config" => Value::native(ConfigObject),
            "get" => Builtin::value("get", |vm, mut args| {
                args.require("get", "section")?;
                let option = args.require("get", "option")?;
                let default = args.keyword("fallback").unwrap_or(Value::None);
                Ok(lookup(vm, &option).unwrap_or(default))
            }),
            "has_section" => Builtin::value("has_section", |_, _| Ok(Value::Bool(true))),
            _ => return Ok(None),
        }))
    }
}

fn lookup(vm: &mut Vm, option: &Value) -> Option<Value> {
    let option = option.as_str()?;
    let host = host(vm);
    let set = host
        .set_options
        .borrow()
        .iter()
        .rev()
        .find(|(key, _)| *key == option)
        .map(|(_, value)| value.clone());
    set.or_else(|| {
        host.options
            .iter()
            .find(|(key, _)| **key == *option)
            .map(|(_, value)| Value::from(value.as_str()))
    })
}

/// `config.cmd_opts`.
struct CommandOptions;

impl Native for CommandOptions {
    fn type_name(&self) -> &str {
        "Namespace"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let host = host(vm);
        let strings = |items: &[String]| items.iter().map(|x| Value::from(x.as_str())).collect();
        Ok(match name {
            "x" if host.x_arguments.is_empty() => Some(Value::None),
            "x" => Some(Value::list(strings(&host.x_arguments))),
            "sql" => Some(Value::Bool(true)),
            "tag" => Some(host.tag.as_deref().map_or(Value::None, Value::from)),
            _ => None,
        })
    }
}
