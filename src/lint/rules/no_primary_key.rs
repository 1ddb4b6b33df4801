//! `no-primary-key`: a table is created without a primary key

use crate::catalog::ConstraintKind;
use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct NoPrimaryKey;

static INFO: Info = Info {
    name: "no-primary-key",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: false,
    summary: "a table is created without a primary key",
    why: "rows cannot be told apart, and logical replication does not update or delete them",
    instead: "give it a key",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (a INTEGER)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, a INTEGER)",
    others: &[],
    peers: &["bytebase TABLE_REQUIRE_PK"],
};

impl Rule for NoPrimaryKey {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::CreateTable { table, .. }) = site.operation() else {
            return;
        };
        let by_constraint = table
            .constraints
            .iter()
            .any(|constraint| matches!(constraint.kind, ConstraintKind::PrimaryKey { .. }));
        if !by_constraint && !table.columns.iter().any(|column| column.primary_key) {
            found.add(
                &INFO,
                site,
                format!("table {} has no primary key", site.table_name(&table.name)),
            );
        }
    }
}
