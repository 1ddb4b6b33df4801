//! `several-foreign-keys`: foreign keys to several tables are made in one transaction

use crate::catalog::Constraint;
use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct SeveralForeignKeys;

static INFO: Info = Info {
    name: "several-foreign-keys",
    family: Family::Lock,
    severity: Severity::Note,
    opt_in: false,
    summary: "foreign keys to several tables are made in one transaction",
    why: "writers of all those tables wait until the transaction ends, and deadlocks are likely",
    instead: "one foreign key a revision, with `transaction_per_migration`",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, a BIGINT REFERENCES users (id), b INTEGER REFERENCES orders (id))",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, a BIGINT REFERENCES users (id), b BIGINT REFERENCES users (id))",
    others: &[],
    peers: &["online_migrations several FKs in one migration"],
};

impl Rule for SeveralForeignKeys {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let constraints: Vec<&Constraint> = match site.operation() {
            Some(Operation::CreateTable { table, .. }) => table
                .columns
                .iter()
                .flat_map(|column| &column.constraints)
                .chain(&table.constraints)
                .collect(),
            _ => return,
        };
        if !site
            .locks
            .iter()
            .any(|used| used.row.blocks == Blocks::Writes)
        {
            return;
        }
        let mut tables: Vec<String> = constraints
            .iter()
            .filter_map(|constraint| match &constraint.kind {
                ConstraintKind::ForeignKey(key)
                    if !site.is_new(&key.referent)
                        && Some(&key.referent) != site.effect.table.as_ref() =>
                {
                    Some(site.table_name(&key.referent))
                }
                _ => None,
            })
            .collect();
        tables.sort();
        tables.dedup();
        if tables.len() > 1 && site.served {
            found.add(
                &INFO,
                site,
                format!(
                    "writers of {} wait until the transaction ends",
                    tables.join(", ")
                ),
            );
        }
    }
}
