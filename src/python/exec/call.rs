//! Calls: functions, classes, objects.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::args::Args;
use super::super::class::{Class, Instance, Namespace};
use super::super::error::{PyResult, Raise};
use super::super::methods;
use super::super::value::{Dict, DictKey, Str, Value};
use super::super::vm::{Function, Vm};
use super::attribute;
use super::frame::{Env, Frame};
use super::generator::Generator;
use super::metaclass;
use super::statement::{self, Flow};

/// `function(args)`.
pub fn call(vm: &mut Vm, function: &Value, mut args: Args) -> PyResult {
    match function {
        Value::Function(function) => call_function(vm, function, args),
        Value::Builtin(builtin) => {
            let builtin = Rc::clone(builtin);
            (builtin.call)(vm, args)
        }
        Value::BoundMethod(method) => {
            args.pos.insert(0, method.1.clone());
            call(vm, &method.0, args)
        }
        Value::Class(class) => instantiate(vm, class, args),
        Value::Native(native) => {
            let native = Rc::clone(native);
            match native.call(function, vm, args)? {
                Some(result) => Ok(result),
                None => Err(not_callable(vm, function)),
            }
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if let Some(method) = class.lookup("__call__") {
                args.pos.insert(0, function.clone());
                return call(vm, &method, args);
            }
            let base = instance.base.borrow().clone();
            if let Some(Value::Native(native)) = &base
                && let Some(result) = native.call(function, vm, args)?
            {
                return Ok(result);
            }
            Err(not_callable(vm, function))
        }
        Value::Unknown(unknown) => {
            let what = format!("the result of calling {}", attribute::named(unknown));
            Ok(attribute::unknown_part(vm, unknown, what))
        }
        _ => Err(not_callable(vm, function)),
    }
}

fn not_callable(vm: &Vm, value: &Value) -> Box<Raise> {
    Raise::exception(
        "TypeError",
        format!("'{}' object is not callable", vm.type_name(value)),
    )
}

/// `value.name(args)`, without making a bound method where that can be avoided.
pub fn call_method(vm: &mut Vm, value: &Value, name: &str, mut args: Args) -> PyResult {
    match value {
        Value::Str(_)
        | Value::List(_)
        | Value::Dict(_)
        | Value::Tuple(_)
        | Value::Int(_)
        | Value::Set(_)
        | Value::FrozenSet(_)
        | Value::Bytes(_)
        | Value::Float(_) => {
            if let Some(result) = methods::call(vm, value, name, args)? {
                return Ok(result);
            }
            Err(attribute::missing(vm, value, name))
        }
        Value::Instance(instance) => {
            let class = Rc::clone(&instance.class.borrow());
            if !instance.dict.borrow().contains_key(name)
                && let Some(method @ Value::Function(_)) = class.lookup(name)
            {
                args.pos.insert(0, value.clone());
                return call(vm, &method, args);
            }
            let function = vm.get_attr(value, name)?;
            call(vm, &function, args)
        }
        _ => {
            let function = vm.get_attr(value, name)?;
            call(vm, &function, args)
        }
    }
}

fn call_function(vm: &mut Vm, function: &Rc<Function>, args: Args) -> PyResult {
    let def = Arc::clone(&function.def);
    if vm.frames.len() >= vm.budget.depth {
        return Err(vm.exceeded("nested calls", "--max-depth"));
    }
    vm.step(1)?;
    let env = Env::of(&def, function.env.clone());
    if args.pos.len() + args.kw.len() > def.slots.len() {
        vm.charge(args.pos.len() * 16 + args.kw.len() * 48)?;
    }
    bind(function, &mut env.slots.borrow_mut(), args)?;
    let frame = Frame {
        file: Arc::clone(&def.file),
        globals: Rc::clone(&function.globals),
        env: Some(env),
        class: None,
        owner: function.owner.borrow().clone(),
        span: Cell::new(def.span),
    };
    if def.is_generator {
        return Ok(Value::native(Generator::new(def, frame)));
    }
    vm.frames.push(frame);
    let result = statement::block(vm, &def.body);
    let result = super::exception::traced(vm, result);
    vm.frames.pop();
    match result? {
        Flow::Return(value) => Ok(value),
        Flow::Next | Flow::Break | Flow::Continue => Ok(Value::None),
    }
}

