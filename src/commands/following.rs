//! The schema followed along a plan, with someone who is told of each operation.

use std::rc::Rc;
use std::sync::Arc;

use super::replay;
use super::script::Part;
use super::workspace::Frontend;
use crate::catalog::{Catalog, Counting, TableName};
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
        let before = if part.options.compat {
            None
        } else {
            let Part {
                workspace,
                options,
                dialect,
                run,
                ..
            } = part;
            Some(replay::before(workspace, options, dialect, plan, run)?)
        };
        Ok(Self::at(part, before, listener))
    }

    /// The same where the schema is known.
    pub(super) fn at(part: &Part<'_>, before: Option<Catalog>, listener: Rc<dyn Listener>) -> Self {
        let mut following = Self {
            dialect: Rc::clone(part.dialect),
            listener,
            catalog: None,
            by_frontend: false,
        };
        if let Some(before) = before {
            let told = || Rc::clone(&following.listener);
            let catalog = part.frontend.follow(before, told);
            following.by_frontend = catalog.is_none();
            following.catalog = catalog;
        }
        following
    }

    /// The schema as it has become; none where nobody follows it.
    pub(super) fn now(&self, frontend: &Frontend) -> Option<Catalog> {
        match self.by_frontend {
            true => frontend.followed(),
            false => self.catalog.clone(),
        }
    }

    /// The tables of which it is known how many rows they hold.
    pub(super) fn rows(&self, frontend: &Frontend) -> Vec<(TableName, usize)> {
        let catalog = self.now(frontend).unwrap_or_default();
        let counted = catalog.tables().filter_map(|(_, table)| {
            let name = &table.name;
            let of_session = |prefix: &Arc<str>| prefix.to_uppercase().starts_with("TEMP");
            if table.prefixes.iter().any(of_session) {
                return None;
            }
            let known = catalog.rows(name, Counting::default())?;
            Some((name.clone(), known.rows().len()))
        });
        counted.collect()
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
