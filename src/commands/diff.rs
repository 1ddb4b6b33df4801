//! `gensql diff`: the shortest script between the schemas at two revisions.

use super::states::{States, unknown_effects};
use super::workspace::Workspace;
use super::{Options, Outcome};
use crate::compare;
use crate::diagnostic::{Code, Diagnostic, Result};

/// The script that turns the schema at one revision into that at another.
pub fn diff(options: &Options, from: &str, to: &str) -> Result<Outcome> {
    let workspace = Workspace::open_to_evaluate(options)?;
    let mut outcome = Outcome::default();
    for states in States::open(&workspace, options)? {
        let (before, after) = (states.at(from)?, states.at(to)?);
        let difference = compare::difference(&before, &after, &states.dialect);
        let warnings = &mut outcome.diagnostics;
        let text = if difference.operations.is_empty() {
            String::new()
        } else {
            states.script(&difference.operations, &before, warnings)?
        };
        warnings.extend(difference.unchanged.iter().map(|what| {
            let message = format!("{what}: no operation changes that");
            Diagnostic::warning(Code::EffectUnknown, message).with_help("change it by hand")
        }));
        let known = before.opaque().len();
        let mut unknown = unknown_effects(&after);
        warnings.extend(unknown.drain(known.min(unknown.len())..));
        outcome.output.push_str(&text);
    }
    Ok(outcome)
}
