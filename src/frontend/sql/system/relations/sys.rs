//! SQL Server's schema `sys` (its manual, "System catalog views").

use super::super::World;
use super::super::datum::Datum;
use super::super::select::Relation;
use super::{indexes, object, text};

/// The view of that name.
pub(super) fn relation(world: &World<'_>, name: &str) -> Option<Relation> {
    let mut found = match name {
        "tables" => Relation::new(&["name", "object_id"]),
        "columns" | "indexes" => Relation::new(&["object_id", "name"]),
        _ => return None,
    };
    for place in world.places() {
        let class = Datum::Object(object("class", &place.key));
        match name {
            "tables" => found.add(vec![text(&place.key.1), class]),
            _ if place.tainted => found.maybe(vec![class]),
            "columns" => {
                for column in &place.table.columns {
                    found.add(vec![class.clone(), text(&column.name.name)]);
                }
            }
            _ => {
                for index in indexes(world, &place) {
                    found.add(vec![class.clone(), index.name]);
                }
            }
        }
    }
    if name != "tables" {
        found.maybe(vec![Datum::Unknown, Datum::Begins("sys")]);
    }
    Some(found)
}
