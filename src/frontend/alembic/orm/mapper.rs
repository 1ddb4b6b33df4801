//! What is known about a mapped class.

use std::any::Any;
use std::rc::Rc;

use super::super::schema::{ColumnObject, TableObject};
use super::relation::Relation;
use crate::python::{Class, Native, PyResult, Str, Value, Vm};

/// The attribute of a class that its mapper is kept under.
pub const ATTRIBUTE: &str = "__mapper__";

/// A mapped class: its table, and the attributes that stand for columns.
pub struct Mapper {
    /// The table.
    pub table: Rc<TableObject>,
    /// Attributes and their columns.
    pub columns: Vec<(Str, Rc<ColumnObject>)>,
    /// Relationships.
    pub relations: Vec<(Str, Rc<Relation>)>,
    /// Other attributes.
    pub others: Vec<Str>,
}

impl Mapper {
    /// The attributes and columns of the primary key.
    pub fn primary_key(&self) -> Vec<(Str, Rc<ColumnObject>)> {
        let is_key = |column: &Rc<ColumnObject>| {
            column.attr("primary_key").and_then(|v| v.as_bool()) == Some(true)
        };
        self.columns
            .iter()
            .filter(|(_, column)| is_key(column))
            .cloned()
            .collect()
    }
}

impl Native for Mapper {
    fn type_name(&self) -> &str {
        "Mapper"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let table = Value::Native(Rc::clone(&self.table) as _);
        Ok(Some(match name {
            "local_table" | "mapped_table" | "persist_selectable" | "selectable" => table,
            "columns" | "c" | "column_attrs" => vm.get_attr(&table, "c")?,
            "tables" => Value::list(vec![table]),
            "primary_key" => Value::tuple(
                self.primary_key()
                    .into_iter()
                    .map(|(_, column)| Value::Native(column as _))
                    .collect(),
            ),
            _ => {
                let place = vm.location();
                Value::unknown(format!("`.{name}` of the mapper of a class"), place)
            }
        }))
    }
}

/// The mapper of a class, when it is mapped.
pub fn mapper_of(class: &Class) -> Option<Rc<Mapper>> {
    class
        .lookup(ATTRIBUTE)
        .and_then(|mapper| mapper.downcast::<Mapper>())
}

/// `inspect(Model)`.
pub fn inspect(_vm: &mut Vm, target: &Value) -> PyResult<Option<Value>> {
    let class = match target {
        Value::Class(class) => Rc::clone(class),
        _ => return Ok(None),
    };
    Ok(class.lookup(ATTRIBUTE))
}
