//! The builtin functions.

use std::hash::{Hash, Hasher};
use std::rc::Rc;

use super::iterators::{Lazy, Range};
use super::{class, sorting, streams, to_ascii, unknown_among};
use crate::diagnostic::{Code, Diagnostic};
use crate::python::args::Args;
use crate::python::error::{PyResult, Raise};
use crate::python::native::{BinaryOp, Builtin};
use crate::python::numbers::{self, Number, normal, number, plain, to_big};
use crate::python::value::{Dict, DictKey, Str, Value};
use crate::python::vm::Vm;

type Function = fn(&mut Vm, Args) -> PyResult;

const FUNCTIONS: &[(&str, Function)] = &[
    ("__import__", import),
    ("abs", abs),
    ("all", all),
    ("any", any),
    ("ascii", ascii),
    ("bin", bin),
    ("callable", callable),
    ("chr", chr),
    ("compile", refuse_compile),
    ("delattr", delattr),
    ("dir", dir),
    ("divmod", divmod),
    ("enumerate", enumerate),
    ("eval", refuse_eval),
    ("exec", refuse_exec),
    ("filter", filter),
    ("format", format_value),
    ("getattr", getattr),
    ("hasattr", hasattr),
    ("hash", |vm, mut args| {
        let value = args.require("hash", "obj")?;
        hash(vm, &value)
    }),
    ("hex", hex),
    ("id", id),
    ("input", refuse_input),
    ("isinstance", isinstance),
    ("issubclass", issubclass),
    ("iter", iter),
    ("len", len),
    ("map", map),
    ("max", |vm, args| sorting::extreme(vm, "max", args)),
    ("min", |vm, args| sorting::extreme(vm, "min", args)),
    ("next", next),
    ("oct", oct),
    ("open", streams::open),
    ("ord", ord),
    ("pow", pow),
    ("print", print),
    ("repr", repr),
    ("reversed", reversed),
    ("round", round),
    ("setattr", setattr),
    ("sorted", sorted),
    ("sum", sum),
    ("vars", vars),
    ("zip", zip),
];

thread_local! {
    static VALUES: std::cell::RefCell<rustc_hash::FxHashMap<&'static str, Value>> =
        std::cell::RefCell::default();
}

/// The builtin called `name`. Classes included; what needs the evaluator's own frames (`super`,
/// `globals`) is not.
pub fn lookup(vm: &mut Vm, name: &str) -> Option<Value> {
    let _ = vm;
    match name {
        "NotImplemented" => return Some(Value::NotImplemented),
        "Ellipsis" => return Some(Value::Ellipsis),
        "__debug__" => return Some(Value::Bool(true)),
        "NoneType"
        | "function"
        | "method"
        | "builtin_function_or_method"
        | "module"
        | "ellipsis"
        | "NotImplementedType" => return None,
        _ => {}
    }
    if let Some(class) = class(name) {
        return Some(Value::Class(class));
    }
    VALUES.with_borrow_mut(|values| {
        if let Some(value) = values.get(name) {
            return Some(value.clone());
        }
        let (name, function) = FUNCTIONS.iter().find(|(n, _)| *n == name)?;
        let value = Builtin::value(name, *function);
        values.insert(name, value.clone());
        Some(value)
    })
}

/// A final error for something that is not evaluated.
pub(super) fn unsupported(vm: &Vm, what: &str, why: &str) -> Box<Raise> {
    Raise::fatal(
        Diagnostic::error(Code::PythonUnsupported, format!("{what} is not supported"))
            .at(vm.location())
            .with_note(why),
    )
}

fn refuse(vm: &Vm, name: &str) -> PyResult {
    Err(unsupported(
        vm,
        &format!("`{name}`"),
        "gensql evaluates migrations without running code that is made at run time",
    ))
}

fn refuse_eval(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "eval")
}

fn refuse_exec(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "exec")
}

fn refuse_compile(vm: &mut Vm, _: Args) -> PyResult {
    refuse(vm, "compile")
}

fn refuse_input(vm: &mut Vm, _: Args) -> PyResult {
    Ok(Value::unknown("what a person types", vm.location()))
}

fn import(vm: &mut Vm, mut args: Args) -> PyResult {
    let name = args.require("__import__", "name")?;
    let name = vm.str(&name)?;
    let inner = vm.import(&name)?;
    match name.split_once('.') {
        Some((first, _)) => vm.import(first),
        None => Ok(inner),
    }
}

