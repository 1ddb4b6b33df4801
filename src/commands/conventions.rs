//! What things are called in the schema that is followed while migrations are being evaluated.

use std::rc::Rc;
use std::sync::Arc;

use crate::catalog::Catalog;
use crate::dialect::Dialect;
use crate::frontend::alembic::inspect::Naming;
use crate::lower::naming::Convention;
use crate::lower::{LowerOptions, Lowering};
use crate::operation::{Located, Operation};

/// The project's naming convention.
pub(super) struct Conventions {
    lowering: Lowering,
    /// Whether the project has one.
    any: bool,
}

impl Conventions {
    pub(super) fn of(dialect: &Rc<Dialect>, convention: &[(Arc<str>, Arc<str>)]) -> Self {
        let options = LowerOptions {
            naming_convention: Convention::new(convention.to_vec()),
            ..LowerOptions::default()
        };
        Self {
            lowering: Lowering::new(Rc::clone(dialect), options),
            any: !convention.is_empty(),
        }
    }
}

impl Naming for Conventions {
    fn settled(&self, located: &Located, catalog: &mut Catalog) -> Option<Located> {
        self.lowering.settle_existing(&located.operation, catalog);
        let own = match &located.operation {
            Operation::CreateTable { convention, .. } => convention.is_some(),
            _ => false,
        };
        let meant = self.lowering.as_meant(located, catalog);
        let meant_or_said = meant.as_ref().unwrap_or(located);
        let settled = (self.any || own).then(|| self.lowering.settled(meant_or_said));
        settled.or(meant)
    }
}
