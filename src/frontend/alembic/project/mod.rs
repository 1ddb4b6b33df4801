//! An Alembic project: its files, their headers, and what each revision does.

mod ahead;
pub mod directives;
mod evaluate;
pub mod files;
pub mod header;
pub(super) mod host_modules;
pub mod importer;
mod items;
pub mod judge;
mod manual;
pub mod revise;
mod revisions;
mod unwritten;
pub mod written;

use std::cell::RefCell;
use std::path::{Path, PathBuf};
use std::rc::Rc;

pub use ahead::Early;

use super::bind::configured::Answers;
use super::env::{self, Environment, Options, Run};
use super::host::{Host, Invocation, Target};
use super::inspect::Introspection;
use super::raise;
use super::types::configured::Configured;
use crate::config::AlembicConfig;
use crate::diagnostic::{Diagnostic, Result};
use crate::operation::Located;
use crate::python::{Budget, Str, Value, Vm};
use crate::revision::{Direction, Revision, RevisionMap, Step};
use importer::{Sandbox, enclosing_package_root, package_root};

pub use evaluate::Stopped;
pub(super) use evaluate::diagnostic as failure;
pub use items::Thing;

/// What a run of a project is told.
#[derive(Clone, Default)]
pub struct ProjectOptions {
    /// The database that the script is for.
    pub target: Target,
    /// `--compat alembic`.
    pub compat: bool,
    /// `-x` arguments.
    pub x_arguments: Vec<String>,
    /// `--tag`.
    pub tag: Option<String>,
    /// `--on-opaque stub`: what only a database could know is left to a person.
    pub stub: bool,
    /// Whether the revisions that are evaluated have been applied.
    pub applied: bool,
    /// `[types]` of `gensql.toml`.
    pub configured_types: Configured,
    /// `[answers]` of `gensql.toml`.
    pub configured_answers: Answers,
    /// What the command was asked for.
    pub invocation: Invocation,
    /// What evaluating one revision may use.
    pub budget: Budget,
    /// The replayed schema, which answers what a migration asks about the database. It grows with
    /// the operations as they are recorded.
    pub introspection: Option<Rc<Introspection>>,
    /// The revisions, which a migration may ask for other revisions' modules.
    pub revisions: Option<Rc<RevisionMap>>,
    /// How expressions and types are written, for `str(expression)` and `.compile()`.
    pub stringify: Option<Rc<super::sql::Stringify>>,
    /// What was begun before the project was opened.
    pub early: Rc<Early>,
}

/// An open project.
pub struct Project {
    config: AlembicConfig,
    options: ProjectOptions,
    sandbox: Rc<Sandbox>,
    vm: RefCell<Option<Vm>>,
    environment: RefCell<Option<Rc<Environment>>>,
    /// What each context is told when there is a connection.
    connected: RefCell<Option<Rc<Vec<Options>>>>,
    /// The keywords that `upgrade` and `downgrade` get.
    arguments: RefCell<Vec<(Str, Value)>>,
    warnings: RefCell<Vec<Diagnostic>>,
    ahead: RefCell<Option<ahead::Ahead>>,
}

impl Project {
    /// The files that revisions and `env.py` have imported or opened, in order.
    pub fn files_read(&self) -> Vec<PathBuf> {
        self.sandbox.files_read()
    }

