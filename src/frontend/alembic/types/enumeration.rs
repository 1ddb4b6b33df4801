//! `Enum` and the dialects' own enum types.

use std::rc::Rc;
use std::sync::Arc;

use super::super::host::record;
use super::super::{convert, raise};
use super::object::{Kind, TypeObject};
use crate::datatype::{DataType, EnumType, TypeArg, TypeSpec};
use crate::operation::Operation;
use crate::python::class::Namespace;
use crate::python::{Args, Builtin, Class, Dict, PyResult, Raise, Str, Value, Vm};

/// Keywords of every enum type, with whether they are kept as attributes.
const KEYWORDS: &[&str] = &[
    "name",
    "schema",
    "metadata",
    "native_enum",
    "create_constraint",
    "create_type",
    "inherit_schema",
    "values_callable",
    "length",
    "validate_strings",
    "quote",
    "omit_aliases",
    "sort_key_function",
];

/// `Enum(…)`.
pub fn construct(
    vm: &mut Vm,
    class: &Rc<Class>,
    spec: &'static TypeSpec,
    mut args: Args,
) -> PyResult {
    let mut attrs = Namespace::default();
    for keyword in KEYWORDS {
        if let Some(value) = args.keyword(keyword) {
            attrs.insert(Str::from(*keyword), value);
        }
    }
    let inherits = convert::optional_truth(vm, attrs.get("inherit_schema"), "inherit_schema")?;
    if inherits == Some(true) && attrs.get("schema").is_some_and(|schema| !schema.is_none()) {
        return Err(raise::argument(
            vm,
            "Ambiguously setting inherit_schema=True while also passing a schema argument",
        ));
    }
    let mut values = std::mem::take(&mut args.pos);
    if values.is_empty()
        && let Some(given) = args.keyword("_enums")
    {
        values = vm.iterate(&given)?;
    }
    for param in spec.params {
        if let Some(value) = args.keyword(param) {
            attrs.insert(Str::from(*param), value);
        }
    }
    for private in ["_create_events", "_disable_warnings", "convert_unicode"] {
        args.keyword(private);
    }
    if let Some((key, _)) = args.kw.first()
        && !spec.params.contains(&"create_type")
    {
        return Err(raise::type_error(format!(
            "{}.__init__() got an unexpected keyword argument '{key}'",
            class.name
        )));
    }
    if let [single] = values.as_slice()
        && let Some(members) = vm.find_attr(single, "__members__")?
        && !matches!(single, Value::Unknown(_))
    {
        from_python_enum(vm, single, &members, &mut attrs)?;
    } else {
        let mut labels = Vec::with_capacity(values.len());
        for value in &values {
            raise::known(vm, value, "a label of the enumeration")?;
            match value.as_str() {
                Some(text) => labels.push(Value::Str(text)),
                None => odd_label(vm, value, &mut attrs)?,
            }
        }
        attrs.insert(Str::from("enums"), Value::list(labels));
        attrs.insert(Str::from("enum_class"), Value::None);
    }
    check_length(vm, &attrs)?;
    Ok(Value::native(TypeObject::new(
        class,
        Kind::Row(spec),
        attrs,
    )))
}

/// `Enum(("a", "b"))`: the tuple is a single label, of the length that it has.
fn odd_label(vm: &mut Vm, label: &Value, attrs: &mut Namespace) -> PyResult<()> {
    vm.key(label)?;
    let Value::Tuple(items) = label else {
        let class = vm.type_name(label);
        return Err(raise::type_error(format!(
            "object of type '{class}' has no len()"
        )));
    };
    let given = convert::optional_int(vm, attrs.get("length"), "length")?.unwrap_or(0);
    let length = i64::try_from(items.len()).map_or(given, |length| length.max(given));
    attrs.insert(Str::from("length"), Value::from(length));
    let text = vm.repr(label)?;
    attrs.insert(Str::from("_unwritable"), Value::Str(text));
    Ok(())
}

fn check_length(vm: &mut Vm, attrs: &Namespace) -> PyResult<()> {
    let Some(length) = convert::optional_int(vm, attrs.get("length"), "length")? else {
        return Ok(());
    };
    let longest = labels(attrs)
        .iter()
        .map(|label| label.chars().count())
        .max()
        .unwrap_or(0);
    if usize::try_from(length).is_ok_and(|length| length < longest) {
        return Err(Raise::exception(
            "ValueError",
            format!(
                "When provided, length must be larger or equal than the length of the longest \
                 enum value. {length} < {longest}"
            ),
        ));
    }
    Ok(())
}

