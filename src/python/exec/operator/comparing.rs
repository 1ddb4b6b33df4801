//! Comparisons, truth, length and membership.

use std::rc::Rc;

use super::super::attribute::unknown_part;
use super::{builtin_base, native_of, special};
use crate::diagnostic::Code;
use crate::python::args::Args;
use crate::python::class::Instance;
use crate::python::error::{PyResult, Raise};
use crate::python::native::CompareOp;
use crate::python::numbers;
use crate::python::value::Value;
use crate::python::vm::Vm;

/// A rich comparison.
pub fn compare(vm: &mut Vm, op: CompareOp, a: &Value, b: &Value) -> PyResult {
    match (op, a, b) {
        (CompareOp::Eq, Value::Str(x), Value::Str(y)) => return Ok(Value::Bool(x == y)),
        (CompareOp::Ne, Value::Str(x), Value::Str(y)) => return Ok(Value::Bool(x != y)),
        (CompareOp::Eq, Value::Int(x), Value::Int(y)) => return Ok(Value::Bool(x == y)),
        _ => {}
    }
    let (sign, method, mirrored) = match op {
        CompareOp::Eq => ("==", "__eq__", CompareOp::Eq),
        CompareOp::Ne => ("!=", "__ne__", CompareOp::Ne),
        CompareOp::Lt => ("<", "__lt__", CompareOp::Gt),
        CompareOp::Le => ("<=", "__le__", CompareOp::Ge),
        CompareOp::Gt => (">", "__gt__", CompareOp::Lt),
        CompareOp::Ge => (">=", "__ge__", CompareOp::Le),
    };
    let mirror_method = match mirrored {
        CompareOp::Eq => "__eq__",
        CompareOp::Ne => "__ne__",
        CompareOp::Lt => "__lt__",
        CompareOp::Le => "__le__",
        CompareOp::Gt => "__gt__",
        CompareOp::Ge => "__ge__",
    };
    if let Some(native) = native_of(a)
        && let Some(result) = native.compare(a, vm, op, b)?
    {
        return Ok(result);
    }
    if let Some(native) = native_of(b)
        && let Some(result) = native.compare(b, vm, mirrored, a)?
    {
        return Ok(result);
    }
    for (unknown, op, other) in [(a, op, b), (b, mirrored, a)] {
        if let Value::Unknown(known) = unknown
            && let Some(compared) = &known.compared
            && let Some(result) = compared.0.compare(unknown, vm, op, other)?
        {
            return Ok(result);
        }
    }
    if let (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) = (a, b) {
        let what = format!("a comparison with {}", unknown.what);
        return Ok(unknown_part(vm, unknown, what));
    }
    if let Some(result) = special(vm, a, method, vec![b.clone()])? {
        return Ok(result);
    }
    if let Some(result) = special(vm, b, mirror_method, vec![a.clone()])? {
        return Ok(result);
    }
    if op == CompareOp::Ne {
        // `!=` is the inverse of `==` unless a class says otherwise.
        if let Some(result) = special(vm, a, "__eq__", vec![b.clone()])? {
            return Ok(Value::Bool(!vm.truth(&result)?));
        }
    }
    if let (Some(x), _) = (native_of(a), b)
        && let Some(order) = x.order(b)
    {
        return Ok(Value::Bool(match op {
            CompareOp::Eq => order.is_eq(),
            CompareOp::Ne => order.is_ne(),
            CompareOp::Lt => order.is_lt(),
            CompareOp::Le => order.is_le(),
            CompareOp::Gt => order.is_gt(),
            CompareOp::Ge => order.is_ge(),
        }));
    }
    let left = builtin_base(a);
    let right = builtin_base(b);
    if left.is_some() || right.is_some() {
        return compare(
            vm,
            op,
            &left.unwrap_or_else(|| a.clone()),
            &right.unwrap_or_else(|| b.clone()),
        );
    }
    if let Some(result) = numbers::compare(vm, op, a, b)? {
        return Ok(result);
    }
    match op {
        CompareOp::Eq | CompareOp::Ne => {
            let same = match (a, b) {
                (Value::Native(_), _) | (_, Value::Native(_)) => {
                    crate::python::value::DictKey(a.clone())
                        == crate::python::value::DictKey(b.clone())
                }
                _ => a.is(b),
            };
            Ok(Value::Bool(same == (op == CompareOp::Eq)))
        }
        _ => Err(Raise::exception(
            "TypeError",
            format!(
                "'{sign}' not supported between instances of '{}' and '{}'",
                vm.type_name(a),
                vm.type_name(b)
            ),
        )),
    }
}

/// `bool(value)`.
pub fn truth(vm: &mut Vm, value: &Value) -> PyResult<bool> {
    Ok(match value {
        Value::None => false,
        Value::Bool(flag) => *flag,
        Value::Int(number) => *number != 0,
        Value::BigInt(_) => true,
        Value::Float(number) => *number != 0.0,
        Value::Str(text) => !text.is_empty(),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::List(items) => !items.borrow().is_empty(),
        Value::Tuple(items) => !items.is_empty(),
        Value::Dict(items) => !items.borrow().is_empty(),
        Value::Set(items) => !items.borrow().is_empty(),
        Value::FrozenSet(items) => !items.is_empty(),
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.truth(value, vm)? {
                Some(truth) => truth,
                None => native.len(value, vm)?.is_none_or(|len| len > 0),
            }
        }
        Value::Instance(instance) => return instance_truth(vm, value, instance),
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            if let Some(compared) = &unknown.compared
                && let Some(truth) = compared.0.truth(value, vm)?
            {
                return Ok(truth);
            }
            return Err(vm.unknown_as(Code::UnknownCondition, &unknown, "a branch depends on it"));
        }
        Value::Function(_)
        | Value::BoundMethod(_)
        | Value::Builtin(_)
        | Value::Class(_)
        | Value::Module(_)
        | Value::Ellipsis
        | Value::NotImplemented => true,
    })
}

