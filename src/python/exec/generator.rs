//! Generators: functions that stop at `yield` and go on later.
//!
//! The body is a tree, so a generator remembers the path to the statement where it stopped, with
//! the state of each statement on the way (a loop's iterator, a `with`'s manager), and walks down
//! the same path when it is resumed.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::builtins;
use super::super::error::{PyResult, Raise};
use super::super::native::{Builtin, Native};
use super::super::syntax::ast::{Expr, ExprKind, FunctionDef, Stmt, StmtKind};
use super::super::value::Value;
use super::super::vm::Vm;
use super::frame::Frame;
use super::statement::{self, Flow};
use super::{exception, expression, iteration, target};
use crate::diagnostic::{Code, Diagnostic};

/// A `yield` in a place that is not evaluated.
pub(super) fn nested_yield(vm: &Vm) -> Box<Raise> {
    Raise::fatal(
        Diagnostic::error(
            Code::PythonUnsupported,
            "`yield` inside a larger expression is not evaluated",
        )
        .at(vm.location())
        .with_help("assign the result of `yield` to a variable first"),
    )
}

/// A generator object.
pub struct Generator {
    def: Arc<FunctionDef>,
    state: RefCell<State>,
}

struct State {
    frame: Option<Frame>,
    path: Vec<Step>,
    started: bool,
    running: bool,
}

/// Where one block or statement on the path stands.
struct Step {
    index: usize,
    part: usize,
    value: Option<Value>,
}

/// What comes in when a generator goes on.
enum Input {
    Value(Value),
    Raise(Box<Raise>),
}

enum Outcome {
    Flow(Flow),
    Yield(Value),
}

impl Generator {
    pub(super) fn new(def: Arc<FunctionDef>, frame: Frame) -> Self {
        let state = State {
            frame: Some(frame),
            path: Vec::new(),
            started: false,
            running: false,
        };
        Self {
            def,
            state: RefCell::new(state),
        }
    }

    /// Runs to the next `yield`: its value, or `Err` with what was returned at the end.
    fn resume(&self, vm: &mut Vm, input: Input) -> PyResult<Result<Value, Value>> {
        let mut state = {
            let mut state = self.state.borrow_mut();
            if state.running {
                return Err(Raise::exception(
                    "ValueError",
                    "generator already executing",
                ));
            }
            let Some(frame) = state.frame.take() else {
                return match input {
                    Input::Raise(raise) => Err(raise),
                    Input::Value(_) => Ok(Err(Value::None)),
                };
            };
            state.running = true;
            if vm.frames.len() >= vm.budget.depth {
                state.running = false;
                return Err(vm.exceeded("nested calls", "--max-depth"));
            }
            vm.frames.push(frame);
            State {
                frame: None,
                path: std::mem::take(&mut state.path),
                started: state.started,
                running: true,
            }
        };
        let depth = vm.frames.len();
        let input = if state.started {
            Some(input)
        } else {
            match input {
                Input::Raise(raise) => {
                    vm.frames.pop();
                    self.state.borrow_mut().running = false;
                    return Err(raise);
                }
                Input::Value(_) => None,
            }
        };
        let mut run = Run {
            path: std::mem::take(&mut state.path),
            input,
        };
        let result = run.block(vm, &self.def.body, 0);
        let result = exception::traced(vm, result);
        vm.frames.truncate(depth);
        let frame = vm.frames.pop();
        let mut own = self.state.borrow_mut();
        own.running = false;
        own.started = true;
        match result? {
            Outcome::Yield(value) => {
                own.frame = frame;
                own.path = run.path;
                Ok(Ok(value))
            }
            Outcome::Flow(Flow::Return(value)) => Ok(Err(value)),
            Outcome::Flow(_) => Ok(Err(Value::None)),
        }
    }
}

