//! The layers: `ARCHITECTURE.md` has the table, the sources keep to it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::program::root;

/// Longest file, in lines. Shorter is better.
const LONGEST: usize = 1_400;

/// Where a product may be named outside `dialect` and `lower`, and why.
const NAMED: &[(&str, &str)] = &[
    ("lint/locks.rs", "the tables of locks that are embedded"),
    ("commands/init.rs", "the database of a new project"),
    (
        "frontend/alembic/modules/sqlalchemy.rs",
        "the modules of Python's sqlalchemy.dialects, and that mariadb has the types of mysql",
    ),
    (
        "frontend/alembic/sql/modules.rs",
        "what Python's sqlalchemy.dialects.NAME have",
    ),
];

fn sources() -> Vec<(PathBuf, String)> {
    let base = root().join("src");
    walkdir::WalkDir::new(&base)
        .sort_by_file_name()
        .into_iter()
        .map(Result::unwrap)
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "rs"))
        .map(|entry| {
            let text = std::fs::read_to_string(entry.path()).unwrap();
            (entry.path().strip_prefix(&base).unwrap().to_owned(), text)
        })
        .collect()
}

fn module(path: &Path) -> String {
    let first = path
        .components()
        .next()
        .unwrap()
        .as_os_str()
        .to_string_lossy();
    first.trim_end_matches(".rs").to_owned()
}

/// The code without comments and without the tests at its end.
fn code(text: &str) -> String {
    let code: Vec<&str> = text
        .lines()
        .take_while(|line| line.trim() != "#[cfg(test)]")
        .map(|line| line.split("//").next().unwrap_or_default())
        .collect();
    code.join("\n")
}

/// `rank → modules` as the first table of ARCHITECTURE.md says.
fn ranks() -> BTreeMap<String, usize> {
    let text = std::fs::read_to_string(root().join("ARCHITECTURE.md")).unwrap();
    let mut ranks = BTreeMap::new();
    for line in text.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, rank, modules, ..] = cells.as_slice() else {
            continue;
        };
        if let Ok(rank) = rank.parse::<usize>() {
            for name in modules.split(',') {
                ranks.insert(name.trim().trim_matches('`').to_owned(), rank);
            }
        }
    }
    assert!(ranks.len() > 10, "no table of ranks in ARCHITECTURE.md");
    ranks
}

fn named_modules(code: &str) -> Vec<String> {
    let mut found = Vec::new();
    for part in code.split("crate::").skip(1) {
        if let Some(group) = part.strip_prefix('{') {
            let group = group.split('}').next().unwrap_or_default();
            found.extend(group.split(',').map(|item| word(item.trim())));
        } else {
            found.push(word(part));
        }
    }
    found
}

fn word(text: &str) -> String {
    text.chars()
        .take_while(|c| c.is_alphanumeric() || *c == '_')
        .collect()
}

#[test]
fn modules_use_lower_ranks_only() {
    let ranks = ranks();
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        let Some(rank) = ranks.get(&own) else {
            assert!(
                own == "lib" || own == "main",
                "{own} has no rank in ARCHITECTURE.md"
            );
            continue;
        };
        if path.ends_with("tests.rs") {
            continue;
        }
        for used in named_modules(&code(&text)) {
            let allowed = used == own
                || (own.as_str(), used.as_str()) == ("diagnostic", "source")
                || ranks.get(&used).is_none_or(|other| other < rank);
            if !allowed {
                wrong.push(format!("{} uses {used}", path.display()));
            }
        }
        if own == "frontend" {
            for banned in ["lower", "script", "render"] {
                if named_modules(&code(&text))
                    .iter()
                    .any(|used| used == banned)
                {
                    wrong.push(format!("{} uses {banned}", path.display()));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn products_are_named_in_dialect_and_lower_only() {
    let products = [
        "postgresql",
        "sqlite",
        "mysql",
        "mariadb",
        "mssql",
        "oracle",
        "cockroachdb",
        "redshift",
        "duckdb",
    ];
    let mut wrong = Vec::new();
    for (path, text) in sources() {
        let own = module(&path);
        let shown = path.display().to_string();
        if own == "dialect"
            || own == "lower"
            || shown.ends_with("tests.rs")
            || NAMED.iter().any(|(file, _)| *file == shown)
        {
            continue;
        }
        // The dialect of an example in a rule's documentation decides nothing.
        let text = match shown.starts_with("lint/rules/") {
            true => text
                .lines()
                .filter(|line| !line.trim_start().starts_with("dialect: \""))
                .collect::<Vec<_>>()
                .join("\n"),
            false => text,
        };
        for product in products {
            if code(&text).contains(&format!("\"{product}\"")) {
                wrong.push(format!("{shown} names {product}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn parsers_are_named_where_they_are_wrapped() {
    for (path, text) in sources() {
        let shown = path.display().to_string();
        let code = code(&text);
        assert!(
            shown.starts_with("python/") || !code.contains("ruff_"),
            "{shown} names the Python parser"
        );
        assert!(
            shown.starts_with("frontend/sql/")
                || shown.starts_with("lower/")
                || !code.contains("sqlparser::"),
            "{shown} names the SQL parser"
        );
        assert!(
            text.lines().count() <= LONGEST,
            "{shown} is longer than {LONGEST} lines"
        );
    }
}

/// A field that is added to an operation has to be handled where operations are lowered and where
/// they change the catalog: the patterns there name all fields, so that it does not compile before.
#[test]
fn operations_are_taken_apart_completely() {
    for file in ["lower/mod.rs", "operation/apply.rs"] {
        let text = std::fs::read_to_string(root().join("src").join(file)).unwrap();
        let code = code(&text);
        for part in code.split("Operation::").skip(1) {
            let Some(fields) = part
                .trim_start_matches(|c: char| c.is_alphanumeric())
                .trim_start()
                .strip_prefix('{')
            else {
                continue;
            };
            let fields = fields.split('}').next().unwrap_or_default();
            assert!(
                !fields.contains(".."),
                "{file}: Operation::{} leaves fields out",
                part.split('}').next().unwrap_or_default()
            );
        }
        assert!(!code.contains("_ => {}") || file != "lower/mod.rs");
    }
    // What is too large for the variant has one place in each that names all its fields.
    for (file, name) in [
        ("lower/alter.rs", "AlterColumn"),
        ("operation/apply.rs", "AlterColumn"),
        ("lower/table.rs", "Table"),
        ("lower/index.rs", "Index"),
    ] {
        let text = std::fs::read_to_string(root().join("src").join(file)).unwrap();
        let whole = text.split(&format!("let {name} {{")).skip(1).any(|part| {
            let fields = part.split('}').next().unwrap_or_default();
            !fields.contains("..")
        });
        assert!(whole, "{file} does not name all fields of {name}");
    }
}
