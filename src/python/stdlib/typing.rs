//! `typing`, `collections.abc` and `numbers`: names for annotations, and a few that mean something.

use std::any::Any;
use std::rc::Rc;

use super::{class_once, function, object};
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::class::Class;
use crate::python::error::PyResult;
use crate::python::native::{BinaryOp, Native, NativeClass};
use crate::python::numbers::plain;
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// A name that only means something to a type checker.
struct Form {
    name: String,
    /// What was given between brackets.
    args: Vec<Value>,
}

impl Form {
    fn of(name: &str, args: Vec<Value>) -> Value {
        Value::native(Self {
            name: name.to_owned(),
            args,
        })
    }
}

impl Native for Form {
    fn type_name(&self) -> &str {
        "_SpecialForm"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "__name__" => Some(Value::str(&self.name)),
            "__args__" => Some(Value::tuple(self.args.clone())),
            _ => None,
        })
    }

    fn get_item(&self, _this: &Value, _vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let args = match index {
            Value::Tuple(items) => items.to_vec(),
            single => vec![single.clone()],
        };
        Ok(Some(Form::of(&self.name, args)))
    }

    fn binary(
        &self,
        this: &Value,
        _vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        _reflected: bool,
    ) -> PyResult<Option<Value>> {
        Ok((op == BinaryOp::BitOr).then(|| Form::of("Union", vec![this.clone(), other.clone()])))
    }

    fn call(&self, this: &Value, _vm: &mut Vm, args: Args) -> PyResult<Option<Value>> {
        // Decorators give back what they decorate; `TypeVar("T")` is another such name.
        match args.pos.first() {
            Some(value @ (Value::Function(_) | Value::Class(_))) => Ok(Some(value.clone())),
            _ => Ok(Some(this.clone())),
        }
    }

    fn repr(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(format!("typing.{}", self.name).into()))
    }
}

/// A class that recognises objects by what they can do, or that only serves as a base.
struct Abstract {
    name: &'static str,
}

const ABSTRACT: &[&str] = &[
    "Mapping",
    "MutableMapping",
    "Dict",
    "Sequence",
    "MutableSequence",
    "List",
    "Set",
    "MutableSet",
    "AbstractSet",
    "FrozenSet",
    "Tuple",
    "Iterable",
    "Iterator",
    "Generator",
    "Collection",
    "Container",
    "Sized",
    "Hashable",
    "Callable",
    "Generic",
    "Protocol",
    "Reversible",
    "Number",
    "Complex",
    "Real",
    "Rational",
    "Integral",
    "Text",
    "TypedDict",
    "KeysView",
    "ValuesView",
    "ItemsView",
    "Awaitable",
    "Coroutine",
    "AsyncIterator",
    "AsyncIterable",
    "ByteString",
];

impl NativeClass for Abstract {
    fn construct(&self, _vm: &mut Vm, _class: &Rc<Class>, args: Args) -> PyResult {
        if self.name == "TypedDict" {
            return Ok(Value::dict(
                args.kw
                    .into_iter()
                    .map(|(k, v)| (crate::python::DictKey::str(&*k), v))
                    .collect(),
            ));
        }
        Ok(Value::None)
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }

