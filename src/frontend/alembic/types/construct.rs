//! The classes of types, one for each row of the registry and the bases that projects derive from.

use std::rc::Rc;

use super::super::classes::{self, Maker};
use super::super::raise;
use super::object::{Kind, TypeObject};
use super::{decorator, enumeration};
use crate::datatype::{DataType, Family, TypeArg, TypeSpec, spec};
use crate::python::class::Namespace;
use crate::python::{Args, Class, NativeClass, PyResult, Str, Value, Vm};

/// How a row's class makes its objects.
struct Row(&'static TypeSpec);

impl NativeClass for Row {
    fn construct(&self, vm: &mut Vm, _class: &Rc<Class>, args: Args) -> PyResult {
        construct(vm, self.0, args)
    }

    fn get_attr(&self, vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        class_attr(vm, class, name)
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }
}

/// `Class.name` of types: what instances answer without arguments, and unbound methods.
fn class_attr(vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
    match name {
        "__visit_name__" => Ok(Some(Value::from(class.name.to_lowercase()))),
        // `super().load_dialect_impl(dialect)` and `String.copy(self)`.
        "load_dialect_impl"
        | "process_bind_param"
        | "process_literal_param"
        | "copy"
        | "coerce_compared_value"
        | "bind_processor"
        | "result_processor"
        | "with_variant" => {
            let name: &'static str = match name {
                "load_dialect_impl" => "load_dialect_impl",
                "process_bind_param" => "process_bind_param",
                "process_literal_param" => "process_literal_param",
                "copy" => "copy",
                "bind_processor" => "bind_processor",
                "result_processor" => "result_processor",
                "with_variant" => "with_variant",
                _ => "coerce_compared_value",
            };
            Ok(Some(crate::python::Builtin::value(
                name,
                move |vm, mut args| {
                    let this = args.require(name, "self")?;
                    let Some(object) = this.downcast::<TypeObject>() else {
                        return Ok(this);
                    };
                    let native = Value::Native(object);
                    vm.call_method(&native, name, args)
                },
            )))
        }
        "Comparator" | "comparator_factory" => {
            let comparator = classes::plain(vm, "sqlalchemy.types", "Comparator", || {
                Maker::new(|_, _, _| Ok(Value::None))
            });
            Ok(Some(Value::Class(comparator)))
        }
        _ => Ok(None),
    }
}

/// The Python name and module of a row.
fn python_name(spec: &TypeSpec) -> (String, &'static str) {
    match spec.name.rsplit_once('.') {
        Some((dialect, name)) => (format!("sqlalchemy.dialects.{dialect}"), leaf(name)),
        None => ("sqlalchemy.sql.sqltypes".to_owned(), spec.name),
    }
}

fn leaf(name: &'static str) -> &'static str {
    name
}

/// The class of a row.
pub fn class(vm: &mut Vm, spec: &'static TypeSpec) -> Rc<Class> {
    let key = format!("type {}", spec.name);
    classes::get(vm, &key, |vm| {
        let mut bases = vec![match spec.parent.and_then(crate::datatype::spec) {
            Some(parent) => class(vm, parent),
            None => engine_class(vm),
        }];
        if spec.name == "Enum" || spec.name == "Boolean" {
            bases.push(schema_type(vm));
        }
        let (module, name) = python_name(spec);
        Class::native(&module, name, bases, Row(spec))
    })
}

/// `TypeEngine`.
pub fn engine_class(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "TypeEngine", |_| {
        Class::native(
            "sqlalchemy.sql.type_api",
            "TypeEngine",
            Vec::new(),
            Maker::new(|vm, _, args| {
                let class = engine_class(vm);
                Ok(Value::native(TypeObject::new(
                    &class,
                    Kind::Engine,
                    args.kw.into_iter().collect(),
                )))
            })
            .with_attrs(class_attr),
        )
    })
}

fn schema_type(vm: &mut Vm) -> Rc<Class> {
    classes::get(vm, "SchemaType", |_| {
        Class::native(
            "sqlalchemy.sql.sqltypes",
            "SchemaType",
            Vec::new(),
            Maker::new(|_, _, _| Ok(Value::None)),
        )
    })
}

/// A class that types derive from besides their own, and that has nothing of a type itself.
fn mixin(vm: &mut Vm, name: &str) -> Rc<Class> {
    classes::get(vm, &format!("type mixin {name}"), |vm| {
        let engine = engine_class(vm);
        let mut dict = Namespace::default();
        for attribute in ["Comparator", "comparator_factory"] {
            if let Ok(Some(value)) = class_attr(vm, &engine, attribute) {
                dict.insert(Str::from(attribute), value);
            }
        }
        Rc::new(Class {
            name: Str::from(name),
            module: Str::from("sqlalchemy.sql.sqltypes"),
            bases: Vec::new(),
            mro: Vec::new(),
            dict: std::cell::RefCell::new(dict),
            native: None,
            meta: None,
            derived: std::cell::RefCell::default(),
        })
    })
}

