//! `gensql list_templates`: the kinds of project that `init` makes.

use std::fmt::Write;

use super::Outcome;
use super::init::Template;
use crate::diagnostic::Result;

/// Lists the templates.
pub fn list_templates() -> Result<Outcome> {
    let mut output = String::from("Available templates:\n\n");
    for template in Template::ALL {
        let _ = writeln!(output, "{} - {}", template.name(), template.synopsis());
    }
    output.push_str("\nTemplates are used via the 'init' command, e.g.:\n");
    output.push_str("\n  gensql init --template generic ./scripts\n");
    Ok(output.into())
}
