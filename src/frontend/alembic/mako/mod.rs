//! Mako templates, as far as those of revisions go: a project's `script.py.mako` is turned into
//! Python, which the evaluator runs in its sandbox.

mod generate;
mod lexer;

#[cfg(test)]
mod tests;

use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

use super::project::failure;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::python::vm::Module;
use crate::python::{Args, Builtin, Dict, DictKey, PyResult, Raise, Str, Value, Vm, syntax};
use crate::source::SourceFile;

const PRELUDE: &str = include_str!("prelude.py");
/// The largest template that is read, in bytes.
const MAX_SIZE: usize = 1 << 20;

/// What has been written, and what was put aside to capture a part.
#[derive(Default)]
struct Output {
    text: RefCell<String>,
    aside: RefCell<Vec<String>>,
}

/// Renders a template with names that it is given.
///
/// # Errors
/// A construct that is not understood, Python that is not valid, and exceptions of what is
/// evaluated, each with its place in the template.
pub fn render(vm: &mut Vm, file: &Arc<SourceFile>, names: Vec<(Str, Value)>) -> Result<String> {
    if file.text().len() > MAX_SIZE {
        let message = format!("the template is larger than {MAX_SIZE} bytes");
        return Err(lexer::problem(file, 0..0, message, "make it smaller"));
    }
    let nodes = lexer::parse(file)?;
    check_expressions(file, &nodes)?;
    let generated = generate::python(file, &nodes)?;
    let python = SourceFile::new(file.path(), generated.python.clone());
    let outcome = evaluate(vm, &python, names);
    outcome.map_err(|raise| {
        let about = file.path().file_name().unwrap_or_default();
        let mut found = match *raise {
            Raise::Fatal(fatal) => syntax_of_template(*fatal.diagnostic),
            raise => {
                let mut found = *failure(vm, raise, &about.to_string_lossy());
                found.code = Code::MakoTemplate;
                found.help = vec!["correct the template".to_owned()];
                found
            }
        };
        if found.primary.is_none() {
            found = found.at(crate::source::Location::new(
                Arc::clone(&python),
                crate::source::Span::default(),
            ));
        }
        generate::relocate(&generated, &python, file, &mut found);
        Box::new(found)
    })
}

/// What is said of a file of Python, said of the Python in a template.
fn syntax_of_template(found: Diagnostic) -> Diagnostic {
    if found.code != Code::PythonSyntax {
        return found;
    }
    let message = found
        .message
        .replace("the file is", "the template's Python is");
    Diagnostic {
        code: Code::MakoTemplate,
        message,
        help: vec!["correct the template".to_owned()],
        ..found
    }
}

/// Each expression has to be one by itself, so that none reaches beyond its braces.
fn check_expressions(file: &Arc<SourceFile>, nodes: &[lexer::Node]) -> Result<()> {
    for node in nodes {
        match node {
            lexer::Node::Expression { code, .. } => {
                let text = &file.text()[code.clone()];
                let alone = SourceFile::new(file.path(), format!("({text}\n)"));
                if let Err(found) = syntax::parse(&alone) {
                    return Err(Box::new(not_python(file, code.clone(), &found)));
                }
            }
            lexer::Node::Tag(tag) => check_expressions(file, &tag.nodes)?,
            lexer::Node::Text(_) | lexer::Node::Control(_) | lexer::Node::Code { .. } => {}
        }
    }
    Ok(())
}

fn not_python(
    file: &Arc<SourceFile>,
    code: std::ops::Range<usize>,
    found: &Diagnostic,
) -> Diagnostic {
    let reason = found
        .message
        .strip_prefix("the file is not valid Python: ")
        .unwrap_or(&found.message);
    *lexer::problem(
        file,
        code,
        format!("the expression is not valid Python: {reason}"),
        "correct the template",
    )
}

fn evaluate(vm: &mut Vm, python: &Arc<SourceFile>, names: Vec<(Str, Value)>) -> PyResult<String> {
    let prelude = SourceFile::built_in("mako", PRELUDE);
    let prelude = syntax::parse(&prelude).map_err(|found| Raise::fatal(*found))?;
    let parsed = syntax::parse(python).map_err(|found| Raise::fatal(*found))?;
    let output = Rc::new(Output::default());
    let module = vm.empty_module("script_py_mako", &prelude);
    let mut given = Dict::default();
    for (name, value) in &names {
        given.insert(DictKey::str(name), value.clone());
    }
    {
        let mut dict = module.dict.borrow_mut();
        dict.insert(Str::from("__M_names"), Value::dict(given));
        for (name, function) in machinery(&output) {
            dict.insert(Str::from(name), function);
        }
    }
    vm.run_in(&module, &prelude)?;
    let undefined = module.dict.borrow().get("UNDEFINED").cloned();
    {
        let mut dict = module.dict.borrow_mut();
        dict.swap_remove("__doc__");
        for (name, value) in names {
            dict.insert(name, value);
        }
    }
    predefine(
        vm,
        &module,
        python.text(),
        &undefined.unwrap_or(Value::None),
    );
    vm.run_in(&module, &parsed)?;
    // A module's functions refer to the module, which refers to them.
    module.dict.borrow_mut().clear();
    Ok(output.text.take())
}

/// Names that the template mentions and nothing defines are not errors, only nothing: so are
/// `imports` and `upgrades` when nothing was generated.
fn predefine(vm: &mut Vm, module: &Rc<Module>, python: &str, undefined: &Value) {
    let mut dict = module.dict.borrow_mut();
    for word in python.split(|c: char| !(c.is_alphanumeric() || c == '_')) {
        let is_name = word.starts_with(|c: char| c.is_alphabetic() || c == '_');
        if is_name && !dict.contains_key(word) && !vm.has_builtin(word) {
            dict.insert(Str::from(word), undefined.clone());
        }
    }
}

fn machinery(output: &Rc<Output>) -> [(&'static str, Value); 3] {
    let write = Rc::clone(output);
    let push = Rc::clone(output);
    let pop = Rc::clone(output);
    [
        (
            "__M_write",
            Builtin::value("write", move |vm, mut args: Args| {
                let value = args.require("write", "text")?;
                let Some(text) = value.as_str() else {
                    if let Value::Unknown(unknown) = &value {
                        return Err(vm.unknown(unknown, "is printed"));
                    }
                    let found = vm.type_name(&value);
                    return Err(Raise::exception(
                        "TypeError",
                        format!("expected str instance, {found} found"),
                    ));
                };
                vm.charge(text.len())?;
                write.text.borrow_mut().push_str(&text);
                Ok(Value::from(""))
            }),
        ),
        (
            "__M_push",
            Builtin::value("push", move |_, _| {
                push.aside.borrow_mut().push(push.text.take());
                Ok(Value::None)
            }),
        ),
        (
            "__M_pop",
            Builtin::value("pop", move |_, _| {
                let before = pop.aside.borrow_mut().pop().unwrap_or_default();
                Ok(Value::from(pop.text.replace(before)))
            }),
        ),
    ]
}