fn print(vm: &mut Vm, mut args: Args) -> PyResult {
    let separator = args
        .keyword("sep")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from(" "));
    let end = args
        .keyword("end")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from("\n"));
    let file = args.keyword("file").filter(|f| !f.is_none());
    let mut out = String::new();
    for (i, value) in args.pos.iter().enumerate() {
        if i > 0 {
            out.push_str(&separator);
        }
        match value {
            Value::Unknown(unknown) => {
                out.push('<');
                out.push_str(&unknown.what);
                out.push('>');
            }
            value => out.push_str(&vm.str(value)?),
        }
    }
    out.push_str(&end);
    vm.charge(out.len())?;
    match file {
        Some(file) => {
            vm.call_method(&file, "write", Args::of(vec![Value::from(out)]))?;
        }
        None => vm.printed.borrow_mut().push_str(&out),
    }
    Ok(Value::None)
}

fn one(args: &mut Args, name: &str) -> PyResult {
    args.require(name, "obj")
}

fn abs(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "abs")?;
    match number(&plain(&value)) {
        Some(Number::Float(x)) => Ok(Value::Float(x.abs())),
        Some(n) => Ok(normal(
            n.big().unwrap_or_default().magnitude().clone().into(),
        )),
        None => match vm.find_attr(&value, "__abs__")? {
            Some(method) => vm.call(&method, Args::default()),
            None => match &value {
                Value::Unknown(_) => Ok(value),
                _ => {
                    let name = vm.type_name(&value);
                    Err(Raise::exception(
                        "TypeError",
                        format!("bad operand type for abs(): '{name}'"),
                    ))
                }
            },
        },
    }
}

fn all(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn any(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn ascii(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "ascii")?;
    let text = vm.repr(&value)?;
    Ok(Value::from(to_ascii(&text)))
}

fn radix(vm: &Vm, mut args: Args, name: &str, prefix: &str, base: u32) -> PyResult {
    let value = one(&mut args, name)?;
    let Some(n) = to_big(&plain(&value)) else {
        let found = vm.type_name(&value);
        return Err(Raise::exception(
            "TypeError",
            format!("'{found}' object cannot be interpreted as an integer"),
        ));
    };
    let sign = if n.sign() == num_bigint::Sign::Minus {
        "-"
    } else {
        ""
    };
    Ok(Value::from(format!(
        "{sign}{prefix}{}",
        n.magnitude().to_str_radix(base)
    )))
}

fn bin(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "bin", "0b", 2)
}

fn oct(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "oct", "0o", 8)
}

fn hex(vm: &mut Vm, args: Args) -> PyResult {
    radix(vm, args, "hex", "0x", 16)
}

fn callable(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "callable")?;
    Ok(Value::Bool(match &value {
        Value::Function(_) | Value::BoundMethod(_) | Value::Builtin(_) | Value::Class(_) => true,
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            class.lookup("__call__").is_some()
        }
        Value::Native(_) => vm.find_attr(&value, "__call__")?.is_some(),
        Value::Unknown(_) => return Ok(value),
        _ => false,
    }))
}

fn chr(_vm: &mut Vm, mut args: Args) -> PyResult {
    let code = one(&mut args, "chr")?;
    match code
        .as_int()
        .and_then(|n| u32::try_from(n).ok())
        .and_then(char::from_u32)
    {
        Some(c) => Ok(Value::from(c.to_string())),
        None => Err(Raise::exception(
            "ValueError",
            "chr() arg not in range(0x110000)",
        )),
    }
}

fn ord(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "ord")?;
    match plain(&value) {
        Value::Str(text) => {
            let mut chars = text.chars();
            match (chars.next(), chars.next()) {
                (Some(c), None) => Ok(Value::Int(i64::from(u32::from(c)))),
                _ => Err(Raise::exception(
                    "TypeError",
                    format!(
                        "ord() expected a character, but string of length {} found",
                        text.chars().count()
                    ),
                )),
            }
        }
        Value::Bytes(bytes) if bytes.len() == 1 => Ok(Value::Int(i64::from(bytes[0]))),
        _ => {
            let name = vm.type_name(&value);
            Err(Raise::exception(
                "TypeError",
                format!("ord() expected string of length 1, but {name} found"),
            ))
        }
    }
}

fn divmod(vm: &mut Vm, mut args: Args) -> PyResult {
    let a = one(&mut args, "divmod")?;
    let b = one(&mut args, "divmod")?;
    if let (Some(x), Some(y)) = (number(&plain(&a)), number(&plain(&b)))
        && let Some((q, r)) = numbers::divmod(vm, x, y)?
    {
        return Ok(Value::tuple(vec![q, r]));
    }
    let q = vm.binary(BinaryOp::FloorDiv, &a, &b)?;
    let r = vm.binary(BinaryOp::Mod, &a, &b)?;
    Ok(Value::tuple(vec![q, r]))
}

