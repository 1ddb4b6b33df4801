//! Database URLs, as far as they say which dialect and driver are meant.

use std::any::Any;
use std::rc::Rc;

use super::dialect;
use crate::frontend::alembic::classes::{self, Maker};
use crate::frontend::alembic::host::host;
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};
use crate::source::Location;

/// A URL.
struct Url {
    /// `postgresql+psycopg2`.
    drivername: Str,
    /// The text, where it was given as one.
    text: Option<Str>,
    place: Option<Location>,
}

/// `engine.url`.
pub fn url(drivername: &str, place: Option<Location>) -> Value {
    Value::native(Url {
        drivername: Str::from(drivername),
        text: None,
        place,
    })
}

/// The class `URL`.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.engine.url", "URL", || {
        Maker::new(|vm, _, args| create(vm, args)).with_attrs(|_, _, name| {
            Ok((name == "create").then(|| Builtin::value("create", create)))
        })
    })
}

/// `URL.create(drivername, …)`.
fn create(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("create", "drivername")?;
    if matches!(name, Value::Unknown(_)) {
        return Ok(name);
    }
    let (name, place) = (vm.str(&name)?, vm.location());
    Ok(url(&name, place))
}

/// `make_url(text)`.
pub fn make_url(vm: &mut Vm, mut args: Args) -> PyResult {
    let given = args.require("make_url", "name_or_url")?;
    if matches!(given, Value::Unknown(_)) || given.downcast::<Url>().is_some() {
        return Ok(given);
    }
    let text = vm.str(&given)?;
    Ok(match text.split_once("://") {
        Some((drivername, _)) => Value::native(Url {
            drivername: Str::from(drivername),
            place: vm.location(),
            text: Some(text),
        }),
        None => {
            let what = format!("a URL made of {text:?}");
            Value::unknown(what, vm.location())
        }
    })
}

/// The URL of the run: that of the ini file, or the dialect's name alone. The usual driver is
/// left out.
pub fn url_of_run(vm: &mut Vm) -> Value {
    let (host, place) = (host(vm), vm.location());
    let known = host.ini.borrow();
    let given = known
        .as_ref()
        .and_then(|ini| ini.get(&host.section, "sqlalchemy.url").ok()?)
        .filter(|found| crate::config::url_scheme(&found.text).is_some());
    match given {
        Some(found) => {
            let (drivername, _) = found.text.split_once("://").unwrap_or_default();
            url(drivername, place)
        }
        None => url(&host.target.dialect, place),
    }
}

/// The URL that an engine is made for, with `create_engine` or a section of the ini file.
pub fn of_engine(vm: &mut Vm, mut args: Args) -> PyResult {
    let given = args
        .take("url")
        .or_else(|| args.keyword("configuration"))
        .unwrap_or(Value::None);
    let Value::Dict(options) = &given else {
        return make_url(vm, Args::of(vec![given]));
    };
    let prefix = match args.take("prefix") {
        Some(prefix) => vm.str(&prefix)?,
        None => Str::from("sqlalchemy."),
    };
    let key = format!("{prefix}url");
    let found = options
        .borrow()
        .iter()
        .find(|(known, _)| known.value().as_str().as_deref() == Some(&*key))
        .map(|(_, value)| value.clone());
    match found {
        Some(url) => make_url(vm, Args::of(vec![url])),
        None => Ok(Value::unknown(format!("the option `{key}`"), vm.location())),
    }
}

impl Native for Url {
    fn type_name(&self) -> &str {
        "URL"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let (backend, driver) = match self.drivername.split_once('+') {
            Some((backend, driver)) => (backend, Some(driver)),
            None => (&*self.drivername, None),
        };
        let held = this.clone();
        Ok(Some(match name {
            "drivername" => Value::Str(self.drivername.clone()),
            "get_backend_name" => {
                let backend = Value::from(backend);
                Builtin::value("get_backend_name", move |_, _| Ok(backend.clone()))
            }
            "get_driver_name" => {
                let driver = match driver {
                    Some(driver) => Value::from(driver),
                    None => Value::from(dialect::facts(vm, backend).driver.as_str()),
                };
                Builtin::value("get_driver_name", move |_, _| Ok(driver.clone()))
            }
            "get_dialect" => {
                let class = Value::Class(dialect::dialect_class(vm, backend));
                Builtin::value("get_dialect", move |_, _| Ok(class.clone()))
            }
            "render_as_string" | "__to_string__" => {
                Builtin::value("render_as_string", move |vm, _| {
                    vm.str(&held).map(Value::Str)
                })
            }
            "set" | "_replace" => {
                let (text, kept) = (self.text.clone(), self.drivername.clone());
                Builtin::value("set", move |vm, mut args| {
                    let changed = match args.keyword("drivername") {
                        Some(Value::Unknown(unknown)) => return Ok(Value::Unknown(unknown)),
                        Some(name) => vm.str(&name)?,
                        None => kept.clone(),
                    };
                    let rest = text.as_ref().filter(|_| args.kw.is_empty());
                    let rest = rest.and_then(|text| text.split_once("://"));
                    Ok(Value::native(Url {
                        text: rest.map(|(_, rest)| Str::from(format!("{changed}://{rest}"))),
                        drivername: changed,
                        place: vm.location(),
                    }))
                })
            }
            "update_query_dict"
            | "update_query_pairs"
            | "update_query_string"
            | "difference_update_query" => {
                Builtin::value("update_query_dict", move |_, _| Ok(held.clone()))
            }
            "database" | "host" | "port" | "username" | "password" | "query" => {
                Value::unknown(format!("the database URL's {name}"), self.place.clone())
            }
            _ => return Ok(None),
        }))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(match &self.text {
            Some(text) => text.clone(),
            None => Str::from(format!("{}://", self.drivername)),
        }))
    }
}
