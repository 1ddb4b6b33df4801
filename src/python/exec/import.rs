//! Imports: native modules first, then the project's own, else a value that is not known.

use std::cell::{Cell, RefCell};
use std::path::{Path, PathBuf};
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use super::super::class::Namespace;
use super::super::error::{PyResult, Raise};
use super::super::syntax::ast::Stmt;
use super::super::syntax::{self, ast};
use super::super::value::{Str, Unknown, Value};
use super::super::vm::{Module, Vm};
use super::frame::Frame;
use super::{attribute, bound, exception, statement, target};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::Span;

/// Names that an ordinary revision's module has.
const NAMES: usize = 14;

/// The names that every module has, made once.
struct Dunder {
    name: Str,
    file: Str,
    package: Str,
    doc: Str,
    spec: Str,
}

static DUNDER: LazyLock<Dunder> = LazyLock::new(|| Dunder {
    name: Str::from("__name__"),
    file: Str::from("__file__"),
    package: Str::from("__package__"),
    doc: Str::from("__doc__"),
    spec: Str::from("__spec__"),
});

/// What a module's `__spec__` has, made once.
struct SpecNames {
    class: Str,
    name: Str,
    parent: Str,
    origin: Str,
}

static SPEC: LazyLock<SpecNames> = LazyLock::new(|| SpecNames {
    class: Str::from("ModuleSpec"),
    name: Str::from("name"),
    parent: Str::from("parent"),
    origin: Str::from("origin"),
});

/// A module that is about to be executed.
pub fn new_module(vm: &Vm, name: &str, parsed: &syntax::Module, package: bool) -> Rc<Module> {
    let path = parsed.file.path();
    // CPython's is absolute: migrations walk up from it.
    let whole: PathBuf = match (path.to_str(), vm.importer.working_directory()) {
        (Some(name), _) if name.starts_with('<') => path.to_path_buf(),
        (Some(plain), Some(working)) if !plain.contains("./") && !plain.contains("//") => {
            Path::new(&working).join(path)
        }
        (_, Some(working)) => Path::new(&working).join(path).components().collect(),
        (_, None) => path.to_path_buf(),
    };
    let directory = package.then(|| whole.parent().map(|p| p.to_string_lossy().into_owned()));
    let origin = Value::str(whole.to_string_lossy());
    let name = Str::from(name);
    let parent = match package {
        true => Value::Str(name.clone()),
        false => Value::str(name.rsplit_once('.').map_or("", |(parent, _)| parent)),
    };
    let mut dict = Namespace::default();
    dict.reserve(NAMES);
    dict.insert(DUNDER.name.clone(), Value::Str(name.clone()));
    dict.insert(DUNDER.file.clone(), origin.clone());
    dict.insert(DUNDER.package.clone(), parent.clone());
    dict.insert(
        DUNDER.doc.clone(),
        parsed.doc.clone().map_or(Value::None, Value::Str),
    );
    let spec = spec(Value::Str(name.clone()), parent, origin);
    dict.insert(DUNDER.spec.clone(), spec);
    if let Some(directory) = directory {
        let directory = Value::from(directory.unwrap_or_default());
        dict.insert(Str::from("__path__"), Value::list(vec![directory]));
    }
    Rc::new(Module {
        name,
        dict: RefCell::new(dict),
        lazy: None,
        file: Some(path.to_path_buf()),
    })
}

/// `__spec__`: where a module comes from.
fn spec(name: Value, parent: Value, origin: Value) -> Value {
    let mut dict = Namespace::default();
    dict.insert(SPEC.name.clone(), name);
    dict.insert(SPEC.parent.clone(), parent);
    dict.insert(SPEC.origin.clone(), origin);
    Value::Module(Rc::new(Module {
        name: SPEC.class.clone(),
        dict: RefCell::new(dict),
        lazy: None,
        file: None,
    }))
}

