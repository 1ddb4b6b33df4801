//! `value[index]` and slices.

use std::any::Any;
use std::rc::Rc;

use super::super::args::Args;
use super::super::error::{PyResult, Raise};
use super::super::native::{Builtin, Native};
use super::super::value::{Str, Value};
use super::super::vm::Vm;
use super::attribute::unknown_part;
use super::descriptor::ClassMethod;

/// A slice.
pub struct Slice {
    /// The first index.
    pub lower: Value,
    /// The index that is not included any more.
    pub upper: Value,
    /// The distance.
    pub step: Value,
}

impl Slice {
    /// A slice as a value.
    pub fn value(lower: Value, upper: Value, step: Value) -> Value {
        Value::native(Self { lower, upper, step })
    }

    /// The indexes that the slice picks out of `len` items, in order.
    pub fn indexes(&self, len: usize) -> PyResult<Vec<usize>> {
        let part = |value: &Value| match value {
            Value::None => Ok(None),
            other => match other.as_int() {
                Some(number) => Ok(Some(number)),
                None => Err(Raise::exception(
                    "TypeError",
                    "slice indices must be integers or None or have an __index__ method",
                )),
            },
        };
        let step = part(&self.step)?.unwrap_or(1);
        if step == 0 {
            return Err(Raise::exception("ValueError", "slice step cannot be zero"));
        }
        let len = i64::try_from(len).unwrap_or(i64::MAX);
        let clamp = |value: Option<i64>, default: i64, low: i64, high: i64| match value {
            None => default,
            Some(n) if n < 0 => n.saturating_add(len).max(low),
            Some(n) => n.min(high),
        };
        let (mut at, end) = if step > 0 {
            (
                clamp(part(&self.lower)?, 0, 0, len),
                clamp(part(&self.upper)?, len, 0, len),
            )
        } else {
            (
                clamp(part(&self.lower)?, len - 1, -1, len - 1),
                clamp(part(&self.upper)?, -1, -1, len - 1),
            )
        };
        let mut indexes = Vec::new();
        while (step > 0 && at < end) || (step < 0 && at > end) {
            if let Ok(index) = usize::try_from(at) {
                indexes.push(index);
            }
            at = at.saturating_add(step);
        }
        Ok(indexes)
    }
}

impl Native for Slice {
    fn type_name(&self) -> &str {
        "slice"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let (lower, upper) = (vm.repr(&self.lower)?, vm.repr(&self.upper)?);
        let step = vm.repr(&self.step)?;
        Ok(Some(Str::from(format!("slice({lower}, {upper}, {step})"))))
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "start" => Some(self.lower.clone()),
            "stop" => Some(self.upper.clone()),
            "step" => Some(self.step.clone()),
            "indices" => {
                let (lower, upper, step) =
                    (self.lower.clone(), self.upper.clone(), self.step.clone());
                Some(Builtin::value("indices", move |_, mut args| {
                    let len = args.require("indices", "len")?.as_int().unwrap_or(0);
                    let number = |value: &Value, default: i64, least: i64, most: i64| {
                        value.as_int().map_or(default, |n| {
                            if n < 0 { n.saturating_add(len) } else { n }
                                .clamp(least, most.max(least))
                        })
                    };
                    let step = step.as_int().unwrap_or(1);
                    let (start, stop) = if step > 0 {
                        (number(&lower, 0, 0, len), number(&upper, len, 0, len))
                    } else {
                        (
                            number(&lower, len - 1, -1, len - 1),
                            number(&upper, -1, -1, len - 1),
                        )
                    };
                    Ok(Value::tuple(
                        [start, stop, step].into_iter().map(Value::Int).collect(),
                    ))
                }))
            }
            _ => None,
        })
    }
}

fn position(vm: &Vm, index: &Value, len: usize, what: &str) -> PyResult<usize> {
    let Some(number) = index.as_int() else {
        let what = what.split(' ').next().unwrap_or(what);
        return Err(Raise::exception(
            "TypeError",
            format!(
                "{what} indices must be integers or slices, not {}",
                vm.type_name(index)
            ),
        ));
    };
    let len = i64::try_from(len).unwrap_or(i64::MAX);
    let number = if number < 0 { number + len } else { number };
    if number < 0 || number >= len {
        return Err(Raise::exception(
            "IndexError",
            if what == "byte" {
                "index out of range".to_owned()
            } else {
                format!("{what} index out of range")
            },
        ));
    }
    Ok(usize::try_from(number).unwrap_or(0))
}

