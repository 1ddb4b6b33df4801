//! Generators: functions that stop at `yield` and go on later.
//!
//! The body is a tree, so a generator remembers the path to the statement where it stopped, with
//! the state of each statement on the way (a loop's iterator, a `with`'s manager), and walks down
//! the same path when it is resumed.

use std::any::Any;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::args::Args;
use super::super::builtins;
use super::super::error::{PyResult, Raise};
use super::super::native::{Builtin, Native};
use super::super::syntax::ast::FunctionDef;
use super::super::value::Value;
use super::super::vm::Vm;
use super::exception;
use super::frame::Frame;
use super::statement::Flow;
use run::Run;

mod run;
mod yielding;

use crate::diagnostic::{Code, Diagnostic};

/// A `yield` in a place that is not evaluated.
pub(super) fn nested_yield(vm: &Vm) -> Box<Raise> {
    Raise::fatal(
        Diagnostic::error(
            Code::PythonUnsupported,
            "`yield` in this place is not evaluated",
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
    /// What the expressions of the statement have given so far, in the order of evaluation: a
    /// statement that stopped at a `yield` is evaluated again up to there from these.
    memo: Vec<Value>,
    /// How many of them were used again.
    cursor: usize,
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
                Input::Value(value) if !value.is_none() => {
                    let mut own = self.state.borrow_mut();
                    own.frame = vm.frames.pop();
                    own.running = false;
                    return Err(Raise::exception(
                        "TypeError",
                        "can't send non-None value to a just-started generator",
                    ));
                }
                Input::Value(_) => None,
            }
        };
        let mut run = Run::new(std::mem::take(&mut state.path), input);
        let result = run.block(vm, &self.def.body, 0);
        let result = match exception::traced(vm, result) {
            Err(raise) if exception::is(vm, &raise, "StopIteration") => {
                Err(stopped_inside(vm, raise)?)
            }
            other => other,
        };
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

/// What a generator yielded, or the `StopIteration` with what it returned.
fn stop(vm: &mut Vm, result: Result<Value, Value>) -> PyResult {
    result.map_err(|value| match value {
        Value::None => builtins::raise(vm, "StopIteration", Vec::new()),
        value => builtins::raise(vm, "StopIteration", vec![value]),
    })
}

/// `next(generator)`, with what it returns in the `StopIteration`; `None` for other iterators.
pub fn next_of(vm: &mut Vm, iterator: &Value) -> PyResult<Option<Value>> {
    let Some(generator) = iterator.downcast::<Generator>() else {
        return Ok(None);
    };
    let result = generator.resume(vm, Input::Value(Value::None))?;
    stop(vm, result).map(Some)
}

/// A `StopIteration` that leaves a generator's body is an error of that body.
fn stopped_inside(vm: &mut Vm, raise: Box<Raise>) -> PyResult<Box<Raise>> {
    let Some(cause) = exception::object(vm, &raise)? else {
        return Ok(raise);
    };
    let error = builtins::exception(
        vm,
        "RuntimeError",
        vec![Value::str("generator raised StopIteration")],
    )?;
    vm.set_attr(&error, "__cause__", cause.clone())?;
    vm.set_attr(&error, "__context__", cause)?;
    let traceback = match *raise {
        Raise::Builtin { traceback, .. } | Raise::Exception { traceback, .. } => traceback,
        Raise::Fatal(_) => Vec::new(),
    };
    Ok(Box::new(Raise::Exception {
        value: error,
        traceback,
    }))
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
                let first = args.require("throw", "typ")?;
                let value = match (args.take("val"), &first) {
                    (Some(value), Value::Class(_)) if !value.is_none() => {
                        let given = value.downcast::<builtins::ExceptionObject>();
                        match given {
                            Some(_) => value,
                            None => vm.call(&first, Args::of(vec![value]))?,
                        }
                    }
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
