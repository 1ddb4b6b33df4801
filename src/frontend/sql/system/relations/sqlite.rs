//! SQLite's schema table and PRAGMAs (its manual, "The Schema Table", "PRAGMA Statements").

use super::super::World;
use super::super::datum::Datum;
use super::super::select::Relation;
use super::{default_of, indexes, text};
use crate::catalog::AttachedKind;
use crate::dialect::SystemCatalog;

/// `sqlite_schema`, also called `sqlite_master`.
pub(super) fn schema(world: &World<'_>) -> Relation {
    let mut found = Relation::new(&["type", "name", "tbl_name"]);
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
    for key in world.catalog.views() {
        found.add(vec![Datum::text("view"), text(&key.1), text(&key.1)]);
    }
    let own = Datum::Begins("sqlite_");
    found.maybe(vec![Datum::Unknown, own.clone(), own]);
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
    let places = world.places();
    let place = places
        .iter()
        .find(|place| place.key.1.eq_ignore_ascii_case(argument))?;
    if place.tainted {
        return None;
    }
    Some(match name.to_ascii_lowercase().as_str() {
        "table_info" => {
            let mut found = Relation::new(&["cid", "name", "type", "notnull", "dflt_value", "pk"]);
            for (at, column) in (0..).zip(&place.table.columns) {
                found.add(vec![
                    Datum::Int(at),
                    text(&column.name.name),
                    Datum::Unknown,
                    Datum::Int(i64::from(column.is_not_null())),
                    default_of(world, column),
                    Datum::Unknown,
                ]);
            }
            found
        }
        "index_list" => {
            let mut found = Relation::new(&["seq", "name", "unique", "origin", "partial"]);
            for index in indexes(world, place) {
                let unique = Datum::Int(i64::from(index.unique));
                found.add(vec![Datum::Unknown, index.name, unique]);
            }
            found
        }
        _ => return None,
    })
}
