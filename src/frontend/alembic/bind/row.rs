//! A row whose values are known.

use std::any::Any;
use std::rc::Rc;

use crate::python::{Builtin, CompareOp, Dict, DictKey, Native, PyResult, Str, Value, Vm};

/// A row: a tuple whose columns have names as well.
pub struct Row {
    columns: Rc<[Str]>,
    cells: Rc<[Value]>,
}

impl Row {
    /// A row of these columns.
    pub fn value(columns: Rc<[Str]>, cells: Vec<Value>) -> Value {
        Value::native(Self {
            columns,
            cells: cells.into(),
        })
    }

    /// The values alone.
    pub fn tuple(&self) -> Value {
        Value::Tuple(Rc::clone(&self.cells))
    }

    fn cell(&self, name: &str) -> Option<Value> {
        let at = self.columns.iter().position(|column| **column == *name)?;
        self.cells.get(at).cloned()
    }

    /// The values by their columns' names.
    pub fn mapping(&self) -> Value {
        let mut dict = Dict::default();
        for (column, cell) in self.columns.iter().zip(self.cells.iter()) {
            dict.insert(DictKey::str(column), cell.clone());
        }
        Value::dict(dict)
    }
}

impl Native for Row {
    fn type_name(&self) -> &str {
        "Row"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(cell) = self.cell(name) {
            return Ok(Some(cell));
        }
        Ok(match name {
            "_mapping" => Some(self.mapping()),
            "_asdict" => {
                let mapping = self.mapping();
                Some(Builtin::value("_asdict", move |_, _| Ok(mapping.clone())))
            }
            "_fields" => Some(Value::tuple(
                self.columns.iter().cloned().map(Value::Str).collect(),
            )),
            "keys" => {
                let names = self.columns.iter().cloned().map(Value::Str).collect();
                let names = Value::list(names);
                Some(Builtin::value("keys", move |_, _| Ok(names.clone())))
            }
            "count" | "index" => Some(vm.get_attr(&self.tuple(), name)?),
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        if let Some(name) = index.as_str()
            && let Some(cell) = self.cell(&name)
        {
            // SQLAlchemy 1.x.
            return Ok(Some(cell));
        }
        vm.get_item(&self.tuple(), index).map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let other = match other.downcast::<Self>() {
            Some(row) => row.tuple(),
            None => other.clone(),
        };
        vm.compare(op, &self.tuple(), &other).map(Some)
    }

    fn contains(&self, _this: &Value, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        for cell in self.cells.iter() {
            if vm.equal(cell, item)? {
                return Ok(Some(true));
            }
        }
        Ok(Some(false))
    }

    fn iter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Ok(Some(self.cells.to_vec()))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.cells.len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(!self.cells.is_empty()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        vm.repr(&self.tuple()).map(Some)
    }

    fn key(&self) -> Option<Value> {
        Some(self.tuple())
    }
}
