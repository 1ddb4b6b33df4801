//! `context.config`: the ini file, with what `env.py` sets in it.

use std::any::Any;
use std::rc::Rc;

use crate::config::Ini;
use crate::frontend::alembic::host::host;
use crate::python::{Args, Builtin, Dict, DictKey, Native, PyResult, Value, Vm};

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

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let host = host(vm);
        Ok(Some(match name {
            "get_main_option" => Builtin::value("get_main_option", |vm, mut args| {
                let section = crate::frontend::alembic::host::host(vm).section.clone();
                option(vm, &section, &mut args)
            }),
            "get_section_option" => Builtin::value("get_section_option", |vm, mut args| {
                let section = args.require("get_section_option", "section")?;
                let section = vm.str(&section)?;
                option(vm, &section, &mut args)
            }),
            "get_alembic_option" | "get_alembic_boolean_option" => {
                let boolean = name == "get_alembic_boolean_option";
                Builtin::value("get_alembic_option", move |vm, mut args| {
                    let found = alembic_option(vm, &mut args)?;
                    Ok(match found.as_str() {
                        Some(text) if boolean => Value::Bool(&*text == "true"),
                        _ if boolean && found.is_none() => Value::Bool(false),
                        _ => found,
                    })
                })
            }
            "set_main_option" => Builtin::value("set_main_option", |vm, mut args| {
                let section = crate::frontend::alembic::host::host(vm).section.clone();
                set(vm, &section, &mut args)
            }),
            "set_section_option" => Builtin::value("set_section_option", |vm, mut args| {
                let section = args.require("set_section_option", "section")?;
                let section = vm.str(&section)?;
                set(vm, &section, &mut args)
            }),
            "remove_main_option" => Builtin::value("remove_main_option", |vm, mut args| {
                let name = args.require("remove_main_option", "name")?;
                let name = vm.str(&name)?;
                let host = crate::frontend::alembic::host::host(vm);
                if let Some(ini) = &mut *host.ini.borrow_mut() {
                    ini.remove(&host.section, &name);
                }
                Ok(Value::None)
            }),
            "get_section" => Builtin::value("get_section", |vm, mut args| {
                let section = args.require("get_section", "name")?;
                let section = vm.str(&section)?;
                let default = args.take("default").unwrap_or(Value::None);
                Ok(items(vm, &section)?.map_or(default, Value::dict))
            }),
            "items" => Builtin::value("items", |vm, mut args| {
                let section = args.require("items", "section")?;
                let section = vm.str(&section)?;
                let found = items(vm, &section)?.unwrap_or_default();
                let pair = |(key, value): (&DictKey, &Value)| {
                    Value::tuple(vec![key.value().clone(), value.clone()])
                };
                Ok(Value::list(found.iter().map(pair).collect()))
            }),
            "config_ini_section" => Value::from(host.section.as_str()),
            "config_file_name" => match &host.config_file {
                Some(path) => Value::from(path.as_str()),
                None => Value::None,
            },
            "attributes" => host
                .attributes
                .borrow_mut()
                .get_or_insert_with(|| Value::dict(Dict::default()))
                .clone(),
            "cmd_opts" => Value::native(CommandOptions),
            "print_stdout" => Builtin::value("print_stdout", |_, _| Ok(Value::None)),
            "file_config" => this.clone(),
            "get" => Builtin::value("get", |vm, mut args| {
                let section = args.require("get", "section")?;
                let section = vm.str(&section)?;
                let name = args.require("get", "option")?;
                let name = vm.str(&name)?;
                let fallback = args.keyword("fallback").unwrap_or(Value::None);
                Ok(lookup(vm, &section, &name).unwrap_or(fallback))
            }),
            "has_section" => Builtin::value("has_section", |vm, mut args| {
                let section = args.require("has_section", "section")?;
                let section = vm.str(&section)?;
                let host = crate::frontend::alembic::host::host(vm);
                let known = host.ini.borrow();
                Ok(Value::Bool(
                    known.as_ref().is_some_and(|ini| ini.has_section(&section)),
                ))
            }),
            "has_option" => Builtin::value("has_option", |vm, mut args| {
                let section = args.require("has_option", "section")?;
                let section = vm.str(&section)?;
                let name = args.require("has_option", "option")?;
                let name = vm.str(&name)?;
                Ok(Value::Bool(lookup(vm, &section, &name).is_some()))
            }),
            "sections" => {
                let known = host.ini.borrow();
                let names = known.as_ref().map(|ini| {
                    let names = ini.sections().map(Value::from);
                    names.collect::<Vec<_>>()
                });
                let names = names.unwrap_or_default();
                Builtin::value("sections", move |_, _| Ok(Value::list(names.clone())))
            }
            _ => return Ok(None),
        }))
    }
}

