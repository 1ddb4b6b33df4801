//! `gensql schema`: the whole schema at a revision as one script.

use super::states::{States, unknown_effects};
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::compare;
use crate::diagnostic::Result;

/// The script that creates the schema at the revisions in an empty database.
/// With `stamp`, the version table comes with it.
pub fn schema(options: &Options, revision: &str, stamp: bool) -> Result<Outcome> {
    let workspace = Workspace::open_to_evaluate(options)?;
    let mut outcome = Outcome::default();
    for states in States::open(&workspace, options)? {
        let catalog = states.at(revision)?;
        let empty = crate::catalog::Catalog::new(states.dialect.facts().features.server_naming);
        let difference = compare::difference(&empty, &catalog, &states.dialect);
        let warnings = &mut outcome.diagnostics;
        let operations = &difference.operations;
        let text = if stamp {
            states.stamped_script(operations, &empty, revision, warnings)?
        } else {
            states.script(operations, &empty, warnings)?
        };
        warnings.extend(unknown_effects(&catalog));
        outcome.output.push_str(&text);
    }
    Ok(outcome)
}