impl Native for Generator {
    fn type_name(&self) -> &str {
        "generator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        Ok(Some(self.resume(vm, Input::Value(Value::None))?.ok()))
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(this) = this.downcast::<Generator>() else {
            return Ok(None);
        };
        let stop = |vm: &mut Vm, result: Result<Value, Value>| {
            result.map_err(|value| match value {
                Value::None => Raise::exception("StopIteration", ""),
                value => builtins::raise(vm, "StopIteration", vec![value]),
            })
        };
        Ok(Some(match name {
            "send" => Builtin::value("send", move |vm, mut args| {
                let value = args.require("send", "value")?;
                let result = this.resume(vm, Input::Value(value))?;
                stop(vm, result)
            }),
            "__next__" => Builtin::value("__next__", move |vm, _| {
                let result = this.resume(vm, Input::Value(Value::None))?;
                stop(vm, result)
            }),
            "throw" => Builtin::value("throw", move |vm, mut args| {
                let first = args.require("throw", "value")?;
                let value = match args.take("value") {
                    Some(value) if !value.is_none() => value,
                    _ => first,
                };
                let raise = exception::raised(vm, value)?;
                let result = this.resume(vm, Input::Raise(raise))?;
                stop(vm, result)
            }),
            "close" => Builtin::value("close", move |vm, _| {
                let raise = Raise::exception("GeneratorExit", "");
                match this.resume(vm, Input::Raise(raise)) {
                    Ok(_) => Ok(Value::None),
                    Err(raise) if exception::is(vm, &raise, "GeneratorExit") => Ok(Value::None),
                    Err(raise) => Err(raise),
                }
            }),
            _ => return Ok(None),
        }))
    }
}

struct Run {
    path: Vec<Step>,
    /// Set until the place where the generator stopped is reached again.
    input: Option<Input>,
}

impl Run {
    fn resuming(&self, level: usize) -> bool {
        self.input.is_some() && level < self.path.len()
    }

    fn enter(&mut self, level: usize) {
        if self.path.len() <= level {
            self.path.push(Step {
                index: 0,
                part: 0,
                value: None,
            });
        }
    }

    fn block(&mut self, vm: &mut Vm, body: &[Stmt], level: usize) -> PyResult<Outcome> {
        let mut index = if self.resuming(level) {
            self.path[level].index
        } else {
            0
        };
        self.enter(level);
        while let Some(stmt) = body.get(index) {
            self.path[level].index = index;
            let outcome = if yields_in_stmt(stmt) {
                self.stmt(vm, stmt, level + 1)?
            } else {
                Outcome::Flow(statement::execute(vm, stmt)?)
            };
            match outcome {
                Outcome::Flow(Flow::Next) => {}
                other @ Outcome::Yield(_) => return Ok(other),
                other @ Outcome::Flow(_) => {
                    self.path.truncate(level);
                    return Ok(other);
                }
            }
            self.path.truncate(level + 1);
            index += 1;
        }
        self.path.truncate(level);
        Ok(Outcome::Flow(Flow::Next))
    }

