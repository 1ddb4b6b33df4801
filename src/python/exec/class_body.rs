//! Class definitions.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::super::args::Args;
use super::super::class::{Class, Namespace};
use super::super::error::{PyResult, Raise};
use super::super::syntax::ast::{ClassDef, Expr, ExprKind};
use super::super::value::{Dict, DictKey, Str, Unknown, Value};
use super::super::vm::Vm;
use super::descriptor::{ClassMethod, Property, StaticMethod};
use super::frame::Frame;
use super::metaclass::{self, Maker};
use super::{attribute, bound, exception, expression, statement};
use crate::diagnostic::Code;

/// Executes a class definition.
pub fn define(vm: &mut Vm, def: &Arc<ClassDef>) -> PyResult {
    let bases = expression::sequence(vm, &def.bases)?;
    let mut keywords = Args::default();
    for (name, value) in &def.keywords {
        let value = expression::evaluate(vm, value)?;
        match name {
            Some(name) => keywords.kw.push((name.clone(), value)),
            None => {
                for (key, value) in expression::mapping_items(vm, &value)? {
                    if let Some(name) = key.value().as_str() {
                        keywords.kw.push((name, value));
                    }
                }
            }
        }
    }
    statement::mark(vm, def.span);
    let maker = metaclass::maker(keywords.keyword("metaclass"), &bases)?;
    let made_by = match maker {
        Maker::Plain => {
            let namespace = body(vm, def, Namespace::default())?;
            return make(vm, &def.name, bases, namespace, keywords, None);
        }
        Maker::Function(function) => function,
        Maker::Class(meta) => Value::Class(meta),
    };
    let names = match &made_by {
        Value::Class(meta) => metaclass::prepared(vm, meta, &def.name, &bases, &keywords)?,
        _ => Namespace::default(),
    };
    let namespace = body(vm, def, names)?;
    let names = namespace
        .into_iter()
        .map(|(name, value)| (DictKey::str(name), value))
        .collect();
    keywords.pos = vec![
        Value::Str(def.name.clone()),
        Value::tuple(bases),
        Value::dict(names),
    ];
    vm.call(&made_by, keywords)
}

fn body(vm: &mut Vm, def: &Arc<ClassDef>, names: Namespace) -> PyResult<Namespace> {
    let Some(frame) = vm.frames.last() else {
        return Ok(Namespace::default());
    };
    let namespace = Rc::new(RefCell::new(names));
    let module = frame.globals.name.clone();
    {
        let mut names = namespace.borrow_mut();
        names.insert(Str::from("__module__"), Value::Str(module));
        names.insert(Str::from("__qualname__"), Value::Str(def.qualname.clone()));
        if let Some(doc) = &def.doc {
            names.insert(Str::from("__doc__"), Value::Str(doc.clone()));
        }
    }
    let inner = Frame {
        file: Arc::clone(&frame.file),
        globals: Rc::clone(&frame.globals),
        env: frame.env.clone(),
        class: Some(Rc::clone(&namespace)),
        owner: frame.owner.clone(),
        span: Cell::new(def.span),
    };
    if vm.frames.len() >= vm.budget.depth {
        return Err(vm.exceeded("nested calls", "--max-depth"));
    }
    vm.frames.push(inner);
    let result = statements(vm, def);
    let result = exception::traced(vm, result);
    vm.frames.pop();
    result?;
    Ok(namespace.take())
}

/// The statements of a class. Where code of another module raises an exception at the level of a module,
/// what it would have given is not known: the application has not been started that the module is a
/// part of.
fn statements(vm: &mut Vm, def: &Arc<ClassDef>) -> PyResult<()> {
    let depth = vm.frames.len();
    let own = vm.frames.last().filter(|frame| frame.env.is_none());
    let own = own.map(|frame| Arc::clone(&frame.file));
    for stmt in def.body.iter() {
        let Err(raise) = statement::execute(vm, stmt) else {
            continue;
        };
        vm.frames.truncate(depth);
        let diagnostic = exception::diagnostic(vm, &raise);
        let elsewhere = diagnostic.primary.as_ref().zip(own.as_ref());
        let elsewhere = elsewhere.is_some_and(|(place, own)| !Arc::ptr_eq(&place.file, own));
        if !elsewhere || diagnostic.code != Code::PythonException {
            return Err(raise);
        }
        let reason = Rc::new(Unknown {
            what: format!(
                "what raises here without the application: {}",
                diagnostic.message
            ),
            origin: diagnostic.primary.clone(),
            from: None,
            read: false,
            compared: None,
        });
        for name in bound::names(stmt) {
            let what = format!("`{name}` of class `{}`", def.name);
            let value = attribute::unknown_part(vm, &reason, what);
            if let Some(names) = vm.frames.last().and_then(|frame| frame.class.as_ref()) {
                names.borrow_mut().insert(name, value);
            }
        }
    }
    Ok(())
}

