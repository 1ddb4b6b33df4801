//! Expressions.

use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashSet;

use super::super::args::Args;
use super::super::builtins;
use super::super::class::Namespace;
use super::super::error::{PyResult, Raise};
use super::super::native::Builtin;
use super::super::syntax::ast::{Call, Comparison, Const, Expr, ExprKind, FStringPart, Var};
use super::super::value::{Dict, DictKey, Set, Str, Unknown, Value};
use super::super::vm::Vm;
use super::passed_over;
use super::{attribute, comprehension, descriptor, names, operator, statement, subscript, target};

/// A constant as a value.
pub fn constant(value: &Const) -> Value {
    match value {
        Const::None => Value::None,
        Const::Bool(flag) => Value::Bool(*flag),
        Const::Int(number) => Value::Int(*number),
        Const::BigInt(number) => Value::BigInt(Rc::new((**number).clone())),
        Const::Float(number) => Value::Float(*number),
        Const::Str(text) => Value::Str(text.clone()),
        Const::Bytes(bytes) => Value::Bytes(Rc::from(&**bytes)),
        Const::Ellipsis => Value::Ellipsis,
    }
}

/// Evaluates a condition. A value that is not known cannot decide.
pub fn condition(vm: &mut Vm, test: &Expr) -> PyResult<bool> {
    match &test.kind {
        ExprKind::Not(inner) => Ok(!condition(vm, inner)?),
        ExprKind::And(values) => {
            for value in values {
                if !condition(vm, value)? {
                    return Ok(false);
                }
            }
            Ok(true)
        }
        ExprKind::Or(values) => {
            for value in values {
                if condition(vm, value)? {
                    return Ok(true);
                }
            }
            Ok(false)
        }
        _ => {
            let value = evaluate(vm, test)?;
            statement::mark(vm, test.span);
            vm.truth(&value)
        }
    }
}

/// Evaluates an expression.
pub fn evaluate(vm: &mut Vm, expr: &Expr) -> PyResult {
    match &expr.kind {
        ExprKind::Const(value) => Ok(constant(value)),
        ExprKind::Name(var) => {
            let value = load(vm, var, expr)?;
            Ok(passed_over::current(vm, value))
        }
        ExprKind::Attribute(object, name) => {
            let object = evaluate(vm, object)?;
            statement::mark(vm, expr.span);
            let value = vm.get_attr(&object, name)?;
            Ok(passed_over::current(vm, value))
        }
        ExprKind::Call(call) => evaluate_call(vm, call, expr),
        ExprKind::List(items) => {
            let items = sequence(vm, items)?;
            vm.charge(items.len() * 16)?;
            Ok(Value::list(items))
        }
        ExprKind::Tuple(items) => {
            let items = sequence(vm, items)?;
            vm.charge(items.len() * 16)?;
            Ok(Value::tuple(items))
        }
        ExprKind::Set(items) => {
            let mut set = Set::default();
            for item in sequence(vm, items)? {
                set.insert(vm.key(&item)?);
            }
            Ok(Value::Set(Rc::new(set.into())))
        }
        ExprKind::Dict(items) => {
            let mut dict = Dict::default();
            for (key, value) in items {
                match key {
                    Some(key) => {
                        let key = evaluate(vm, key)?;
                        let key = vm.key(&key)?;
                        let value = evaluate(vm, value)?;
                        dict.insert(key, value);
                    }
                    None => {
                        let mapping = evaluate(vm, value)?;
                        for (key, value) in mapping_items(vm, &mapping)? {
                            dict.insert(key, value);
                        }
                    }
                }
            }
            vm.charge(dict.len() * 48)?;
            Ok(Value::dict(dict))
        }
        ExprKind::Binary(first, rest) => {
            let mut left = evaluate(vm, first)?;
            for (op, right) in rest {
                let right = evaluate(vm, right)?;
                statement::mark(vm, expr.span);
                vm.step(1)?;
                left = vm.binary(*op, &left, &right)?;
            }
            Ok(left)
        }
        ExprKind::Unary(op, operand) => {
            let operand = evaluate(vm, operand)?;
            statement::mark(vm, expr.span);
            vm.unary(*op, &operand)
        }
        ExprKind::Not(operand) => {
            let value = evaluate(vm, operand)?;
            if let Value::Unknown(unknown) = &value {
                let what = format!("`not` of {}", unknown.what);
                return Ok(attribute::unknown_part(vm, unknown, what));
            }
            Ok(Value::Bool(!vm.truth(&value)?))
        }
        ExprKind::And(values) => short_circuit(vm, values, false),
        ExprKind::Or(values) => short_circuit(vm, values, true),
        ExprKind::Compare(first, rest) => compare(vm, first, rest, expr),
        ExprKind::If(parts) => {
            let (test, body, orelse) = &**parts;
            if condition(vm, test)? {
                evaluate(vm, body)
            } else {
                evaluate(vm, orelse)
            }
        }
        ExprKind::FString(parts) => fstring(vm, parts),
        ExprKind::Subscript(object, index) => {
            let object = evaluate(vm, object)?;
            let index = evaluate(vm, index)?;
            statement::mark(vm, expr.span);
            vm.get_item(&object, &index)
        }
        ExprKind::Slice(lower, upper, step) => {
            let mut part = |part: &Option<Box<Expr>>| match part {
                Some(part) => evaluate(vm, part),
                None => Ok(Value::None),
            };
            let (lower, upper, step) = (part(lower)?, part(upper)?, part(step)?);
            Ok(subscript::Slice::value(lower, upper, step))
        }
        ExprKind::Lambda(function) => statement::make_function(vm, function),
        ExprKind::Comprehension(parts) => comprehension::evaluate(vm, parts),
        ExprKind::Named(name, value) => {
            let value = evaluate(vm, value)?;
            target::assign(vm, name, value.clone())?;
            Ok(value)
        }
        // Coroutines run at once, so there is nothing to wait for.
        ExprKind::Await(value) => evaluate(vm, value),
        ExprKind::Starred(_) => Err(Raise::exception(
            "SyntaxError",
            "can't use starred expression here",
        )),
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => Err(super::generator::nested_yield(vm)),
    }
}

