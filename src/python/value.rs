//! The values that evaluated Python computes with.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};
use std::rc::Rc;
use std::sync::Arc;

use indexmap::{IndexMap, IndexSet};
use num_bigint::BigInt;
use rustc_hash::FxBuildHasher;

use super::class::{Class, Instance};
use super::native::{Builtin, Native};
use crate::diagnostic::Diagnostic;
use crate::source::Location;

/// Python text. Atomic, so that parsed constants can be shared between threads.
pub type Str = Arc<str>;
/// A mapping in insertion order, as Python's `dict`.
pub type Dict = IndexMap<DictKey, Value, FxBuildHasher>;
/// Members in insertion order (CPython's order is arbitrary; ours is fixed).
pub type Set = IndexSet<DictKey, FxBuildHasher>;

/// One Python value.
#[derive(Clone)]
pub enum Value {
    /// `None`.
    None,
    /// `True` and `False`.
    Bool(bool),
    /// An `int` that fits 64 bits.
    Int(i64),
    /// A larger `int`. Always outside the range of [`Value::Int`].
    BigInt(Rc<BigInt>),
    /// `float`.
    Float(f64),
    /// `str`.
    Str(Str),
    /// `bytes`.
    Bytes(Rc<[u8]>),
    /// `list`.
    List(Rc<RefCell<Vec<Value>>>),
    /// `tuple`.
    Tuple(Rc<[Value]>),
    /// `dict`.
    Dict(Rc<RefCell<Dict>>),
    /// `set`.
    Set(Rc<RefCell<Set>>),
    /// `frozenset`.
    FrozenSet(Rc<Set>),
    /// A function or lambda written in Python.
    Function(Rc<super::vm::Function>),
    /// A callable bound to its first argument.
    BoundMethod(Rc<(Value, Value)>),
    /// A callable written in Rust.
    Builtin(Rc<Builtin>),
    /// A class, written in Python or in Rust.
    Class(Rc<Class>),
    /// An instance of a class written in Python.
    Instance(Rc<Instance>),
    /// A module.
    Module(Rc<super::vm::Module>),
    /// An object written in Rust (iterators, ranges, slices and the host's objects).
    Native(Rc<dyn Native>),
    /// `...`
    Ellipsis,
    /// `NotImplemented`.
    NotImplemented,
    /// A value that cannot be known; it carries where it came from.
    Unknown(Rc<Unknown>),
}

/// Why a value is not known.
#[derive(Debug)]
pub struct Unknown {
    /// What it is, as a noun phrase: `module "acme.models"`, `a row read from the database`.
    pub what: String,
    /// Where it arose.
    pub origin: Option<Location>,
    /// The unknown value that it was computed from.
    pub from: Option<Rc<Unknown>>,
    /// Whether only a database could know it, as it does rows.
    pub read: bool,
    /// What answers comparisons with it all the same, and whether it is true, where it can.
    pub compared: Option<Compared>,
}

/// An object of the host that stands for a value in comparisons.
pub struct Compared(pub Rc<dyn Native>);

impl std::fmt::Debug for Compared {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.0.type_name())
    }
}

impl Unknown {
    /// Whether it comes from what only a database could know.
    pub fn is_read(&self) -> bool {
        std::iter::successors(Some(self), |unknown| unknown.from.as_deref())
            .any(|unknown| unknown.read)
    }

    /// Whether it is said what makes it unknown even of a database that began empty.
    pub fn is_doubted(&self) -> bool {
        std::iter::successors(Some(self), |unknown| unknown.from.as_deref())
            .any(|unknown| unknown.read && unknown.from.as_ref().is_some_and(|from| from.read))
    }

    /// A diagnostic with where the value comes from.
    pub fn trace(&self, mut diagnostic: Diagnostic) -> Diagnostic {
        let mut origins =
            std::iter::successors(Some(self), |unknown| unknown.from.as_deref()).peekable();
        let mut traced = 0;
        while let Some(unknown) = origins.next() {
            // Of what one place computes, the value is told that came first.
            let same = origins
                .peek()
                .is_some_and(|next| next.origin == unknown.origin);
            if unknown.origin.is_some() && same {
                continue;
            }
            traced += 1;
            if traced > TRACED {
                break;
            }
            diagnostic = match &unknown.origin {
                Some(origin) => {
                    let message = format!("{} comes from here", unknown.what);
                    diagnostic.label(origin.clone(), message)
                }
                None if unknown.read => diagnostic.with_note(unknown.what.clone()),
                None => diagnostic,
            };
        }
        diagnostic
    }
}

/// At how many places values, one computed from another, are told.
const TRACED: usize = 8;

