//! `re`, on a backtracking engine with a limit.

mod matched;
mod pattern;
mod translate;

use std::rc::Rc;

use matched::match_class;
use pattern::{METHODS, compile, method, pattern_class};

use super::function;
use crate::python::args::Args;
use crate::python::builtins;
use crate::python::builtins::unknown_among;
use crate::python::class::Class;
use crate::python::error::{PyResult, Raise};
use crate::python::methods::int_argument;
use crate::python::native::{Native, NativeClass};
use crate::python::value::Value;
use crate::python::vm::Vm;

pub(super) const FLAGS: &[(&str, i64)] = &[
    ("IGNORECASE", 2),
    ("I", 2),
    ("LOCALE", 4),
    ("L", 4),
    ("MULTILINE", 8),
    ("M", 8),
    ("DOTALL", 16),
    ("S", 16),
    ("UNICODE", 32),
    ("U", 32),
    ("VERBOSE", 64),
    ("X", 64),
    ("ASCII", 256),
    ("A", 256),
    ("NOFLAG", 0),
    ("DEBUG", 128),
];

pub(super) struct Opaque;

impl NativeClass for Opaque {
    fn construct(&self, _vm: &mut Vm, class: &Rc<Class>, _args: Args) -> PyResult {
        Err(Raise::exception(
            "TypeError",
            format!("cannot create '{}' instances", class.name),
        ))
    }

    fn get_item(&self, _vm: &mut Vm, class: &Rc<Class>, _index: &Value) -> PyResult<Option<Value>> {
        Ok(Some(Value::Class(Rc::clone(class))))
    }
}

pub(super) fn error(message: impl std::fmt::Display) -> Box<Raise> {
    Raise::exception(
        "ValueError",
        format!("invalid regular expression: {message}"),
    )
}

/// The attributes of the module.
pub(super) fn attribute(_vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
    if let Some((_, bits)) = FLAGS.iter().find(|(n, _)| *n == name) {
        return Ok(Some(Value::Int(*bits)));
    }
    if let Some(name) = METHODS.iter().copied().find(|n| *n == name) {
        return Ok(function(name, move |vm, mut args| {
            let source = args.require(name, "pattern")?;
            let mut flags = args.keyword("flags");
            // The flags come last when given by position.
            let own = if name.starts_with("sub") {
                3
            } else {
                usize::from(name == "split") + 1
            };
            if args.pos.len() > own {
                flags = args.pos.pop();
            }
            if let Some(unknown) = unknown_among(std::slice::from_ref(&source), "a pattern") {
                return Ok(unknown);
            }
            let flags = int_argument(vm, flags, 0)?;
            let pattern = compile(vm, &source, flags)?;
            method(vm, &pattern, name, args)
        }));
    }
    Ok(match name {
        "compile" => function("compile", |vm, mut args| {
            let source = args.require("compile", "pattern")?;
            let flags = int_argument(vm, args.take("flags"), 0)?;
            Ok(Value::Native(compile(vm, &source, flags)? as Rc<dyn Native>))
        }),
        "escape" => function("escape", |vm, mut args| {
            let source = args.require("escape", "pattern")?;
            let text = vm.str(&source)?;
            let mut out = String::new();
            for c in text.chars() {
                if c.is_ascii() && !c.is_ascii_alphanumeric() && !"_!\"%',/:;<=>@`".contains(c) {
                    out.push('\\');
                }
                out.push(c);
            }
            Ok(Value::from(out))
        }),
        "purge" => function("purge", |_, _| Ok(Value::None)),
        "Pattern" => Some(Value::Class(pattern_class())),
        "Match" => Some(Value::Class(match_class())),
        "error" | "PatternError" => builtins::class("ValueError").map(Value::Class),
        _ => None,
    })
}