    /// Opens a project. Nothing is read yet.
    pub fn open(config: &AlembicConfig, options: ProjectOptions) -> Self {
        let mut search: Vec<PathBuf> = config.prepend_sys_path.clone();
        let mut roots = vec![config.script_location.clone()];
        roots.extend(config.version_locations.iter().cloned());
        let ini = config.ini.as_ref().and_then(|ini| ini.path().parent());
        let toml = config.toml.as_ref().and_then(|toml| toml.path().parent());
        for directory in [ini, toml].into_iter().flatten() {
            search.push(if directory.as_os_str().is_empty() {
                PathBuf::from(".")
            } else {
                directory.to_path_buf()
            });
        }
        search.push(package_root(&config.script_location));
        if let Some(parent) = config.script_location.parent()
            && !parent.as_os_str().is_empty()
        {
            search.push(parent.to_path_buf());
        }
        search.extend(
            config
                .version_locations
                .iter()
                .map(|path| package_root(path)),
        );
        search.extend(enclosing_package_root(&config.script_location));
        search.extend(
            config
                .version_locations
                .iter()
                .filter_map(|path| enclosing_package_root(path)),
        );
        search.extend(config.packages.iter().cloned());
        let mut unique: Vec<PathBuf> = Vec::new();
        for path in search {
            if !unique.contains(&path) {
                unique.push(path);
            }
        }
        Self {
            config: config.clone(),
            sandbox: Rc::new(
                Sandbox::new(unique, &roots, options.budget.memory)
                    .with_stand_ins(&config.stand_ins),
            ),
            options,
            vm: RefCell::default(),
            environment: RefCell::default(),
            connected: RefCell::default(),
            arguments: RefCell::default(),
            warnings: RefCell::default(),
            ahead: RefCell::default(),
        }
    }

    /// The headers of all revisions, in load order.
    pub fn revisions(&self) -> Result<Vec<Revision>> {
        revisions::load(self)
    }

