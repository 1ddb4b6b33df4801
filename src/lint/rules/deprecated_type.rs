//! `deprecated-type`: a column of a type that the product is going to remove

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};

/// The rule.
pub struct DeprecatedType;

static INFO: Info = Info {
    name: "deprecated-type",
    family: Family::Naming,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a column of a type that the product is going to remove",
    why: "SQL Server says so of TEXT, NTEXT and IMAGE, Oracle of LONG: functions and online operations refuse them",
    instead: "use VARCHAR(MAX), NVARCHAR(MAX), VARBINARY(MAX); CLOB, BLOB",
    dialect: "mssql",
    bad: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, body NTEXT)",
    good: "CREATE TABLE fresh (id BIGINT PRIMARY KEY, body NVARCHAR(200))",
    others: &[],
    peers: &[],
};

impl Rule for DeprecatedType {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        found.discouraged_types(&INFO, site);
    }
}
