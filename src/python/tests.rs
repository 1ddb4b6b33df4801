//! The evaluator against CPython on small programs.

use std::collections::BTreeSet;
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

/// What a program prints, with the error that ended it and, where wanted, its place.
fn evaluate(path: &Path, text: String, place: bool) -> String {
    let mut vm = Vm::new(Rc::new(Alone), Budget::default());
    let file = SourceFile::new(path.to_path_buf(), text);
    let result = vm.run_module("__main__", &file);
    let mut out = vm.printed.borrow().clone();
    if let Err(raise) = result {
        let diagnostic = exec::diagnostic(&mut vm, &raise);
        out.push_str("!! ");
        out.push_str(&diagnostic.message);
        if place {
            let at = diagnostic.primary.map(|at| at.to_string());
            out.push_str(&format!(" {}", at.unwrap_or_default()));
        }
        out.push('\n');
    }
    out
}

/// Evaluates on a thread with enough stack.
fn with_stack<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    let thread = std::thread::Builder::new()
        .stack_size(STACK_SIZE)
        .spawn(work);
    thread.unwrap().join().unwrap()
}

fn run(path: &Path, text: String) -> String {
    let path = path.to_path_buf();
    with_stack(move || evaluate(&path, text, true))
}

/// The parts of a file under lines `### title`.
fn snippets(text: &str) -> Vec<(String, String)> {
    let mut parts: Vec<(String, String)> = Vec::new();
    for line in text.lines() {
        if let Some(title) = line.strip_prefix("### ") {
            parts.push((title.to_owned(), String::new()));
        } else if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
            part.push('\n');
        }
    }
    parts
}

/// What CPython answers now for a file of snippets; `None` when there is none of the version that
/// wrote the expectation, since messages change from one to the next.
fn asked_again(path: &Path, kept: &str) -> Option<String> {
    let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/snippets.py");
    let output = std::process::Command::new("python3")
        .args(["-W", "ignore"])
        .arg(script)
        .arg(path)
        .env("PYTHONHASHSEED", "0")
        .env("PYTHONIOENCODING", "utf-8")
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .output()
        .ok()?;
    let answer = String::from_utf8(output.stdout).ok()?;
    (answer.lines().next()? == kept.lines().next()?).then_some(answer)
}

/// Each snippet of `tests/python/snippets/*.py` prints what CPython prints, except for those that
/// `differences.txt` lists with the reason, which must still differ.
#[test]
fn snippets_print_what_cpython_prints() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/python/snippets");
    let listed = std::fs::read_to_string(folder.join("differences.txt")).unwrap();
    let mut differing: BTreeSet<String> = listed
        .lines()
        .filter(|line| !line.starts_with('#') && !line.trim().is_empty())
        .map(|line| line.split(" -- ").next().unwrap_or(line).to_owned())
        .collect();
    let mut failed = Vec::new();
    let mut count = 0;
    let mut paths: Vec<_> = std::fs::read_dir(&folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|e| e == "py"))
        .collect();
    paths.sort();
    for path in paths {
        let kept = std::fs::read_to_string(path.with_extension("out")).unwrap();
        if let Some(answer) = asked_again(&path, &kept)
            && answer != kept
        {
            failed.push(format!(
                "{}: CPython answers otherwise than the kept answer; run tests/oracle/snippets.py --write",
                path.display()
            ));
        }
        let parts = snippets(&std::fs::read_to_string(&path).unwrap());
        let stem = path.file_stem().unwrap().to_string_lossy().into_owned();
        let wanted = snippets(&kept);
        assert_eq!(parts.len(), wanted.len(), "{}", path.display());
        let file = path.clone();
        let got: Vec<String> = with_stack(move || {
            let run = |(_, text): (String, String)| evaluate(&file, text, false);
            parts.into_iter().map(run).collect()
        });
        for ((title, wanted), got) in wanted.into_iter().zip(got) {
            count += 1;
            let name = format!("{stem}: {title}");
            match (got == wanted, differing.remove(&name)) {
                (true, false) | (false, true) => {}
                (true, true) => failed.push(format!("{name}: no longer differs")),
                (false, false) => {
                    failed.push(format!("{name}:\n--- got\n{got}--- wanted\n{wanted}"));
                }
            }
        }
    }
    for name in differing {
        failed.push(format!("{name}: listed, but there is no such snippet"));
    }
    assert!(count >= 400, "only {count} snippets");
    assert!(
        failed.is_empty(),
        "{} of {count} differ\n{}",
        failed.len(),
        failed.join("\n")
    );
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
        (
            "memory",
            "y = []\nfor i in range(10_000): globals()['a' + str(i)] = i\nwhile True: y.append(globals().copy())\n",
        ),
        (
            "memory",
            "y = []\nd = {'a' + str(i): i for i in range(10_000)}\nwhile True: y.append(type('A', (), d))\n",
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