/// Puts arguments into the slots of a function's parameters.
fn bind(function: &Function, slots: &mut [Option<Value>], args: Args) -> PyResult<()> {
    let parameters = &function.def.parameters;
    let count = parameters.positional.len();
    let Args { pos, kw } = args;
    let given = pos.len();
    let mut extra = Vec::new();
    for (index, value) in pos.into_iter().enumerate() {
        if index < count {
            slots[index] = Some(value)
        } else {
            extra.push(value)
        }
    }
    if !extra.is_empty() && !parameters.vararg {
        return Err(too_many(function, given, &kw));
    }
    let mut next = count;
    if parameters.vararg {
        slots[next] = Some(Value::tuple(extra));
        next += 1;
    }
    let keyword_base = next;
    next += parameters.keyword_only.len();
    let mut rest = Dict::default();
    for (name, value) in kw {
        let positional = parameters.positional[parameters.positional_only..]
            .iter()
            .position(|p| p.name == name)
            .map(|index| index + parameters.positional_only);
        let slot = positional.or_else(|| {
            parameters
                .keyword_only
                .iter()
                .position(|p| p.name == name)
                .map(|i| keyword_base + i)
        });
        match slot {
            Some(slot) if slots[slot].is_some() => {
                return Err(Raise::exception(
                    "TypeError",
                    format!(
                        "{}() got multiple values for argument '{name}'",
                        function.def.qualname
                    ),
                ));
            }
            Some(slot) => slots[slot] = Some(value),
            None if !parameters.kwarg && positional_only(function, &name) => {
                return Err(Raise::exception(
                    "TypeError",
                    format!(
                        "{}() got some positional-only arguments passed as keyword arguments: '{name}'",
                        function.def.qualname
                    ),
                ));
            }
            None if parameters.kwarg => {
                rest.insert(DictKey(Value::Str(name)), value);
            }
            None => {
                return Err(Raise::exception(
                    "TypeError",
                    format!(
                        "{}() got an unexpected keyword argument '{name}'",
                        function.def.qualname
                    ),
                ));
            }
        }
    }
    if parameters.kwarg {
        slots[next] = Some(Value::dict(rest));
    }
    let mut missing = Vec::new();
    for (index, parameter) in parameters.positional.iter().enumerate() {
        if slots[index].is_none() {
            match &function.defaults[index] {
                Some(default) => slots[index] = Some(default.clone()),
                None => missing.push(format!("'{}'", parameter.name)),
            }
        }
    }
    if !missing.is_empty() {
        return Err(missing_arguments(function, "positional", &missing));
    }
    for (index, parameter) in parameters.keyword_only.iter().enumerate() {
        let slot = keyword_base + index;
        if slots[slot].is_none() {
            match &function.keyword_defaults[index] {
                Some(default) => slots[slot] = Some(default.clone()),
                None => missing.push(format!("'{}'", parameter.name)),
            }
        }
    }
    if missing.is_empty() {
        Ok(())
    } else {
        Err(missing_arguments(function, "keyword-only", &missing))
    }
}

fn positional_only(function: &Function, name: &str) -> bool {
    let parameters = &function.def.parameters;
    parameters.positional[..parameters.positional_only]
        .iter()
        .any(|parameter| &*parameter.name == name)
}

/// The error for more positional arguments than parameters.
fn too_many(function: &Function, given: usize, kw: &[(Str, Value)]) -> Box<Raise> {
    let parameters = &function.def.parameters;
    let most = parameters.positional.len();
    let least = function.defaults.iter().filter(|d| d.is_none()).count();
    let takes = if least == most {
        most.to_string()
    } else {
        format!("from {least} to {most}")
    };
    let plural = |n: usize| if n == 1 { "" } else { "s" };
    let named = kw
        .iter()
        .filter(|(name, _)| parameters.keyword_only.iter().any(|p| p.name == *name))
        .count();
    let (given_text, were) = if named > 0 {
        let text = format!(
            "{given} positional argument{} (and {named} keyword-only argument{})",
            plural(given),
            plural(named)
        );
        (text, "were")
    } else {
        (given.to_string(), if given == 1 { "was" } else { "were" })
    };
    Raise::exception(
        "TypeError",
        format!(
            "{}() takes {takes} positional argument{} but {given_text} {were} given",
            function.def.qualname,
            plural(most),
        ),
    )
}

fn missing_arguments(function: &Function, kind: &str, names: &[String]) -> Box<Raise> {
    let list = match names {
        [only] => only.clone(),
        [first, second] => format!("{first} and {second}"),
        [init @ .., last] => format!("{}, and {last}", init.join(", ")),
        [] => String::new(),
    };
    Raise::exception(
        "TypeError",
        format!(
            "{}() missing {} required {kind} argument{}: {list}",
            function.def.qualname,
            names.len(),
            if names.len() == 1 { "" } else { "s" },
        ),
    )
}

