//! The builtin classes.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::exceptions::{ExceptionClass, HIERARCHY};
use super::iterators::Range;
use super::{numeric, unknown_among};
use crate::python::args::Args;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::exec;
use crate::python::methods;
use crate::python::native::{BinaryOp, Builtin, CompareOp, Native, NativeClass};
use crate::python::numbers::plain;
use crate::python::value::{Dict, Str, Value};
use crate::python::vm::Vm;

/// Builtin classes other than exceptions, with their bases.
const CLASSES: &[(&str, &str)] = &[
    ("object", ""),
    ("type", "object"),
    ("int", "object"),
    ("bool", "int"),
    ("float", "object"),
    ("complex", "object"),
    ("str", "object"),
    ("bytes", "object"),
    ("bytearray", "object"),
    ("list", "object"),
    ("tuple", "object"),
    ("dict", "object"),
    ("set", "object"),
    ("frozenset", "object"),
    ("range", "object"),
    ("NoneType", "object"),
    ("function", "object"),
    ("method", "object"),
    ("builtin_function_or_method", "object"),
    ("module", "object"),
    ("ellipsis", "object"),
    ("NotImplementedType", "object"),
];

thread_local! {
    static REGISTRY: FxHashMap<&'static str, Rc<Class>> = build();
    static OTHERS: RefCell<FxHashMap<String, Rc<Class>>> = RefCell::default();
}

fn build() -> FxHashMap<&'static str, Rc<Class>> {
    let mut all: FxHashMap<&'static str, Rc<Class>> = FxHashMap::default();
    for (name, base) in CLASSES {
        let bases: Vec<Rc<Class>> = all.get(base).cloned().into_iter().collect();
        let class = if *name == "object" {
            Rc::new(Class {
                name: Str::from("object"),
                module: Str::from("builtins"),
                bases,
                mro: Vec::new(),
                dict: RefCell::default(),
                native: None,
                meta: None,
                derived: RefCell::default(),
            })
        } else {
            Class::native("builtins", name, bases, BuiltinClass { name })
        };
        all.insert(name, class);
    }
    for (name, base) in HIERARCHY {
        let class = match *name {
            // Aliases are the same class.
            "EnvironmentError" | "IOError" => all.get("OSError").cloned(),
            _ => {
                let bases = all.get(base).cloned().into_iter().collect();
                Some(Class::native("builtins", name, bases, ExceptionClass))
            }
        };
        if let Some(class) = class {
            all.insert(name, class);
        }
    }
    all
}

/// The builtin class called `name` (`int`, `ValueError`). One object per thread.
pub fn class(name: &str) -> Option<Rc<Class>> {
    REGISTRY.with(|all| all.get(name).cloned())
}

fn other(name: &str) -> Rc<Class> {
    if let Some(class) = class(name) {
        return class;
    }
    OTHERS.with_borrow_mut(|others| {
        if let Some(class) = others.get(name) {
            return Rc::clone(class);
        }
        let bases = class("object").into_iter().collect();
        let class = Class::native("builtins", name, bases, Opaque);
        others.insert(name.to_owned(), Rc::clone(&class));
        class
    })
}

/// The class of a builtin value (`type(value)`); for instances and natives, the class that they
/// name.
pub fn class_for(vm: &mut Vm, value: &Value) -> Rc<Class> {
    other(match value {
        Value::None => "NoneType",
        Value::Bool(_) => "bool",
        Value::Int(_) | Value::BigInt(_) => "int",
        Value::Float(_) => "float",
        Value::Str(_) => "str",
        Value::Bytes(_) => "bytes",
        Value::List(_) => "list",
        Value::Tuple(_) => "tuple",
        Value::Dict(_) => "dict",
        Value::Set(_) => "set",
        Value::FrozenSet(_) => "frozenset",
        Value::Function(_) => "function",
        Value::BoundMethod(_) => "method",
        Value::Builtin(_) => "builtin_function_or_method",
        Value::Class(class) => match &class.meta {
            Some(meta) => return Rc::clone(meta),
            None => "type",
        },
        Value::Module(_) => "module",
        Value::Ellipsis => "ellipsis",
        Value::NotImplemented => "NotImplementedType",
        Value::Unknown(_) => "object",
        Value::Instance(instance) => return Rc::clone(&instance.class.borrow()),
        Value::Native(native) => {
            let native = Rc::clone(native);
            return native
                .class(vm)
                .unwrap_or_else(|| other(native.type_name()));
        }
    })
}

/// A class whose objects cannot be made by calling it.
struct Opaque;

impl NativeClass for Opaque {
    fn construct(&self, _vm: &mut Vm, class: &Rc<Class>, _args: Args) -> PyResult {
        Err(Raise::exception(
            "TypeError",
            format!("cannot create '{}' instances", class.name),
        ))
    }
}

struct BuiltinClass {
    name: &'static str,
}

fn collect(vm: &mut Vm, args: &mut Args) -> PyResult<Vec<Value>> {
    match args.take("iterable") {
        None => Ok(Vec::new()),
        Some(source) => {
            let items = vm.iterate(&source)?;
            vm.charge(items.len() * 16)?;
            Ok(items)
        }
    }
}

