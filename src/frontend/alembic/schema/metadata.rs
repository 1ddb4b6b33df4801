//! `MetaData`.

use std::any::Any;
use std::cell::RefCell;
use std::rc::{Rc, Weak};

use super::super::classes::{self, Maker};
use super::super::earlier;
use super::super::host::record_spelled;
use super::super::{convert, name, raise};
use super::table::{TableObject, is_done, make};
use super::{circles, own_types, reflect};
use crate::expression::Ident;
use crate::operation::Along;
use crate::python::{Args, Builtin, Class, Dict, DictKey, Native, PyResult, Str, Value, Vm};

/// A collection of tables.
pub struct MetaDataObject {
    schema: RefCell<Option<Ident>>,
    tables: RefCell<Vec<Rc<TableObject>>>,
    attrs: RefCell<Vec<(Str, Value)>>,
    /// The classes that are mapped to its tables.
    models: RefCell<Vec<Weak<Class>>>,
}

impl MetaDataObject {
    /// An empty one.
    pub fn empty() -> Rc<Self> {
        Rc::new(Self {
            schema: RefCell::default(),
            tables: RefCell::default(),
            attrs: RefCell::default(),
            models: RefCell::default(),
        })
    }

    /// Notes a class that is mapped to one of its tables.
    pub fn add_model(&self, class: &Rc<Class>) {
        self.models.borrow_mut().push(Rc::downgrade(class));
    }

    /// The mapped class of a name, where there is one.
    pub fn model(&self, name: &str) -> Option<Rc<Class>> {
        let models = self.models.borrow();
        let mut named = models.iter().filter_map(Weak::upgrade);
        let found = named.find(|class| &*class.name == name)?;
        named.all(|class| &*class.name != name).then_some(found)
    }

    /// Its tables, in the order in which they were made.
    pub fn tables(&self) -> Vec<Rc<TableObject>> {
        self.tables.borrow().clone()
    }

    /// Its default schema.
    pub fn schema(&self) -> Option<Ident> {
        self.schema.borrow().clone()
    }

    /// The table with that key.
    pub fn table(&self, key: &str) -> Option<Rc<TableObject>> {
        self.tables
            .borrow()
            .iter()
            .find(|table| &*table.key() == key)
            .cloned()
    }

    /// The connection that the tables use where none is given, as up to SQLAlchemy 1.4:
    /// `MetaData(bind=…)`, `metadata.bind = …`.
    pub(super) fn bound(&self, vm: &mut Vm) -> Option<Value> {
        if !earlier::is_read(vm) {
            return None;
        }
        let attrs = self.attrs.borrow();
        let bound = attrs.iter().find(|(key, _)| &**key == "bind");
        bound
            .map(|(_, value)| value.clone())
            .filter(|value| !value.is_none())
    }

    /// Takes `bind` out of a call's arguments, unless the tables have one of their own.
    pub(super) fn require_bind(
        &self,
        vm: &mut Vm,
        args: &mut Args,
        function: &str,
    ) -> PyResult<()> {
        if args.take("bind").is_none() && self.bound(vm).is_none() {
            args.require(function, "bind")?;
        }
        Ok(())
    }

    /// Adds a table, or replaces the one with the same key.
    pub fn add(&self, table: &Rc<TableObject>) {
        let mut tables = self.tables.borrow_mut();
        let key = table.key();
        match tables.iter().position(|known| known.key() == key) {
            Some(index) => tables[index] = Rc::clone(table),
            None => tables.push(Rc::clone(table)),
        }
    }

    /// Takes a table out.
    pub fn remove(&self, table: &Rc<TableObject>) {
        self.tables
            .borrow_mut()
            .retain(|known| !Rc::ptr_eq(known, table));
    }

    /// `naming_convention=` as pairs of the keys that are text.
    pub fn naming_convention(&self, vm: &mut Vm) -> PyResult<Vec<(Str, Str)>> {
        let given = self
            .attrs
            .borrow()
            .iter()
            .find(|(key, _)| &**key == "naming_convention")
            .map(|(_, value)| value.clone());
        match given {
            Some(value) => naming_convention(vm, &value),
            None => Ok(Vec::new()),
        }
    }

    /// The tables by their names, and so that those referred to come before those that refer to them.
    pub fn sorted(&self, vm: &mut Vm) -> PyResult<Vec<Rc<TableObject>>> {
        let mut tables = self.tables();
        tables.sort_by_key(|table| table.key());
        Self::by_reference(vm, tables)
    }

