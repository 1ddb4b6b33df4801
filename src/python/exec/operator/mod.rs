//! Operators, comparisons, truth and text of values.

mod comparing;
mod text;

use std::rc::Rc;

pub use comparing::{compare, contains, len, truth};
pub use text::{ascii, format, repr, str};

use super::attribute::unknown_part;
use super::{attribute, metaclass};
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, UnaryOp};
use crate::python::value::Value;
use crate::python::vm::Vm;
use crate::python::{format as formatting, numbers};

pub(super) fn symbol(op: BinaryOp) -> (&'static str, &'static str, &'static str) {
    match op {
        BinaryOp::Add => ("+", "__add__", "__radd__"),
        BinaryOp::Sub => ("-", "__sub__", "__rsub__"),
        BinaryOp::Mul => ("*", "__mul__", "__rmul__"),
        BinaryOp::MatMul => ("@", "__matmul__", "__rmatmul__"),
        BinaryOp::Div => ("/", "__truediv__", "__rtruediv__"),
        BinaryOp::FloorDiv => ("//", "__floordiv__", "__rfloordiv__"),
        BinaryOp::Mod => ("%", "__mod__", "__rmod__"),
        BinaryOp::Pow => ("** or pow()", "__pow__", "__rpow__"),
        BinaryOp::LShift => ("<<", "__lshift__", "__rlshift__"),
        BinaryOp::RShift => (">>", "__rshift__", "__rrshift__"),
        BinaryOp::BitOr => ("|", "__or__", "__ror__"),
        BinaryOp::BitXor => ("^", "__xor__", "__rxor__"),
        BinaryOp::BitAnd => ("&", "__and__", "__rand__"),
    }
}

/// The builtin value that an instance of `class E(str, Enum)` extends, if it does.
pub(super) fn builtin_base(value: &Value) -> Option<Value> {
    match value {
        Value::Instance(instance) => match &*instance.base.borrow() {
            Some(Value::Native(_)) | None => None,
            Some(base) => Some(base.clone()),
        },
        _ => None,
    }
}

pub(super) fn native_of(value: &Value) -> Option<Rc<dyn super::super::native::Native>> {
    match value {
        Value::Native(native) => Some(Rc::clone(native)),
        Value::Instance(instance) => match &*instance.base.borrow() {
            Some(Value::Native(native)) => Some(Rc::clone(native)),
            _ => None,
        },
        _ => None,
    }
}

/// Calls a special method that the class of a value defines. `None` when there is none, or when it
/// answers `NotImplemented`.
pub(super) fn special(
    vm: &mut Vm,
    value: &Value,
    name: &str,
    args: Vec<Value>,
) -> PyResult<Option<Value>> {
    let class = match value {
        Value::Instance(instance) => Rc::clone(&instance.class.borrow()),
        Value::Class(class) => match &class.meta {
            Some(meta) => Rc::clone(meta),
            None => return Ok(None),
        },
        _ => return Ok(None),
    };
    let Some(method) = class.lookup(name) else {
        return Ok(None);
    };
    let bound = match value {
        Value::Class(_) => metaclass::bind(vm, &method, value, &class)?,
        _ => attribute::bind(vm, &method, value, &class)?,
    };
    match vm.call(&bound, Args::of(args))? {
        Value::NotImplemented => Ok(None),
        result => Ok(Some(result)),
    }
}

/// `a op b`.
pub fn binary(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> PyResult {
    match (a, b) {
        (Value::Int(x), Value::Int(y)) => {
            let fast = match op {
                BinaryOp::Add => x.checked_add(*y),
                BinaryOp::Sub => x.checked_sub(*y),
                BinaryOp::Mul => x.checked_mul(*y),
                _ => None,
            };
            if let Some(result) = fast {
                return Ok(Value::Int(result));
            }
        }
        (Value::Str(x), Value::Str(y)) if op == BinaryOp::Add => {
            vm.charge(x.len() + y.len())?;
            let mut text = String::with_capacity(x.len() + y.len());
            text.push_str(x);
            text.push_str(y);
            return Ok(Value::from(text));
        }
        (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown))
            if !matches!(a, Value::Native(_)) =>
        {
            let what = format!("a value computed from {}", unknown.what);
            return Ok(unknown_part(vm, unknown, what));
        }
        (Value::Str(template), values) if op == BinaryOp::Mod => {
            let text = formatting::percent(vm, template, values)?;
            vm.charge(text.len())?;
            return Ok(Value::Str(text));
        }
        _ => {}
    }
    let (sign, method, reflected) = symbol(op);
    if let (Value::Instance(x), Value::Instance(y)) = (a, b) {
        // A derived class goes first when it says itself how it is a right operand.
        let (x, y) = (Rc::clone(&x.class.borrow()), Rc::clone(&y.class.borrow()));
        let own = |class: &Rc<super::super::class::Class>| class.lookup(reflected);
        if !Rc::ptr_eq(&x, &y)
            && y.is_subclass(&x)
            && let Some(theirs) = own(&y)
            && own(&x).is_none_or(|ours| !ours.is(&theirs))
            && let Some(result) = special(vm, b, reflected, vec![a.clone()])?
        {
            return Ok(result);
        }
    }
    if let Some(result) = special(vm, a, method, vec![b.clone()])? {
        return Ok(result);
    }
    if let Some(native) = native_of(a)
        && let Some(result) = native.binary(a, vm, op, b, false)?
    {
        return Ok(result);
    }
    if let Some(result) = special(vm, b, reflected, vec![a.clone()])? {
        return Ok(result);
    }
    if let Some(native) = native_of(b)
        && let Some(result) = native.binary(b, vm, op, a, true)?
    {
        return Ok(result);
    }
    if let Value::Unknown(unknown) = b {
        let what = format!("a value computed from {}", unknown.what);
        return Ok(unknown_part(vm, unknown, what));
    }
    let left = builtin_base(a);
    let right = builtin_base(b);
    if left.is_some() || right.is_some() {
        return binary(
            vm,
            op,
            &left.unwrap_or_else(|| a.clone()),
            &right.unwrap_or_else(|| b.clone()),
        );
    }
    if let Some(result) = numbers::binary(vm, op, a, b)? {
        return Ok(result);
    }
    if op == BinaryOp::BitOr
        && matches!(a, Value::Class(_) | Value::None)
        && matches!(b, Value::Class(_) | Value::None)
    {
        // `int | None` in an annotation or `isinstance`.
        return Ok(Value::tuple(vec![a.clone(), b.clone()]));
    }
    Err(unsupported(vm, op, sign, a, b))
}