impl Value {
    /// Text.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self::Str(Arc::from(text.as_ref()))
    }

    /// A new list.
    pub fn list(items: Vec<Value>) -> Self {
        Self::List(Rc::new(RefCell::new(items)))
    }

    /// A new tuple.
    pub fn tuple(items: Vec<Value>) -> Self {
        Self::Tuple(Rc::from(items))
    }

    /// A new dictionary.
    pub fn dict(items: Dict) -> Self {
        Self::Dict(Rc::new(RefCell::new(items)))
    }

    /// A host object.
    pub fn native(object: impl Native) -> Self {
        Self::Native(Rc::new(object))
    }

    /// A value that cannot be known.
    pub fn unknown(what: impl Into<String>, origin: Option<Location>) -> Self {
        Self::Unknown(Rc::new(Unknown {
            what: what.into(),
            origin,
            from: None,
            read: false,
            compared: None,
        }))
    }

    /// A value that only a database could know.
    pub fn read(what: impl Into<String>, origin: Option<Location>) -> Self {
        Self::read_because(what, origin, None)
    }

    /// The same, with what makes it unknown.
    pub fn read_because(
        what: impl Into<String>,
        origin: Option<Location>,
        from: Option<Rc<Unknown>>,
    ) -> Self {
        Self::Unknown(Rc::new(Unknown {
            what: what.into(),
            origin,
            from,
            read: true,
            compared: None,
        }))
    }

    /// Whether this is `None`.
    pub fn is_none(&self) -> bool {
        matches!(self, Self::None)
    }

    /// The text of a `str` (also of an instance of a class derived from `str`).
    pub fn as_str(&self) -> Option<Str> {
        match self {
            Self::Str(text) => Some(text.clone()),
            Self::Instance(instance) => instance.base.borrow().as_ref().and_then(Value::as_str),
            Self::Native(native) => native.as_text(),
            _ => None,
        }
    }

    /// The number of an `int` or `bool` that fits 64 bits.
    pub fn as_int(&self) -> Option<i64> {
        match self {
            Self::Bool(flag) => Some(i64::from(*flag)),
            Self::Int(number) => Some(*number),
            Self::Instance(instance) => instance.base.borrow().as_ref().and_then(Value::as_int),
            _ => None,
        }
    }

    /// `True` or `False`, if it is exactly that.
    pub fn as_bool(&self) -> Option<bool> {
        match self {
            Self::Bool(flag) => Some(*flag),
            _ => None,
        }
    }

    /// The host object of type `T` behind this value: a native value, or the native base of an
    /// instance of a Python class that derives from a host class.
    pub fn downcast<T: Native>(&self) -> Option<Rc<T>> {
        match self {
            Self::Native(native) => {
                let any: Rc<dyn std::any::Any> = Rc::clone(native).as_any_rc();
                any.downcast::<T>().ok()
            }
            Self::Instance(instance) => instance
                .base
                .borrow()
                .as_ref()
                .and_then(Value::downcast::<T>),
            _ => None,
        }
    }

    /// Whether two values are the same object (`is`).
    pub fn is(&self, other: &Value) -> bool {
        match (self, other) {
            (Self::None, Self::None)
            | (Self::Ellipsis, Self::Ellipsis)
            | (Self::NotImplemented, Self::NotImplemented) => true,
            (Self::Bool(a), Self::Bool(b)) => a == b,
            (Self::Int(a), Self::Int(b)) => a == b,
            (Self::Str(a), Self::Str(b)) => a == b,
            (Self::Float(a), Self::Float(b)) => a.to_bits() == b.to_bits(),
            (Self::List(a), Self::List(b)) => Rc::ptr_eq(a, b),
            (Self::Tuple(a), Self::Tuple(b)) => Rc::ptr_eq(a, b),
            (Self::Dict(a), Self::Dict(b)) => Rc::ptr_eq(a, b),
            (Self::Set(a), Self::Set(b)) => Rc::ptr_eq(a, b),
            (Self::FrozenSet(a), Self::FrozenSet(b)) => Rc::ptr_eq(a, b),
            (Self::Function(a), Self::Function(b)) => Rc::ptr_eq(a, b),
            (Self::BoundMethod(a), Self::BoundMethod(b)) => a.0.is(&b.0) && a.1.is(&b.1),
            (Self::Builtin(a), Self::Builtin(b)) => Rc::ptr_eq(a, b),
            (Self::Class(a), Self::Class(b)) => Rc::ptr_eq(a, b),
            (Self::Instance(a), Self::Instance(b)) => Rc::ptr_eq(a, b),
            (Self::Module(a), Self::Module(b)) => Rc::ptr_eq(a, b),
            (Self::Native(a), Self::Native(b)) => std::ptr::addr_eq(Rc::as_ptr(a), Rc::as_ptr(b)),
            _ => false,
        }
    }
}

