//! Expressions that hold a `yield`. What their parts gave before it is remembered, so that they are
//! evaluated again up to the place where the generator stopped without doing anything twice.

use super::super::super::args::Args;
use super::super::super::error::PyResult;
use super::super::super::native::BinaryOp;
use super::super::super::syntax::ast::{Call, Comparison, Expr, ExprKind, FStringPart};
use super::super::super::value::{Dict, Set, Value};
use super::super::super::vm::Vm;
use super::super::{expression, iteration, operator, statement, subscript, target};
use super::run::Run;
use super::{Generator, Input, nested_yield};

/// A value, or `Err` with what is yielded.
type Part = PyResult<Result<Value, Value>>;

macro_rules! part {
    ($value:expr) => {
        match $value? {
            Ok(value) => value,
            Err(yielded) => return Ok(Err(yielded)),
        }
    };
}

impl Run {
    /// Does something once, also when the statement is evaluated again.
    fn once(&mut self, level: usize, compute: impl FnOnce() -> PyResult) -> PyResult {
        if let Some(step) = self.path.get_mut(level)
            && let Some(known) = step.memo.get(step.cursor)
        {
            step.cursor += 1;
            return Ok(known.clone());
        }
        let value = compute()?;
        self.remember(level, value.clone());
        Ok(value)
    }

    fn known(&self, level: usize) -> bool {
        self.path
            .get(level)
            .is_some_and(|step| step.cursor < step.memo.len())
    }

    fn remember(&mut self, level: usize, value: Value) {
        if let Some(step) = self.path.get_mut(level) {
            step.memo.push(value);
            step.cursor = step.memo.len();
        }
    }

    /// A condition.
    pub(super) fn test(&mut self, vm: &mut Vm, expr: &Expr, level: usize) -> Part {
        if yields(expr) {
            return self.part(vm, expr, level);
        }
        self.once(level, || expression::condition(vm, expr).map(Value::Bool))
            .map(Ok)
    }

    /// An expression of a statement.
    pub(super) fn part(&mut self, vm: &mut Vm, expr: &Expr, level: usize) -> Part {
        if !yields(expr) {
            return self.once(level, || expression::evaluate(vm, expr)).map(Ok);
        }
        let value = match &expr.kind {
            ExprKind::Yield(value) => {
                let value = match value {
                    Some(value) => part!(self.part(vm, value, level)),
                    None => Value::None,
                };
                if !self.known(level) {
                    match self.input.take() {
                        Some(Input::Raise(raise)) => return Err(raise),
                        Some(Input::Value(sent)) => self.remember(level, sent.clone()),
                        None => return Ok(Err(value)),
                    }
                    if let Some(step) = self.path.get_mut(level) {
                        step.cursor -= 1;
                    }
                }
                self.once(level, || Ok(Value::None))?
            }
            ExprKind::YieldFrom(source) => return self.delegate(vm, source, level),
            ExprKind::Await(inner) => part!(self.part(vm, inner, level)),
            ExprKind::Binary(first, rest) => {
                let mut left = part!(self.part(vm, first, level));
                for (op, right) in rest {
                    let right = part!(self.part(vm, right, level));
                    left = self.once(level, || vm.binary(*op, &left, &right))?;
                }
                left
            }
            ExprKind::Unary(op, operand) => {
                let operand = part!(self.part(vm, operand, level));
                self.once(level, || vm.unary(*op, &operand))?
            }
            ExprKind::Not(operand) => {
                let operand = part!(self.part(vm, operand, level));
                Value::Bool(!vm.truth(&operand)?)
            }
            ExprKind::And(values) => return self.short_circuit(vm, values, false, level),
            ExprKind::Or(values) => return self.short_circuit(vm, values, true, level),
            ExprKind::Compare(first, rest) => return self.compare(vm, first, rest, level),
            ExprKind::If(parts) => {
                let (test, body, orelse) = &**parts;
                let test = part!(self.part(vm, test, level));
                let chosen = if vm.truth(&test)? { body } else { orelse };
                part!(self.part(vm, chosen, level))
            }
            ExprKind::List(items) => Value::list(part!(self.sequence(vm, items, level)?)),
            ExprKind::Tuple(items) => Value::tuple(part!(self.sequence(vm, items, level)?)),
            ExprKind::Set(items) => {
                let mut set = Set::default();
                for item in part!(self.sequence(vm, items, level)?) {
                    set.insert(vm.key(&item)?);
                }
                Value::Set(std::rc::Rc::new(set.into()))
            }
            ExprKind::Dict(items) => {
                let mut dict = Dict::default();
                for (key, value) in items {
                    match key {
                        Some(key) => {
                            let key = part!(self.part(vm, key, level));
                            let value = part!(self.part(vm, value, level));
                            dict.insert(vm.key(&key)?, value);
                        }
                        None => {
                            let mapping = part!(self.part(vm, value, level));
                            dict.extend(expression::mapping_items(vm, &mapping)?);
                        }
                    }
                }
                Value::dict(dict)
            }
            ExprKind::Call(call) => {
                let value = part!(self.call(vm, call, expr, level));
                return Ok(Ok(value));
            }
            ExprKind::FString(parts) => return self.fstring(vm, parts, level),
            ExprKind::Subscript(object, index) => {
                let object = part!(self.part(vm, object, level));
                let index = part!(self.part(vm, index, level));
                self.once(level, || vm.get_item(&object, &index))?
            }
            ExprKind::Slice(lower, upper, step) => {
                let mut ends = [Value::None, Value::None, Value::None];
                for (end, given) in ends.iter_mut().zip([lower, upper, step]) {
                    if let Some(given) = given {
                        *end = part!(self.part(vm, given, level));
                    }
                }
                let [lower, upper, step] = ends;
                subscript::Slice::value(lower, upper, step)
            }
            ExprKind::Attribute(object, name) => {
                let object = part!(self.part(vm, object, level));
                self.once(level, || vm.get_attr(&object, name))?
            }
            ExprKind::Named(name, value) => {
                let value = part!(self.part(vm, value, level));
                part!(self.assign(vm, name, value.clone(), level));
                value
            }
            _ => return Err(nested_yield(vm)),
        };
        Ok(Ok(value))
    }

