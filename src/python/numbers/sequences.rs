//! Operators of text, sequences, sets and dictionaries.

use std::rc::Rc;

use crate::python::error::{PyResult, Raise};
use crate::python::format;
use crate::python::methods::made_from;
use crate::python::native::BinaryOp;
use crate::python::value::{Set, Value};
use crate::python::vm::Vm;

fn set_of(value: &Value) -> Option<Set> {
    match value {
        Value::Set(items) => Some(items.borrow().clone()),
        Value::FrozenSet(items) => Some((**items).clone()),
        Value::Native(native) => crate::python::methods::views::as_set(native),
        _ => None,
    }
}

fn times(value: &Value) -> Option<usize> {
    match value {
        Value::Bool(flag) => Some(usize::from(*flag)),
        Value::Int(n) => Some(usize::try_from(*n).unwrap_or(0)),
        _ => None,
    }
}

fn repeat(vm: &mut Vm, value: &Value, count: usize) -> PyResult<Option<Value>> {
    let size = std::mem::size_of::<Value>();
    Ok(Some(match value {
        Value::Str(text) => {
            vm.charge(text.len().saturating_mul(count))?;
            Value::from(text.repeat(count))
        }
        Value::Bytes(bytes) => {
            vm.charge(bytes.len().saturating_mul(count))?;
            Value::Bytes(Rc::from(bytes.repeat(count)))
        }
        Value::List(items) => {
            vm.charge(
                items
                    .borrow()
                    .len()
                    .saturating_mul(count)
                    .saturating_mul(size),
            )?;
            let items = items.borrow();
            let mut all = Vec::with_capacity(items.len() * count);
            for _ in 0..if items.is_empty() { 0 } else { count } {
                all.extend(items.iter().cloned());
            }
            Value::list(all)
        }
        Value::Tuple(items) => {
            vm.charge(items.len().saturating_mul(count).saturating_mul(size))?;
            let mut all = Vec::with_capacity(items.len() * count);
            for _ in 0..if items.is_empty() { 0 } else { count } {
                all.extend(items.iter().cloned());
            }
            Value::tuple(all)
        }
        _ => return Ok(None),
    }))
}

fn concatenate(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    let size = std::mem::size_of::<Value>();
    Ok(Some(match (a, b) {
        (Value::Str(x), Value::Str(y)) => {
            vm.charge(x.len() + y.len())?;
            let mut text = String::with_capacity(x.len() + y.len());
            text.push_str(x);
            text.push_str(y);
            Value::from(text)
        }
        (Value::Bytes(x), Value::Bytes(y)) => {
            vm.charge(x.len() + y.len())?;
            Value::Bytes(Rc::from([&x[..], &y[..]].concat()))
        }
        (Value::List(x), Value::List(y)) => {
            vm.charge((x.borrow().len() + y.borrow().len()) * size)?;
            let mut all = x.borrow().clone();
            all.extend(y.borrow().iter().cloned());
            Value::list(all)
        }
        (Value::Tuple(x), Value::Tuple(y)) => {
            vm.charge((x.len() + y.len()) * size)?;
            Value::tuple(x.iter().chain(y.iter()).cloned().collect())
        }
        (Value::Str(_), other) => {
            let kind = vm.type_name(other);
            if matches!(
                other,
                Value::Instance(_) | Value::Native(_) | Value::Unknown(_)
            ) {
                return Ok(None);
            }
            return Err(Raise::exception(
                "TypeError",
                format!("can only concatenate str (not \"{kind}\") to str"),
            ));
        }
        _ => return Ok(None),
    }))
}

pub(super) fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> PyResult<Option<Value>> {
    match op {
        BinaryOp::Add => return concatenate(vm, a, b),
        BinaryOp::Mul => {
            if let Some(count) = times(b) {
                return repeat(vm, a, count);
            }
            if let Some(count) = times(a) {
                return repeat(vm, b, count);
            }
        }
        BinaryOp::Mod => match a {
            Value::Str(template) => {
                let unknown = match b {
                    Value::Tuple(values) => made_from(values.iter()),
                    Value::Dict(values) => {
                        made_from(values.borrow().iter().map(|(_, value)| value))
                    }
                    value => made_from(std::iter::once(value)),
                };
                return match (format::percent(vm, template, b), unknown) {
                    (Err(raise), Some(unknown)) if raise.is_unknown_value() => Ok(Some(unknown)),
                    (result, _) => Ok(Some(Value::Str(result?))),
                };
            }
            Value::Bytes(template) => {
                let text: String = template.iter().map(|b| char::from(*b)).collect();
                let text = format::percent_bytes(vm, &text, b)?;
                return Ok(Some(text));
            }
            _ => {}
        },
        BinaryOp::BitOr => {
            if let (Value::Dict(x), Value::Dict(y)) = (a, b) {
                let mut all = x.borrow().clone();
                for (key, value) in &*y.borrow() {
                    all.insert(key.clone(), value.clone());
                }
                vm.charge(all.len() * 64)?;
                return Ok(Some(Value::dict(all)));
            }
            let is_type = |v: &Value| matches!(v, Value::Class(_) | Value::None);
            if is_type(a) && is_type(b) && !(a.is_none() && b.is_none()) {
                return Ok(Some(crate::python::builtins::union(vec![
                    a.clone(),
                    b.clone(),
                ])));
            }
        }
        _ => {}
    }
    if !matches!(
        op,
        BinaryOp::BitOr | BinaryOp::BitAnd | BinaryOp::BitXor | BinaryOp::Sub
    ) {
        return Ok(None);
    }
    let (Some(x), Some(y)) = (set_of(a), set_of(b)) else {
        return Ok(None);
    };
    vm.charge((x.len() + y.len()) * 32)?;
    vm.step((x.len() + y.len()) as u64 / 8)?;
    let items: Set = match op {
        BinaryOp::BitOr => x.union(&y).cloned().collect(),
        BinaryOp::BitAnd => x.intersection(&y).cloned().collect(),
        BinaryOp::BitXor => x.symmetric_difference(&y).cloned().collect(),
        _ => x.difference(&y).cloned().collect(),
    };
    Ok(Some(match a {
        Value::FrozenSet(_) => Value::FrozenSet(Rc::new(items)),
        _ => Value::Set(Rc::new(std::cell::RefCell::new(items))),
    }))
}
