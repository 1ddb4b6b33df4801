//! Statements.

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::args::Args;
use super::super::error::{PyResult, Raise};
use super::super::native::BinaryOp;
use super::super::syntax::ast::{Expr, ExprKind, FunctionDef, Handler, Stmt, StmtKind, Try};
use super::super::value::Value;
use super::super::vm::{Function, Vm};
use super::{
    class_body, exception, expression, groups, import, iteration, matching, passed_over, target,
};
use crate::source::Span;

/// Where execution goes on.
pub enum Flow {
    /// With the next statement.
    Next,
    /// Behind the innermost loop.
    Break,
    /// With the next turn of the innermost loop.
    Continue,
    /// Out of the function.
    Return(Value),
}

/// Executes statements in order.
pub fn block(vm: &mut Vm, body: &[Stmt]) -> PyResult<Flow> {
    for stmt in body {
        let depth = vm.frames.len();
        match execute(vm, stmt) {
            Ok(Flow::Next) => {}
            Ok(other) => return Ok(other),
            Err(raise) => passed_over::instead(vm, stmt, depth, raise)?,
        }
    }
    Ok(Flow::Next)
}

/// Notes what is being evaluated.
pub fn mark(vm: &Vm, span: Span) {
    if let Some(frame) = vm.frames.last() {
        frame.span.set(span);
    }
}

/// Whether a statement changes a collection that belongs to something else (`role.members.append(x)`),
/// which an object of a session writes.
fn changes_part(statement: &Expr) -> bool {
    const METHODS: &[&str] = &[
        "add", "append", "clear", "extend", "insert", "pop", "remove",
    ];
    let ExprKind::Call(call) = &statement.kind else {
        return false;
    };
    let ExprKind::Attribute(collection, method) = &call.function.kind else {
        return false;
    };
    matches!(collection.kind, ExprKind::Attribute(..)) && METHODS.contains(&&**method)
}

