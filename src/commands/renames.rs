//! Tables and columns that have new names: taken when asked for, proposed when likely.

use crate::catalog::{Catalog, Column, ConstraintKind, IndexElement, Table, TableName, key};
use crate::compare::proposal::{Change, Step};
use crate::diagnostic::{Code, Diagnostic, Result};
use crate::dialect::Dialect;
use crate::expression::Ident;
use crate::operation::{self, AlterColumn, Operation};

/// From this share on a new name is likely, in percent.
const LIKELY: usize = 50;

/// `--rename old:new`.
#[derive(Clone, Debug)]
pub struct Rename {
    /// The table, or `table.column`, or with a schema before either.
    pub old: String,
    /// The new name alone, or as the old one is written.
    pub new: String,
}

impl Rename {
    /// Reads `old:new`.
    ///
    /// # Errors
    /// When there is no colon, or nothing on a side of it.
    pub fn parse(text: &str) -> std::result::Result<Self, String> {
        match text.split_once(':') {
            Some((old, new)) if !old.is_empty() && !new.is_empty() => Ok(Self {
                old: old.to_owned(),
                new: new.to_owned(),
            }),
            _ => Err(
                "a new name is given as OLD:NEW, as in users:accounts or users.name:users.title"
                    .to_owned(),
            ),
        }
    }
}

/// Gives things their new names in the schema, and returns the steps that do so in a database.
///
/// # Errors
/// When there is no such table or column, or the new name is taken.
pub(super) fn apply(
    renames: &[Rename],
    catalog: &mut Catalog,
    dialect: &Dialect,
) -> Result<Vec<Step>> {
    let mut steps = Vec::new();
    for rename in renames {
        let last = rename.new.rsplit('.').next().unwrap_or(&rename.new);
        let new = Ident::new(last);
        if let Some(table) = find(catalog, &rename.old) {
            let name = table.name.clone();
            let renamed = TableName {
                schema: name.schema.clone(),
                name: new.clone(),
            };
            if catalog.table(&renamed).is_some() {
                return Err(taken(rename));
            }
            catalog.rename_table(&name, &new);
            let to = |table: &TableName, new_name: &Ident| Operation::RenameTable {
                table: table.clone(),
                new_name: new_name.clone(),
            };
            steps.push(Step::Whole(Change {
                up: Some(to(&name, &new)),
                down: Some(to(&renamed, &name.name)),
            }));
            continue;
        }
        let found = rename.old.rsplit_once('.').and_then(|(table, column)| {
            let table = find(catalog, table)?;
            let column = column_of(table, column)?.clone();
            Some((table.clone(), column))
        });
        let Some((table, column)) = found else {
            return Err(missing(rename));
        };
        if column_of(&table, last).is_some() {
            return Err(taken(rename));
        }
        catalog.rename_column(&table.name, &column.name, &new);
        let to = |from: &Ident, to: &Ident| renamed(&table.name, &column, dialect, (from, to));
        steps.push(Step::Table {
            table: table.name.clone(),
            changes: vec![Change {
                up: Some(to(&column.name, &new)),
                down: Some(to(&new, &column.name)),
            }],
        });
    }
    Ok(steps)
}

fn renamed(
    table: &TableName,
    column: &Column,
    dialect: &Dialect,
    (from, to): (&Ident, &Ident),
) -> Operation {
    Operation::AlterColumn(Box::new(AlterColumn {
        table: table.clone(),
        column: from.clone(),
        nullable: None,
        comment: operation::Change::Keep,
        default: operation::Change::Keep,
        new_name: Some(to.clone()),
        data_type: None,
        existing_type: Some(dialect.reflected_type(&column.data_type)),
        existing_default: operation::Change::Keep,
        existing_nullable: Some(!column.is_not_null()),
        existing_comment: None,
        autoincrement: None,
        existing_autoincrement: None,
        position: None,
        type_is_class: false,
        options: Vec::new(),
    }))
}