/// Executes a module's statements.
pub fn execute(vm: &mut Vm, module: &Rc<Module>, parsed: &syntax::Module) -> PyResult<()> {
    if vm.frames.len() >= vm.budget.depth {
        return Err(vm.exceeded("nested calls", "--max-depth"));
    }
    vm.frames.push(Frame {
        file: Arc::clone(&parsed.file),
        globals: Rc::clone(module),
        env: None,
        class: None,
        owner: None,
        span: Cell::new(Span::default()),
    });
    let result = statement::block(vm, &parsed.body);
    let result = exception::traced(vm, result);
    vm.frames.pop();
    result.map(drop)
}

/// Imports a module with its parents, and returns the innermost one.
pub fn import(vm: &mut Vm, dotted: &str) -> PyResult {
    if let Some(known) = vm.modules.get(dotted) {
        return Ok(known.clone());
    }
    let found = find(vm, dotted)?;
    if let Value::Module(module) = &found {
        for (name, value) in vm.importer().overrides(vm, dotted)? {
            module.dict.borrow_mut().insert(name, value);
        }
    }
    Ok(found)
}

fn find(vm: &mut Vm, dotted: &str) -> PyResult {
    if dotted.len() > 1000 || dotted.matches('.').count() > 50 {
        return Err(Raise::exception(
            "ImportError",
            "the module's name is too long",
        ));
    }
    let parent = match dotted.rsplit_once('.') {
        Some((parent, _)) => Some(import(vm, parent)?),
        None => None,
    };
    if let Some(known) = vm.modules.get(dotted) {
        return Ok(known.clone());
    }
    let importer = vm.importer();
    if let Some(module) = importer.native_module(vm, dotted)? {
        let value = Value::Module(module);
        return Ok(remember(vm, dotted, parent.as_ref(), value));
    }
    // A name of a native module that is itself a module.
    if let Some(Value::Module(parent_module)) = &parent
        && parent_module.file.is_none()
        && let Some((_, name)) = dotted.rsplit_once('.')
    {
        let known = parent_module.dict.borrow().get(name).cloned();
        if let Some(value @ Value::Module(_)) = known {
            return Ok(remember(vm, dotted, None, value));
        }
    }
    if let Some((file, package)) = importer.project_module(dotted) {
        return project(vm, dotted, &file, package, parent.as_ref());
    }
    let value = match &parent {
        Some(Value::Unknown(unknown)) => {
            attribute::unknown_part(vm, unknown, format!("module `{dotted}`"))
        }
        _ => Value::unknown(format!("module `{dotted}`"), vm.location()),
    };
    Ok(remember(vm, dotted, None, value))
}

fn remember(vm: &mut Vm, dotted: &str, parent: Option<&Value>, value: Value) -> Value {
    vm.modules.insert(Str::from(dotted), value.clone());
    if let (Some(Value::Module(parent)), Some((_, name))) = (parent, dotted.rsplit_once('.')) {
        let mut dict = parent.dict.borrow_mut();
        if !dict.contains_key(name) {
            dict.insert(Str::from(name), value.clone());
        }
    }
    value
}

fn project(
    vm: &mut Vm,
    dotted: &str,
    file: &Arc<crate::source::SourceFile>,
    package: bool,
    parent: Option<&Value>,
) -> PyResult {
    let parsed = match syntax::parse(file) {
        Ok(parsed) => parsed,
        Err(diagnostic) => {
            let what = format!("module `{dotted}` ({})", diagnostic.message);
            let value = Value::unknown(what, diagnostic.primary.clone());
            return Ok(remember(vm, dotted, None, value));
        }
    };
    let module = new_module(vm, dotted, &parsed, package);
    let value = remember(vm, dotted, parent, Value::Module(Rc::clone(&module)));
    execute_leniently(vm, &module, &parsed, &mut |_, _, _| true)?;
    Ok(value)
}

/// The key under which a module keeps why names may be missing from it.
pub(super) const INCOMPLETE: &str = "<incomplete>";

/// Whether a module goes on after a statement that fails.
pub type GoesOn<'a> = &'a mut dyn FnMut(&mut Vm, &Stmt, &Diagnostic) -> bool;

