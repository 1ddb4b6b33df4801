//! `gensql downgrade`: the script that takes revisions back.

use super::range::Range;
use super::script::script;
use super::workspace::Workspace;
use super::{At, Options, Outcome};
use crate::diagnostic::{Code, Diagnostic, Result};

/// The script from the start of the range, or from the heads, down to the target.
pub fn downgrade(options: &Options, revision: &str, at: &At) -> Result<Outcome> {
    let mut workspace = Workspace::open_to_evaluate(options)?;
    let arguments = [revision.to_owned()];
    let range = Range::parse(&arguments, "Downgrade")?;
    let mut told = None;
    let start = match workspace.start(options, range.start, at)? {
        Some(start) => start,
        None => {
            let heads = workspace.map.real_heads().to_vec();
            let names: Vec<&str> = heads
                .iter()
                .map(|index| &*workspace.map.revision(*index).id)
                .collect();
            let names = names.join(",");
            let target = range.targets.first().copied().unwrap_or_default();
            let message = format!("the downgrade begins at the head: {names}");
            told = Some(
                Diagnostic::warning(Code::AssumedStart, message).with_help(format!(
                    "to begin there without this warning write {names}:{target}"
                )),
            );
            heads
        }
    };
    let target = range.targets.first().copied().unwrap_or_default();
    workspace.asked(&start, &range.targets);
    let mut outcome = script(&workspace, options, &|given| {
        workspace.map.downgrade(given.unwrap_or(&start), target)
    })?;
    outcome.diagnostics.splice(0..0, told);
    options.kept.keep(workspace);
    Ok(outcome)
}
