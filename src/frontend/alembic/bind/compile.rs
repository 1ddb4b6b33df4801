//! `@compiles(Class, "dialect")`.

use std::any::Any;
use std::rc::Rc;

use super::dialect;
use super::spelling::{self, Statement};
use crate::diagnostic::{Code, Diagnostic};
use crate::frontend::alembic::host::{Compilation, Host, host};
use crate::frontend::alembic::{convert, sql, types};
use crate::python::{Args, Builtin, Class, Native, PyResult, Str, Value, Vm};

/// `compiles(Class, *dialects)`: a decorator that registers a function.
pub fn compiles(_vm: &mut Vm, mut args: Args) -> PyResult {
    let class = args.require("compiles", "class_")?;
    let dialects = args.pos;
    Ok(Builtin::value("decorate", move |vm, mut args| {
        let function = args.require("decorate", "fn")?;
        foreign(vm, &class, &dialects);
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

/// Statements of SQLAlchemy and Alembic, which gensql writes itself.
const STATEMENTS: &[&str] = &["AlterColumn", "Delete", "Insert", "Select", "Update"];

/// Tells the user that a statement of SQLAlchemy or Alembic is not written another way.
fn foreign(vm: &mut Vm, class: &Value, dialects: &[Value]) {
    let host = host(vm);
    let applies = |name: &Value| {
        name.as_str()
            .is_some_and(|name| name == host.target.dialect)
    };
    if !dialects.is_empty() && !dialects.iter().any(applies) {
        return;
    }
    let name = match class {
        Value::Class(class) if spelling::is_known(&class.name) => return,
        Value::Class(class) if class.module.starts_with("sqlalchemy") => class.name.to_string(),
        Value::Unknown(unknown) => unknown.what.trim_matches('`').to_owned(),
        _ => return,
    };
    let last = name.rsplit('.').next().unwrap_or(&name);
    if STATEMENTS.contains(&last) {
        let message =
            format!("@compiles for {last} is not followed: the script has the usual text");
        host.warn(
            Diagnostic::warning(Code::EnvironmentUnknown, message)
                .at(vm.location())
                .with_help(
                    "write the statement with op.execute(\"…\") in the revisions that need it",
                ),
        );
    }
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
                let is_function = name == "visit_function";
                let visit = name.strip_prefix("visit_").unwrap_or_default().to_owned();
                Some(Builtin::value("process", move |vm, mut args| {
                    let mut element = args.require("process", "element")?;
                    if is_function {
                        let name = vm.get_attr(&element, "name")?;
                        let name = vm.str(&name)?;
                        let clauses = vm.get_attr(&element, "clauses")?;
                        let listed = spelled(vm, &clauses)?;
                        return Ok(Value::from(format!("{name}({listed})").as_str()));
                    }
                    if let Some(statement) = element.downcast::<Statement>() {
                        return Ok(Value::Str(statement.usual()));
                    }
                    if visited {
                        element = plain_type(element);
                        if let Some(data_type) = types::visited(vm, &element, &visit)? {
                            let dialect = host(vm).target.dialect.clone();
                            return sql::data_type_text(vm, &data_type, &dialect).map(Value::Str);
                        }
                    }
                    spelled(vm, &element).map(Value::Str)
                }))
            }
            _ => None,
        })
    }
}

/// An element as text; several have commas between them.
fn spelled(vm: &mut Vm, element: &Value) -> PyResult<Str> {
    let dialect = host(vm).target.dialect.clone();
    if !matches!(element, Value::List(_)) {
        return sql::spelled(vm, element, &dialect);
    }
    let mut texts = Vec::new();
    for part in vm.iterate(element)? {
        texts.push(sql::spelled(vm, &part, &dialect)?.to_string());
    }
    Ok(Str::from(texts.join(", ")))
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