/// Executes a project module that a migration imports. A migration usually needs a constant or a
/// type from it, not the application behind it: a statement that fails leaves the names that it
/// binds unknown, and the module goes on.
///
/// `goes_on` is asked about each statement that fails; where it says no, the failure is the
/// module's.
pub fn execute_leniently(
    vm: &mut Vm,
    module: &Rc<Module>,
    parsed: &syntax::Module,
    goes_on: GoesOn<'_>,
) -> PyResult<()> {
    if vm.frames.len() >= vm.budget.depth {
        return Err(vm.exceeded("nested calls", "--max-depth"));
    }
    vm.frames.push(Frame {
        file: Arc::clone(&parsed.file),
        globals: Rc::clone(module),
        env: None,
        class: None,
        owner: None,
        span: Cell::new(Span::default()),
    });
    let depth = vm.frames.len();
    for stmt in &parsed.body {
        let Err(raise) = statement::execute(vm, stmt) else {
            continue;
        };
        vm.frames.truncate(depth);
        let mut diagnostic = exception::diagnostic(vm, &raise);
        if diagnostic.primary.is_none() {
            // The module's own frame has not been left yet, so the traceback lacks it.
            diagnostic.primary = vm.location();
        }
        if diagnostic.code == Code::BudgetExceeded || !goes_on(vm, stmt, &diagnostic) {
            vm.frames.pop();
            return exception::traced(vm, Err(raise));
        }
        let reason = Rc::new(Unknown {
            what: match diagnostic.message.split_once(" is not known here") {
                Some((needed, _)) => {
                    // What a module needs that another one needs is what is missing in the end.
                    let needed = needed.rsplit(NEEDS).next().unwrap_or(needed);
                    format!("module `{}`{NEEDS}{needed}", module.name)
                }
                None => format!(
                    "module `{}`, which fails: {}",
                    module.name, diagnostic.message
                ),
            },
            origin: diagnostic.primary.clone(),
            from: None,
            read: false,
            compared: None,
        });
        for name in bound::names(stmt) {
            if !module.dict.borrow().contains_key(&name) {
                let what = format!("`{name}` of {}", reason.what);
                let value = attribute::unknown_part(vm, &reason, what);
                module.dict.borrow_mut().insert(name, value);
            }
        }
        module
            .dict
            .borrow_mut()
            .insert(Str::from(INCOMPLETE), Value::Unknown(reason));
    }
    vm.frames.pop();
    Ok(())
}

/// Between a module and what its evaluation misses.
const NEEDS: &str = ", which needs ";

/// A call of something that is not known stands alone as a statement. Code of the project itself
/// may change the database there, so the statement cannot be passed over; that of a library may
/// (it logs, or shows progress).
///
/// # Errors
/// [`Code::UnknownValue`] when the value comes from the project.
pub(super) fn effect_needed(vm: &Vm, unknown: &Rc<Unknown>) -> PyResult<()> {
    let root = std::iter::successors(Some(unknown), |u| u.from.as_ref()).last();
    let Some(dotted) = root.and_then(|root| root.what.strip_prefix("module `")) else {
        return Ok(());
    };
    let top = dotted.split(['`', '.']).next().unwrap_or_default();
    if vm.importer().project_module(top).is_none() {
        return Ok(());
    }
    Err(vm.unknown(unknown, "what it does may belong into the script"))
}

/// `import a.b.c` binds `a`; with `as`, it binds the innermost.
pub fn statement(vm: &mut Vm, dotted: &str, alias: bool) -> PyResult {
    let inner = import(vm, dotted)?;
    match dotted.split_once('.') {
        Some((top, _)) if !alias => import(vm, top),
        _ => Ok(inner),
    }
}

