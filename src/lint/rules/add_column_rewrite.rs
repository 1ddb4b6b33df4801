//! `add-column-rewrite`: a new column has a value for each row, so that all rows are written anew

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Work;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct AddColumnRewrite;

static INFO: Info = Info {
    name: "add-column-rewrite",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a new column has a value for each row, so that all rows are written anew",
    why: "the table cannot be used while that lasts",
    instead: "add the column without the default, set the default for new rows, and fill the others in batches",
    dialect: "postgresql",
    bad: "ALTER TABLE users ADD COLUMN token UUID DEFAULT gen_random_uuid()",
    good: "ALTER TABLE users ADD COLUMN token UUID",
    others: &[],
    peers: &[
        "strong_migrations expression default",
        "atlas MY140",
        "atlas MY141",
        "squawk adding-field-with-default",
        "strong_migrations volatile default",
        "strong_migrations adding stored generated column",
        "strong_migrations adding auto-increment column",
        "atlas PG302",
        "eugene E11",
    ],
};

impl Rule for AddColumnRewrite {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let forms = [
            Form::AddColumn,
            Form::AddColumnVolatileDefault,
            Form::AddColumnStoredGenerated,
            Form::AddColumnIdentity,
        ];
        let used = site
            .locks
            .iter()
            .find(|used| forms.contains(&used.form) && used.row.work == Work::Rewrite);
        if let (Some(used), Some(Operation::AddColumn { table, column, .. })) =
            (used, site.operation())
            && !site.is_new(table)
        {
            let name = site.quote(&column.name);
            let table = site.table_name(table);
            found.add(&INFO, site, format!("column {name} of {table} has a value of its own in each row: all rows are written anew ({})", used.row.lock));
        }
    }
}
