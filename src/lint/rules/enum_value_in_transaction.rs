//! `enum-value-in-transaction`: a label is added to an enum type inside a transaction, which this version refuses

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct EnumInTransaction;

static INFO: Info = Info {
    name: "enum-value-in-transaction",
    family: Family::Transaction,
    severity: Severity::Error,
    opt_in: false,
    summary: "a label is added to an enum type inside a transaction, which this version refuses",
    why: "before version 12 of PostgreSQL the statement fails in a transaction",
    instead: "`with op.get_context().autocommit_block():`, or `-- migrate:up transaction:false`",
    dialect: "postgresql:11",
    bad: "ALTER TYPE mood ADD VALUE 'meh'",
    good: "-- migrate:up transaction:false\nALTER TYPE mood ADD VALUE 'meh'",
    others: &[],
    peers: &["safe-migrate alter-type-add-value-in-tx"],
};

impl Rule for EnumInTransaction {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let inside = site.release.transactional && !site.change.autocommit;
        let used = site
            .locks
            .iter()
            .any(|used| used.form == Form::AddEnumValue);
        if used && inside && site.is_before(site.table.advice.enum_values_outside_before) {
            found.add(
                &INFO,
                site,
                "ALTER TYPE … ADD VALUE cannot run in a transaction before version 12",
            );
        }
    }
}
