//! An instance of a type.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;

use super::super::{raise, sql};
use super::{domain, enumeration, resolve};
use crate::datatype::TypeSpec;
use crate::python::class::Namespace;
use crate::python::{Args, Builtin, Class, Instance, Native, PyResult, Str, Value, Vm};

/// What kind of type it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A row of the registry.
    Row(&'static TypeSpec),
    /// `TypeEngine` itself, or another class without SQL of its own.
    Engine,
    /// A `TypeDecorator`: what its `impl` is.
    Decorator,
    /// A `UserDefinedType`: what its `get_col_spec` says.
    User,
}

/// A type.
pub struct TypeObject {
    /// The class written in Rust.
    pub class: Rc<Class>,
    /// What it is.
    pub kind: Kind,
    /// Its attributes.
    pub attrs: RefCell<Namespace>,
    /// Types for particular dialects.
    pub variants: RefCell<Vec<(Str, Value)>>,
    /// Its number among the types that change values.
    pub processor: Cell<Option<usize>>,
}

impl TypeObject {
    /// A type with these attributes.
    pub fn new(class: &Rc<Class>, kind: Kind, attrs: Namespace) -> Self {
        Self {
            class: Rc::clone(class),
            kind,
            attrs: RefCell::new(attrs),
            variants: RefCell::default(),
            processor: Cell::default(),
        }
    }

    /// An attribute that was given.
    pub fn attr(&self, name: &str) -> Option<Value> {
        self.attrs.borrow().get(name).cloned()
    }

    /// An attribute that was given and is not `None`.
    pub fn some(&self, name: &str) -> Option<Value> {
        self.attr(name).filter(|value| !value.is_none())
    }

    /// The row of the registry.
    pub fn spec(&self) -> Option<&'static TypeSpec> {
        match self.kind {
            Kind::Row(spec) => Some(spec),
            Kind::Engine | Kind::Decorator | Kind::User => None,
        }
    }

    /// Whether it is a kind of `Enum`.
    pub fn is_enum(&self) -> bool {
        self.attrs.borrow().contains_key("enums")
    }

    fn copy(&self) -> Self {
        Self {
            class: Rc::clone(&self.class),
            kind: self.kind,
            attrs: RefCell::new(self.attrs.borrow().clone()),
            variants: RefCell::new(self.variants.borrow().clone()),
            processor: Cell::default(),
        }
    }
}

/// A copy of a type, of the same Python class.
pub fn copy(this: &Value) -> Value {
    let base = this.downcast::<TypeObject>().map(|object| object.copy());
    match (this, base) {
        (Value::Instance(instance), base) => Value::Instance(Instance::new(
            &instance.class.borrow(),
            instance.dict.borrow().clone(),
            base.map(Value::native),
        )),
        (_, Some(base)) => Value::native(base),
        (other, None) => other.clone(),
    }
}

fn with_variant(this: &Value, vm: &mut Vm, mut args: Args) -> PyResult {
    let variant = args.require("with_variant", "type_")?;
    let mut names = std::mem::take(&mut args.pos);
    if let Some(name) = args.keyword("dialect_name") {
        names.push(name);
    }
    if names.is_empty() {
        return Err(raise::argument(vm, "At least one dialect name is required"));
    }
    let made = copy(this);
    let Some(object) = made.downcast::<TypeObject>() else {
        return Ok(made);
    };
    let variant = resolve::instance(vm, &variant)?;
    for name in names {
        let Some(name) = name.as_str() else { continue };
        if object
            .variants
            .borrow()
            .iter()
            .any(|(known, _)| *known == name)
        {
            return Err(raise::argument(
                vm,
                format!(
                    "Dialect {name} is already present in the mapping for this {}",
                    object.class.name
                ),
            ));
        }
        object.variants.borrow_mut().push((name, variant.clone()));
    }
    Ok(made)
}

