//! `drop-not-null`: a column may hold NULL from now on

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct DropNotNull;

static INFO: Info = Info {
    name: "drop-not-null",
    family: Family::Compatibility,
    severity: Severity::Note,
    opt_in: false,
    summary: "a column may hold NULL from now on",
    why: "code that reads the column and does not expect NULL fails",
    instead: "deploy code that copes with NULL first",
    dialect: "postgresql",
    bad: "ALTER TABLE users ALTER COLUMN id DROP NOT NULL",
    good: "ALTER TABLE users ALTER COLUMN age SET DEFAULT 0",
    others: &[],
    peers: &["squawk ban-drop-not-null"],
};

impl Rule for DropNotNull {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::AlterColumn(alter)) = site.operation() else {
            return;
        };
        let known = site
            .effect
            .before
            .as_deref()
            .and_then(|table| crate::lint::form::column_of(table, &alter.column.name));
        let already = known.is_some_and(crate::lint::form::is_nullable)
            && alter.existing_nullable != Some(false);
        if alter.nullable == Some(true)
            && !already
            && !site.seen.is_new_column(&alter.table, &alter.column.name)
        {
            found.add(
                &INFO,
                site,
                format!(
                    "column {} of {} may hold NULL from now on",
                    site.quote(&alter.column),
                    site.table_name(&alter.table)
                ),
            );
        }
    }
}
