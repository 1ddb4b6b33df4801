//! `globals()` and `object.__dict__`: the names themselves, seen as a dictionary.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use super::super::builtins;
use super::super::class::{Class, Instance, Namespace};
use super::super::error::PyResult;
use super::super::methods;
use super::super::native::{BinaryOp, Builtin, CompareOp, Native};
use super::super::value::{Dict, DictKey, Str, Value};
use super::super::vm::{Module, Vm};

/// Whose names they are.
#[derive(Clone)]
enum Owner {
    Module(Rc<Module>),
    Instance(Rc<Instance>),
}

/// A dictionary that reads and writes the names of a module or an instance.
pub struct Names {
    owner: Owner,
}

/// The names of a module.
pub fn of_module(module: &Rc<Module>) -> Value {
    let owner = Owner::Module(Rc::clone(module));
    Value::native(Names { owner })
}

/// The attributes of an instance.
pub fn of_instance(instance: &Rc<Instance>) -> Value {
    let owner = Owner::Instance(Rc::clone(instance));
    Value::native(Names { owner })
}

impl Names {
    fn names(&self) -> &RefCell<Namespace> {
        match &self.owner {
            Owner::Module(module) => &module.dict,
            Owner::Instance(instance) => &instance.dict,
        }
    }

    /// A dictionary of what the names are now.
    pub fn snapshot(&self) -> Value {
        let names = self.names().borrow();
        let items = names.iter();
        Value::dict(
            items
                .map(|(name, value)| (DictKey::str(name), value.clone()))
                .collect(),
        )
    }

    /// Makes the names those of a dictionary.
    fn replace(&self, items: &Dict) {
        let names = items
            .iter()
            .filter_map(|(key, value)| Some((key.value().as_str()?, value.clone())))
            .collect();
        *self.names().borrow_mut() = names;
    }
}

impl Native for Names {
    fn type_name(&self) -> &str {
        "dict"
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        builtins::class("dict")
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        vm.charge(self.names().borrow().len() * 48)?;
        let snapshot = self.snapshot();
        let changes = matches!(
            name,
            "update" | "pop" | "popitem" | "setdefault" | "clear" | "__setitem__" | "__delitem__"
        );
        if !changes {
            return methods::get(vm, &snapshot, name);
        }
        let this = this.clone();
        let method = match name {
            "__delitem__" => "pop",
            "update" => "update",
            "pop" => "pop",
            "popitem" => "popitem",
            "setdefault" => "setdefault",
            "clear" => "clear",
            _ => {
                return Ok(Some(Builtin::value("__setitem__", move |vm, mut args| {
                    let key = args.require("__setitem__", "key")?;
                    let value = args.require("__setitem__", "value")?;
                    vm.set_item(&this, &key, value)?;
                    Ok(Value::None)
                })));
            }
        };
        Ok(Some(Builtin::value(method, move |vm, args| {
            let Some(names) = this.downcast::<Names>() else {
                return Ok(Value::None);
            };
            let Value::Dict(items) = names.snapshot() else {
                return Ok(Value::None);
            };
            let dict = Value::Dict(Rc::clone(&items));
            let result = methods::call(vm, &dict, method, args)?;
            names.replace(&items.borrow());
            Ok(result.unwrap_or(Value::None))
        })))
    }

    fn get_item(&self, _this: &Value, vm: &mut Vm, index: &Value) -> PyResult<Option<Value>> {
        let found = index
            .as_str()
            .and_then(|name| self.names().borrow().get(&name).cloned());
        if found.is_some() {
            return Ok(found);
        }
        if let (Owner::Module(_), Some(name)) = (&self.owner, index.as_str())
            && let Some(missing) = self.missing(vm, &name)
        {
            return Ok(Some(missing));
        }
        Err(builtins::raise(vm, "KeyError", vec![index.clone()]))
    }

    fn set_item(&self, _this: &Value, vm: &mut Vm, index: &Value, value: Value) -> PyResult<bool> {
        vm.charge(48)?;
        let name: Str = match index.as_str() {
            Some(name) => name,
            None => vm.str(index)?,
        };
        self.names().borrow_mut().insert(name, value);
        Ok(true)
    }

    fn binary(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: BinaryOp,
        other: &Value,
        reflected: bool,
    ) -> PyResult<Option<Value>> {
        vm.charge(self.names().borrow().len() * 48)?;
        let (own, other) = (self.snapshot(), plain(other));
        let result = if reflected {
            vm.binary(op, &other, &own)
        } else {
            vm.binary(op, &own, &other)
        };
        result.map(Some)
    }

    fn compare(
        &self,
        _this: &Value,
        vm: &mut Vm,
        op: CompareOp,
        other: &Value,
    ) -> PyResult<Option<Value>> {
        let other = plain(other);
        vm.compare(op, &self.snapshot(), &other).map(Some)
    }

    fn contains(&self, _this: &Value, _vm: &mut Vm, item: &Value) -> PyResult<Option<bool>> {
        let name = item.as_str();
        Ok(Some(name.is_some_and(|name| {
            self.names().borrow().contains_key(&name)
        })))
    }

    fn iter(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<Vec<Value>>> {
        let names = self.names().borrow();
        Ok(Some(names.keys().cloned().map(Value::Str).collect()))
    }

    fn len(&self, _this: &Value, _vm: &mut Vm) -> PyResult<Option<usize>> {
        Ok(Some(self.names().borrow().len()))
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        vm.repr(&self.snapshot()).map(Some)
    }
}

impl Names {
    fn missing(&self, vm: &Vm, name: &str) -> Option<Value> {
        match &self.owner {
            Owner::Module(module) => super::attribute::missing_name(vm, module, name),
            Owner::Instance(_) => None,
        }
    }
}

/// A dictionary in place of names; any other value as it is.
pub fn plain(value: &Value) -> Value {
    match value.downcast::<Names>() {
        Some(names) if matches!(value, Value::Native(_)) => names.snapshot(),
        _ => value.clone(),
    }
}
