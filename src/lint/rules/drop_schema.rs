//! `drop-schema`: a schema or database is dropped

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::begins;
use crate::operation::{Executable, Operation};

/// The rule.
pub struct DropSchema;

static INFO: Info = Info {
    name: "drop-schema",
    family: Family::Destructive,
    severity: Severity::Error,
    opt_in: false,
    summary: "a schema or database is dropped",
    why: "everything in it is gone",
    instead: "drop what is in it piece by piece, in releases of their own",
    dialect: "postgresql",
    bad: "DROP SCHEMA sales CASCADE",
    good: "DROP TABLE orders",
    others: &[],
    peers: &[
        "atlas DS101",
        "squawk ban-drop-database",
        "bytebase drop schema",
    ],
};

impl Rule for DropSchema {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let shape = ["DROP SCHEMA", "DROP DATABASE"];
        let by_sql = site
            .sql()
            .is_some_and(|sql| shape.iter().any(|shape| begins(&sql.words, shape)));
        let by_operation = matches!(
            site.operation(),
            Some(Operation::Execute {
                statement: Executable::DropSchema(..)
            })
        );
        if by_sql || by_operation {
            found.add(&INFO, site, "a schema is dropped with all that is in it");
        }
    }
}
