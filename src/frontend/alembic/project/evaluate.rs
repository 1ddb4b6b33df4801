//! Evaluating a revision.

use std::path::Path;
use std::rc::Rc;
use std::sync::Arc;

use super::ahead::Ahead;
use super::header::Header;
use super::revisions::{no_revision, revision as from_header};
use crate::catalog::Taint;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::frontend::alembic::host::host;
use crate::operation::Located;
use crate::python::error::Fatal;
use crate::python::vm::Module;
use crate::python::{Args, PyResult, Raise, Str, Value, Vm, stdlib, syntax};
use crate::revision::{Direction, Revision};
use crate::source::{Location, SourceFile};

/// What an exception that nobody caught looks like to the user.
pub fn diagnostic(vm: &mut Vm, raise: Raise, about: &str) -> Box<Diagnostic> {
    if let Raise::Fatal(fatal) = raise {
        return Box::new(placed(fatal));
    }
    let found = crate::python::exec::diagnostic(vm, &raise);
    let hint = vm.hint.take();
    let found = match hint.filter(|hint| found.message.contains(&hint.about)) {
        Some(hint) => hint
            .note
            .into_iter()
            .fold(found, Diagnostic::with_note)
            .with_help(hint.help),
        None => found.with_help(
            "correct the migration; what needs a database to be connected belongs under `if not context.is_offline_mode():`",
        ),
    };
    let message = format!("{about} raises {}", found.message);
    let found = Diagnostic { message, ..found };
    Box::new(match host(vm).no_rows.take() {
        Some(place) => found.label(
            place,
            "finds no row in a database that began empty: nothing before it writes one",
        ),
        None => found,
    })
}

/// What ended an evaluation, where its user can find it: not in the standard library, and with the
/// outermost place that called what needed it, where that is another file.
fn placed(fatal: Fatal) -> Diagnostic {
    let Fatal {
        diagnostic,
        cause: _,
        calls,
    } = fatal;
    let mut diagnostic = *diagnostic;
    let library = |at: &Location| stdlib::of_file(&at.file);
    if let Some(module) = diagnostic.primary.as_ref().and_then(library)
        && let Some(called) = calls.first()
    {
        diagnostic.primary = Some(called.clone());
        diagnostic = diagnostic.with_note(format!("inside `{module}` of the standard library"));
    }
    diagnostic
        .labels
        .retain(|label| library(&label.location).is_none());
    let elsewhere = |at: &Location| {
        let primary = diagnostic.primary.as_ref();
        primary.is_some_and(|primary| !Arc::ptr_eq(&primary.file, &at.file))
    };
    match calls.into_iter().next_back().filter(elsewhere) {
        Some(called) => diagnostic.label(called, "called from here"),
        None => diagnostic,
    }
}

fn module_name(path: &Path) -> String {
    let stem = path.file_name().unwrap_or_default().to_string_lossy();
    stem.chars()
        .map(|c| {
            if c.is_alphanumeric() || c == '_' {
                c
            } else {
                '_'
            }
        })
        .collect()
}

/// The operations of a revision in one direction.
pub fn operations(
    vm: &mut Vm,
    revision: &Revision,
    direction: Direction,
    arguments: Vec<(Str, Value)>,
    ahead: Option<&Ahead>,
) -> Result<Vec<Located>> {
    let (recorded, stopped) = as_far(vm, revision, direction, arguments, ahead);
    match stopped {
        None => Ok(recorded),
        Some(stopped) => Err(stopped.diagnostic),
    }
}

/// Why a revision was not evaluated to its end.
pub struct Stopped {
    /// What is to be said of it.
    pub diagnostic: Box<Diagnostic>,
    /// What is not known of tables because of that.
    pub hides: Taint,
}

