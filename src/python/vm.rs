//! The evaluator's state, and the operations on values that native code may use.

use std::any::{Any, TypeId};
use std::cell::RefCell;
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use indexmap::IndexMap;
use rustc_hash::{FxBuildHasher, FxHashMap};

use super::args::Args;
use super::class::{Class, Instance, Namespace};
use super::error::{Hint, PyResult, Raise};
use super::exec::frame::{Env, Frame};
use super::native::{BinaryOp, CompareOp, UnaryOp};
use super::syntax::ast::FunctionDef;
use super::value::{DictKey, Str, Unknown, Value};
use super::{builtins, exec, syntax};
use crate::diagnostic::{Code, Diagnostic};
use crate::source::{Location, SourceFile};

/// What evaluation may use. Every one is configurable.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Statements and expressions that may be evaluated.
    pub steps: u64,
    /// Nested calls.
    pub depth: usize,
    /// Bytes that may be allocated by values, roughly counted.
    pub memory: usize,
}

impl Default for Budget {
    fn default() -> Self {
        Self {
            steps: 20_000_000,
            depth: 400,
            memory: 256 << 20,
        }
    }
}

/// The stack that a thread needs to evaluate within the default depth, also in a debug build.
pub const STACK_SIZE: usize = 512 << 20;

/// Where modules come from.
pub trait Importer {
    /// A module written in Rust (standard library, host libraries), made when first imported.
    /// `None` when there is no such module.
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>>;

    /// Names that a module has whatever its own code says.
    fn overrides(&self, _vm: &mut Vm, _dotted: &str) -> PyResult<Vec<(Str, Value)>> {
        Ok(Vec::new())
    }

    /// The source of a module that belongs to the project, with whether it is a package.
    fn project_module(&self, dotted: &str) -> Option<(Arc<SourceFile>, bool)>;

    /// The text of a file that evaluated code opens, when it lies inside the project.
    fn open(&self, path: &str) -> Result<Vec<u8>, String>;

    /// What a directory inside the project holds: the names in their order, each with whether it is
    /// a directory itself. `None` where there is no such directory.
    fn directory(&self, _path: &str) -> Option<Vec<(String, bool)>> {
        None
    }

    /// Whether there is such a directory inside the project.
    fn is_directory(&self, _path: &str) -> bool {
        false
    }

    /// The directory that relative paths are made absolute with.
    fn working_directory(&self) -> Option<String> {
        None
    }

    /// The version of an installed distribution, where its metadata lies beside the project's
    /// packages.
    fn distribution(&self, _name: &str) -> Option<String> {
        None
    }

    /// An environment variable that evaluated code reads.
    fn environment(&self, name: &str) -> Option<String>;
}

/// A module.
pub struct Module {
    /// Its dotted name.
    pub name: Str,
    /// Its attributes.
    pub dict: RefCell<Namespace>,
    /// Makes an attribute that is not in `dict` yet, for large native modules.
    #[allow(clippy::type_complexity)]
    pub lazy: Option<Box<dyn Fn(&mut Vm, &str) -> PyResult<Option<Value>>>>,
    /// The file that it was read from.
    pub file: Option<PathBuf>,
}

/// A function written in Python.
pub struct Function {
    /// Its name.
    pub name: Str,
    pub(super) def: Arc<FunctionDef>,
    pub(super) globals: Rc<Module>,
    pub(super) env: Option<Rc<Env>>,
    pub(super) defaults: Vec<Option<Value>>,
    pub(super) keyword_defaults: Vec<Option<Value>>,
    /// The class that it was defined in, for `super()`.
    pub(super) owner: RefCell<Option<Rc<Class>>>,
    /// Attributes set on it.
    pub(super) dict: RefCell<Namespace>,
}