impl From<bool> for Value {
    fn from(flag: bool) -> Self {
        Self::Bool(flag)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Int(number)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::str(text)
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Str(Arc::from(text))
    }
}

impl From<Str> for Value {
    fn from(text: Str) -> Self {
        Self::Str(text)
    }
}

/// A value used as a key. Made by [`super::Vm::key`], which refuses unhashable values; equality
/// is Python's for builtin values and for instances of classes that define `__hash__`, and identity
/// for other instances, except that one with a builtin base (`class E(str, Enum)`) equals its base.
#[derive(Clone)]
pub struct DictKey(pub(super) Value);

impl DictKey {
    /// A key that is text.
    pub fn str(text: impl AsRef<str>) -> Self {
        Self(Value::str(text))
    }

    /// The value.
    pub fn value(&self) -> &Value {
        &self.0
    }
}

fn hash_value<H: Hasher>(value: &Value, state: &mut H) {
    match value {
        Value::None => 0u8.hash(state),
        Value::Bool(flag) => i64::from(*flag).hash(state),
        Value::Int(number) => number.hash(state),
        Value::BigInt(number) => number.hash(state),
        #[allow(clippy::cast_possible_truncation)]
        Value::Float(number) => {
            if number.fract() == 0.0 && number.abs() < 9.0e18 {
                (*number as i64).hash(state);
            } else {
                number.to_bits().hash(state);
            }
        }
        Value::Str(text) => text.hash(state),
        Value::Bytes(bytes) => bytes.hash(state),
        Value::Tuple(items) => items.iter().for_each(|item| hash_value(item, state)),
        Value::FrozenSet(items) => items.len().hash(state),
        Value::Instance(instance) => match &*instance.base.borrow() {
            _ if instance.group.get() != 0 => instance.group.get().hash(state),
            Some(base) if !matches!(base, Value::Native(_)) => hash_value(base, state),
            _ => Rc::as_ptr(instance).addr().hash(state),
        },
        Value::Native(native) => match native.key() {
            Some(key) => hash_value(&key, state),
            None => Rc::as_ptr(native).cast::<()>().addr().hash(state),
        },
        Value::Function(f) => Rc::as_ptr(f).addr().hash(state),
        Value::Builtin(f) => Rc::as_ptr(f).addr().hash(state),
        Value::Class(c) => Rc::as_ptr(c).addr().hash(state),
        Value::Module(m) => Rc::as_ptr(m).addr().hash(state),
        _ => 1u8.hash(state),
    }
}

#[allow(clippy::cast_precision_loss, clippy::float_cmp)]
fn equal_keys(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Bool(x), Value::Int(y)) | (Value::Int(y), Value::Bool(x)) => i64::from(*x) == *y,
        (Value::BigInt(x), Value::BigInt(y)) => x == y,
        (Value::Float(x), Value::Float(y)) => x == y,
        (Value::Float(x), Value::Int(y)) | (Value::Int(y), Value::Float(x)) => *x == *y as f64,
        (Value::Bytes(x), Value::Bytes(y)) => x == y,
        (Value::Tuple(x), Value::Tuple(y)) => {
            x.len() == y.len() && x.iter().zip(y.iter()).all(|(x, y)| equal_keys(x, y))
        }
        (Value::FrozenSet(x), Value::FrozenSet(y)) => {
            x.len() == y.len() && x.iter().all(|item| y.contains(item))
        }
        (Value::Instance(x), Value::Instance(y)) if Rc::ptr_eq(x, y) => true,
        (Value::Instance(x), Value::Instance(y)) if x.group.get() != 0 || y.group.get() != 0 => {
            x.group.get() == y.group.get()
        }
        (Value::Instance(x), other) | (other, Value::Instance(x)) => match &*x.base.borrow() {
            Some(base) if !matches!(base, Value::Native(_)) => equal_keys(base, other),
            _ => false,
        },
        (Value::Native(x), other) | (other, Value::Native(x)) => match x.key() {
            Some(key) => match other {
                Value::Native(y) => y.key().is_some_and(|other| equal_keys(&key, &other)),
                other => equal_keys(&key, other),
            },
            None => a.is(b),
        },
        _ => a.is(b),
    }
}

impl PartialEq for DictKey {
    fn eq(&self, other: &Self) -> bool {
        equal_keys(&self.0, &other.0)
    }
}

impl Eq for DictKey {}

impl Hash for DictKey {
    fn hash<H: Hasher>(&self, state: &mut H) {
        hash_value(&self.0, state);
    }
}
