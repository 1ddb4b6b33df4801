//! What the front-end keeps with the evaluator: the dialect of the run, the classes made so far,
//! and the operations recorded.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use rustc_hash::FxHashMap;

use super::bind::configured::Answers;
use super::inspect::Introspection;
use super::schema::MetaDataObject;
use super::types::configured::Configured;
use crate::config::{Ini, Toml};
use crate::diagnostic::Diagnostic;
use crate::dialect::Bind;
use crate::frontend::sql::follow;
use crate::operation::{Located, Operation};
use crate::python::vm::Module;
use crate::python::{Class, PyResult, Str, Value, Vm};
use crate::revision::RevisionMap;
use crate::source::{Location, SourceFile};

/// Quotes an identifier as the dialect called so does.
pub type Quote = dyn Fn(&str, &crate::expression::Ident) -> String;

/// What is known about the database that the script is for.
#[derive(Clone)]
pub struct Target {
    /// The dialect: `postgresql`.
    pub dialect: Str,
    /// The server's version, when it was given.
    pub version: Option<Vec<i64>>,
    /// The schema that unqualified names live in.
    pub default_schema: Option<Str>,
    /// Whether ALTER TABLE can add and drop constraints.
    pub alters_constraints: bool,
    /// Whether DDL can be rolled back.
    pub transactional_ddl: bool,
    /// The dialect's facts.
    pub loaded: Option<Rc<crate::dialect::Dialect>>,
    /// What Python sees of the dialect.
    pub bind: Option<Rc<Bind>>,
    /// Quotes an identifier as the dialect called so does.
    pub quote: Option<Rc<Quote>>,
    /// The types that `dialect.type_descriptor` gives, by the class and those deriving from it.
    pub adapted: Rc<[(Str, Str)]>,
}

impl Default for Target {
    fn default() -> Self {
        Self {
            dialect: Arc::from(crate::dialect::PROVISIONAL),
            version: None,
            default_schema: None,
            alters_constraints: true,
            transactional_ddl: true,
            loaded: None,
            bind: None,
            quote: None,
            adapted: Rc::from([]),
        }
    }
}

/// What a command was asked for, for `context.get_revision_argument()` and the like.
#[derive(Clone, Debug, Default)]
pub struct Invocation {
    /// The heads of the project.
    pub heads: Vec<Str>,
    /// The targets, where they name revisions.
    pub destination: Option<Vec<Str>>,
    /// The start of the range.
    pub start: Option<Vec<Str>>,
}

/// What is being done when revisions are written, as `config.cmd_opts` shows it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Authoring {
    /// `gensql revision`.
    pub writes: bool,
    /// With `--autogenerate`, or `gensql check`.
    pub compares: bool,
}

/// A custom compilation registered with `@compiles(Class, "dialect")`.
pub struct Compilation {
    /// What it applies to.
    pub class: Rc<Class>,
    /// The dialect; `None` is the default.
    pub dialect: Option<Str>,
    /// The function.
    pub function: Value,
}

/// The state of one run.
#[derive(Default)]
pub struct Host {
    /// The database.
    pub target: Target,
    /// `--compat alembic`: behave as Alembic's offline mode does, mistakes included.
    pub compat: bool,
    /// `-x` arguments.
    pub x_arguments: Vec<String>,
    /// `--tag`.
    pub tag: Option<String>,
    /// The ini file for `context.config`, with what evaluated code sets in it.
    pub ini: RefCell<Option<Ini>>,
    /// `[tool.alembic]`.
    pub toml: Option<Toml>,
    /// What evaluated code set with `config.set_main_option` and what is not known.
    pub unknown_options: RefCell<Vec<(String, Str, Value)>>,
    /// `config.attributes`.
    pub attributes: RefCell<Option<Value>>,
    /// Whether `context.is_offline_mode()` is false.
    pub online: Cell<bool>,
    /// What the command was asked for.
    pub invocation: Invocation,
    /// Whether a revision is being written.
    pub authoring: Cell<Authoring>,
    /// The revisions of the project, where they are all known.
    pub revisions: Option<Rc<RevisionMap>>,
    /// The modules of revisions that migrations asked for, by identifier.
    pub revision_modules: RefCell<FxHashMap<Str, Rc<Module>>>,
    /// The name of the main section.
    pub section: String,
    /// The configuration file.
    pub config_file: Option<String>,
    /// Set while `env.py` runs.
    pub environment: RefCell<Option<super::env::Capture>>,
    /// `naming_convention` and other options of `context.configure` that operations depend on.
    pub render_as_batch: Cell<bool>,
    /// `version_table`, as `op.get_context()` shows it.
    pub version_table: RefCell<Option<Str>>,
    /// The schema of the version table.
    pub version_table_schema: RefCell<Option<Str>>,
    /// `[types]` of `gensql.toml`.
    pub configured_types: Configured,
    /// `[answers]` of `gensql.toml`.
    pub configured_answers: Answers,
    /// What the user should know besides.
    pub warnings: RefCell<Vec<Diagnostic>>,
    /// What the last revision's function calls itself (`__name__`), where it is another name.
    pub called: RefCell<Option<Str>>,
    /// The naming convention of the environment's metadata.
    pub naming_convention: RefCell<Vec<(Str, Str)>>,
    /// Custom compilations.
    pub compilations: RefCell<Vec<Compilation>>,
    /// Directives added with `Operations.register_operation`: name and operation class.
    pub directives: RefCell<Vec<(Str, Value)>>,
    /// Implementations added with `Operations.implementation_for`.
    pub implementations: RefCell<Vec<(Rc<Class>, Value)>>,
    /// The types written in Python that change values.
    pub(super) processors: RefCell<Vec<Value>>,
    /// What stands for the packages imported so far.
    pub(super) packages: RefCell<FxHashMap<&'static str, Rc<Module>>>,
    pub(super) classes: RefCell<FxHashMap<Str, Rc<Class>>>,
    pub(super) recorded: RefCell<Vec<Located>>,
    /// Where the revision last asked for rows that an empty database does not have.
    pub(super) no_rows: RefCell<Option<Location>>,
    pub(super) file: RefCell<Option<Arc<SourceFile>>>,
    pub(super) created: Cell<u64>,
    /// The collections of tables made while recording. A column knows its table only as long as something
    /// has the table, and a migration may keep nothing but the column.
    pub(super) kept: RefCell<Vec<Rc<MetaDataObject>>>,
}

