//! `.c`: the columns of a table.

use std::any::Any;
use std::rc::Rc;

use super::clause::wrap;
use crate::expression::Expr;
use crate::python::{Args, Builtin, Native, PyResult, Raise, Str, Value, Vm};

/// Columns by their keys.
pub(super) struct Columns {
    items: Vec<(Str, Value)>,
}

impl Columns {
    /// A collection of expressions.
    pub(super) fn of(items: Vec<(Str, Expr)>) -> Value {
        Value::native(Self {
            items: items
                .into_iter()
                .map(|(key, expr)| (key, wrap(expr)))
                .collect(),
        })
    }

    fn find(&self, name: &str) -> Option<&Value> {
        self.items
            .iter()
            .find(|(key, _)| &**key == name)
            .map(|(_, value)| value)
    }
}

/// A collection of columns by their keys.
pub fn collection(items: Vec<(Str, Value)>) -> Value {
    Value::native(Columns { items })
}

/// The columns, when the value is such a collection.
pub(super) fn items(value: &Value) -> Option<Vec<Value>> {
    let columns = value.downcast::<Columns>()?;
    Some(
        columns
            .items
            .iter()
            .map(|(_, value)| value.clone())
            .collect(),
    )
}

/// The columns with their keys, when the value is such a collection.
pub(super) fn entries(value: &Value) -> Option<Vec<(Str, Value)>> {
    Some(value.downcast::<Columns>()?.items.clone())
}

impl Native for Columns {
    fn type_name(&self) -> &str {
        "ReadOnlyColumnCollection"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(column) = self.find(name) {
            return Ok(Some(column.clone()));
        }
        let keys: Vec<Value> = self
            .items
            .iter()
            .map(|(key, _)| Value::Str(key.clone()))
            .collect();
        let values: Vec<Value> = self.items.iter().map(|(_, value)| value.clone()).collect();
        Ok(match name {
            "keys" => Some(Builtin::value("keys", move |_, _| {
                Ok(Value::list(keys.clone()))
            })),
            "values" => Some(Builtin::value("values", move |_, _| {
                Ok(Value::list(values.clone()))
            })),
            "items" => Some(Builtin::value("items", move |_, _| {
                Ok(Value::list(
                    keys.iter()
                        .zip(&values)
                        .map(|(key, value)| Value::tuple(vec![key.clone(), value.clone()]))
                        .collect(),
                ))
            })),
            "get" => {
                let this = this.clone();
                Some(Builtin::value("get", move |vm, mut args: Args| {
                    let key = args.require("get", "key")?;
                    let default = args.take("default").unwrap_or(Value::None);
                    let key = key.as_str().unwrap_or_else(|| "".into());
                    let _ = &vm;
                    Ok(this
                        .downcast::<Columns>()
                        .and_then(|columns| columns.find(&key).cloned())
                        .unwrap_or(default))
                }))
            }
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, _vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        if let Some(name) = index.as_str() {
            return match self.find(&name) {
                Some(column) => Ok(Some(column.clone())),
                None => Err(Raise::exception("KeyError", name.to_string())),
            };
        }
        if let Some(number) = index.as_int() {
            let length = i64::try_from(self.items.len()).unwrap_or(0);
            let at = if number < 0 { number + length } else { number };
            return match usize::try_from(at).ok().and_then(|at| self.items.get(at)) {
                Some((_, column)) => Ok(Some(column.clone())),
                None => Err(Raise::exception("IndexError", "tuple index out of range")),
            };
        }
        Ok(None)
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(item.as_str().map(|name| self.find(&name).is_some()))
    }

    fn iter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Ok(Some(
            self.items.iter().map(|(_, value)| value.clone()).collect(),
        ))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.items.len()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(!self.items.is_empty()))
    }
}
