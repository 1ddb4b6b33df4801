//! `inline-reference`: a foreign key behind a column, which the server reads and forgets

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{contains, words};

/// The rule.
pub struct InlineReference;

static INFO: Info = Info {
    name: "inline-reference",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a foreign key behind a column, which the server reads and forgets",
    why: "no foreign key is made, and nothing says so",
    instead: "write FOREIGN KEY … REFERENCES as a clause of its own",
    dialect: "mysql",
    bad: "ALTER TABLE orders ADD COLUMN u BIGINT INVISIBLE REFERENCES users (id)",
    good: "ALTER TABLE orders ADD COLUMN u BIGINT; ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (u) REFERENCES users (id)",
    others: &[],
    peers: &["atlas MY102"],
};

impl Rule for InlineReference {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        if !site.table.advice.ignores_inline_references {
            return;
        }
        for text in &site.change.statements {
            let words = words(text);
            let table = contains(&words, "CREATE TABLE") || contains(&words, "ALTER TABLE");
            if table && contains(&words, "REFERENCES") && !contains(&words, "FOREIGN KEY") {
                found.add(
                    &INFO,
                    site,
                    "the server reads REFERENCES behind a column and makes no foreign key",
                );
            }
        }
    }
}
