//! PostgreSQL's schema `pg_catalog` (its manual, "System Catalogs" and "System Views").

use std::sync::Arc;

use super::super::World;
use super::super::datum::Datum;
use super::super::select::Relation;
use super::{columns_of, indexes, name_of, object, one_of, text};
use crate::catalog::{Column, Constraint, ConstraintKind, Key, TableName, WrittenKind};

/// The letters of `pg_constraint.contype`.
fn type_letter(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::PrimaryKey { .. } => "p",
        ConstraintKind::Unique { .. } => "u",
        ConstraintKind::Check { .. } => "c",
        ConstraintKind::ForeignKey(_) => "f",
        ConstraintKind::Exclude(_) => "x",
    }
}

fn number(table: &Key, column: &str) -> Datum {
    Datum::Object(Arc::from(format!("{}\0{column}", object("att", table))))
}

/// The relation of that name.
pub(super) fn relation(world: &World<'_>, name: &str) -> Option<Relation> {
    Some(match name {
        "pg_tables" | "pg_views" => {
            let views = name == "pg_views";
            let mut found = Relation::new(match views {
                true => &["schemaname", "viewname", "definition"],
                false => &["schemaname", "tablename"],
            });
            match views {
                true => {
                    for key in world.catalog.views() {
                        found.add(vec![world.schema(key.0.as_ref()), text(&key.1)]);
                    }
                }
                false => {
                    for place in world.places() {
                        let key = &place.key;
                        found.add(vec![world.schema(key.0.as_ref()), text(&key.1)]);
                    }
                }
            }
            found.maybe(vec![Datum::text("pg_catalog"), Datum::Begins("pg_")]);
            found.maybe(vec![one_of(&world.own.schemas), one_of(&world.own.tables)]);
            found
        }
        "pg_indexes" => {
            let mut found = Relation::new(&["schemaname", "tablename", "indexname"]);
            for place in world.places() {
                let schema = world.schema(place.key.0.as_ref());
                if place.tainted {
                    found.maybe(vec![schema.clone(), text(&place.key.1)]);
                }
                for index in indexes(world, &place) {
                    found.add(vec![schema.clone(), text(&place.key.1), index.name]);
                }
            }
            let (space, own) = (Datum::text("pg_catalog"), Datum::Begins("pg_"));
            found.maybe(vec![space, own.clone(), own]);
            found
        }
        "pg_namespace" => {
            let mut found = Relation::new(&["oid", "nspname"]);
            let schemas = world.catalog.schemas();
            for schema in std::iter::once(None).chain(schemas.map(Some)) {
                found.add(vec![namespace(world, schema), world.schema(schema)]);
            }
            for own in &world.own.schemas {
                let name = Arc::from(own.as_str());
                found.add(vec![namespace(world, Some(&name)), text(&name)]);
            }
            found.maybe(vec![
                Datum::Object(Arc::from("temporary")),
                Datum::Begins("pg_"),
            ]);
            found
        }
        "pg_class" => classes(world),
        "pg_attribute" => {
            let mut found = Relation::new(&[
                "attrelid",
                "attname",
                "attnum",
                "attnotnull",
                "attisdropped",
            ]);
            for place in world.places() {
                let class = Datum::Object(object("class", &place.key));
                if place.tainted {
                    found.maybe(vec![class]);
                    continue;
                }
                for column in &place.table.columns {
                    found.add(vec![
                        class.clone(),
                        text(&column.name.name),
                        number(&place.key, &column.name.name),
                        Datum::Bool(column.is_not_null()),
                        Datum::Bool(false),
                    ]);
                }
            }
            found
        }
        "pg_constraint" => pg_constraint(world),
        "pg_index" => {
            let mut found = Relation::new(&[
                "indexrelid",
                "indrelid",
                "indisunique",
                "indisprimary",
                "indisvalid",
                "indkey",
            ]);
            for place in world.places() {
                let class = Datum::Object(object("class", &place.key));
                if place.tainted {
                    found.maybe(vec![Datum::Unknown, class]);
                    continue;
                }
                for index in indexes(world, &place) {
                    let own = match &index.name {
                        Datum::Text(name) => {
                            Datum::Object(object("class", &(place.key.0.clone(), name.clone())))
                        }
                        _ => Datum::Unknown,
                    };
                    let (unique, primary) = (Datum::Bool(index.unique), Datum::Bool(index.primary));
                    // An expression has the number 0.
                    let key = index.columns.map(|columns| {
                        let number = |column: &Option<Arc<str>>| {
                            let column = column.as_ref();
                            column.map_or(Datum::Int(0), |column| number(&place.key, column))
                        };
                        Datum::Vector(columns.iter().map(number).collect())
                    });
                    found.add(vec![
                        own,
                        class.clone(),
                        unique,
                        primary,
                        Datum::Bool(true),
                        key.unwrap_or(Datum::Unknown),
                    ]);
                }
            }
            found
        }
        "pg_type" => {
            let mut found = Relation::new(&["oid", "typname", "typnamespace", "typtype"]);
            for (key, _) in world.catalog.enums() {
                found.add(vec![
                    Datum::Object(object("type", key)),
                    text(&key.1),
                    namespace(world, key.0.as_ref()),
                    Datum::text("e"),
                ]);
            }
            for place in world.places() {
                found.add(vec![
                    Datum::Object(object("rowtype", &place.key)),
                    text(&place.key.1),
                    namespace(world, place.key.0.as_ref()),
                    Datum::text("c"),
                ]);
            }
            for domain in written(world, WrittenKind::Domain) {
                found.add(vec![
                    Datum::Unknown,
                    domain,
                    Datum::Unknown,
                    Datum::text("d"),
                ]);
            }
            found.maybe(vec![
                Datum::Unknown,
                one_of(&world.own.types),
                Datum::Unknown,
                Datum::text("b"),
            ]);
            found
        }
        "pg_enum" => {
            let mut found = Relation::new(&["enumtypid", "enumlabel"]);
            for (key, enumeration) in world.catalog.enums() {
                for label in &enumeration.labels {
                    found.add(vec![Datum::Object(object("type", key)), text(label)]);
                }
            }
            found
        }
        "pg_extension" => {
            let mut found = Relation::new(&["extname"]);
            let mut known = Vec::new();
            for extension in written(world, WrittenKind::Extension) {
                if let Datum::Text(name) = &extension {
                    known.push(Arc::clone(name));
                }
                found.add(vec![extension]);
            }
            // Which ones a database has from the beginning, only its server knows.
            found.maybe(vec![Datum::Other(known.into())]);
            found
        }
        _ => return None,
    })
}