/// An instance without anything in it.
pub fn bare_instance(class: &Rc<Class>) -> Value {
    Value::Instance(Instance::new(class, Namespace::default(), None))
}

/// Makes what a Rust class constructed the base of an instance of a Python class.
pub fn adopt(instance: &Rc<Instance>, made: Value) {
    if let Value::Instance(other) = &made {
        if Rc::ptr_eq(other, instance) {
            return;
        }
        // An instance of the same Python class: its attributes are what counts.
        for (name, value) in other.dict.borrow().iter() {
            instance
                .dict
                .borrow_mut()
                .insert(name.clone(), value.clone());
        }
        let base = other.base.borrow().clone();
        *instance.base.borrow_mut() = base;
        return;
    }
    *instance.base.borrow_mut() = Some(made);
}

/// `Class(args)`.
fn instantiate(vm: &mut Vm, class: &Rc<Class>, mut args: Args) -> PyResult {
    if let Some(meta) = &class.meta
        && let Some(method) = meta.lookup("__call__")
    {
        args.pos.insert(0, Value::Class(Rc::clone(class)));
        return call(vm, &method, args);
    }
    make_instance(vm, class, args)
}

/// `type.__call__(Class, args)`.
pub(super) fn make_instance(vm: &mut Vm, class: &Rc<Class>, args: Args) -> PyResult {
    vm.charge(64)?;
    if class.meta.is_some() {
        metaclass::refuse_abstract(vm, class)?;
    }
    if let Some(native) = &class.native {
        return native.construct(vm, class, args);
    }
    for ancestor in &class.mro {
        if let Some(native) = &ancestor.native
            && let Some(result) = native.call(vm, class, &args)?
        {
            return Ok(result);
        }
    }
    let this = match class.lookup("__new__") {
        Some(new) => {
            let function = match &new {
                Value::Native(_) => {
                    attribute::bind(vm, &new, &Value::Class(Rc::clone(class)), class)?
                }
                _ => new,
            };
            let mut with_class = args.clone();
            with_class.pos.insert(0, Value::Class(Rc::clone(class)));
            let made = call(vm, &function, with_class)?;
            let same = matches!(&made, Value::Instance(i) if i.class.borrow().is_subclass(class));
            if !same {
                return Ok(made);
            }
            made
        }
        None => bare_instance(class),
    };
    let Value::Instance(instance) = &this else {
        return Ok(this);
    };
    let native = class.native_base();
    if let Some(init) = class.lookup("__init__") {
        let mut with_self = args;
        with_self.pos.insert(0, this.clone());
        let result = call(vm, &init, with_self)?;
        if !result.is_none() && !matches!(result, Value::Unknown(_)) {
            let found = vm.type_name(&result);
            return Err(Raise::exception(
                "TypeError",
                format!("__init__() should return None, not '{found}'"),
            ));
        }
        if instance.base.borrow().is_none()
            && let Some(behaviour) = native.as_ref().and_then(|n| n.native.as_ref())
            && let Ok(made) = behaviour.construct(vm, class, Args::default())
        {
            keep_own(instance, made);
        }
        return Ok(this);
    }
    match native.as_ref().and_then(|native| native.native.as_ref()) {
        Some(behaviour) => {
            if instance.base.borrow().is_some() {
                return Ok(this);
            }
            let made = behaviour.construct(vm, class, args)?;
            if let Value::Instance(other) = &made
                && Rc::ptr_eq(&other.class.borrow(), class)
            {
                return Ok(made);
            }
            adopt(instance, made);
            Ok(this)
        }
        None => {
            if class.lookup("__new__").is_none() && (!args.pos.is_empty() || !args.kw.is_empty()) {
                return Err(Raise::exception(
                    "TypeError",
                    format!("{}() takes no arguments", class.name),
                ));
            }
            Ok(this)
        }
    }
}

/// Like [`adopt`], but attributes that the instance has set stay.
fn keep_own(instance: &Rc<Instance>, made: Value) {
    match &made {
        Value::Instance(other) => {
            for (name, value) in other.dict.borrow().iter() {
                if !instance.dict.borrow().contains_key(name) {
                    instance
                        .dict
                        .borrow_mut()
                        .insert(name.clone(), value.clone());
                }
            }
            let base = other.base.borrow().clone();
            *instance.base.borrow_mut() = base;
        }
        _ => *instance.base.borrow_mut() = Some(made),
    }
}
