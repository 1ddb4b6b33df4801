//! The schema followed along a plan, with someone who is told of each operation.

use std::rc::Rc;

use super::replay;
use super::script::Part;
use crate::catalog::Catalog;
use crate::diagnostic::Result;
use crate::dialect::Dialect;
use crate::frontend::alembic::inspect::Listener;
use crate::frontend::sql::follow;
use crate::operation::Located;
use crate::revision::Plan;

/// The schema along a plan. Where the front-end follows it itself, the listener hears of each
/// operation while the migration is being evaluated.
pub(super) struct Following {
    dialect: Rc<Dialect>,
    listener: Rc<dyn Listener>,
    catalog: Option<Catalog>,
    by_frontend: bool,
}

impl Following {
    /// The schema as it is before the plan. Alembic's offline mode knows none.
    pub(super) fn begin(part: &Part<'_>, plan: &Plan, listener: Rc<dyn Listener>) -> Result<Self> {
        let mut following = Self {
            dialect: Rc::clone(part.dialect),
            listener,
            catalog: None,
            by_frontend: false,
        };
        if !part.options.compat {
            let before =
                replay::before(part.workspace, part.options, part.dialect, plan, part.run)?;
            let told = || Rc::clone(&following.listener);
            let catalog = part.frontend.follow(before, told);
            following.by_frontend = catalog.is_none();
            following.catalog = catalog;
        }
        Ok(following)
    }

    /// Takes in what a revision does: the listener has heard of all of it.
    pub(super) fn told(&mut self, operations: &[Located]) {
        if self.by_frontend {
            return;
        }
        for located in operations {
            self.listener.recorded(located, self.catalog.as_ref());
            if let Some(catalog) = &mut self.catalog {
                follow(located, Some(&self.dialect), catalog);
            }
        }
    }
}
