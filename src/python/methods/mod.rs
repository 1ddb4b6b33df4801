//! The methods of builtin values.

mod bytes;
mod dict;
mod list;
mod number;
mod set;
mod text;
pub(in crate::python) use text::made_from;
pub mod views;

use super::args::Args;
use super::error::{PyResult, Raise};
use super::native::Builtin;
use super::numbers::plain;
use super::value::{Str, Value};
use super::vm::Vm;

/// The names of the methods of a builtin type.
pub fn names(type_name: &str) -> &'static [&'static str] {
    match type_name {
        "str" => text::NAMES,
        "bytes" => bytes::NAMES,
        "list" => list::LIST,
        "tuple" => list::TUPLE,
        "dict" => dict::NAMES,
        "set" => set::SET,
        "frozenset" => set::FROZEN,
        "int" | "bool" => number::INT,
        "float" => number::FLOAT,
        _ => &[],
    }
}

const SPECIAL: &[&str] = &[
    "__len__",
    "__str__",
    "__repr__",
    "__eq__",
    "__ne__",
    "__lt__",
    "__le__",
    "__gt__",
    "__ge__",
    "__getitem__",
    "__setitem__",
    "__contains__",
    "__iter__",
    "__hash__",
    "__format__",
    "__add__",
    "__mul__",
    "__mod__",
    "__or__",
    "__and__",
    "__sub__",
    "__bool__",
    "__int__",
    "__float__",
];

fn type_name(value: &Value) -> &'static str {
    match value {
        Value::Str(_) => "str",
        Value::Bytes(_) => "bytes",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Dict(_) => "dict",
        Value::Set(_) => "set",
        Value::FrozenSet(_) => "frozenset",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Bool(_) => "bool",
        Value::Float(_) => "float",
        _ => "",
    }
}

/// The method of the builtin type, taking the object as its first argument.
pub fn unbound(type_name: &'static str, name: &str) -> Option<Value> {
    let method = names(type_name).iter().find(|n| **n == name);
    if let Some(method) = method {
        let method = *method;
        return Some(Builtin::value(method, move |vm, mut args| {
            if args.pos.is_empty() {
                return Err(Raise::exception(
                    "TypeError",
                    format!("unbound method {type_name}.{method}() needs an argument"),
                ));
            }
            let this = args.pos.remove(0);
            match call(vm, &this, method, args)? {
                Some(value) => Ok(value),
                None => {
                    let found = vm.type_name(&this);
                    Err(Raise::exception(
                        "TypeError",
                        format!(
                            "descriptor '{method}' for '{type_name}' objects doesn't apply to a '{found}' object"
                        ),
                    ))
                }
            }
        }));
    }
    let special = *SPECIAL.iter().find(|n| **n == name)?;
    if !has_special(type_name, special) {
        return None;
    }
    Some(Builtin::value(special, move |vm, mut args| {
        let this = args.require(special, "self")?;
        call_special(vm, &plain(&this), special, args)
    }))
}

fn has_special(type_name: &str, name: &str) -> bool {
    let numeric = matches!(type_name, "int" | "bool" | "float");
    match name {
        "__len__" | "__getitem__" | "__contains__" | "__iter__" => {
            !numeric && !type_name.is_empty()
        }
        "__setitem__" => matches!(type_name, "list" | "dict"),
        "__int__" | "__float__" | "__bool__" => numeric,
        "__hash__" => !matches!(type_name, "list" | "dict" | "set"),
        _ => !type_name.is_empty(),
    }
}

fn call_special(vm: &mut Vm, this: &Value, name: &str, mut args: Args) -> PyResult {
    use super::native::{BinaryOp, CompareOp};
    let compare = match name {
        "__eq__" => Some(CompareOp::Eq),
        "__ne__" => Some(CompareOp::Ne),
        "__lt__" => Some(CompareOp::Lt),
        "__le__" => Some(CompareOp::Le),
        "__gt__" => Some(CompareOp::Gt),
        "__ge__" => Some(CompareOp::Ge),
        _ => None,
    };
    if let Some(op) = compare {
        let other = args.require(name, "other")?;
        return Ok(super::numbers::compare(vm, op, this, &other)?.unwrap_or(Value::NotImplemented));
    }
    let binary = match name {
        "__add__" => Some(BinaryOp::Add),
        "__mul__" => Some(BinaryOp::Mul),
        "__mod__" => Some(BinaryOp::Mod),
        "__or__" => Some(BinaryOp::BitOr),
        "__and__" => Some(BinaryOp::BitAnd),
        "__sub__" => Some(BinaryOp::Sub),
        _ => None,
    };
    if let Some(op) = binary {
        let other = args.require(name, "other")?;
        return Ok(super::numbers::binary(vm, op, this, &other)?.unwrap_or(Value::NotImplemented));
    }
    Ok(match name {
        "__len__" => Value::Int(i64::try_from(vm.len(this)?).unwrap_or(i64::MAX)),
        "__str__" => Value::Str(super::format::str(vm, this)?),
        "__repr__" => Value::Str(super::format::repr(vm, this)?),
        "__getitem__" => {
            let key = args.require(name, "key")?;
            vm.get_item(this, &key)?
        }
        "__setitem__" => {
            let key = args.require(name, "key")?;
            let value = args.require(name, "value")?;
            match this {
                Value::Dict(items) => {
                    let key = vm.key(&key)?;
                    items.borrow_mut().insert(key, value);
                }
                Value::List(items) => {
                    let at = key.as_int().unwrap_or(0);
                    let mut items = items.borrow_mut();
                    let length = i64::try_from(items.len()).unwrap_or(i64::MAX);
                    let at = usize::try_from(if at < 0 { at + length } else { at });
                    match at.ok().and_then(|at| items.get_mut(at)) {
                        Some(slot) => *slot = value,
                        None => {
                            return Err(Raise::exception(
                                "IndexError",
                                "list assignment index out of range",
                            ));
                        }
                    }
                }
                _ => {}
            }
            Value::None
        }
        "__contains__" => {
            let item = args.require(name, "item")?;
            Value::Bool(super::builtins::contains(vm, this, &item)?)
        }
        "__iter__" => vm.iter(this)?,
        "__hash__" => super::builtins::hash(vm, this)?,
        "__format__" => {
            let spec = args.require(name, "format_spec")?;
            let spec = vm.str(&spec)?;
            Value::Str(super::format::format_spec(vm, this, &spec)?)
        }
        "__bool__" => Value::Bool(vm.truth(this)?),
        "__int__" => super::builtins::to_int(vm, this)?,
        _ => Value::Float(super::builtins::to_float(vm, this)?),
    })
}