/// Executes one statement.
pub fn execute(vm: &mut Vm, stmt: &Stmt) -> PyResult<Flow> {
    vm.step(1)?;
    mark(vm, stmt.span);
    match &stmt.kind {
        StmtKind::Expr(value) => {
            if let Value::Unknown(unknown) = expression::evaluate(vm, value)? {
                import::effect_needed(vm, &unknown)?;
                if changes_part(value) {
                    return Err(vm.unknown(&unknown, "what it changes may belong into the script"));
                }
            }
        }
        StmtKind::Assign { targets, value } => {
            let value = expression::evaluate(vm, value)?;
            for t in targets {
                target::assign(vm, t, value.clone())?;
            }
        }
        StmtKind::Return(value) => {
            let value = match value {
                Some(value) => expression::evaluate(vm, value)?,
                None => Value::None,
            };
            return Ok(Flow::Return(value));
        }
        StmtKind::If { branches, orelse } => {
            for (test, body) in branches {
                if expression::condition(vm, test)? {
                    return block(vm, body);
                }
            }
            return block(vm, orelse);
        }
        StmtKind::For {
            target: t,
            iter,
            body,
            orelse,
        } => {
            let values = expression::evaluate(vm, iter)?;
            mark(vm, iter.span);
            let iterator = iteration::iter(vm, &values)?;
            while let Some(item) = iteration::next(vm, &iterator)? {
                vm.step(1)?;
                target::assign(vm, t, item)?;
                match block(vm, body)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                }
            }
            return block(vm, orelse);
        }
        StmtKind::While { test, body, orelse } => {
            while expression::condition(vm, test)? {
                vm.step(1)?;
                match block(vm, body)? {
                    Flow::Next | Flow::Continue => {}
                    Flow::Break => return Ok(Flow::Next),
                    Flow::Return(value) => return Ok(Flow::Return(value)),
                }
            }
            return block(vm, orelse);
        }
        StmtKind::Function {
            target: name,
            decorators,
            function,
        } => {
            let mut value = make_function(vm, function)?;
            if !decorators.is_empty() {
                value = decorate(vm, decorators, value)?;
            }
            target::store(vm, name, value)?;
        }
        StmtKind::Class {
            target: name,
            decorators,
            class,
        } => {
            let mut value = class_body::define(vm, class)?;
            if !decorators.is_empty() {
                value = decorate(vm, decorators, value)?;
            }
            target::store(vm, name, value)?;
        }
        StmtKind::Import(names) => {
            for (dotted, alias, target) in names {
                let value = import::statement(vm, dotted, alias.is_some())?;
                target::store(vm, target, value)?;
            }
        }
        StmtKind::ImportFrom {
            module,
            level,
            names,
            star,
        } => {
            import::from(vm, module.as_deref(), *level, names, *star)?;
        }
        StmtKind::AugAssign {
            target: t,
            op,
            value,
        } => augmented(vm, t, *op, value)?,
        StmtKind::AnnAssign {
            target: t,
            annotation,
            value,
        } => {
            if let Some(value) = value {
                let value = expression::evaluate(vm, value)?;
                target::assign(vm, t, value)?;
            }
            class_body::annotate(vm, t, annotation, value.is_some())?;
        }
        StmtKind::With { items, body } => return with(vm, items, body),
        StmtKind::Try(parts) => return attempt(vm, parts),
        StmtKind::Raise {
            exception: raised,
            cause,
        } => {
            let raise = match raised {
                Some(value) => {
                    let value = expression::evaluate(vm, value)?;
                    let raise = exception::raised(vm, value)?;
                    if let (Some(cause), Raise::Exception { value, .. }) = (cause, &*raise) {
                        let cause = expression::evaluate(vm, cause)?;
                        let value = value.clone();
                        let cause = match cause {
                            Value::Class(_) => vm.call(&cause, Args::default())?,
                            cause => cause,
                        };
                        vm.set_attr(&value, "__cause__", cause)?;
                        vm.set_attr(&value, "__suppress_context__", Value::Bool(true))?;
                    }
                    raise
                }
                None => match vm.handled.last() {
                    Some(value) => Box::new(Raise::Exception {
                        value: value.clone(),
                        traceback: Vec::new(),
                    }),
                    None => Raise::exception("RuntimeError", "No active exception to reraise"),
                },
            };
            mark(vm, stmt.span);
            return exception::traced(vm, Err(raise));
        }
        StmtKind::Assert { test, message } => {
            if !expression::condition(vm, test)? {
                let message = match message {
                    Some(message) => {
                        let message = expression::evaluate(vm, message)?;
                        vm.str(&message)?.to_string()
                    }
                    None => String::new(),
                };
                mark(vm, stmt.span);
                return Err(Raise::exception("AssertionError", message));
            }
        }
        StmtKind::Delete(targets) => {
            for t in targets {
                target::delete(vm, t)?;
            }
        }
        StmtKind::Match { subject, cases } => {
            let subject = expression::evaluate(vm, subject)?;
            for case in cases {
                if matching::matches(vm, &case.pattern, &subject)? {
                    let wanted = match &case.guard {
                        Some(guard) => expression::condition(vm, guard)?,
                        None => true,
                    };
                    if wanted {
                        return block(vm, &case.body);
                    }
                }
            }
        }
        StmtKind::Pass => {}
        StmtKind::Break => return Ok(Flow::Break),
        StmtKind::Continue => return Ok(Flow::Continue),
    }
    Ok(Flow::Next)
}

/// The function object of a definition: defaults are evaluated now.
pub fn make_function(vm: &mut Vm, def: &Arc<FunctionDef>) -> PyResult {
    let evaluate = |vm: &mut Vm, default: &Option<Expr>| match default {
        Some(default) => expression::evaluate(vm, default).map(Some),
        None => Ok(None),
    };
    let mut defaults = Vec::with_capacity(def.parameters.positional.len());
    for parameter in &def.parameters.positional {
        defaults.push(evaluate(vm, &parameter.default)?);
    }
    let mut keyword_defaults = Vec::with_capacity(def.parameters.keyword_only.len());
    for parameter in &def.parameters.keyword_only {
        keyword_defaults.push(evaluate(vm, &parameter.default)?);
    }
    let Some(frame) = vm.frames.last() else {
        return Err(Raise::exception(
            "RuntimeError",
            "a function outside of any module",
        ));
    };
    Ok(Value::Function(Rc::new(Function {
        name: def.name.clone(),
        def: Arc::clone(def),
        globals: Rc::clone(&frame.globals),
        env: frame.env.clone(),
        defaults,
        keyword_defaults,
        // A function inside a method may use `super()` of the same class.
        owner: RefCell::new(if frame.class.is_some() {
            None
        } else {
            frame.owner.clone()
        }),
        dict: RefCell::default(),
    })))
}