/// The evaluator.
pub struct Vm {
    /// What is left to use.
    pub budget: Budget,
    /// Text that the migration printed with `print`; it never reaches the script.
    pub printed: RefCell<String>,
    /// Whether files may be opened for writing; what is written to them goes nowhere.
    pub discards_writes: bool,
    /// About the exception that was raised last with something to say beyond its message.
    pub hint: Option<Hint>,
    pub(super) importer: Rc<dyn Importer>,
    pub(super) modules: IndexMap<Str, Value, FxBuildHasher>,
    pub(super) frames: Vec<Frame>,
    pub(super) handled: Vec<Value>,
    exceptions: FxHashMap<Str, Rc<Class>>,
    /// One instance of each group of equal keys, by hash.
    groups: FxHashMap<i64, Vec<Value>>,
    last_group: u64,
    hosts: FxHashMap<TypeId, Rc<dyn Any>>,
    /// Told of statements that need a database, which are passed over then.
    pub bypass: Option<Rc<dyn Bypass>>,
    /// The lists, dictionaries, sets and objects that a statement would have changed which was
    /// passed over, by address.
    pub(super) stale: FxHashMap<usize, Value>,
    /// How many `try` statements are being executed that catch any exception.
    pub catching: usize,
    /// The outermost statement so far that needed a database and could not be passed over.
    pub unwound: Option<Location>,
}

/// Hears of statements that only a database could evaluate.
pub trait Bypass {
    /// One was passed over.
    fn passed_over(&self, vm: &mut Vm, statement: exec::PassedOver);

    /// Whether what is evaluated has been run to its end before, so that it did not raise.
    fn applied(&self) -> bool;

    /// Whether a file is what is evaluated itself, and no module of it.
    fn is_own(&self, file: &Arc<SourceFile>) -> bool;
}

impl Drop for Vm {
    /// The functions and classes of a module refer to the module, which refers to them: without
    /// this, what an evaluation imported would stay for as long as the process.
    fn drop(&mut self) {
        for (_, value) in self.modules.drain(..) {
            let Value::Module(module) = value else {
                continue;
            };
            for held in module.dict.take().values() {
                // Classes written in Rust are shared by all evaluators of a thread.
                if let Value::Class(class) = held
                    && class.native.is_none()
                {
                    class.dict.take();
                }
            }
        }
    }
}

impl Vm {
    /// An evaluator that finds modules through `importer`. Run it on a thread with a stack of
    /// [`STACK_SIZE`].
    pub fn new(importer: Rc<dyn Importer>, budget: Budget) -> Self {
        Self {
            budget,
            printed: RefCell::default(),
            discards_writes: false,
            hint: None,
            importer,
            modules: IndexMap::default(),
            frames: Vec::new(),
            handled: Vec::new(),
            exceptions: FxHashMap::default(),
            groups: FxHashMap::default(),
            last_group: 0,
            hosts: FxHashMap::default(),
            bypass: None,
            stale: FxHashMap::default(),
            unwound: None,
            catching: 0,
        }
    }

    /// Where modules and files come from.
    pub fn importer(&self) -> Rc<dyn Importer> {
        Rc::clone(&self.importer)
    }

    /// Evaluates a file as a module called `name`. The module is not entered in `sys.modules`.
    pub fn run_module(&mut self, name: &str, file: &Arc<SourceFile>) -> PyResult<Rc<Module>> {
        let parsed = syntax::parse(file).map_err(|diagnostic| Raise::fatal(*diagnostic))?;
        self.run_parsed(name, &parsed)
    }

    /// Evaluates a parsed file as a module called `name`.
    pub fn run_parsed(&mut self, name: &str, parsed: &syntax::Module) -> PyResult<Rc<Module>> {
        let module = exec::import::new_module(self, name, parsed, false);
        exec::import::execute(self, &module, parsed)?;
        Ok(module)
    }

    /// A module that nothing was evaluated in yet. Its names may be given before
    /// [`Vm::run_in`] evaluates a file in it.
    pub fn empty_module(&self, name: &str, parsed: &syntax::Module) -> Rc<Module> {
        exec::import::new_module(self, name, parsed, false)
    }

    /// Evaluates a parsed file in a module.
    pub fn run_in(&mut self, module: &Rc<Module>, parsed: &syntax::Module) -> PyResult<()> {
        exec::import::execute(self, module, parsed)
    }

    /// Whether a name is there without being defined.
    pub fn has_builtin(&mut self, name: &str) -> bool {
        builtins::lookup(self, name).is_some()
    }

    /// Evaluates a file as a module called `name`. A statement that fails leaves the names that it
    /// binds unknown, as long as `goes_on` says so.
    pub fn run_leniently(
        &mut self,
        name: &str,
        file: &Arc<SourceFile>,
        goes_on: exec::import::GoesOn<'_>,
    ) -> PyResult<()> {
        let parsed = syntax::parse(file).map_err(|diagnostic| Raise::fatal(*diagnostic))?;
        let module = exec::import::new_module(self, name, &parsed, false);
        exec::import::execute_leniently(self, &module, &parsed, goes_on)
    }

