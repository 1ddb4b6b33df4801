//! Comprehensions. A generator expression is evaluated when it is made.

use std::cell::Cell;
use std::rc::Rc;
use std::sync::Arc;

use super::super::error::PyResult;
use super::super::syntax::ast::{Clause, Comprehension, ComprehensionKind};
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
        yielded: None,
    };
    if vm.frames.len() >= vm.budget.depth {
        return Err(vm.exceeded("nested calls", "--max-depth"));
    }
    vm.frames.push(inner);
    let mut made = Made {
        list: Vec::new(),
        dict: Dict::default(),
        set: Set::default(),
    };
    let result = run(vm, parts, 0, Some(first), &mut made);
    let result = super::exception::traced(vm, result);
    vm.frames.pop();
    result?;
    Ok(match parts.kind {
        ComprehensionKind::List => Value::list(made.list),
        ComprehensionKind::Set => Value::Set(Rc::new(made.set.into())),
        ComprehensionKind::Dict => Value::dict(made.dict),
        ComprehensionKind::Generator => iteration::SequenceIterator::value("generator", made.list),
    })
}

struct Made {
    list: Vec<Value>,
    dict: Dict,
    set: Set,
}

fn run(
    vm: &mut Vm,
    parts: &Comprehension,
    index: usize,
    values: Option<Value>,
    made: &mut Made,
) -> PyResult<()> {
    let Some(Clause {
        target: t,
        iter,
        conditions,
    }) = parts.clauses.get(index)
    else {
        let element = expression::evaluate(vm, &parts.element)?;
        vm.charge(32)?;
        match parts.kind {
            ComprehensionKind::List | ComprehensionKind::Generator => made.list.push(element),
            ComprehensionKind::Set => {
                let key = vm.key(&element)?;
                made.set.insert(key);
            }
            ComprehensionKind::Dict => {
                let key = vm.key(&element)?;
                let value = match &parts.value {
                    Some(value) => expression::evaluate(vm, value)?,
                    None => Value::None,
                };
                made.dict.insert(key, value);
            }
        }
        return Ok(());
    };
    let values = match (values, iter) {
        (Some(values), _) => values,
        (None, Some(iter)) => expression::evaluate(vm, iter)?,
        (None, None) => Value::None,
    };
    let iterator = iteration::iter(vm, &values)?;
    'items: while let Some(item) = iteration::next(vm, &iterator)? {
        vm.step(1)?;
        target::assign(vm, t, item)?;
        for condition in conditions {
            if !expression::condition(vm, condition)? {
                continue 'items;
            }
        }
        run(vm, parts, index + 1, None, made)?;
    }
    Ok(())
}
