//! Parses and evaluates a module, with small budgets.
#![no_main]

use std::rc::Rc;
use std::sync::Arc;

use gensql::python::vm::{Budget, Module, STACK_SIZE};
use gensql::python::{Importer, PyResult, Vm, stdlib};
use gensql::source::SourceFile;
use libfuzzer_sys::fuzz_target;

struct Alone;

impl Importer for Alone {
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
        stdlib::module(vm, dotted)
    }

    fn project_module(&self, _dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        None
    }

    fn open(&self, _path: &str) -> Result<Vec<u8>, String> {
        Err("no such file".to_owned())
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
}

fuzz_target!(|text: &str| {
    let text = text.to_owned();
    let run = move || {
        let budget = Budget {
            steps: 20_000,
            depth: 60,
            memory: 16 << 20,
        };
        let mut vm = Vm::new(Rc::new(Alone), budget);
        let _ = vm.run_module("fuzzed", &SourceFile::new("fuzzed.py", text));
    };
    let thread = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(run);
    if thread.is_ok_and(|thread| thread.join().is_err()) {
        std::process::abort();
    }
});
