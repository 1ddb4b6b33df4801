//! Changes of names and of enum labels that only SQL says: `ALTER TABLE … RENAME CONSTRAINT`,
//! `ALTER INDEX … RENAME TO`, `CREATE TYPE … AS ENUM`, `ALTER TYPE … ADD VALUE` and
//! `ALTER TYPE … RENAME`; and schemas that come and go.

use std::sync::Arc;

use crate::catalog::{Catalog, ConstraintName, TableName};
use crate::datatype::EnumType;
use crate::expression::Ident;

/// Follows such a statement; whether it is one and what it names is known.
pub(super) fn follow(statement: &str, catalog: &mut Catalog) -> bool {
    let Some(words) = words(statement) else {
        return false;
    };
    let mut words = Words(&words);
    if words.eat("CREATE") {
        if words.eat("SCHEMA") {
            return create_schema(&mut words, catalog).is_some();
        }
        return words.eat("TYPE") && create_type(&mut words, catalog).is_some();
    }
    if words.eat("DROP") {
        if words.eat("TYPE") {
            return drop_types(&mut words).is_some();
        }
        return words.eat("SCHEMA") && drop_schemas(&mut words, catalog).is_some();
    }
    if !words.eat("ALTER") {
        return false;
    }
    if words.eat("TABLE") {
        rename_constraint(&mut words, catalog).is_some()
    } else if words.eat("INDEX") {
        rename_index(&mut words, catalog).is_some()
    } else {
        words.eat("TYPE") && alter_type(&mut words, catalog).is_some()
    }
}

/// `CREATE SCHEMA name AUTHORIZATION role`; one that has its objects in the statement is not known.
fn create_schema(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    words.if_exists();
    let name = words.ident()?;
    if words.eat("AUTHORIZATION") {
        words.ident()?;
    }
    words.end()?;
    catalog.create_schema(&Ident::new(name));
    Some(())
}

fn drop_schemas(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    words.if_exists();
    let mut names = vec![words.ident()?];
    while words.eat(",") {
        names.push(words.ident()?);
    }
    if !words.eat("CASCADE") {
        words.eat("RESTRICT");
    }
    words.end()?;
    for name in names {
        catalog.drop_schema(&Ident::new(name));
    }
    Some(())
}

/// `DROP TYPE`, which was noted with the statement: only with CASCADE does it change tables.
fn drop_types(words: &mut Words<'_>) -> Option<()> {
    words.if_exists();
    words.name()?;
    while words.eat(",") {
        words.name()?;
    }
    words.eat("RESTRICT");
    words.end()
}

fn rename_constraint(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    words.if_exists();
    words.eat("ONLY");
    let table = words.name()?;
    let renames = words.eat("RENAME") && words.eat("CONSTRAINT");
    let old = renames.then(|| words.ident()).flatten()?;
    let new = words.eat("TO").then(|| words.ident()).flatten()?;
    let mut table = catalog.table_mut(&table)?;
    let constraint = table
        .constraints
        .iter_mut()
        .find(|c| c.name.ident().is_some_and(|n| n.name == old))?;
    constraint.name = ConstraintName::Final(Ident::new(new));
    Some(())
}

fn rename_index(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    words.if_exists();
    let index = words.name()?;
    let renames = words.eat("RENAME") && words.eat("TO");
    let new = renames.then(|| words.ident()).flatten()?;
    let has = |name: &ConstraintName| name.ident().is_some_and(|n| n.name == index.name.name);
    let owner = catalog
        .tables_having(&index.name.name)
        .find(|((schema, _), table)| {
            let there =
                index.schema.is_none() || *schema == index.schema.as_ref().map(|s| s.name.clone());
            there
                && (table.indexes.iter().any(|i| has(&i.name))
                    || table.constraints.iter().any(|c| has(&c.name)))
        })
        .map(|(_, table)| table.name.clone())?;
    let mut changed = catalog.table_mut(&owner)?;
    let table = &mut *changed;
    // The index of a key or unique constraint has its name.
    let indexes = table.indexes.iter_mut().map(|index| &mut index.name);
    let constraints = table.constraints.iter_mut().map(|c| &mut c.name);
    for name in indexes.chain(constraints) {
        if has(name) {
            *name = ConstraintName::Final(Ident::new(&new));
        }
    }
    Some(())
}

fn create_type(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    let name = words.name()?;
    if !(words.eat("AS") && words.eat("ENUM") && words.eat("(")) {
        return None;
    }
    let mut labels = Vec::new();
    while !words.eat(")") {
        labels.push(words.label()?);
        words.eat(",");
    }
    catalog.create_enum(&Arc::new(EnumType {
        name: Some(name.name.name.clone()),
        schema: name.schema.map(|schema| schema.name.clone()),
        labels,
        unwritable: None,
        native: true,
        create_constraint: false,
        create_type: true,
        length: None,
        inherit_schema: false,
    }));
    Some(())
}

fn alter_type(words: &mut Words<'_>, catalog: &mut Catalog) -> Option<()> {
    let name = words.name()?;
    let schema = name.schema.as_ref().map(|schema| schema.name.clone());
    let mut renamed = Words(words.0);
    if renamed.eat("RENAME") && renamed.eat("TO") {
        // What the type is called was noted with the statement; here it only has to be one.
        let new = renamed.ident()?;
        renamed.end()?;
        return catalog.enumeration(schema.as_ref(), &new).map(|_| ());
    }
    let known = catalog.enumeration(schema.as_ref(), &name.name.name)?;
    let mut changed = (**known).clone();
    if words.eat("ADD") && words.eat("VALUE") {
        let forgiving = words.if_exists();
        let label = words.label()?;
        let place = if words.eat("BEFORE") {
            let other = words.label()?;
            changed.labels.iter().position(|l| *l == other)?
        } else if words.eat("AFTER") {
            let other = words.label()?;
            changed.labels.iter().position(|l| *l == other)? + 1
        } else {
            changed.labels.len()
        };
        // What was made by text alone has no labels that are known: then these are not either.
        let unknown = changed.labels.is_empty();
        if !(unknown || forgiving && changed.labels.contains(&label)) {
            changed.labels.insert(place, label);
        }
    } else if words.eat("RENAME") && words.eat("VALUE") {
        let old = words.label()?;
        let new = words.eat("TO").then(|| words.label()).flatten()?;
        let at = changed.labels.iter().position(|l| *l == old)?;
        changed.labels[at] = new;
    } else {
        return None;
    }
    catalog.create_enum(&Arc::new(changed));
    Some(())
}

