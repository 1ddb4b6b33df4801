//! Operations made statements while the front-end follows the schema.

use std::cell::RefCell;

use crate::catalog::Catalog;
use crate::diagnostic::{Diagnostic, Result};
use crate::frontend::alembic::inspect::Listener;
use crate::lower::{Lowering, Statement};
use crate::operation::Located;

/// A lowering that may be told of operations while a migration is being evaluated.
pub(super) struct Lowered {
    lowering: RefCell<Lowering>,
    heard: RefCell<Result<Vec<Statement>>>,
}

impl Lowered {
    pub(super) fn new(lowering: Lowering) -> Self {
        Self {
            lowering: RefCell::new(lowering),
            heard: RefCell::new(Ok(Vec::new())),
        }
    }

    /// The statements of one operation.
    pub(super) fn lower(
        &self,
        located: &Located,
        before: Option<&Catalog>,
    ) -> Result<Vec<Statement>> {
        self.lowering.borrow_mut().lower(located, before)
    }

    /// The statements of all that was heard since the last time, or the first failure.
    pub(super) fn take(&self) -> Result<Vec<Statement>> {
        self.heard.replace(Ok(Vec::new()))
    }

    /// The statements of one revision in an order that the database takes.
    pub(super) fn arrange(&self, statements: Vec<Statement>) -> Vec<Statement> {
        self.lowering.borrow_mut().arrange(statements)
    }

    pub(super) fn take_warnings(&self) -> Vec<Diagnostic> {
        self.lowering.borrow_mut().take_warnings()
    }
}

impl Listener for Lowered {
    fn recorded(&self, located: &Located, before: Option<&Catalog>) {
        let mut heard = self.heard.borrow_mut();
        if let Ok(statements) = &mut *heard {
            match self.lower(located, before) {
                Ok(more) => statements.extend(more),
                Err(diagnostic) => *heard = Err(diagnostic),
            }
        }
    }
}