/// Types that are not rows: the bases that projects derive from.
pub fn class_by_name(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    Some(match name {
        "TypeEngine" => engine_class(vm),
        "TypeDecorator" => decorator::decorator_class(vm),
        "UserDefinedType" => decorator::user_class(vm),
        "SchemaType" => schema_type(vm),
        "Concatenable"
        | "Indexable"
        | "Emulated"
        | "NativeForEmulated"
        | "ExternalType"
        | "Variant"
        | "TypeEngineMixin"
        | "LookupExpressionAdapter"
        | "HasExpressionLookup" => mixin(vm, name),
        _ => return None,
    })
}

/// `Class(args)` for a row.
fn construct(vm: &mut Vm, spec: &'static TypeSpec, mut args: Args) -> PyResult {
    let class = class(vm, spec);
    if spec.family == Family::Enum {
        return enumeration::construct(vm, &class, spec, args);
    }
    let mut attrs = Namespace::default();
    let mut params = spec.params.iter().copied();
    if spec.params.first() == Some(&"*") {
        params.next();
        let values = std::mem::take(&mut args.pos);
        if !values.is_empty() {
            attrs.insert(Str::from("*"), Value::list(values));
        }
    }
    let given = args.pos.len();
    let mut positional = std::mem::take(&mut args.pos).into_iter();
    for param in params {
        let value = match positional.next() {
            Some(value) => Some(value),
            None => args.keyword(param),
        };
        if let Some(value) = value {
            attrs.insert(Str::from(param), value);
        }
    }
    if positional.next().is_some() {
        return Err(raise::type_error(format!(
            "{}.__init__() takes from 1 to {} positional arguments but {} were given",
            class.name,
            spec.params.len() + 1,
            given + 1
        )));
    }
    if let Some(value) = args.keyword("_enums") {
        attrs.insert(Str::from("_enums"), value);
    }
    if let Some((key, _)) = args.kw.first() {
        return Err(raise::type_error(format!(
            "{}.__init__() got an unexpected keyword argument '{key}'",
            class.name
        )));
    }
    if spec.family == Family::Array {
        let item = attrs.get("item_type").cloned();
        if let Some(item) = item {
            let item = super::resolve::instance(vm, &item)?;
            attrs.insert(Str::from("item_type"), item);
        }
    }
    Ok(Value::native(TypeObject::new(
        &class,
        Kind::Row(spec),
        attrs,
    )))
}

/// The Python object of a type, for reflection.
pub fn value_of(vm: &mut Vm, data_type: &DataType) -> PyResult {
    let class = class(vm, data_type.spec);
    let mut attrs = Namespace::default();
    for (key, value) in &data_type.args {
        let value = arg_value(vm, value)?;
        attrs.insert(Str::from(*key), value);
    }
    if let Some(enumeration) = &data_type.enumeration {
        enumeration::fill(&mut attrs, enumeration);
    }
    if data_type.spec == spec_or_null("UserDefined") {
        let class = decorator::user_class(vm);
        return Ok(Value::native(TypeObject::new(&class, Kind::User, attrs)));
    }
    let object = TypeObject::new(&class, Kind::Row(data_type.spec), attrs);
    for (dialect, variant) in &data_type.variants {
        let variant = value_of(vm, variant)?;
        object
            .variants
            .borrow_mut()
            .push((dialect.clone(), variant));
    }
    Ok(Value::native(object))
}

/// The row called `name`, which exists.
pub fn spec_or_null(name: &str) -> &'static TypeSpec {
    match spec(name) {
        Some(spec) => spec,
        None => crate::expression::null_type().spec,
    }
}

fn arg_value(vm: &mut Vm, value: &TypeArg) -> PyResult {
    Ok(match value {
        TypeArg::Bool(flag) => Value::Bool(*flag),
        TypeArg::Int(number) => Value::Int(*number),
        TypeArg::Str(text) => Value::Str(text.clone()),
        TypeArg::Type(data_type) => value_of(vm, data_type)?,
        TypeArg::List(items) => {
            let mut values = Vec::with_capacity(items.len());
            for item in items {
                values.push(arg_value(vm, item)?);
            }
            Value::list(values)
        }
    })
}
