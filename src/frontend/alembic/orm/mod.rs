//! Declarative classes defined in migrations: their tables, and rows added through a session.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::bind;
use super::classes::{self, Maker};
use super::schema::{ColumnObject, Item, MetaDataObject, TableObject};
use super::{raise, types};
use crate::python::class::Namespace;
use crate::python::{Args, Builtin, Class, Native, NativeClass, PyResult, Str, Value, Vm};

/// What declarative classes derive from.
struct Declarative {
    metadata: Rc<MetaDataObject>,
}

impl NativeClass for Declarative {
    fn construct(&self, _vm: &mut Vm, _class: &Rc<Class>, args: Args) -> PyResult {
        Ok(Value::native(Row {
            attrs: RefCell::new(args.kw.into_iter().collect()),
        }))
    }

    fn get_attr(&self, _vm: &mut Vm, _class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "metadata").then(|| Value::Native(Rc::clone(&self.metadata) as _)))
    }

    fn subclassed(&self, vm: &mut Vm, class: &Rc<Class>, _keywords: &Args) -> PyResult<()> {
        map(vm, class, &self.metadata)
    }
}

/// `declarative_base()`.
pub fn declarative_base(_vm: &mut Vm, mut args: Args) -> PyResult {
    let metadata = args
        .keyword("metadata")
        .and_then(|metadata| metadata.downcast::<MetaDataObject>())
        .unwrap_or_else(MetaDataObject::empty);
    Ok(Value::Class(Class::native(
        "sqlalchemy.orm.decl_api",
        "Base",
        Vec::new(),
        Declarative { metadata },
    )))
}

/// `DeclarativeBase`.
pub fn declarative_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "DeclarativeBase", |_| {
        Class::native(
            "sqlalchemy.orm.decl_api",
            "DeclarativeBase",
            Vec::new(),
            Declarative {
                metadata: MetaDataObject::empty(),
            },
        )
    })
}

/// Builds the table of a class that has a `__tablename__` or a `__table__`.
fn map(vm: &mut Vm, class: &Rc<Class>, metadata: &Rc<MetaDataObject>) -> PyResult<()> {
    let own = class.dict.borrow().get("__table__").cloned();
    if let Some(table) = own.and_then(|table| table.downcast::<TableObject>()) {
        for column in table.columns.borrow().iter() {
            if let Some(key) = column.key() {
                let column = Value::Native(Rc::clone(column) as _);
                class.dict.borrow_mut().entry(key).or_insert(column);
            }
        }
        return finish(class, &table);
    }
    let Some(name) = class.lookup("__tablename__") else {
        return Ok(());
    };
    let metadata = class
        .lookup("metadata")
        .and_then(|metadata| metadata.downcast::<MetaDataObject>())
        .unwrap_or_else(|| Rc::clone(metadata));
    let mut items = Vec::new();
    let mut seen: Vec<Str> = Vec::new();
    // Columns of mixins come with their classes, the nearest class first.
    for source in std::iter::once(class).chain(&class.mro) {
        let entries: Vec<(Str, Value)> = source
            .dict
            .borrow()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect();
        for (key, value) in entries {
            let Some(column) = value.downcast::<ColumnObject>() else {
                continue;
            };
            if seen.contains(&key) {
                continue;
            }
            seen.push(key.clone());
            let column = if Rc::ptr_eq(source, class) {
                column
            } else {
                column.copy(vm)
            };
            if column.some("name").is_none() {
                column
                    .attrs
                    .borrow_mut()
                    .insert(Str::from("name"), Value::Str(key.clone()));
            }
            let value = Value::Native(Rc::clone(&column) as _);
            class.dict.borrow_mut().insert(key, value.clone());
            items.push((column.order, value));
        }
    }
    items.sort_by_key(|(order, _)| *order);
    let mut items: Vec<Value> = items.into_iter().map(|(_, item)| item).collect();
    let mut args = Args::default();
    if let Some(given) = class.lookup("__table_args__") {
        let parts = match &given {
            Value::Dict(_) => vec![given.clone()],
            Value::Tuple(_) | Value::List(_) => vm.iterate(&given)?,
            _ => Vec::new(),
        };
        for part in parts {
            match &part {
                Value::Dict(entries) => {
                    for (key, value) in entries.borrow().iter() {
                        if let Some(key) = key.value().as_str() {
                            args.kw.push((key, value.clone()));
                        }
                    }
                }
                part if part.downcast::<Item>().is_some() => items.push(part.clone()),
                _ => {}
            }
        }
    }
    args.kw.retain(|(key, _)| {
        !matches!(
            &**key,
            "extend_existing" | "keep_existing" | "autoload" | "autoload_with"
        )
    });
    let table = TableObject::construct(vm, &name, &items, args, &metadata, false)?;
    metadata.add(&table);
    class.dict.borrow_mut().insert(
        Str::from("__table__"),
        Value::Native(Rc::clone(&table) as _),
    );
    finish(class, &table)
}

