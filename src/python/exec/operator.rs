//! Operators, comparisons, truth and text of values.

use std::rc::Rc;

use super::super::args::Args;
use super::super::class::Instance;
use super::super::error::{PyResult, Raise};
use super::super::native::{BinaryOp, CompareOp, UnaryOp};
use super::super::value::{Str, Value};
use super::super::vm::Vm;
use super::super::{format as formatting, numbers};
use super::attribute::{self, unknown_part};
use super::metaclass;
use crate::diagnostic::Code;

fn symbol(op: BinaryOp) -> (&'static str, &'static str, &'static str) {
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
fn builtin_base(value: &Value) -> Option<Value> {
    match value {
        Value::Instance(instance) => match &*instance.base.borrow() {
            Some(Value::Native(_)) | None => None,
            Some(base) => Some(base.clone()),
        },
        _ => None,
    }
}

fn native_of(value: &Value) -> Option<Rc<dyn super::super::native::Native>> {
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
fn unsupported(vm: &Vm, op: BinaryOp, sign: &str, a: &Value, b: &Value) -> Box<Raise> {
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
                    super::super::value::DictKey(a.clone())
                        == super::super::value::DictKey(b.clone())
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

fn instance_truth(vm: &mut Vm, value: &Value, instance: &Rc<Instance>) -> PyResult<bool> {
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

/// `str(value)`.
pub fn str(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match value {
        Value::Str(text) => Ok(text.clone()),
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        Value::Instance(_) => {
            if let Some(result) = special(vm, value, "__str__", Vec::new())? {
                return text_result(vm, &result, "__str__");
            }
            if let Some(native) = native_of(value)
                && let Some(text) = native.str(value, vm)?
            {
                return Ok(text);
            }
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            match builtin_base(value) {
                Some(base) => str(vm, &base),
                None => repr(vm, value),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.str(value, vm)? {
                Some(text) => Ok(text),
                None => repr(vm, value),
            }
        }
        Value::Class(class) if class.meta.is_some() => {
            if let Some(result) = special(vm, value, "__str__", Vec::new())? {
                return text_result(vm, &result, "__str__");
            }
            repr(vm, value)
        }
        _ => formatting::str(vm, value),
    }
}

fn text_result(vm: &mut Vm, result: &Value, method: &str) -> PyResult<Str> {
    match result.as_str() {
        Some(text) => Ok(text),
        None => match result {
            Value::Unknown(unknown) => {
                let unknown = Rc::clone(unknown);
                Err(vm.unknown(&unknown, "its text is needed"))
            }
            other => Err(Raise::exception(
                "TypeError",
                format!(
                    "{method} returned non-string (type {})",
                    vm.type_name(other)
                ),
            )),
        },
    }
}

/// `repr(value)`.
pub fn repr(vm: &mut Vm, value: &Value) -> PyResult<Str> {
    match value {
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        Value::Instance(instance) => {
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            if let Some(native) = native_of(value)
                && let Some(text) = native.repr(value, vm)?
            {
                return Ok(text);
            }
            match builtin_base(value) {
                Some(base) => repr(vm, &base),
                None => {
                    let class = instance.class.borrow();
                    Ok(Str::from(format!(
                        "<{}.{} object>",
                        class.module, class.name
                    )))
                }
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.repr(value, vm)? {
                Some(text) => Ok(text),
                None => match native.as_text() {
                    Some(text) => formatting::repr(vm, &Value::Str(text)),
                    None => Ok(Str::from(format!("<{} object>", native.type_name()))),
                },
            }
        }
        Value::Class(class) if class.meta.is_some() => {
            if let Some(result) = special(vm, value, "__repr__", Vec::new())? {
                return text_result(vm, &result, "__repr__");
            }
            formatting::repr(vm, value)
        }
        _ => formatting::repr(vm, value),
    }
}

/// `format(value, spec)`.
pub fn format(vm: &mut Vm, value: &Value, spec: &str) -> PyResult<Str> {
    match value {
        Value::Instance(_) => {
            if let Some(result) = special(vm, value, "__format__", vec![Value::str(spec)])? {
                return text_result(vm, &result, "__format__");
            }
            if spec.is_empty() {
                return str(vm, value);
            }
            match builtin_base(value) {
                Some(base) => format(vm, &base, spec),
                None if native_of(value).is_some() => {
                    let text = Value::Str(str(vm, value)?);
                    formatting::format_spec(vm, &text, spec)
                }
                None => Err(Raise::exception(
                    "TypeError",
                    format!(
                        "unsupported format string passed to {}.__format__",
                        vm.type_name(value)
                    ),
                )),
            }
        }
        Value::Native(native) => {
            let native = Rc::clone(native);
            if let Some(text) = native.format(value, vm, spec)? {
                return Ok(text);
            }
            let text = str(vm, value)?;
            if spec.is_empty() {
                Ok(text)
            } else {
                formatting::format_spec(vm, &Value::Str(text), spec)
            }
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its text is needed"))
        }
        _ if spec.is_empty() => str(vm, value),
        _ => formatting::format_spec(vm, value, spec),
    }
}

/// Escapes what is not ASCII, as `ascii()`.
pub fn ascii(text: &str) -> Str {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            0..=0x7f => out.push(c),
            n @ 0x80..=0xff => out.push_str(&format!("\\x{n:02x}")),
            n @ 0x100..=0xffff => out.push_str(&format!("\\u{n:04x}")),
            n => out.push_str(&format!("\\U{n:08x}")),
        }
    }
    Str::from(out)
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

fn by_items(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
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

fn no_len(vm: &Vm, value: &Value) -> Box<Raise> {
    Raise::exception(
        "TypeError",
        format!("object of type '{}' has no len()", vm.type_name(value)),
    )
}