/// The operations of a revision in one direction as far as it can be evaluated, and what stopped
/// it.
pub fn as_far(
    vm: &mut Vm,
    revision: &Revision,
    direction: Direction,
    arguments: Vec<(Str, Value)>,
    ahead: Option<&Ahead>,
) -> (Vec<Located>, Option<Stopped>) {
    let file = match &revision.location {
        Some(location) => Arc::clone(&location.file),
        None => match super::files::read_source(&revision.path, vm.budget.memory) {
            Ok(file) => file,
            Err(diagnostic) => {
                let hides = Taint::Everything;
                return (Vec::new(), Some(Stopped { diagnostic, hides }));
            }
        },
    };
    let name = module_name(&revision.path);
    let function = match direction {
        Direction::Upgrade => "upgrade",
        Direction::Downgrade => "downgrade",
    };
    host(vm).start(Some(Arc::clone(&file)));
    let of = || format!("revision {}, {function}()", revision.id);
    super::manual::begin(vm, &file, of);
    let ready = ahead.and_then(|ahead| ahead.take(&file));
    let mut module = None;
    let outcome = match ready.unwrap_or_else(|| syntax::parse(&file)) {
        Ok(parsed) => {
            let outcome = run(vm, &name, &parsed, function, arguments, &mut module);
            if let Some(ahead) = ahead {
                ahead.give_back(parsed);
            }
            outcome
        }
        Err(diagnostic) => Err(Raise::fatal(*diagnostic)),
    };
    let outcome =
        outcome.or_else(|raise| super::manual::rest(vm, module.as_ref(), &file, function, raise));
    let recorded = host(vm).finish();
    let stopped = outcome.err().map(|raise| {
        let place = vm.unwound.take();
        let about = format!("revision {}: {function}()", revision.id);
        Stopped {
            diagnostic: diagnostic(vm, *raise, &about),
            hides: super::manual::hidden(vm, module.as_ref(), &file, function, place.as_ref()),
        }
    });
    // A module's functions refer to the module, which refers to them: without this, no revision
    // would ever be freed.
    if let Some(module) = module
        && stopped.is_none()
    {
        module.dict.borrow_mut().clear();
    }
    (recorded, stopped)
}

fn run(
    vm: &mut Vm,
    name: &str,
    parsed: &syntax::Module,
    function: &str,
    arguments: Vec<(Str, Value)>,
    evaluated: &mut Option<Rc<Module>>,
) -> PyResult<()> {
    let kept = registered(vm);
    let module = vm.run_parsed(name, parsed)?;
    *evaluated = Some(Rc::clone(&module));
    let found = module.dict.borrow().get(function).cloned();
    let Some(found) = found else {
        return Err(Raise::fatal(
            Diagnostic::error(
                Code::NotARevision,
                format!("module '{name}' has no attribute '{function}'"),
            )
            .at(crate::source::Location::new(
                Arc::clone(&parsed.file),
                crate::source::Span::default(),
            ))
            .with_help(format!(
                "define `def {function}(): pass` in the revision if there is nothing to do"
            )),
        ));
    };
    let called = vm.find_attr(&found, "__name__")?;
    let called = called.and_then(|name| name.as_str());
    *host(vm).called.borrow_mut() = called.filter(|name| **name != *function);
    let result = vm.call(
        &found,
        Args {
            pos: Vec::new(),
            kw: arguments,
        },
    );
    // What a revision registered for later ones stays whole.
    if registered(vm) != kept {
        *evaluated = None;
    }
    result.map(drop)
}

/// How much evaluated code has registered for later use.
fn registered(vm: &mut Vm) -> usize {
    let host = host(vm);
    let directives = host.directives.borrow().len();
    let implementations = host.implementations.borrow().len();
    directives + implementations + host.compilations.borrow().len()
}

/// The header of a revision that computes it.
pub fn header(vm: &mut Vm, path: &Path, file: &Arc<SourceFile>) -> Result<Revision> {
    let name = module_name(path);
    host(vm).start(Some(Arc::clone(file)));
    let outcome = vm.run_module(&name, file).and_then(|module| {
        let header = read_header(vm, &module)?;
        Ok(header)
    });
    host(vm).finish();
    match outcome {
        Ok(Some(header)) => Ok(from_header(path, Arc::clone(file), header)),
        Ok(None) => Err(no_revision(path, Arc::clone(file))),
        Err(raise) => Err(diagnostic(
            vm,
            *raise,
            &format!("the file `{}`", path.display()),
        )),
    }
}

fn read_header(vm: &mut Vm, module: &Rc<Module>) -> PyResult<Option<Header>> {
    let attr = |name: &str| module.dict.borrow().get(name).cloned();
    let Some(id) = attr("revision").and_then(|id| id.as_str()) else {
        return Ok(None);
    };
    let mut list = |name: &str| -> PyResult<Vec<Str>> {
        match attr(name) {
            None | Some(Value::None) => Ok(Vec::new()),
            Some(value) => match value.as_str() {
                Some(text) => Ok(vec![text]),
                None => Ok(vm
                    .iterate(&value)?
                    .iter()
                    .filter_map(Value::as_str)
                    .collect()),
            },
        }
    };
    Ok(Some(Header {
        revision: id,
        down_revisions: list("down_revision")?,
        branch_labels: list("branch_labels")?,
        depends_on: list("depends_on")?,
        doc: attr("__doc__").and_then(|doc| doc.as_str()),
        offset: 0,
    }))
}