    fn stmt(&mut self, vm: &mut Vm, stmt: &Stmt, level: usize) -> PyResult<Outcome> {
        vm.step(1)?;
        let resuming = self.resuming(level);
        if !resuming {
            statement::mark(vm, stmt.span);
        }
        self.enter(level);
        match &stmt.kind {
            StmtKind::Expr(value) => match self.yielding(vm, value, level)? {
                Ok(_) => Ok(Outcome::Flow(Flow::Next)),
                Err(value) => Ok(Outcome::Yield(value)),
            },
            StmtKind::Assign { targets, value } => match self.yielding(vm, value, level)? {
                Ok(value) => {
                    for t in targets {
                        target::assign(vm, t, value.clone())?;
                    }
                    Ok(Outcome::Flow(Flow::Next))
                }
                Err(value) => Ok(Outcome::Yield(value)),
            },
            StmtKind::Return(Some(value)) => match self.yielding(vm, value, level)? {
                Ok(value) => Ok(Outcome::Flow(Flow::Return(value))),
                Err(value) => Ok(Outcome::Yield(value)),
            },
            StmtKind::If { branches, orelse } => {
                let part = if resuming {
                    self.path[level].part
                } else {
                    let mut chosen = branches.len();
                    for (index, (test, _)) in branches.iter().enumerate() {
                        if expression::condition(vm, test)? {
                            chosen = index;
                            break;
                        }
                    }
                    self.path[level].part = chosen;
                    chosen
                };
                let body = branches.get(part).map_or(orelse, |(_, body)| body);
                self.block(vm, body, level + 1)
            }
            StmtKind::For {
                target: t,
                iter,
                body,
                orelse,
            } => {
                if !resuming {
                    let values = expression::evaluate(vm, iter)?;
                    let iterator = iteration::iter(vm, &values)?;
                    self.path[level].value = Some(iterator);
                }
                let iterator = self.path[level].value.clone().unwrap_or(Value::None);
                let mut inside = resuming && self.path[level].part == 0;
                if resuming && self.path[level].part == 1 {
                    return self.block(vm, orelse, level + 1);
                }
                loop {
                    if !inside {
                        vm.step(1)?;
                        match iteration::next(vm, &iterator)? {
                            Some(item) => target::assign(vm, t, item)?,
                            None => break,
                        }
                    }
                    inside = false;
                    match self.block(vm, body, level + 1)? {
                        Outcome::Flow(Flow::Next | Flow::Continue) => {}
                        Outcome::Flow(Flow::Break) => return Ok(Outcome::Flow(Flow::Next)),
                        other => return Ok(other),
                    }
                }
                self.path[level].part = 1;
                self.block(vm, orelse, level + 1)
            }
            StmtKind::While { test, body, orelse } => {
                let mut inside = resuming && self.path[level].part == 0;
                if resuming && self.path[level].part == 1 {
                    return self.block(vm, orelse, level + 1);
                }
                loop {
                    if !inside && !expression::condition(vm, test)? {
                        break;
                    }
                    inside = false;
                    vm.step(1)?;
                    match self.block(vm, body, level + 1)? {
                        Outcome::Flow(Flow::Next | Flow::Continue) => {}
                        Outcome::Flow(Flow::Break) => return Ok(Outcome::Flow(Flow::Next)),
                        other => return Ok(other),
                    }
                }
                self.path[level].part = 1;
                self.block(vm, orelse, level + 1)
            }
            StmtKind::With { items, body } => self.with(vm, items, body, level),
            StmtKind::Try(parts) => {
                // Parts: 0 body, 1 handler, 2 else, 3 finally.
                let part = if resuming { self.path[level].part } else { 0 };
                let mut result = match part {
                    0 => match self.block(vm, &parts.body, level + 1) {
                        Ok(Outcome::Flow(Flow::Next)) => {
                            self.path[level].part = 2;
                            self.block(vm, &parts.orelse, level + 1)
                        }
                        Err(raise) => {
                            self.path.truncate(level + 1);
                            self.path[level].part = 1;
                            match statement::find_handler(vm, &parts.handlers, raise) {
                                Ok((handler, value)) => {
                                    if let Some(name) = &handler.target {
                                        target::store(vm, name, value.clone())?;
                                    }
                                    let at = parts
                                        .handlers
                                        .iter()
                                        .position(|h| std::ptr::eq(h, handler))
                                        .unwrap_or(0);
                                    self.path[level].value =
                                        Some(Value::Int(i64::try_from(at).unwrap_or(0)));
                                    vm.handled.push(value);
                                    let result = self.block(vm, &handler.body, level + 1);
                                    vm.handled.pop();
                                    result
                                }
                                Err(raise) => Err(raise),
                            }
                        }
                        other => other,
                    },
                    1 => {
                        let at = self.path[level].value.as_ref().and_then(Value::as_int);
                        let at = usize::try_from(at.unwrap_or(0)).unwrap_or(0);
                        match parts.handlers.get(at) {
                            Some(handler) => self.block(vm, &handler.body, level + 1),
                            None => Ok(Outcome::Flow(Flow::Next)),
                        }
                    }
                    2 => self.block(vm, &parts.orelse, level + 1),
                    _ => return self.block(vm, &parts.finally, level + 1),
                };
                let fatal = matches!(&result, Err(r) if matches!(**r, Raise::Fatal(_)));
                if !matches!(result, Ok(Outcome::Yield(_))) && !fatal && !parts.finally.is_empty() {
                    self.path.truncate(level + 1);
                    self.path[level].part = 3;
                    match self.block(vm, &parts.finally, level + 1)? {
                        Outcome::Flow(Flow::Next) => {}
                        other => result = Ok(other),
                    }
                }
                result
            }
            _ => Err(nested_yield(vm)),
        }
    }

