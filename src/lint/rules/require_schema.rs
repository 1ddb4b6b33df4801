//! `require-schema`: a table is named without its schema

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct RequireSchema;

static INFO: Info = Info {
    name: "require-schema",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a table is named without its schema",
    why: "which table is meant depends on the search path of whoever runs the script",
    instead: "write schema.table",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY)",
    good: "CREATE TABLE public.fresh (id BIGINT PRIMARY KEY)",
    others: &[],
    peers: &["squawk require-table-schema"],
};

impl Rule for RequireSchema {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(table) = site
            .effect
            .table
            .as_ref()
            .filter(|table| table.schema.is_none())
        {
            found.add(
                &INFO,
                site,
                format!(
                    "table {} is named without its schema",
                    site.table_name(table)
                ),
            );
        }
    }
}
