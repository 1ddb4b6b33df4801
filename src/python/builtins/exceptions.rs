//! The builtin exception classes and their objects.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;

use crate::python::args::Args;
use crate::python::class::{Class, Namespace};
use crate::python::error::{PyResult, Raise};
use crate::python::native::{Builtin, Native, NativeClass};
use crate::python::value::{Str, Value};
use crate::python::vm::Vm;

/// Every builtin exception with its base.
pub(super) const HIERARCHY: &[(&str, &str)] = &[
    ("BaseException", "object"),
    ("SystemExit", "BaseException"),
    ("KeyboardInterrupt", "BaseException"),
    ("GeneratorExit", "BaseException"),
    ("BaseExceptionGroup", "BaseException"),
    ("Exception", "BaseException"),
    ("ExceptionGroup", "Exception"),
    ("StopIteration", "Exception"),
    ("StopAsyncIteration", "Exception"),
    ("ArithmeticError", "Exception"),
    ("FloatingPointError", "ArithmeticError"),
    ("OverflowError", "ArithmeticError"),
    ("ZeroDivisionError", "ArithmeticError"),
    ("AssertionError", "Exception"),
    ("AttributeError", "Exception"),
    ("BufferError", "Exception"),
    ("EOFError", "Exception"),
    ("ImportError", "Exception"),
    ("ModuleNotFoundError", "ImportError"),
    ("LookupError", "Exception"),
    ("IndexError", "LookupError"),
    ("KeyError", "LookupError"),
    ("MemoryError", "Exception"),
    ("NameError", "Exception"),
    ("UnboundLocalError", "NameError"),
    ("OSError", "Exception"),
    ("BlockingIOError", "OSError"),
    ("ChildProcessError", "OSError"),
    ("ConnectionError", "OSError"),
    ("BrokenPipeError", "ConnectionError"),
    ("ConnectionAbortedError", "ConnectionError"),
    ("ConnectionRefusedError", "ConnectionError"),
    ("ConnectionResetError", "ConnectionError"),
    ("FileExistsError", "OSError"),
    ("FileNotFoundError", "OSError"),
    ("InterruptedError", "OSError"),
    ("IsADirectoryError", "OSError"),
    ("NotADirectoryError", "OSError"),
    ("PermissionError", "OSError"),
    ("ProcessLookupError", "OSError"),
    ("TimeoutError", "OSError"),
    ("ReferenceError", "Exception"),
    ("RuntimeError", "Exception"),
    ("NotImplementedError", "RuntimeError"),
    ("RecursionError", "RuntimeError"),
    ("SyntaxError", "Exception"),
    ("IndentationError", "SyntaxError"),
    ("TabError", "IndentationError"),
    ("SystemError", "Exception"),
    ("TypeError", "Exception"),
    ("ValueError", "Exception"),
    ("UnicodeError", "ValueError"),
    ("UnicodeDecodeError", "UnicodeError"),
    ("UnicodeEncodeError", "UnicodeError"),
    ("UnicodeTranslateError", "UnicodeError"),
    ("Warning", "Exception"),
    ("BytesWarning", "Warning"),
    ("DeprecationWarning", "Warning"),
    ("EncodingWarning", "Warning"),
    ("FutureWarning", "Warning"),
    ("ImportWarning", "Warning"),
    ("PendingDeprecationWarning", "Warning"),
    ("ResourceWarning", "Warning"),
    ("RuntimeWarning", "Warning"),
    ("SyntaxWarning", "Warning"),
    ("UnicodeWarning", "Warning"),
    ("UserWarning", "Warning"),
    ("EnvironmentError", "OSError"),
    ("IOError", "OSError"),
];

/// An exception: of a builtin class itself, or the base of an instance of a Python class that
/// derives from one.
pub struct ExceptionObject {
    /// The class that was called.
    pub class: Rc<Class>,
    /// `args`.
    pub args: RefCell<Vec<Value>>,
    /// Everything else that was set.
    pub dict: RefCell<Namespace>,
}