fn find<'a>(catalog: &'a Catalog, text: &str) -> Option<&'a Table> {
    let (schema, name) = match text.rsplit_once('.') {
        Some((schema, name)) => (Some(Ident::new(schema)), name),
        None => (None, text),
    };
    let name = TableName {
        schema,
        name: Ident::new(name),
    };
    catalog.table(&name).map(|table| &**table)
}

fn column_of<'a>(table: &'a Table, name: &str) -> Option<&'a Column> {
    let mut columns = table.columns.iter();
    columns.find(|column| &*column.name.name == name)
}

fn missing(rename: &Rename) -> Box<Diagnostic> {
    let message = format!("there is no table or column `{}` to rename", rename.old);
    Box::new(
        Diagnostic::error(Code::Usage, message)
            .with_help("name it as the revisions have it, TABLE or TABLE.COLUMN"),
    )
}

fn taken(rename: &Rename) -> Box<Diagnostic> {
    let message = format!("`{}` is there already", rename.new);
    Box::new(
        Diagnostic::error(Code::Usage, message)
            .with_help("rename that one first, or leave this one out"),
    )
}

/// A note for each thing that goes while something much like it comes. Each thing that comes is
/// the new name of one thing at most, the likeliest.
pub(super) fn likely(before: &Catalog, wanted: &Catalog, dialect: &Dialect) -> Vec<Diagnostic> {
    let note = |(old, new, share): (String, String, usize)| {
        let message = format!("`{old}` may have become `{new}` (likelihood {share} %)");
        Diagnostic::note(Code::LikelyRename, message).with_help(format!(
            "to rename it, and keep its rows: `--rename {old}:{new}`"
        ))
    };
    let gone: Vec<&Table> = before
        .tables()
        .filter(|(name, _)| wanted.table_by_key(name).is_none())
        .map(|(_, table)| &**table)
        .collect();
    let come: Vec<&Table> = wanted
        .tables()
        .filter(|(name, _)| before.table_by_key(name).is_none())
        .map(|(_, table)| &**table)
        .collect();
    let mut found: Vec<_> = pairs(&gone, &come, |old, new| {
        if key(&old.name).0 == key(&new.name).0 {
            tables_alike(old, new, dialect)
        } else {
            0
        }
    })
    .into_iter()
    .map(|(old, new, share)| note((full(&old.name), full(&new.name), share)))
    .collect();
    for (name, new) in wanted.tables() {
        let Some(old) = before.table_by_key(name) else {
            continue;
        };
        let without = |table: &'_ Table, other: &Table| -> Vec<(usize, Column)> {
            let columns = table.columns.iter().enumerate();
            columns
                .filter(|(_, column)| column_of(other, &column.name.name).is_none())
                .map(|(at, column)| (at, column.clone()))
                .collect()
        };
        let (gone, come) = (without(old, new), without(new, old));
        let gone: Vec<&(usize, Column)> = gone.iter().collect();
        let come: Vec<&(usize, Column)> = come.iter().collect();
        let alike =
            |a: &(usize, Column), b: &(usize, Column)| columns_alike((old, a), (new, b), dialect);
        for ((_, column), (_, other), share) in pairs(&gone, &come, alike) {
            let table = full(&old.name);
            let (column, other) = (&column.name.name, &other.name.name);
            found.push(note((
                format!("{table}.{column}"),
                format!("{table}.{other}"),
                share,
            )));
        }
    }
    found
}

