//! From a type object to the plain type that operations carry.

use std::rc::Rc;

use super::super::host::host;
use super::super::{convert, name::Name, raise};
use super::construct::spec_or_null;
use super::object::{Kind, TypeObject};
use super::{domain, enumeration, process};
use crate::datatype::{DataType, TypeArg, TypeName};
use crate::expression::null_type;
use crate::python::{Args, Class, PyResult, Raise, Str, Value, Vm};

/// Whether a value is a type or a class of types.
pub fn is_type(vm: &mut Vm, value: &Value) -> bool {
    match value {
        Value::Class(class) => {
            let engine = super::engine_class(vm);
            class.is_subclass(&engine)
        }
        value => type_object(vm, value).is_some(),
    }
}

/// The type object behind a value.
pub fn type_object(vm: &mut Vm, value: &Value) -> Option<Rc<TypeObject>> {
    if let Some(object) = value.downcast::<TypeObject>() {
        return Some(object);
    }
    // A Python type whose `__init__` did not call the base's.
    let Value::Instance(instance) = value else {
        return None;
    };
    let class = Rc::clone(&instance.class.borrow());
    let engine = super::engine_class(vm);
    if !class.is_subclass(&engine) {
        return None;
    }
    let native = class.native_base()?;
    let base = native
        .native
        .as_ref()?
        .construct(vm, &class, Args::default())
        .ok()?;
    *instance.base.borrow_mut() = Some(base);
    value.downcast::<TypeObject>()
}

/// A class of types is called without arguments; a type is itself.
pub fn instance(vm: &mut Vm, value: &Value) -> PyResult {
    match value {
        Value::Class(_) if is_type(vm, value) => vm.call(value, Args::default()),
        Value::Function(_) | Value::Builtin(_) | Value::BoundMethod(_) => {
            vm.call(value, Args::default())
        }
        other => Ok(other.clone()),
    }
}

/// The plain type of a type object or class of types, decorators resolved for the run's dialect.
pub fn data_type(vm: &mut Vm, value: &Value) -> PyResult<DataType> {
    resolve(vm, value, 0)
}

fn resolve(vm: &mut Vm, value: &Value, depth: usize) -> PyResult<DataType> {
    if depth > 20 {
        return Err(Raise::exception(
            "RecursionError",
            "maximum recursion depth exceeded",
        ));
    }
    raise::known_type(vm, value)?;
    if value.is_none() {
        return Ok(null_type());
    }
    let value = instance(vm, value)?;
    raise::known_type(vm, &value)?;
    let Some(object) = type_object(vm, &value) else {
        let text = vm.repr(&value)?;
        return Err(raise::argument(vm, format!("Type expected, got {text}")));
    };
    let mut resolved = match compiled(vm, &value, &object)? {
        Some(spec) => {
            let mut resolved = user_defined(spec);
            if let Kind::Row(own) = object.kind {
                let affinity = TypeArg::Str(own.name.into());
                resolved.args.push(("affinity", affinity));
            }
            resolved
        }
        None => match object.kind {
            Kind::Row(spec) => row(vm, spec, &object, depth)?,
            Kind::Engine => match col_spec(vm, &value)? {
                Some(spec) => user_defined(spec),
                None => null_type(),
            },
            Kind::User => match object.attr("spec").and_then(|spec| spec.as_str()) {
                Some(spec) => user_defined(spec),
                None => match col_spec(vm, &value)? {
                    Some(spec) => user_defined(spec),
                    None => {
                        return Err(raise::no_attribute(&vm.type_name(&value), "get_col_spec"));
                    }
                },
            },
            Kind::Decorator => {
                let implementation = implementation(vm, &value, &object)?;
                resolve(vm, &implementation, depth + 1)?
            }
        },
    };
    resolved.processor = process::processor(vm, &value, &object);
    let variants = object.variants.borrow().clone();
    for (dialect, variant) in variants {
        let variant = resolve(vm, &variant, depth + 1)?;
        resolved.variants.push((dialect, variant));
    }
    Ok(resolved)
}

/// A type as `compiler.visit_NAME()` takes it: written the way of the types that are visited so,
/// whatever compilation its own class has. `None` when there is none, or it is no such type.
pub fn visited(vm: &mut Vm, value: &Value, visit: &str) -> PyResult<Option<DataType>> {
    let Some(object) = type_object(vm, value) else {
        return Ok(None);
    };
    let Kind::Row(own) = object.kind else {
        return Ok(None);
    };
    let named = |spec: &&crate::datatype::TypeSpec| spec.visit == visit && !spec.name.contains('.');
    let spec = match own.visit == visit {
        true => Some(own),
        false => crate::datatype::specs().iter().find(named),
    };
    match spec {
        Some(spec) => row(vm, spec, &object, 0).map(Some),
        None => Ok(None),
    }
}

fn user_defined(spec: Str) -> DataType {
    let mut resolved = DataType::new(spec_or_null("UserDefined"));
    resolved.args.push(("spec", TypeArg::Str(spec)));
    resolved
}

