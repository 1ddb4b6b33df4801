//! Tables and columns that have new names: taken when asked for, proposed when likely.

use crate::catalog::{Catalog, Column, Table, TableName, key};
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

/// A note for each thing that goes while something much like it comes.
pub(super) fn likely(before: &Catalog, wanted: &Catalog, dialect: &Dialect) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    let note = |old: String, new: String, share: usize| {
        let message = format!("`{old}` may have become `{new}` (likelihood {share} %)");
        Diagnostic::note(Code::LikelyRename, message).with_help(format!(
            "to rename it, and keep its rows: `--rename {old}:{new}`"
        ))
    };
    let spelling = |column: &Column| {
        let data_type = dialect.type_sql(&column.data_type).unwrap_or_default();
        format!("{} {}", data_type.to_lowercase(), column.is_not_null())
    };
    let gone = before
        .tables()
        .filter(|(name, _)| wanted.table_by_key(name).is_none());
    for (_, old) in gone {
        let come = wanted
            .tables()
            .filter(|(name, _)| before.table_by_key(name).is_none() && name.0 == key(&old.name).0);
        let alike = |new: &Table| {
            let same = old.columns.iter().filter(|column| {
                column_of(new, &column.name.name)
                    .is_some_and(|other| spelling(other) == spelling(column))
            });
            let most = old.columns.len().max(new.columns.len()).max(1);
            same.count() * 100 / most
        };
        let best = come
            .map(|(_, new)| (alike(new), new))
            .max_by_key(|(share, _)| *share);
        if let Some((share, new)) = best
            && share >= LIKELY
        {
            found.push(note(full(&old.name), full(&new.name), share));
        }
    }
    for (name, new) in wanted.tables() {
        let Some(old) = before.table_by_key(name) else {
            continue;
        };
        let gone = old
            .columns
            .iter()
            .filter(|column| column_of(new, &column.name.name).is_none());
        for column in gone {
            let come = new
                .columns
                .iter()
                .filter(|other| column_of(old, &other.name.name).is_none())
                .filter(|other| spelling(other) == spelling(column));
            let alike = |other: &Column| {
                // The same type counts for half, the letters of the names for the rest.
                50 + likeness(&column.name.name, &other.name.name) / 2
            };
            let best = come
                .map(|other| (alike(other), other))
                .max_by_key(|(share, _)| *share);
            if let Some((share, other)) = best
                && share > LIKELY
            {
                let table = full(&old.name);
                found.push(note(
                    format!("{table}.{}", column.name.name),
                    format!("{table}.{}", other.name.name),
                    share,
                ));
            }
        }
    }
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
    use super::{Rename, likeness};

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
