//! The evaluator against CPython on small programs.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::vm::{Budget, Importer, Module, STACK_SIZE, Vm};
use super::{PyResult, exec};
use crate::source::SourceFile;

struct Alone;

impl Importer for Alone {
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>> {
        super::stdlib::module(vm, dotted)
    }

    fn project_module(&self, _dotted: &str) -> Option<(Arc<SourceFile>, bool)> {
        None
    }

    fn open(&self, path: &str) -> Result<Vec<u8>, String> {
        Err(format!("No such file or directory: '{path}'"))
    }

    fn environment(&self, _name: &str) -> Option<String> {
        None
    }
}

/// What a program prints, with the error that ended it.
fn run(path: &Path, text: String) -> String {
    let path = path.to_path_buf();
    let thread = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(move || {
            let mut vm = Vm::new(Rc::new(Alone), Budget::default());
            let file = SourceFile::new(path, text);
            let result = vm.run_module("__main__", &file);
            let mut out = vm.printed.borrow().clone();
            if let Err(raise) = result {
                let diagnostic = exec::diagnostic(&mut vm, &raise);
                let at = diagnostic
                    .primary
                    .map(|at| at.to_string())
                    .unwrap_or_default();
                out.push_str(&format!("!! {} {at}\n", diagnostic.message));
            }
            out
        });
    thread.unwrap().join().unwrap()
}

/// Each `tests/python/*.py` prints what the `.out` beside it holds, which CPython wrote.
#[test]
fn programs_print_what_cpython_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python");
    let mut failed = Vec::new();
    let mut count = 0;
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    paths.sort();
    for path in paths {
        let text = std::fs::read_to_string(&path).unwrap();
        let wanted = std::fs::read_to_string(path.with_extension("out")).unwrap();
        let got = run(&path, text);
        count += 1;
        if got != wanted {
            let diff = got
                .lines()
                .zip(wanted.lines())
                .find(|(a, b)| a != b)
                .map(|(a, b)| format!("got    {a}\n  wanted {b}"))
                .unwrap_or_else(|| {
                    format!(
                        "got {} lines, wanted {}\n{}",
                        got.lines().count(),
                        wanted.lines().count(),
                        got.lines().last().unwrap_or_default()
                    )
                });
            failed.push(format!("{}:\n  {diff}", path.display()));
        }
    }
    assert!(count > 0, "no programs in {}", folder.display());
    assert!(
        failed.is_empty(),
        "{} of {count} differ\n{}",
        failed.len(),
        failed.join("\n")
    );
}

/// Values that grow without bound, and text that nests without bound, are refused.
#[test]
fn growth_has_bounds() {
    let nested = format!(
        "x = f\"{{1:{}{}}}\"\n",
        "{1:".repeat(5000),
        "}".repeat(5000)
    );
    let brackets = format!("x = f\"{{{}1{}}}\"\n", "(".repeat(5000), ")".repeat(5000));
    let programs = [
        ("memory", "x = list('a' * 100_000_000)\n"),
        ("memory", "x = (1, 2)\nwhile True: x = (*x, *x)\n"),
        ("memory", "x = [1, 2]\nwhile True: x = [*x, *x]\n"),
        (
            "memory",
            "a = list(range(100_000))\ny = []\nwhile True:\n  *b, = a\n  y.append(b)\n",
        ),
        (
            "memory",
            "x = list(range(10_000))\ny = []\ndef f(*k): return k\nwhile True: y.append(f(*x))\n",
        ),
        (
            "memory",
            "x = 'a' * 1_000_000\ny = []\nwhile True: y.append(x[1:])\n",
        ),
        (
            "memory",
            "x = ' ' + 'a' * 1_000_000\ny = []\nwhile True: y.append(x.strip())\n",
        ),
        ("steps", "while True: pass\n"),
        ("nested calls", "def f(n): return f(n + 1)\nf(0)\n"),
        ("nested too deeply", nested.as_str()),
        ("nested too deeply", brackets.as_str()),
    ];
    for (wanted, program) in programs {
        let out = run(Path::new("growth.py"), program.to_owned());
        let shown: String = program.chars().take(60).collect();
        assert!(out.contains(wanted), "{shown}\ngives {out}");
    }
}
