//! Functions of iterables and containers.

use std::rc::Rc;

use super::super::iterators::{Lazy, Range};
use super::super::{sorting, unknown_among};
use super::one;
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::exec;
use crate::python::numbers::plain;
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) fn all(vm: &mut Vm, mut args: Args) -> PyResult {
    let iterator = one(&mut args, "all")?;
    let iterator = vm.iter(&iterator)?;
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        if !vm.truth(&item)? {
            return Ok(Value::Bool(false));
        }
    }
    Ok(Value::Bool(true))
}

pub(super) fn any(vm: &mut Vm, mut args: Args) -> PyResult {
    let iterator = one(&mut args, "any")?;
    let iterator = vm.iter(&iterator)?;
    while let Some(item) = vm.next(&iterator)? {
        vm.step(1)?;
        if vm.truth(&item)? {
            return Ok(Value::Bool(true));
        }
    }
    Ok(Value::Bool(false))
}

pub(super) fn enumerate(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("enumerate", "iterable")?;
    let mut n = args.take("start").and_then(|n| n.as_int()).unwrap_or(0);
    let iterator = vm.iter(&source)?;
    Ok(Lazy::value("enumerate", move |vm| {
        let Some(item) = vm.next(&iterator)? else {
            return Ok(None);
        };
        n += 1;
        Ok(Some(Value::tuple(vec![Value::Int(n - 1), item])))
    }))
}

pub(super) fn zip(vm: &mut Vm, mut args: Args) -> PyResult {
    let strict = match args.keyword("strict") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    let mut iterators = Vec::new();
    for source in &args.pos {
        iterators.push(vm.iter(source)?);
    }
    Ok(Lazy::value("zip", move |vm| {
        let mut row = Vec::with_capacity(iterators.len());
        for (i, iterator) in iterators.iter().enumerate() {
            match vm.next(iterator)? {
                Some(item) => row.push(item),
                None if strict && i > 0 => {
                    let plural = if i == 1 { " " } else { "s 1-" };
                    return Err(Raise::exception(
                        "ValueError",
                        format!(
                            "zip() argument {} is shorter than argument{plural}{i}",
                            i + 1
                        ),
                    ));
                }
                None => {
                    if strict {
                        for (j, other) in iterators.iter().enumerate().skip(1) {
                            if vm.next(other)?.is_some() {
                                let plural = if j == 1 { " " } else { "s 1-" };
                                return Err(Raise::exception(
                                    "ValueError",
                                    format!(
                                        "zip() argument {} is longer than argument{plural}{j}",
                                        j + 1
                                    ),
                                ));
                            }
                        }
                    }
                    return Ok(None);
                }
            }
        }
        Ok(if row.is_empty() {
            None
        } else {
            Some(Value::tuple(row))
        })
    }))
}

pub(super) fn map(vm: &mut Vm, mut args: Args) -> PyResult {
    let function = args.require("map", "func")?;
    let mut iterators = Vec::new();
    for source in &args.pos {
        iterators.push(vm.iter(source)?);
    }
    if iterators.is_empty() {
        return Err(Raise::exception(
            "TypeError",
            "map() must have at least two arguments.",
        ));
    }
    Ok(Lazy::value("map", move |vm| {
        let mut row = Vec::with_capacity(iterators.len());
        for iterator in &iterators {
            match vm.next(iterator)? {
                Some(item) => row.push(item),
                None => return Ok(None),
            }
        }
        vm.call(&function, Args::of(row)).map(Some)
    }))
}

