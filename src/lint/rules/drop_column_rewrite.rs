//! `drop-column-rewrite`: dropping a column writes all rows anew

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Work;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct DropColumnRewrite;

static INFO: Info = Info {
    name: "drop-column-rewrite",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "dropping a column writes all rows anew",
    why: "the table is locked for as long as it is large",
    instead: "Oracle: SET UNUSED (column) ONLINE now, DROP UNUSED COLUMNS CHECKPOINT in a quiet hour",
    dialect: "oracle",
    bad: "ALTER TABLE users DROP COLUMN age",
    good: "ALTER TABLE users SET UNUSED (age) ONLINE",
    others: &[],
    peers: &[],
};

impl Rule for DropColumnRewrite {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.form == Form::DropColumn && used.row.work == Work::Rewrite);
        if let (Some(used), Some(Operation::DropColumn { table, column, .. })) =
            (used, site.operation())
            && !site.is_new(table)
            && site.served
        {
            let name = site.quote(column);
            found.add(
                &INFO,
                site,
                format!(
                    "all rows of {} are written anew without {name} ({})",
                    site.table_name(table),
                    used.row.lock
                ),
            );
        }
    }
}
