//! `table.c`.

use std::any::Any;
use std::rc::Rc;

use super::column::ColumnObject;
use super::table::TableObject;
use crate::python::{Builtin, Native, PyResult, Raise, Str, Value, Vm};

/// The columns of a table, by key.
pub struct Columns {
    table: Rc<TableObject>,
}

impl Columns {
    /// The columns of `table`.
    pub fn new(table: &Rc<TableObject>) -> Self {
        Self {
            table: Rc::clone(table),
        }
    }

    fn values(&self) -> Vec<Value> {
        self.table
            .columns
            .borrow()
            .iter()
            .map(|column| Value::Native(Rc::clone(column) as _))
            .collect()
    }

    fn keys(&self) -> Vec<Value> {
        self.table
            .columns
            .borrow()
            .iter()
            .map(|column| column.key().map_or(Value::None, Value::Str))
            .collect()
    }

    fn get(&self, key: &str) -> Option<Value> {
        self.table
            .column(key)
            .map(|column| Value::Native(column as _))
    }
}

impl Native for Columns {
    fn type_name(&self) -> &str {
        "ReadOnlyColumnCollection"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(column) = self.get(name) {
            return Ok(Some(column));
        }
        let table = Rc::clone(&self.table);
        Ok(Some(match name {
            "keys" => Builtin::value("keys", move |_, _| {
                Ok(Value::list(Columns::new(&table).keys()))
            }),
            "values" => Builtin::value("values", move |_, _| {
                Ok(Value::list(Columns::new(&table).values()))
            }),
            "items" => Builtin::value("items", move |_, _| {
                let columns = Columns::new(&table);
                let pairs = columns.keys().into_iter().zip(columns.values());
                Ok(Value::list(
                    pairs
                        .map(|(key, value)| Value::tuple(vec![key, value]))
                        .collect(),
                ))
            }),
            "get" => Builtin::value("get", move |_, mut args| {
                let key = args.require("get", "key")?;
                let default = args.take("default").unwrap_or(Value::None);
                Ok(key
                    .as_str()
                    .and_then(|key| Columns::new(&table).get(&key))
                    .unwrap_or(default))
            }),
            "contains_column" => Builtin::value("contains_column", move |_, mut args| {
                let column = args.require("contains_column", "col")?;
                Ok(Value::Bool(
                    Columns::new(&table)
                        .values()
                        .iter()
                        .any(|known| known.is(&column)),
                ))
            }),
            "__contains__" | "has_key" => Builtin::value("__contains__", move |_, mut args| {
                let key = args.require("__contains__", "key")?;
                Ok(Value::Bool(
                    key.as_str().is_some_and(|key| table.column(&key).is_some()),
                ))
            }),
            _ => return Err(Raise::exception("AttributeError", name)),
        }))
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        if let Some(key) = index.as_str() {
            return match self.get(&key) {
                Some(column) => Ok(Some(column)),
                None => Err(Raise::exception("KeyError", format!("'{key}'"))),
            };
        }
        vm.get_item(&Value::list(self.values()), index).map(Some)
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(Some(match item.as_str() {
            Some(key) => self.get(&key).is_some(),
            None => item.downcast::<ColumnObject>().is_some_and(|column| {
                self.table
                    .columns
                    .borrow()
                    .iter()
                    .any(|known| Rc::ptr_eq(known, &column))
            }),
        }))
    }

    fn iter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Ok(Some(self.values()))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.table.columns.borrow().len()))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(Str::from("ReadOnlyColumnCollection")))
    }
}