impl ExceptionObject {
    fn is(&self, name: &str) -> bool {
        super::class(name).is_some_and(|class| self.class.is_subclass(&class))
    }

    fn is_group(&self) -> bool {
        self.is("BaseExceptionGroup") || self.is("ExceptionGroup")
    }

    /// `str(exception)`.
    fn text(&self, vm: &mut Vm) -> PyResult<Str> {
        let args = self.args.borrow().clone();
        match &args[..] {
            [message, _] if self.is_group() => {
                let message = vm.str(message)?;
                let count = super::groups::members(self, vm)?.len();
                let plural = if count == 1 { "" } else { "s" };
                Ok(Str::from(format!(
                    "{message} ({count} sub-exception{plural})"
                )))
            }
            [] => Ok(Str::from("")),
            [only] if self.is("KeyError") => vm.repr(only),
            [only] => vm.str(only),
            [number, message, rest @ ..] if self.is("OSError") && rest.len() < 2 => {
                let (number, message) = (vm.str(number)?, vm.str(message)?);
                let name = match rest {
                    [name] => format!(": {}", vm.repr(name)?),
                    _ => String::new(),
                };
                Ok(Str::from(format!("[Errno {number}] {message}{name}")))
            }
            _ => vm.repr(&Value::tuple(args)),
        }
    }
}

impl Native for ExceptionObject {
    fn type_name(&self) -> &str {
        &self.class.name
    }

    fn class(&self, _vm: &mut Vm) -> Option<Rc<Class>> {
        Some(Rc::clone(&self.class))
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        if let Some(value) = self.dict.borrow().get(name) {
            return Ok(Some(value.clone()));
        }
        if self.is_group()
            && let Some(found) = super::groups::attribute(self, this, vm, name)?
        {
            return Ok(Some(found));
        }
        let args = self.args.borrow();
        let at = |i: usize| args.get(i).cloned().unwrap_or(Value::None);
        Ok(Some(match name {
            "args" => Value::tuple(args.clone()),
            "__cause__" | "__context__" | "__traceback__" => Value::None,
            "__suppress_context__" => Value::Bool(false),
            "__notes__" => return Ok(None),
            "__dict__" => {
                let dict = self.dict.borrow();
                Value::dict(
                    dict.iter()
                        .map(|(k, v)| (crate::python::DictKey::str(&**k), v.clone()))
                        .collect(),
                )
            }
            "value" if self.is("StopIteration") => at(0),
            "code" if self.is("SystemExit") => at(0),
            "errno" if self.is("OSError") => {
                if args.len() > 1 {
                    at(0)
                } else {
                    Value::None
                }
            }
            "strerror" if self.is("OSError") => at(1),
            "filename" if self.is("OSError") => at(2),
            "name" | "path"
                if self.is("ImportError") || self.is("NameError") || self.is("AttributeError") =>
            {
                Value::None
            }
            "msg" if self.is("ImportError") || self.is("SyntaxError") => at(0),
            "with_traceback" => {
                let this = this.clone();
                Builtin::value("with_traceback", move |_, _| Ok(this.clone()))
            }
            "add_note" => {
                let this = this.clone();
                Builtin::value("add_note", move |vm, mut args| {
                    let note = args.require("add_note", "note")?;
                    let notes = match vm.find_attr(&this, "__notes__")? {
                        Some(notes) => notes,
                        None => {
                            let notes = Value::list(Vec::new());
                            vm.set_attr(&this, "__notes__", notes.clone())?;
                            notes
                        }
                    };
                    vm.call_method(&notes, "append", Args::of(vec![note]))
                })
            }
            "__str__" | "__repr__" => {
                drop(args);
                let this = this.clone();
                let repr = name == "__repr__";
                Builtin::value(if repr { "__repr__" } else { "__str__" }, move |vm, _| {
                    let Some(object) = this.downcast::<ExceptionObject>() else {
                        return Ok(Value::str(""));
                    };
                    if repr {
                        Ok(Value::Str(
                            object.repr(&this, vm)?.unwrap_or_else(|| Str::from("")),
                        ))
                    } else {
                        object.text(vm).map(Value::Str)
                    }
                })
            }
            "__init__" => {
                drop(args);
                let this = this.clone();
                Builtin::value("__init__", move |_, args| {
                    if let Some(object) = this.downcast::<ExceptionObject>() {
                        *object.args.borrow_mut() = args.pos;
                    }
                    Ok(Value::None)
                })
            }
            _ => {
                let _ = vm;
                return Ok(None);
            }
        }))
    }

