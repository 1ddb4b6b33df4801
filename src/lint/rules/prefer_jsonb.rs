//! `prefer-jsonb`: a column of type JSON where JSONB is there

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct PreferJsonb;

static INFO: Info = Info {
    name: "prefer-jsonb",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "a column of type JSON where JSONB is there",
    why: "JSON has no equality operator: SELECT DISTINCT and GROUP BY fail",
    instead: "use JSONB",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN data JSON",
    good: "ALTER TABLE users ADD COLUMN data JSONB",
    others: &[],
    peers: &["strong_migrations json column", "eugene E3"],
};

impl Rule for PreferJsonb {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if !site.dialect.facts().types.contains_key("JSONB") {
            return;
        }
        for (table, column) in site.new_columns() {
            if column.data_type.for_dialect(site.dialect.name()).spec.visit == "JSON" {
                let name = site.quote(&column.name);
                found.add(
                    &INFO,
                    site,
                    format!("column {name} of {} is JSON", site.table_name(table)),
                );
            }
        }
    }
}