/// An option that a section has, interpolated; as it is written when it cannot be.
fn lookup(vm: &mut Vm, section: &str, name: &str) -> Option<Value> {
    let host = host(vm);
    let unknown = host
        .unknown_options
        .borrow()
        .iter()
        .rev()
        .find(|(of, key, _)| of == section && key.eq_ignore_ascii_case(name))
        .map(|(_, _, value)| value.clone());
    if unknown.is_some() {
        return unknown;
    }
    let known = host.ini.borrow();
    let ini = known.as_ref()?;
    match ini.get(section, name) {
        Ok(found) => found.map(|value| Value::from(value.text)),
        Err(_) => ini.raw(section, name).map(Value::from),
    }
}

fn option(vm: &mut Vm, section: &str, args: &mut Args) -> PyResult {
    let name = args.require("get_main_option", "name")?;
    let name = vm.str(&name)?;
    let default = args.take("default").unwrap_or(Value::None);
    Ok(lookup(vm, section, &name).unwrap_or(default))
}

/// An option of the ini file or of `[tool.alembic]`.
fn alembic_option(vm: &mut Vm, args: &mut Args) -> PyResult {
    let name = args.require("get_alembic_option", "name")?;
    let name = vm.str(&name)?;
    let default = args.take("default").unwrap_or(Value::None);
    let host = host(vm);
    if let Some(found) = lookup(vm, &host.section, &name) {
        return Ok(found);
    }
    let found = host.toml.as_ref().and_then(|toml| toml.option(&name).ok()?);
    Ok(found.map_or(default, |data| value_of(&data)))
}

fn value_of(data: &serde_json::Value) -> Value {
    use serde_json::Value as Data;
    match data {
        Data::Null => Value::None,
        Data::Bool(flag) => Value::Bool(*flag),
        Data::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::Float(number.as_f64().unwrap_or_default()),
        },
        Data::String(text) => Value::from(text.as_str()),
        Data::Array(items) => Value::list(items.iter().map(value_of).collect()),
        Data::Object(pairs) => {
            let mut dict = Dict::default();
            for (key, value) in pairs {
                dict.insert(DictKey::str(key), value_of(value));
            }
            Value::dict(dict)
        }
    }
}

fn set(vm: &mut Vm, section: &str, args: &mut Args) -> PyResult {
    let name = args.require("set_main_option", "name")?;
    let name = vm.str(&name)?;
    let value = args.require("set_main_option", "value")?;
    let host = host(vm);
    let mut unknown = host.unknown_options.borrow_mut();
    unknown.retain(|(of, key, _)| of != section || !key.eq_ignore_ascii_case(&name));
    if matches!(value, Value::Unknown(_)) {
        unknown.push((section.to_owned(), name, value));
        return Ok(Value::None);
    }
    drop(unknown);
    let text = vm.str(&value)?;
    let mut ini = host.ini.borrow_mut();
    ini.get_or_insert_with(Ini::empty)
        .set(section, &name, &text);
    Ok(Value::None)
}

/// All options of a section; `None` when there is no such section.
fn items(vm: &mut Vm, section: &str) -> PyResult<Option<Dict>> {
    let host = host(vm);
    let names: Vec<String> = {
        let known = host.ini.borrow();
        match known.as_ref().filter(|ini| ini.has_section(section)) {
            Some(ini) => {
                let names = ini.options(section).into_iter().map(str::to_owned);
                names.collect()
            }
            None => return Ok(None),
        }
    };
    let mut dict = Dict::default();
    for name in &names {
        if let Some(value) = lookup(vm, section, name) {
            dict.insert(DictKey::str(name), value);
        }
    }
    for (of, name, value) in host.unknown_options.borrow().iter() {
        if of == section {
            dict.insert(DictKey::str(name), value.clone());
        }
    }
    Ok(Some(dict))
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
            "sql" => Some(Value::Bool(!host.authoring.get().writes)),
            "autogenerate" if host.authoring.get().writes => {
                Some(Value::Bool(host.authoring.get().compares))
            }
            _ if host.authoring.get().writes => None,
            "tag" => Some(host.tag.as_deref().map_or(Value::None, Value::from)),
            _ => None,
        })
    }
}
