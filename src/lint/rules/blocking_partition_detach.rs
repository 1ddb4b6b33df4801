//! `blocking-partition-detach`: a partition is detached under a lock that stops readers

use crate::diagnostic::Severity;
use crate::lint::form::Form;
use crate::lint::locks::Blocks;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct BlockingDetach;

static INFO: Info = Info {
    name: "blocking-partition-detach",
    family: Family::Lock,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a partition is detached under a lock that stops readers",
    why: "everybody who uses the partitioned table waits",
    instead: "DETACH PARTITION … CONCURRENTLY, outside of the transaction",
    dialect: "postgresql",
    bad: "ALTER TABLE orders DETACH PARTITION orders_2020",
    good: "-- migrate:up transaction:false\nALTER TABLE orders DETACH PARTITION orders_2020 CONCURRENTLY",
    others: &[],
    peers: &["squawk require-concurrent-partition-detach"],
};

impl Rule for BlockingDetach {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let used = site
            .locks
            .iter()
            .find(|used| used.form == Form::DetachPartition);
        if let Some(used) = used.filter(|used| used.row.blocks == Blocks::Reads)
            && !site.seen.is_new_name(&used.table.to_uppercase())
        {
            found.add(&INFO, site, format!("{} on {}", used.row.lock, used.table));
        }
    }
}
