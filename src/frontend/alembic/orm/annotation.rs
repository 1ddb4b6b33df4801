//! `Mapped[…]`: the type and nullability that an annotation gives a column.

use std::any::Any;
use std::rc::Rc;

use super::super::{classes, modules, types};
use crate::datatype::spec;
use crate::python::builtins::Union;
use crate::python::{Args, Builtin, Class, Native, NativeClass, PyResult, Value, Vm};

/// `Mapped[int]`.
pub struct Annotation {
    /// What stands between the brackets.
    pub inner: Value,
}

impl Native for Annotation {
    fn type_name(&self) -> &str {
        "Mapped"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }
}

/// `Mapped` and its relatives.
struct Container;

impl NativeClass for Container {
    fn construct(&self, _vm: &mut Vm, _class: &Rc<Class>, _args: Args) -> PyResult {
        Ok(Value::None)
    }

    fn get_attr(&self, _vm: &mut Vm, class: &Rc<Class>, name: &str) -> PyResult<Option<Value>> {
        if &*class.name != "Mapped" || name != "__class_getitem__" {
            return Ok(None);
        }
        Ok(Some(Builtin::value("__class_getitem__", |_, mut args| {
            let inner = args.require("__class_getitem__", "item")?;
            Ok(Value::native(Annotation { inner }))
        })))
    }
}

/// The class of annotations called `name`.
pub fn container(vm: &mut Vm, name: &str) -> Option<Rc<Class>> {
    const NAMES: &[&str] = &[
        "Mapped",
        "WriteOnlyMapped",
        "DynamicMapped",
        "SQLORMExpression",
    ];
    let name = NAMES.iter().find(|known| **known == name)?;
    Some(classes::get(vm, &format!("orm {name}"), |_| {
        Class::native("sqlalchemy.orm.base", name, Vec::new(), Container)
    }))
}

/// What an annotation says about a column.
#[derive(Default)]
pub struct Described {
    /// The Python type.
    pub python: Option<Value>,
    /// Whether `None` is one of its values.
    pub optional: bool,
    /// What follows the type in `Annotated[…]`.
    pub extras: Vec<Value>,
    /// The annotation as a whole, as `type_annotation_map` has it for a key.
    pub keys: Vec<Value>,
}

/// Takes an annotation apart.
pub fn describe(vm: &mut Vm, inner: &Value, found: &mut Described, depth: usize) -> PyResult<()> {
    if depth > 20 {
        return Ok(());
    }
    if inner.is_none() {
        found.optional = true;
        return Ok(());
    }
    if let Some(union) = inner.downcast::<Union>() {
        // `int | None`.
        for part in &union.members {
            describe(vm, part, found, depth + 1)?;
        }
        return Ok(());
    }
    if let Some(text) = inner.as_str() {
        // A name in quotes, which stands for a builtin class when it stands for a type at all.
        let text = text.trim();
        let plain = text
            .strip_prefix("Optional[")
            .and_then(|rest| rest.strip_suffix(']'))
            .or_else(|| text.strip_suffix("| None"));
        found.optional |= plain.is_some();
        let name = plain.unwrap_or(text).trim();
        found.python = crate::python::builtins::lookup(vm, name);
        return Ok(());
    }
    found.keys.push(inner.clone());
    let name = vm.find_attr(inner, "__name__")?.and_then(|n| n.as_str());
    let parts = match vm.find_attr(inner, "__args__")? {
        Some(parts @ Value::Tuple(_)) => vm.iterate(&parts)?,
        _ => Vec::new(),
    };
    match name.as_deref() {
        Some("Optional") => {
            found.optional = true;
            for part in &parts {
                describe(vm, part, found, depth + 1)?;
            }
        }
        Some("Union") => {
            for part in &parts {
                describe(vm, part, found, depth + 1)?;
            }
        }
        Some("Annotated") => {
            if let Some((first, extras)) = parts.split_first() {
                describe(vm, first, found, depth + 1)?;
                found.extras.extend_from_slice(extras);
            }
        }
        _ => found.python = Some(inner.clone()),
    }
    Ok(())
}

/// The types that Python's classes stand for.
const TYPES: &[(&str, &str)] = &[
    ("int", "Integer"),
    ("str", "String"),
    ("bool", "Boolean"),
    ("float", "Double"),
    ("bytes", "LargeBinary"),
    ("datetime", "DateTime"),
    ("date", "Date"),
    ("time", "Time"),
    ("timedelta", "Interval"),
    ("Decimal", "Numeric"),
    ("UUID", "Uuid"),
];

/// The type of a column whose values are of a class.
pub fn column_type(vm: &mut Vm, python: &Value) -> PyResult<Option<Value>> {
    if let Value::Class(class) = python {
        let is_enum = class.mro.iter().any(|base| &*base.name == "Enum");
        if is_enum && let Some(row) = spec("Enum") {
            let class = types::class(vm, row);
            return vm
                .call(&Value::Class(class), Args::of(vec![python.clone()]))
                .map(Some);
        }
    }
    let name = vm.find_attr(python, "__name__")?.and_then(|n| n.as_str());
    let Some(name) = name else { return Ok(None) };
    if &*name == "Literal" {
        return literal(vm, python);
    }
    let row = TYPES
        .iter()
        .find(|(known, _)| **known == *name)
        .and_then(|(_, row)| spec(row));
    match row {
        Some(row) => {
            let class = types::class(vm, row);
            vm.call(&Value::Class(class), Args::default()).map(Some)
        }
        None => Ok(None),
    }
}

/// `Literal["a", "b"]`: text of the longest of them.
fn literal(vm: &mut Vm, python: &Value) -> PyResult<Option<Value>> {
    let Some(labels) = vm.find_attr(python, "__args__")? else {
        return Ok(None);
    };
    let module = modules::module(vm, "sqlalchemy")?;
    let (Some(module), labels) = (module, vm.iterate(&labels)?) else {
        return Ok(None);
    };
    let class = vm.get_attr(&Value::Module(module), "Enum")?;
    let mut args = Args::of(labels);
    args.kw.push(("native_enum".into(), Value::Bool(false)));
    vm.call(&class, args).map(Some)
}
