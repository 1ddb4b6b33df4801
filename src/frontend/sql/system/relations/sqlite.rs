//! SQLite's schema table and PRAGMAs (its manual, "The Schema Table", "PRAGMA Statements").

use std::sync::Arc;

use super::super::World;
use super::super::datum::Datum;
use super::super::select::Relation;
use super::{Place, default_of, indexes, text};
use crate::catalog::{AttachedKind, ConstraintKind, Table};
use crate::dialect::SystemCatalog;

/// `sqlite_schema`, also called `sqlite_master`.
pub(super) fn schema(world: &World<'_>) -> Relation {
    let mut found = Relation::new(&["type", "name", "tbl_name", "sql"]);
    for place in world.places() {
        let table = text(&place.key.1);
        found.add(vec![Datum::text("table"), table.clone(), table.clone()]);
        for index in indexes(world, &place) {
            let row = vec![Datum::text("index"), index.name, table.clone()];
            match index.primary {
                // An INTEGER PRIMARY KEY has none.
                true => found.maybe(row),
                false => found.add(row),
            }
        }
        for attached in &place.table.attached {
            if attached.kind == AttachedKind::Trigger {
                let trigger = Datum::text("trigger");
                found.add(vec![trigger, text(&attached.name), table.clone()]);
            }
        }
    }
    for (key, sql) in world.catalog.view_statements() {
        let (name, sql) = (text(&key.1), Datum::text(sql.trim()));
        found.add(vec![Datum::text("view"), name.clone(), name, sql]);
    }
    let own = Datum::Begins("sqlite_");
    for kind in ["table", "index"] {
        found.maybe(vec![Datum::text(kind), own.clone(), own.clone()]);
    }
    found
}

/// `PRAGMA name(argument)`.
pub(in crate::frontend::sql::system) fn pragma(
    world: &World<'_>,
    name: &str,
    argument: &str,
) -> Option<Relation> {
    if !world.keeps(SystemCatalog::SqliteSchema) {
        return None;
    }
    let mut found = match name.to_ascii_lowercase().as_str() {
        "table_info" => Relation::new(&["cid", "name", "type", "notnull", "dflt_value", "pk"]),
        "index_list" => Relation::new(&["seq", "name", "unique", "origin", "partial"]),
        _ => return None,
    };
    let mut views = world.catalog.views();
    if views.any(|view| view.1.eq_ignore_ascii_case(argument)) {
        return None;
    }
    let places = world.places();
    let is_it = |place: &&Place<'_>| place.key.1.eq_ignore_ascii_case(argument);
    let Some(place) = places.iter().find(is_it) else {
        return Some(found);
    };
    if place.tainted {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "table_info" => {
            let keys = key(place.table);
            for (at, column) in (0..).zip(&place.table.columns) {
                found.add(vec![
                    Datum::Int(at),
                    text(&column.name.name),
                    Datum::Unknown,
                    Datum::Int(i64::from(column.is_not_null())),
                    default_of(world, column),
                    Datum::Int(
                        keys.iter()
                            .position(|key| *key == column.name.name)
                            .map_or(0, |at| at as i64 + 1),
                    ),
                ]);
            }
            found
        }
        "index_list" => {
            let counts = counts(place.table);
            for index in indexes(world, place)
                .iter()
                .filter(|i| !(i.primary && counts))
            {
                let unique = Datum::Int(i64::from(index.unique));
                found.add(vec![Datum::Unknown, index.name.clone(), unique]);
            }
            found
        }
        _ => return None,
    })
}

/// Whether the primary key is the number of the row itself, which has no index.
fn counts(table: &Table) -> bool {
    let keys = key(table);
    let [key] = keys.as_slice() else {
        return false;
    };
    let column = table.columns.iter().find(|column| column.name.name == *key);
    column.is_some_and(|column| matches!(column.data_type.spec.name, "Integer" | "INTEGER"))
}

/// The columns of the primary key, in its order.
fn key(table: &Table) -> Vec<Arc<str>> {
    let columns = table.constraints.iter().find_map(|c| match &c.kind {
        ConstraintKind::PrimaryKey { columns } => Some(columns),
        _ => None,
    });
    let columns = columns.into_iter().flatten();
    columns.map(|column| Arc::clone(&column.name)).collect()
}
