//! `enum-value-order`: a label is added to an enum type without saying where

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains, words};

/// The rule.
pub struct EnumOrder;

static INFO: Info = Info {
    name: "enum-value-order",
    family: Family::Naming,
    severity: Severity::Note,
    opt_in: true,
    summary: "a label is added to an enum type without saying where",
    why: "it goes to the end, which is its place in every ORDER BY",
    instead: "write BEFORE or AFTER",
    dialect: "postgresql",
    bad: "ALTER TYPE mood ADD VALUE 'meh'",
    good: "ALTER TYPE mood ADD VALUE 'meh' AFTER 'sad'",
    others: &[],
    peers: &["squawk require-enum-value-ordering"],
};

impl Rule for EnumOrder {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        for text in &site.change.statements {
            let words = words(text);
            if begins(&words, "ALTER TYPE")
                && contains(&words, "ADD VALUE")
                && !contains(&words, "BEFORE")
                && !contains(&words, "AFTER")
            {
                found.add(&INFO, site, "the label goes to the end of the type");
            }
        }
    }
}