    /// `yield from source`.
    fn delegate(&mut self, vm: &mut Vm, source: &Expr, level: usize) -> Part {
        let values = part!(self.part(vm, source, level));
        let iterator = self.once(level, || iteration::iter(vm, &values))?;
        if self.known(level) {
            return self.once(level, || Ok(Value::None)).map(Ok);
        }
        let input = self.input.take();
        if let Some(inner) = iterator.downcast::<Generator>() {
            let input = input.unwrap_or(Input::Value(Value::None));
            return Ok(match inner.resume(vm, input)? {
                Ok(value) => Err(value),
                Err(returned) => {
                    self.remember(level, returned.clone());
                    Ok(returned)
                }
            });
        }
        if let Some(Input::Raise(raise)) = input {
            return Err(raise);
        }
        Ok(match iteration::next(vm, &iterator)? {
            Some(item) => Err(item),
            None => {
                self.remember(level, Value::None);
                Ok(Value::None)
            }
        })
    }

    fn short_circuit(&mut self, vm: &mut Vm, values: &[Expr], stop: bool, level: usize) -> Part {
        let mut last = Value::None;
        for (index, expr) in values.iter().enumerate() {
            last = part!(self.part(vm, expr, level));
            if index + 1 < values.len() && vm.truth(&last)? == stop {
                break;
            }
        }
        Ok(Ok(last))
    }

    fn compare(
        &mut self,
        vm: &mut Vm,
        first: &Expr,
        rest: &[(Comparison, Expr)],
        level: usize,
    ) -> Part {
        let mut left = part!(self.part(vm, first, level));
        let mut result = Value::Bool(true);
        for (index, (op, right)) in rest.iter().enumerate() {
            let right = part!(self.part(vm, right, level));
            result = self.once(level, || expression::compared(vm, *op, &left, &right))?;
            if index + 1 < rest.len() && !vm.truth(&result)? {
                break;
            }
            left = right;
        }
        Ok(Ok(result))
    }

    fn sequence(
        &mut self,
        vm: &mut Vm,
        items: &[Expr],
        level: usize,
    ) -> PyResult<PyResult<Result<Vec<Value>, Value>>> {
        let mut values = Vec::with_capacity(items.len());
        for item in items {
            let starred = match &item.kind {
                ExprKind::Starred(inner) => Some(&**inner),
                _ => None,
            };
            let value = match self.part(vm, starred.unwrap_or(item), level)? {
                Ok(value) => value,
                Err(yielded) => return Ok(Ok(Err(yielded))),
            };
            if starred.is_some() {
                let all = self.once(level, || vm.iterate(&value).map(Value::tuple))?;
                values.extend(vm.iterate(&all)?);
            } else {
                values.push(value);
            }
        }
        Ok(Ok(Ok(values)))
    }

    fn call(&mut self, vm: &mut Vm, call: &Call, expr: &Expr, level: usize) -> Part {
        let (object, name) = match &call.function.kind {
            ExprKind::Attribute(object, name) => (&**object, Some(name)),
            _ => (&call.function, None),
        };
        let object = part!(self.part(vm, object, level));
        let pos = part!(self.sequence(vm, &call.args, level)?);
        let mut kw = Vec::with_capacity(call.keywords.len());
        for (name, value) in &call.keywords {
            let value = part!(self.part(vm, value, level));
            match name {
                Some(name) => kw.push((name.clone(), value)),
                None => {
                    for (key, value) in expression::mapping_items(vm, &value)? {
                        if let Some(name) = key.value().as_str() {
                            kw.push((name, value));
                        }
                    }
                }
            }
        }
        let args = Args { pos, kw };
        self.once(level, || {
            statement::mark(vm, expr.span);
            match name {
                Some(name) => vm.call_method(&object, name, args),
                None => vm.call(&object, args),
            }
        })
        .map(Ok)
    }