fn short_circuit(vm: &mut Vm, values: &[Expr], stop_at: bool) -> PyResult {
    let mut last = Value::None;
    for (index, expr) in values.iter().enumerate() {
        last = evaluate(vm, expr)?;
        if index + 1 < values.len() {
            statement::mark(vm, expr.span);
            if vm.truth(&last)? == stop_at {
                return Ok(last);
            }
        }
    }
    Ok(last)
}

fn compare(vm: &mut Vm, first: &Expr, rest: &[(Comparison, Expr)], expr: &Expr) -> PyResult {
    let mut left = evaluate(vm, first)?;
    let mut result = Value::Bool(true);
    for (index, (op, right)) in rest.iter().enumerate() {
        let right = evaluate(vm, right)?;
        statement::mark(vm, expr.span);
        result = compared(vm, *op, &left, &right)?;
        if index + 1 < rest.len() && !vm.truth(&result)? {
            return Ok(result);
        }
        left = right;
    }
    Ok(result)
}

/// `left op right`.
pub(super) fn compared(vm: &mut Vm, op: Comparison, left: &Value, right: &Value) -> PyResult {
    Ok(match op {
        Comparison::Rich(op) => vm.compare(op, left, right)?,
        Comparison::Is | Comparison::IsNot => {
            let wanted = matches!(op, Comparison::Is);
            match (left, right) {
                (Value::Unknown(unknown), Value::None) | (Value::None, Value::Unknown(unknown))
                    if let Some(is_none) = is_none(unknown) =>
                {
                    Value::Bool(is_none == wanted)
                }
                (Value::Unknown(unknown), _) | (_, Value::Unknown(unknown)) => {
                    let what = format!("`is` of {}", unknown.what);
                    attribute::unknown_part(vm, unknown, what)
                }
                _ => Value::Bool(left.is(right) == wanted),
            }
        }
        Comparison::In | Comparison::NotIn => {
            let wanted = matches!(op, Comparison::In);
            match (left, right) {
                (_, Value::Unknown(unknown)) | (Value::Unknown(unknown), _) => {
                    let what = format!("`in` of {}", unknown.what);
                    attribute::unknown_part(vm, unknown, what)
                }
                _ => Value::Bool(vm.contains(right, left)? == wanted),
            }
        }
    })
}

/// Whether a value is None that is not known otherwise.
fn is_none(unknown: &Unknown) -> Option<bool> {
    unknown.compared.as_ref()?.0.is_none()
}

/// The items of a list display, with `*` expanded.
pub fn sequence(vm: &mut Vm, items: &[Expr]) -> PyResult<Vec<Value>> {
    let mut values = Vec::with_capacity(items.len());
    for item in items {
        match &item.kind {
            ExprKind::Starred(inner) => {
                let inner = evaluate(vm, inner)?;
                statement::mark(vm, item.span);
                let more = vm.iterate(&inner)?;
                vm.charge(more.len() * 16)?;
                values.extend(more);
            }
            _ => values.push(evaluate(vm, item)?),
        }
    }
    Ok(values)
}