fn decorate(vm: &mut Vm, decorators: &[Expr], mut value: Value) -> PyResult {
    let mut made = Vec::with_capacity(decorators.len());
    for decorator in decorators {
        made.push(expression::evaluate(vm, decorator)?);
    }
    for decorator in made.iter().rev() {
        value = match decorator {
            // A decorator of a library that is not there: the function itself is what counts.
            Value::Unknown(_) => value,
            _ => vm.call(decorator, Args::of(vec![value]))?,
        };
    }
    Ok(value)
}

fn augmented(vm: &mut Vm, t: &Expr, op: BinaryOp, value: &Expr) -> PyResult<()> {
    match &t.kind {
        ExprKind::Attribute(object, name) => {
            let object = expression::evaluate(vm, object)?;
            let old = vm.get_attr(&object, name)?;
            let right = expression::evaluate(vm, value)?;
            let new = super::operator::in_place(vm, op, &old, &right)?;
            vm.set_attr(&object, name, new)
        }
        ExprKind::Subscript(object, index) => {
            let object = expression::evaluate(vm, object)?;
            let index = expression::evaluate(vm, index)?;
            let old = vm.get_item(&object, &index)?;
            let right = expression::evaluate(vm, value)?;
            let new = super::operator::in_place(vm, op, &old, &right)?;
            vm.set_item(&object, &index, new)
        }
        _ => {
            let old = expression::evaluate(vm, t)?;
            let right = expression::evaluate(vm, value)?;
            let new = super::operator::in_place(vm, op, &old, &right)?;
            target::assign(vm, t, new)
        }
    }
}

/// A context manager that was entered.
pub(super) struct Entered {
    manager: Value,
}

/// `with` one item: enters it and assigns the target.
pub(super) fn enter(vm: &mut Vm, context: &Expr, t: Option<&Expr>) -> PyResult<Entered> {
    let manager = expression::evaluate(vm, context)?;
    mark(vm, context.span);
    let value = enter_value(vm, &manager)?;
    if let Some(t) = t {
        target::assign(vm, t, value)?;
    }
    Ok(Entered { manager })
}

/// `manager.__enter__()`.
pub fn enter_value(vm: &mut Vm, manager: &Value) -> PyResult {
    match manager {
        Value::Native(native) => {
            if let Some(value) = Rc::clone(native).enter(manager, vm)? {
                return Ok(value);
            }
        }
        Value::Unknown(_) => return Ok(manager.clone()),
        _ => {}
    }
    match vm.find_attr(manager, "__enter__")? {
        Some(method) => vm.call(&method, Args::default()),
        None => Err(Raise::exception(
            "TypeError",
            format!(
                "'{}' object does not support the context manager protocol",
                vm.type_name(manager)
            ),
        )),
    }
}

/// Leaves a context manager. With an exception, whether it is swallowed.
pub(super) fn leave(vm: &mut Vm, entered: &Entered, raise: Option<&Raise>) -> PyResult<bool> {
    leave_value(vm, &entered.manager, raise)
}

/// `manager.__exit__(…)`.
pub fn leave_value(vm: &mut Vm, manager: &Value, raise: Option<&Raise>) -> PyResult<bool> {
    if matches!(manager, Value::Unknown(_)) {
        return Ok(false);
    }
    if let Some(exit) = vm.find_attr(manager, "__exit__")? {
        let args = match raise {
            None => vec![Value::None, Value::None, Value::None],
            Some(raise) => match exception::object(vm, raise)? {
                Some(value) => {
                    let class = Value::Class(vm.class_of(&value));
                    vec![class, value, Value::None]
                }
                None => vec![Value::None, Value::None, Value::None],
            },
        };
        let result = vm.call(&exit, Args::of(args))?;
        return match result {
            Value::Unknown(_) => Ok(false),
            other => Ok(raise.is_some() && vm.truth(&other)?),
        };
    }
    if let Value::Native(native) = manager {
        Rc::clone(native).exit(manager, vm, raise.is_some())?;
    }
    Ok(false)
}

