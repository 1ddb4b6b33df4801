//! Indexes and triggers that only SQL says: they are kept as they were written, for when their
//! table is made anew.

use std::sync::Arc;

use crate::catalog::{Attached, AttachedKind, Catalog, TableName};
use crate::expression::Ident;

/// Follows `CREATE INDEX`, `CREATE TRIGGER`, `DROP INDEX` and `DROP TRIGGER`; whether the
/// statement is one of them and its table is known.
pub(super) fn follow(statement: &str, catalog: &mut Catalog) -> bool {
    let mut words = Words { rest: statement };
    let creates = words.eat("CREATE");
    if !creates && !words.eat("DROP") {
        return false;
    }
    while words.eat("UNIQUE")
        || words.eat("OR")
        || words.eat("REPLACE")
        || words.eat("CONCURRENTLY")
    {}
    let kind = if words.eat("INDEX") {
        AttachedKind::Index
    } else if words.eat("TRIGGER") {
        AttachedKind::Trigger
    } else {
        return false;
    };
    words.eat("CONCURRENTLY");
    if words.eat("IF") {
        words.eat("NOT");
        words.eat("EXISTS");
    }
    let Some(name) = words.name() else {
        return false;
    };
    if !creates {
        return catalog.detach(kind, &name.name.name);
    }
    // The table comes after the first ON; a trigger's events stand before it.
    while !words.eat("ON") {
        if words.next().is_none() {
            return false;
        }
    }
    words.eat("ONLY");
    let Some(table) = words.name() else {
        return false;
    };
    let attached = Attached {
        kind,
        name: name.name.name.clone(),
        sql: Arc::from(statement.trim()),
    };
    match catalog.table_mut(&table) {
        Some(mut table) => {
            table.attached.push(attached);
            true
        }
        None => false,
    }
}

/// Follows `CREATE VIEW` and `DROP VIEW`: views are known by name and as they were written. Whether
/// it is such a statement.
pub(super) fn follow_view(statement: &str, catalog: &mut Catalog) -> bool {
    let mut words = Words { rest: statement };
    let creates = words.eat("CREATE");
    if !creates && !words.eat("DROP") {
        return false;
    }
    while [
        "OR",
        "REPLACE",
        "TEMP",
        "TEMPORARY",
        "RECURSIVE",
        "MATERIALIZED",
    ]
    .iter()
    .any(|word| words.eat(word))
    {}
    if !words.eat("VIEW") {
        return false;
    }
    words.eat("CONCURRENTLY");
    if words.eat("IF") {
        words.eat("NOT");
        words.eat("EXISTS");
    }
    loop {
        let Some(name) = words.name() else {
            return false;
        };
        let key = crate::catalog::key(&name);
        if creates {
            catalog.create_view(key, statement.trim());
            return true;
        }
        catalog.drop_view(&key);
        if !words.eat(",") {
            return true;
        }
    }
}

/// The words of a statement: quoted names are one, and punctuation stands alone.
struct Words<'a> {
    rest: &'a str,
}

impl<'a> Words<'a> {
    fn peek(&self) -> Option<(&'a str, &'a str)> {
        let text = self.rest.trim_start();
        let first = text.chars().next()?;
        let closing = match first {
            '"' | '`' => Some(first),
            '[' => Some(']'),
            _ => None,
        };
        let end = match closing {
            Some(closing) => text.get(1..)?.find(closing)? + 1 + closing.len_utf8(),
            None if first.is_alphanumeric() || first == '_' => text
                .find(|c: char| !c.is_alphanumeric() && c != '_' && c != '$')
                .unwrap_or(text.len()),
            None => first.len_utf8(),
        };
        text.split_at_checked(end)
    }

    fn next(&mut self) -> Option<&'a str> {
        let (word, rest) = self.peek()?;
        self.rest = rest;
        Some(word)
    }

    fn eat(&mut self, wanted: &str) -> bool {
        match self.peek() {
            Some((word, rest)) if word.eq_ignore_ascii_case(wanted) => {
                self.rest = rest;
                true
            }
            _ => false,
        }
    }

    fn name(&mut self) -> Option<TableName> {
        let first = ident(self.next()?)?;
        if !self.eat(".") {
            return Some(TableName {
                schema: None,
                name: first,
            });
        }
        Some(TableName {
            schema: Some(first),
            name: ident(self.next()?)?,
        })
    }
}

fn ident(word: &str) -> Option<Ident> {
    let bare = word.trim_matches(['"', '`', '[', ']']);
    let first = bare.chars().next()?;
    (first.is_alphanumeric() || first == '_' || bare.len() != word.len()).then(|| Ident::new(bare))
}

#[cfg(test)]
mod tests {
    use crate::catalog::{Catalog, Key, TableName};
    use crate::dialect::Dialect;
    use crate::expression::Ident;
    use crate::frontend::sql::follow;
    use crate::operation::{Executable, Located, Operation};

    fn run(statements: &[&str]) -> Catalog {
        let dialect = Dialect::load("sqlite", None, false).unwrap();
        let mut catalog = Catalog::default();
        for statement in statements {
            let operation = Operation::Execute {
                statement: Executable::Str((*statement).into()),
            };
            let located = Located {
                operation,
                location: None,
                stack: Vec::new(),
                spelled: Vec::new(),
            };
            follow(&located, Some(&dialect), &mut catalog);
        }
        catalog
    }

    fn names<'a>(tables: impl Iterator<Item = &'a Key>) -> Vec<&'a str> {
        tables.map(|key| &*key.1).collect()
    }

    #[test]
    fn who_refers_is_known_after_renaming_and_dropping() {
        let mut catalog = run(&[
            "CREATE TABLE a (id INTEGER PRIMARY KEY)",
            "CREATE TABLE b (a_id INTEGER REFERENCES A (id))",
            "CREATE TABLE c (a_id INTEGER REFERENCES a (id))",
            "CREATE INDEX ix ON c (a_id)",
            "CREATE TRIGGER tr AFTER INSERT ON b BEGIN DELETE FROM a; END",
            "CREATE VIEW v AS SELECT id FROM a",
        ]);
        let table = |name: &str| TableName {
            schema: None,
            name: Ident::new(name),
        };
        let referring = |catalog: &Catalog, name: &str| -> Vec<String> {
            let tables = catalog.referring_to(name);
            tables
                .map(|table| table.name.name.name.to_string())
                .collect()
        };
        assert_eq!(referring(&catalog, "a"), ["b", "c"]);
        assert_eq!(
            names(catalog.tables_having("IX").map(|(key, _)| key)),
            ["c"]
        );
        assert_eq!(catalog.statements_with("A").count(), 2);
        catalog.rename_table(&table("c"), &Ident::new("d"));
        assert_eq!(referring(&catalog, "a"), ["b", "d"]);
        assert_eq!(
            names(catalog.tables_having("ix").map(|(key, _)| key)),
            ["d"]
        );
        catalog.drop_table(&table("d"));
        catalog.rename_table(&table("a"), &Ident::new("z"));
        assert!(referring(&catalog, "d").is_empty());
        assert!(catalog.tables_having("ix").next().is_none());
    }
}
