//! The relations of the system catalogs, made of the replayed schema.
//!
//! Columns of a relation that are not listed are there, but not known.

mod information_schema;
mod pg_catalog;
mod sqlite;
mod sys;

use std::sync::Arc;

pub(super) use sqlite::pragma;

use super::World;
use super::datum::Datum;
use super::select::Relation;
use crate::catalog::{AttachedKind, Column, Constraint, ConstraintKind, IndexElement, Key, Table};
use crate::dialect::SystemCatalog;
use crate::expression::Ident;

/// A table and where it is.
struct Place<'a> {
    key: Key,
    table: &'a Table,
    /// Whether a statement that cannot be read may have changed it.
    tainted: bool,
}

impl World<'_> {
    fn places(&self) -> Vec<Place<'_>> {
        let tables = self.catalog.tables().map(|(key, table)| Place {
            key: key.clone(),
            table,
            tainted: self.catalog.taint_of(&table.name).is_some(),
        });
        let version = self.version_table.iter().map(|table| Place {
            key: crate::catalog::key(&table.name),
            table,
            tainted: false,
        });
        tables.chain(version).collect()
    }

    pub(super) fn schema(&self, schema: Option<&Arc<str>>) -> Datum {
        match schema.or(self.default_schema.as_ref()) {
            Some(name) => Datum::Text(Arc::clone(name)),
            None => Datum::Here,
        }
    }

    /// The object that a name stands for, as `to_regclass` finds it.
    pub(super) fn class(&self, name: &str) -> Datum {
        let plain = name.replace('"', "");
        let (schema, table) = match plain.rsplit_once('.') {
            Some((schema, table)) => (Some(Arc::from(schema)), table),
            None => (None, plain.as_str()),
        };
        let schema = schema.filter(|schema| Some(schema) != self.default_schema.as_ref());
        let is = |key: &Key| key.0 == schema && *key.1 == *table;
        // The schema that is searched is not written.
        let written: Arc<str> = match &schema {
            Some(schema) => Arc::from(format!("{schema}.{table}")),
            None => Arc::from(table),
        };
        let found = self.places().into_iter().find(|place| is(&place.key));
        if let Some(place) = found {
            return Datum::Class(object("class", &place.key), written);
        }
        if let Some(key) = self.catalog.views().find(|key| is(key)) {
            return Datum::Class(object("class", key), written);
        }
        for place in self.places() {
            for index in indexes(self, &place) {
                if let Datum::Text(own) = &index.name
                    && **own == *table
                {
                    let key = (place.key.0.clone(), Arc::clone(own));
                    return Datum::Class(object("class", &key), written);
                }
            }
        }
        match self.catalog.sequences().any(|(key, _)| is(key)) {
            true => Datum::Unknown,
            // A sequence that the server made for a column has a name that is not kept.
            false if table.ends_with("_seq") => Datum::Unknown,
            false => Datum::Null,
        }
    }

    fn keeps(&self, kind: SystemCatalog) -> bool {
        self.own.kept.contains(&kind)
    }
}

/// One of these names.
fn one_of(names: &[String]) -> Datum {
    Datum::OneOf(names.into())
}

fn object(kind: &str, key: &Key) -> Arc<str> {
    let schema = key.0.as_deref().unwrap_or_default();
    Arc::from(format!("{kind}\0{schema}\0{}", key.1))
}

fn text(name: &Arc<str>) -> Datum {
    Datum::Text(Arc::clone(name))
}

/// An index, also one that belongs to a constraint.
struct Indexed {
    name: Datum,
    unique: bool,
    primary: bool,
    /// `None` for expressions, or when they are not known.
    columns: Option<Vec<Option<Arc<str>>>>,
}

