//! The functions of `env.py` that a comparison asks.

use super::workspace::Frontend;
use crate::compare::proposal::{Judge, Thing};
use crate::diagnostic::Result;
use crate::frontend::alembic::project::judge::Part;

/// Those of one context of `env.py`, in a front-end that has entered it.
pub(super) struct Functions<'a> {
    pub(super) frontend: &'a Frontend,
    /// The context, by its number.
    pub(super) context: usize,
}

fn part(thing: Thing<'_>, found: bool) -> Part<'_> {
    let (kind, name, table) = thing.parts();
    Part {
        kind,
        name,
        table,
        found,
    }
}

impl Judge for Functions<'_> {
    fn has_name(&self, thing: Thing<'_>) -> Result<bool> {
        match self.frontend.project() {
            Some(project) => project.has_name(self.context, part(thing, true)),
            None => Ok(true),
        }
    }

    fn includes(
        &self,
        thing: Thing<'_>,
        reflected: bool,
        other: Option<Thing<'_>>,
    ) -> Result<bool> {
        match self.frontend.project() {
            Some(project) => {
                let other = other.map(|other| part(other, !reflected));
                project.includes(self.context, part(thing, reflected), reflected, other)
            }
            None => Ok(true),
        }
    }

    fn type_differs(&self, found: Thing<'_>, wanted: Thing<'_>) -> Result<Option<bool>> {
        self.differs("compare_type", found, wanted)
    }

    fn default_differs(&self, found: Thing<'_>, wanted: Thing<'_>) -> Result<Option<bool>> {
        self.differs("compare_server_default", found, wanted)
    }
}

impl Functions<'_> {
    fn differs(
        &self,
        option: &'static str,
        found: Thing<'_>,
        wanted: Thing<'_>,
    ) -> Result<Option<bool>> {
        match self.frontend.project() {
            Some(project) => {
                project.differs(self.context, option, part(found, true), part(wanted, false))
            }
            None => Ok(None),
        }
    }
}