/// The error for operands that do not go together; sequences say it in their own words.
pub(super) fn unsupported(vm: &Vm, op: BinaryOp, sign: &str, a: &Value, b: &Value) -> Box<Raise> {
    let (left, right) = (vm.type_name(a), vm.type_name(b));
    let sequence = |value: &Value| {
        matches!(
            value,
            Value::Str(_) | Value::Bytes(_) | Value::List(_) | Value::Tuple(_)
        )
    };
    let message = match (op, a) {
        (BinaryOp::Add, Value::List(_) | Value::Tuple(_) | Value::Str(_)) => {
            format!("can only concatenate {left} (not \"{right}\") to {left}")
        }
        (BinaryOp::Add, Value::Bytes(_)) => format!("can't concat {right} to bytes"),
        (BinaryOp::Mul, _) if sequence(a) => {
            format!("can't multiply sequence by non-int of type '{right}'")
        }
        (BinaryOp::Mul, _) if sequence(b) => {
            format!("can't multiply sequence by non-int of type '{left}'")
        }
        _ => format!("unsupported operand type(s) for {sign}: '{left}' and '{right}'"),
    };
    Raise::exception("TypeError", message)
}

/// `a op= b`: the value to store.
pub fn in_place(vm: &mut Vm, op: BinaryOp, a: &Value, b: &Value) -> PyResult {
    match (a, op) {
        (Value::List(list), BinaryOp::Mul) if b.as_int().is_some() => {
            if let Some(Value::List(more)) = numbers::binary(vm, op, a, b)? {
                let more = more.borrow().clone();
                *list.borrow_mut() = more;
            }
            return Ok(a.clone());
        }
        (Value::Set(set), BinaryOp::BitAnd | BinaryOp::Sub | BinaryOp::BitXor)
            if matches!(b, Value::Set(_) | Value::FrozenSet(_)) =>
        {
            if let Some(Value::Set(left)) = numbers::binary(vm, op, a, b)? {
                let left = left.borrow().clone();
                *set.borrow_mut() = left;
            }
            return Ok(a.clone());
        }
        (Value::List(list), BinaryOp::Add) => {
            let more = vm.iterate(b)?;
            vm.charge(more.len() * 16)?;
            list.borrow_mut().extend(more);
            return Ok(a.clone());
        }
        (Value::Set(set), BinaryOp::BitOr) => {
            for item in vm.iterate(b)? {
                let key = vm.key(&item)?;
                set.borrow_mut().insert(key);
            }
            return Ok(a.clone());
        }
        (Value::Dict(dict), BinaryOp::BitOr) => {
            super::super::methods::extend_dict(vm, dict, Args::of(vec![b.clone()]))?;
            return Ok(a.clone());
        }
        _ => {}
    }
    let (_, method, _) = symbol(op);
    let name = format!("__i{}", &method[2..]);
    if let Some(result) = special(vm, a, &name, vec![b.clone()])? {
        return Ok(result);
    }
    binary(vm, op, a, b)
}

/// A unary operator.
pub fn unary(vm: &mut Vm, op: UnaryOp, a: &Value) -> PyResult {
    if let Value::Unknown(unknown) = a {
        let what = format!("a value computed from {}", unknown.what);
        return Ok(unknown_part(vm, unknown, what));
    }
    let (sign, method) = match op {
        UnaryOp::Neg => ("-", "__neg__"),
        UnaryOp::Pos => ("+", "__pos__"),
        UnaryOp::Invert => ("~", "__invert__"),
    };
    if let Some(result) = special(vm, a, method, Vec::new())? {
        return Ok(result);
    }
    if let Some(native) = native_of(a)
        && let Some(result) = native.unary(a, vm, op)?
    {
        return Ok(result);
    }
    let value = builtin_base(a).unwrap_or_else(|| a.clone());
    if let Some(result) = numbers::unary(vm, op, &value)? {
        return Ok(result);
    }
    Err(Raise::exception(
        "TypeError",
        format!("bad operand type for unary {sign}: '{}'", vm.type_name(a)),
    ))
}
