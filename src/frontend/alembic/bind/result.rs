//! What `execute()` returns.

use std::any::Any;
use std::rc::Rc;

use crate::frontend::alembic::raise;
use crate::python::{Builtin, Native, PyResult, Value, Vm};
use crate::source::Location;

/// The result of a statement. Its rows are unknown; they may be passed around, and it is an error
/// only where they decide something.
pub struct ResultObject {
    place: Option<Location>,
    returns_rows: bool,
}

impl ResultObject {
    /// A result.
    pub fn value(vm: &mut Vm, returns_rows: bool) -> Value {
        Value::native(Self {
            place: vm.location(),
            returns_rows,
        })
    }
}

impl Native for ResultObject {
    fn type_name(&self) -> &str {
        "CursorResult"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let unknown = |what: &str| Value::unknown(what, self.place.clone());
        Ok(Some(match name {
            "fetchall" | "fetchone" | "fetchmany" | "first" | "one" | "one_or_none" | "all"
            | "scalar" | "scalar_one" | "scalar_one_or_none" | "partitions" | "keys" => {
                let row = unknown("a row read from the database");
                Builtin::value("fetchall", move |_, _| Ok(row.clone()))
            }
            "mappings" | "scalars" | "unique" | "columns" | "tuples" | "yield_per" | "freeze"
            | "execution_options" => {
                let this = this.clone();
                Builtin::value("mappings", move |_, _| Ok(this.clone()))
            }
            "rowcount" => unknown("the number of rows that the statement changed"),
            "inserted_primary_key" | "lastrowid" => {
                unknown("the key that the database gave to the row")
            }
            "returns_rows" => Value::Bool(self.returns_rows),
            "is_insert" | "closed" => Value::Bool(false),
            "close" => Builtin::value("close", |_, _| Ok(Value::None)),
            _ => return Ok(None),
        }))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Err(raise::database_read(vm, "the rows of a query"))
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        Err(raise::database_read(vm, "the rows of a query"))
    }
}
