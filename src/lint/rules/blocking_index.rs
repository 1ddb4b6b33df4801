//! `blocking-index`: an index is built on a table in use, and writers wait for it

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Fix, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct BlockingIndex;

static INFO: Info = Info {
    name: "blocking-index",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "an index is built on a table in use, and writers wait for it",
    why: "building takes as long as the table is large, and nobody can write meanwhile",
    instead: "build it CONCURRENTLY outside of the transaction (PostgreSQL), WITH (ONLINE = ON) (SQL Server), ONLINE (Oracle)",
    dialect: "postgresql",
    bad: "CREATE INDEX ix ON users (email)",
    good: "-- migrate:up transaction:false\nCREATE INDEX CONCURRENTLY ix ON users (email)",
    others: &[],
    peers: &[
        "strong_migrations reference with index",
        "squawk require-concurrent-index-creation",
        "strong_migrations index non-concurrently",
        "atlas PG101",
        "eugene E6",
    ],
};

static FIX: Fix = Fix {
    does: "builds it CONCURRENTLY, outside of the transaction",
    directive: "create_index",
    keyword: "postgresql_concurrently=True",
    begins: &["CREATE", "?UNIQUE", "INDEX"],
    word: "CONCURRENTLY",
};

impl Rule for BlockingIndex {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn fix(&self) -> Option<&'static Fix> {
        Some(&FIX)
    }

    fn can_fix(&self, site: &Site<'_>) -> bool {
        site.dialect.facts().online.concurrently
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::CreateIndex { table, .. }) = site.operation() else {
            return;
        };
        let used = site
            .locks
            .iter()
            .find(|used| used.form == Form::CreateIndex);
        if let Some(used) = used.filter(|used| used.row.blocks >= Blocks::Writes)
            && !site.is_new(table)
            && site.served
        {
            let name = site.table_name(table);
            found.add(
                &INFO,
                site,
                format!("{} on {name} while the index is built", used.row.lock),
            );
        }
    }
}
