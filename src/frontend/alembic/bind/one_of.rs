//! One of several rows, of which it is not known which comes first.

use std::any::Any;
use std::rc::Rc;

use crate::python::value::Compared;
use crate::python::{CompareOp, Native, PyResult, Unknown, Value, Vm};
use crate::source::Location;

/// What such a row is called.
pub(super) const SEVERAL: &str = "which of several rows comes first";

/// The rows: what holds of each of them holds of the one that the database gives.
pub(super) struct OneOf(Vec<Value>);

impl OneOf {
    /// The value that stands for one of the rows.
    pub(super) fn value(rows: Vec<Value>, place: Option<Location>) -> Value {
        Value::Unknown(Rc::new(Unknown {
            what: SEVERAL.to_owned(),
            origin: place,
            from: None,
            read: true,
            compared: Some(Compared(Rc::new(Self(rows)))),
        }))
    }

    /// What is the same of all rows.
    fn agreed<T: PartialEq>(
        &self,
        mut of: impl FnMut(&Value) -> PyResult<Option<T>>,
    ) -> PyResult<Option<T>> {
        let mut agreed = None;
        for row in &self.0 {
            let own = of(row)?;
            if own.is_none() || (agreed.is_some() && agreed != own) {
                return Ok(None);
            }
            agreed = own;
        }
        Ok(agreed)
    }
}

impl Native for OneOf {
    fn type_name(&self) -> &str {
        "one of several rows"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn truth(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<bool>> {
        self.agreed(|row| match row {
            Value::Unknown(_) => Ok(None),
            row => vm.truth(row).map(Some),
        })
    }

    fn is_none(&self) -> Option<bool> {
        let known = |row: &Value| Ok((!matches!(row, Value::Unknown(_))).then(|| row.is_none()));
        self.agreed(known).ok().flatten()
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let agreed = self.agreed(|row| match vm.compare(op, row, other)? {
            Value::Bool(answer) => Ok(Some(answer)),
            _ => Ok(None),
        })?;
        Ok(agreed.map(Value::Bool))
    }
}
