//! `empty-string-is-null`: the default of a NOT NULL column is an empty string, which is NULL here

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct EmptyString;

static INFO: Info = Info {
    name: "empty-string-is-null",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "the default of a NOT NULL column is an empty string, which is NULL here",
    why: "every row that relies on the default is refused (ORA-01400)",
    instead: "use a default that is not empty, or let the column hold NULL",
    dialect: "oracle",
    bad: "CREATE TABLE fresh (id INTEGER PRIMARY KEY, note VARCHAR(20) DEFAULT '' NOT NULL)",
    good: "CREATE TABLE fresh (id INTEGER PRIMARY KEY, note VARCHAR(20) DEFAULT 'none' NOT NULL)",
    others: &[],
    peers: &[],
};

impl Rule for EmptyString {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if !site.table.advice.empty_string_is_null {
            return;
        }
        for (table, column) in site.new_columns() {
            let empty = matches!(&column.default, Some(default) if super::super::form::is_empty_text(default));
            if empty && !crate::lint::form::is_nullable(column) {
                found.add(
                    &INFO,
                    site,
                    format!(
                        "column {} of {} is NOT NULL, and its default is NULL",
                        site.quote(&column.name),
                        site.table_name(table)
                    ),
                );
            }
        }
    }
}
