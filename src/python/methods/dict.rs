//! The methods of `dict`.

use std::cell::RefCell;
use std::rc::Rc;

use super::views::{View, ViewKind};
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::error::{PyResult, Raise};
use crate::python::value::{Dict, DictKey, Value};
use crate::python::vm::Vm;

pub(super) const NAMES: &[&str] = &[
    "clear",
    "copy",
    "fromkeys",
    "get",
    "items",
    "keys",
    "pop",
    "popitem",
    "setdefault",
    "update",
    "values",
];

/// What one new entry costs, roughly.
const ENTRY: usize = 64;

/// Adds what `dict(...)` and `update` take: a mapping or pairs, and keywords.
pub(crate) fn extend(
    vm: &mut Vm,
    into: &Rc<RefCell<Dict>>,
    mut args: Args,
    name: &str,
) -> PyResult<()> {
    if args.pos.len() > 1 {
        let n = args.pos.len();
        return Err(Raise::exception(
            "TypeError",
            format!("{name} expected at most 1 argument, got {n}"),
        ));
    }
    if let Some(source) = args.pos.pop() {
        for (key, value) in pairs(vm, &source)? {
            vm.charge(ENTRY)?;
            into.borrow_mut().insert(key, value);
        }
    }
    for (key, value) in args.kw {
        vm.charge(ENTRY)?;
        into.borrow_mut().insert(DictKey::str(&*key), value);
    }
    Ok(())
}

/// The entries of a mapping or of an iterable of pairs.
pub(crate) fn pairs(vm: &mut Vm, source: &Value) -> PyResult<Vec<(DictKey, Value)>> {
    if let Value::Dict(items) = crate::python::numbers::plain(source) {
        return Ok(items
            .borrow()
            .iter()
            .map(|(k, v)| (k.clone(), v.clone()))
            .collect());
    }
    let mut out = Vec::new();
    if !matches!(source, Value::List(_) | Value::Tuple(_))
        && vm.find_attr(source, "keys")?.is_some()
    {
        let keys = vm.call_method(source, "keys", Args::default())?;
        for key in vm.iterate(&keys)? {
            let value = vm.get_item(source, &key)?;
            out.push((vm.key(&key)?, value));
        }
        return Ok(out);
    }
    for (i, pair) in vm.iterate(source)?.into_iter().enumerate() {
        vm.step(1)?;
        let pair = vm.iterate(&pair)?;
        let [key, value] = &pair[..] else {
            return Err(Raise::exception(
                "ValueError",
                format!(
                    "dictionary update sequence element #{i} has length {}; 2 is required",
                    pair.len()
                ),
            ));
        };
        out.push((vm.key(key)?, value.clone()));
    }
    Ok(out)
}

pub(super) fn call(
    vm: &mut Vm,
    this: &Rc<RefCell<Dict>>,
    name: &str,
    mut args: Args,
) -> PyResult<Option<Value>> {
    let view = |kind| {
        Value::native(View {
            dict: Rc::clone(this),
            kind,
        })
    };
    Ok(Some(match name {
        "get" => {
            let key = args.require(name, "key")?;
            let key = vm.key(&key)?;
            let found = this.borrow().get(&key).cloned();
            found.unwrap_or_else(|| args.take("default").unwrap_or(Value::None))
        }
        "keys" => view(ViewKind::Keys),
        "values" => view(ViewKind::Values),
        "items" => view(ViewKind::Items),
        "update" => {
            extend(vm, this, args, "update")?;
            Value::None
        }
        "setdefault" => {
            let key = args.require(name, "key")?;
            let key = vm.key(&key)?;
            let found = this.borrow().get(&key).cloned();
            match found {
                Some(value) => value,
                None => {
                    vm.charge(ENTRY)?;
                    let value = args.take("default").unwrap_or(Value::None);
                    this.borrow_mut().insert(key, value.clone());
                    value
                }
            }
        }
        "pop" => {
            let wanted = args.require(name, "key")?;
            let key = vm.key(&wanted)?;
            let found = this.borrow_mut().shift_remove(&key);
            match found {
                Some(value) => value,
                None => match args.take("default") {
                    Some(default) => default,
                    None => return Err(builtins::raise(vm, "KeyError", vec![wanted])),
                },
            }
        }
        "popitem" => {
            let last = this.borrow_mut().pop();
            match last {
                Some((key, value)) => Value::tuple(vec![key.value().clone(), value]),
                None => {
                    return Err(Raise::exception(
                        "KeyError",
                        "popitem(): dictionary is empty",
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
            vm.charge(this.borrow().len() * ENTRY)?;
            Value::dict(this.borrow().clone())
        }
        "fromkeys" => {
            let keys = args.require(name, "iterable")?;
            let value = args.take("value").unwrap_or(Value::None);
            let mut out = Dict::default();
            for key in vm.iterate(&keys)? {
                vm.charge(ENTRY)?;
                out.insert(vm.key(&key)?, value.clone());
            }
            Value::dict(out)
        }
        _ => return Ok(None),
    }))
}