impl Native for TypeObject {
    fn type_name(&self) -> &str {
        &self.class.name
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(Rc::clone(&self.class))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn held(&self, name: &str) -> Option<Value> {
        self.attr(name)
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(value) = self.attr(name) {
            return Ok(Some(value));
        }
        let this = this.clone();
        Ok(Some(match name {
            "with_variant" => Builtin::value("with_variant", move |vm, args| {
                with_variant(&this, vm, args)
            }),
            "copy" | "_copy" => Builtin::value("copy", move |_, _| Ok(copy(&this))),
            "adapt" => Builtin::value("adapt", move |vm, mut args| {
                let class = args.require("adapt", "cls")?;
                vm.call(&class, Args::default())
            }),
            "dialect_impl" | "evaluates_none" | "as_generic" | "type_engine_" => {
                Builtin::value("dialect_impl", move |_, _| Ok(this.clone()))
            }
            "load_dialect_impl" | "type_engine" => {
                let implementation = self.attr("impl").unwrap_or(this);
                Builtin::value("load_dialect_impl", move |_, _| Ok(implementation.clone()))
            }
            "create" | "drop" if self.is_enum() => {
                return Ok(Some(enumeration::create_or_drop(&this, name == "create")));
            }
            "create" | "drop" if self.class.name.as_ref() == "DOMAIN" => {
                return Ok(Some(domain::create_or_drop(&this, name == "create")));
            }
            "create" | "drop" => Builtin::value("create", |_, _| Ok(Value::None)),
            "compile" => Builtin::value("compile", move |vm, _| {
                Err(raise::unsupported(vm, "compiling a type to text"))
            }),
            "impl_instance" if self.kind == Kind::Decorator => {
                self.attr("impl").unwrap_or(Value::None)
            }
            "impl" | "dialect" if self.kind == Kind::Decorator => Value::None,
            "should_evaluate_none" | "hashable" | "sort_key_function"
                if self.kind != Kind::Engine =>
            {
                Value::Bool(name == "hashable")
            }
            "process_bind_param" | "process_literal_param" | "process_result_value" => {
                Builtin::value("process_bind_param", |_, mut args| {
                    args.require("process_bind_param", "value")
                })
            }
            "coerce_compared_value" => {
                Builtin::value("coerce_compared_value", move |_, _| Ok(this.clone()))
            }
            "bind_processor" | "result_processor" | "literal_processor" | "bind_expression"
            | "column_expression" => Builtin::value("bind_processor", |_, _| Ok(Value::None)),
            "python_type" => return python_type(self, vm),
            "comparator_factory" => Value::None,
            "_variant_mapping" => {
                let mut dict = crate::python::Dict::default();
                for (name, variant) in self.variants.borrow().iter() {
                    dict.insert(crate::python::DictKey::str(name), variant.clone());
                }
                Value::dict(dict)
            }
            "__visit_name__" => Value::from(self.class.name.to_lowercase()),
            _ => {
                let known = self.spec().is_some_and(|spec| spec.params.contains(&name));
                return Ok(known.then_some(Value::None));
            }
        }))
    }

    fn set_attr(&self, _this: &Value, _vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        self.attrs.borrow_mut().insert(Str::from(name), value);
        Ok(true)
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let attrs = self.attrs.borrow().clone();
        let mut parts = Vec::new();
        for (key, value) in attrs {
            if self
                .spec()
                .is_some_and(|spec| spec.params.iter().any(|p| *p == &*key))
            {
                parts.push(format!("{key}={}", vm.repr(&value)?));
            }
        }
        Ok(Some(Str::from(format!(
            "{}({})",
            self.class.name,
            parts.join(", ")
        ))))
    }

    fn str(&self, this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        sql::type_text(vm, this).map(Some)
    }
}

fn python_type(object: &TypeObject, vm: &mut Vm) -> PyResult<Option<Value>> {
    use crate::datatype::Family;
    let name = match object.spec().map(|spec| spec.family) {
        Some(Family::Integer) => "int",
        Some(Family::Float) => "float",
        Some(Family::Boolean) => "bool",
        Some(Family::String | Family::Unicode | Family::Enum) => "str",
        Some(Family::Binary) => "bytes",
        Some(Family::Json) => "dict",
        Some(Family::Array) => "list",
        _ => return Ok(None),
    };
    Ok(crate::python::builtins::lookup(vm, name))
}