/// The likeliest pairs of things that go and things that come, each thing in one pair at most, in
/// the order of those that go.
fn pairs<'a, T>(
    gone: &[&'a T],
    come: &[&'a T],
    alike: impl Fn(&T, &T) -> usize,
) -> Vec<(&'a T, &'a T, usize)> {
    let mut all = Vec::new();
    for (old, one) in gone.iter().enumerate() {
        for (new, other) in come.iter().enumerate() {
            let share = alike(one, other);
            if share >= LIKELY {
                all.push((share, old, new));
            }
        }
    }
    all.sort_by_key(|(share, old, new)| (std::cmp::Reverse(*share), *old, *new));
    let mut taken: Vec<(usize, usize, usize)> = Vec::new();
    for (share, old, new) in all {
        if !taken.iter().any(|(a, b, _)| *a == old || *b == new) {
            taken.push((old, new, share));
        }
    }
    taken.sort_unstable();
    taken
        .into_iter()
        .filter_map(|(old, new, share)| Some((*gone.get(old)?, *come.get(new)?, share)))
        .collect()
}

/// How likely it is that a table is another one under a new name, in percent: how many of its columns
/// the other one has, three quarters; its name, an eighth; its key and other constraints, an eighth.
fn tables_alike(old: &Table, new: &Table, dialect: &Dialect) -> usize {
    let same = old.columns.iter().filter(|column| {
        column_of(new, &column.name.name).is_some_and(|other| {
            spelling(other, dialect) == spelling(column, dialect)
                && other.is_not_null() == column.is_not_null()
        })
    });
    let most = old.columns.len().max(new.columns.len()).max(1);
    let columns = same.count() * 100 / most;
    // Tables have an `id` in common by habit, not by origin.
    if columns < 100 && most <= 2 {
        return 0;
    }
    let names = likeness(&old.name.name.name, &new.name.name.name);
    let shapes = |table: &Table| -> Vec<Membership> {
        let constraints = table.constraints.iter().filter_map(|c| membership(&c.kind));
        constraints.collect()
    };
    let (a, b) = (shapes(old), shapes(new));
    let shared = a.iter().filter(|shape| b.contains(shape)).count();
    let constraints = (shared * 100)
        .checked_div(a.len().max(b.len()))
        .unwrap_or(100);
    (columns * 6 + names + constraints) / 8
}

/// How likely it is that a column is another one under a new name, in percent: the same type counts
/// three tenths, the letters of the name four; its place among the columns 15, the keys and indexes
/// that it is part of 10, whether it may be null 5. Another type rules it out.
fn columns_alike(
    (old, (old_at, column)): (&Table, &(usize, Column)),
    (new, (new_at, other)): (&Table, &(usize, Column)),
    dialect: &Dialect,
) -> usize {
    if spelling(column, dialect) != spelling(other, dialect) {
        return 0;
    }
    let names = likeness(&column.name.name, &other.name.name);
    let nullable = usize::from(column.is_not_null() == other.is_not_null());
    let place = usize::from(old_at == new_at);
    let part = usize::from(memberships(old, column) == memberships(new, other));
    30 + names * 2 / 5 + nullable * 5 + place * 15 + part * 10
}

fn spelling(column: &Column, dialect: &Dialect) -> String {
    let data_type = dialect.type_sql(&column.data_type).unwrap_or_default();
    data_type.to_lowercase()
}

/// What a constraint does, and for how many columns.
type Membership = (&'static str, usize);

fn membership(kind: &ConstraintKind) -> Option<Membership> {
    match kind {
        ConstraintKind::PrimaryKey { columns } => Some(("key", columns.len())),
        ConstraintKind::Unique { columns } => Some(("unique", columns.len())),
        ConstraintKind::ForeignKey(key) => Some(("reference", key.columns.len())),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => None,
    }
}

/// The keys and indexes that a column is part of, by what they are.
fn memberships(table: &Table, column: &Column) -> Vec<Membership> {
    let named = |name: &Ident| name.name == column.name.name;
    let constraints = table.constraints.iter().filter(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
            columns.iter().any(named)
        }
        ConstraintKind::ForeignKey(key) => key.columns.iter().any(named),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => false,
    });
    let indexes = table.indexes.iter().filter(|index| {
        index.elements.iter().any(|element| match element {
            IndexElement::Column(name) => named(name),
            IndexElement::Expr(_) => false,
        })
    });
    let mut found: Vec<Membership> = constraints
        .filter_map(|c| membership(&c.kind))
        .chain(indexes.map(|index| ("index", index.elements.len())))
        .collect();
    found.sort_unstable();
    found
}

fn full(name: &TableName) -> String {
    match &name.schema {
        Some(schema) => format!("{}.{}", schema.name, name.name.name),
        None => name.name.name.to_string(),
    }
}