fn indexes(world: &World<'_>, place: &Place<'_>) -> Vec<Indexed> {
    let mut found = Vec::new();
    for constraint in &place.table.constraints {
        let (columns, primary) = match &constraint.kind {
            ConstraintKind::PrimaryKey { columns } => (columns, true),
            ConstraintKind::Unique { columns } => (columns, false),
            ConstraintKind::Check { .. }
            | ConstraintKind::ForeignKey(_)
            | ConstraintKind::Exclude(_) => continue,
        };
        let name = match world.keeps(SystemCatalog::SqliteSchema) {
            true => Datum::Begins("sqlite_autoindex_"),
            false => name_of(constraint),
        };
        found.push(Indexed {
            name,
            unique: true,
            primary,
            columns: Some(columns.iter().map(|c| Some(c.name.clone())).collect()),
        });
    }
    for index in &place.table.indexes {
        let column = |element: &IndexElement| match element {
            IndexElement::Column(name) => Some(name.name.clone()),
            IndexElement::Expr(_) => None,
        };
        found.push(Indexed {
            name: index.name.ident().map_or(Datum::Unknown, |n| text(&n.name)),
            unique: index.unique,
            primary: false,
            columns: Some(index.elements.iter().map(column).collect()),
        });
    }
    for attached in &place.table.attached {
        if attached.kind == AttachedKind::Index {
            found.push(Indexed {
                name: text(&attached.name),
                unique: attached.sql.to_ascii_lowercase().contains("unique"),
                primary: false,
                columns: None,
            });
        }
    }
    if world.keeps(SystemCatalog::InnodbIndexes) {
        for constraint in &place.table.constraints {
            if let ConstraintKind::ForeignKey(foreign_key) = &constraint.kind
                && !found
                    .iter()
                    .any(|index| begins(index, &foreign_key.columns))
            {
                found.push(Indexed {
                    name: name_of(constraint),
                    unique: false,
                    primary: false,
                    columns: Some(names(&foreign_key.columns)),
                });
            }
        }
    }
    found
}

/// Whether an index begins with the columns, so that a foreign key needs none of its own.
fn begins(index: &Indexed, columns: &[Ident]) -> bool {
    let Some(own) = &index.columns else {
        return false;
    };
    own.len() >= columns.len()
        && own
            .iter()
            .zip(columns)
            .all(|(own, column)| own.as_ref() == Some(&column.name))
}

fn names(columns: &[Ident]) -> Vec<Option<Arc<str>>> {
    columns.iter().map(|c| Some(c.name.clone())).collect()
}

fn name_of(constraint: &Constraint) -> Datum {
    let name = constraint.name.ident();
    name.map_or(Datum::Unknown, |name| text(&name.name))
}

fn columns_of(constraint: &Constraint) -> Option<Vec<Option<Arc<str>>>> {
    Some(match &constraint.kind {
        ConstraintKind::PrimaryKey { columns } | ConstraintKind::Unique { columns } => {
            names(columns)
        }
        ConstraintKind::ForeignKey(foreign_key) => names(&foreign_key.columns),
        ConstraintKind::Check { .. } | ConstraintKind::Exclude(_) => return None,
    })
}

/// What `column_default` says of a column.
fn default_of(world: &World<'_>, column: &Column) -> Datum {
    // A key may count by itself; MariaDB writes NULL as a text.
    let plain = !column.primary_key && !world.keeps(SystemCatalog::InnodbIndexes);
    match &column.default {
        None if plain => Datum::Null,
        _ => Datum::Unknown,
    }
}

/// The relation of that name.
pub(super) fn relation(world: &World<'_>, schema: Option<&str>, name: &str) -> Option<Relation> {
    let schema = schema.map(str::to_ascii_lowercase);
    let name = name.to_ascii_lowercase();
    match schema.as_deref() {
        Some("information_schema") if world.keeps(SystemCatalog::InformationSchema) => {
            information_schema::relation(world, &name)
        }
        None | Some("pg_catalog") if world.keeps(SystemCatalog::PgCatalog) => {
            pg_catalog::relation(world, &name)
        }
        None | Some("main")
            if world.keeps(SystemCatalog::SqliteSchema)
                && matches!(&*name, "sqlite_master" | "sqlite_schema") =>
        {
            Some(sqlite::schema(world))
        }
        Some("sys") if world.keeps(SystemCatalog::SysViews) => sys::relation(world, &name),
        _ => None,
    }
}
