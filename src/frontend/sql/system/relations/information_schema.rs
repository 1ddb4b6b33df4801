//! The standard's schema `information_schema` (ISO/IEC 9075-11), and what MySQL adds to it.

use super::super::World;
use super::super::datum::Datum;
use super::super::select::Relation;
use super::{Place, columns_of, default_of, indexes, name_of, names, one_of, text};
use crate::catalog::{Column, Constraint, ConstraintKind};
use crate::datatype::TypeArg;
use crate::dialect::SystemCatalog;

fn yes_no(value: bool) -> Datum {
    Datum::text(if value { "YES" } else { "NO" })
}

fn type_word(kind: &ConstraintKind) -> &'static str {
    match kind {
        ConstraintKind::PrimaryKey { .. } => "PRIMARY KEY",
        ConstraintKind::Unique { .. } => "UNIQUE",
        ConstraintKind::Check { .. } => "CHECK",
        ConstraintKind::ForeignKey(_) => "FOREIGN KEY",
        ConstraintKind::Exclude(_) => "EXCLUDE",
    }
}

/// The name of the type without its arguments.
fn type_of(world: &World<'_>, column: &Column) -> Datum {
    let Some(spelt) = (world.spell)(&column.data_type) else {
        return Datum::Unknown;
    };
    let plain = match (spelt.find('('), spelt.rfind(')')) {
        (Some(open), Some(close)) if open < close => {
            format!("{}{}", &spelt[..open], &spelt[close + 1..])
        }
        _ => spelt,
    };
    Datum::text(&plain)
}

fn length_of(column: &Column) -> Datum {
    let length = column.data_type.args.iter().find(|(n, _)| *n == "length");
    match length {
        Some((_, TypeArg::Int(length))) => Datum::Int(*length),
        _ => Datum::Unknown,
    }
}

/// The relation of that name.
pub(super) fn relation(world: &World<'_>, name: &str) -> Option<Relation> {
    Some(match name {
        "schemata" => {
            let mut found = Relation::new(&["schema_name"]);
            found.add(vec![world.schema(None)]);
            for schema in world.catalog.schemas() {
                found.add(vec![text(schema)]);
            }
            found.maybe(vec![one_of(&world.own.schemas)]);
            found
        }
        "tables" => {
            let mut found = Relation::new(&["table_schema", "table_name", "table_type"]);
            for place in world.places() {
                let schema = world.schema(place.key.0.as_ref());
                found.add(vec![schema, text(&place.key.1), Datum::text("BASE TABLE")]);
            }
            for key in world.catalog.views() {
                let schema = world.schema(key.0.as_ref());
                found.add(vec![schema, text(&key.1), Datum::text("VIEW")]);
            }
            if world.keeps(SystemCatalog::InnodbIndexes) {
                // Those of all databases are listed.
                found.maybe(vec![one_of(&world.own.schemas), one_of(&world.own.tables)]);
            }
            found
        }
        "views" => {
            let mut found = Relation::new(&["table_schema", "table_name", "view_definition"]);
            for key in world.catalog.views() {
                found.add(vec![world.schema(key.0.as_ref()), text(&key.1)]);
            }
            found
        }
        "sequences" => {
            let mut found = Relation::new(&["sequence_schema", "sequence_name"]);
            for (key, _) in world.catalog.sequences() {
                found.add(vec![world.schema(key.0.as_ref()), text(&key.1)]);
            }
            // Those that the server makes for columns.
            found.maybe(vec![Datum::Unknown, Datum::Ends("_seq")]);
            found
        }
        "columns" => {
            let mut found = Relation::new(&[
                "table_schema",
                "table_name",
                "column_name",
                "is_nullable",
                "column_default",
                "character_maximum_length",
                "data_type",
            ]);
            for place in world.places() {
                let schema = world.schema(place.key.0.as_ref());
                let table = text(&place.key.1);
                if place.tainted {
                    found.maybe(vec![schema, table]);
                    continue;
                }
                for column in &place.table.columns {
                    found.add(vec![
                        schema.clone(),
                        table.clone(),
                        text(&column.name.name),
                        yes_no(!column.is_not_null()),
                        default_of(world, column),
                        length_of(column),
                        type_of(world, column),
                    ]);
                }
            }
            for key in world.catalog.views() {
                found.maybe(vec![world.schema(key.0.as_ref()), text(&key.1)]);
            }
            found
        }
        "table_constraints"
        | "key_column_usage"
        | "constraint_column_usage"
        | "referential_constraints" => constraints(world, name),
        "statistics" => statistics(world),
        _ => return None,
    })
}