/// How many pairs of neighbouring letters two names share, in percent.
fn likeness(a: &str, b: &str) -> usize {
    let pairs = |text: &str| -> Vec<(char, char)> {
        let letters: Vec<char> = text.to_lowercase().chars().collect();
        letters
            .windows(2)
            .filter_map(|w| Some((*w.first()?, *w.get(1)?)))
            .collect()
    };
    let (a, mut b) = (pairs(a), pairs(b));
    let all = a.len() + b.len();
    let mut shared = 0;
    for pair in &a {
        if let Some(at) = b.iter().position(|other| other == pair) {
            b.swap_remove(at);
            shared += 2;
        }
    }
    (shared * 100usize).checked_div(all).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::{Rename, likely, likeness};
    use crate::catalog::{Catalog, ServerNaming};
    use crate::dialect::Dialect;
    use crate::frontend::sql::{Reader, follow};
    use crate::operation::Located;

    fn schema(text: &str) -> Catalog {
        let dialect = Dialect::load("postgresql", None, false).unwrap();
        let reader = Reader::new(
            Some(&dialect),
            &crate::frontend::alembic::types::configured::Configured::default(),
        );
        let mut catalog = Catalog::new(ServerNaming::TableColumnLabel);
        for (operation, _) in reader.read(text) {
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

    fn notes(before: &str, after: &str) -> Vec<String> {
        let dialect = Dialect::load("postgresql", None, false).unwrap();
        let found = likely(&schema(before), &schema(after), &dialect);
        found.into_iter().map(|note| note.message).collect()
    }

    #[test]
    fn likely_names_are_told_from_new_things() {
        let users = "CREATE TABLE users (id INTEGER PRIMARY KEY, name VARCHAR(20) NOT NULL, mail TEXT UNIQUE);";
        // The columns stay.
        let table = notes(users, &users.replace("users", "accounts"));
        assert_eq!(table.len(), 1);
        assert!(table[0].starts_with("`users` may have become `accounts`"));
        // A table that only has a key in common is another one.
        assert!(notes(users, "CREATE TABLE log (id INTEGER PRIMARY KEY, at DATE);").is_empty());
        // In place, with another name altogether; and elsewhere, with a name that is alike.
        let column = notes(users, &users.replace("name", "title"));
        assert!(column[0].starts_with("`users.name` may have become `users.title`"));
        let elsewhere = "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, full_name VARCHAR(20) NOT NULL);";
        assert_eq!(notes(users, elsewhere).len(), 1);
        // Another type, and another place with another name.
        let number =
            "CREATE TABLE users (id INTEGER PRIMARY KEY, title INTEGER, mail TEXT UNIQUE);";
        assert!(notes(users, number).is_empty());
        let last =
            "CREATE TABLE users (id INTEGER PRIMARY KEY, mail TEXT UNIQUE, zip VARCHAR(20));";
        assert!(notes(users, last).is_empty());
        // What comes is the new name of one thing only, the likelier one.
        let two = "CREATE TABLE t (id INTEGER PRIMARY KEY, first_name TEXT, last_name TEXT);";
        let one = "CREATE TABLE t (id INTEGER PRIMARY KEY, forename TEXT, last_names TEXT);";
        let found = notes(two, one);
        assert_eq!(found.len(), 2);
        assert!(found[0].contains("`t.first_name` may have become `t.forename`"));
        assert!(found[1].contains("`t.last_name` may have become `t.last_names`"));
    }

    #[test]
    fn names_are_alike() {
        assert_eq!(likeness("name", "name"), 100);
        assert_eq!(likeness("name", "xyz"), 0);
        assert!(likeness("full_name", "name") > 50);
        assert_eq!(likeness("a", "b"), 0);
    }

    #[test]
    fn a_colon_is_between_the_names() {
        assert!(Rename::parse("a:b").is_ok());
        assert!(Rename::parse("a").is_err());
        assert!(Rename::parse("a:").is_err());
    }
}