    fn fstring(&mut self, vm: &mut Vm, parts: &[FStringPart], level: usize) -> Part {
        let mut text = String::new();
        for part in parts {
            match part {
                FStringPart::Literal(literal) => text.push_str(literal),
                FStringPart::Value {
                    value,
                    conversion,
                    spec,
                } => {
                    let value = part!(self.part(vm, value, level));
                    let made = self.once(level, || {
                        expression::formatted(vm, value, *conversion, spec.as_deref())
                    })?;
                    match made.as_str() {
                        Some(made) => text.push_str(&made),
                        None => return Ok(Ok(made)),
                    }
                }
            }
        }
        vm.charge(text.len())?;
        Ok(Ok(Value::from(text)))
    }

    /// `target = value`.
    pub(super) fn assign(&mut self, vm: &mut Vm, t: &Expr, value: Value, level: usize) -> Part {
        if !yields(t) {
            return self
                .once(level, || target::assign(vm, t, value).map(|()| Value::None))
                .map(Ok);
        }
        match &t.kind {
            ExprKind::Attribute(object, name) => {
                let object = part!(self.part(vm, object, level));
                self.once(level, || {
                    vm.set_attr(&object, name, value).map(|()| Value::None)
                })
                .map(Ok)
            }
            ExprKind::Subscript(object, index) => {
                let object = part!(self.part(vm, object, level));
                let index = part!(self.part(vm, index, level));
                self.once(level, || {
                    vm.set_item(&object, &index, value).map(|()| Value::None)
                })
                .map(Ok)
            }
            _ => Err(nested_yield(vm)),
        }
    }

    /// `target op= value`.
    pub(super) fn augmented(
        &mut self,
        vm: &mut Vm,
        t: &Expr,
        op: BinaryOp,
        value: &Expr,
        level: usize,
    ) -> Part {
        match &t.kind {
            ExprKind::Attribute(object, name) => {
                let object = part!(self.part(vm, object, level));
                let old = self.once(level, || vm.get_attr(&object, name))?;
                let right = part!(self.part(vm, value, level));
                let new = operator::in_place(vm, op, &old, &right)?;
                vm.set_attr(&object, name, new)?;
            }
            ExprKind::Subscript(object, index) => {
                let object = part!(self.part(vm, object, level));
                let index = part!(self.part(vm, index, level));
                let old = self.once(level, || vm.get_item(&object, &index))?;
                let right = part!(self.part(vm, value, level));
                let new = operator::in_place(vm, op, &old, &right)?;
                vm.set_item(&object, &index, new)?;
            }
            _ => {
                let old = part!(self.part(vm, t, level));
                let right = part!(self.part(vm, value, level));
                let new = operator::in_place(vm, op, &old, &right)?;
                target::assign(vm, t, new)?;
            }
        }
        Ok(Ok(Value::None))
    }
}

/// Whether there is a `yield` of the function itself in an expression.
fn yields(expr: &Expr) -> bool {
    let any = |exprs: &[Expr]| exprs.iter().any(yields);
    match &expr.kind {
        ExprKind::Yield(_) | ExprKind::YieldFrom(_) => true,
        ExprKind::Const(_) | ExprKind::Name(_) | ExprKind::Lambda(_) => false,
        ExprKind::And(items)
        | ExprKind::Or(items)
        | ExprKind::Set(items)
        | ExprKind::List(items)
        | ExprKind::Tuple(items) => any(items),
        ExprKind::Named(a, b) | ExprKind::Subscript(a, b) => yields(a) || yields(b),
        ExprKind::Binary(first, rest) => yields(first) || rest.iter().any(|(_, e)| yields(e)),
        ExprKind::Compare(first, rest) => yields(first) || rest.iter().any(|(_, e)| yields(e)),
        ExprKind::Unary(_, inner)
        | ExprKind::Not(inner)
        | ExprKind::Await(inner)
        | ExprKind::Attribute(inner, _)
        | ExprKind::Starred(inner) => yields(inner),
        ExprKind::If(parts) => yields(&parts.0) || yields(&parts.1) || yields(&parts.2),
        ExprKind::Dict(items) => items
            .iter()
            .any(|(key, value)| key.as_ref().is_some_and(yields) || yields(value)),
        ExprKind::Comprehension(parts) => yields(&parts.first),
        ExprKind::Call(call) => {
            yields(&call.function)
                || any(&call.args)
                || call.keywords.iter().any(|(_, value)| yields(value))
        }
        ExprKind::FString(parts) => parts.iter().any(|part| match part {
            FStringPart::Literal(_) => false,
            FStringPart::Value { value, .. } => yields(value),
        }),
        ExprKind::Slice(a, b, c) => [a, b, c].into_iter().flatten().any(|part| yields(part)),
    }
}
