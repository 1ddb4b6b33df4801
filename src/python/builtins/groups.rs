//! Groups of exceptions.

use std::cell::RefCell;

use super::exceptions::ExceptionObject;
use crate::python::error::{PyResult, Raise};
use crate::python::native::Builtin;
use crate::python::value::Value;
use crate::python::vm::Vm;

/// Whether a value is a group of exceptions.
pub fn is_group(vm: &mut Vm, value: &Value) -> bool {
    ["BaseExceptionGroup", "ExceptionGroup"]
        .into_iter()
        .any(|name| super::class(name).is_some_and(|class| vm.is_instance(value, &class)))
}

/// A group with these members.
pub fn group(vm: &mut Vm, message: &str, members: Vec<Value>) -> PyResult {
    let args = vec![Value::str(message), Value::list(members)];
    super::exception(vm, "ExceptionGroup", args)
}

/// The members of a group.
pub(super) fn members(group: &ExceptionObject, vm: &mut Vm) -> PyResult<Vec<Value>> {
    let list = group.args.borrow().get(1).cloned();
    match list {
        Some(list) => vm.iterate(&list),
        None => Ok(Vec::new()),
    }
}

/// Checks the arguments of a group.
pub(super) fn check(vm: &mut Vm, args: &[Value]) -> PyResult<()> {
    let [message, list] = args else {
        return Err(Raise::exception(
            "TypeError",
            format!(
                "BaseExceptionGroup.__new__() takes exactly 2 arguments ({} given)",
                args.len()
            ),
        ));
    };
    if message.as_str().is_none() {
        let found = vm.type_name(message);
        return Err(Raise::exception(
            "TypeError",
            format!("argument 1 must be str, not {found}"),
        ));
    }
    if vm.iterate(list)?.is_empty() {
        return Err(Raise::exception(
            "ValueError",
            "second argument (exceptions) must be a non-empty sequence",
        ));
    }
    Ok(())
}

type Wanted<'a> = &'a mut dyn FnMut(&mut Vm, &Value) -> PyResult<bool>;

/// Takes a group apart into the members that are wanted and the others, keeping its nesting.
pub fn split_group(
    vm: &mut Vm,
    group: &Value,
    wanted: Wanted,
) -> PyResult<(Option<Value>, Option<Value>)> {
    split(vm, group, wanted, 0)
}

fn split(
    vm: &mut Vm,
    value: &Value,
    wanted: Wanted,
    depth: usize,
) -> PyResult<(Option<Value>, Option<Value>)> {
    vm.step(1)?;
    if wanted(vm, value)? {
        return Ok((Some(value.clone()), None));
    }
    let object = match value.downcast::<ExceptionObject>() {
        Some(object) if depth < 100 && is_group(vm, value) => object,
        _ => return Ok((None, Some(value.clone()))),
    };
    let (mut yes, mut no) = (Vec::new(), Vec::new());
    let members = members(&object, vm)?;
    vm.charge(members.len() * 32)?;
    for member in members {
        let (matched, rest) = split(vm, &member, wanted, depth + 1)?;
        yes.extend(matched);
        no.extend(rest);
    }
    let part = |members: Vec<Value>| -> Option<Value> {
        if members.is_empty() {
            return None;
        }
        let message = object.args.borrow().first().cloned().unwrap_or(Value::None);
        let made = ExceptionObject {
            class: object.class.clone(),
            args: RefCell::new(vec![message, Value::list(members)]),
            dict: RefCell::new(object.dict.borrow().clone()),
        };
        Some(Value::native(made))
    };
    Ok((part(yes), part(no)))
}

/// The attributes of groups.
pub(super) fn attribute(
    group: &ExceptionObject,
    this: &Value,
    vm: &mut Vm,
    name: &str,
) -> PyResult<Option<Value>> {
    Ok(Some(match name {
        "message" => group.args.borrow().first().cloned().unwrap_or(Value::None),
        "exceptions" => Value::tuple(members(group, vm)?),
        "split" | "subgroup" => {
            let (this, both) = (this.clone(), name == "split");
            Builtin::value("split", move |vm, mut args| {
                let condition = args.require("split", "condition")?;
                let mut wanted = |vm: &mut Vm, one: &Value| match &condition {
                    Value::Class(class) => Ok(vm.is_instance(one, class)),
                    Value::Tuple(classes) => {
                        let mut found = false;
                        for class in classes.iter() {
                            if let Value::Class(class) = class {
                                found |= vm.is_instance(one, class);
                            }
                        }
                        Ok(found)
                    }
                    other => {
                        let args = crate::python::Args::of(vec![one.clone()]);
                        let answer = vm.call(other, args)?;
                        vm.truth(&answer)
                    }
                };
                let (matched, rest) = split_group(vm, &this, &mut wanted)?;
                let matched = matched.unwrap_or(Value::None);
                if both {
                    let rest = rest.unwrap_or(Value::None);
                    return Ok(Value::tuple(vec![matched, rest]));
                }
                Ok(matched)
            })
        }
        "derive" => {
            let message = group.args.borrow().first().cloned().unwrap_or(Value::None);
            let class = Value::Class(group.class.clone());
            Builtin::value("derive", move |vm, mut args| {
                let list = args.require("derive", "excs")?;
                vm.call(&class, crate::python::Args::of(vec![message.clone(), list]))
            })
        }
        _ => return Ok(None),
    }))
}
