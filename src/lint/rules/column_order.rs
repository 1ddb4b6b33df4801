//! `column-order`: the order of columns wastes space in each row

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::operation::Operation;

/// The rule.
pub struct ColumnOrder;

static INFO: Info = Info {
    name: "column-order",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "the order of columns wastes space in each row",
    why: "columns of eight bytes start at places that eight divides: short ones before them leave gaps",
    instead: "put the wide columns of fixed length first",
    dialect: "postgresql",
    bad: "CREATE TABLE fresh (a BOOLEAN NOT NULL, id BIGINT PRIMARY KEY, b BOOLEAN NOT NULL, c BIGINT NOT NULL)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, c BIGINT NOT NULL, a BOOLEAN NOT NULL, b BOOLEAN NOT NULL)",
    others: &[],
    peers: &["atlas PG110"],
};

impl Rule for ColumnOrder {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(Operation::CreateTable { table, .. }) = site.operation() else {
            return;
        };
        let sizes: Option<Vec<u32>> = table
            .columns
            .iter()
            .map(|column| site.width(column))
            .collect();
        let Some(sizes) = sizes.filter(|sizes| sizes.len() > 1) else {
            return;
        };
        let mut sorted = sizes.clone();
        sorted.sort_unstable_by(|one, other| other.cmp(one));
        let (now, best) = (padded(&sizes), padded(&sorted));
        if now >= best + 8 {
            found.add(
                &INFO,
                site,
                format!(
                    "a row of {} takes {now} bytes, and {best} in another order",
                    site.table_name(&table.name)
                ),
            );
        }
    }
}

/// The bytes of a row, each column at a place that its size divides, the row's end at eight.
fn padded(sizes: &[u32]) -> u32 {
    let end = sizes
        .iter()
        .fold(0_u32, |at, size| at.next_multiple_of((*size).max(1)) + size);
    end.next_multiple_of(8)
}
