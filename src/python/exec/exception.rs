//! Exceptions: raising, catching, and what is shown of those that nobody caught.

use std::rc::Rc;

use super::super::args::Args;
use super::super::builtins;
use super::super::class::Class;
use super::super::error::{PyResult, Raise};
use super::super::stdlib;
use super::super::value::Value;
use super::super::vm::Vm;
use crate::diagnostic::{Code, Diagnostic};

/// Notes the place where a raise passes through the current frame.
pub(super) fn traced<T>(vm: &Vm, result: PyResult<T>) -> PyResult<T> {
    let mut raise = match result {
        Ok(value) => return Ok(value),
        Err(raise) => raise,
    };
    let location = vm.location();
    match &mut *raise {
        Raise::Builtin { traceback, .. } | Raise::Exception { traceback, .. } => {
            if traceback.len() < 64 && traceback.last() != location.as_ref() {
                traceback.extend(location);
            }
        }
        Raise::Fatal(fatal) => {
            if let Some(location) = &location
                && fatal.calls.len() < 64
                && fatal.calls.last() != Some(location)
                && stdlib::of_file(&location.file).is_none()
            {
                fatal.calls.push(location.clone());
            }
            if fatal.diagnostic.primary.is_none() {
                fatal.diagnostic.primary = location;
            }
        }
    }
    Err(raise)
}

/// The exception object of a raise; `None` for those that cannot be caught.
pub(super) fn object(vm: &mut Vm, raise: &Raise) -> PyResult<Option<Value>> {
    match raise {
        Raise::Builtin { class, message, .. } => {
            if builtins::class(class).is_some() {
                return builtins::exception(vm, class, vec![Value::str(message)]).map(Some);
            }
            match vm.exception_class(class) {
                Some(class) => {
                    let class = Value::Class(class);
                    vm.call(&class, Args::of(vec![Value::str(message)]))
                        .map(Some)
                }
                None => Ok(None),
            }
        }
        Raise::Exception { value, .. } => Ok(Some(value.clone())),
        Raise::Fatal(_) => Ok(None),
    }
}

/// Whether a raise is an exception of the builtin class of that name.
pub fn is(vm: &mut Vm, raise: &Raise, class: &str) -> bool {
    match raise {
        Raise::Builtin { class: raised, .. } if *raised == class => true,
        Raise::Fatal(_) => false,
        Raise::Builtin { class: raised, .. } => {
            match (vm.exception_class(raised), builtins::class(class)) {
                (Some(raised), Some(class)) => raised.is_subclass(&class),
                _ => false,
            }
        }
        Raise::Exception { value, .. } => match builtins::class(class) {
            Some(class) => vm.is_instance(&value.clone(), &class),
            None => false,
        },
    }
}

/// Whether an exception object matches what an `except` names: a class or a tuple of classes.
pub(super) fn matches(vm: &mut Vm, exception: &Value, class: &Value) -> PyResult<bool> {
    match class {
        Value::Class(class) => Ok(vm.is_instance(exception, class)),
        Value::Tuple(classes) => {
            for class in classes.iter() {
                if matches(vm, exception, class)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            // An exception class of a library that is not there: a builtin exception is not one.
            let builtin = exception_class_is_builtin(vm, exception);
            if builtin {
                return Ok(false);
            }
            Err(vm.unknown_as(
                Code::UnknownCondition,
                &unknown,
                "`except` needs it to be a class",
            ))
        }
        _ => Err(Raise::exception(
            "TypeError",
            "catching classes that do not inherit from BaseException is not allowed",
        )),
    }
}

fn exception_class_is_builtin(vm: &mut Vm, exception: &Value) -> bool {
    let class: Rc<Class> = vm.class_of(exception);
    builtins::class(&class.name).is_some_and(|known| Rc::ptr_eq(&known, &class))
}

/// The raise for `raise value`.
pub(super) fn raised(vm: &mut Vm, value: Value) -> PyResult<Box<Raise>> {
    let value = match &value {
        Value::Class(_) => vm.call(&value, Args::default())?,
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            return Ok(vm.unknown(&unknown, "it is raised"));
        }
        _ => value,
    };
    let base = builtins::class("BaseException");
    if let Some(base) = base
        && !vm.is_instance(&value, &base)
    {
        return Ok(Raise::exception(
            "TypeError",
            "exceptions must derive from BaseException",
        ));
    }
    Ok(Box::new(Raise::Exception {
        value,
        traceback: Vec::new(),
    }))
}

/// The raise with the exception that was being handled as its `__context__`.
pub(super) fn with_context(
    vm: &mut Vm,
    raise: Box<Raise>,
    context: &Value,
) -> PyResult<Box<Raise>> {
    let Some(value) = object(vm, &raise)? else {
        return Ok(raise);
    };
    let traceback = match *raise {
        Raise::Builtin { traceback, .. } | Raise::Exception { traceback, .. } => traceback,
        Raise::Fatal(fatal) => return Ok(Box::new(Raise::Fatal(fatal))),
    };
    if !value.is(context) {
        let known = vm.find_attr(&value, "__context__")?;
        if known.is_none_or(|known| known.is_none()) {
            vm.set_attr(&value, "__context__", context.clone())?;
        }
    }
    Ok(Box::new(Raise::Exception { value, traceback }))
}

/// The diagnostic for a raise that left the migration.
pub fn diagnostic(vm: &mut Vm, raise: &Raise) -> Diagnostic {
    let (class, message, traceback) = match raise {
        Raise::Fatal(fatal) => return (*fatal.diagnostic).clone(),
        Raise::Builtin {
            class,
            message,
            traceback,
        } => ((*class).to_owned(), message.clone(), traceback),
        Raise::Exception { value, traceback } => {
            let message = vm
                .str(value)
                .map(|text| text.to_string())
                .unwrap_or_default();
            (vm.type_name(value).to_string(), message, traceback)
        }
    };
    let text = if message.is_empty() {
        class
    } else {
        format!("{class}: {message}")
    };
    let own: Vec<_> = traceback
        .iter()
        .filter(|at| stdlib::of_file(&at.file).is_none())
        .collect();
    let library = traceback.first().and_then(|at| stdlib::of_file(&at.file));
    let primary = own.first().copied().or(traceback.first()).cloned();
    let mut diagnostic = Diagnostic::error(Code::PythonException, text).at(primary);
    diagnostic = match library {
        Some(module) => diagnostic
            .labelled("called here")
            .with_note(format!("raised inside `{module}` of the standard library")),
        None => diagnostic.labelled("raised here"),
    };
    for location in own.into_iter().skip(1).take(8) {
        diagnostic = diagnostic.label(location.clone(), "called from here");
    }
    diagnostic
}