/// `value[index]`.
pub fn get(vm: &mut Vm, value: &Value, index: &Value) -> PyResult {
    if let Value::Unknown(unknown) = index
        && !matches!(value, Value::Native(_) | Value::Class(_))
    {
        let what = format!("an item picked by {}", unknown.what);
        return Ok(unknown_part(vm, unknown, what));
    }
    let slice = index.downcast::<Slice>();
    match value {
        Value::List(items) => match slice {
            Some(slice) => {
                let items = items.borrow();
                let picked = slice.indexes(items.len())?;
                vm.charge(picked.len() * 16)?;
                Ok(Value::list(
                    picked.iter().map(|i| items[*i].clone()).collect(),
                ))
            }
            None => {
                let at = position(vm, index, items.borrow().len(), "list")?;
                Ok(items.borrow()[at].clone())
            }
        },
        Value::Tuple(items) => match slice {
            Some(slice) => {
                let picked = slice.indexes(items.len())?;
                vm.charge(picked.len() * 16)?;
                Ok(Value::tuple(
                    picked.iter().map(|i| items[*i].clone()).collect(),
                ))
            }
            None => Ok(items[position(vm, index, items.len(), "tuple")?].clone()),
        },
        Value::Str(text) => {
            vm.step(text.len() as u64 / 256)?;
            if let Some(slice) = slice {
                if text.is_ascii() && slice.step.is_none() {
                    let picked = slice.indexes(text.len())?;
                    let (Some(first), Some(last)) = (picked.first(), picked.last()) else {
                        return Ok(Value::str(""));
                    };
                    let part = &text[*first..=*last];
                    vm.charge(part.len())?;
                    return Ok(Value::Str(Str::from(part)));
                }
                let chars: Vec<char> = text.chars().collect();
                let picked = slice.indexes(chars.len())?;
                vm.charge(picked.len() * 2)?;
                return Ok(Value::from(
                    picked.iter().map(|i| chars[*i]).collect::<String>(),
                ));
            }
            let len = text.chars().count();
            let at = match index.as_int() {
                Some(_) => position(vm, index, len, "string")?,
                None => {
                    let kind = vm.type_name(index);
                    let message = format!("string indices must be integers, not '{kind}'");
                    return Err(Raise::exception("TypeError", message));
                }
            };
            let c = text.chars().nth(at).unwrap_or_default();
            Ok(Value::from(c.to_string()))
        }
        Value::Bytes(bytes) => match slice {
            Some(slice) => {
                let picked = slice.indexes(bytes.len())?;
                vm.charge(picked.len())?;
                Ok(Value::Bytes(picked.iter().map(|i| bytes[*i]).collect()))
            }
            None => Ok(Value::Int(i64::from(
                bytes[position(vm, index, bytes.len(), "byte")?],
            ))),
        },
        Value::Dict(dict) => {
            let key = vm.key(index)?;
            let found = dict.borrow().get(&key).cloned();
            match found {
                Some(found) => Ok(found),
                None => Err(super::super::builtins::raise(
                    vm,
                    "KeyError",
                    vec![index.clone()],
                )),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.get_item(value, vm, index)? {
                Some(found) => Ok(found),
                None => Err(not_subscriptable(vm, value)),
            }
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if let Some(method) = class.lookup("__getitem__") {
                return vm.call(&method, Args::of(vec![value.clone(), index.clone()]));
            }
            let base = instance.base.borrow().clone();
            match base {
                Some(Value::Native(native)) => match native.get_item(value, vm, index)? {
                    Some(found) => Ok(found),
                    None => Err(not_subscriptable(vm, value)),
                },
                Some(base @ Value::Dict(_)) => match get(vm, &base, index) {
                    Err(raise) if super::exception::is(vm, &raise, "KeyError") => {
                        match class.lookup("__missing__") {
                            Some(method) => {
                                vm.call(&method, Args::of(vec![value.clone(), index.clone()]))
                            }
                            None => Err(raise),
                        }
                    }
                    other => other,
                },
                Some(base) => get(vm, &base, index),
                None => Err(not_subscriptable(vm, value)),
            }
        }
        Value::Class(class) => {
            if let Some(found) =
                super::operator::special(vm, value, "__getitem__", vec![index.clone()])?
            {
                return Ok(found);
            }
            if let Some(method) = class.lookup("__class_getitem__") {
                // It is a class method also without the decorator.
                let function = method
                    .downcast::<ClassMethod>()
                    .map_or(method, |method| method.0.clone());
                return vm.call(&function, Args::of(vec![value.clone(), index.clone()]));
            }
            if let Some(native) = class.native_base()
                && let Some(behaviour) = &native.native
                && let Some(method) = behaviour.get_attr(vm, class, "__class_getitem__")?
            {
                return vm.call(&method, Args::of(vec![index.clone()]));
            }
            // `list[int]`, `Mapped[str]`: a type hint stands for the class itself.
            Ok(value.clone())
        }
        Value::Unknown(unknown) => {
            let what = format!("an item of {}", unknown.what);
            Ok(unknown_part(vm, unknown, what))
        }
        _ => Err(not_subscriptable(vm, value)),
    }
}

fn not_subscriptable(vm: &Vm, value: &Value) -> Box<Raise> {
    let name = vm.type_name(value);
    Raise::exception("TypeError", format!("'{name}' object is not subscriptable"))
}

/// `value[index] = new`.
pub fn set(vm: &mut Vm, value: &Value, index: &Value, new: Value) -> PyResult<()> {
    vm.charge(32)?;
    match value {
        Value::List(items) => {
            if let Some(slice) = index.downcast::<Slice>() {
                let picked = slice.indexes(items.borrow().len())?;
                let values = vm.iterate(&new)?;
                if slice.step.is_none() {
                    let len = items.borrow().len();
                    let start = match picked.first() {
                        Some(first) => *first,
                        None => slice
                            .lower
                            .as_int()
                            .and_then(|n| usize::try_from(n).ok())
                            .unwrap_or(0)
                            .min(len),
                    };
                    let end = start + picked.len();
                    items.borrow_mut().splice(start..end, values);
                    return Ok(());
                }
                if picked.len() != values.len() {
                    return Err(Raise::exception(
                        "ValueError",
                        format!(
                            "attempt to assign sequence of size {} to extended slice of size {}",
                            values.len(),
                            picked.len()
                        ),
                    ));
                }
                for (at, item) in picked.into_iter().zip(values) {
                    items.borrow_mut()[at] = item;
                }
                return Ok(());
            }
            let at = position(vm, index, items.borrow().len(), "list assignment")?;
            items.borrow_mut()[at] = new;
            Ok(())
        }
        Value::Dict(dict) => {
            let key = vm.key(index)?;
            dict.borrow_mut().insert(key, new);
            Ok(())
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if native.set_item(value, vm, index, new)? {
                Ok(())
            } else {
                Err(no_assignment(vm, value))
            }
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if let Some(method) = class.lookup("__setitem__") {
                vm.call(&method, Args::of(vec![value.clone(), index.clone(), new]))?;
                return Ok(());
            }
            let base = instance.base.borrow().clone();
            match base {
                Some(base) => set(vm, &base, index, new),
                None => Err(no_assignment(vm, value)),
            }
        }
        Value::Unknown(_) => Ok(()),
        _ => Err(no_assignment(vm, value)),
    }
}

fn no_assignment(vm: &Vm, value: &Value) -> Box<Raise> {
    let name = vm.type_name(value);
    Raise::exception(
        "TypeError",
        format!("'{name}' object does not support item assignment"),
    )
}

/// `del value[index]`.
pub fn delete(vm: &mut Vm, value: &Value, index: &Value) -> PyResult<()> {
    match value {
        Value::List(items) => {
            if let Some(slice) = index.downcast::<Slice>() {
                let mut picked = slice.indexes(items.borrow().len())?;
                picked.sort_unstable();
                for at in picked.into_iter().rev() {
                    items.borrow_mut().remove(at);
                }
                return Ok(());
            }
            let at = position(vm, index, items.borrow().len(), "list assignment")?;
            items.borrow_mut().remove(at);
            Ok(())
        }
        Value::Dict(dict) => {
            let key = vm.key(index)?;
            let removed = dict.borrow_mut().shift_remove(&key);
            match removed {
                Some(_) => Ok(()),
                None => Err(super::super::builtins::raise(
                    vm,
                    "KeyError",
                    vec![index.clone()],
                )),
            }
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if let Some(method) = class.lookup("__delitem__") {
                vm.call(&method, Args::of(vec![value.clone(), index.clone()]))?;
                return Ok(());
            }
            let base = instance.base.borrow().clone();
            match base {
                Some(base) => delete(vm, &base, index),
                None => Err(no_deletion(vm, value)),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.get_attr(value, vm, "__delitem__")? {
                Some(method) => vm.call(&method, Args::of(vec![index.clone()])).map(drop),
                None => Err(no_deletion(vm, value)),
            }
        }
        Value::Unknown(_) => Ok(()),
        _ => Err(no_deletion(vm, value)),
    }
}

fn no_deletion(vm: &Vm, value: &Value) -> Box<Raise> {
    let name = vm.type_name(value);
    Raise::exception(
        "TypeError",
        format!("'{name}' object doesn't support item deletion"),
    )
}
