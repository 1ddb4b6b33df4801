//! `unnamed-constraint`: a constraint has no name, and the server makes one up

use crate::diagnostic::Severity;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::lint::words::words;
use crate::operation::Operation;

/// The rule.
pub struct UnnamedConstraint;

static INFO: Info = Info {
    name: "unnamed-constraint",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "a constraint has no name, and the server makes one up",
    why: "the name is another one on each server, so that no later revision can drop it by name",
    instead: "name it, or set a naming convention",
    dialect: "mssql",
    bad: "CREATE TABLE fresh (id INTEGER PRIMARY KEY, c INTEGER UNIQUE)",
    good: "CREATE TABLE fresh (id INTEGER CONSTRAINT pk_fresh PRIMARY KEY, c INTEGER CONSTRAINT uq_fresh UNIQUE)",
    others: &[Example {
        dialect: "oracle",
        bad: "CREATE TABLE fresh (id INTEGER PRIMARY KEY, c INTEGER UNIQUE)",
        good: "CREATE TABLE fresh (id INTEGER CONSTRAINT pk_fresh PRIMARY KEY, c INTEGER CONSTRAINT uq_fresh UNIQUE)",
    }],
    peers: &[],
};

impl Rule for UnnamedConstraint {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if !site.table.advice.random_constraint_names {
            return;
        }
        if !matches!(
            site.operation(),
            Some(
                Operation::CreateTable { .. }
                    | Operation::AddConstraint { .. }
                    | Operation::AddColumn { .. }
            )
        ) {
            return;
        }
        for text in &site.change.statements {
            let words = words(text);
            for (at, word) in words.iter().enumerate() {
                let starts = match word.as_str() {
                    "UNIQUE" | "CHECK" => true,
                    "PRIMARY" | "FOREIGN" => words.get(at + 1).is_some_and(|next| next == "KEY"),
                    _ => false,
                };
                let named = at >= 2 && words.get(at - 2).is_some_and(|word| word == "CONSTRAINT");
                if starts && !named && words.get(at + 1).is_none_or(|next| next != "INDEX") {
                    found.add(
                        &INFO,
                        site,
                        format!("a {} constraint without a name", word.to_lowercase()),
                    );
                    return;
                }
            }
        }
    }
}