/// The items of a mapping, for `**`.
pub fn mapping_items(vm: &mut Vm, mapping: &Value) -> PyResult<Vec<(DictKey, Value)>> {
    match mapping {
        Value::Dict(dict) => Ok(dict
            .borrow()
            .iter()
            .map(|(key, value)| (key.clone(), value.clone()))
            .collect()),
        Value::Unknown(unknown) => {
            let unknown = Rc::clone(unknown);
            Err(vm.unknown(&unknown, "its items are needed"))
        }
        other => {
            let Some(keys) = vm.find_attr(other, "keys")? else {
                return Err(Raise::exception(
                    "TypeError",
                    format!(
                        "argument after ** must be a mapping, not {}",
                        vm.type_name(other)
                    ),
                ));
            };
            let keys = vm.call(&keys, Args::default())?;
            let mut items = Vec::new();
            for key in vm.iterate(&keys)? {
                let value = vm.get_item(other, &key)?;
                items.push((vm.key(&key)?, value));
            }
            Ok(items)
        }
    }
}

fn evaluate_call(vm: &mut Vm, call: &Call, expr: &Expr) -> PyResult {
    vm.step(1)?;
    // `object.method(…)` needs no bound method.
    if let ExprKind::Attribute(object, name) = &call.function.kind {
        let object = evaluate(vm, object)?;
        if let Value::Module(_) | Value::Class(_) | Value::Unknown(_) = &object {
            statement::mark(vm, call.function.span);
            let function = vm.get_attr(&object, name)?;
            let args = arguments(vm, call)?;
            statement::mark(vm, expr.span);
            return vm.call(&function, args);
        }
        let args = arguments(vm, call)?;
        statement::mark(vm, expr.span);
        return vm.call_method(&object, name, args);
    }
    let function = evaluate(vm, &call.function)?;
    let args = arguments(vm, call)?;
    statement::mark(vm, expr.span);
    vm.call(&function, args)
}

fn arguments(vm: &mut Vm, call: &Call) -> PyResult<Args> {
    let pos = sequence(vm, &call.args)?;
    let mut kw: Vec<(Str, Value)> = Vec::with_capacity(call.keywords.len());
    for (name, value) in &call.keywords {
        match name {
            Some(name) => {
                let value = evaluate(vm, value)?;
                kw.push((name.clone(), value));
            }
            None => {
                let mapping = evaluate(vm, value)?;
                let items = mapping_items(vm, &mapping)?;
                vm.charge(items.len() * 48)?;
                let mut known: FxHashSet<Str> = kw.iter().map(|(name, _)| name.clone()).collect();
                for (key, value) in items {
                    let Some(name) = key.value().as_str() else {
                        return Err(Raise::exception("TypeError", "keywords must be strings"));
                    };
                    if !known.insert(name.clone()) {
                        let message = format!("got multiple values for keyword argument '{name}'");
                        return Err(Raise::exception("TypeError", message));
                    }
                    kw.push((name, value));
                }
            }
        }
    }
    Ok(Args { pos, kw })
}

fn fstring(vm: &mut Vm, parts: &[FStringPart]) -> PyResult {
    let mut text = String::new();
    for part in parts {
        match part {
            FStringPart::Literal(literal) => text.push_str(literal),
            FStringPart::Value {
                value,
                conversion,
                spec,
            } => {
                let span = value.span;
                let value = evaluate(vm, value)?;
                statement::mark(vm, span);
                match formatted(vm, value, *conversion, spec.as_deref())? {
                    Value::Str(part) => text.push_str(&part),
                    unknown => return Ok(unknown),
                }
            }
        }
    }
    vm.charge(text.len())?;
    Ok(Value::from(text))
}

/// The text of a value in an f-string, or the unknown value that it is made from.
pub(super) fn formatted(
    vm: &mut Vm,
    mut value: Value,
    conversion: Option<char>,
    spec: Option<&[FStringPart]>,
) -> PyResult {
    let unknown = match &value {
        Value::Unknown(unknown) => Some(Rc::clone(unknown)),
        Value::Native(native) => native.unwritten(),
        _ => None,
    };
    if let Some(unknown) = unknown {
        let what = format!("text made from {}", unknown.what);
        return Ok(attribute::unknown_part(vm, &unknown, what));
    }
    match conversion {
        Some('r') => value = Value::Str(vm.repr(&value)?),
        Some('s') => value = Value::Str(vm.str(&value)?),
        Some('a') => {
            let text = vm.repr(&value)?;
            value = Value::Str(operator::ascii(&text));
        }
        _ => {}
    }
    match spec {
        None => match &value {
            Value::Str(_) => Ok(value),
            _ => vm.format(&value, "").map(Value::Str),
        },
        Some(spec) => {
            let spec = fstring(vm, spec)?;
            match spec.as_str() {
                Some(spec) => vm.format(&value, &spec).map(Value::Str),
                None => Ok(spec),
            }
        }
    }
}