impl Host {
    /// The class cached under `key`.
    pub fn cached_class(&self, key: &str) -> Option<Rc<Class>> {
        self.classes.borrow().get(key).cloned()
    }

    /// Keeps a class.
    pub fn keep_class(&self, key: &str, class: &Rc<Class>) {
        self.classes
            .borrow_mut()
            .insert(Str::from(key), Rc::clone(class));
    }

    /// Starts recording the operations of a revision whose source is `file`.
    pub fn start(&self, file: Option<Arc<SourceFile>>) {
        self.recorded.borrow_mut().clear();
        *self.no_rows.borrow_mut() = None;
        *self.file.borrow_mut() = file;
    }

    /// Keeps a collection of tables until recording ends.
    pub(super) fn keep_metadata(&self, metadata: &Rc<MetaDataObject>) {
        let mut kept = self.kept.borrow_mut();
        if !kept.last().is_some_and(|last| Rc::ptr_eq(last, metadata)) {
            kept.push(Rc::clone(metadata));
        }
    }

    /// Tells the user something, once.
    pub fn warn(&self, warning: Diagnostic) {
        let mut warnings = self.warnings.borrow_mut();
        if !warnings
            .iter()
            .any(|known| known.message == warning.message)
        {
            warnings.push(warning);
        }
    }

    /// Takes what has been recorded so far; recording goes on.
    pub fn drain(&self) -> Vec<Located> {
        std::mem::take(&mut *self.recorded.borrow_mut())
    }

    /// Ends recording.
    pub fn finish(&self) -> Vec<Located> {
        self.kept.borrow_mut().clear();
        *self.file.borrow_mut() = None;
        std::mem::take(&mut *self.recorded.borrow_mut())
    }

    /// A number that grows with each schema item created.
    pub fn next_order(&self) -> u64 {
        self.created.set(self.created.get() + 1);
        self.created.get()
    }

    fn place(&self, vm: &Vm) -> (Option<Location>, Vec<Location>) {
        let mut stack = vm.stack();
        let Some(file) = self.file.borrow().clone() else {
            return (stack.pop(), stack);
        };
        match stack
            .iter()
            .rposition(|location| Arc::ptr_eq(&location.file, &file))
        {
            Some(index) => {
                let location = stack.remove(index);
                (Some(location), stack)
            }
            None => (stack.pop(), stack),
        }
    }
}

/// The front-end's state of this evaluator.
pub fn host(vm: &mut Vm) -> Rc<Host> {
    match vm.host::<Host>() {
        Some(host) => host,
        None => {
            let host = Rc::new(Host::default());
            vm.set_host(Rc::clone(&host));
            host
        }
    }
}

/// An operation at the place being evaluated now.
pub fn located(vm: &mut Vm, operation: Operation) -> Located {
    let (location, stack) = host(vm).place(vm);
    Located {
        operation,
        location,
        stack,
        spelled: Vec::new(),
    }
}

/// Records an operation at the place being evaluated now.
///
/// What is returned is how many rows it changed, where that is known.
pub fn record(vm: &mut Vm, operation: Operation) -> Option<usize> {
    let located = located(vm, operation);
    record_located(vm, located)
}

/// Records an operation whose statements the project may spell itself. `subject` is the object that the
/// operation is about.
///
/// # Errors
/// What the project's function raises.
pub fn record_spelled(vm: &mut Vm, operation: Operation, subject: Option<&Value>) -> PyResult<()> {
    let mut located = located(vm, operation);
    located.spelled = super::bind::spelled(vm, &located.operation, subject)?;
    record_located(vm, located);
    Ok(())
}

/// Records an operation whose place is known; how many rows it changed, where that is.
pub fn record_located(vm: &mut Vm, located: Located) -> Option<usize> {
    let mut changed = None;
    if let Some(view) = vm.host::<Introspection>() {
        if let Some(listener) = &*view.listener.borrow() {
            listener.recorded(&located, Some(&view.catalog.borrow()));
        }
        let mut catalog = view.catalog.borrow_mut();
        let naming = view.naming.borrow();
        let settled = naming
            .as_ref()
            .and_then(|naming| naming.settled(&located, &mut catalog));
        let named = settled.as_ref().unwrap_or(&located);
        changed = follow(named, Some(&view.dialect), &mut catalog);
    }
    host(vm).recorded.borrow_mut().push(located);
    changed
}