fn pow(vm: &mut Vm, mut args: Args) -> PyResult {
    let base = args.require("pow", "base")?;
    let exponent = args.require("pow", "exp")?;
    match args.take("mod").filter(|m| !m.is_none()) {
        None => vm.binary(BinaryOp::Pow, &base, &exponent),
        Some(modulus) => match (to_big(&base), to_big(&exponent), to_big(&modulus)) {
            (Some(base), Some(exponent), Some(modulus)) => {
                vm.step(exponent.bits().saturating_mul(modulus.bits() / 64 + 1))?;
                numbers::power_modulo(&base, &exponent, &modulus)
            }
            _ => Err(Raise::exception(
                "TypeError",
                "pow() 3rd argument not allowed unless all arguments are integers",
            )),
        },
    }
}

fn round(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("round", "number")?;
    let digits = args.take("ndigits").filter(|d| !d.is_none());
    let Some(n) = number(&plain(&value)) else {
        if let Some(method) = vm.find_attr(&value, "__round__")? {
            return vm.call(&method, Args::of(digits.into_iter().collect()));
        }
        if let Value::Unknown(_) = value {
            return Ok(value);
        }
        let name = vm.type_name(&value);
        return Err(Raise::exception(
            "TypeError",
            format!("type {name} doesn't define __round__ method"),
        ));
    };
    let digits = digits.and_then(|d| d.as_int());
    match (n, digits) {
        (Number::Float(x), None) => super::truncate(x.round_ties_even()),
        (Number::Float(x), Some(d)) => {
            if !x.is_finite() || d > 330 {
                return Ok(Value::Float(x));
            }
            if d < -310 {
                return Ok(Value::Float(0.0f64.copysign(x)));
            }
            if d >= 0 {
                let text = format!("{x:.*}", usize::try_from(d).unwrap_or(0));
                return Ok(Value::Float(text.parse().unwrap_or(x)));
            }
            let scale = 10f64.powi(i32::try_from(-d).unwrap_or(0));
            Ok(Value::Float((x / scale).round_ties_even() * scale))
        }
        (n, Some(d)) if d < 0 && d > -5000 => {
            let value = n.big().unwrap_or_default();
            let unit = num_bigint::BigInt::from(10).pow(u32::try_from(-d).unwrap_or(0));
            let half = &unit / 2;
            let quotient = num_integer_floor(&value, &unit);
            let rest = &value - &quotient * &unit;
            let odd = (&quotient % 2) != num_bigint::BigInt::from(0);
            let up = rest > half || (rest == half && odd);
            Ok(normal((quotient + i32::from(up)) * unit))
        }
        (n, _) => Ok(normal(n.big().unwrap_or_default())),
    }
}

fn num_integer_floor(a: &num_bigint::BigInt, b: &num_bigint::BigInt) -> num_bigint::BigInt {
    let (q, r) = (a / b, a % b);
    if r.sign() == num_bigint::Sign::Minus {
        q - 1
    } else {
        q
    }
}

fn getattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "getattr")?;
    let name = one(&mut args, "getattr")?;
    let Some(name) = name.as_str() else {
        return Err(Raise::exception(
            "TypeError",
            "attribute name must be string",
        ));
    };
    match args.take("default") {
        None => vm.get_attr(&value, &name),
        Some(default) => Ok(vm.find_attr(&value, &name)?.unwrap_or(default)),
    }
}

fn hasattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "hasattr")?;
    let name = one(&mut args, "hasattr")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "an attribute") {
        return Ok(unknown);
    }
    let name = vm.str(&name)?;
    Ok(Value::Bool(vm.find_attr(&value, &name)?.is_some()))
}

fn setattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "setattr")?;
    let name = one(&mut args, "setattr")?;
    let new = one(&mut args, "setattr")?;
    let name = vm.str(&name)?;
    vm.set_attr(&value, &name, new)?;
    Ok(Value::None)
}

fn delattr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "delattr")?;
    let name = one(&mut args, "delattr")?;
    let name = vm.str(&name)?;
    let removed = match &value {
        Value::Instance(instance) => instance.dict.borrow_mut().shift_remove(&*name).is_some(),
        Value::Class(class) => class.dict.borrow_mut().shift_remove(&*name).is_some(),
        Value::Module(module) => module.dict.borrow_mut().shift_remove(&*name).is_some(),
        _ => false,
    };
    if removed {
        return Ok(Value::None);
    }
    let kind = vm.type_name(&value);
    Err(Raise::exception(
        "AttributeError",
        format!("'{kind}' object has no attribute '{name}'"),
    ))
}