fn finish(class: &Rc<Class>, table: &Rc<TableObject>) -> PyResult<()> {
    let table = Value::Native(Rc::clone(table) as _);
    let element = Builtin::value("__clause_element__", move |vm, _| {
        vm.call_method(&table, "__clause_element__", Args::default())
    });
    class
        .dict
        .borrow_mut()
        .insert(Str::from("__clause_element__"), element);
    Ok(())
}

/// `mapped_column(…)`: a column.
pub fn mapped_column(vm: &mut Vm, mut args: Args) -> PyResult {
    for keyword in [
        "init",
        "repr",
        "default_factory",
        "compare",
        "kw_only",
        "sort_order",
        "deferred",
        "deferred_group",
        "use_existing_column",
        "active_history",
    ] {
        args.keyword(keyword);
    }
    Ok(Value::Native(ColumnObject::construct(vm, args)? as _))
}

/// An object of a declarative class.
struct Row {
    attrs: RefCell<Namespace>,
}

impl Native for Row {
    fn type_name(&self) -> &str {
        "object"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(self.attrs.borrow().get(name).cloned())
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        self.attrs.borrow_mut().insert(Str::from(name), value);
        Ok(true)
    }
}

/// Writes an object that was added to a session.
pub fn insert(vm: &mut Vm, object: &Value) -> PyResult<()> {
    raise::known(vm, object, "the object to be added")?;
    let table = vm.find_attr(object, "__table__")?;
    let Some(table) = table.and_then(|table| table.downcast::<TableObject>()) else {
        return Err(raise::unsupported(
            vm,
            "adding an object whose table is not known",
        ));
    };
    let columns = table.columns.borrow().clone();
    let mut values = Args::default();
    for column in columns {
        let Some(key) = column.key() else { continue };
        let set = match object {
            Value::Instance(instance) => instance.dict.borrow().get(&key).cloned(),
            _ => None,
        };
        let set = match set {
            Some(set) => Some(set),
            None => object
                .downcast::<Row>()
                .and_then(|row| row.attrs.borrow().get(&key).cloned()),
        };
        let mut set = match set {
            Some(set) => set,
            None => match column.some("default") {
                Some(default) if default.downcast::<Item>().is_none() => match &default {
                    Value::Function(_) | Value::Builtin(_) | Value::BoundMethod(_) => {
                        vm.call(&default, Args::default())?
                    }
                    _ => default,
                },
                _ => continue,
            },
        };
        if let Some(data_type) = column.attr("type_") {
            let data_type = types::instance_of(vm, &data_type)?;
            set = types::bind_value(vm, &data_type, &set)?;
        }
        values.kw.push((key, set));
    }
    let table = Value::Native(table as _);
    let statement = vm.call_method(&table, "insert", Args::default())?;
    let statement = vm.call_method(&statement, "values", values)?;
    bind::execute(vm, Args::of(vec![statement]))?;
    Ok(())
}

/// `inspect(Model)`: the mapper, which is not known.
pub fn inspect(vm: &mut Vm, target: &Value) -> PyResult<Option<Value>> {
    match target {
        Value::Class(class) if class.lookup("__table__").is_some() => {
            let place = vm.location();
            Ok(Some(Value::unknown("the mapper of a class", place)))
        }
        _ => Ok(None),
    }
}

/// Classes of `sqlalchemy.orm` that appear in annotations only.
pub fn marker(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    const MARKERS: &[&str] = &[
        "Mapped",
        "WriteOnlyMapped",
        "DynamicMapped",
        "Query",
        "Mapper",
    ];
    let name = MARKERS.iter().find(|known| **known == name)?;
    Some(classes::plain(vm, "sqlalchemy.orm", name, || {
        Maker::new(|_, _, _| Ok(Value::None))
    }))
}