pub(super) fn instance_truth(
    vm: &mut Vm,
    value: &Value,
    instance: &Rc<Instance>,
) -> PyResult<bool> {
    if let Some(result) = special(vm, value, "__bool__", Vec::new())? {
        return truth(vm, &result);
    }
    if let Some(result) = special(vm, value, "__len__", Vec::new())? {
        return truth(vm, &result);
    }
    let base = instance.base.borrow().clone();
    match base {
        Some(Value::Native(native)) => {
            if let Some(result) = native.truth(value, vm)? {
                return Ok(result);
            }
            Ok(true)
        }
        Some(base) => truth(vm, &base),
        None => Ok(true),
    }
}

/// `item in container`.
pub fn contains(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
    match container {
        Value::Str(text) => match item.as_str() {
            Some(part) => Ok(text.contains(&*part)),
            None => Err(Raise::exception(
                "TypeError",
                format!(
                    "'in <string>' requires string as left operand, not {}",
                    vm.type_name(item)
                ),
            )),
        },
        Value::Dict(dict) => {
            let key = vm.key(item)?;
            Ok(dict.borrow().contains_key(&key))
        }
        Value::Set(set) => {
            let key = vm.key(item)?;
            Ok(set.borrow().contains(&key))
        }
        Value::FrozenSet(set) => {
            let key = vm.key(item)?;
            Ok(set.contains(&key))
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if let Some(result) = native.contains(container, vm, item)? {
                return Ok(result);
            }
            by_items(vm, container, item)
        }
        Value::Instance(_) => {
            if let Some(result) = special(vm, container, "__contains__", vec![item.clone()])? {
                return truth(vm, &result);
            }
            if let Some(native) = native_of(container)
                && let Some(result) = native.contains(container, vm, item)?
            {
                return Ok(result);
            }
            match builtin_base(container) {
                Some(base) => contains(vm, &base, item),
                None => by_items(vm, container, item),
            }
        }
        Value::Class(class) if class.meta.is_some() => {
            match special(vm, container, "__contains__", vec![item.clone()])? {
                Some(result) => truth(vm, &result),
                None => by_items(vm, container, item),
            }
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown_as(Code::UnknownCondition, &unknown, "`in` asks what it holds"))
        }
        _ => by_items(vm, container, item),
    }
}

pub(super) fn by_items(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
    if let Value::Bytes(bytes) = container {
        return match item {
            Value::Bytes(part) => {
                Ok(part.is_empty() || bytes.windows(part.len()).any(|window| window == &part[..]))
            }
            other => Ok(other
                .as_int()
                .is_some_and(|n| u8::try_from(n).is_ok_and(|n| bytes.contains(&n)))),
        };
    }
    for other in vm.iterate(container)? {
        if vm.equal(&other, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}

/// `len(value)`.
pub fn len(vm: &mut Vm, value: &Value) -> PyResult<usize> {
    Ok(match value {
        Value::Str(text) => text.chars().count(),
        Value::Bytes(bytes) => bytes.len(),
        Value::List(items) => items.borrow().len(),
        Value::Tuple(items) => items.len(),
        Value::Dict(items) => items.borrow().len(),
        Value::Set(items) => items.borrow().len(),
        Value::FrozenSet(items) => items.len(),
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.len(value, vm)? {
                Some(len) => len,
                None => return Err(no_len(vm, value)),
            }
        }
        Value::Instance(instance) => {
            if let Some(result) = special(vm, value, "__len__", Vec::new())? {
                let len = result.as_int().and_then(|n| usize::try_from(n).ok());
                return len
                    .ok_or_else(|| Raise::exception("ValueError", "__len__() should return >= 0"));
            }
            let base = instance.base.borrow().clone();
            match base {
                Some(Value::Native(native)) => match native.len(value, vm)? {
                    Some(len) => len,
                    None => return Err(no_len(vm, value)),
                },
                Some(base) => return len(vm, &base),
                None => return Err(no_len(vm, value)),
            }
        }
        Value::Class(class) => {
            if let Some(result) = special(vm, value, "__len__", Vec::new())? {
                let len = result.as_int().and_then(|n| usize::try_from(n).ok());
                return Ok(len.unwrap_or(0));
            }
            if let Some(native) = class.native_base()
                && let Some(behaviour) = &native.native
                && let Some(method) = behaviour.get_attr(vm, class, "__len__")?
            {
                let result = vm.call(&method, Args::default())?;
                return Ok(result
                    .as_int()
                    .and_then(|n| usize::try_from(n).ok())
                    .unwrap_or(0));
            }
            return Err(no_len(vm, value));
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            return Err(vm.unknown(&unknown, "its length is needed"));
        }
        _ => return Err(no_len(vm, value)),
    })
}

pub(super) fn no_len(vm: &Vm, value: &Value) -> Box<Raise> {
    Raise::exception(
        "TypeError",
        format!("object of type '{}' has no len()", vm.type_name(value)),
    )
}
