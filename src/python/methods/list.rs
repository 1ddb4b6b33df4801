//! The methods of `list` and `tuple`.

use std::cell::RefCell;
use std::rc::Rc;

use super::{clip, int_argument};
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::{PyResult, Raise};
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) const LIST: &[&str] = &[
    "append", "clear", "copy", "count", "extend", "index", "insert", "pop", "remove", "reverse",
    "sort",
];
pub(super) const TUPLE: &[&str] = &["count", "index"];

const SIZE: usize = std::mem::size_of::<Value>();

fn count(vm: &mut Vm, items: &[Value], wanted: &Value) -> PyResult {
    let mut n = 0;
    for item in items {
        vm.step(1)?;
        if item.is(wanted) || vm.equal(item, wanted)? {
            n += 1;
        }
    }
    Ok(Value::Int(n))
}

fn position(vm: &mut Vm, items: &[Value], wanted: &Value) -> PyResult<Option<usize>> {
    for (i, item) in items.iter().enumerate() {
        vm.step(1)?;
        if item.is(wanted) || vm.equal(item, wanted)? {
            return Ok(Some(i));
        }
    }
    Ok(None)
}

fn index(vm: &mut Vm, items: &[Value], mut args: Args, kind: &str) -> PyResult {
    let wanted = args.require("index", "value")?;
    let start = int_argument(vm, args.take("start"), 0)?;
    let end = int_argument(vm, args.take("stop"), i64::MAX)?;
    let (start, end) = clip(start, end, items.len());
    match position(vm, items.get(start..end).unwrap_or(&[]), &wanted)? {
        Some(i) => Ok(Value::Int(i64::try_from(i + start).unwrap_or(i64::MAX))),
        None if kind == "list" => {
            let text = vm.repr(&wanted)?;
            Err(Raise::exception(
                "ValueError",
                format!("{text} is not in list"),
            ))
        }
        None => Err(Raise::exception(
            "ValueError",
            "tuple.index(x): x not in tuple",
        )),
    }
}

pub(super) fn call_tuple(
    vm: &mut Vm,
    this: &Rc<[Value]>,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "count" => {
            let wanted = args.require(name, "value")?;
            count(vm, this, &wanted)?
        }
        "index" => index(vm, this, args, "tuple")?,
        _ => return Ok(None),
    }))
}

pub(super) fn call(
    vm: &mut Vm,
    this: &Rc<RefCell<Vec<Value>>>,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "append" => {
            let item = args.require(name, "object")?;
            args.finish("append")?;
            vm.charge(SIZE)?;
            this.borrow_mut().push(item);
            Value::None
        }
        "extend" => {
            let items = args.require(name, "iterable")?;
            let items = vm.iterate(&items)?;
            vm.charge(items.len() * SIZE)?;
            this.borrow_mut().extend(items);
            Value::None
        }
        "insert" => {
            let at = int_argument(vm, Some(args.require(name, "index")?), 0)?;
            let item = args.require(name, "object")?;
            vm.charge(SIZE)?;
            let mut items = this.borrow_mut();
            vm.step(items.len() as u64 / 64)?;
            let at = clip(at, 0, items.len()).0;
            items.insert(at, item);
            Value::None
        }
        "pop" => {
            let at = int_argument(vm, args.take("index"), -1)?;
            let mut items = this.borrow_mut();
            if items.is_empty() {
                return Err(Raise::exception("IndexError", "pop from empty list"));
            }
            let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
            let at = if at < 0 { at + length } else { at };
            if at < 0 || at >= length {
                return Err(Raise::exception("IndexError", "pop index out of range"));
            }
            vm.step(items.len() as u64 / 64)?;
            items.remove(usize::try_from(at).unwrap_or(0))
        }
        "remove" => {
            let wanted = args.require(name, "value")?;
            let copy = this.borrow().clone();
            match position(vm, &copy, &wanted)? {
                Some(i) if i < this.borrow().len() => {
                    this.borrow_mut().remove(i);
                    Value::None
                }
                _ => {
                    return Err(Raise::exception(
                        "ValueError",
                        "list.remove(x): x not in list",
                    ));
                }
            }
        }
        "clear" => {
            let old = std::mem::take(&mut *this.borrow_mut());
            drop(old);
            Value::None
        }
        "copy" => {
            vm.charge(this.borrow().len() * SIZE)?;
            Value::list(this.borrow().clone())
        }
        "count" => {
            let wanted = args.require(name, "value")?;
            let copy = this.borrow().clone();
            count(vm, &copy, &wanted)?
        }
        "index" => {
            let copy = this.borrow().clone();
            index(vm, &copy, args, "list")?
        }
        "reverse" => {
            this.borrow_mut().reverse();
            Value::None
        }
        "sort" => {
            let items = this.borrow().clone();
            let sorted = builtins::sort(vm, items, args)?;
            *this.borrow_mut() = sorted;
            Value::None
        }
        _ => return Ok(None),
    }))
}
