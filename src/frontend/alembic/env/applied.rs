//! The callbacks of `on_version_apply`, which are called after each step.

use std::any::Any;
use std::rc::Rc;

use super::Run;
use crate::diagnostic::Result;
use crate::frontend::alembic::bind;
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::project::failure;
use crate::operation::Located;
use crate::python::{Args, Dict, DictKey, Native, PyResult, Str, Value, Vm, builtins};
use crate::revision::{Direction, Step, StepKind};

/// What the callbacks execute after a step that leaves `rows` in the version table.
pub fn applied(
    vm: &mut Vm,
    run: &Run,
    step: &Step,
    rows: &[Str],
    arguments: &[(Str, Value)],
) -> Result<Vec<Located>> {
    host(vm).start(None);
    let outcome = call(vm, run, step, rows, arguments);
    let executed = host(vm).finish();
    match outcome {
        Ok(()) => Ok(executed),
        Err(raise) => Err(failure(vm, *raise, "a callback of `on_version_apply`")),
    }
}

fn call(
    vm: &mut Vm,
    run: &Run,
    step: &Step,
    rows: &[Str],
    arguments: &[(Str, Value)],
) -> PyResult<()> {
    for callback in &run.options.on_version_apply {
        let ids = Value::list(rows.iter().cloned().map(Value::Str).collect());
        let heads = match builtins::lookup(vm, "set") {
            Some(set) => vm.call(&set, Args::of(vec![ids]))?,
            None => ids,
        };
        let mut run_args = Dict::default();
        for (name, value) in arguments {
            run_args.insert(DictKey::str(name), value.clone());
        }
        let given = Args {
            pos: Vec::new(),
            kw: vec![
                ("ctx".into(), bind::context(vm)),
                ("step".into(), Value::native(StepInfo::new(step))),
                ("heads".into(), heads),
                ("run_args".into(), Value::dict(run_args)),
            ],
        };
        vm.call(callback, given)?;
    }
    Ok(())
}

/// `step` of a callback.
struct StepInfo {
    upgrade: bool,
    stamp: bool,
    from: Vec<Str>,
    to: Vec<Str>,
}

impl StepInfo {
    fn new(step: &Step) -> Self {
        Self {
            upgrade: step.direction == Direction::Upgrade,
            stamp: step.kind == StepKind::Stamp,
            from: step.from.clone(),
            to: step.to.clone(),
        }
    }
}

impl Native for StepInfo {
    fn type_name(&self) -> &str {
        "MigrationInfo"
    }

    fn as_any_rc(self: Rc<Self>) -> Rc<dyn Any> {
        self
    }

    fn get_attr(&self, _this: &Value, vm: &mut Vm, name: &str) -> PyResult<Option<Value>> {
        let (up, down) = if self.upgrade {
            (&self.to, &self.from)
        } else {
            (&self.from, &self.to)
        };
        let ids = |ids: &[Str]| Value::tuple(ids.iter().cloned().map(Value::Str).collect());
        Ok(Some(match name {
            "is_upgrade" => Value::Bool(self.upgrade),
            "is_stamp" => Value::Bool(self.stamp),
            "is_migration" => Value::Bool(!self.stamp),
            "up_revision_id" => up.first().cloned().map_or(Value::None, Value::Str),
            "up_revision_ids" => ids(up),
            "down_revision_ids" => ids(down),
            "source_revision_ids" => ids(&self.from),
            "destination_revision_ids" => ids(&self.to),
            "up_revision"
            | "up_revisions"
            | "down_revisions"
            | "source_revisions"
            | "destination_revisions" => Value::unknown(format!("`step.{name}`"), vm.location()),
            _ => return Ok(None),
        }))
    }
}
