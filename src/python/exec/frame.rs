//! What is being executed.

use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::Arc;

use super::super::class::{Class, Namespace};
use super::super::syntax::ast::FunctionDef;
use super::super::value::Value;
use super::super::vm::Module;
use crate::source::{Location, SourceFile, Span};

/// The variables of one call.
pub struct Env {
    pub(super) slots: RefCell<Vec<Option<Value>>>,
    pub(super) parent: Option<Rc<Env>>,
    /// The function whose variables these are; not of a comprehension.
    pub(super) function: Option<Arc<FunctionDef>>,
}

impl Env {
    pub(super) fn new(size: usize, parent: Option<Rc<Env>>) -> Rc<Self> {
        Rc::new(Self {
            slots: RefCell::new(vec![None; size]),
            parent,
            function: None,
        })
    }

    pub(super) fn of(function: &Arc<FunctionDef>, parent: Option<Rc<Env>>) -> Rc<Self> {
        Rc::new(Self {
            slots: RefCell::new(vec![None; function.slots.len()]),
            parent,
            function: Some(Arc::clone(function)),
        })
    }

    pub(super) fn outer(self: &Rc<Self>, distance: u32) -> Option<Rc<Env>> {
        let mut env = Rc::clone(self);
        for _ in 0..distance {
            env = Rc::clone(env.parent.as_ref()?);
        }
        Some(env)
    }
}

/// One level of the call stack.
pub struct Frame {
    pub(super) file: Arc<SourceFile>,
    pub(in crate::python) globals: Rc<Module>,
    pub(super) env: Option<Rc<Env>>,
    pub(super) class: Option<Rc<RefCell<Namespace>>>,
    /// The class that the executing function was defined in, for `super()`.
    pub(super) owner: Option<Rc<Class>>,
    /// What is being evaluated.
    pub(super) span: Cell<Span>,
}

impl Frame {
    /// Whether what is executed is part of the program rather than the user's.
    pub(in crate::python) fn is_built_in(&self) -> bool {
        self.file.is_built_in()
    }

    pub(in crate::python) fn location(&self) -> Location {
        Location::new(Arc::clone(&self.file), self.span.get())
    }
}
