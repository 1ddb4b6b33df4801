//! `gensql ensure_version`: the script that creates the version table.

use super::script::script;
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::diagnostic::Result;
use crate::revision::{Before, Plan};

/// The script that creates the version table and does nothing else.
pub fn ensure_version(options: &Options) -> Result<Outcome> {
    let workspace = Workspace::open(options)?;
    script(&workspace, options, &|_| {
        Ok(Plan {
            before: Before::Create,
            ..Plan::default()
        })
    })
}
