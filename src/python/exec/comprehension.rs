//! Comprehensions and generator expressions.

use std::any::Any;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::super::error::{PyResult, Raise};
use super::super::native::{Builtin, Native};
use super::super::syntax::ast::{Comprehension, ComprehensionKind};
use super::super::value::{Dict, Set, Value};
use super::super::vm::Vm;
use super::frame::{Env, Frame};
use super::{expression, iteration, statement, target};

/// Evaluates a comprehension.
pub fn evaluate(vm: &mut Vm, parts: &Arc<Comprehension>) -> PyResult {
    let first = expression::evaluate(vm, &parts.first)?;
    statement::mark(vm, parts.first.span);
    if let Value::Unknown(unknown) = &first {
        let unknown = Rc::clone(unknown);
        return Err(vm.unknown_as(
            crate::diagnostic::Code::UnknownCondition,
            &unknown,
            "a comprehension runs over it",
        ));
    }
    let Some(frame) = vm.frames.last() else {
        return Ok(Value::None);
    };
    let inner = Frame {
        file: Arc::clone(&frame.file),
        globals: Rc::clone(&frame.globals),
        env: Some(Env::new(parts.slots.len(), frame.env.clone())),
        class: None,
        owner: frame.owner.clone(),
        span: Cell::new(parts.element.span),
    };
    let first = iteration::iter(vm, &first)?;
    let mut run = Run {
        parts: Arc::clone(parts),
        frame: Some(inner),
        iterators: vec![first],
    };
    if matches!(parts.kind, ComprehensionKind::Generator) {
        vm.charge(128)?;
        return Ok(Value::native(GeneratorExpression(RefCell::new(Some(run)))));
    }
    let (mut list, mut dict, mut set) = (Vec::new(), Dict::default(), Set::default());
    run.within(vm, |run, vm| {
        while run.advance(vm)? {
            let element = expression::evaluate(vm, &parts.element)?;
            vm.charge(32)?;
            match parts.kind {
                ComprehensionKind::List | ComprehensionKind::Generator => list.push(element),
                ComprehensionKind::Set => {
                    let key = vm.key(&element)?;
                    set.insert(key);
                }
                ComprehensionKind::Dict => {
                    let key = vm.key(&element)?;
                    let value = match &parts.value {
                        Some(value) => expression::evaluate(vm, value)?,
                        None => Value::None,
                    };
                    dict.insert(key, value);
                }
            }
        }
        Ok(())
    })?;
    Ok(match parts.kind {
        ComprehensionKind::List | ComprehensionKind::Generator => Value::list(list),
        ComprehensionKind::Set => Value::Set(Rc::new(set.into())),
        ComprehensionKind::Dict => Value::dict(dict),
    })
}

/// A comprehension under way: the iterators of the clauses that were entered.
struct Run {
    parts: Arc<Comprehension>,
    frame: Option<Frame>,
    iterators: Vec<Value>,
}

impl Run {
    /// Does something in the comprehension's own scope.
    fn within<T>(
        &mut self,
        vm: &mut Vm,
        work: impl FnOnce(&mut Self, &mut Vm) -> PyResult<T>,
    ) -> PyResult<T> {
        if vm.frames.len() >= vm.budget.depth {
            return Err(vm.exceeded("nested calls", "--max-depth"));
        }
        vm.frames.extend(self.frame.take());
        let result = work(self, vm);
        let result = super::exception::traced(vm, result);
        self.frame = vm.frames.pop();
        result
    }

    /// Binds the targets to the next items for which all conditions hold.
    fn advance(&mut self, vm: &mut Vm) -> PyResult<bool> {
        let parts = Arc::clone(&self.parts);
        'items: while let Some(iterator) = self.iterators.last() {
            let iterator = iterator.clone();
            let level = self.iterators.len();
            let (Some(item), Some(clause)) = (
                iteration::next(vm, &iterator)?,
                parts.clauses.get(level - 1),
            ) else {
                self.iterators.pop();
                continue;
            };
            vm.step(1)?;
            target::assign(vm, &clause.target, item)?;
            for condition in &clause.conditions {
                if !expression::condition(vm, condition)? {
                    continue 'items;
                }
            }
            match parts.clauses.get(level).and_then(|next| next.iter.as_ref()) {
                Some(next) => {
                    let values = expression::evaluate(vm, next)?;
                    self.iterators.push(iteration::iter(vm, &values)?);
                }
                None => return Ok(true),
            }
        }
        Ok(false)
    }
}

/// A generator expression: evaluated as far as it was asked for.
struct GeneratorExpression(RefCell<Option<Run>>);

impl Native for GeneratorExpression {
    fn type_name(&self) -> &str {
        "generator"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn next(&self, _this: &Value, vm: &mut Vm) -> PyResult<Option<Option<Value>>> {
        // Out of its place while it runs: one that asks itself finds it ended.
        let Some(mut run) = self.0.take() else {
            return Ok(Some(None));
        };
        let item = run.within(vm, |run, vm| {
            if !run.advance(vm)? {
                return Ok(None);
            }
            let parts = Arc::clone(&run.parts);
            expression::evaluate(vm, &parts.element).map(Some)
        })?;
        if item.is_some() {
            self.0.replace(Some(run));
        }
        Ok(Some(item))
    }

    fn get_attr(&self, this: &Value, _vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let Some(this) = this.downcast::<GeneratorExpression>() else {
            return Ok(None);
        };
        Ok(Some(match name {
            "__next__" => Builtin::value("__next__", move |vm, _| {
                match this.next(&Value::None, vm)? {
                    Some(Some(item)) => Ok(item),
                    _ => Err(Raise::exception("StopIteration", "")),
                }
            }),
            "close" => Builtin::value("close", move |_, _| {
                this.0.take();
                Ok(Value::None)
            }),
            _ => return Ok(None),
        }))
    }
}
