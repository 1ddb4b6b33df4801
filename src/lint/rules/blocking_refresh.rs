//! `blocking-refresh`: a materialized view is filled anew while its readers wait

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct BlockingRefresh;

static INFO: Info = Info {
    name: "blocking-refresh",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a materialized view is filled anew while its readers wait",
    why: "the view cannot be read for as long as its query runs",
    instead: "REFRESH MATERIALIZED VIEW CONCURRENTLY, which needs a unique index on the view",
    dialect: "postgresql",
    bad: "REFRESH MATERIALIZED VIEW totals",
    good: "REFRESH MATERIALIZED VIEW CONCURRENTLY totals",
    others: &[],
    peers: &["safe-migrate blocking-mat-view-refresh"],
};

impl Rule for BlockingRefresh {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.form == Form::RefreshView);
        if let Some(used) = used.filter(|used| used.row.blocks == Blocks::Reads) {
            found.add(
                &INFO,
                site,
                format!("{} on {} while its query runs", used.row.lock, used.table),
            );
        }
    }
}