    /// Imports a module as `import dotted` does, and returns the innermost module.
    pub fn import(&mut self, dotted: &str) -> PyResult {
        exec::import::import(self, dotted)
    }

    /// The module of that name, when it was imported.
    pub fn module(&self, dotted: &str) -> Option<Value> {
        self.modules.get(dotted).cloned()
    }

    /// The place being evaluated now, in code of the user's.
    pub fn location(&self) -> Option<Location> {
        let mut frames = self.frames.iter().rev();
        let own = frames.find(|frame| !frame.is_built_in());
        own.map(Frame::location)
    }

    /// Gives a name to a value in the module being evaluated now.
    pub fn define_global(&mut self, name: Str, value: Value) {
        if let Some(frame) = self.frames.last() {
            frame.globals.dict.borrow_mut().insert(name, value);
        }
    }

    /// All places on the call stack in code of the user's, outermost first.
    pub fn stack(&self) -> Vec<Location> {
        let frames = self.frames.iter();
        let own = frames.filter(|frame| !frame.is_built_in());
        own.map(Frame::location).collect()
    }

    /// `value.name`.
    pub fn get_attr(&mut self, value: &Value, name: &str) -> PyResult {
        match exec::attribute::find(self, value, name)? {
            Some(found) => Ok(found),
            None => Err(exec::attribute::missing(self, value, name)),
        }
    }

    /// Like `get_attr`, with `None` in place of `AttributeError`.
    pub fn find_attr(&mut self, value: &Value, name: &str) -> PyResult<Option<Value>> {
        match exec::attribute::find(self, value, name) {
            Err(raise) if exec::is_exception(self, &raise, "AttributeError") => Ok(None),
            found => found,
        }
    }

    /// `value.name = new`.
    pub fn set_attr(&mut self, value: &Value, name: &str, new: Value) -> PyResult<()> {
        exec::attribute::set(self, value, name, new)
    }

    /// `del value.name`.
    pub fn del_attr(&mut self, value: &Value, name: &str) -> PyResult<()> {
        exec::attribute::delete(self, value, name)
    }

    /// A class made of its parts, as `type(name, bases, namespace)` makes it.
    pub fn make_class(
        &mut self,
        name: &str,
        bases: Vec<Value>,
        namespace: super::class::Namespace,
    ) -> PyResult {
        let names = namespace
            .into_iter()
            .map(|(name, value)| (DictKey::str(name), value))
            .collect();
        let args = vec![Value::str(name), Value::tuple(bases), Value::dict(names)];
        match builtins::class("type") {
            Some(kind) => exec::made_class(self, &kind, Args::of(args)),
            None => Ok(Value::None),
        }
    }

    /// `function(args)`.
    pub fn call(&mut self, function: &Value, args: Args) -> PyResult {
        exec::call::call(self, function, args)
    }

    /// `value.name(args)`.
    pub fn call_method(&mut self, value: &Value, name: &str, args: Args) -> PyResult {
        exec::call::call_method(self, value, name, args)
    }

    /// All items of an iterable.
    pub fn iterate(&mut self, value: &Value) -> PyResult<Vec<Value>> {
        exec::iteration::collect(self, value)
    }

    /// An iterator over a value, as `iter(value)`.
    pub fn iter(&mut self, value: &Value) -> PyResult {
        exec::iteration::iter(self, value)
    }

    /// The next item of an iterator; `None` at its end.
    pub fn next(&mut self, iterator: &Value) -> PyResult<Option<Value>> {
        exec::iteration::next(self, iterator)
    }

    /// `bool(value)`; a value that is not known cannot decide a branch.
    pub fn truth(&mut self, value: &Value) -> PyResult<bool> {
        exec::operator::truth(self, value)
    }

    /// `str(value)`.
    pub fn str(&mut self, value: &Value) -> PyResult<Str> {
        exec::operator::str(self, value)
    }

    /// `repr(value)`.
    pub fn repr(&mut self, value: &Value) -> PyResult<Str> {
        exec::operator::repr(self, value)
    }

