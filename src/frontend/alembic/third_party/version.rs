//! `packaging.version.Version`, as far as migrations compare versions.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use crate::python::{CompareOp, Native, PyResult, Str, Value, Vm};

/// A version: its release numbers and its text.
pub struct Version {
    text: Str,
    release: Vec<u64>,
}

impl Version {
    /// The version that a text names.
    pub fn value(text: &str) -> Value {
        let mut release: Vec<u64> = text
            .trim_start_matches('v')
            .split(|c: char| !c.is_ascii_digit() && c != '.')
            .next()
            .unwrap_or_default()
            .split('.')
            .map_while(|part| part.parse().ok())
            .collect();
        while release.last() == Some(&0) {
            release.pop();
        }
        Value::native(Self {
            text: Str::from(text),
            release,
        })
    }
}

impl Native for Version {
    fn type_name(&self) -> &str {
        "Version"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let part = |index: usize| {
            let number = self.release.get(index).copied().unwrap_or(0);
            Value::Int(i64::try_from(number).unwrap_or(i64::MAX))
        };
        Ok(Some(match name {
            "major" => part(0),
            "minor" => part(1),
            "micro" => part(2),
            "release" => Value::tuple(vec![part(0), part(1), part(2)]),
            _ => return Ok(None),
        }))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let Some(other) = other.downcast::<Version>() else {
            return Ok(None);
        };
        let order = self.release.cmp(&other.release);
        Ok(Some(Value::Bool(match op {
            CompareOp::Eq => order == Ordering::Equal,
            CompareOp::Ne => order != Ordering::Equal,
            CompareOp::Lt => order == Ordering::Less,
            CompareOp::Le => order != Ordering::Greater,
            CompareOp::Gt => order == Ordering::Greater,
            CompareOp::Ge => order != Ordering::Less,
        })))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.text.clone()))
    }
}