/// Makes a class from its parts, as `type(name, bases, namespace)` does.
pub fn make(
    vm: &mut Vm,
    name: &str,
    bases: Vec<Value>,
    mut namespace: Namespace,
    keywords: Args,
    meta: Option<Rc<Class>>,
) -> PyResult {
    let mut classes: Vec<Rc<Class>> = Vec::new();
    for base in &bases {
        match base {
            Value::Class(class) => classes.push(Rc::clone(class)),
            Value::Unknown(unknown) => {
                // A base that is not there: neither is the class.
                let what = format!("class `{name}`, which derives from {}", unknown.what);
                return Ok(attribute::unknown_part(vm, unknown, what));
            }
            other => match vm.find_attr(other, "__mro_entries__")? {
                Some(entries) => {
                    let given = Value::tuple(bases.clone());
                    let entries = vm.call(&entries, Args::of(vec![given]))?;
                    for entry in vm.iterate(&entries)? {
                        if let Value::Class(class) = entry {
                            classes.push(class);
                        }
                    }
                }
                None => {
                    return Err(Raise::exception(
                        "TypeError",
                        format!(
                            "bases of `{name}` must be types, not {}",
                            vm.type_name(other)
                        ),
                    ));
                }
            },
        }
    }
    if namespace.contains_key("__eq__") && !namespace.contains_key("__hash__") {
        namespace.insert(Str::from("__hash__"), Value::None);
    }
    let mut mro = linearize(&classes)?;
    if let Some(object) = super::super::builtins::class("object")
        && !mro.iter().any(|class| Rc::ptr_eq(class, &object))
    {
        mro.push(object);
    }
    let module = namespace.get("__module__").and_then(Value::as_str);
    let class = Rc::new(Class {
        name: Str::from(name),
        module: module.unwrap_or_else(|| Str::from("__main__")),
        bases: classes,
        mro,
        dict: RefCell::new(namespace),
        native: None,
        meta,
        derived: RefCell::default(),
    });
    for base in class.bases.iter().filter(|base| base.native.is_none()) {
        if !base.is_object() {
            base.derived.borrow_mut().push(Rc::downgrade(&class));
        }
    }
    vm.charge(256)?;
    adopt_functions(&class);
    let value = Value::Class(Rc::clone(&class));
    let attributes: Vec<(Str, Value)> = class
        .dict
        .borrow()
        .iter()
        .map(|(k, v)| (k.clone(), v.clone()))
        .collect();
    for (name, attribute) in attributes {
        if let Value::Instance(object) = &attribute {
            let owner = Rc::clone(&object.class.borrow());
            if let Some(method) = owner.lookup("__set_name__") {
                vm.call(
                    &method,
                    Args::of(vec![attribute.clone(), value.clone(), Value::Str(name)]),
                )?;
            }
        }
    }
    let hook = class
        .mro
        .iter()
        .find_map(|c| c.dict.borrow().get("__init_subclass__").cloned());
    if hook.is_none() && !keywords.kw.is_empty() && only_plain(&class) {
        return Err(Raise::exception(
            "TypeError",
            format!("{name}.__init_subclass__() takes no keyword arguments"),
        ));
    }
    if let Some(hook) = hook {
        let function = hook.downcast::<ClassMethod>().map_or(hook, |m| m.0.clone());
        let mut args = keywords.clone();
        args.pos.insert(0, value.clone());
        vm.call(&function, args)?;
    }
    let natives: Vec<Rc<Class>> = class
        .mro
        .iter()
        .filter(|c| c.native.is_some())
        .cloned()
        .collect();
    for ancestor in natives {
        if let Some(native) = &ancestor.native {
            native.subclassed(vm, &class, &keywords)?;
        }
    }
    Ok(value)
}

