//! `bind.dialect`.

use std::any::Any;
use std::rc::Rc;

use super::connection;
use crate::datatype::{Family, spec};
use crate::dialect::{Bind, Dialect};
use crate::frontend::alembic::classes;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::{convert, raise, types};
use crate::python::{Args, Builtin, Class, Native, NativeClass, PyResult, Str, Value, Vm};

/// The dialect of the run.
pub struct DialectObject {
    name: Str,
}

/// The dialect of the run.
pub fn dialect(vm: &mut Vm) -> Value {
    Value::native(DialectObject {
        name: host(vm).target.dialect.clone(),
    })
}

struct DialectClass(Str);

impl NativeClass for DialectClass {
    fn construct(&self, _vm: &mut Vm, _class: &Rc<Class>, _args: Args) -> PyResult {
        Ok(Value::native(DialectObject {
            name: self.0.clone(),
        }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "name").then(|| Value::Str(self.0.clone())))
    }
}

/// The class of a dialect, `postgresql.dialect`. A dialect that extends another derives from it.
pub fn dialect_class(vm: &mut Vm, name: &str) -> Rc<Class> {
    classes::get(vm, &format!("dialect class {name}"), |vm| {
        let loaded = Dialect::load(name, None, false).ok();
        let base = loaded.and_then(|dialect| dialect.lineage().get(1).cloned());
        let bases = base.map(|base| dialect_class(vm, &base));
        let module = format!("sqlalchemy.dialects.{name}");
        Class::native(
            &module,
            "dialect",
            bases.into_iter().collect(),
            DialectClass(Str::from(name)),
        )
    })
}

/// What SQLAlchemy shows of a dialect.
pub(super) fn facts(vm: &mut Vm, dialect: &str) -> Rc<Bind> {
    let target = &host(vm).target;
    if *target.dialect == *dialect
        && let Some(facts) = &target.bind
    {
        return Rc::clone(facts);
    }
    match Dialect::load(dialect, None, false) {
        Ok(dialect) => Rc::new(dialect.facts().bind.clone()),
        Err(_) => Rc::default(),
    }
}

/// A question to the database that old code asks the dialect.
fn question(method: &'static str) -> Value {
    Builtin::value(method, move |vm, mut args| {
        args.require(method, "connection")?;
        if host(vm).compat {
            return Err(raise::argument(
                vm,
                format!(
                    "The argument passed to Dialect.{method}() should be a <class \
                     'sqlalchemy.engine.base.Connection'>, got <class \
                     'sqlalchemy.engine.mock.MockConnection'>."
                ),
            ));
        }
        let bind = connection(vm);
        let inspector = super::inspect(vm, Args::of(vec![bind]))?;
        vm.call_method(&inspector, method, args)
    })
}

impl Native for DialectObject {
    fn type_name(&self) -> &str {
        "Dialect"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(dialect_class(vm, &self.name))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(flag) = facts(vm, &self.name).flags.get(name) {
            return Ok(Some(Value::Bool(*flag)));
        }
        Ok(Some(match name {
            "name" => Value::Str(self.name.clone()),
            "driver" => Value::from(facts(vm, &self.name).driver.as_str()),
            "dialect_description" => {
                let driver = facts(vm, &self.name).driver.clone();
                Value::from(format!("{}+{driver}", self.name).as_str())
            }
            "type_descriptor" => Builtin::value("type_descriptor", |vm, mut args| {
                let data_type = args.require("type_descriptor", "typeobj")?;
                let instance = types::instance_of(vm, &data_type)?;
                adapted(vm, instance)
            }),
            "server_version_info" => match &host(vm).target.version {
                Some(parts) => Value::tuple(parts.iter().copied().map(Value::Int).collect()),
                None if host(vm).compat => match facts(vm, &self.name).empty_version {
                    true => Value::tuple(Vec::new()),
                    false => Value::None,
                },
                None => Value::unknown(
                    "the server's version (say it with `--dialect NAME:VERSION`)",
                    vm.location(),
                ),
            },
            "default_schema_name" => host(vm)
                .target
                .default_schema
                .clone()
                .map_or(Value::None, Value::Str),
            "type_compiler" | "type_compiler_instance" => super::compiler(vm),
            "paramstyle" => Value::from("named"),
            "is_async" => Value::Bool(false),
            "identifier_preparer" | "preparer" => Value::native(Preparer),
            "has_table" => question("has_table"),
            "has_index" => question("has_index"),
            "has_schema" => question("has_schema"),
            "has_sequence" => question("has_sequence"),
            "get_columns" => question("get_columns"),
            "max_identifier_length" => {
                Value::unknown("the dialect's longest identifier", vm.location())
            }
            _ => return Ok(None),
        }))
    }
}

/// What the dialect has in place of a type: an instance of another class, for the classes that
/// the dialect implements in its own way.
fn adapted(vm: &mut Vm, instance: Value) -> PyResult {
    let pairs = Rc::clone(&host(vm).target.adapted);
    let Ok(data_type) = types::data_type(vm, &instance) else {
        return Ok(instance);
    };
    // Text keeps its own type where the driver's is only another word for it.
    let text = matches!(data_type.spec.family, Family::String | Family::Unicode);
    if text && !host(vm).compat {
        return Ok(instance);
    }
    let mut at = Some(data_type.spec);
    while let Some(row) = at {
        if let Some((_, name)) = pairs.iter().find(|(from, _)| &**from == row.name) {
            return match spec(name) {
                Some(to) if to != data_type.spec => {
                    let mut made = data_type.clone();
                    made.spec = to;
                    made.args.retain(|(key, _)| to.params.contains(key));
                    types::value_of(vm, &made)
                }
                _ => Ok(instance),
            };
        }
        at = row.parent.and_then(spec);
    }
    Ok(instance)
}

/// `dialect.identifier_preparer`.
struct Preparer;

impl Native for Preparer {
    fn type_name(&self) -> &str {
        "IdentifierPreparer"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let always = match name {
            "quote_identifier" => true,
            "quote" | "quote_schema" | "format_table" | "format_column" | "format_schema" => false,
            _ => return Ok(None),
        };
        Ok(Some(Builtin::value("quote", move |vm, mut args| {
            let value = args.require("quote", "ident")?;
            let mut name = convert::column_name(vm, &value, "the identifier")?;
            if always {
                name.quote = Some(true);
            }
            match &host(vm).target.quote {
                Some(quote) => Ok(Value::from(quote(&host(vm).target.dialect, &name))),
                None => Err(raise::unsupported(vm, "the dialect's identifier preparer")),
            }
        })))
    }
}