fn with(vm: &mut Vm, items: &[(Expr, Option<Expr>)], body: &[Stmt]) -> PyResult<Flow> {
    let Some(((context, t), rest)) = items.split_first() else {
        return block(vm, body);
    };
    let entered = enter(vm, context, t.as_ref())?;
    let result = with(vm, rest, body);
    match result {
        Ok(flow) => {
            leave(vm, &entered, None)?;
            Ok(flow)
        }
        Err(raise) if matches!(*raise, Raise::Fatal(_)) => Err(raise),
        Err(raise) => {
            if leave(vm, &entered, Some(&raise))? {
                Ok(Flow::Next)
            } else {
                Err(raise)
            }
        }
    }
}

/// `except:` and `except Exception:`.
fn catches_any(handler: &Handler) -> bool {
    match handler.class.as_ref().map(|class| &class.kind) {
        None => true,
        Some(ExprKind::Name(var)) => matches!(&**var.name(), "Exception" | "BaseException"),
        Some(_) => false,
    }
}

fn attempt(vm: &mut Vm, parts: &Try) -> PyResult<Flow> {
    let depth = vm.frames.len();
    let catches = usize::from(parts.handlers.iter().any(catches_any));
    vm.catching += catches;
    let tried = block(vm, &parts.body);
    vm.catching -= catches;
    let mut result = match tried {
        Ok(Flow::Next) => block(vm, &parts.orelse),
        Ok(flow) => Ok(flow),
        Err(raise) => {
            vm.frames.truncate(depth);
            if parts.groups {
                groups::handle(vm, &parts.handlers, raise)
            } else {
                handle(vm, &parts.handlers, raise)
            }
        }
    };
    if !parts.finally.is_empty()
        && !matches!(&result, Err(raise) if matches!(**raise, Raise::Fatal(_)))
    {
        match block(vm, &parts.finally)? {
            Flow::Next => {}
            flow => result = Ok(flow),
        }
    }
    result
}

/// Runs the first handler that matches, or raises again.
pub(super) fn handle(vm: &mut Vm, handlers: &[Handler], raise: Box<Raise>) -> PyResult<Flow> {
    let (handler, value) = find_handler(vm, handlers, raise)?;
    if let Some(name) = &handler.target {
        target::store(vm, name, value.clone())?;
    }
    let result = in_handler(vm, value, |vm| block(vm, &handler.body));
    if let Some(name) = &handler.target {
        target::unbind(vm, name);
    }
    result
}

/// Runs what handles an exception: one that it raises has the handled one as its context.
pub(super) fn in_handler<T>(
    vm: &mut Vm,
    value: Value,
    run: impl FnOnce(&mut Vm) -> PyResult<T>,
) -> PyResult<T> {
    let depth = vm.handled.len();
    vm.handled.push(value.clone());
    let result = run(vm);
    vm.handled.truncate(depth);
    match result {
        Ok(done) => Ok(done),
        Err(raise) => Err(exception::with_context(vm, raise, &value)?),
    }
}

/// The handler for a raise, with the exception object; the raise itself when there is none.
pub(super) fn find_handler<'h>(
    vm: &mut Vm,
    handlers: &'h [Handler],
    raise: Box<Raise>,
) -> PyResult<(&'h Handler, Value)> {
    if handlers.is_empty() {
        return Err(raise);
    }
    let Some(value) = exception::object(vm, &raise)? else {
        return Err(raise);
    };
    for handler in handlers {
        let matched = match &handler.class {
            None => true,
            Some(class) => {
                let class = expression::evaluate(vm, class)?;
                exception::matches(vm, &value, &class)?
            }
        };
        if matched {
            return Ok((handler, value));
        }
    }
    let traceback = match *raise {
        Raise::Builtin { traceback, .. } | Raise::Exception { traceback, .. } => traceback,
        Raise::Fatal(fatal) => return Err(Box::new(Raise::Fatal(fatal))),
    };
    Err(Box::new(Raise::Exception { value, traceback }))
}
