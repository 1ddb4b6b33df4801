//! How the evaluator of a project finds modules.

use std::rc::Rc;
use std::sync::Arc;

use super::importer::Sandbox;
use crate::diagnostic::{Code, Diagnostic};
use crate::frontend::alembic::host::host;
use crate::frontend::alembic::modules;
use crate::frontend::alembic::types::configured;
use crate::python::stdlib::{self, fixed::FixedInputs};
use crate::python::vm::Module;
use crate::python::{Builtin, Importer, PyResult, Str, Value, Vm};
use crate::source::SourceFile;

/// Modules written in Rust, and files within the sandbox.
pub struct ProjectImporter {
    sandbox: Rc<Sandbox>,
}

impl ProjectImporter {
    /// An importer for a sandbox.
    pub fn new(sandbox: &Rc<Sandbox>) -> Self {
        Self {
            sandbox: Rc::clone(sandbox),
        }
    }
}

impl Importer for ProjectImporter {
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
        match modules::module(vm, dotted)? {
            Some(module) => Ok(Some(module)),
            None => match stdlib::module(vm, dotted)? {
                Some(module) => Ok(Some(tolerant(module))),
                None if self.sandbox.module(dotted).is_none() => Ok(configured::module(vm, dotted)),
                None => Ok(None),
            },
        }
    }

    fn overrides(&self, vm: &mut Vm, dotted: &str) -> PyResult<Vec<(Str, Value)>> {
        if host(vm).configured_types.is_empty() {
            return Ok(Vec::new());
        }
        configured::overrides(vm, dotted)
    }

    fn project_module(&self, dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        self.sandbox.module(dotted)
    }

    fn open(&self, path: &str) -> Result<Vec<u8>, String> {
        self.sandbox.open(path)
    }

    fn directory(&self, path: &str) -> Option<Vec<(String, bool)>> {
        self.sandbox.directory(path)
    }

    fn is_directory(&self, path: &str) -> bool {
        self.sandbox.find_directory(path).is_some()
    }

    fn working_directory(&self) -> Option<String> {
        Some(self.sandbox.working_directory()?.to_string_lossy().into())
    }

    fn distribution(&self, name: &str) -> Option<String> {
        self.sandbox.distribution(name)
    }

    fn environment(&self, name: &str) -> Option<String> {
        std::env::var(name).ok()
    }
}

/// A module of the standard library whose missing parts are unknown rather than errors, since what
/// is missing is gensql's knowledge of them.
fn tolerant(module: Rc<Module>) -> Rc<Module> {
    let own = module.name.clone();
    let mut dict = module.dict.borrow_mut();
    let known = match &*own {
        "sys" => Some(("warnoptions", Value::list(Vec::new()))),
        "os.path" | "posixpath" => Some(("pardir", Value::from(".."))),
        // Migrations are the same on every machine.
        "platform" => Some((
            "system",
            Builtin::value("system", |_, _| Ok(Value::from("Linux"))),
        )),
        _ => None,
    };
    if &*own == "sys" {
        // The name of the program is always there.
        dict.insert(Str::from("argv"), Value::list(vec![Value::from("alembic")]));
    }
    if let Some((name, value)) = known {
        dict.entry(Str::from(name)).or_insert(value);
    }
    dict.entry(Str::from("__getattr__")).or_insert_with(|| {
        Builtin::value("__getattr__", move |vm, mut args| {
            let name = args.require("__getattr__", "name")?;
            let dotted = format!("{own}.{}", vm.str(&name)?);
            if modules::module(vm, &dotted)?.is_some() || stdlib::module(vm, &dotted)?.is_some() {
                return vm.import(&dotted);
            }
            let place = vm.location();
            Ok(Value::unknown(format!("`{dotted}`"), place))
        })
    });
    drop(dict);
    module
}

/// A warning for each use of the clock or of random values since the last call.
pub fn fixed_inputs(vm: &mut Vm) -> Vec<Diagnostic> {
    let Some(inputs) = vm.host::<FixedInputs>() else {
        return Vec::new();
    };
    let used = std::mem::take(&mut *inputs.used.borrow_mut());
    used.into_iter()
        .map(|(what, place)| {
            Diagnostic::warning(
                Code::FixedValue,
                format!("{what} differs each time in Python; the script has a fixed value"),
            )
            .at(place)
            .with_help("let the database compute it, or write the value into the revision")
        })
        .collect()
}
