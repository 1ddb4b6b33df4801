//! `gensql explain`: what the code of a message means.

use std::fmt::Write;

use super::Outcome;
use crate::config::suggestion;
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::lint::{Fix, Info, rules};

/// Explains one code; lists all without one.
pub fn explain(code: Option<&str>) -> Result<Outcome> {
    let mut output = String::new();
    let Some(wanted) = code else {
        let mut codes = Code::ALL.to_vec();
        codes.sort_by_key(|code| code.as_str());
        for code in codes {
            let summary = paragraphs(code).next().unwrap_or_default();
            let _ = writeln!(output, "{}  {summary}", code.as_str());
        }
        for rule in rules::ALL {
            let info = rule.info();
            let _ = writeln!(output, "{}  {}", info.name, info.summary);
        }
        return Ok(output.into());
    };
    if let Some(rule) = rules::named(wanted) {
        return Ok(of_rule(rule.info(), rule.fix()).into());
    }
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

/// What there is to say of a rule.
fn of_rule(info: &Info, fix: Option<&Fix>) -> String {
    let mut text = format!(
        "{}: {} ({}, {})\n\nWhy: {}.\n\nInstead: {}.\n\n",
        info.name,
        info.summary,
        info.family.name(),
        if info.opt_in {
            "off unless `[lint]` turns it on"
        } else {
            "on"
        },
        info.why,
        info.instead,
    );
    if let Some(fix) = fix {
        let _ = writeln!(text, "`lint --fix` {}.\n", fix.does);
    }
    for example in info.examples() {
        let _ = write!(
            text,
            "Found ({}):\n    {}\nNot found:\n    {}\n",
            example.dialect,
            example.bad.replace('\n', "\n    "),
            example.good.replace('\n', "\n    "),
        );
    }
    if !info.peers.is_empty() {
        let _ = writeln!(text, "\nThe same elsewhere: {}", info.peers.join(", "));
    }
    text
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