    fn with(
        &mut self,
        vm: &mut Vm,
        items: &[(Expr, Option<Expr>)],
        body: &[Stmt],
        level: usize,
    ) -> PyResult<Outcome> {
        let Some(((context, t), rest)) = items.split_first() else {
            return self.block(vm, body, level);
        };
        if !self.resuming(level) || self.path[level].value.is_none() {
            let manager = expression::evaluate(vm, context)?;
            let value = statement::enter_value(vm, &manager)?;
            if let Some(t) = t {
                target::assign(vm, t, value)?;
            }
            self.enter(level);
            self.path[level].value = Some(manager);
        }
        let manager = self.path[level].value.clone().unwrap_or(Value::None);
        match self.with(vm, rest, body, level + 1) {
            Ok(Outcome::Yield(value)) => Ok(Outcome::Yield(value)),
            Ok(outcome) => {
                statement::leave_value(vm, &manager, None)?;
                Ok(outcome)
            }
            Err(raise) if matches!(*raise, Raise::Fatal(_)) => Err(raise),
            Err(raise) => {
                if statement::leave_value(vm, &manager, Some(&raise))? {
                    self.path.truncate(level);
                    Ok(Outcome::Flow(Flow::Next))
                } else {
                    Err(raise)
                }
            }
        }
    }

    /// A statement's value that is a `yield`: `Err` to stop here, `Ok` with what was sent.
    fn yielding(
        &mut self,
        vm: &mut Vm,
        expr: &Expr,
        level: usize,
    ) -> PyResult<Result<Value, Value>> {
        match &expr.kind {
            ExprKind::Yield(value) => {
                if self.resuming(level) {
                    return match self.input.take() {
                        Some(Input::Raise(raise)) => Err(raise),
                        Some(Input::Value(value)) => Ok(Ok(value)),
                        None => Ok(Ok(Value::None)),
                    };
                }
                match value {
                    Some(value) => Ok(Err(expression::evaluate(vm, value)?)),
                    None => Ok(Err(Value::None)),
                }
            }
            ExprKind::YieldFrom(source) => {
                let input = if self.resuming(level) {
                    self.input.take()
                } else {
                    None
                };
                if self.path[level].value.is_none() {
                    let values = expression::evaluate(vm, source)?;
                    self.path[level].value = Some(iteration::iter(vm, &values)?);
                }
                let iterator = self.path[level].value.clone().unwrap_or(Value::None);
                if let Some(inner) = iterator.downcast::<Generator>() {
                    let input = input.unwrap_or(Input::Value(Value::None));
                    return Ok(match inner.resume(vm, input)? {
                        Ok(value) => Err(value),
                        Err(returned) => Ok(returned),
                    });
                }
                if let Some(Input::Raise(raise)) = input {
                    return Err(raise);
                }
                Ok(match iteration::next(vm, &iterator)? {
                    Some(item) => Err(item),
                    None => Ok(Value::None),
                })
            }
            ExprKind::Await(inner) => self.yielding(vm, inner, level),
            _ => Err(nested_yield(vm)),
        }
    }
}

/// Whether a statement, in itself or in its blocks, yields.
fn yields_in_stmt(stmt: &Stmt) -> bool {
    let any = |body: &[Stmt]| body.iter().any(yields_in_stmt);
    match &stmt.kind {
        StmtKind::Expr(value) | StmtKind::Return(Some(value)) => yields(value),
        StmtKind::Assign { targets: _, value } | StmtKind::AugAssign { value, .. } => yields(value),
        StmtKind::AnnAssign {
            value: Some(value), ..
        } => yields(value),
        StmtKind::If { branches, orelse } => branches.iter().any(|(_, b)| any(b)) || any(orelse),
        StmtKind::For { body, orelse, .. } | StmtKind::While { body, orelse, .. } => {
            any(body) || any(orelse)
        }
        StmtKind::With { body, .. } => any(body),
        StmtKind::Match { cases, .. } => cases.iter().any(|case| any(&case.body)),
        StmtKind::Try(parts) => {
            any(&parts.body)
                || any(&parts.orelse)
                || any(&parts.finally)
                || parts.handlers.iter().any(|handler| any(&handler.body))
        }
        _ => false,
    }
}

fn yields(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => true,
        ExprKind::Await(inner) => yields(inner),
        _ => false,
    }
}