/// The bound method `value.name`, or `None` when builtin values of that type have none.
pub fn get(vm: &mut Vm, value: &Value, name: &str) -> PyResult<Option<Value>> {
    let this = plain(value);
    let kind = type_name(&this);
    if kind.is_empty() {
        return views::exception_free(vm, &this, name);
    }
    if let Some(method) = names(kind).iter().find(|n| **n == name) {
        let method = *method;
        let this = this.clone();
        return Ok(Some(Builtin::value(method, move |vm, args| {
            call(vm, &this, method, args)
                .and_then(|v| v.ok_or_else(|| Raise::exception("AttributeError", method)))
        })));
    }
    if matches!(kind, "int" | "bool" | "float") {
        match name {
            "real" | "numerator" if name == "real" || kind != "float" => return Ok(Some(this)),
            "imag" => {
                return Ok(Some(if kind == "float" {
                    Value::Float(0.0)
                } else {
                    Value::Int(0)
                }));
            }
            "denominator" if kind != "float" => return Ok(Some(Value::Int(1))),
            _ => {}
        }
    }
    if let Some(special) = SPECIAL.iter().find(|n| **n == name) {
        let special = *special;
        if has_special(kind, special) {
            return Ok(Some(Builtin::value(special, move |vm, args| {
                call_special(vm, &this, special, args)
            })));
        }
    }
    Ok(None)
}

/// `value.name(args)` without making a bound method. `None` when there is no such method.
pub fn call(vm: &mut Vm, value: &Value, name: &str, args: Args) -> PyResult<Option<Value>> {
    vm.step(1)?;
    match value {
        Value::Str(this) => {
            vm.step(this.len() as u64 / 256)?;
            let result = text::call(vm, this, name, args)?;
            charge_result(vm, result.as_ref())?;
            Ok(result)
        }
        Value::Bytes(this) => {
            vm.step(this.len() as u64 / 256)?;
            let result = bytes::call(vm, this, name, args)?;
            charge_result(vm, result.as_ref())?;
            Ok(result)
        }
        Value::List(this) => list::call(vm, this, name, args),
        Value::Tuple(this) => list::call_tuple(vm, this, name, args),
        Value::Dict(this) => dict::call(vm, this, name, args),
        Value::Set(_) | Value::FrozenSet(_) => set::call(vm, value, name, args),
        Value::Int(_) | Value::BigInt(_) | Value::Bool(_) | Value::Float(_) => {
            number::call(vm, value, name, args)
        }
        Value::Instance(_) => {
            let base = plain(value);
            if matches!(base, Value::Instance(_)) {
                Ok(None)
            } else {
                call(vm, &base, name, args)
            }
        }
        _ => Ok(None),
    }
}

/// Most methods of text make new text.
fn charge_result(vm: &mut Vm, result: Option<&Value>) -> PyResult<()> {
    match result {
        Some(Value::Str(text)) => vm.charge(text.len()),
        Some(Value::Bytes(bytes)) => vm.charge(bytes.len()),
        Some(Value::Tuple(parts)) => parts
            .iter()
            .try_for_each(|part| charge_result(vm, Some(part))),
        _ => Ok(()),
    }
}

/// Text that a method requires.
pub(crate) fn text_argument(vm: &Vm, value: &Value, what: &str) -> PyResult<Str> {
    value.as_str().ok_or_else(|| {
        let found = vm.type_name(value);
        Raise::exception("TypeError", format!("{what} must be str, not {found}"))
    })
}

/// An optional whole number; `None` counts as missing.
pub(crate) fn int_argument(vm: &Vm, value: Option<Value>, default: i64) -> PyResult<i64> {
    match value {
        None | Some(Value::None) => Ok(default),
        Some(value) => value.as_int().ok_or_else(|| {
            let found = vm.type_name(&value);
            Raise::exception(
                "TypeError",
                format!("'{found}' object cannot be interpreted as an integer"),
            )
        }),
    }
}

/// The range `start..end` of something with `length` items, as slices clip it.
pub(crate) fn clip(start: i64, end: i64, length: usize) -> (usize, usize) {
    let size = i64::try_from(length).unwrap_or(i64::MAX);
    let fix = |n: i64| {
        usize::try_from(if n < 0 {
            (n + size).max(0)
        } else {
            n.min(size)
        })
        .unwrap_or(0)
    };
    (fix(start), fix(end))
}

pub(crate) use bytes::{hex, unhex};
pub(crate) use number::{from_bytes as int_from_bytes, ratio as float_ratio};
pub(crate) use set::collect as collect_set;

/// Adds what `dict(...)` takes to a dictionary.
pub(crate) fn extend_dict(
    vm: &mut Vm,
    into: &std::rc::Rc<std::cell::RefCell<super::value::Dict>>,
    args: Args,
) -> PyResult<()> {
    dict::extend(vm, into, args, "dict")
}