fn labels(attrs: &Namespace) -> Vec<Str> {
    match attrs.get("enums") {
        Some(Value::List(items)) => items.borrow().iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The labels are the names of the members, or what `values_callable` makes of the class.
fn from_python_enum(
    vm: &mut Vm,
    class: &Value,
    members: &Value,
    attrs: &mut Namespace,
) -> PyResult<()> {
    let keep_aliases = attrs
        .get("omit_aliases")
        .is_some_and(|value| value.as_bool() == Some(false));
    let names = vm.iterate(members)?;
    let mut labels = Vec::new();
    let mut objects = Vec::new();
    for name in names {
        let member = vm.get_item(members, &name)?;
        let own = vm.get_attr(&member, "name")?;
        if keep_aliases || own.as_str() == name.as_str() {
            labels.push(name);
            objects.push(member);
        }
    }
    if let Some(callable) = attrs.get("values_callable").cloned()
        && !callable.is_none()
    {
        let made = vm.call(&callable, Args::of(vec![class.clone()]))?;
        labels = vm.iterate(&made)?;
    }
    let mut lookup = Dict::default();
    for (object, label) in objects.iter().zip(&labels).rev() {
        let key = vm.key(object)?;
        lookup.insert(key, label.clone());
    }
    for label in &labels {
        raise::known(vm, label, "a label of the enumeration")?;
        if label.as_str().is_none() {
            let class = vm.type_name(label);
            return Err(raise::type_error(format!(
                "object of type '{class}' has no len()"
            )));
        }
    }
    attrs.insert(Str::from("_lookup"), Value::dict(lookup));
    attrs.insert(Str::from("enums"), Value::list(labels));
    attrs.insert(Str::from("enum_class"), class.clone());
    if !attrs.contains_key("name") {
        let name = vm.get_attr(class, "__name__")?;
        if let Some(name) = name.as_str() {
            attrs.insert(Str::from("name"), Value::from(name.to_lowercase()));
        }
    }
    Ok(())
}

/// The enumeration of a type that has one.
pub fn enumeration(vm: &mut Vm, object: &TypeObject) -> PyResult<Option<Arc<EnumType>>> {
    if !object.is_enum() {
        return Ok(None);
    }
    let attrs = object.attrs.borrow().clone();
    let name = convert::optional_text(vm, attrs.get("name"), "the name of the enumeration")?;
    let metadata = attrs.get("metadata").cloned().filter(|m| !m.is_none());
    let mut schema =
        convert::optional_text(vm, attrs.get("schema"), "the schema of the enumeration")?;
    if !attrs.contains_key("schema")
        && let Some(metadata) = &metadata
        && let Some(value) = vm.find_attr(metadata, "schema")?
    {
        schema = value.as_str();
    }
    let flag = |vm: &mut Vm, name: &str, default: bool| -> PyResult<bool> {
        Ok(convert::optional_truth(vm, attrs.get(name), name)?.unwrap_or(default))
    };
    Ok(Some(Arc::new(EnumType {
        name,
        schema,
        labels: labels(&attrs),
        unwritable: attrs.get("_unwritable").and_then(Value::as_str),
        native: flag(vm, "native_enum", true)?,
        create_constraint: flag(vm, "create_constraint", false)?,
        create_type: flag(vm, "create_type", true)?,
        length: convert::optional_int(vm, attrs.get("length"), "length")?,
        inherit_schema: flag(vm, "inherit_schema", false)?,
    })))
}

/// The type in a table of that schema: enumerations with `inherit_schema` are there too.
pub fn in_schema_of(data_type: &mut DataType, schema: Option<&Str>) {
    if let Some(enumeration) = &mut data_type.enumeration
        && enumeration.inherit_schema
        && enumeration.schema.as_ref() != schema
    {
        Arc::make_mut(enumeration).schema = schema.cloned();
    }
    for (_, argument) in &mut data_type.args {
        if let TypeArg::Type(item) = argument {
            in_schema_of(item, schema);
        }
    }
    for (_, variant) in &mut data_type.variants {
        in_schema_of(variant, schema);
    }
}

/// Attributes of an enumeration that was not made by Python code.
pub fn fill(attrs: &mut Namespace, enumeration: &EnumType) {
    let text = |text: &Option<Str>| text.clone().map_or(Value::None, Value::Str);
    let labels = enumeration.labels.iter().cloned().map(Value::Str).collect();
    attrs.insert(Str::from("enums"), Value::list(labels));
    attrs.insert(Str::from("name"), text(&enumeration.name));
    attrs.insert(Str::from("schema"), text(&enumeration.schema));
    attrs.insert(Str::from("native_enum"), Value::Bool(enumeration.native));
    attrs.insert(
        Str::from("create_type"),
        Value::Bool(enumeration.create_type),
    );
}

/// `.create(bind)` and `.drop(bind)`.
pub fn create_or_drop(this: &Value, create: bool) -> Value {
    let this = this.clone();
    let name = if create { "create" } else { "drop" };
    Builtin::value(name, move |vm, mut args| {
        args.require(name, "bind")?;
        let checkfirst = match args.take("checkfirst") {
            Some(value) => convert::truth(vm, &value, "checkfirst")?,
            None => true,
        };
        let Some(object) = this.downcast::<TypeObject>() else {
            return Ok(Value::None);
        };
        let Some(enumeration) = enumeration(vm, &object)? else {
            return Ok(Value::None);
        };
        if enumeration.native {
            let operation = if create {
                Operation::CreateEnum {
                    enumeration,
                    checkfirst,
                }
            } else {
                Operation::DropEnum {
                    enumeration,
                    checkfirst,
                }
            };
            record(vm, operation);
        }
        Ok(Value::None)
    })
}
