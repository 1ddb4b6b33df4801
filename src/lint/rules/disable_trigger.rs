//! `disable-trigger`: triggers are switched off

use crate::diagnostic::Severity;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};
use crate::lint::words::contains;

/// The rule.
pub struct ReadonlyTrigger;

static INFO: Info = Info {
    name: "disable-trigger",
    family: Family::DataDependent,
    severity: Severity::Note,
    opt_in: false,
    summary: "triggers are switched off",
    why: "what they keep up, foreign keys included, is not kept up for rows that are changed meanwhile",
    instead: "leave them on, and change rows in batches",
    dialect: "postgresql",
    bad: "ALTER TABLE users DISABLE TRIGGER ALL",
    good: "ALTER TABLE users ENABLE TRIGGER ALL",
    others: &[Example {
        dialect: "mssql",
        bad: "DISABLE TRIGGER ALL ON users",
        good: "ENABLE TRIGGER ALL ON users",
    }],
    peers: &["safe-migrate disable-trigger"],
};

impl Rule for ReadonlyTrigger {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site.sql() else { return };
        let off = [
            "DISABLE TRIGGER",
            "SESSION_REPLICATION_ROLE = REPLICA",
            "FOREIGN_KEY_CHECKS = 0",
            "NOCHECK CONSTRAINT ALL",
        ];
        let replica = contains(&sql.words, "SESSION_REPLICATION_ROLE");
        if replica && sql.text.to_lowercase().contains("replica'")
            || off.iter().any(|shape| contains(&sql.words, shape))
        {
            found.add(
                &INFO,
                site,
                "what triggers and foreign keys check is not checked from here on",
            );
        }
    }
}
