//! `nullable-by-omission`: a column is altered without saying whether it may hold NULL

use crate::diagnostic::Severity;
use crate::lint::rule::{Family, Found, Info, Rule, Site};
use crate::lint::words::{begins, contains};

/// The rule.
pub struct NullableByOmission;

static INFO: Info = Info {
    name: "nullable-by-omission",
    family: Family::DataDependent,
    severity: Severity::Warning,
    opt_in: false,
    summary: "a column is altered without saying whether it may hold NULL",
    why: "SQL Server then lets it hold NULL, whatever it was before",
    instead: "write NULL or NOT NULL behind the type",
    dialect: "mssql",
    bad: "ALTER TABLE users ALTER COLUMN name NVARCHAR(40) COLLATE Latin1_General_BIN",
    good: "ALTER TABLE users ALTER COLUMN name NVARCHAR(40) COLLATE Latin1_General_BIN NOT NULL",
    others: &[],
    peers: &[],
};

impl Rule for NullableByOmission {
    fn info(&self) -> &'static Info {
        &INFO
    }

    fn effect(&self, site: &Site<'_>, found: &mut Found) {
        let Some(sql) = site
            .sql()
            .filter(|_| site.table.advice.altered_column_forgets_null)
        else {
            return;
        };
        if begins(&sql.words, "ALTER TABLE")
            && contains(&sql.words, "ALTER COLUMN")
            && !contains(&sql.words, "NULL")
            && !contains(&sql.words, "DROP")
            && !contains(&sql.words, "ADD")
        {
            found.add(&INFO, site, "the column may hold NULL from here on");
        }
    }
}
