//! The methods of `set` and `frozenset`.

use std::cell::RefCell;
use std::rc::Rc;

use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::{PyResult, Raise};
use crate::python::value::{Set, Value};
use crate::python::vm::Vm;

pub(super) const SET: &[&str] = &[
    "add",
    "clear",
    "copy",
    "difference",
    "difference_update",
    "discard",
    "intersection",
    "intersection_update",
    "isdisjoint",
    "issubset",
    "issuperset",
    "pop",
    "remove",
    "symmetric_difference",
    "symmetric_difference_update",
    "union",
    "update",
];
pub(super) const FROZEN: &[&str] = &[
    "copy",
    "difference",
    "intersection",
    "isdisjoint",
    "issubset",
    "issuperset",
    "symmetric_difference",
    "union",
];

/// The members that an iterable gives.
pub(crate) fn collect(vm: &mut Vm, source: &Value) -> PyResult<Set> {
    match source {
        Value::Set(items) => return Ok(items.borrow().clone()),
        Value::FrozenSet(items) => return Ok((**items).clone()),
        _ => {}
    }
    let mut out = Set::default();
    for item in vm.iterate(source)? {
        vm.charge(32)?;
        out.insert(vm.key(&item)?);
    }
    Ok(out)
}

pub(super) fn call(
    vm: &mut Vm,
    this: &Value,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    let mine = match this {
        Value::Set(items) => {
            // The common, cheap ones first, without a copy of the members.
            match name {
                "add" => {
                    let item = args.require(name, "element")?;
                    let key = vm.key(&item)?;
                    vm.charge(32)?;
                    items.borrow_mut().insert(key);
                    return Ok(Some(Value::None));
                }
                "discard" | "remove" => {
                    let item = args.require(name, "element")?;
                    let key = vm.key(&item)?;
                    let found = items.borrow_mut().shift_remove(&key);
                    if !found && name == "remove" {
                        return Err(builtins::raise(vm, "KeyError", vec![item]));
                    }
                    return Ok(Some(Value::None));
                }
                "pop" => {
                    let first = items.borrow_mut().shift_remove_index(0);
                    return match first {
                        Some(key) => Ok(Some(key.value().clone())),
                        None => Err(Raise::exception("KeyError", "pop from an empty set")),
                    };
                }
                "clear" => {
                    let old = std::mem::take(&mut *items.borrow_mut());
                    drop(old);
                    return Ok(Some(Value::None));
                }
                _ => {}
            }
            vm.charge(items.borrow().len() * 32)?;
            items.borrow().clone()
        }
        Value::FrozenSet(items) => (**items).clone(),
        _ => return Ok(None),
    };
    let known = if matches!(this, Value::Set(_)) {
        SET
    } else {
        FROZEN
    };
    if !known.contains(&name) {
        return Ok(None);
    }
    let mut others = Vec::new();
    for other in &args.pos {
        others.push(collect(vm, other)?);
    }
    let first = others.first();
    match name {
        "isdisjoint" | "issubset" | "issuperset" => {
            let Some(other) = first else {
                return Err(Raise::exception(
                    "TypeError",
                    format!("{name}() takes exactly one argument (0 given)"),
                ));
            };
            return Ok(Some(Value::Bool(match name {
                "isdisjoint" => mine.iter().all(|k| !other.contains(k)),
                "issubset" => mine.iter().all(|k| other.contains(k)),
                _ => other.iter().all(|k| mine.contains(k)),
            })));
        }
        _ => {}
    }
    let result: Set = match name {
        "copy" => mine,
        "union" | "update" => {
            let mut all = mine;
            for other in others {
                all.extend(other);
            }
            all
        }
        "intersection" | "intersection_update" => mine
            .into_iter()
            .filter(|k| others.iter().all(|o| o.contains(k)))
            .collect(),
        "difference" | "difference_update" => mine
            .into_iter()
            .filter(|k| !others.iter().any(|o| o.contains(k)))
            .collect(),
        _ => {
            let other = first.cloned().unwrap_or_default();
            mine.symmetric_difference(&other).cloned().collect()
        }
    };
    match this {
        Value::Set(items) if name.ends_with("update") => {
            *items.borrow_mut() = result;
            Ok(Some(Value::None))
        }
        Value::Set(_) => Ok(Some(Value::Set(Rc::new(RefCell::new(result))))),
        _ => Ok(Some(Value::FrozenSet(Rc::new(result)))),
    }
}