    /// `format(value, spec)`.
    pub fn format(&mut self, value: &Value, spec: &str) -> PyResult<Str> {
        exec::operator::format(self, value, spec)
    }

    /// `a == b`, as a truth.
    pub fn equal(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        if a.is(b) && !matches!(a, Value::Native(_)) {
            return Ok(true);
        }
        let result = self.compare(CompareOp::Eq, a, b)?;
        self.truth(&result)
    }

    /// A rich comparison.
    pub fn compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> PyResult {
        exec::operator::compare(self, op, a, b)
    }

    /// `a op b`.
    pub fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> PyResult {
        exec::operator::binary(self, op, a, b)
    }

    /// `op a`.
    pub fn unary(&mut self, op: UnaryOp, a: &Value) -> PyResult {
        exec::operator::unary(self, op, a)
    }

    /// `item in container`.
    pub fn contains(&mut self, container: &Value, item: &Value) -> PyResult<bool> {
        exec::operator::contains(self, container, item)
    }

    /// `value[index]`.
    pub fn get_item(&mut self, value: &Value, index: &Value) -> PyResult {
        exec::subscript::get(self, value, index)
    }

    /// `value[index] = new`.
    pub fn set_item(&mut self, value: &Value, index: &Value, new: Value) -> PyResult<()> {
        exec::subscript::set(self, value, index, new)
    }

    /// `del value[index]`.
    pub fn del_item(&mut self, value: &Value, index: &Value) -> PyResult<()> {
        exec::subscript::delete(self, value, index)
    }

    /// `len(value)`.
    pub fn len(&mut self, value: &Value) -> PyResult<usize> {
        exec::operator::len(self, value)
    }

    /// A dictionary key; `TypeError` for unhashable values.
    pub fn key(&mut self, value: &Value) -> PyResult<DictKey> {
        match value {
            Value::List(_) | Value::Dict(_) | Value::Set(_) => Err(Raise::exception(
                "TypeError",
                format!("unhashable type: '{}'", self.type_name(value)),
            )),
            Value::Unknown(unknown) => Err(self.unknown(unknown, "is used as a key")),
            Value::Tuple(items) => {
                for item in items.iter() {
                    self.key(item)?;
                }
                Ok(DictKey(value.clone()))
            }
            Value::Instance(instance) => {
                self.group(value, instance)?;
                Ok(DictKey(value.clone()))
            }
            _ => Ok(DictKey(value.clone())),
        }
    }

    /// Puts an instance whose class defines `__hash__` among those that it equals.
    fn group(&mut self, value: &Value, instance: &Rc<Instance>) -> PyResult<()> {
        let class = Rc::clone(&instance.class.borrow());
        let method = match class.lookup("__hash__") {
            Some(method @ Value::Function(_)) => method,
            Some(Value::None) => {
                return Err(Raise::exception(
                    "TypeError",
                    format!("unhashable type: '{}'", class.name),
                ));
            }
            _ => return Ok(()),
        };
        let hash = match self.call(&method, Args::of(vec![value.clone()]))? {
            Value::Unknown(unknown) => return Err(self.unknown(&unknown, "is used as a key")),
            other => other.as_int().unwrap_or_default(),
        };
        let alike = self.groups.get(&hash).cloned().unwrap_or_default();
        for other in &alike {
            if let Value::Instance(known) = other
                && self.equal(other, value)?
            {
                instance.group.set(known.group.get());
                return Ok(());
            }
        }
        self.charge(64)?;
        self.last_group += 1;
        instance.group.set(self.last_group);
        self.groups.entry(hash).or_default().push(value.clone());
        Ok(())
    }

    /// The class of a value (`type(x)`).
    pub fn class_of(&mut self, value: &Value) -> Rc<Class> {
        match value {
            Value::Instance(instance) => Rc::clone(&instance.class.borrow()),
            Value::Native(native) => match Rc::clone(native).class(self) {
                Some(class) => class,
                None => builtins::class_for(self, value),
            },
            _ => builtins::class_for(self, value),
        }
    }

    /// `isinstance(value, class)`.
    pub fn is_instance(&mut self, value: &Value, class: &Rc<Class>) -> bool {
        self.class_of(value).is_subclass(class)
    }

