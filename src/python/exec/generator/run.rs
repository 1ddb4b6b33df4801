//! The statements of a generator's body: each goes on from where it stopped.

use super::super::super::error::{PyResult, Raise};
use super::super::super::syntax::ast::{Expr, Stmt, StmtKind, Try};
use super::super::super::value::Value;
use super::super::super::vm::Vm;
use super::super::statement::{self, Flow};
use super::super::{class_body, exception, expression, iteration, matching, target};
use super::{Input, Outcome, Step, nested_yield};

/// Gives the value of a part of a statement, or stops at its `yield`.
macro_rules! part {
    ($value:expr) => {
        match $value? {
            Ok(value) => value,
            Err(yielded) => return Ok(Outcome::Yield(yielded)),
        }
    };
}

/// `part` of a statement whose expressions are being evaluated.
const HEAD: usize = usize::MAX;

pub(super) struct Run {
    pub(super) path: Vec<Step>,
    /// Set until the place where the generator stopped is reached again.
    pub(super) input: Option<Input>,
}

impl Run {
    pub(super) fn new(path: Vec<Step>, input: Option<Input>) -> Self {
        Self { path, input }
    }

    fn resuming(&self, level: usize) -> bool {
        self.input.is_some() && level < self.path.len()
    }

    fn enter(&mut self, level: usize) {
        if let Some(step) = self.path.get_mut(level) {
            step.cursor = 0;
        } else {
            self.path.push(Step {
                index: 0,
                part: 0,
                value: None,
                memo: Vec::new(),
                cursor: 0,
            });
        }
    }

    pub(super) fn block(&mut self, vm: &mut Vm, body: &[Stmt], level: usize) -> PyResult<Outcome> {
        let mut index = if self.resuming(level) {
            self.path[level].index
        } else {
            0
        };
        self.enter(level);
        while let Some(stmt) = body.get(index) {
            self.path[level].index = index;
            let outcome = if stmt.yields {
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
            StmtKind::Expr(value) => {
                part!(self.part(vm, value, level));
                Ok(Outcome::Flow(Flow::Next))
            }
            StmtKind::Assign { targets, value } => {
                let value = part!(self.part(vm, value, level));
                for t in targets {
                    part!(self.assign(vm, t, value.clone(), level));
                }
                Ok(Outcome::Flow(Flow::Next))
            }
            StmtKind::AnnAssign {
                target: t,
                annotation,
                value: Some(value),
            } => {
                let value = part!(self.part(vm, value, level));
                part!(self.assign(vm, t, value, level));
                class_body::annotate(vm, t, annotation, true)?;
                Ok(Outcome::Flow(Flow::Next))
            }
            StmtKind::AugAssign {
                target: t,
                op,
                value,
            } => {
                part!(self.augmented(vm, t, *op, value, level));
                Ok(Outcome::Flow(Flow::Next))
            }
            StmtKind::Return(Some(value)) => {
                let value = part!(self.part(vm, value, level));
                Ok(Outcome::Flow(Flow::Return(value)))
            }
            StmtKind::Raise {
                exception: Some(value),
                cause: None,
            } => {
                let value = part!(self.part(vm, value, level));
                let raise = exception::raised(vm, value)?;
                statement::mark(vm, stmt.span);
                exception::traced(vm, Err(raise))
            }
            StmtKind::Assert { test, message } => {
                let test = part!(self.part(vm, test, level));
                if vm.truth(&test)? {
                    return Ok(Outcome::Flow(Flow::Next));
                }
                let message = match message {
                    Some(message) => {
                        let message = part!(self.part(vm, message, level));
                        vm.str(&message)?.to_string()
                    }
                    None => String::new(),
                };
                Err(Raise::exception("AssertionError", message))
            }
            StmtKind::Match { subject, cases } => {
                if !resuming {
                    self.path[level].part = HEAD;
                }
                if self.path[level].part == HEAD {
                    let value = part!(self.part(vm, subject, level));
                    self.path[level].part = cases.len();
                    for (index, case) in cases.iter().enumerate() {
                        if !matching::matches(vm, &case.pattern, &value)? {
                            continue;
                        }
                        let wanted = match &case.guard {
                            Some(guard) => expression::condition(vm, guard)?,
                            None => true,
                        };
                        if wanted {
                            self.path[level].part = index;
                            break;
                        }
                    }
                }
                match cases.get(self.path[level].part) {
                    Some(case) => self.block(vm, &case.body, level + 1),
                    None => Ok(Outcome::Flow(Flow::Next)),
                }
            }
            StmtKind::If { branches, orelse } => {
                if !resuming {
                    self.path[level].part = HEAD;
                }
                if self.path[level].part == HEAD {
                    let mut chosen = branches.len();
                    for (index, (test, _)) in branches.iter().enumerate() {
                        let test = part!(self.test(vm, test, level));
                        if vm.truth(&test)? {
                            chosen = index;
                            break;
                        }
                    }
                    self.path[level].part = chosen;
                }
                let part = self.path[level].part;
                let body = branches.get(part).map_or(orelse, |(_, body)| body);
                self.block(vm, body, level + 1)
            }
            StmtKind::For {
                target: t,
                iter,
                body,
                orelse,
            } => {
                let mut inside = resuming && self.path[level].value.is_some();
                if !inside {
                    let values = part!(self.part(vm, iter, level));
                    let iterator = iteration::iter(vm, &values)?;
                    self.path[level].value = Some(iterator);
                }
                let iterator = self.path[level].value.clone().unwrap_or(Value::None);
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
                    if !inside {
                        self.path[level].part = HEAD;
                        let test = part!(self.test(vm, test, level));
                        self.path[level].memo.clear();
                        self.path[level].cursor = 0;
                        if !vm.truth(&test)? {
                            break;
                        }
                    }
                    self.path[level].part = 0;
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
            StmtKind::Try(parts) if !parts.groups => self.attempt(vm, parts, level, resuming),
            _ => Err(nested_yield(vm)),
        }
    }

    fn attempt(
        &mut self,
        vm: &mut Vm,
        parts: &Try,
        level: usize,
        resuming: bool,
    ) -> PyResult<Outcome> {
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
                            statement::in_handler(vm, value, |vm| {
                                self.block(vm, &handler.body, level + 1)
                            })
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
            self.enter(level);
            let manager = part!(self.part(vm, context, level));
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
}