fn load(vm: &mut Vm, var: &Var, expr: &Expr) -> PyResult {
    let found = read(vm, var);
    match found {
        Some(value) => Ok(value),
        None => {
            statement::mark(vm, expr.span);
            let assigned = matches!(var, Var::Local(..) | Var::Outer(..));
            if !assigned && let Some(value) = builtin(vm, var.name()) {
                return Ok(value);
            }
            let name = var.name();
            let globals = vm.frames.last().map(|frame| Rc::clone(&frame.globals));
            if !matches!(var, Var::Local(..))
                && let Some(value) = globals.and_then(|g| attribute::missing_name(vm, &g, name))
            {
                return Ok(value);
            }
            Err(match var {
                Var::Local(..) => Raise::exception(
                    "UnboundLocalError",
                    format!(
                        "cannot access local variable '{name}' where it is not associated with a value"
                    ),
                ),
                Var::Outer(..) => Raise::exception(
                    "NameError",
                    format!(
                        "cannot access free variable '{name}' where it is not associated with a value in enclosing scope"
                    ),
                ),
                _ => Raise::exception("NameError", format!("name '{name}' is not defined")),
            })
        }
    }
}

fn read(vm: &Vm, var: &Var) -> Option<Value> {
    let frame = vm.frames.last()?;
    match var {
        Var::Local(slot, _) => frame
            .env
            .as_ref()?
            .slots
            .borrow()
            .get(*slot as usize)
            .cloned()
            .flatten(),
        Var::Outer(distance, slot, _) => {
            let env = frame.env.as_ref()?.outer(*distance)?;
            let slots = env.slots.borrow();
            slots.get(*slot as usize).cloned().flatten()
        }
        Var::Global(name) => frame.globals.dict.borrow().get(name).cloned(),
        Var::Class(name, fallback) => {
            let own = frame
                .class
                .as_ref()
                .and_then(|class| class.borrow().get(name).cloned());
            own.or_else(|| read(vm, fallback))
        }
    }
}

/// `slice(stop)` and `slice(start, stop, step)`.
fn make_slice(args: Args) -> PyResult {
    let mut parts = args.pos.into_iter();
    let (first, second, third) = (parts.next(), parts.next(), parts.next());
    match (first, second) {
        (Some(stop), None) => Ok(subscript::Slice::value(Value::None, stop, Value::None)),
        (Some(start), Some(stop)) => {
            let step = third.unwrap_or(Value::None);
            Ok(subscript::Slice::value(start, stop, step))
        }
        _ => Err(Raise::exception(
            "TypeError",
            "slice expected at least 1 argument, got 0",
        )),
    }
}

fn globals(vm: &Vm) -> Value {
    match vm.frames.last() {
        Some(frame) => names::of_module(&frame.globals),
        None => Value::dict(Dict::default()),
    }
}

fn locals(vm: &Vm) -> Value {
    let Some(frame) = vm.frames.last() else {
        return Value::dict(Dict::default());
    };
    if let Some(class) = &frame.class {
        return copy(&class.borrow());
    }
    let mut env = frame.env.clone();
    while let Some(found) = &env {
        if let Some(function) = &found.function {
            let slots = found.slots.borrow();
            let bound = function.slots.iter().zip(slots.iter());
            return Value::dict(
                bound
                    .filter_map(|(name, value)| Some((DictKey::str(name), value.clone()?)))
                    .collect(),
            );
        }
        env = found.parent.clone();
    }
    globals(vm)
}

fn copy(names: &Namespace) -> Value {
    let items = names.iter();
    Value::dict(
        items
            .map(|(name, value)| (DictKey::str(name), value.clone()))
            .collect(),
    )
}

fn builtin(vm: &mut Vm, name: &Arc<str>) -> Option<Value> {
    if let Some(descriptor) = descriptor::lookup(name) {
        return Some(descriptor);
    }
    match &**name {
        "globals" => return Some(Builtin::value("globals", |vm, _| Ok(globals(vm)))),
        "locals" => return Some(Builtin::value("locals", |vm, _| Ok(locals(vm)))),
        "vars" => {
            return Some(Builtin::value("vars", |vm, args| match args.pos.first() {
                Some(object) => vm.get_attr(&object.clone(), "__dict__"),
                None => Ok(locals(vm)),
            }));
        }
        "slice" => return Some(Builtin::value("slice", |_, args| make_slice(args))),
        _ => {}
    }
    builtins::lookup(vm, name)
}