/// Whether all ancestors are builtin or written in Python, so that nothing else takes keywords.
fn only_plain(class: &Class) -> bool {
    let mut ancestors = class.mro.iter();
    ancestors.all(|c| c.native.is_none() || &*c.module == "builtins")
}

/// Functions learn the class that they were defined in, for `super()`.
fn adopt_functions(class: &Rc<Class>) {
    let adopt = |value: &Value| {
        if let Value::Function(function) = value {
            let mut owner = function.owner.borrow_mut();
            if owner.is_none() {
                *owner = Some(Rc::clone(class));
            }
        }
    };
    for value in class.dict.borrow().values() {
        adopt(value);
        if let Some(property) = value.downcast::<Property>() {
            adopt(&property.getter);
            adopt(&property.setter);
            adopt(&property.deleter);
        } else if let Some(method) = value.downcast::<ClassMethod>() {
            adopt(&method.0);
        } else if let Some(method) = value.downcast::<StaticMethod>() {
            adopt(&method.0);
        }
    }
}

/// C3 linearisation, without the class itself.
fn linearize(bases: &[Rc<Class>]) -> PyResult<Vec<Rc<Class>>> {
    let mut lines: Vec<Vec<Rc<Class>>> = bases
        .iter()
        .map(|base| std::iter::once(base).chain(&base.mro).cloned().collect())
        .collect();
    lines.push(bases.to_vec());
    let mut merged = Vec::new();
    loop {
        lines.retain(|line| !line.is_empty());
        if lines.is_empty() {
            return Ok(merged);
        }
        let next = lines.iter().map(|line| &line[0]).find(|candidate| {
            !lines
                .iter()
                .any(|line| line[1..].iter().any(|c| Rc::ptr_eq(c, candidate)))
        });
        let Some(next) = next.cloned() else {
            let names: Vec<&str> = lines.iter().map(|line| &*line[0].name).collect();
            let mut unique: Vec<&str> = Vec::new();
            for name in names {
                if !unique.contains(&name) {
                    unique.push(name);
                }
            }
            return Err(Raise::exception(
                "TypeError",
                format!(
                    "Cannot create a consistent method resolution\norder (MRO) for bases {}",
                    unique.join(", ")
                ),
            ));
        };
        for line in &mut lines {
            if line.first().is_some_and(|first| Rc::ptr_eq(first, &next)) {
                line.remove(0);
            }
        }
        merged.push(next);
    }
}

/// Notes an annotation in a class body (`__annotations__`), for dataclasses and declarative
/// models. Annotations elsewhere are not evaluated.
pub fn annotate(vm: &mut Vm, target: &Expr, annotation: &Expr, _assigned: bool) -> PyResult<()> {
    let Some(class) = vm.frames.last().and_then(|frame| frame.class.clone()) else {
        return Ok(());
    };
    let ExprKind::Name(var) = &target.kind else {
        return Ok(());
    };
    let depth = vm.frames.len();
    let value = match expression::evaluate(vm, annotation) {
        Ok(value) => value,
        Err(raise) => {
            vm.frames.truncate(depth);
            let diagnostic = exception::diagnostic(vm, &raise);
            if diagnostic.code == crate::diagnostic::Code::BudgetExceeded {
                return Err(raise);
            }
            Value::unknown("an annotation", vm.location())
        }
    };
    let existing = class.borrow().get("__annotations__").cloned();
    let dict = match existing {
        Some(Value::Dict(dict)) => dict,
        _ => {
            let dict = Rc::new(RefCell::new(Dict::default()));
            class
                .borrow_mut()
                .insert(Str::from("__annotations__"), Value::Dict(Rc::clone(&dict)));
            dict
        }
    };
    let key = vm.key(&Value::Str(var.name().clone()))?;
    dict.borrow_mut().insert(key, value);
    Ok(())
}