fn constraints(world: &World<'_>, name: &str) -> Relation {
    let mut found = Relation::new(match name {
        "table_constraints" => &[
            "table_schema",
            "table_name",
            "constraint_schema",
            "constraint_name",
            "constraint_type",
        ],
        "referential_constraints" => &["constraint_schema", "constraint_name"],
        _ => &[
            "table_schema",
            "table_name",
            "constraint_schema",
            "constraint_name",
            "column_name",
        ],
    });
    for place in world.places() {
        let schema = world.schema(place.key.0.as_ref());
        let table = text(&place.key.1);
        if place.tainted {
            match name {
                "referential_constraints" => found.maybe(vec![schema]),
                _ => found.maybe(vec![schema, table]),
            }
            continue;
        }
        for constraint in &place.table.constraints {
            let own = name_of(constraint);
            let word = type_word(&constraint.kind);
            let is_reference = matches!(constraint.kind, ConstraintKind::ForeignKey(_));
            match name {
                // PostgreSQL's view leaves exclusion constraints away.
                "table_constraints" if word != "EXCLUDE" => found.add(vec![
                    schema.clone(),
                    table.clone(),
                    schema.clone(),
                    own,
                    Datum::text(word),
                ]),
                "referential_constraints" if is_reference => {
                    found.add(vec![schema.clone(), own]);
                }
                "key_column_usage" => {
                    for column in columns_of(constraint).into_iter().flatten().flatten() {
                        let (place, column) = (schema.clone(), text(&column));
                        found.add(vec![
                            place,
                            table.clone(),
                            schema.clone(),
                            own.clone(),
                            column,
                        ]);
                    }
                }
                "constraint_column_usage" => used(world, &mut found, &place, constraint),
                _ => {}
            }
        }
        if name == "table_constraints" && world.keeps(SystemCatalog::InnodbIndexes) {
            for index in place.table.indexes.iter().filter(|index| index.unique) {
                let own = index.name.ident().map_or(Datum::Unknown, |n| text(&n.name));
                let (schema, word) = (schema.clone(), Datum::text("UNIQUE"));
                found.add(vec![schema.clone(), table.clone(), schema, own, word]);
            }
        }
        // PostgreSQL lists each NOT NULL as a check, with a name made of numbers.
        let checks = world.keeps(SystemCatalog::PgCatalog) && name == "table_constraints";
        if checks && place.table.columns.iter().any(Column::is_not_null) {
            let name = Datum::Ends("_not_null");
            found.maybe(vec![
                schema.clone(),
                table,
                schema,
                name,
                Datum::text("CHECK"),
            ]);
        }
    }
    found
}

/// `constraint_column_usage`: for a foreign key the columns that it refers to.
fn used(world: &World<'_>, found: &mut Relation, place: &Place<'_>, constraint: &Constraint) {
    let own = world.schema(place.key.0.as_ref());
    let name = name_of(constraint);
    let (table, columns) = match &constraint.kind {
        ConstraintKind::ForeignKey(foreign_key) => (
            crate::catalog::key(&foreign_key.referent),
            Some(names(&foreign_key.referent_columns)).filter(|columns| !columns.is_empty()),
        ),
        _ => (place.key.clone(), columns_of(constraint)),
    };
    let (schema, table) = (world.schema(table.0.as_ref()), text(&table.1));
    match columns {
        Some(columns) => {
            for column in columns.into_iter().flatten() {
                let (schema, table) = (schema.clone(), table.clone());
                found.add(vec![
                    schema,
                    table,
                    own.clone(),
                    name.clone(),
                    text(&column),
                ]);
            }
        }
        None => found.maybe(vec![schema, table, own, name, Datum::Unknown]),
    }
}

/// MySQL's `statistics`: a row for each column of an index.
fn statistics(world: &World<'_>) -> Relation {
    let mut found = Relation::new(&[
        "table_schema",
        "table_name",
        "index_name",
        "non_unique",
        "column_name",
        "seq_in_index",
    ]);
    for place in world.places() {
        let schema = world.schema(place.key.0.as_ref());
        let table = text(&place.key.1);
        if place.tainted {
            found.maybe(vec![schema, table]);
            continue;
        }
        for index in indexes(world, &place) {
            let unique = Datum::Int(i64::from(!index.unique));
            let head = vec![schema.clone(), table.clone(), index.name, unique];
            match index.columns {
                Some(columns) => {
                    for (at, column) in (1..).zip(columns) {
                        let column = column.map_or(Datum::Null, |column| text(&column));
                        let mut row = head.clone();
                        row.extend([column, Datum::Int(at)]);
                        found.add(row);
                    }
                }
                None => found.maybe(head),
            }
        }
    }
    found
}
