//! Names: `quoted_name`, `conv` (`op.f()`), and how they become identifiers.

use std::any::Any;
use std::rc::Rc;

use super::classes::{self, Maker};
use super::inspect::ServerName;
use super::raise;
use crate::catalog::{ConstraintName, TableName};
use crate::expression::Ident;
use crate::python::{
    Args, BinaryOp, Class, CompareOp, Native, PyResult, Str, Value, Vm, builtins, methods,
};

/// A `quoted_name` or `conv`: text with a wish about quotes, or a final name.
pub struct Name {
    text: Str,
    /// `quote=`.
    pub quote: Option<bool>,
    /// Made by `op.f()` or `conv()`: no naming convention applies.
    pub is_final: bool,
}

impl Name {
    /// `op.f(text)`.
    pub fn conv(text: Str) -> Value {
        Value::native(Self {
            text,
            quote: None,
            is_final: true,
        })
    }

    /// `quoted_name(text, quote)`.
    pub fn quoted(text: Str, quote: Option<bool>) -> Value {
        Value::native(Self {
            text,
            quote,
            is_final: false,
        })
    }
}

impl Native for Name {
    fn type_name(&self) -> &str {
        if self.is_final { "conv" } else { "quoted_name" }
    }

    fn class(&self, vm: &mut Vm) -> Option<Rc<Class>> {
        Some(class(vm, self.is_final))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if name == "quote" {
            return Ok(Some(self.quote.map_or(Value::None, Value::Bool)));
        }
        methods::get(vm, &Value::Str(self.text.clone()), name)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        let text = Value::Str(self.text.clone());
        let other = other.as_str().map_or_else(|| other.clone(), Value::Str);
        if reflected {
            vm.binary(op, &other, &text).map(Some)
        } else {
            vm.binary(op, &text, &other).map(Some)
        }
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let text = Value::Str(self.text.clone());
        let other = other.as_str().map_or_else(|| other.clone(), Value::Str);
        vm.compare(op, &text, &other).map(Some)
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        vm.get_item(&Value::Str(self.text.clone()), index).map(Some)
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        Ok(item.as_str().map(|part| self.text.contains(&*part)))
    }

    fn iter(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        vm.iterate(&Value::Str(self.text.clone())).map(Some)
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.text.chars().count()))
    }

    fn truth(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<bool>> {
        Ok(Some(!self.text.is_empty()))
    }

    fn str(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Str>> {
        Ok(Some(self.text.clone()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        vm.repr(&Value::Str(self.text.clone())).map(Some)
    }

    fn format(&self, _this: &Value, vm: &mut Vm, spec: &str) -> PyResult<Option<Str>> {
        vm.format(&Value::Str(self.text.clone()), spec).map(Some)
    }

    fn key(&self) -> Option<Value> {
        Some(Value::Str(self.text.clone()))
    }

    fn as_text(&self) -> Option<Str> {
        Some(self.text.clone())
    }
}

/// The classes `quoted_name` and `conv`.
pub fn class(vm: &mut Vm, is_final: bool) -> Rc<Class> {
    if is_final {
        classes::get(vm, "conv", |vm| {
            let base = class(vm, false);
            Class::native(
                "sqlalchemy.sql.elements",
                "conv",
                vec![base],
                Maker::new(|_, _, mut args| {
                    let value = args.require("conv", "value")?;
                    let text = value.as_str();
                    match text {
                        Some(text) => Ok(Name::conv(text)),
                        None if value.downcast::<ServerName>().is_some() => Ok(value),
                        None => Err(raise::type_error("conv() takes a str")),
                    }
                }),
            )
        })
    } else {
        classes::get(vm, "quoted_name", |vm| {
            let bases = match builtins::lookup(vm, "str") {
                Some(Value::Class(class)) => vec![class],
                _ => Vec::new(),
            };
            Class::native(
                "sqlalchemy.sql.elements",
                "quoted_name",
                bases,
                Maker::new(|_, _, mut args| {
                    let value = args.require("quoted_name", "value")?;
                    let quote = args.take("quote").and_then(|quote| quote.as_bool());
                    Ok(match value.as_str() {
                        Some(text) => Name::quoted(text, quote),
                        None => value,
                    })
                }),
            )
        })
    }
}

/// An identifier.
pub fn ident(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Ident> {
    raise::known(vm, value, what)?;
    let Some(text) = value.as_str() else {
        let class = vm.type_name(value);
        return Err(raise::argument(
            vm,
            format!("{what} must be a str, not {class}"),
        ));
    };
    Ok(Ident {
        name: text,
        quote: value.downcast::<Name>().and_then(|name| name.quote),
    })
}

/// An identifier or `None`.
pub fn optional_ident(vm: &mut Vm, value: &Value, what: &str) -> PyResult<Option<Ident>> {
    // An empty name of a schema is none.
    if value.is_none() || value.as_str().is_some_and(|text| text.is_empty()) {
        return Ok(None);
    }
    ident(vm, value, what).map(Some)
}

/// The name of a constraint or an index.
pub fn constraint_name(vm: &mut Vm, value: &Value, what: &str) -> PyResult<ConstraintName> {
    if value.is_none() || value.as_bool() == Some(false) {
        return Ok(ConstraintName::None);
    }
    let name = ident(vm, value, what)?;
    Ok(match value.downcast::<Name>() {
        Some(given) if given.is_final => ConstraintName::Final(name),
        _ => ConstraintName::Given(name),
    })
}

/// The name of a constraint that is dropped, which may be one that the server invented.
pub fn dropped_constraint(vm: &mut Vm, value: &Value) -> PyResult<ConstraintName> {
    match value.downcast::<ServerName>() {
        Some(name) => Ok(name.dropped()),
        None => constraint_name(vm, value, "the name of the constraint"),
    }
}

/// The name of a constraint in a table's definition: one that the server invented is none.
pub fn defined_constraint(vm: &mut Vm, value: &Value) -> PyResult<ConstraintName> {
    match value.downcast::<ServerName>() {
        Some(_) => Ok(ConstraintName::None),
        None => constraint_name(vm, value, "the name of the constraint"),
    }
}

/// A table's name from its two parts.
pub fn table_name(vm: &mut Vm, name: &Value, schema: Option<&Value>) -> PyResult<TableName> {
    Ok(TableName {
        name: ident(vm, name, "the name of the table")?,
        schema: match schema {
            None => None,
            Some(schema) => optional_ident(vm, schema, "the schema")?,
        },
    })
}

/// `op.f(name)`.
pub fn f(_vm: &mut Vm, mut args: Args) -> PyResult {
    let value = args.require("f", "name")?;
    Ok(match (&value, value.as_str()) {
        (Value::Unknown(_), _) | (_, None) => value,
        (_, Some(text)) => Name::conv(text),
    })
}