/// A submodule reached as an attribute of its package.
pub fn submodule(vm: &mut Vm, module: &Rc<Module>, name: &str) -> PyResult<Option<Value>> {
    let dotted = format!("{}.{name}", module.name);
    if let Some(known) = vm.modules.get(&*dotted) {
        return Ok(Some(known.clone()));
    }
    // Python only finds submodules that something imported. Native packages import theirs; for the
    // project's, what would have imported it may lie beyond what is evaluated.
    if module.file.is_some() && vm.importer().project_module(&dotted).is_some() {
        return import(vm, &dotted).map(Some);
    }
    if module.file.is_none()
        && let Some(found) = vm.importer().native_module(vm, &dotted)?
    {
        let value = Value::Module(found);
        return Ok(Some(remember(
            vm,
            &dotted,
            Some(&Value::Module(Rc::clone(module))),
            value,
        )));
    }
    Ok(None)
}

/// `from module import names`.
pub fn from(
    vm: &mut Vm,
    module: Option<&str>,
    level: u32,
    names: &[(Str, ast::Var)],
    star: bool,
) -> PyResult<()> {
    let dotted = absolute(vm, module, level)?;
    let source = import(vm, &dotted)?;
    if star {
        return import_star(vm, &source, &dotted);
    }
    for (name, var) in names {
        let value = match &source {
            Value::Unknown(unknown) => {
                // `from acme import models`: perhaps a module of the project after all.
                let sub = format!("{dotted}.{name}");
                match vm.importer().project_module(&sub) {
                    Some(_) => import(vm, &sub)?,
                    None => {
                        let what = format!("`{name}` of {}", unknown.what);
                        attribute::unknown_part(vm, unknown, what)
                    }
                }
            }
            _ => match vm.find_attr(&source, name)? {
                Some(value) => value,
                None => {
                    let sub = format!("{dotted}.{name}");
                    let importer = vm.importer();
                    let known = vm.modules.contains_key(&*sub)
                        || importer.project_module(&sub).is_some()
                        || importer.native_module(vm, &sub)?.is_some();
                    if !known {
                        return Err(Raise::exception(
                            "ImportError",
                            format!("cannot import name '{name}' from '{dotted}'"),
                        ));
                    }
                    import(vm, &sub)?
                }
            },
        };
        target::store(vm, var, value)?;
    }
    Ok(())
}

fn absolute(vm: &Vm, module: Option<&str>, level: u32) -> PyResult<String> {
    if level == 0 {
        return Ok(module.unwrap_or_default().to_owned());
    }
    let package = vm
        .frames
        .last()
        .and_then(|frame| {
            frame
                .globals
                .dict
                .borrow()
                .get("__package__")
                .and_then(Value::as_str)
        })
        .unwrap_or_else(|| Str::from(""));
    let mut parts: Vec<&str> = package.split('.').filter(|part| !part.is_empty()).collect();
    for _ in 1..level {
        if parts.pop().is_none() {
            return Err(Raise::exception(
                "ImportError",
                "attempted relative import beyond top-level package",
            ));
        }
    }
    if parts.is_empty() && package.is_empty() {
        return Err(Raise::exception(
            "ImportError",
            "attempted relative import with no known parent package",
        ));
    }
    parts.extend(module);
    Ok(parts.join("."))
}

fn import_star(vm: &mut Vm, source: &Value, dotted: &str) -> PyResult<()> {
    let Value::Module(module) = source else {
        // Its names cannot be told from names that are not there.
        if let Some(frame) = vm.frames.last() {
            frame
                .globals
                .dict
                .borrow_mut()
                .insert(Str::from(INCOMPLETE), source.clone());
        }
        return Ok(());
    };
    let listed = vm.find_attr(source, "__all__")?;
    let names: Vec<Str> = match listed {
        Some(listed) => {
            let mut names = Vec::new();
            for name in vm.iterate(&listed)? {
                names.extend(name.as_str());
            }
            names
        }
        None => module
            .dict
            .borrow()
            .keys()
            .filter(|name| !name.starts_with('_'))
            .cloned()
            .collect(),
    };
    for name in names {
        let value = match vm.find_attr(source, &name)? {
            Some(value) => value,
            None => import(vm, &format!("{dotted}.{name}"))?,
        };
        if let Some(frame) = vm.frames.last() {
            frame.globals.dict.borrow_mut().insert(name, value);
        }
    }
    Ok(())
}