fn written(world: &World<'_>, kind: WrittenKind) -> Vec<Datum> {
    let found = world.catalog.written().iter();
    found
        .filter(|written| written.kind == kind)
        .map(|written| {
            let name = written.name.rsplit('.').next().unwrap_or_default();
            Datum::text(name.trim_matches('"'))
        })
        .collect()
}

fn namespace(world: &World<'_>, schema: Option<&Arc<str>>) -> Datum {
    let schema = schema.or(world.default_schema.as_ref());
    let name = schema.map(|schema| &**schema).unwrap_or_default();
    Datum::Object(Arc::from(format!("namespace\0{name}")))
}

fn classes(world: &World<'_>) -> Relation {
    let mut found = Relation::new(&["oid", "relname", "relnamespace", "relkind"]);
    let add = |found: &mut Relation, key: &Key, kind: &str| {
        found.add(vec![
            Datum::Object(object("class", key)),
            text(&key.1),
            namespace(world, key.0.as_ref()),
            Datum::text(kind),
        ]);
    };
    for place in world.places() {
        add(&mut found, &place.key, "r");
        for index in indexes(world, &place) {
            match &index.name {
                Datum::Text(name) => {
                    add(&mut found, &(place.key.0.clone(), name.clone()), "i");
                }
                _ => found.maybe(vec![]),
            }
        }
    }
    for key in world.catalog.views() {
        add(&mut found, key, "v");
    }
    for (key, _) in world.catalog.sequences() {
        add(&mut found, key, "S");
    }
    // What the server makes itself: other objects than those above.
    let other = || Datum::Object(Arc::from("other"));
    let sequence = Datum::Ends("_seq");
    found.maybe(vec![other(), sequence, Datum::Unknown, Datum::text("S")]);
    for (schema, name) in [
        ("pg_catalog", Datum::Begins("pg_")),
        ("pg_toast", Datum::Begins("pg_")),
        ("information_schema", one_of(&world.own.tables)),
    ] {
        let space = namespace(world, Some(&Arc::from(schema)));
        found.maybe(vec![other(), name, space, Datum::Unknown]);
    }
    found
}

