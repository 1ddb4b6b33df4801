//! The evaluator's state, and the operations on values that native code may use.

use std::cell::{Cell, RefCell};
use std::path::PathBuf;
use std::rc::Rc;
use std::sync::Arc;

use super::args::Args;
use super::class::{Class, Namespace};
use super::error::PyResult;
use super::native::{BinaryOp, CompareOp, UnaryOp};
use super::value::{DictKey, Str, Value};
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
            depth: 200,
            memory: 256 << 20,
        }
    }
}

/// Where modules come from.
pub trait Importer {
    /// A module written in Rust (standard library, host libraries), made when first imported.
    /// `None` when there is no such module.
    fn native_module(&self, vm: &mut Vm, dotted: &str) -> PyResult<Option<Rc<Module>>>;

    /// The source of a module that belongs to the project, with whether it is a package.
    fn project_module(&self, dotted: &str) -> Option<(Arc<SourceFile>, bool)>;

    /// The text of a file that evaluated code opens, when it lies inside the project.
    fn open(&self, path: &str) -> Result<Vec<u8>, String>;

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

/// A function written in Python. Its insides belong to the evaluator.
pub struct Function {
    /// Its name.
    pub name: Str,
}

/// The evaluator.
pub struct Vm {
    /// What is left to use.
    pub budget: Budget,
    /// Text that the migration printed with `print`; it never reaches the script.
    pub printed: RefCell<String>,
    _later: Cell<()>,
}

#[allow(unused_variables, clippy::todo, missing_docs)]
impl Vm {
    pub fn new(importer: Rc<dyn Importer>, budget: Budget) -> Self {
        todo!()
    }
    /// Evaluates a file as a module called `name`.
    pub fn run_module(&mut self, name: &str, file: &Arc<SourceFile>) -> PyResult<Rc<Module>> {
        todo!()
    }
    /// Imports a module as `import dotted` does, and returns the innermost module.
    pub fn import(&mut self, dotted: &str) -> PyResult {
        todo!()
    }
    /// The place being evaluated now.
    pub fn location(&self) -> Option<Location> {
        todo!()
    }
    /// All places on the call stack, outermost first.
    pub fn stack(&self) -> Vec<Location> {
        todo!()
    }
    pub fn get_attr(&mut self, value: &Value, name: &str) -> PyResult {
        todo!()
    }
    /// Like `get_attr`, with `None` in place of `AttributeError`.
    pub fn find_attr(&mut self, value: &Value, name: &str) -> PyResult<Option<Value>> {
        todo!()
    }
    pub fn set_attr(&mut self, value: &Value, name: &str, new: Value) -> PyResult<()> {
        todo!()
    }
    pub fn call(&mut self, function: &Value, args: Args) -> PyResult {
        todo!()
    }
    /// `value.name(args)`.
    pub fn call_method(&mut self, value: &Value, name: &str, args: Args) -> PyResult {
        todo!()
    }
    /// All items of an iterable.
    pub fn iterate(&mut self, value: &Value) -> PyResult<Vec<Value>> {
        todo!()
    }
    /// `iter(value)`: an iterator, for [`Vm::next`].
    pub fn iter(&mut self, value: &Value) -> PyResult {
        todo!()
    }
    /// The next item of an iterator, `None` at its end.
    pub fn next(&mut self, iterator: &Value) -> PyResult<Option<Value>> {
        todo!()
    }
    pub fn truth(&mut self, value: &Value) -> PyResult<bool> {
        todo!()
    }
    pub fn str(&mut self, value: &Value) -> PyResult<Str> {
        todo!()
    }
    pub fn repr(&mut self, value: &Value) -> PyResult<Str> {
        todo!()
    }
    /// `format(value, spec)`.
    pub fn format(&mut self, value: &Value, spec: &str) -> PyResult<Str> {
        todo!()
    }
    pub fn equal(&mut self, a: &Value, b: &Value) -> PyResult<bool> {
        todo!()
    }
    pub fn compare(&mut self, op: CompareOp, a: &Value, b: &Value) -> PyResult {
        todo!()
    }
    pub fn binary(&mut self, op: BinaryOp, a: &Value, b: &Value) -> PyResult {
        todo!()
    }
    pub fn unary(&mut self, op: UnaryOp, a: &Value) -> PyResult {
        todo!()
    }
    pub fn get_item(&mut self, value: &Value, index: &Value) -> PyResult {
        todo!()
    }
    pub fn len(&mut self, value: &Value) -> PyResult<usize> {
        todo!()
    }
    /// A dictionary key; `TypeError` for unhashable values.
    pub fn key(&mut self, value: &Value) -> PyResult<DictKey> {
        todo!()
    }
    /// The class of a value (`type(x)`).
    pub fn class_of(&mut self, value: &Value) -> Rc<Class> {
        todo!()
    }
    pub fn is_instance(&mut self, value: &Value, class: &Rc<Class>) -> bool {
        todo!()
    }
    /// The Python name of the value's type, for messages.
    pub fn type_name(&self, value: &Value) -> Str {
        todo!()
    }
    /// Charges the memory budget.
    pub fn charge(&mut self, bytes: usize) -> PyResult<()> {
        todo!()
    }
    /// Charges the step budget, for native loops.
    pub fn step(&mut self, steps: u64) -> PyResult<()> {
        todo!()
    }
    /// Where modules, files and environment variables come from.
    pub fn importer(&self) -> Rc<dyn Importer> { todo!() }
    /// State that a host keeps with the evaluator, one of each type.
    pub fn host<T: 'static>(&self) -> Option<Rc<T>> {
        todo!()
    }
    pub fn set_host<T: 'static>(&mut self, value: Rc<T>) {
        todo!()
    }
}
