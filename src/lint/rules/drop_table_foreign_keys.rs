//! `drop-table-foreign-keys`: a table with several foreign keys is dropped

use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct DropTableForeignKeys;

static INFO: Info = Info {
    name: "drop-table-foreign-keys",
    family: Family::Lock,
    severity: Severity::Note,
    opt_in: false,
    summary: "a table with several foreign keys is dropped",
    why: "the statement locks the table and every table that it refers to at once",
    instead: "drop the foreign keys one by one in transactions of their own first",
    dialect: "postgresql",
    bad: "ALTER TABLE orders ADD COLUMN u BIGINT REFERENCES users (id); ALTER TABLE orders ADD COLUMN p BIGINT REFERENCES people (id); DROP TABLE orders",
    good: "DROP TABLE orders",
    others: &[],
    peers: &["online_migrations dropping a table with several FKs"],
};

impl Rule for DropTableForeignKeys {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::DropTable { table, .. }) = site.operation() else {
            return;
        };
        let Some(before) = site
            .effect
            .before
            .as_deref()
            .filter(|_| !site.is_new(table) && site.served)
        else {
            return;
        };
        let inline = before.columns.iter().flat_map(|column| &column.constraints);
        let mut referents: Vec<_> = inline
            .chain(&before.constraints)
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key) if key.referent.name.name != table.name.name => {
                    Some(site.table_name(&key.referent))
                }
                _ => None,
            })
            .collect();
        referents.sort();
        referents.dedup();
        if referents.len() > 1 {
            found.add(
                &INFO,
                site,
                format!(
                    "{} is locked together with {}",
                    site.table_name(table),
                    referents.join(", ")
                ),
            );
        }
    }
}
