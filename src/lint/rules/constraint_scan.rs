//! `constraint-scan`: a check or foreign key looks at all rows under a lock

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Work;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct ConstraintScan;

static INFO: Info = Info {
    name: "constraint-scan",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a check or foreign key looks at all rows under a lock",
    why: "the whole table is read while others wait",
    instead: "add it NOT VALID (SQL Server: WITH NOCHECK, Oracle: ENABLE NOVALIDATE), and validate it in a later transaction",
    dialect: "postgresql",
    bad: "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0)",
    good: "ALTER TABLE orders ADD CONSTRAINT c CHECK (total > 0) NOT VALID",
    others: &[],
    peers: &[
        "strong_migrations adding FK",
        "squawk constraint-missing-not-valid",
        "squawk adding-foreign-key-constraint",
        "strong_migrations adding check constraint",
        "atlas PG305",
        "atlas PG306",
        "eugene E1",
    ],
};

impl Rule for ConstraintScan {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let forms = [Form::AddCheck, Form::AddForeignKey];
        let used = site
            .locks
            .iter()
            .find(|used| forms.contains(&used.form) && used.row.work >= Work::Scan);
        let Some(used) = used else { return };
        let Some(table) = &site.effect.table else {
            return;
        };
        let new_column = matches!(
            site.operation(),
            Some(Operation::AddColumn { column, .. }) if column.default.is_none()
        );
        if site.is_new(table) || new_column || !site.served {
            return;
        }
        let name = site.table_name(table);
        found.add(
            &INFO,
            site,
            format!("{} on {name} while its rows are looked at", used.row.lock),
        );
    }
}
