//! Assignment and deletion.

use std::rc::Rc;

use super::super::error::{PyResult, Raise};
use super::super::syntax::ast::{Expr, ExprKind, Var};
use super::super::value::Value;
use super::super::vm::Vm;
use super::expression;
use crate::diagnostic::Code;

/// `target = value`.
pub fn assign(vm: &mut Vm, target: &Expr, value: Value) -> PyResult<()> {
    match &target.kind {
        ExprKind::Name(var) => store(vm, var, value),
        ExprKind::Attribute(object, name) => {
            let object = expression::evaluate(vm, object)?;
            vm.set_attr(&object, name, value)
        }
        ExprKind::Subscript(object, index) => {
            let object = expression::evaluate(vm, object)?;
            let index = expression::evaluate(vm, index)?;
            vm.set_item(&object, &index, value)
        }
        ExprKind::Tuple(targets) | ExprKind::List(targets) => unpack(vm, targets, &value),
        ExprKind::Starred(inner) => assign(vm, inner, value),
        _ => Err(Raise::exception(
            "SyntaxError",
            "cannot assign to this expression",
        )),
    }
}

fn unpack(vm: &mut Vm, targets: &[Expr], value: &Value) -> PyResult<()> {
    if let Value::Unknown(unknown) = value {
        let unknown = Rc::clone(unknown);
        if targets
            .iter()
            .any(|t| matches!(t.kind, ExprKind::Starred(_)))
        {
            return Err(vm.unknown_as(Code::UnknownCondition, &unknown, "it is unpacked"));
        }
        for (index, target) in targets.iter().enumerate() {
            let what = format!("item {index} of {}", unknown.what);
            let part = super::attribute::unknown_part(vm, &unknown, what);
            assign(vm, target, part)?;
        }
        return Ok(());
    }
    let items = match value {
        Value::Tuple(items) => items.to_vec(),
        Value::List(items) => items.borrow().clone(),
        other => {
            if vm.type_name(other).as_ref() == "NoneType"
                || matches!(other, Value::Int(_) | Value::Bool(_) | Value::Float(_))
            {
                let name = vm.type_name(other);
                return Err(Raise::exception(
                    "TypeError",
                    format!("cannot unpack non-iterable {name} object"),
                ));
            }
            vm.iterate(other)?
        }
    };
    let star = targets
        .iter()
        .position(|t| matches!(t.kind, ExprKind::Starred(_)));
    let count = targets.len();
    match star {
        None => {
            if items.len() > count {
                let message = format!("too many values to unpack (expected {count})");
                return Err(Raise::exception("ValueError", message));
            }
            if items.len() < count {
                let got = items.len();
                let message = format!("not enough values to unpack (expected {count}, got {got})");
                return Err(Raise::exception("ValueError", message));
            }
            for (target, item) in targets.iter().zip(items) {
                assign(vm, target, item)?;
            }
        }
        Some(star) => {
            if items.len() < count - 1 {
                let (least, got) = (count - 1, items.len());
                let message =
                    format!("not enough values to unpack (expected at least {least}, got {got})");
                return Err(Raise::exception("ValueError", message));
            }
            let behind = count - star - 1;
            let end = items.len() - behind;
            for (target, item) in targets[..star].iter().zip(&items[..star]) {
                assign(vm, target, item.clone())?;
            }
            vm.charge((end - star) * 16)?;
            assign(vm, &targets[star], Value::list(items[star..end].to_vec()))?;
            for (target, item) in targets[star + 1..].iter().zip(&items[end..]) {
                assign(vm, target, item.clone())?;
            }
        }
    }
    Ok(())
}

/// Takes a variable's value away.
pub fn unbind(vm: &mut Vm, var: &Var) {
    write(vm, var, None);
}

/// Gives a variable a value.
pub fn store(vm: &mut Vm, var: &Var, value: Value) -> PyResult<()> {
    write(vm, var, Some(value));
    Ok(())
}

fn write(vm: &mut Vm, var: &Var, value: Option<Value>) -> bool {
    let Some(frame) = vm.frames.last() else {
        return false;
    };
    match var {
        Var::Local(slot, _) => set_slot(frame.env.as_ref(), *slot, value),
        Var::Outer(distance, slot, _) => {
            let env = frame.env.as_ref().and_then(|env| env.outer(*distance));
            set_slot(env.as_ref(), *slot, value)
        }
        Var::Global(name) => {
            let mut dict = frame.globals.dict.borrow_mut();
            match value {
                Some(value) => {
                    dict.insert(name.clone(), value);
                    true
                }
                None => dict.shift_remove(name).is_some(),
            }
        }
        Var::Class(name, fallback) => match &frame.class {
            Some(class) => match value {
                Some(value) => {
                    class.borrow_mut().insert(name.clone(), value);
                    true
                }
                None => class.borrow_mut().shift_remove(name).is_some(),
            },
            None => write(vm, &(**fallback).clone(), value),
        },
    }
}

fn set_slot(env: Option<&Rc<super::frame::Env>>, slot: u32, value: Option<Value>) -> bool {
    let Some(env) = env else { return false };
    match env.slots.borrow_mut().get_mut(slot as usize) {
        Some(place) => {
            let was = place.is_some() || value.is_some();
            *place = value;
            was
        }
        None => false,
    }
}

/// `del target`.
pub fn delete(vm: &mut Vm, target: &Expr) -> PyResult<()> {
    match &target.kind {
        ExprKind::Name(var) => {
            if write(vm, var, None) {
                Ok(())
            } else {
                let message = format!("name '{}' is not defined", var.name());
                Err(Raise::exception("NameError", message))
            }
        }
        ExprKind::Attribute(object, name) => {
            let object = expression::evaluate(vm, object)?;
            vm.del_attr(&object, name)
        }
        ExprKind::Subscript(object, index) => {
            let object = expression::evaluate(vm, object)?;
            let index = expression::evaluate(vm, index)?;
            vm.del_item(&object, &index)
        }
        ExprKind::Tuple(targets) | ExprKind::List(targets) => {
            targets.iter().try_for_each(|target| delete(vm, target))
        }
        _ => Err(Raise::exception(
            "SyntaxError",
            "cannot delete this expression",
        )),
    }
}
