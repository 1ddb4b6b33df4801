//! `sorted`, `min` and `max`.

use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::native::CompareOp;
use crate::python::value::Value;
use crate::python::vm::Vm;

fn less(vm: &mut Vm, a: &Value, b: &Value) -> PyResult<bool> {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => Ok(x < y),
        (Value::Str(x), Value::Str(y)) => Ok(x < y),
        _ => {
            let result = vm.compare(CompareOp::Lt, a, b)?;
            vm.truth(&result)
        }
    }
}

fn keyed(vm: &mut Vm, items: Vec<Value>, key: Option<&Value>) -> PyResult<Vec<(Value, Value)>> {
    let mut out = Vec::with_capacity(items.len());
    for item in items {
        let k = match key {
            None => item.clone(),
            Some(key) => vm.call(key, Args::of(vec![item.clone()]))?,
        };
        out.push((k, item));
    }
    Ok(out)
}

/// A stable sort with comparisons that may fail.
fn merge_sort(vm: &mut Vm, mut items: Vec<(Value, Value)>) -> PyResult<Vec<(Value, Value)>> {
    if items.iter().all(|(k, _)| matches!(k, Value::Str(_)))
        || items.iter().all(|(k, _)| matches!(k, Value::Int(_)))
    {
        items.sort_by(|(a, _), (b, _)| match (a, b) {
            (Value::Str(x), Value::Str(y)) => x.cmp(y),
            (Value::Int(x), Value::Int(y)) => x.cmp(y),
            _ => std::cmp::Ordering::Equal,
        });
        return Ok(items);
    }
    let mut width = 1;
    while width < items.len() {
        let mut merged = Vec::with_capacity(items.len());
        for chunk in items.chunks(width * 2) {
            let (left, right) = chunk.split_at(width.min(chunk.len()));
            let (mut i, mut j) = (0, 0);
            while i < left.len() && j < right.len() {
                vm.step(1)?;
                if less(vm, &right[j].0, &left[i].0)? {
                    merged.push(right[j].clone());
                    j += 1;
                } else {
                    merged.push(left[i].clone());
                    i += 1;
                }
            }
            merged.extend_from_slice(&left[i..]);
            merged.extend_from_slice(&right[j..]);
        }
        items = merged;
        width *= 2;
    }
    Ok(items)
}

/// Sorts with the keywords `key` and `reverse` of `sorted` and `list.sort`.
pub fn sort(vm: &mut Vm, items: Vec<Value>, mut args: Args) -> PyResult<Vec<Value>> {
    let key = args.keyword("key").filter(|k| !k.is_none());
    let reverse = match args.keyword("reverse") {
        Some(flag) => vm.truth(&flag)?,
        None => false,
    };
    args.finish("sort")?;
    vm.charge(items.len() * 32)?;
    vm.step(items.len() as u64)?;
    let mut items = keyed(vm, items, key.as_ref())?;
    if reverse {
        items.reverse();
    }
    let mut items = merge_sort(vm, items)?;
    if reverse {
        items.reverse();
    }
    Ok(items.into_iter().map(|(_, item)| item).collect())
}

/// `min` and `max`.
pub(super) fn extreme(vm: &mut Vm, name: &'static str, mut args: Args) -> PyResult {
    let key = args.keyword("key").filter(|k| !k.is_none());
    let default = args.keyword("default");
    let items = if args.pos.len() == 1 {
        let source = args.pos.remove(0);
        vm.iterate(&source)?
    } else if args.pos.is_empty() {
        return Err(Raise::exception(
            "TypeError",
            format!("{name} expected at least 1 argument, got 0"),
        ));
    } else {
        args.pos
    };
    if let Some(unknown) = super::unknown_among(&items, name) {
        return Ok(unknown);
    }
    let mut best: Option<(Value, Value)> = None;
    for (k, item) in keyed(vm, items, key.as_ref())? {
        vm.step(1)?;
        let better = match &best {
            None => true,
            Some((b, _)) if name == "min" => less(vm, &k, b)?,
            Some((b, _)) => less(vm, b, &k)?,
        };
        if better {
            best = Some((k, item));
        }
    }
    match (best, default) {
        (Some((_, item)), _) => Ok(item),
        (None, Some(default)) => Ok(default),
        (None, None) => Err(Raise::exception(
            "ValueError",
            format!("{name}() arg is an empty sequence"),
        )),
    }
}