fn class_of(value: &Value, object: &TypeObject) -> Rc<Class> {
    match value {
        Value::Instance(instance) => Rc::clone(&instance.class.borrow()),
        _ => Rc::clone(&object.class),
    }
}

/// What a decorator stands for on the run's dialect.
fn implementation(vm: &mut Vm, value: &Value, object: &TypeObject) -> PyResult {
    let own = object.attr("impl").unwrap_or(Value::None);
    let class = class_of(value, object);
    if let Value::Instance(instance) = value {
        // In Python `self.impl` is the instance that the class's `impl` made.
        let mut dict = instance.dict.borrow_mut();
        if !dict.contains_key("impl") {
            dict.insert(Str::from("impl"), own.clone());
        }
    }
    if let Some(Value::Function(_)) = class.lookup("load_dialect_impl") {
        let dialect = super::super::bind::dialect(vm);
        return vm.call_method(value, "load_dialect_impl", Args::of(vec![dialect]));
    }
    if let Value::Instance(instance) = value
        && let Some(set) = instance.dict.borrow().get("impl")
    {
        return Ok(set.clone());
    }
    Ok(own)
}

/// What `get_col_spec()` says.
fn col_spec(vm: &mut Vm, value: &Value) -> PyResult<Option<Str>> {
    let Some(method) = vm.find_attr(value, "get_col_spec")? else {
        return Ok(None);
    };
    let said = vm.call(&method, Args::default())?;
    convert::text(vm, &said, "the result of get_col_spec()").map(Some)
}

/// What a function registered with `@compiles` makes of it.
fn compiled(vm: &mut Vm, value: &Value, object: &TypeObject) -> PyResult<Option<Str>> {
    let host = host(vm);
    if host.compilations.borrow().is_empty() {
        return Ok(None);
    }
    let class = class_of(value, object);
    let Some(function) = super::super::bind::compilation(&host, &class) else {
        return Ok(None);
    };
    let compiler = super::super::bind::compiler(vm);
    let said = vm.call(&function, Args::of(vec![value.clone(), compiler]))?;
    convert::text(vm, &said, "the result of the @compiles function").map(Some)
}

fn row(
    vm: &mut Vm,
    spec: &'static crate::datatype::TypeSpec,
    object: &TypeObject,
    depth: usize,
) -> PyResult<DataType> {
    let mut resolved = DataType::new(spec);
    resolved.enumeration = enumeration::enumeration(vm, object)?;
    let attrs = object.attrs.borrow().clone();
    for param in spec.params {
        let Some(value) = attrs.get(*param) else {
            continue;
        };
        if resolved.enumeration.is_some() && *param == "*" {
            continue;
        }
        if *param == "name" && resolved.enumeration.is_none() {
            resolved.constraint_name = type_name(vm, value)?;
            continue;
        }
        if matches!(value, Value::Unknown(_)) && NO_EFFECT.contains(param) {
            continue;
        }
        if let Some(arg) = type_arg(vm, value, depth)? {
            resolved.args.push((*param, arg));
        }
    }
    if domain::is_domain(&resolved) {
        resolved.constraint_name = None;
        domain::complete(vm, object, &mut resolved)?;
    }
    if resolved.enumeration.is_some()
        && let Some(name) = attrs.get("name")
    {
        resolved.constraint_name = type_name(vm, name)?;
    }
    Ok(resolved)
}

/// Parameters that say how Python handles values, and do not change the SQL of the type.
const NO_EFFECT: &[&str] = &[
    "pickler",
    "comparator",
    "impl",
    "astext_type",
    "as_uuid",
    "none_as_null",
    "asdecimal",
    "decimal_return_scale",
    "as_tuple",
];

fn type_name(vm: &mut Vm, value: &Value) -> PyResult<Option<TypeName>> {
    let Some(name) = convert::optional_text(vm, Some(value), "the name of the type")? else {
        return Ok(None);
    };
    Ok(Some(TypeName {
        name,
        is_final: value.downcast::<Name>().is_some_and(|name| name.is_final),
    }))
}

fn type_arg(vm: &mut Vm, value: &Value, depth: usize) -> PyResult<Option<TypeArg>> {
    raise::known(vm, value, "an argument of the type")?;
    Ok(Some(match value {
        Value::None => return Ok(None),
        Value::Bool(flag) => TypeArg::Bool(*flag),
        Value::Int(number) => TypeArg::Int(*number),
        Value::Float(number) => TypeArg::Str(Str::from(number.to_string())),
        Value::List(_) | Value::Tuple(_) => {
            let items = vm.iterate(value)?;
            let mut list = Vec::with_capacity(items.len());
            for item in &items {
                list.extend(type_arg(vm, item, depth)?);
            }
            TypeArg::List(list)
        }
        value if value.as_str().is_some() => match value.as_str() {
            Some(text) => TypeArg::Str(text),
            None => return Ok(None),
        },
        value if is_type(vm, value) => TypeArg::Type(Box::new(resolve(vm, value, depth + 1)?)),
        // Callables and other objects change values, not the SQL of the type.
        _ => return Ok(None),
    }))
}
