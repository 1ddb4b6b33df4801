//! `drop-primary-key`: a primary key is dropped, and the rows are stored anew

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Work;
use crate::lint::rule::{Example, Family, Found, Info, Rule, Site};

/// The rule.
pub struct DropPrimaryKey;

static INFO: Info = Info {
    name: "drop-primary-key",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a primary key is dropped, and the rows are stored anew",
    why: "rows are kept in the order of the key: without it, or with another one, the whole table and all its indexes are written anew",
    instead: "make the new key in the same statement, in a quiet hour, or copy into a new table",
    dialect: "mysql",
    bad: "ALTER TABLE users DROP PRIMARY KEY",
    good: "ALTER TABLE users DROP COLUMN age",
    others: &[Example {
        dialect: "mssql",
        bad: "ALTER TABLE users ADD CONSTRAINT k PRIMARY KEY (id); ALTER TABLE users DROP CONSTRAINT k",
        good: "DROP INDEX ix_name ON users",
    }],
    peers: &["atlas MY137"],
};

impl Rule for DropPrimaryKey {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.form == Form::DropPrimaryKey && used.row.work == Work::Rewrite);
        if let Some(used) = used
            && site.existing_or_unknown()
            && !site.seen.is_new_name(&used.table.to_uppercase())
            && site.served
        {
            found.add(
                &INFO,
                site,
                format!(
                    "the rows of {} are stored anew ({})",
                    used.table, used.row.lock
                ),
            );
        }
    }
}
