//! `gensql explain`: what the code of a message means.

use std::fmt::Write;

use super::Outcome;
use crate::config::suggestion;
use crate::diagnostic::{Code, Diagnostic, Result};

/// Explains one code; lists all without one.
pub fn explain(code: Option<&str>) -> Result<Outcome> {
    let mut output = String::new();
    let Some(wanted) = code else {
        for code in Code::ALL {
            let summary = paragraphs(*code).next().unwrap_or_default();
            let _ = writeln!(output, "{}  {summary}", code.as_str());
        }
        return Ok(output.into());
    };
    let known = |code: &&Code| code.as_str().eq_ignore_ascii_case(wanted);
    let Some(code) = Code::ALL.iter().find(known) else {
        let message = format!("there is no code '{wanted}'");
        let found = Diagnostic::error(Code::Usage, message);
        let upper = wanted.to_ascii_uppercase();
        return Err(Box::new(
            match suggestion(&upper, Code::ALL.iter().map(|c| c.as_str())) {
                Some(near) => found.with_help(format!("did you mean {near}?")),
                None => found.with_help("`gensql explain` lists all codes"),
            },
        ));
    };
    let text: Vec<String> = paragraphs(*code).collect();
    let _ = writeln!(output, "{}: {}", code.as_str(), text.join("\n\n"));
    Ok(output.into())
}

/// The paragraphs of an explanation, each on one line.
fn paragraphs(code: Code) -> impl Iterator<Item = String> {
    let lines: Vec<&str> = code.explanation().lines().map(str::trim).collect();
    let paragraphs: Vec<String> = lines
        .split(|line| line.is_empty())
        .filter(|lines| !lines.is_empty())
        .map(|lines| lines.join(" "))
        .collect();
    paragraphs.into_iter()
}
