//! What a host implements to give evaluated Python its objects.

use std::any::Any;
use std::cmp::Ordering;
use std::rc::Rc;

use super::args::Args;
use super::class::Class;
use super::error::PyResult;
use super::value::{Str, Unknown, Value};
use super::vm::Vm;

/// A function written in Rust.
pub struct Builtin {
    /// Its name, for messages and `__name__`.
    pub name: &'static str,
    /// What it does.
    #[allow(clippy::type_complexity)]
    pub call: Box<dyn Fn(&mut Vm, Args) -> PyResult>,
}

impl Builtin {
    /// Wraps a function as a value.
    pub fn value(name: &'static str, call: impl Fn(&mut Vm, Args) -> PyResult + 'static) -> Value {
        Value::Builtin(Rc::new(Self {
            name,
            call: Box::new(call),
        }))
    }
}

/// A binary operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum BinaryOp {
    Add,
    Sub,
    Mul,
    MatMul,
    Div,
    FloorDiv,
    Mod,
    Pow,
    LShift,
    RShift,
    BitOr,
    BitXor,
    BitAnd,
}

/// A unary operator (`not` is truth, not an operator of the object).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum UnaryOp {
    Neg,
    Pos,
    Invert,
}

/// A rich comparison. `is`, `in` are not among them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum CompareOp {
    Eq,
    Ne,
    Lt,
    Le,
    Gt,
    Ge,
}

/// An object written in Rust. Every method has a default that answers "not supported", which the
/// evaluator turns into Python's own exception (`AttributeError`, `TypeError`).
///
/// `this` is always the value through which the object was reached: the native value itself, or
/// the instance of a Python class that derives from the host's class.
#[allow(unused_variables)]
pub trait Native: Any {
    /// The name of its class, as in messages.
    fn type_name(&self) -> &str;

    /// The class, for `isinstance`, `type(x)` and attribute lookups of inherited methods.
    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        None
    }

    /// Needed to get back to the concrete type. Write `self`.
    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any>;

    /// `this.name`. `None` means that there is no such attribute. Methods are returned as
    /// [`Builtin`] values that captured `this`.
    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// An attribute that the object itself holds, which comes ahead of what a class derived from
    /// this one in Python says by that name.
    fn held(&self, name: &str) -> Option<Value> {
        None
    }

    /// `this.name = value`. `false` means that it cannot be set.
    fn set_attr(&self, this: &Value, vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        Ok(false)
    }

    /// `this(args)`.
    fn call(&self, this: &Value, vm: &mut Vm, args: Args) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `this[index]`.
    fn get_item(&self, this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `this[index] = value`.
    fn set_item(&self, this: &Value, vm: &mut Vm, index: &Value, value: Value) -> PyResult<bool> {
        Ok(false)
    }

    /// `this op other`, or `other op this` when `reflected`. `None` is `NotImplemented`.
    fn binary(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// A rich comparison; the result need not be a bool (SQL expressions). `None` falls back to
    /// identity for `==`/`!=` and `TypeError` for the rest.
    fn compare(
        &self,
        this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// A unary operator.
    fn unary(&self, this: &Value, vm: &mut Vm, op: UnaryOp) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `other in this`.
    fn contains(&self, this: &Value, vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(None)
    }

    /// All items at once, for finite containers. See also [`Native::next`].
    fn iter(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        Ok(None)
    }

    /// The next item, for iterators. The outer `None` means "not an iterator", the inner one the end.
    fn next(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        Ok(None)
    }

    /// `len(this)`.
    fn len(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(None)
    }

    /// `bool(this)`. `None` means always true.
    fn truth(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(None)
    }

    /// `this is None`, of what stands for an unknown value. `None` means that this is not known either.
    fn is_none(&self) -> Option<bool> {
        None
    }

    /// `str(this)`.
    fn str(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(None)
    }

    /// `repr(this)`.
    fn repr(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(None)
    }

    /// `format(this, spec)`.
    fn format(&self, this: &Value, vm: &mut Vm, spec: &str) -> PyResult<Option<Str>> {
        Ok(None)
    }

    /// `with this as value:` enter.
    fn enter(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `with` exit; `failed` tells that the block raised. Returns whether it was a context manager.
    fn exit(&self, this: &Value, vm: &mut Vm, failed: bool) -> PyResult<bool> {
        Ok(false)
    }

    /// A hashable builtin value that stands for this one as dictionary key and in `==`.
    /// `None` means identity.
    fn key(&self) -> Option<Value> {
        None
    }

    /// An order against another object of the same kind, for `<`, `sorted`, `min`, `max`.
    fn order(&self, other: &Value) -> Option<Ordering> {
        None
    }

    /// Why its text is not known, where the object is a text that nobody has.
    fn unwritten(&self) -> Option<Rc<Unknown>> {
        None
    }

    /// The text, if this is a subclass of `str` (such as `quoted_name`).
    fn as_text(&self) -> Option<Str> {
        None
    }
}

/// How a class written in Rust makes its objects.
pub trait NativeClass: 'static {
    /// `Class(args)`: makes the native object. For an instance of a Python class that derives from
    /// this one, it is called by `super().__init__(args)` (or when the Python class has no
    /// `__init__`), with `class` the Python class, and the object becomes the instance's base.
    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult;

    /// `Class.name`, for class methods and constants.
    #[allow(unused_variables)]
    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// `isinstance(value, Class)` for classes that recognise objects by what they can do.
    /// `None` leaves it to the ancestry of the value's class.
    #[allow(unused_variables)]
    fn is_instance(&self, vm: &mut Vm, class: &Rc<Class>, value: &Value) -> PyResult<Option<bool>> {
        Ok(None)
    }

    /// `Class[index]`: generic classes give themselves, enumerations a member.
    #[allow(unused_variables)]
    fn get_item(&self, vm: &mut Vm, class: &Rc<Class>, index: &Value) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// All items of `for item in Class` (enumerations).
    #[allow(unused_variables)]
    fn iter(&self, vm: &mut Vm, class: &Rc<Class>) -> PyResult<Option<Vec<Value>>> {
        Ok(None)
    }

    /// `Class(args)` when `class` is a Python class that derives from this one and calling it makes
    /// no new instance (`Color("red")`). `None` makes an instance as usual.
    #[allow(unused_variables)]
    fn call(&self, vm: &mut Vm, class: &Rc<Class>, args: &Args) -> PyResult<Option<Value>> {
        Ok(None)
    }

    /// Called when a Python class that derives from this one has been defined.
    #[allow(unused_variables)]
    fn subclassed(&self, vm: &mut Vm, class: &Rc<Class>, keywords: &Args) -> PyResult<()> {
        Ok(())
    }
}