fn namespace(value: &Value) -> Option<Dict> {
    let from = |dict: &crate::python::class::Namespace| -> Dict {
        dict.iter()
            .map(|(k, v)| (DictKey::str(&**k), v.clone()))
            .collect()
    };
    Some(match value {
        Value::Instance(instance) => from(&instance.dict.borrow()),
        Value::Class(class) => from(&class.dict.borrow()),
        Value::Module(module) => from(&module.dict.borrow()),
        _ => return None,
    })
}

fn vars(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "vars")?;
    match namespace(&value) {
        Some(dict) => Ok(Value::dict(dict)),
        None => {
            let dict = vm.find_attr(&value, "__dict__")?;
            dict.ok_or_else(|| {
                Raise::exception("TypeError", "vars() argument must have __dict__ attribute")
            })
        }
    }
}

fn dir(vm: &mut Vm, mut args: Args) -> PyResult {
    let Some(value) = args.take("object") else {
        return Err(unsupported(
            vm,
            "`dir()` without an argument",
            "it lists local names",
        ));
    };
    let mut names: Vec<Str> = Vec::new();
    let mut add = |dict: &Dict| names.extend(dict.keys().filter_map(|k| k.value().as_str()));
    if let Some(dict) = namespace(&value) {
        add(&dict);
    }
    if !matches!(value, Value::Module(_)) {
        let class = match &value {
            Value::Class(class) => Rc::clone(class),
            value => vm.class_of(value),
        };
        for class in std::iter::once(&class).chain(&class.mro) {
            names.extend(class.dict.borrow().keys().cloned());
            names.extend(
                crate::python::methods::names(&class.name)
                    .iter()
                    .map(|n| Str::from(*n)),
            );
        }
    }
    names.sort();
    names.dedup();
    Ok(Value::list(names.into_iter().map(Value::Str).collect()))
}

