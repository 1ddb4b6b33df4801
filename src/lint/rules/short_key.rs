//! `short-integer-key`: a numbering key of four bytes or fewer

use crate::catalog::{ConstraintKind, Table};
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// Types of four bytes or fewer.
const SHORT: &[&str] = &[
    "INTEGER",
    "INT",
    "INT4",
    "SERIAL",
    "SMALLINT",
    "INT2",
    "SMALLSERIAL",
    "TINYINT",
    "MEDIUMINT",
];

fn key_columns(table: &Table) -> Vec<&str> {
    let written = table
        .constraints
        .iter()
        .find_map(|constraint| match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => {
                Some(columns.iter().map(|name| &*name.name).collect())
            }
            _ => None,
        });
    written.unwrap_or_else(|| {
        let keys = table.columns.iter().filter(|column| column.primary_key);
        keys.map(|column| &*column.name.name).collect()
    })
}

/// The rule.
pub struct ShortKey;

static INFO: Info = Info {
    name: "short-integer-key",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a numbering key of four bytes or fewer",
    why: "after 2,147,483,647 rows inserts fail, and a wider type means writing the table anew",
    instead: "use BIGINT",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id INTEGER PRIMARY KEY)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY)",
    others: &[],
    peers: &[
        "squawk prefer-bigint-over-int",
        "squawk prefer-bigint-over-smallint",
        "online_migrations short integer PK",
    ],
};

impl Rule for ShortKey {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::CreateTable { table, .. }) = site.operation() else {
            return;
        };
        let keys: Vec<&str> = key_columns(table);
        let [only] = keys.as_slice() else { return };
        for column in &table.columns {
            let data_type = column.data_type.for_dialect(site.dialect.name());
            let spelt = site.dialect.type_sql(data_type).unwrap_or_default();
            if &*column.name.name == *only && SHORT.contains(&&*spelt.to_uppercase()) {
                let name = site.quote(&column.name);
                let table = site.table_name(&table.name);
                found.add(&INFO, site, format!("key {name} of {table} is {spelt}"));
            }
        }
    }
}
