//! `match`.

use std::rc::Rc;

use super::super::error::{PyResult, Raise};
use super::super::syntax::ast::{Pattern, Var};
use super::super::value::{Dict, Value};
use super::super::vm::Vm;
use super::{expression, target};
use crate::diagnostic::Code;

/// Whether a value matches a pattern; names are bound on the way.
pub fn matches(vm: &mut Vm, pattern: &Pattern, value: &Value) -> PyResult<bool> {
    vm.step(1)?;
    if let Value::Unknown(unknown) = value
        && !matches!(pattern, Pattern::As(None, _))
    {
        let unknown = Rc::clone(unknown);
        return Err(vm.unknown_as(Code::UnknownCondition, &unknown, "`match` branches on it"));
    }
    match pattern {
        Pattern::Value(expr) => {
            let wanted = expression::evaluate(vm, expr)?;
            vm.equal(value, &wanted)
        }
        Pattern::Singleton(wanted) => Ok(value.is(&expression::constant(wanted))),
        Pattern::As(inner, name) => {
            if let Some(inner) = inner
                && !matches(vm, inner, value)?
            {
                return Ok(false);
            }
            bind(vm, name.as_ref(), value.clone())?;
            Ok(true)
        }
        Pattern::Or(patterns) => {
            for pattern in patterns {
                if matches(vm, pattern, value)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Pattern::Sequence(patterns) => sequence(vm, patterns, value),
        Pattern::Star(name) => {
            bind(vm, name.as_ref(), value.clone())?;
            Ok(true)
        }
        Pattern::Mapping { keys, rest } => {
            let Value::Dict(dict) = super::super::numbers::plain(value) else {
                return Ok(false);
            };
            let mut left: Dict = dict.borrow().clone();
            for (key, pattern) in keys {
                let key = expression::evaluate(vm, key)?;
                let key = vm.key(&key)?;
                let Some(item) = left.shift_remove(&key) else {
                    return Ok(false);
                };
                if !matches(vm, pattern, &item)? {
                    return Ok(false);
                }
            }
            if rest.is_some() {
                bind(vm, rest.as_ref(), Value::dict(left))?;
            }
            Ok(true)
        }
        Pattern::Class {
            class,
            positional,
            keywords,
        } => {
            let class = expression::evaluate(vm, class)?;
            let Value::Class(class) = &class else {
                return Err(Raise::exception(
                    "TypeError",
                    "called match pattern must be a class",
                ));
            };
            if !vm.is_instance(value, class) {
                return Ok(false);
            }
            if !positional.is_empty() {
                let names = vm.find_attr(&Value::Class(Rc::clone(class)), "__match_args__")?;
                match names {
                    Some(names) => {
                        let names = vm.iterate(&names)?;
                        if positional.len() > names.len() {
                            let (class, most, given) = (&class.name, names.len(), positional.len());
                            let message = format!(
                                "{class}() accepts {most} positional sub-patterns ({given} given)"
                            );
                            return Err(Raise::exception("TypeError", message));
                        }
                        for (pattern, name) in positional.iter().zip(names) {
                            let name = vm.str(&name)?;
                            let Some(item) = vm.find_attr(value, &name)? else {
                                return Ok(false);
                            };
                            if !matches(vm, pattern, &item)? {
                                return Ok(false);
                            }
                        }
                    }
                    // `case str(text)`: a builtin class matches the value itself.
                    None => {
                        let own = class.native_base().is_some();
                        if positional.len() > usize::from(own) {
                            let (class, given) = (&class.name, positional.len());
                            let most = u8::from(own);
                            let message = format!(
                                "{class}() accepts {most} positional sub-patterns ({given} given)"
                            );
                            return Err(Raise::exception("TypeError", message));
                        }
                        if !matches(vm, &positional[0], value)? {
                            return Ok(false);
                        }
                    }
                }
            }
            for (name, pattern) in keywords {
                let Some(item) = vm.find_attr(value, name)? else {
                    return Ok(false);
                };
                if !matches(vm, pattern, &item)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
    }
}

fn bind(vm: &mut Vm, name: Option<&Var>, value: Value) -> PyResult<()> {
    match name {
        Some(name) => target::store(vm, name, value),
        None => Ok(()),
    }
}

fn sequence(vm: &mut Vm, patterns: &[Pattern], value: &Value) -> PyResult<bool> {
    let items = match value {
        Value::List(items) => items.borrow().clone(),
        Value::Tuple(items) => items.to_vec(),
        _ => return Ok(false),
    };
    let star = patterns.iter().position(|p| matches!(p, Pattern::Star(_)));
    let fixed = patterns.len() - usize::from(star.is_some());
    if items.len() < fixed || (star.is_none() && items.len() != fixed) {
        return Ok(false);
    }
    let mut at = 0;
    for (index, pattern) in patterns.iter().enumerate() {
        if Some(index) == star {
            let count = items.len() - fixed;
            if !matches(vm, pattern, &Value::list(items[at..at + count].to_vec()))? {
                return Ok(false);
            }
            at += count;
        } else {
            if !matches(vm, pattern, &items[at])? {
                return Ok(false);
            }
            at += 1;
        }
    }
    Ok(true)
}
