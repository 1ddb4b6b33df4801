//! Classes and their instances.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use indexmap::IndexMap;
use rustc_hash::FxBuildHasher;

use super::native::NativeClass;
use super::value::{Str, Value};

/// Names and their values, in order of definition.
pub type Namespace = IndexMap<Str, Value, FxBuildHasher>;

/// A class, written in Python or in Rust.
pub struct Class {
    /// Its name.
    pub name: Str,
    /// The dotted name of the module that defines it.
    pub module: Str,
    /// The direct bases.
    pub bases: Vec<Rc<Class>>,
    /// The order in which attributes are looked up: every ancestor after this class itself
    /// (which is not in it).
    pub mro: Vec<Rc<Class>>,
    /// Attributes and methods.
    pub dict: RefCell<Namespace>,
    /// Set for classes written in Rust.
    pub native: Option<Box<dyn NativeClass>>,
    /// The metaclass, when it is not `type` itself.
    pub meta: Option<Rc<Class>>,
    /// The classes written in Python that derive from it directly, for `__subclasses__`. Not kept
    /// for classes written in Rust, which outlive an evaluation.
    pub derived: RefCell<Vec<Weak<Class>>>,
}

impl Class {
    /// A class written in Rust. The order of lookup is that of single inheritance.
    pub fn native(
        module: &str,
        name: &str,
        bases: Vec<Rc<Class>>,
        native: impl NativeClass,
    ) -> Rc<Self> {
        let mut mro: Vec<Rc<Class>> = Vec::new();
        for base in &bases {
            for class in std::iter::once(base).chain(&base.mro) {
                if !mro.iter().any(|c| Rc::ptr_eq(c, class)) {
                    mro.push(Rc::clone(class));
                }
            }
        }
        Rc::new(Self {
            name: Str::from(name),
            module: Str::from(module),
            bases,
            mro,
            dict: RefCell::default(),
            native: Some(Box::new(native)),
            meta: None,
            derived: RefCell::default(),
        })
    }

    /// Whether it is `other` or derives from it.
    pub fn is_subclass(self: &Rc<Self>, other: &Rc<Class>) -> bool {
        Rc::ptr_eq(self, other) || self.mro.iter().any(|class| Rc::ptr_eq(class, other))
    }

    /// Looks `name` up in the class and its ancestors.
    pub fn lookup(&self, name: &str) -> Option<Value> {
        if let Some(value) = self.dict.borrow().get(name) {
            return Some(value.clone());
        }
        self.mro
            .iter()
            .find_map(|class| class.dict.borrow().get(name).cloned())
    }

    /// The nearest class written in Rust, itself or an ancestor, other than `object`.
    pub fn native_base(self: &Rc<Self>) -> Option<Rc<Class>> {
        std::iter::once(self)
            .chain(&self.mro)
            .find(|class| class.native.is_some() && !class.is_object())
            .cloned()
    }

    /// Whether it is `object`, which gives its descendants nothing of its own.
    pub fn is_object(&self) -> bool {
        &*self.name == "object" && self.bases.is_empty() && self.native.is_some()
    }
}

impl Instance {
    /// An instance with these attributes.
    pub fn new(class: &Rc<Class>, dict: Namespace, base: Option<Value>) -> Rc<Self> {
        Rc::new(Self {
            class: RefCell::new(Rc::clone(class)),
            dict: RefCell::new(dict),
            base: RefCell::new(base),
            group: Cell::new(0),
        })
    }
}

/// An instance of a class written in Python.
pub struct Instance {
    /// Its class.
    pub class: RefCell<Rc<Class>>,
    /// Its own attributes.
    pub dict: RefCell<Namespace>,
    /// The builtin value or host object that it extends, when the class derives from a builtin
    /// type (`class E(str, Enum)`) or from a class written in Rust (`class T(TypeDecorator)`).
    /// Attributes not found on the instance and its Python classes are looked up here.
    pub base: RefCell<Option<Value>>,
    /// Which group of equal instances it belongs to as a key of dictionaries; 0 is its own.
    pub(super) group: Cell<u64>,
}