fn bytes(vm: &mut Vm, mut args: Args) -> PyResult {
    let encoding = args.keyword("encoding").and_then(|e| e.as_str());
    let Some(source) = args.take("source") else {
        return Ok(Value::Bytes(Rc::from([])));
    };
    let encoding = encoding.or_else(|| args.take("encoding").and_then(|e| e.as_str()));
    match plain(&source) {
        Value::Str(text) => match encoding {
            Some(encoding) => super::encode(vm, &text, Some(&encoding), None),
            None => Err(Raise::exception(
                "TypeError",
                "string argument without an encoding",
            )),
        },
        Value::Int(n) => {
            let n =
                usize::try_from(n).map_err(|_| Raise::exception("ValueError", "negative count"))?;
            vm.charge(n)?;
            Ok(Value::Bytes(vec![0; n].into()))
        }
        Value::Bytes(bytes) => Ok(Value::Bytes(bytes)),
        _ => {
            if let Some(method) = vm.find_attr(&source, "__bytes__")? {
                return vm.call(&method, Args::default());
            }
            let items = vm.iterate(&source)?;
            let bytes: Option<Vec<u8>> = items
                .iter()
                .map(|b| b.as_int().and_then(|b| u8::try_from(b).ok()))
                .collect();
            match bytes {
                Some(bytes) => Ok(Value::Bytes(bytes.into())),
                None => Err(Raise::exception(
                    "ValueError",
                    "bytes must be in range(0, 256)",
                )),
            }
        }
    }
}

fn range(vm: &Vm, mut args: Args) -> PyResult {
    let mut number = |name: &str| -> PyResult<Option<i64>> {
        match args.take(name) {
            None => Ok(None),
            Some(value) => value.as_int().map(Some).ok_or_else(|| {
                let found = vm.type_name(&value);
                Raise::exception(
                    "TypeError",
                    format!("'{found}' object cannot be interpreted as an integer"),
                )
            }),
        }
    };
    let (a, b, step) = (
        number("start")?,
        number("stop")?,
        number("step")?.unwrap_or(1),
    );
    let (start, stop) = match (a, b) {
        (Some(a), Some(b)) => (a, b),
        (Some(a), None) => (0, a),
        _ => {
            return Err(Raise::exception(
                "TypeError",
                "range expected at least 1 argument, got 0",
            ));
        }
    };
    if step == 0 {
        return Err(Raise::exception(
            "ValueError",
            "range() arg 3 must not be zero",
        ));
    }
    Ok(Value::native(Range { start, stop, step }))
}

/// The enumeration that a class mixes into a builtin type (`class Color(str, Enum)`).
fn mixed_in(class: &Rc<Class>) -> Option<Rc<Class>> {
    class
        .mro
        .iter()
        .find(|c| &*c.name == "EnumBase" && c.native.is_some())
        .cloned()
}

impl NativeClass for BuiltinClass {
    fn call(&self, vm: &mut Vm, class: &Rc<Class>, args: &Args) -> PyResult<Option<Value>> {
        // Calling a metaclass makes a class.
        if self.name != "type" {
            return Ok(None);
        }
        exec::call_metaclass(vm, class, args.clone()).map(Some)
    }

