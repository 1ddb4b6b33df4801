//! `@compiles(Class, "dialect")`.

use std::any::Any;
use std::rc::Rc;

use super::dialect;
use crate::frontend::alembic::host::{Compilation, Host, host};
use crate::frontend::alembic::{convert, sql, types};
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};

/// `compiles(Class, *dialects)`: a decorator that registers a function.
pub fn compiles(_vm: &mut Vm, mut args: Args) -> PyResult {
    let class = args.require("compiles", "class_")?;
    let dialects = args.pos;
    Ok(Builtin::value("decorate", move |vm, mut args| {
        let function = args.require("decorate", "fn")?;
        if let Value::Class(class) = &class {
            let mut names: Vec<_> = dialects.iter().map(Value::as_str).collect();
            if names.is_empty() {
                names.push(None);
            }
            for dialect in names {
                host(vm).compilations.borrow_mut().push(Compilation {
                    class: Rc::clone(class),
                    dialect,
                    function: function.clone(),
                });
            }
        }
        Ok(function)
    }))
}

/// The function registered for a class or its nearest ancestor, for the run's dialect or for all.
pub fn compilation(host: &Host, class: &Rc<Class>) -> Option<Value> {
    let compilations = host.compilations.borrow();
    for class in std::iter::once(class).chain(&class.mro) {
        let registered = || {
            compilations
                .iter()
                .rev()
                .filter(|known| Rc::ptr_eq(&known.class, class))
        };
        let found = registered()
            .find(|known| known.dialect.as_ref() == Some(&host.target.dialect))
            .or_else(|| registered().find(|known| known.dialect.is_none()));
        if let Some(found) = found {
            return Some(found.function.clone());
        }
    }
    None
}

/// The text of an object whose class has a function registered with `@compiles`.
pub fn compiled(vm: &mut Vm, value: &Value) -> PyResult<Option<Str>> {
    let Value::Instance(instance) = value else {
        return Ok(None);
    };
    let class = Rc::clone(&instance.class.borrow());
    let host = host(vm);
    let Some(function) = compilation(&host, &class) else {
        return Ok(None);
    };
    let compiler = compiler(vm);
    let said = vm.call(&function, Args::of(vec![value.clone(), compiler]))?;
    convert::text(vm, &said, "the result of the @compiles function").map(Some)
}

/// The `compiler` that a compilation function gets.
pub fn compiler(_vm: &mut Vm) -> Value {
    Value::native(Compiler)
}

struct Compiler;

impl Native for Compiler {
    fn type_name(&self) -> &str {
        "DDLCompiler"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        Ok(match name {
            "dialect" => Some(dialect(vm)),
            "preparer" => {
                let dialect = dialect(vm);
                Some(vm.get_attr(&dialect, "identifier_preparer")?)
            }
            "sql_compiler" | "type_compiler" => Some(this.clone()),
            _ if name == "process" || name.starts_with("visit_") => {
                let visited = name != "process";
                Some(Builtin::value("process", move |vm, mut args| {
                    let mut element = args.require("process", "element")?;
                    if visited {
                        element = plain_type(element);
                    }
                    let dialect = host(vm).target.dialect.clone();
                    sql::spelled(vm, &element, &dialect).map(Value::Str)
                }))
            }
            _ => None,
        })
    }
}

/// The type that a class written in Python derives from or decorates: `compiler.visit_unicode(…)`
/// writes a type the dialect's way, whatever compilation its own class has.
fn plain_type(element: Value) -> Value {
    let Value::Instance(_) = &element else {
        return element;
    };
    match element.downcast::<types::TypeObject>() {
        Some(object) if object.kind == types::Kind::Decorator => {
            object.attr("impl").unwrap_or(element)
        }
        Some(object) if object.spec().is_some() => Value::Native(object),
        _ => element,
    }
}