    fn is_instance(&self, vm: &mut Vm, class: &Rc<Class>, value: &Value) -> PyResult<Option<bool>> {
        if let Value::Instance(instance) = value {
            let own = Rc::clone(&instance.class.borrow());
            if own.is_subclass(class) {
                return Ok(Some(true));
            }
        }
        let base = plain(value);
        let has = |vm: &mut Vm, name: &str| -> PyResult<bool> {
            Ok(matches!(base, Value::Native(_) | Value::Instance(_))
                && vm.find_attr(value, name)?.is_some())
        };
        let sequence = matches!(
            base,
            Value::List(_) | Value::Tuple(_) | Value::Str(_) | Value::Bytes(_)
        );
        let set = matches!(base, Value::Set(_) | Value::FrozenSet(_));
        let dict = matches!(base, Value::Dict(_));
        Ok(Some(match self.name {
            "Mapping" | "MutableMapping" | "Dict" => dict || has(vm, "keys")?,
            "Sequence" | "Reversible" => sequence || value.downcast::<builtins::Range>().is_some(),
            "MutableSequence" | "List" => matches!(base, Value::List(_)),
            "Tuple" => matches!(base, Value::Tuple(_)),
            "Set" | "AbstractSet" => set,
            "MutableSet" => matches!(base, Value::Set(_)),
            "FrozenSet" => matches!(base, Value::FrozenSet(_)),
            "Text" => matches!(base, Value::Str(_)),
            "Iterable" | "Collection" | "Container" | "Sized" => {
                if sequence || set || dict {
                    true
                } else if let Value::Native(native) = &base {
                    let native = Rc::clone(native);
                    native.len(value, vm)?.is_some() || has(vm, "__iter__")?
                } else {
                    has(
                        vm,
                        if self.name == "Sized" {
                            "__len__"
                        } else {
                            "__iter__"
                        },
                    )?
                }
            }
            "Iterator" | "Generator" => has(vm, "__next__")?,
            "Hashable" => !matches!(base, Value::List(_) | Value::Dict(_) | Value::Set(_)),
            "Callable" => match &base {
                Value::Function(_)
                | Value::BoundMethod(_)
                | Value::Builtin(_)
                | Value::Class(_) => true,
                _ => has(vm, "__call__")?,
            },
            "Number" | "Complex" | "Real" => {
                matches!(
                    base,
                    Value::Int(_) | Value::BigInt(_) | Value::Bool(_) | Value::Float(_)
                ) || (self.name == "Number"
                    && value.downcast::<super::decimal::Decimal>().is_some())
            }
            "Rational" | "Integral" => {
                matches!(base, Value::Int(_) | Value::BigInt(_) | Value::Bool(_))
            }
            _ => return Ok(None),
        }))
    }
}

/// The attributes of `typing` and its relatives.
pub(super) fn attribute(vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some(name) = ABSTRACT.iter().copied().find(|n| *n == name) {
        return Ok(Some(Value::Class(class_once(
            "typing",
            name,
            object,
            Abstract { name },
        ))));
    }
    Ok(match name {
        "TYPE_CHECKING" => Some(Value::Bool(false)),
        "cast" => function("cast", |_, mut args| {
            args.require("cast", "typ")?;
            args.require("cast", "val")
        }),
        "NewType" => function("NewType", |_, mut args| {
            args.require("NewType", "name")?;
            args.require("NewType", "tp")
        }),
        "get_type_hints" => function("get_type_hints", |_, _| {
            Ok(Value::dict(crate::python::value::Dict::default()))
        }),
        "get_args" => function("get_args", |vm, mut args| {
            let value = args.require("get_args", "tp")?;
            Ok(vm
                .find_attr(&value, "__args__")?
                .unwrap_or_else(|| Value::tuple(vec![])))
        }),
        "get_origin" => function("get_origin", |_, _| Ok(Value::None)),
        "assert_never" => function("assert_never", |_, _| Ok(Value::None)),
        "OrderedDict" | "DefaultDict" | "Counter" | "Deque" | "ChainMap" | "NamedTuple"
        | "namedtuple" => {
            let name = match name {
                "DefaultDict" => "defaultdict",
                "Deque" => "deque",
                name => name,
            };
            let module = vm.import("collections")?;
            vm.find_attr(&module, name)?
        }
        "Pattern" | "Match" => {
            let module = vm.import("re")?;
            vm.find_attr(&module, name)?
        }
        name if name.starts_with("__") => None,
        name => Some(Form::of(name, Vec::new())),
    })
}

/// What the modules written in Python need from Rust.
pub(super) fn native_helpers(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    Ok(match name {
        "unknown" => function("unknown", |vm, mut args| {
            let what = args.require("unknown", "what")?;
            let what = vm.str(&what)?;
            Ok(Value::unknown(&*what, vm.location()))
        }),
        "is_unknown" => function("is_unknown", |_, args| {
            Ok(Value::Bool(matches!(
                args.pos.first(),
                Some(Value::Unknown(_))
            )))
        }),
        "read_bytes" => function("read_bytes", |vm, mut args| {
            let path = args.require("open", "path")?;
            let path = vm.str(&path)?;
            let bytes = builtins::file_bytes(vm, &path)?;
            Ok(Value::Bytes(bytes.into()))
        }),
        "set_name" => function("set_name", |_, mut args| {
            // `class Row` made by a factory is called what the caller asked for.
            args.require("set_name", "cls")
        }),
        _ => None,
    })
}
