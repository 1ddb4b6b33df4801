//! Functions of a project that compare what Alembic knows nothing of, and that write its own
//! operations: `comparators.dispatch_for(…)` and `renderers.dispatch_for(…)`.

use super::super::written::prefixes;
use crate::frontend::alembic::env::Options;
use crate::frontend::alembic::{bind, convert, raise, third_party};
use crate::python::{Args, Dict, DictKey, PyResult, Raise, Value, Vm};

const PACKAGE: &str = "alembic_autogenerate_api";

/// Whether the project has registered such functions.
pub(super) fn has_functions(vm: &mut Vm) -> PyResult<bool> {
    match third_party::name_if_imported(vm, PACKAGE, "has_functions") {
        Some(function) => {
            let answer = vm.call(&function, Args::default())?;
            vm.truth(&answer)
        }
        None => Ok(false),
    }
}

/// The functions, with the context that they get.
pub(super) struct Functions {
    context: Value,
}

impl Functions {
    /// Those of the project, where it has any.
    pub(super) fn of(vm: &mut Vm, wishes: &Options) -> PyResult<Option<Self>> {
        if !has_functions(vm)? {
            return Ok(None);
        }
        let metadata = wishes.target_metadata.clone().unwrap_or(Value::None);
        let mut opts = Dict::default();
        let mut set = |name: &str, value: Value| {
            opts.insert(DictKey::str(name), value);
        };
        set("target_metadata", metadata.clone());
        set("include_schemas", Value::Bool(wishes.include_schemas));
        set("render_as_batch", Value::Bool(wishes.render_as_batch));
        for (name, prefix) in prefixes(wishes) {
            set(name, prefix);
        }
        for name in ["include_name", "include_object", "render_item"] {
            set(name, wishes.function(name).cloned().unwrap_or(Value::None));
        }
        let arguments = vec![bind::context(vm), metadata, Value::dict(opts)];
        let context = call(vm, "AutogenContext", arguments)?;
        Ok(Some(Self { context }))
    }

    /// Lets the functions that compare add to what is proposed in the last part of a script.
    pub(super) fn compare(&self, vm: &mut Vm, script: &Value) -> PyResult<()> {
        call(vm, "compared", vec![self.context.clone(), script.clone()])?;
        Ok(())
    }

    /// The lines that a function of the project writes for an operation.
    pub(super) fn rendered(&self, vm: &mut Vm, operation: &Value) -> PyResult<Option<Vec<String>>> {
        let arguments = vec![self.context.clone(), operation.clone()];
        let answer = call(vm, "rendered", arguments)?;
        if answer.is_none() {
            return Ok(None);
        }
        let mut lines = Vec::new();
        for line in vm.iterate(&answer)? {
            raise::known(vm, &line, "what the project writes for an operation")?;
            lines.push(convert::text(vm, &line, "the line of a migration")?.to_string());
        }
        Ok(Some(lines))
    }

    /// Adds the imports that the functions have asked for.
    pub(super) fn imports(&self, vm: &mut Vm, imports: &mut Vec<String>) -> PyResult<()> {
        let asked = vm.get_attr(&self.context, "imports")?;
        for line in vm.iterate(&asked)? {
            let line = convert::text(vm, &line, "a line of imports")?.to_string();
            if !imports.contains(&line) {
                imports.push(line);
            }
        }
        imports.sort();
        Ok(())
    }
}

fn call(vm: &mut Vm, name: &str, arguments: Vec<Value>) -> PyResult {
    match third_party::name(vm, PACKAGE, name)? {
        Some(function) => vm.call(&function, Args::of(arguments)),
        None => Err(Raise::exception("AttributeError", name.to_owned())),
    }
}