    fn set_attr(&self, _this: &Value, vm: &mut Vm, name: &str, value: Value) -> PyResult<bool> {
        if name == "args" {
            let items = vm.iterate(&value)?;
            *self.args.borrow_mut() = items;
        } else {
            self.dict.borrow_mut().insert(Str::from(name), value);
        }
        Ok(true)
    }

    fn str(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        self.text(vm).map(Some)
    }

    fn repr(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Str>> {
        let args = self.args.borrow().clone();
        let mut out = format!("{}(", self.class.name);
        for (i, arg) in args.iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            out.push_str(&vm.repr(arg)?);
        }
        out.push(')');
        Ok(Some(Str::from(out)))
    }
}

/// Makes exceptions.
pub(super) struct ExceptionClass;

impl NativeClass for ExceptionClass {
    fn construct(&self, vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
        if ["BaseExceptionGroup", "ExceptionGroup"]
            .into_iter()
            .any(|name| super::class(name).is_some_and(|group| class.is_subclass(&group)))
        {
            super::groups::check(vm, &args.pos)?;
        }
        let mut dict = Namespace::default();
        for (key, value) in args.kw {
            dict.insert(key, value);
        }
        Ok(Value::native(ExceptionObject {
            class: Rc::clone(class),
            args: RefCell::new(args.pos),
            dict: RefCell::new(dict),
        }))
    }
}

/// The exception object of a builtin class, such as for `Raise::Builtin`.
pub fn exception(_vm: &mut Vm, class: &str, args: Vec<Value>) -> PyResult {
    let class = super::class(class)
        .or_else(|| super::class("Exception"))
        .ok_or_else(|| Raise::exception("SystemError", "no such exception"))?;
    Ok(Value::native(ExceptionObject {
        class,
        args: RefCell::new(args),
        dict: RefCell::default(),
    }))
}

/// A raised exception of a builtin class whose arguments are not just one text.
pub fn raise(vm: &mut Vm, class: &'static str, args: Vec<Value>) -> Box<Raise> {
    match exception(vm, class, args) {
        Ok(value) => Box::new(Raise::Exception {
            value,
            traceback: Vec::new(),
        }),
        Err(other) => other,
    }
}

/// The exception object behind a raise, unless it is final.
pub fn raised(vm: &mut Vm, raise: &Raise) -> Option<Value> {
    match raise {
        Raise::Builtin { class, message, .. } => {
            let args = if message.is_empty() {
                vec![]
            } else {
                vec![Value::str(message)]
            };
            exception(vm, class, args).ok()
        }
        Raise::Exception { value, .. } => Some(value.clone()),
        Raise::Fatal(_) => None,
    }
}

/// Whether a raise is an exception of the builtin class `class` or of one derived from it.
pub fn is_raise(vm: &mut Vm, raise: &Raise, class: &str) -> bool {
    let Some(wanted) = super::class(class) else {
        return false;
    };
    match raise {
        Raise::Builtin { class, .. } => super::class(class).is_some_and(|c| c.is_subclass(&wanted)),
        Raise::Exception { value, .. } => vm.is_instance(value, &wanted),
        Raise::Fatal(_) => false,
    }
}