    /// The Python name of the value's type, for messages.
    pub fn type_name(&self, value: &Value) -> Str {
        Str::from(match value {
            Value::None => "NoneType",
            Value::Bool(_) => "bool",
            Value::Int(_) | Value::BigInt(_) => "int",
            Value::Float(_) => "float",
            Value::Str(_) => "str",
            Value::Bytes(_) => "bytes",
            Value::List(_) => "list",
            Value::Tuple(_) => "tuple",
            Value::Dict(_) => "dict",
            Value::Set(_) => "set",
            Value::FrozenSet(_) => "frozenset",
            Value::Function(_) => "function",
            Value::BoundMethod(_) => "method",
            Value::Builtin(_) => "builtin_function_or_method",
            Value::Class(class) => match &class.meta {
                Some(meta) => return meta.name.clone(),
                None => "type",
            },
            Value::Instance(instance) => return instance.class.borrow().name.clone(),
            Value::Module(_) => "module",
            Value::Native(native) => return Str::from(native.type_name()),
            Value::Ellipsis => "ellipsis",
            Value::NotImplemented => "NotImplementedType",
            Value::Unknown(_) => "unknown",
        })
    }

    /// Charges the memory budget.
    pub fn charge(&mut self, bytes: usize) -> PyResult<()> {
        match self.budget.memory.checked_sub(bytes) {
            Some(left) => {
                self.budget.memory = left;
                Ok(())
            }
            None => Err(self.exceeded("memory", "--max-memory")),
        }
    }

    /// Charges the step budget, for native loops.
    pub fn step(&mut self, steps: u64) -> PyResult<()> {
        match self.budget.steps.checked_sub(steps) {
            Some(left) => {
                self.budget.steps = left;
                Ok(())
            }
            None => Err(self.exceeded("steps", "--max-steps")),
        }
    }

    pub(super) fn exceeded(&self, what: &str, option: &str) -> Box<Raise> {
        Raise::fatal(
            Diagnostic::error(
                Code::BudgetExceeded,
                format!("evaluating the migration used up its budget of {what}"),
            )
            .at(self.location())
            .with_note("a loop or recursion that does not end, or a value that grows without bound")
            .with_help(format!(
                "raise the budget with `{option}` if the migration needs it"
            )),
        )
    }

    /// Forgets what statements that were passed over would have changed.
    pub fn forget_stale(&mut self) {
        self.stale.clear();
    }

    /// The error for a value that is not known and would be needed.
    pub fn unknown(&self, unknown: &Unknown, why: &str) -> Box<Raise> {
        self.unknown_as(Code::UnknownValue, unknown, why)
    }

    pub(super) fn unknown_as(&self, code: Code, unknown: &Unknown, why: &str) -> Box<Raise> {
        let message = format!("{} is not known here, and {why}", unknown.what);
        let diagnostic = unknown.trace(Diagnostic::error(code, message).at(self.location()));
        let help =
            "make the value a constant of the migration, or move what depends on it out of it";
        let help = match unknown.is_read() && !unknown.is_doubted() {
            true => format!(
                "{help}; for a new, empty database use `--fresh`; what a query gives may be said under `[answers]`"
            ),
            false => help.to_owned(),
        };
        Raise::fatal_about(diagnostic.with_help(help), unknown)
    }

    /// State that a host keeps with the evaluator, one of each type.
    pub fn host<T: 'static>(&self) -> Option<Rc<T>> {
        self.hosts
            .get(&TypeId::of::<T>())
            .and_then(|host| Rc::clone(host).downcast::<T>().ok())
    }

    /// Keeps state of a host.
    pub fn set_host<T: 'static>(&mut self, value: Rc<T>) {
        self.hosts.insert(TypeId::of::<T>(), value);
    }

    /// Drops state of a host.
    pub fn remove_host<T: 'static>(&mut self) {
        self.hosts.remove(&TypeId::of::<T>());
    }

    /// Makes `Raise::exception(name, …)` raise instances of a host's exception class.
    pub fn register_exception(&mut self, class: &Rc<Class>) {
        self.exceptions.insert(class.name.clone(), Rc::clone(class));
    }

    /// The exception class of that name: a builtin one, a registered one, or else `Exception`.
    pub fn exception_class(&self, name: &str) -> Option<Rc<Class>> {
        builtins::class(name)
            .or_else(|| self.exceptions.get(name).cloned())
            .or_else(|| builtins::class("Exception"))
    }
}