    fn iter(&self, vm: &mut Vm, class: &Rc<Class>) -> PyResult<Option<Vec<Value>>> {
        match mixed_in(class)
            .as_ref()
            .and_then(|base| base.native.as_ref())
        {
            Some(native) => native.iter(vm, class),
            None => Ok(None),
        }
    }

    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, mut args: Args) -> PyResult {
        if let Some(unknown) = unknown_among(&args.pos, self.name)
            && !matches!(self.name, "type" | "list" | "tuple" | "dict")
        {
            return Ok(unknown);
        }
        Ok(match self.name {
            "type" => {
                if args.pos.len() == 1 {
                    Value::Class(vm.class_of(&args.pos[0]))
                } else {
                    return exec::made_class(vm, class, args);
                }
            }
            "int" => {
                let Some(value) = args.take("x") else {
                    return Ok(Value::Int(0));
                };
                match args.take("base") {
                    None => numeric::to_int(vm, &value)?,
                    Some(base) => {
                        if value.as_str().is_none() && !matches!(value, Value::Bytes(_)) {
                            return Err(Raise::exception(
                                "TypeError",
                                "int() can't convert non-string with explicit base",
                            ));
                        }
                        let text = methods::text_argument(vm, &value, "int() argument with base")?;
                        let base = methods::int_argument(vm, Some(base), 10)?;
                        numeric::parse(vm, &text, base)?
                    }
                }
            }
            "bool" => match args.take("x") {
                None => Value::Bool(false),
                Some(value) => Value::Bool(vm.truth(&value)?),
            },
            "float" => match args.take("x") {
                None => Value::Float(0.0),
                Some(value) => Value::Float(numeric::to_float(vm, &value)?),
            },
            "str" => {
                let Some(value) = args.take("object") else {
                    return Ok(Value::str(""));
                };
                let encoding = args.take("encoding").and_then(|e| e.as_str());
                let errors = args.take("errors").and_then(|e| e.as_str());
                match &value {
                    Value::Bytes(bytes) if encoding.is_some() || errors.is_some() => {
                        super::decode(vm, bytes, encoding.as_deref(), errors.as_deref())?
                    }
                    _ => Value::Str(vm.str(&value)?),
                }
            }
            "bytes" | "bytearray" => bytes(vm, args)?,
            "list" => Value::list(collect(vm, &mut args)?),
            "tuple" => match &args.pos[..] {
                [tuple @ Value::Tuple(_)] => tuple.clone(),
                _ => Value::tuple(collect(vm, &mut args)?),
            },
            "dict" => {
                let dict = Rc::new(RefCell::new(Dict::default()));
                methods::extend_dict(vm, &dict, args)?;
                Value::Dict(dict)
            }
            "set" | "frozenset" => {
                let items = match args.take("iterable") {
                    None => crate::python::value::Set::default(),
                    Some(source) => methods::collect_set(vm, &source)?,
                };
                if self.name == "set" {
                    Value::Set(Rc::new(RefCell::new(items)))
                } else {
                    Value::FrozenSet(Rc::new(items))
                }
            }
            "range" => range(vm, args)?,
            "NoneType" => Value::None,
            "complex" => {
                return Err(super::functions::unsupported(
                    vm,
                    "complex numbers",
                    "they have no place in a migration",
                ));
            }
            _ => {
                return Err(Raise::exception(
                    "TypeError",
                    format!("cannot create '{}' instances", class.name),
                ));
            }
        })
    }

    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        if matches!(
            name,
            "__iter__" | "__len__" | "__contains__" | "__getitem__" | "__class_getitem__"
        ) && let Some(base) = mixed_in(class)
            && let Some(native) = &base.native
            && let Some(found) = native.get_attr(vm, class, name)?
        {
            return Ok(Some(found));
        }
        Ok(match (self.name, name) {
            ("int" | "bool", "from_bytes") => {
                Some(Builtin::value("from_bytes", methods::int_from_bytes))
            }
            ("dict", "fromkeys") => Some(Builtin::value("fromkeys", |vm, args| {
                let empty = Value::dict(Dict::default());
                Ok(methods::call(vm, &empty, "fromkeys", args)?.unwrap_or(Value::None))
            })),
            ("bytes", "fromhex") => Some(Builtin::value("fromhex", |vm, args| {
                let empty = Value::Bytes(Rc::from([]));
                Ok(methods::call(vm, &empty, "fromhex", args)?.unwrap_or(Value::None))
            })),
            ("str", "maketrans") => Some(Builtin::value("maketrans", |vm, args| {
                Ok(methods::call(vm, &Value::str(""), "maketrans", args)?.unwrap_or(Value::None))
            })),
            (type_name, name) => methods::unbound(type_name, name),
        })
    }

    fn get_item(&self, vm: &mut Vm, class: &Rc<Class>, index: &Value) -> PyResult<Option<Value>> {
        if let Some(native) = mixed_in(class)
            .as_ref()
            .and_then(|base| base.native.as_ref())
        {
            return native.get_item(vm, class, index);
        }
        // `list[int]`: the parameters mean nothing here.
        Ok(matches!(
            self.name,
            "list" | "dict" | "tuple" | "set" | "frozenset" | "type"
        )
        .then(|| Value::Class(Rc::clone(class))))
    }
}

/// `int | None`: some of several classes.
pub struct Union {
    /// The members.
    pub members: Vec<Value>,
}

/// A union of classes, flattened.
pub fn union(members: Vec<Value>) -> Value {
    let mut all = Vec::new();
    for member in members {
        match member.downcast::<Union>() {
            Some(union) => all.extend(union.members.iter().cloned()),
            None => all.push(member),
        }
    }
    Value::native(Union { members: all })
}

impl Native for Union {
    fn type_name(&self) -> &str {
        "UnionType"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok((name == "__args__").then(|| Value::tuple(self.members.clone())))
    }

    fn binary(
        &self,
        this: &Value,
        _vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        Ok((op == BinaryOp::BitOr).then(|| {
            let (a, b) = (this.clone(), other.clone());
            union(if reflected { vec![b, a] } else { vec![a, b] })
        }))
    }

    fn compare(
        &self,
        _this: &Value,
        _vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let same = other.downcast::<Union>().is_some_and(|other| {
            other.members.len() == self.members.len()
                && self
                    .members
                    .iter()
                    .all(|m| other.members.iter().any(|o| o.is(m)))
        });
        Ok(match op {
            CompareOp::Eq => Some(Value::Bool(same)),
            CompareOp::Ne => Some(Value::Bool(!same)),
            _ => None,
        })
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let mut out = Vec::new();
        for member in &self.members {
            out.push(match member {
                Value::Class(class) => class.name.to_string(),
                other => vm.repr(other)?.to_string(),
            });
        }
        Ok(Some(Str::from(out.join(" | "))))
    }
}