#[derive(Clone, Debug, PartialEq)]
enum Word {
    /// A word or a name, as servers keep it, and whether it was in quotes.
    Name(Arc<str>, bool),
    /// A text in single quotes.
    Label(Arc<str>),
    /// A character of punctuation.
    Sign(char),
}

/// The words of a statement; nothing where something else is in it.
fn words(statement: &str) -> Option<Vec<Word>> {
    let mut found = Vec::new();
    let mut rest = statement.trim_start();
    while let Some(first) = rest.chars().next() {
        let (word, length) = match first {
            '\'' | '"' => {
                let (text, length) = quoted(rest, first)?;
                let word = if first == '"' {
                    Word::Name(text.into(), true)
                } else {
                    Word::Label(text.into())
                };
                (word, length)
            }
            c if c.is_alphanumeric() || c == '_' => {
                let end = rest
                    .find(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$'))
                    .unwrap_or(rest.len());
                (Word::Name(rest[..end].to_lowercase().into(), false), end)
            }
            c if "().,;".contains(c) => (Word::Sign(c), 1),
            _ => return None,
        };
        found.push(word);
        rest = rest.get(length..)?.trim_start();
    }
    Some(found)
}

/// What is in the quotes at the beginning, and how long it is with them.
fn quoted(text: &str, quote: char) -> Option<(String, usize)> {
    let mut out = String::new();
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((at, c)) = characters.next() {
        if c != quote {
            out.push(c);
        } else if characters.peek().is_some_and(|(_, next)| *next == quote) {
            characters.next();
            out.push(quote);
        } else {
            return Some((out, at + 1));
        }
    }
    None
}

struct Words<'a>(&'a [Word]);

impl Words<'_> {
    fn eat(&mut self, wanted: &str) -> bool {
        let found = match self.0.first() {
            Some(Word::Name(name, false)) => name.eq_ignore_ascii_case(wanted),
            Some(Word::Sign(sign)) => wanted.chars().eq([*sign]),
            _ => false,
        };
        if found {
            self.0 = &self.0[1..];
        }
        found
    }

    /// `IF EXISTS` or `IF NOT EXISTS`.
    fn if_exists(&mut self) -> bool {
        self.eat("IF") && {
            self.eat("NOT");
            self.eat("EXISTS")
        }
    }

    /// The end of the statement.
    fn end(&mut self) -> Option<()> {
        self.eat(";");
        self.0.is_empty().then_some(())
    }

    fn ident(&mut self) -> Option<Arc<str>> {
        match self.0.split_first() {
            Some((Word::Name(name, _), rest)) => {
                self.0 = rest;
                Some(Arc::clone(name))
            }
            _ => None,
        }
    }

    fn label(&mut self) -> Option<Arc<str>> {
        match self.0.split_first() {
            Some((Word::Label(label), rest)) => {
                self.0 = rest;
                Some(Arc::clone(label))
            }
            _ => None,
        }
    }

    fn name(&mut self) -> Option<TableName> {
        let first = self.ident()?;
        if !self.eat(".") {
            return Some(TableName {
                schema: None,
                name: Ident::new(first),
            });
        }
        Some(TableName {
            schema: Some(Ident::new(first)),
            name: Ident::new(self.ident()?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::follow;
    use crate::catalog::Catalog;

    #[test]
    fn labels_are_added_where_they_belong() {
        let mut catalog = Catalog::default();
        for statement in [
            "CREATE TYPE mood AS ENUM ('sad', 'it''s')",
            "ALTER TYPE mood ADD VALUE IF NOT EXISTS 'sad'",
            "ALTER TYPE mood ADD VALUE 'ok' AFTER 'sad'",
            "alter type mood rename value 'it''s' to 'glad'",
        ] {
            assert!(follow(statement, &mut catalog), "{statement}");
        }
        let mood = catalog.enumeration(None, &"mood".into()).unwrap();
        let labels: Vec<&str> = mood.labels.iter().map(|l| &**l).collect();
        assert_eq!(labels, ["sad", "ok", "glad"]);
        assert!(follow(
            "CREATE SCHEMA IF NOT EXISTS one AUTHORIZATION joe;",
            &mut catalog
        ));
        assert!(follow("create schema \"Two\"", &mut catalog));
        assert!(!follow(
            "CREATE SCHEMA x CREATE TABLE t (id int)",
            &mut catalog
        ));
        let schemas =
            |catalog: &Catalog| catalog.schemas().map(|s| s.to_string()).collect::<Vec<_>>();
        assert_eq!(schemas(&catalog), ["one", "Two"]);
        assert!(follow(
            "DROP SCHEMA IF EXISTS \"Two\" CASCADE",
            &mut catalog
        ));
        assert_eq!(schemas(&catalog), ["one"]);
        assert!(!follow("ALTER TYPE nobody ADD VALUE 'x'", &mut catalog));
        assert!(!follow("ALTER TABLE t ADD COLUMN x int", &mut catalog));
    }
}