fn enumerate(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn zip(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn map(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn filter(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn format_value(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "format")?;
    let spec = args
        .take("format_spec")
        .and_then(|s| s.as_str())
        .unwrap_or_else(|| Str::from(""));
    vm.format(&value, &spec).map(Value::Str)
}

/// `hash(value)`: fixed, unlike CPython's for text.
pub fn hash(vm: &mut Vm, value: &Value) -> PyResult {
    match plain(value) {
        Value::Int(n) if n != -1 => return Ok(Value::Int(n % ((1 << 61) - 1))),
        Value::Bool(flag) => return Ok(Value::Int(i64::from(flag))),
        _ => {}
    }
    if let Value::Instance(_) = value
        && let Some(method) = vm.find_attr(value, "__hash__")?
    {
        return vm.call(&method, Args::default());
    }
    let key = vm.key(value)?;
    let mut state = rustc_hash::FxHasher::default();
    key.hash(&mut state);
    Ok(Value::Int((state.finish() >> 3) as i64))
}

fn id(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "id")?;
    let _ = vm;
    let address = match &value {
        Value::List(v) => Rc::as_ptr(v).addr(),
        Value::Dict(v) => Rc::as_ptr(v).addr(),
        Value::Instance(v) => Rc::as_ptr(v).addr(),
        Value::Native(v) => Rc::as_ptr(v).cast::<()>().addr(),
        Value::Class(v) => Rc::as_ptr(v).addr(),
        Value::Function(v) => Rc::as_ptr(v).addr(),
        Value::Int(n) => return Ok(Value::Int(n.wrapping_mul(32).wrapping_add(1 << 40))),
        _ => return Ok(Value::Int(1)),
    };
    Ok(Value::Int(i64::try_from(address).unwrap_or(0)))
}

/// Whether `value` is an instance of a class, of one of a tuple or union of classes.
fn instance_of(vm: &mut Vm, value: &Value, classes: &Value, depth: usize) -> PyResult<bool> {
    match classes {
        Value::Class(class) => {
            if let Some(native) = &class.native
                && let Some(answer) = native.is_instance(vm, class, value)?
            {
                return Ok(answer);
            }
            Ok(&*class.name == "object" && &*class.module == "builtins"
                || vm.is_instance(value, class))
        }
        Value::Tuple(items) if depth < 20 => {
            for class in items.iter() {
                if instance_of(vm, value, class, depth + 1)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::None => Ok(value.is_none()),
        other => {
            if let Some(union) = other.downcast::<super::Union>() {
                for class in &union.members {
                    if instance_of(vm, value, class, depth + 1)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            if let Some(check) = vm.find_attr(other, "__instancecheck__")? {
                let answer = vm.call(&check, Args::of(vec![value.clone()]))?;
                return vm.truth(&answer);
            }
            Err(Raise::exception(
                "TypeError",
                "isinstance() arg 2 must be a type, a tuple of types, or a union",
            ))
        }
    }
}

fn isinstance(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "isinstance")?;
    let classes = one(&mut args, "isinstance")?;
    if let Some(unknown) = unknown_among(&[value.clone(), classes.clone()], "the type") {
        return Ok(unknown);
    }
    instance_of(vm, &value, &classes, 0).map(Value::Bool)
}

fn subclass_of(value: &Rc<crate::python::Class>, classes: &Value, depth: usize) -> PyResult<bool> {
    match classes {
        Value::Class(class) => {
            Ok(value.is_subclass(class)
                || (&*class.name == "object" && &*class.module == "builtins"))
        }
        Value::Tuple(items) if depth < 20 => {
            for class in items.iter() {
                if subclass_of(value, class, depth + 1)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        other => match other.downcast::<super::Union>() {
            Some(union) if depth < 20 => {
                let members = Value::tuple(union.members.clone());
                subclass_of(value, &members, depth + 1)
            }
            _ => Err(Raise::exception(
                "TypeError",
                "issubclass() arg 2 must be a class, a tuple of classes, or a union",
            )),
        },
    }
}

fn issubclass(_vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "issubclass")?;
    let classes = one(&mut args, "issubclass")?;
    if let Some(unknown) = unknown_among(&[value.clone(), classes.clone()], "the type") {
        return Ok(unknown);
    }
    let Value::Class(class) = &value else {
        return Err(Raise::exception(
            "TypeError",
            "issubclass() arg 1 must be a class",
        ));
    };
    subclass_of(class, &classes, 0).map(Value::Bool)
}

fn iter(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn next(vm: &mut Vm, mut args: Args) -> PyResult {
    let iterator = one(&mut args, "next")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&iterator), "the next item") {
        return Ok(unknown);
    }
    match (vm.next(&iterator)?, args.take("default")) {
        (Some(item), _) | (None, Some(item)) => Ok(item),
        (None, None) => Err(super::raise(vm, "StopIteration", Vec::new())),
    }
}

fn len(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "len")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "the length") {
        return Ok(unknown);
    }
    let n = vm.len(&value)?;
    Ok(Value::Int(i64::try_from(n).unwrap_or(i64::MAX)))
}

fn repr(vm: &mut Vm, mut args: Args) -> PyResult {
    let value = one(&mut args, "repr")?;
    if let Some(unknown) = unknown_among(std::slice::from_ref(&value), "the text") {
        return Ok(unknown);
    }
    vm.repr(&value).map(Value::Str)
}

fn reversed(vm: &mut Vm, mut args: Args) -> PyResult {
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

fn sorted(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("sorted", "iterable")?;
    let items = vm.iterate(&source)?;
    sorting::sort(vm, items, args).map(Value::list)
}

fn sum(vm: &mut Vm, mut args: Args) -> PyResult {
    let source = args.require("sum", "iterable")?;
    let mut total = args.take("start").unwrap_or(Value::Int(0));
    if let Value::Str(_) = total {
        return Err(Raise::exception(
            "TypeError",
            "sum() can't sum strings [use ''.join(seq) instead]",
        ));
    }
    let items = vm.iterate(&source)?;
    // CPython adds floats with compensation; so does this.
    let floats: Option<Vec<f64>> = items
        .iter()
        .map(|item| match item {
            Value::Float(x) => Some(*x),
            #[allow(clippy::cast_precision_loss)]
            Value::Int(n) => Some(*n as f64),
            _ => None,
        })
        .collect();
    if items.iter().any(|item| matches!(item, Value::Float(_)))
        && let (Some(floats), Some(start)) = (floats, number(&total))
    {
        let mut sum = start.float()?;
        let mut lost = 0.0;
        for x in floats {
            vm.step(1)?;
            let next = sum + x;
            lost += if sum.abs() >= x.abs() {
                (sum - next) + x
            } else {
                (x - next) + sum
            };
            sum = next;
        }
        return Ok(Value::Float(if lost.is_finite() && lost != 0.0 {
            sum + lost
        } else {
            sum
        }));
    }
    for item in items {
        vm.step(1)?;
        total = vm.binary(BinaryOp::Add, &total, &item)?;
    }
    Ok(total)
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

fn search(vm: &mut Vm, container: &Value, item: &Value) -> PyResult<bool> {
    for own in vm.iterate(container)? {
        vm.step(1)?;
        if own.is(item) || vm.equal(&own, item)? {
            return Ok(true);
        }
    }
    Ok(false)
}