    /// Tables so that those referred to come before those that refer to them, otherwise in the order
    /// that they have.
    fn by_reference(vm: &mut Vm, tables: Vec<Rc<TableObject>>) -> PyResult<Vec<Rc<TableObject>>> {
        let mut edges: Vec<(Str, Vec<Str>)> = Vec::with_capacity(tables.len());
        for table in &tables {
            edges.push((table.key(), table.referents(vm)?));
        }
        Ok(Self::in_order(tables, edges).unwrap_or_else(|partly| partly))
    }

    /// Tables so that each comes behind those that it waits for; with a circle, what is left keeps its
    /// order, and the answer is an error.
    pub(super) fn in_order(
        mut todo: Vec<Rc<TableObject>>,
        edges: Vec<(Str, Vec<Str>)>,
    ) -> Result<Vec<Rc<TableObject>>, Vec<Rc<TableObject>>> {
        let mut sorted = Vec::with_capacity(todo.len());
        while !todo.is_empty() {
            let waiting: Vec<Str> = todo.iter().map(|table| table.key()).collect();
            let is_free = |table: &Rc<TableObject>| {
                let key = table.key();
                edges
                    .iter()
                    .find(|(known, _)| *known == key)
                    .is_none_or(|(_, referents)| {
                        referents
                            .iter()
                            .all(|other| *other == key || !waiting.contains(other))
                    })
            };
            let free: Vec<bool> = todo.iter().map(is_free).collect();
            if !free.contains(&true) {
                sorted.append(&mut todo);
                return Err(sorted);
            }
            let mut rest = Vec::new();
            for (table, free) in todo.into_iter().zip(free) {
                if free {
                    sorted.push(table);
                } else {
                    rest.push(table);
                }
            }
            todo = rest;
        }
        Ok(sorted)
    }
}

/// A naming convention as pairs: kind and template.
pub fn naming_convention(vm: &mut Vm, value: &Value) -> PyResult<Vec<(Str, Str)>> {
    let Value::Dict(entries) = value else {
        return Ok(Vec::new());
    };
    let entries: Vec<(Value, Value)> = entries
        .borrow()
        .iter()
        .map(|(key, value)| (key.value().clone(), value.clone()))
        .collect();
    let mut pairs = Vec::new();
    for (key, value) in entries {
        let key = match &key {
            Value::Class(class) => Str::from(match &*class.name {
                "Index" => "ix",
                "CheckConstraint" => "ck",
                "UniqueConstraint" => "uq",
                "ForeignKeyConstraint" => "fk",
                "PrimaryKeyConstraint" => "pk",
                other => other,
            }),
            key => match key.as_str() {
                Some(key) => key,
                None => continue,
            },
        };
        raise::known(vm, &value, "the naming convention")?;
        if let Some(value) = value.as_str() {
            pairs.push((key, value));
        }
    }
    Ok(pairs)
}

/// The class `MetaData`.
pub fn class(vm: &mut Vm) -> Rc<Class> {
    classes::plain(vm, "sqlalchemy.sql.schema", "MetaData", || {
        Maker::new(|vm, _, mut args| {
            let mut attrs = Vec::new();
            // It was the first parameter.
            if earlier::is_read(vm)
                && let Some(bind) = match args.pos.first() {
                    Some(Value::Native(_)) => args.take("bind"),
                    _ => args.keyword("bind"),
                }
            {
                attrs.push((Str::from("bind"), bind));
            }
            let schema = args.take("schema").unwrap_or(Value::None);
            for keyword in ["quote_schema", "naming_convention", "info", "resolve_fks"] {
                if let Some(value) = args.take(keyword) {
                    attrs.push((Str::from(keyword), value));
                }
            }
            args.finish("MetaData.__init__")?;
            Ok(Value::Native(Rc::new(MetaDataObject {
                schema: RefCell::new(name::optional_ident(vm, &schema, "the schema")?),
                tables: RefCell::default(),
                attrs: RefCell::new(attrs),
                models: RefCell::default(),
            })))
        })
    })
}

