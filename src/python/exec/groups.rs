//! `except*`: handlers that each take their part of a group of exceptions.

use super::super::builtins;
use super::super::error::{PyResult, Raise};
use super::super::syntax::ast::Handler;
use super::super::value::Value;
use super::super::vm::Vm;
use super::statement::{self, Flow};
use super::{exception, expression, target};

/// Runs every handler that a part of the group matches; what is left, and what they raise, goes on.
pub(super) fn handle(vm: &mut Vm, handlers: &[Handler], raise: Box<Raise>) -> PyResult<Flow> {
    let Some(value) = exception::object(vm, &raise)? else {
        return Err(raise);
    };
    let grouped = builtins::is_group(vm, &value);
    let mut rest = Some(if grouped {
        value.clone()
    } else {
        builtins::group(vm, "", vec![value.clone()])?
    });
    let mut raised = Vec::new();
    let mut any = false;
    for handler in handlers {
        let Some(left) = rest.take() else { break };
        let class = match &handler.class {
            Some(class) => expression::evaluate(vm, class)?,
            None => Value::None,
        };
        let (matched, unmatched) = builtins::split_group(vm, &left, &mut |vm, one| {
            exception::matches(vm, one, &class)
        })?;
        rest = unmatched;
        let Some(matched) = matched else { continue };
        any = true;
        if let Some(name) = &handler.target {
            target::store(vm, name, matched.clone())?;
        }
        let depth = vm.frames.len();
        let result = statement::in_handler(vm, matched, |vm| statement::block(vm, &handler.body));
        if let Some(name) = &handler.target {
            target::unbind(vm, name);
        }
        if let Err(raise) = result {
            vm.frames.truncate(depth);
            match exception::object(vm, &raise)? {
                Some(value) => raised.push(value),
                None => return Err(raise),
            }
        }
    }
    let value = match (raised.is_empty(), rest) {
        (true, None) => return Ok(Flow::Next),
        (true, Some(_)) if !any => value,
        (true, Some(rest)) => rest,
        (false, rest) => {
            raised.extend(rest);
            builtins::group(vm, "", raised)?
        }
    };
    let traceback = match *raise {
        Raise::Builtin { traceback, .. } | Raise::Exception { traceback, .. } => traceback,
        Raise::Fatal(fatal) => return Err(Box::new(Raise::Fatal(fatal))),
    };
    Err(Box::new(Raise::Exception { value, traceback }))
}