    /// Says which revisions will be asked for, in order, so that their files can be parsed
    /// ahead.
    pub fn expect<'a>(&self, revisions: impl Iterator<Item = &'a Revision>) {
        *self.ahead.borrow_mut() = self.options.early.or_now(revisions);
    }

    /// The operations of one revision in one direction.
    pub fn operations(&self, revision: &Revision, direction: Direction) -> Result<Vec<Located>> {
        let arguments = self.arguments.borrow().clone();
        let ahead = self.ahead.borrow();
        self.with_vm(|vm| evaluate::operations(vm, revision, direction, arguments, ahead.as_ref()))
    }

    /// The operations of one revision as far as it can be evaluated, and what stopped it.
    pub fn as_far(
        &self,
        revision: &Revision,
        direction: Direction,
    ) -> Result<(Vec<Located>, Option<Stopped>)> {
        let arguments = self.arguments.borrow().clone();
        let ahead = self.ahead.borrow();
        let ahead = ahead.as_ref();
        self.with_vm(|vm| Ok(evaluate::as_far(vm, revision, direction, arguments, ahead)))
    }

    /// What the function of the last revision calls itself, where it is not `upgrade` or
    /// `downgrade`: Alembic writes that name into the script.
    pub fn called(&self) -> Option<Str> {
        let mut slot = self.vm.borrow_mut();
        let vm = slot.as_mut()?;
        let host = super::host::host(vm);
        host.called.borrow().clone()
    }

    /// Whether nobody wrote the revision's `downgrade()`: it is not there, empty, or only raises.
    pub fn downgrade_is_unwritten(&self, revision: &Revision) -> Result<bool> {
        unwritten::is_unwritten(revision, self.options.budget.memory)
    }

    /// What `env.py` does. It is evaluated once; where it cannot be, the defaults of Alembic's
    /// own template hold and a warning says so.
    ///
    /// # Errors
    /// When `env.py` executes statements that are not known.
    pub fn environment(&self) -> Result<Rc<Environment>> {
        if let Some(known) = &*self.environment.borrow() {
            return Ok(Rc::clone(known));
        }
        let path = self.config.script_location.join("env.py");
        let limit = self.options.budget.memory;
        let found = if path.is_file() {
            let file = files::read_source(&path, limit)?;
            let evaluated = self.with_vm(|vm| env::evaluate(vm, &file))?;
            for warning in evaluated.warnings {
                self.warn(warning);
            }
            evaluated.environment
        } else {
            Environment::stock()
        };
        let found = Rc::new(found);
        *self.environment.borrow_mut() = Some(Rc::clone(&found));
        Ok(found)
    }

    /// What a context is told where schemas are compared: Alembic does that with a connection only,
    /// so that the path of `env.py` that connects counts where it has as many contexts.
    ///
    /// # Errors
    /// When `env.py` executes statements that are not known.
    pub fn wishes(&self, context: usize) -> Result<Options> {
        let environment = self.environment()?;
        let known = self.connected.borrow().clone();
        let connected = match known {
            Some(known) => known,
            None => {
                let path = self.config.script_location.join("env.py");
                let found = if path.is_file() {
                    let file = files::read_source(&path, self.options.budget.memory)?;
                    self.with_vm(|vm| Ok(env::connected(vm, &file)))?
                } else {
                    Vec::new()
                };
                let found = Rc::new(found);
                *self.connected.borrow_mut() = Some(Rc::clone(&found));
                found
            }
        };
        let options = if connected.len() == environment.runs.len() {
            connected.get(context).cloned()
        } else {
            let run = environment.runs.get(context);
            run.map(|run| run.options.clone())
        };
        Ok(options.unwrap_or_else(Options::stock))
    }

    /// Says which context the operations that follow belong to, and what its
    /// `run_migrations` passes to them.
    pub fn enter(&self, run: &Run, arguments: &[(Str, Value)]) -> Result<()> {
        *self.arguments.borrow_mut() = arguments.to_vec();
        self.with_vm(|vm| {
            env::enter(vm, run);
            Ok(())
        })
    }

    /// What the callbacks of `on_version_apply` execute after a step that leaves `rows` in the
    /// version table.
    pub fn applied(
        &self,
        run: &Run,
        step: &Step,
        rows: &[Str],
        arguments: &[(Str, Value)],
    ) -> Result<Vec<Located>> {
        self.with_vm(|vm| env::applied(vm, run, step, rows, arguments))
    }

    /// What the user should know besides, so far.
    pub fn warnings(&self) -> Vec<Diagnostic> {
        std::mem::take(&mut self.warnings.borrow_mut())
    }

    fn warn(&self, diagnostic: Diagnostic) {
        self.warnings.borrow_mut().push(diagnostic);
    }

    /// Runs something in the evaluator, with a fresh budget.
    fn with_vm<T>(&self, run: impl FnOnce(&mut Vm) -> Result<T>) -> Result<T> {
        let mut slot = self.vm.borrow_mut();
        let vm = slot.get_or_insert_with(|| self.make_vm());
        vm.budget = self.options.budget.clone();
        let result = run(vm);
        for diagnostic in host_modules::fixed_inputs(vm) {
            self.warn(diagnostic);
        }
        for diagnostic in super::host::host(vm).warnings.take() {
            self.warn(diagnostic);
        }
        result
    }

    fn make_vm(&self) -> Vm {
        let importer = host_modules::ProjectImporter::new(&self.sandbox);
        let mut vm = Vm::new(Rc::new(importer), self.options.budget.clone());
        let ini = self.config.ini.as_ref();
        let section = self.config.section.clone();
        vm.set_host(Rc::new(Host {
            target: self.options.target.clone(),
            compat: self.options.compat,
            x_arguments: self.options.x_arguments.clone(),
            tag: self.options.tag.clone(),
            config_file: ini.map(|ini| ini.path().display().to_string()),
            section,
            ini: RefCell::new(ini.cloned()),
            toml: self.config.toml.clone(),
            configured_types: self.options.configured_types.clone(),
            configured_answers: self.options.configured_answers.clone(),
            invocation: self.options.invocation.clone(),
            revisions: self.options.revisions.clone(),
            ..Host::default()
        }));
        if let Some(introspection) = &self.options.introspection
            && !self.options.compat
        {
            vm.set_host(Rc::clone(introspection));
        }
        if let Some(stringify) = &self.options.stringify {
            vm.set_host(Rc::clone(stringify));
        }
        if self.options.stub && !self.options.compat {
            manual::install(&mut vm, self.options.applied);
        }
        raise::register(&mut vm);
        vm
    }

    /// The directory with `env.py`.
    pub fn script_location(&self) -> &Path {
        &self.config.script_location
    }
}
