//! `registry`: classes that are mapped to tables by hand, and bases that share a `MetaData`.

use std::any::Any;
use std::rc::Rc;

use super::super::raise;
use super::super::schema::{ColumnObject, MetaDataObject, TableObject};
use super::declarative::{self, declarative_base};
use super::property::{self, Property};
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};

/// A registry.
struct Registry {
    metadata: Rc<MetaDataObject>,
}

/// `registry(metadata=…)`.
pub fn registry(_vm: &mut Vm, mut args: Args) -> PyResult {
    let metadata = args
        .keyword("metadata")
        .and_then(|metadata| metadata.downcast::<MetaDataObject>());
    Ok(of(&metadata.unwrap_or_else(MetaDataObject::empty)))
}

/// The registry of classes whose tables are of a `MetaData`.
pub fn of(metadata: &Rc<MetaDataObject>) -> Value {
    Value::native(Registry {
        metadata: Rc::clone(metadata),
    })
}

impl Native for Registry {
    fn type_name(&self) -> &str {
        "registry"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let metadata = Rc::clone(&self.metadata);
        Ok(Some(match name {
            "metadata" => Value::Native(metadata as _),
            "generate_base" => Builtin::value("generate_base", move |vm, mut args| {
                args.keyword("metadata");
                let shared = Value::Native(Rc::clone(&metadata) as _);
                args.kw.push(("metadata".into(), shared));
                declarative_base(vm, args)
            }),
            "map_imperatively" => Builtin::value("map_imperatively", map_imperatively),
            "mapped" | "map_declaratively" => Builtin::value("mapped", move |vm, mut args| {
                let class = args.require("mapped", "cls")?;
                if let Value::Class(class) = &class {
                    declarative::map(vm, class, &metadata)?;
                }
                Ok(class)
            }),
            "configure" | "dispose" => Builtin::value("configure", |_, _| Ok(Value::None)),
            _ => {
                let place = vm.location();
                Value::unknown(format!("`.{name}` of a registry"), place)
            }
        }))
    }
}

/// `registry.map_imperatively(Class, table, properties={…})`.
fn map_imperatively(vm: &mut Vm, mut args: Args) -> PyResult {
    let class = args.require("map_imperatively", "class_")?;
    let table = args.take("local_table").unwrap_or(Value::None);
    raise::known(vm, &table, "the table of a class")?;
    let (Value::Class(class), Some(table)) = (&class, table.downcast::<TableObject>()) else {
        let place = vm.location();
        return Ok(Value::unknown(
            "an imperative mapping without a table",
            place,
        ));
    };
    let mut properties = Vec::new();
    if let Some(Value::Dict(given)) = args.keyword("properties") {
        for (key, value) in given.borrow().iter() {
            if let Some(key) = key.value().as_str() {
                properties.push((key, value.clone()));
            }
        }
    }
    let mut later = Vec::new();
    for (name, value) in properties {
        let column = match value.downcast::<Property>().as_deref() {
            Some(Property::Columns(columns)) => columns.first().cloned(),
            _ => value.downcast::<ColumnObject>(),
        };
        match (column, value.downcast::<Property>()) {
            (Some(column), _) => {
                if column.key().as_ref() != Some(&name) {
                    let own = Value::Str(name.clone());
                    column
                        .attrs
                        .borrow_mut()
                        .insert(Str::from("attribute"), own);
                    table.forget();
                }
                set(class, name, Value::Native(column as _));
            }
            (None, Some(property)) => later.push((name, property)),
            (None, None) => set(class, name, value),
        }
    }
    declarative::map_table(class, &table)?;
    let columns: Vec<(Str, Rc<ColumnObject>)> = table
        .columns
        .borrow()
        .iter()
        .filter_map(|column| Some((column.key()?, Rc::clone(column))))
        .collect();
    property::complete(vm, class, &columns, &later)?;
    Ok(class
        .lookup(super::mapper::ATTRIBUTE)
        .unwrap_or(Value::None))
}

fn set(class: &Rc<Class>, name: Str, value: Value) {
    class.dict.borrow_mut().insert(name, value);
}
