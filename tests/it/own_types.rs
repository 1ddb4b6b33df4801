//! SQL projects with the types of MySQL, SQL Server and Oracle: what `schema.sql` wants is written as
//! it is meant, printed so, and found again.

use std::fs;

use crate::session::{ok, run_with};

/// A dialect with types, and how they are written where that is otherwise.
const TYPES: &[(&str, &[(&str, &str)])] = &[
    (
        "mysql",
        &[
            ("TINYINT(1)", ""),
            ("TINYINT UNSIGNED", ""),
            ("MEDIUMINT", ""),
            ("SMALLINT UNSIGNED", ""),
            ("INT UNSIGNED", "INTEGER UNSIGNED"),
            ("INT(11)", "INTEGER(11)"),
            ("BIGINT UNSIGNED", ""),
            ("DECIMAL(10,2) UNSIGNED", ""),
            ("DOUBLE(8,2)", ""),
            ("DATETIME(6)", ""),
            ("TIMESTAMP(3)", "TIMESTAMP(3) NULL"),
            ("TIME(2)", ""),
            ("YEAR", ""),
            ("BIT(4)", ""),
            ("ENUM('a','B c')", ""),
            ("SET('x','y')", ""),
            ("TINYTEXT", ""),
            ("MEDIUMTEXT", ""),
            ("LONGTEXT", ""),
            ("TINYBLOB", ""),
            ("MEDIUMBLOB", ""),
            ("LONGBLOB", ""),
            ("BINARY(16)", ""),
            ("VARBINARY(20)", ""),
        ],
    ),
    ("mariadb", &[("BIGINT UNSIGNED", ""), ("INET6", "")]),
    (
        "mssql",
        &[
            ("BIT", "BIT NULL"),
            ("NVARCHAR(MAX)", "NVARCHAR(MAX) NULL"),
            ("VARCHAR(MAX)", "VARCHAR(MAX) NULL"),
            ("VARBINARY(MAX)", "VARBINARY(MAX) NULL"),
            ("VARBINARY(20)", "VARBINARY(20) NULL"),
            ("BINARY(8)", "BINARY(8) NULL"),
            ("DATETIME2(3)", "DATETIME2(3) NULL"),
            ("DATETIMEOFFSET", "DATETIMEOFFSET NULL"),
            ("SMALLDATETIME", "SMALLDATETIME NULL"),
            ("TIME(3)", "TIME(3) NULL"),
            ("MONEY", "MONEY NULL"),
            ("SMALLMONEY", "SMALLMONEY NULL"),
            ("TINYINT", "TINYINT NULL"),
            ("UNIQUEIDENTIFIER", "UNIQUEIDENTIFIER NULL"),
            ("XML", "XML NULL"),
            ("NTEXT", "NTEXT NULL"),
            ("IMAGE", "IMAGE NULL"),
            ("NCHAR(10)", "NCHAR(10) NULL"),
            ("ROWVERSION", "ROWVERSION NULL"),
            ("SQL_VARIANT", "SQL_VARIANT NULL"),
            ("INT IDENTITY(5,2)", "INTEGER NOT NULL IDENTITY(5,2)"),
        ],
    ),
    (
        "oracle",
        &[
            ("NUMBER", ""),
            ("NUMBER(19)", ""),
            ("NUMBER(10,2)", ""),
            ("VARCHAR2(50)", ""),
            ("VARCHAR2(50 CHAR)", ""),
            ("VARCHAR2(50 BYTE)", ""),
            ("NVARCHAR2(20)", ""),
            ("CLOB", ""),
            ("NCLOB", ""),
            ("RAW(16)", ""),
            ("TIMESTAMP(6)", ""),
            ("TIMESTAMP(3) WITH TIME ZONE", ""),
            ("INTERVAL DAY TO SECOND", ""),
            ("BINARY_DOUBLE", ""),
            ("BINARY_FLOAT", ""),
            ("LONG", ""),
            ("ROWID", ""),
            ("BFILE", ""),
        ],
    ),
];

fn plain(text: &str) -> String {
    let text = text.trim().trim_end_matches(',').replace(", ", ",");
    text.to_uppercase()
}

#[test]
fn types_of_each_dialect_are_found_again() {
    let mut wrong = Vec::new();
    for (dialect, types) in TYPES {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        ok(path, &["--dialect", dialect, "init", "-t", "sql"]);
        let columns: Vec<String> = types
            .iter()
            .enumerate()
            .map(|(number, (sql, _))| format!("CREATE TABLE t{number} (c {sql});\n"))
            .collect();
        fs::write(path.join("schema.sql"), columns.concat()).unwrap();
        ok(path, &["revision", "--autogenerate", "-m", "x"]);
        let check = run_with(path, &["check"], &[]);
        if !check.status.success() {
            wrong.push(format!("{dialect}: {}", crate::program::answer(&check)));
        }
        let script = ok(path, &["upgrade", "head", "--no-guard"]);
        for (number, (sql, written)) in types.iter().enumerate() {
            let table = script.split(&format!("CREATE TABLE t{number} (")).nth(1);
            let line = table.unwrap_or_default().lines().nth(1).unwrap_or_default();
            let wanted = if written.is_empty() { sql } else { written };
            let found = line.trim().strip_prefix("c ").unwrap_or_default();
            if plain(found) != plain(wanted) {
                wrong.push(format!("{dialect}: {sql} is written {found}"));
            }
        }
        // Taken back and changed, they are told apart.
        let other = columns.concat().replace("(c ", "(c INTEGER, d ");
        fs::write(path.join("schema.sql"), other).unwrap();
        let changed = run_with(path, &["check"], &[]);
        if changed.status.code() != Some(1) {
            wrong.push(format!("{dialect}: {}", crate::program::answer(&changed)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A script for Oracle ends each statement with a line of its own, which revisions may have as well.
#[test]
fn a_revision_for_oracle_has_no_statement_twice() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    ok(path, &["--dialect", "oracle", "init", "-t", "sql"]);
    let wanted = "CREATE TABLE t (id NUMBER(19), c CLOB);\nCREATE INDEX i ON t (id);\n";
    fs::write(path.join("schema.sql"), wanted).unwrap();
    ok(path, &["revision", "--autogenerate", "-m", "x"]);
    let script = ok(path, &["upgrade", "head", "--no-guard"]);
    assert!(
        script.contains("CREATE INDEX i ON t (id)\n\n/\n"),
        "{script}"
    );
    assert!(!script.contains("/\n\n/"), "{script}");
    let back = ok(path, &["downgrade", "head:base", "--no-guard"]);
    assert!(!back.contains("/\n\n/"), "{back}");
}
