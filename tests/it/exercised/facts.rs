//! Every fact of a dialect's file is read somewhere.
//!
//! An entry that no field has is refused when the file is read; this holds that each field is asked for
//! outside of the module that declares it. Types are `templates`' to look after.

use std::collections::BTreeSet;

use toml::Value;

use super::table;
use crate::program::root;
use gensql::dialect::Library;

/// Fields that are called otherwise than their entry.
const RENAMED: [(&str, &str); 1] = [("enum", "enumeration")];

/// The sections whose entries are fields.
const SECTIONS: [&str; 8] = [
    "identifiers",
    "script",
    "version_table",
    "guard",
    "features",
    "bind",
    "portable",
    "online",
];

fn keys(table: &toml::Table, found: &mut BTreeSet<String>) {
    for section in SECTIONS {
        if let Some(Value::Table(entries)) = table.get(section) {
            found.extend(entries.keys().cloned());
        }
    }
}

/// The sources, without those that declare the facts.
fn code() -> String {
    let mut code = String::new();
    for entry in walkdir::WalkDir::new(root().join("src")) {
        let path = entry.unwrap().into_path();
        let declares = ["dialect/facts.rs", "dialect/expressions.rs"];
        if path.extension().is_some_and(|extension| extension == "rs")
            && !declares.iter().any(|file| path.ends_with(file))
        {
            code.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
    // What is asked for on the next line is asked for.
    code.split_whitespace().collect()
}

fn is_read(code: &str, field: &str) -> bool {
    let access = format!(".{field}");
    code.match_indices(&access).any(|(at, _)| {
        let behind = code[at + access.len()..].chars().next();
        behind.is_some_and(|c| !c.is_alphanumeric() && c != '_' && c != '(')
    })
}

#[test]
fn every_fact_is_read() {
    let mut facts = BTreeSet::new();
    for dialect in Library::built_in().names() {
        keys(&table(&dialect), &mut facts);
    }
    for (_, section) in table("expressions") {
        facts.extend(section.as_table().unwrap().keys().cloned());
    }
    assert!(facts.len() > 130, "{} facts", facts.len());
    let code = code();
    let own = std::fs::read_to_string(root().join("src/dialect/facts.rs")).unwrap();
    let own: String = own.split_whitespace().collect();
    let unread: Vec<&String> = facts
        .iter()
        .filter(|fact| {
            let renamed = RENAMED.iter().find(|(entry, _)| entry == fact);
            let field = renamed.map_or(fact.as_str(), |(_, field)| field);
            // A fact may have a method that reads it, beside its declaration.
            !is_read(&code, field) && !is_read(&own, field)
        })
        .collect();
    assert!(unread.is_empty(), "nothing reads {unread:?}");
}