fn pg_constraint(world: &World<'_>) -> Relation {
    let mut found = Relation::new(&[
        "conrelid",
        "conname",
        "contype",
        "connamespace",
        "conkey",
        "confrelid",
        "conindid",
    ]);
    for place in world.places() {
        let class = Datum::Object(object("class", &place.key));
        if place.tainted {
            found.maybe(vec![class]);
            continue;
        }
        for constraint in &place.table.constraints {
            let key = columns_of(constraint).map(|columns| {
                let columns = columns.into_iter().flatten();
                Datum::List(columns.map(|column| number(&place.key, &column)).collect())
            });
            let referent = match &constraint.kind {
                ConstraintKind::ForeignKey(foreign_key) => {
                    Datum::Object(object("class", &default_key(world, &foreign_key.referent)))
                }
                _ => Datum::Int(0),
            };
            found.add(vec![
                class.clone(),
                name_of(constraint),
                Datum::text(type_letter(&constraint.kind)),
                namespace(world, place.key.0.as_ref()),
                key.unwrap_or(Datum::Unknown),
                referent,
                index_of(world, &place.key, constraint),
            ]);
        }
        // From version 18 on, each NOT NULL is one as well.
        if place.table.columns.iter().any(Column::is_not_null) {
            let name = Datum::Ends("_not_null");
            let space = namespace(world, place.key.0.as_ref());
            let (letter, none) = (Datum::text("n"), Datum::Int(0));
            let key = Datum::Unknown;
            found.maybe(vec![class, name, letter, space, key, none.clone(), none]);
        }
    }
    found
}

/// The index of a constraint: its own, or for a foreign key that of what it refers to.
fn index_of(world: &World<'_>, table: &Key, constraint: &Constraint) -> Datum {
    match (&constraint.kind, constraint.name.ident()) {
        (ConstraintKind::PrimaryKey { .. } | ConstraintKind::Unique { .. }, Some(name)) => {
            Datum::Object(object("class", &(table.0.clone(), name.name.clone())))
        }
        (ConstraintKind::Check { .. }, _) => Datum::Int(0),
        (ConstraintKind::ForeignKey(foreign_key), _) => {
            let referent = default_key(world, &foreign_key.referent);
            let Some(table) = world.catalog.table_by_key(&referent) else {
                return Datum::Unknown;
            };
            let wanted = &foreign_key.referent_columns;
            let is_it = |constraint: &&Constraint| match &constraint.kind {
                ConstraintKind::PrimaryKey { columns } => wanted.is_empty() || columns == wanted,
                ConstraintKind::Unique { columns } => columns == wanted,
                _ => false,
            };
            match table.constraints.iter().find(is_it) {
                Some(key) => index_of(world, &referent, key),
                None => Datum::Unknown,
            }
        }
        _ => Datum::Unknown,
    }
}

fn default_key(world: &World<'_>, table: &TableName) -> Key {
    let (schema, name) = crate::catalog::key(table);
    (
        schema.filter(|schema| Some(schema) != world.default_schema.as_ref()),
        name,
    )
}
