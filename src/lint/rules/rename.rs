//! `rename`: a table or column is renamed

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains, name_behind, words};
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
    dialect: "postgresql",
    bad: "ALTER TABLE users RENAME COLUMN name TO full_name",
    good: "ALTER TABLE users RENAME TO people; CREATE VIEW users AS SELECT * FROM people",
    others: &[],
    peers: &[
        "squawk renaming-column",
        "squawk renaming-table",
        "atlas BC101",
        "atlas BC102",
        "strong_migrations renaming column, table, schema, enum value",
    ],
};

impl Rule for Rename {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if let Some(sql) = site.sql() {
            let shapes = [
                ("ALTER SCHEMA", "RENAME TO", "a schema is renamed"),
                (
                    "ALTER TYPE",
                    "RENAME VALUE",
                    "a label of an enum type is renamed",
                ),
                ("ALTER TYPE", "RENAME TO", "a type is renamed"),
                ("EXEC", "SP_RENAME", "a table or column is renamed"),
                ("EXECUTE", "SP_RENAME", "a table or column is renamed"),
            ];
            let shape = shapes.iter().find(|(first, inside, _)| {
                begins(&sql.words, first) && contains(&sql.words, inside)
            });
            if let Some((_, _, what)) = shape {
                found.add(&INFO, site, format!("{what} under the code that uses it"));
            }
            return;
        }
        match site.operation() {
            Some(Operation::RenameTable { table, .. })
                if !site.is_new(table) && !stays_as_view(site, &table.name.name) =>
            {
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

/// Whether the step makes a view of that name.
fn stays_as_view(site: &Site<'_>, name: &str) -> bool {
    let mut texts = site
        .step
        .changes
        .iter()
        .flat_map(|change| &change.statements);
    texts.any(|text| {
        text.get(..6)
            .is_some_and(|word| word.eq_ignore_ascii_case("create"))
            && name_behind(&words(text), "VIEW").is_some_and(|view| view.eq_ignore_ascii_case(name))
    })
}