fn chosen(
    vm: &mut Vm,
    metadata: &MetaDataObject,
    args: &mut Args,
) -> PyResult<Vec<Rc<TableObject>>> {
    let tables = match args.take("tables").filter(|tables| !tables.is_none()) {
        None => metadata.tables(),
        Some(tables) => {
            raise::known(vm, &tables, "the tables to create")?;
            vm.iterate(&tables)?
                .iter()
                .filter_map(Value::downcast::<TableObject>)
                .collect()
        }
    };
    Ok(tables)
}

impl Native for MetaDataObject {
    fn type_name(&self) -> &str {
        "MetaData"
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(metadata) = this.downcast::<MetaDataObject>() else {
            return Ok(None);
        };
        Ok(Some(match name {
            "schema" => match &*self.schema.borrow() {
                Some(schema) => convert::ident_value(schema),
                None => Value::None,
            },
            "tables" => {
                let mut dict = Dict::default();
                for table in self.tables.borrow().iter() {
                    dict.insert(
                        DictKey::str(table.key()),
                        Value::Native(Rc::clone(table) as _),
                    );
                }
                Value::dict(dict)
            }
            "sorted_tables" => Value::list(
                self.sorted(vm)?
                    .into_iter()
                    .map(|table| Value::Native(table as _))
                    .collect(),
            ),
            "create_all" | "drop_all" => {
                let create = name == "create_all";
                Builtin::value("create_all", move |vm, mut args| {
                    metadata.require_bind(vm, &mut args, "create_all")?;
                    let mut tables = chosen(vm, &metadata, &mut args)?;
                    let checkfirst = match args.take("checkfirst") {
                        Some(value) => convert::truth(vm, &value, "checkfirst")?,
                        None => true,
                    };
                    if checkfirst {
                        tables.retain(|table| !is_done(vm, table, create));
                    }
                    if create {
                        own_types::create_or_drop(vm, &metadata.tables(), true, checkfirst)?;
                        let order = circles::of_creation(vm, tables)?;
                        for table in &order.tables {
                            let left_out = order.left_out(table);
                            make(vm, table, true, (Along::AllButTypes, left_out))?;
                        }
                        for operation in order.additions() {
                            record_spelled(vm, operation, None)?;
                        }
                    } else {
                        let order = circles::of_removal(vm, tables)?;
                        for operation in order.removals() {
                            record_spelled(vm, operation, None)?;
                        }
                        for table in &order.tables {
                            make(vm, table, false, (Along::AllButTypes, |_| false))?;
                        }
                        own_types::create_or_drop(vm, &metadata.tables(), false, checkfirst)?;
                    }
                    Ok(Value::None)
                })
            }
            "reflect" => Builtin::value("reflect", move |vm, args| {
                reflect::metadata(vm, &metadata, args)
            }),
            "clear" => Builtin::value("clear", move |_, _| {
                metadata.tables.borrow_mut().clear();
                Ok(Value::None)
            }),
            "remove" => Builtin::value("remove", move |_, mut args| {
                let table = args.require("remove", "table")?;
                if let Some(table) = table.downcast::<TableObject>() {
                    metadata.remove(&table);
                }
                Ok(Value::None)
            }),
            "info" => {
                let mut attrs = self.attrs.borrow_mut();
                match attrs.iter().find(|(key, _)| &**key == name) {
                    Some((_, info)) => info.clone(),
                    None => {
                        // What is put into it stays in it.
                        let info = Value::dict(Dict::default());
                        attrs.push((Str::from(name), info.clone()));
                        info
                    }
                }
            }
            "naming_convention" => self
                .attrs
                .borrow()
                .iter()
                .find(|(key, _)| &**key == name)
                .map_or_else(|| Value::dict(Dict::default()), |(_, value)| value.clone()),
            _ => {
                return Ok(self
                    .attrs
                    .borrow()
                    .iter()
                    .find(|(key, _)| &**key == name)
                    .map(|(_, value)| value.clone()));
            }
        }))
    }

    fn set_attr(&self, _this: &Value, vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        if name == "schema" {
            *self.schema.borrow_mut() = name::optional_ident(vm, &value, "the schema")?;
        } else {
            let mut attrs = self.attrs.borrow_mut();
            attrs.retain(|(key, _)| &**key != name);
            attrs.push((Str::from(name), value));
        }
        Ok(true)
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(Some(
            item.as_str().is_some_and(|key| self.table(&key).is_some()),
        ))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(Str::from("MetaData()")))
    }
}
