//! `rename`: a table or column is renamed

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct Rename;

static INFO: Info = Info {
    name: "rename",
    family: Family::Compatibility,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a table or column is renamed",
    why: "code that is running asks for the old name until it is replaced",
    instead: "add the new name beside the old one (a view, or a second column kept in step), and drop the old one later",
    bad: "ALTER TABLE users RENAME COLUMN name TO full_name",
    good: "CREATE VIEW people AS SELECT * FROM users",
    peers: &[
        "squawk renaming-column",
        "squawk renaming-table",
        "atlas BC101",
        "atlas BC102",
        "strong_migrations renaming a column",
    ],
};

impl Rule for Rename {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        match site.operation() {
            Some(Operation::RenameTable { table, .. }) if !site.is_new(table) => {
                let name = site.table_name(table);
                found.add(
                    &INFO,
                    site,
                    format!("table {name} is renamed under the code that uses it"),
                );
            }
            Some(Operation::AlterColumn(alter))
                if alter
                    .new_name
                    .as_ref()
                    .is_some_and(|name| name.name != alter.column.name)
                    && !site.seen.is_new_column(&alter.table, &alter.column.name) =>
            {
                let name = site.quote(&alter.column);
                let table = site.table_name(&alter.table);
                found.add(
                    &INFO,
                    site,
                    format!("column {name} of {table} is renamed under the code that uses it"),
                );
            }
            _ => {}
        }
    }
}