pub(super) fn filter(vm: &mut Vm, mut args: Args) -> PyResult {
    let function = args.require("filter", "function")?;
    let source = args.require("filter", "iterable")?;
    let iterator = vm.iter(&source)?;
    Ok(Lazy::value("filter", move |vm| {
        while let Some(item) = vm.next(&iterator)? {
            vm.step(1)?;
            let verdict = if function.is_none() {
                item.clone()
            } else {
                vm.call(&function, Args::of(vec![item.clone()]))?
            };
            if vm.truth(&verdict)? {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }))
}

pub(super) fn iter(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = one(&mut args, "iter")?;
    match args.take("sentinel") {
        None => vm.iter(&source),
        Some(sentinel) => Ok(Lazy::value("callable_iterator", move |vm| {
            let item = vm.call(&source, Args::default())?;
            Ok(if vm.equal(&item, &sentinel)? {
                None
            } else {
                Some(item)
            })
        })),
    }
}

pub(super) fn next(vm: &mut Vm, mut args: Args) -> PyResult {
    let iterator = one(&mut args, "next")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&iterator), "the next item") {
        return Ok(unknown);
    }
    let default = args.take("default");
    if default.is_none()
        && let Some(found) = exec::next_of_generator(vm, &iterator)?
    {
        return Ok(found);
    }
    match (vm.next(&iterator)?, default) {
        (Some(item), _) | (None, Some(item)) => Ok(item),
        (None, None) => Err(super::super::raise(vm, "StopIteration", Vec::new())),
    }
}

pub(super) fn len(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "len")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "the length") {
        return Ok(unknown);
    }
    let n = vm.len(&value)?;
    Ok(Value::Int(i64::try_from(n).unwrap_or(i64::MAX)))
}

pub(super) fn reversed(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = one(&mut args, "reversed")?;
    if let Some(range) = source.downcast::<Range>() {
        let count = range.count();
        if count == 0 {
            return Ok(Lazy::over("range_iterator", Vec::new()));
        }
        return Ok(Range {
            start: range.at(count - 1),
            stop: range.start.saturating_sub(range.step),
            step: range.step.saturating_neg(),
        }
        .iterator());
    }
    if matches!(source, Value::Instance(_) | Value::Native(_))
        && let Some(method) = vm.find_attr(&source, "__reversed__")?
    {
        return vm.call(&method, Args::default());
    }
    if matches!(source, Value::Set(_) | Value::FrozenSet(_)) {
        let name = vm.type_name(&source);
        return Err(Raise::exception(
            "TypeError",
            format!("'{name}' object is not reversible"),
        ));
    }
    let mut items = vm.iterate(&source)?;
    items.reverse();
    Ok(Lazy::over("reversed", items))
}

pub(super) fn sorted(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("sorted", "iterable")?;
    let items = vm.iterate(&source)?;
    sorting::sort(vm, items, args).map(Value::list)
}

/// `item in container` of builtin containers (and through `__contains__` or iteration of others).
pub fn contains(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
    match &plain(container) {
        Value::Str(text) => match item.as_str() {
            Some(part) => Ok(text.contains(&*part)),
            None => {
                let name = vm.type_name(item);
                Err(Raise::exception(
                    "TypeError",
                    format!("'in <string>' requires string as left operand, not {name}"),
                ))
            }
        },
        Value::Bytes(bytes) => Ok(match item {
            Value::Bytes(part) => {
                part.is_empty() || bytes.windows(part.len()).any(|window| window == &part[..])
            }
            other => other
                .as_int()
                .is_some_and(|n| u8::try_from(n).is_ok_and(|n| bytes.contains(&n))),
        }),
        Value::Dict(items) => {
            let key = vm.key(item)?;
            Ok(items.borrow().contains_key(&key))
        }
        Value::Set(items) => {
            let key = vm.key(item)?;
            Ok(items.borrow().contains(&key))
        }
        Value::FrozenSet(items) => {
            let key = vm.key(item)?;
            Ok(items.contains(&key))
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if let Some(answer) = native.contains(container, vm, item)? {
                return Ok(answer);
            }
            search(vm, container, item)
        }
        _ => search(vm, container, item),
    }
}

pub(super) fn search(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
    for own in vm.iterate(container)? {
        vm.step(1)?;
        if own.is(item) || vm.equal(&own, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
