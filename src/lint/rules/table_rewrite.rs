//! `table-rewrite`: a table is written anew as a whole

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct TableRewrite;

static INFO: Info = Info {
    name: "table-rewrite",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a table is written anew as a whole",
    why: "nobody can use it while that lasts",
    instead: "use the product's online way (pg_repack, OPTIMIZE with ALGORITHM=INPLACE), outside of a release",
    dialect: "postgresql",
    bad: "VACUUM FULL orders",
    good: "VACUUM orders",
    others: &[],
    peers: &["atlas MY138", "atlas MY139", "squawk prefer-repack"],
};

impl Rule for TableRewrite {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site.locks.iter().find(|used| used.form == Form::Rewrite);
        if let Some(used) = used.filter(|used| used.row.blocks >= Blocks::Writes) {
            found.add(
                &INFO,
                site,
                format!(
                    "{} on {} for as long as the statement runs",
                    used.row.lock, used.table
                ),
            );
        }
    }
}
